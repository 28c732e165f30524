//! Retried calls, counted on the wire.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use ory_sdk::retry::Retry;
use ory_sdk::types::SubmitSelfServiceLogoutFlowWithoutBrowserBody as Logout;
use ory_sdk::{Client, ClientBuilder, ErrorKind};
use serde_json::json;
use tokio::io::AsyncReadExt;
use tokio::net::TcpListener;

use crate::support::server::{Reply, Server};

fn quick() -> Retry {
    Retry::new().first_wait(Duration::from_millis(1)).limited_wait(Duration::from_millis(1))
}

fn builder(server: &Server) -> ClientBuilder {
    Client::builder().kratos_public_url(server.url()).kratos_admin_url(server.url()).retry(quick())
}

/// Responds with these statuses in turn, then with 200.
async fn failing(statuses: &'static [u16]) -> Server {
    let count = AtomicUsize::new(0);
    Server::start(move |_| match statuses.get(count.fetch_add(1, Ordering::SeqCst)) {
        Some(status) => Reply::json(*status, &json!({"error": {"message": "passing"}})),
        None => Reply::json(200, &json!([])),
    })
    .await
}

#[tokio::test]
async fn what_changes_nothing_is_tried_again() {
    for statuses in [&[429_u16] as &[u16], &[502], &[503, 504]] {
        let server = failing(statuses).await;
        let identities = builder(&server).build().unwrap().admin_list_identities().send().await.unwrap();
        assert!(identities.is_empty());
        assert_eq!(server.seen().len(), statuses.len() + 1);
    }
    let server = failing(&[500]).await;
    let error = builder(&server).build().unwrap().admin_list_identities().send().await.unwrap_err();
    assert_eq!((error.tries(), error.is_server_error(), server.seen().len()), (1, true, 1));
}

#[tokio::test]
async fn what_may_hurt_twice_is_sent_once() {
    for (status, tries) in [(503, 1), (502, 1), (429, 2)] {
        let statuses: &'static [u16] = match status {
            503 => &[503],
            502 => &[502],
            _ => &[429],
        };
        let server = failing(statuses).await;
        let body = Logout::builder().session_token("t").build().unwrap();
        let result =
            builder(&server).build().unwrap().submit_self_service_logout_flow_without_browser().body(body).send().await;
        assert_eq!((server.seen().len(), result.is_ok()), (tries, status == 429), "{status}");
    }
}

#[tokio::test]
async fn it_ends_and_says_how_often_it_tried() {
    let server = failing(&[503, 503, 503, 503, 503]).await;
    let error = builder(&server).build().unwrap().admin_list_identities().send().await.unwrap_err();
    assert_eq!((error.tries(), server.seen().len()), (3, 3));
    assert_eq!(error.to_string(), "adminListIdentities: 503 Service Unavailable: passing (after 3 tries)");
    let server = failing(&[503]).await;
    let off = builder(&server).retry(Retry::off()).build().unwrap();
    assert_eq!(off.admin_list_identities().send().await.unwrap_err().tries(), 1);
}

#[tokio::test]
async fn a_budget_keeps_a_broken_server_from_a_storm() {
    let server = Server::always(Reply::new(503, &[], "")).await;
    let client = builder(&server).retry(quick().budget(4)).build().unwrap();
    for _ in 0..20 {
        assert!(client.admin_list_identities().send().await.is_err());
    }
    assert_eq!(server.seen().len(), 24);
}

#[tokio::test]
async fn the_server_says_how_long_to_wait() {
    for header in ["Retry-After", "x-ratelimit-reset"] {
        let count = AtomicUsize::new(0);
        let server = Server::start(move |_| match count.fetch_add(1, Ordering::SeqCst) {
            0 => Reply::new(429, &[(header, "1")], ""),
            _ => Reply::json(200, &json!([])),
        })
        .await;
        let start = Instant::now();
        builder(&server).build().unwrap().admin_list_identities().send().await.unwrap();
        assert!(start.elapsed() >= Duration::from_secs(1), "{header}");
    }
    // Longer than the longest allowed wait, so the call returns the response at once.
    let server = Server::always(Reply::new(429, &[("Retry-After", "3600")], "")).await;
    let error = builder(&server).build().unwrap().admin_list_identities().send().await.unwrap_err();
    assert_eq!((error.tries(), error.wait()), (1, Some(Duration::from_secs(3600))));
}

/// A server that reads a request and closes without a response, as Hydra does for some page tokens. After `silent_for`
/// connections it responds with `then`.
async fn silent(silent_for: usize, then: &'static [u8]) -> (String, tokio::task::JoinHandle<usize>) {
    use tokio::io::AsyncWriteExt;

    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    let task = tokio::spawn(async move {
        let mut count = 0;
        loop {
            let Ok(Ok((mut stream, _))) = tokio::time::timeout(Duration::from_secs(2), listener.accept()).await else {
                return count;
            };
            count += 1;
            let mut buffer = [0; 4096];
            let _ = stream.read(&mut buffer).await;
            if count > silent_for {
                let _ = stream.write_all(then).await;
            }
        }
    });
    (url, task)
}

#[tokio::test]
async fn a_server_that_says_nothing() {
    let (url, task) = silent(usize::MAX, b"").await;
    let client = Client::builder().kratos_admin_url(&url).retry(quick()).build().unwrap();
    let error = client.admin_list_identities().send().await.unwrap_err();
    assert_eq!((error.kind(), error.tries(), error.outcome_unknown()), (ErrorKind::Transport, 3, false));
    let error = client.admin_create_identity().json_body(json!({})).send().await.unwrap_err();
    assert_eq!((error.tries(), error.outcome_unknown()), (1, true));
    assert_eq!(task.await.unwrap(), 4);
}

#[tokio::test]
async fn a_repeat_that_finds_its_own_work_says_so() {
    let gone = b"HTTP/1.1 404 Not Found\r\nContent-Length: 2\r\nConnection: close\r\n\r\n{}";
    let (url, task) = silent(1, gone).await;
    let client = Client::builder().kratos_admin_url(&url).retry(quick()).build().unwrap();
    let error = client.admin_delete_identity().id("x").send().await.unwrap_err();
    assert_eq!((error.is_not_found(), error.tries(), error.outcome_unknown()), (true, 2, true));
    assert_eq!(task.await.unwrap(), 2);
}

#[tokio::test]
async fn nobody_there_is_tried_again_even_for_once() {
    let address = TcpListener::bind("127.0.0.1:0").await.unwrap().local_addr().unwrap();
    let client = Client::builder().kratos_admin_url(format!("http://{address}")).retry(quick()).build().unwrap();
    let error = client.admin_create_identity().json_body(json!({})).send().await.unwrap_err();
    assert_eq!(
        (error.kind(), error.tries(), error.is_connect(), error.outcome_unknown()),
        (ErrorKind::Transport, 3, true, false)
    );
}

#[tokio::test]
async fn a_call_has_an_end() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let client =
        Client::builder().kratos_admin_url(format!("http://{}", listener.local_addr().unwrap())).build().unwrap();
    let start = Instant::now();
    let error = client.admin_list_identities().timeout(Duration::from_millis(300)).send().await.unwrap_err();
    assert!(error.is_timeout() && error.tries() == 1, "{error:?}");
    assert!(start.elapsed() < Duration::from_secs(5));
}

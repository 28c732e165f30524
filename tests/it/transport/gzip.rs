//! Compressed responses, with the feature `gzip`. The limits of a body count what comes out.

use ory_sdk::error::ErrorId;
use ory_sdk::retry::Retry;
use ory_sdk::{Client, ErrorKind};

use super::faults::body::bomb;
use super::faults::peer::{Peer, Step, write};
use crate::support::server::{Reply, Server};
use crate::wire::responses::GZIP;

/// A limit for bodies of both kinds.
const LIMIT: usize = 300_000;

fn compressed(status: u16, body: &[u8]) -> Reply {
    Reply::new(status, &[("Content-Type", "application/json"), ("Content-Encoding", "gzip")], body)
}

#[tokio::test]
async fn a_compressed_response_is_asked_for_and_read() {
    let server = Server::always(compressed(401, GZIP)).await;
    let client = Client::builder().kratos_public_url(server.url()).build().unwrap();
    let error = client.to_session().await.unwrap_err();
    assert_eq!(error.id(), Some(ErrorId::SessionInactive));
    assert_eq!(&error.body()[..], br#"{"error":{"id":"session_inactive"}}"#);
    assert_eq!(server.take().header("accept-encoding"), Some("gzip"));
}

#[tokio::test]
async fn a_client_can_do_without() {
    let server = Server::always(compressed(401, GZIP)).await;
    let builder = Client::builder().kratos_public_url(server.url()).customize(|http| http.no_gzip());
    let error = builder.build().unwrap().to_session().await.unwrap_err();
    assert_eq!((error.id(), &error.body()[..]), (None, GZIP));
    assert_eq!(server.take().header("accept-encoding"), None);
}

/// The beginning of a body that would become 1 GiB. The rest never comes, and the client does not wait for it: what came
/// out of the beginning is more than the limit.
#[tokio::test]
async fn a_bomb_ends_at_the_limit() {
    for (status, kind) in [("200 OK", ErrorKind::TooLarge), ("404 Not Found", ErrorKind::Api)] {
        let head = format!("HTTP/1.1 {status}\r\nContent-Encoding: gzip\r\nContent-Length: {}\r\n\r\n", bomb().len());
        let start = Step::Write(bomb()[..100_000].to_vec());
        let peer = Peer::start(move |_| vec![Step::Read, write(&head), start.clone()]).await;
        let builder = Client::builder().kratos_admin_url(peer.url()).success_limit(LIMIT).error_limit(LIMIT);
        let error = builder.build().unwrap().admin_list_identities().await.unwrap_err();
        assert_eq!((error.kind(), error.tries()), (kind, 1), "{error}");
        // All but the last piece of a success, and as much of an error as fits.
        let kept = error.body().len();
        assert!(error.body().iter().all(|byte| *byte == b' ') && kept <= LIMIT && kept > LIMIT / 2, "{kept}");
        assert_eq!(kept == LIMIT, kind == ErrorKind::Api, "{kept}");
        peer.all_closed().await;
    }
}

/// A server that says gzip and sends something else, or less, has sent no response. So a call that may be repeated is.
#[tokio::test]
async fn what_is_no_gzip_is_no_response() {
    for body in [b"{\"error\":{\"id\":\"session_inactive\"}}".as_slice(), &GZIP[..GZIP.len() - 12], b"\x1f\x8b\x08\x07"]
    {
        let server = Server::always(compressed(200, body)).await;
        let retry = Retry::new().first_wait(std::time::Duration::from_millis(1));
        let client = Client::builder().kratos_public_url(server.url()).retry(retry).build().unwrap();
        let error = client.to_session().await.unwrap_err();
        assert_eq!((error.kind(), error.tries()), (ErrorKind::Transport, 3), "{error}");
        assert_eq!(error.status().map(|status| status.as_u16()), Some(200));
        assert!(!error.to_string().contains("session_inactive"), "{error}");
    }
}

//! Tokens of a person: what happens to a refresh token when something goes wrong. A refresh token never comes twice.

use std::io;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use ory_sdk::Secret;
use ory_sdk::tokens::{RefreshTokens, TokenErrorKind, Tokens};
use serde_json::json;
use tokio::io::AsyncWriteExt;

use super::support::{Hydra, expose, refusal};
use crate::sessions::support::StoppedClock;
use crate::support::server::{self, Reply};

/// Where tokens are kept, unless it is closed.
#[derive(Clone, Default)]
struct Vault {
    kept: Arc<Mutex<Vec<Tokens>>>,
    is_closed: Arc<Mutex<bool>>,
    tried: Arc<Mutex<Vec<String>>>,
}

impl Vault {
    async fn keep(self, tokens: Tokens) -> io::Result<()> {
        let refresh = tokens.refresh_token.as_ref().unwrap().expose().to_owned();
        self.tried.lock().unwrap().push(refresh);
        // A database takes a moment.
        tokio::task::yield_now().await;
        if *self.is_closed.lock().unwrap() {
            return Err(io::Error::other("the vault is closed"));
        }
        self.kept.lock().unwrap().push(tokens);
        Ok(())
    }

    fn close(&self, is_closed: bool) {
        *self.is_closed.lock().unwrap() = is_closed;
    }

    fn tried(&self) -> Vec<String> {
        self.tried.lock().unwrap().clone()
    }

    fn person(&self, hydra: &Hydra) -> RefreshTokens {
        let vault = self.clone();
        let builder = RefreshTokens::builder(&hydra.client()).client_id("app").refresh_token("rt-0");
        builder.store(move |tokens| vault.clone().keep(tokens)).build().unwrap()
    }
}

/// A rotation: `at-1` with `rt-1`, and so on.
fn rotated(number: usize, expires_in: i64) -> Reply {
    let (access, refresh) = (format!("at-{number}"), format!("rt-{number}"));
    Reply::json(200, &json!({"access_token": access, "refresh_token": refresh, "expires_in": expires_in}))
}

async fn rotating(expires_in: i64) -> Hydra {
    Hydra::start(move |number, _| rotated(number, expires_in)).await
}

/// The refresh tokens that came.
fn sent(hydra: &Hydra) -> Vec<String> {
    let form = |request: server::Request| {
        let pairs = url::form_urlencoded::parse(&request.body).into_owned().collect::<Vec<_>>();
        pairs.into_iter().find(|(name, _)| name == "refresh_token").unwrap().1
    };
    hydra.server.seen().into_iter().map(form).collect()
}

#[tokio::test]
async fn each_refresh_uses_the_newest_token() {
    let clock = StoppedClock::stop();
    let (hydra, vault) = (rotating(600).await, Vault::default());
    let ada = vault.person(&hydra);
    for number in 1..=3 {
        for _ in 0..3 {
            assert_eq!(expose(ada.token().await).unwrap(), format!("at-{number}"));
        }
        // In the window nobody gets the old one, since Hydra revokes it with the refresh.
        clock.advance(560.0).await;
    }
    assert_eq!(sent(&hydra), ["rt-0", "rt-1", "rt-2"]);
    assert_eq!(vault.tried(), ["rt-1", "rt-2", "rt-3"]);
}

#[tokio::test]
async fn a_server_may_leave_the_token_as_it_is() {
    let clock = StoppedClock::stop();
    let (hydra, vault) = (Hydra::of_life(600).await, Vault::default());
    let ada = vault.person(&hydra);
    ada.token().await.unwrap();
    clock.advance(600.0).await;
    ada.token().await.unwrap();
    assert_eq!((sent(&hydra), vault.tried()), (vec!["rt-0".to_owned(); 2], vec!["rt-0".to_owned(); 2]));
}

#[tokio::test]
async fn nobody_gets_a_token_that_is_not_stored() {
    let _clock = StoppedClock::stop();
    let (hydra, vault) = (rotating(600).await, Vault::default());
    let ada = vault.person(&hydra);
    vault.close(true);
    for _ in 0..3 {
        let error = ada.token().await.unwrap_err();
        assert_eq!(error.kind(), TokenErrorKind::NotStored);
        assert_eq!(error.to_string(), "the new tokens could not be stored: the vault is closed");
        let source = std::error::Error::source(&error).unwrap();
        assert!(source.is::<io::Error>() && error.call().is_none());
    }
    // The same tokens each time, and no other request.
    assert_eq!((sent(&hydra), vault.tried()), (vec!["rt-0".to_owned()], vec!["rt-1".to_owned(); 3]));
    vault.close(false);
    assert_eq!(expose(ada.token().await).unwrap(), "at-1");
    assert_eq!((vault.tried().len(), hydra.calls()), (4, 1));
    assert_eq!(vault.kept.lock().unwrap()[0].refresh_token, Some(Secret::from("rt-1")));
}

#[tokio::test]
async fn a_store_that_was_away_for_long_costs_another_refresh() {
    let clock = StoppedClock::stop();
    let (hydra, vault) = (rotating(600).await, Vault::default());
    let ada = vault.person(&hydra);
    vault.close(true);
    ada.token().await.unwrap_err();
    clock.advance(601.0).await;
    vault.close(false);
    assert_eq!(expose(ada.token().await).unwrap(), "at-2");
    assert_eq!((sent(&hydra).len(), vault.tried()), (2, ["rt-1", "rt-1", "rt-2"].map(str::to_owned).to_vec()));
}

#[tokio::test]
async fn a_store_that_panics_loses_nothing() {
    let hydra = rotating(600).await;
    let panics = Arc::new(Mutex::new(true));
    let builder = RefreshTokens::builder(&hydra.client()).client_id("app").refresh_token("rt-0");
    let ada = builder.store({
        let panics = Arc::clone(&panics);
        move |_| {
            let panics = *panics.lock().unwrap();
            async move { if panics { panic!("a fault of the store") } else { Ok::<_, io::Error>(()) } }
        }
    });
    let ada = ada.build().unwrap();
    assert_eq!(expose(ada.token().await), Err(TokenErrorKind::Unexpected));
    *panics.lock().unwrap() = false;
    assert_eq!(expose(ada.token().await).unwrap(), "at-1");
    assert_eq!(hydra.calls(), 1);
}

#[tokio::test]
async fn what_surely_used_up_nothing_is_tried_again() {
    let clock = StoppedClock::stop();
    let (hydra, vault) = (rotating(600).await, Vault::default());
    let ada = vault.person(&hydra);
    let cases = [
        (Reply::new(429, &[], ""), TokenErrorKind::Unavailable),
        (Reply::new(503, &[], ""), TokenErrorKind::Unavailable),
        (refusal(500, "server_error"), TokenErrorKind::Unavailable),
        (refusal(401, "invalid_client"), TokenErrorKind::Refused),
        (refusal(403, "access_denied"), TokenErrorKind::Refused),
        (Reply::new(404, &[], "404 page not found"), TokenErrorKind::Unexpected),
    ];
    let count = cases.len();
    for (reply, kind) in cases {
        hydra.says(move |_, _| reply.clone());
        assert_eq!(expose(ada.token().await), Err(kind));
        // At most once a second.
        assert_eq!(expose(ada.token().await), Err(kind));
        clock.advance(1.0).await;
    }
    hydra.says(|number, _| rotated(number, 600));
    assert_eq!(expose(ada.token().await).unwrap(), format!("at-{}", count + 1));
    assert_eq!(sent(&hydra), vec!["rt-0"; count + 1]);
}

#[tokio::test]
async fn an_outage_costs_nothing_while_the_access_token_lives() {
    let clock = StoppedClock::stop();
    let (hydra, vault) = (rotating(600).await, Vault::default());
    let ada = vault.person(&hydra);
    let first = ada.token().await.unwrap();
    hydra.says(|_, _| Reply::new(503, &[], ""));
    clock.advance(570.0).await;
    for _ in 0..3 {
        assert_eq!(expose(ada.token().await).unwrap(), "at-1");
    }
    assert_eq!(hydra.calls(), 2);
    // Whoever was refused with it gets the error.
    assert_eq!(expose(ada.token_after(&first).await), Err(TokenErrorKind::Unavailable));
    clock.advance(30.0).await;
    assert_eq!(expose(ada.token().await), Err(TokenErrorKind::Unavailable));
}

#[tokio::test]
async fn an_unknown_outcome_ends_it() {
    let cases = [
        Reply::new(502, &[], ""),
        Reply::new(504, &[], ""),
        Reply::new(500, &[], "<html>"),
        refusal(504, "upstream timeout"),
        Reply::new(200, &[], "{\"access_token\":"),
        Reply::json(200, &json!({"token_type": "bearer"})),
    ];
    for reply in cases {
        let _clock = StoppedClock::stop();
        let (hydra, vault) = (rotating(600).await, Vault::default());
        let ada = vault.person(&hydra);
        let bad = reply.clone();
        hydra.says(move |_, _| bad.clone());
        is_over(&ada, TokenErrorKind::OutcomeUnknown, &hydra, &vault).await;
        tokio::time::resume();
    }
}

#[tokio::test]
async fn an_invalid_grant_ends_it() {
    for (status, code) in [(400, "invalid_grant"), (401, "token_inactive")] {
        let _clock = StoppedClock::stop();
        let (hydra, vault) = (rotating(600).await, Vault::default());
        hydra.says(move |_, _| refusal(status, code));
        is_over(&vault.person(&hydra), TokenErrorKind::SignInAgain, &hydra, &vault).await;
        tokio::time::resume();
    }
}

/// Every call fails from now on, without a request.
async fn is_over(ada: &RefreshTokens, kind: TokenErrorKind, hydra: &Hydra, vault: &Vault) {
    for _ in 0..3 {
        let error = ada.token().await.unwrap_err();
        assert_eq!(error.kind(), kind, "{error}");
        assert!(error.to_string().contains("sign in again"), "{error}");
        assert_eq!(expose(ada.token_after(&"at-1".into()).await), Err(kind));
        tokio::time::advance(Duration::from_secs(10)).await;
    }
    hydra.says(|number, _| rotated(number, 600));
    assert_eq!(expose(ada.token().await), Err(kind));
    assert_eq!((sent(hydra).len(), vault.tried().len()), (1, 0));
}

/// A server that reads a request and closes the connection.
async fn closing() -> (String, Arc<Mutex<usize>>) {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let (url, read) = (format!("http://{}", listener.local_addr().unwrap()), Arc::new(Mutex::new(0)));
    let count = Arc::clone(&read);
    tokio::spawn(async move {
        while let Ok((mut stream, _)) = listener.accept().await {
            if server::read(&mut stream, &mut Vec::new()).await.is_some() {
                *count.lock().unwrap() += 1;
            }
            let _ = stream.shutdown().await;
        }
    });
    (url, read)
}

#[tokio::test]
async fn a_request_without_a_response_is_never_repeated() {
    let (url, read) = closing().await;
    // With the retries that every client has.
    let client = ory_sdk::Client::builder().hydra_public_url(url).build().unwrap();
    let builder = RefreshTokens::builder(&client).client_id("app").refresh_token("rt-0");
    let ada = builder.store(|_| async { Ok::<_, io::Error>(()) }).build().unwrap();
    for _ in 0..3 {
        assert_eq!(expose(ada.token().await), Err(TokenErrorKind::OutcomeUnknown));
    }
    assert_eq!(*read.lock().unwrap(), 1);
}

#[tokio::test]
async fn a_server_that_was_not_reached_is_tried_again() {
    let clock = StoppedClock::stop();
    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    drop(listener);
    let client = ory_sdk::Client::builder().hydra_public_url(format!("http://{address}"));
    let client = client.retry(ory_sdk::retry::Retry::off()).build().unwrap();
    let builder = RefreshTokens::builder(&client).client_id("app").refresh_token("rt-0");
    let ada = builder.store(|_| async { Ok::<_, io::Error>(()) }).build().unwrap();
    assert_eq!(expose(ada.token().await), Err(TokenErrorKind::Unavailable));
    clock.advance(1.0).await;
    let listener = tokio::net::TcpListener::bind(address).await.unwrap();
    tokio::spawn(async move {
        let (mut stream, _) = listener.accept().await.unwrap();
        server::read(&mut stream, &mut Vec::new()).await.unwrap();
        let body = r#"{"access_token":"at-1"}"#;
        let head = format!("HTTP/1.1 200 OK\r\nContent-Length: {}\r\n\r\n{body}", body.len());
        stream.write_all(head.as_bytes()).await.unwrap();
        std::future::pending::<()>().await;
    });
    assert_eq!(expose(ada.token().await).unwrap(), "at-1");
}

/// The runtime ends while the request is on its way.
#[test]
fn a_request_that_is_dropped_is_never_repeated() {
    let runtime = || tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build().unwrap();
    let (servers, first) = (runtime(), runtime());
    let hydra = servers.block_on(Hydra::start(|_, _| {
        std::thread::sleep(Duration::from_millis(500));
        rotated(1, 600)
    }));
    let ada = Vault::default().person(&hydra);
    first.spawn({
        let ada = ada.clone();
        async move { ada.token().await }
    });
    while hydra.calls() == 0 {
        std::thread::sleep(Duration::from_millis(5));
    }
    first.shutdown_timeout(Duration::from_secs(5));
    for _ in 0..2 {
        assert_eq!(expose(servers.block_on(ada.token())), Err(TokenErrorKind::OutcomeUnknown));
    }
    assert_eq!(hydra.calls(), 1);
}

#[tokio::test]
async fn tokens_of_a_sign_in_are_used_first() {
    let clock = StoppedClock::stop();
    let (hydra, vault) = (rotating(600).await, Vault::default());
    let ada = vault.person(&hydra);
    ada.token().await.unwrap();
    let tokens = vault.kept.lock().unwrap()[0].clone();
    let builder = RefreshTokens::builder(&hydra.client()).client_id("app").tokens(&tokens);
    let ada = builder.store(|_| async { Ok::<_, io::Error>(()) }).build().unwrap();
    assert_eq!(ada.authorization().await.unwrap(), "Bearer at-1");
    assert_eq!(hydra.calls(), 1);
    clock.advance(600.0).await;
    assert_eq!(expose(ada.token().await).unwrap(), "at-2");
    assert_eq!(sent(&hydra), ["rt-0", "rt-1"]);
    // A refusal leads to a refresh, at most once a second.
    let second = ada.token().await.unwrap();
    let third = ada.token_after(&second).await.unwrap();
    assert_eq!(third.expose(), "at-3");
    assert_eq!(expose(ada.token_after(&third).await).unwrap(), "at-3");
    assert_eq!(hydra.calls(), 3);
}

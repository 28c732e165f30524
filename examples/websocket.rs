//! A websocket that ends when its session does.
//!
//! ```text
//! cargo run --example websocket
//! ```

use std::time::Duration;

use axum::Router;
use axum::extract::State;
use axum::extract::ws::{CloseFrame, Message, WebSocket, WebSocketUpgrade};
use axum::response::Response;
use axum::routing::get;
use futures_util::{SinkExt, StreamExt};
use ory_sdk::sessions::{Sessions, SignedIn};
use ory_sdk::testing::StandIn;
use ory_sdk::web::SessionLayer;
use ory_sdk::web::axum::Person;
use tokio_tungstenite::tungstenite::client::IntoClientRequest;
use tokio_tungstenite::{connect_async, tungstenite};

/// Only pages of our own origin may open it with the cookies of a browser: the layer sees to that.
async fn open(State(sessions): State<Sessions>, Person(person): Person, upgrade: WebSocketUpgrade) -> Response {
    upgrade.on_upgrade(|socket| serve(socket, sessions, person))
}

async fn serve(mut socket: WebSocket, sessions: Sessions, person: SignedIn) {
    let mut watch = person.watch(&sessions, Duration::from_millis(200));
    loop {
        tokio::select! {
            message = socket.recv() => match message {
                Some(Ok(Message::Text(text))) => {
                    let echo = format!("{} said {text}", person.identity().id);
                    if socket.send(Message::Text(echo.into())).await.is_err() {
                        return;
                    }
                }
                Some(Ok(_)) => {}
                _ => return,
            },
            refusal = watch.ended() => {
                // 1008: the policy does not allow it any more.
                let close = CloseFrame { code: 1008, reason: refusal.to_string().into() };
                let _ = socket.send(Message::Close(Some(close))).await;
                return;
            }
        }
    }
}

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let ory = StandIn::start().await?;
    let sessions = Sessions::builder(&ory.client_builder().build()?).build()?;
    let layer = SessionLayer::builder(&sessions).public_url("https://app.example.org").build()?;
    let app = Router::new().route("/", get(open)).layer(layer).with_state(sessions);
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await?;
    let url = format!("ws://{}/", listener.local_addr()?);
    tokio::spawn(axum::serve(listener, app).into_future());

    let ada = ory.sign_in("ada@example.org");
    let request = |origin: &'static str| -> Result<_, Box<dyn std::error::Error>> {
        let mut request = url.as_str().into_client_request()?;
        request.headers_mut().insert("cookie", ada.cookie().expose().parse()?);
        request.headers_mut().insert("origin", origin.parse()?);
        Ok(request)
    };
    let foreign = connect_async(request("https://evil.example")?).await;
    println!("from another site: {}", foreign.err().ok_or("a page of another site got a session")?);

    let (mut socket, _) = connect_async(request("https://app.example.org")?).await?;
    socket.send(tungstenite::Message::text("hello")).await?;
    println!("answered: {}", socket.next().await.ok_or("closed")??.into_text()?);
    ory.revoke_session(ada.session_id());
    let tungstenite::Message::Close(Some(close)) = socket.next().await.ok_or("closed without a word")?? else {
        return Err("expected the end".into());
    };
    println!("the session was revoked: {} ({})", close.reason, close.code);
    assert_eq!(u16::from(close.code), 1008);
    Ok(())
}

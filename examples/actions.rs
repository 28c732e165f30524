//! A service that Kratos and Hydra call: a web hook, a password migration, and claims of tokens. The guide `actions` has the
//! configuration of the servers.
//!
//! ```text
//! cargo run --example actions            # calls itself, as a stand-in for Kratos and Hydra does
//! cargo run --example actions -- serve   # serves on port 8082: set HOOK_KEY
//! cargo run --example actions -- template > flow_context.jsonnet
//! ```

use axum::Router;
use axum::routing::post;
use ory_sdk::actions::{
    Action, ActionAuth, ActionError, ActionMessage, Decision, FlowContext, IdentityChange, Interrupt, PasswordDecision,
    PasswordMigration, TokenDecision, TokenHook,
};
use ory_sdk::error::InvalidSetting;
use ory_sdk::testing::{ActionCall, StandIn};
use serde_json::{Value, json};

#[derive(serde::Deserialize)]
struct Traits {
    email: String,
}

/// After a registration, with `response.parse: true`: before the identity is stored.
async fn registration(call: Action<FlowContext>) -> Result<Decision, ActionError> {
    let traits: Traits = call.identity.as_ref().ok_or("the hook has no identity")?.traits()?;
    if traits.email.ends_with("@throwaway.example") {
        let message = ActionMessage::error(9_000_001, "Use an address that you keep.");
        return Ok(Interrupt::at("/traits/email", message)?.into());
    }
    Ok(IdentityChange::new().metadata_public(json!({"tier": "free"})).into())
}

/// Whether the old system knows this password.
async fn password(call: Action<PasswordMigration>) -> Result<PasswordDecision, ActionError> {
    let is_known = call.identifier == "ada@example.org" && call.password.expose() == "an old passw0rd";
    Ok(if is_known { PasswordDecision::Match } else { PasswordDecision::NoMatch })
}

/// Machines get no claims, and an app that was sold gets no tokens.
async fn token(call: Action<TokenHook>) -> Result<TokenDecision, ActionError> {
    if call.session.client_id == "a-sold-app" {
        return Ok(TokenDecision::Refuse);
    }
    if call.request.has_grant_type("client_credentials") {
        return Ok(TokenDecision::Keep);
    }
    Ok(call.claims().set_access("tenant", 42).into())
}

fn app(key: &str) -> Result<Router, InvalidSetting> {
    let auth = ActionAuth::header("x-api-key", key)?;
    let app = Router::new().route("/registration", post(registration)).route("/password", post(password));
    Ok(app.route("/token", post(token)).with_state(auth))
}

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let argument = std::env::args().nth(1).unwrap_or_default();
    if argument == "template" {
        print!("{}", FlowContext::TEMPLATE);
        return Ok(());
    }
    if argument == "serve" {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:8082").await?;
        return Ok(axum::serve(listener, app(&std::env::var("HOOK_KEY")?)?).await?);
    }
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await?;
    let url = format!("http://{}", listener.local_addr()?);
    tokio::spawn(axum::serve(listener, app("hook-secret")?).into_future());

    let ory = StandIn::start().await?;
    ory.person("ada@example.org").create();
    ory.person("bob@throwaway.example").create();
    let registered = ActionCall::after_registration;
    let password = |text: &str| ActionCall::password_migration("ada@example.org", text);
    let token = |client: &str| ActionCall::token_hook(client, "ada").claims(json!({"plan": "free"}), json!({}));
    let free = json!({"metadata_public": {"tier": "free"}});
    let message = json!({"id": 9_000_001, "text": "Use an address that you keep.", "type": "error"});
    let place = json!({"instance_ptr": "#/traits/email", "messages": [message]});
    let claims = json!({"access_token": {"plan": "free", "tenant": 42}, "id_token": {}});
    for (what, path, call, status, body) in [
        ("Ada registers", "registration", registered("ada@example.org"), 200, json!({"identity": free})),
        ("Bob registers", "registration", registered("bob@throwaway.example"), 400, json!({"messages": [place]})),
        ("the old password", "password", password("an old passw0rd"), 200, json!({"status": "password_match"})),
        ("another password", "password", password("guessed"), 403, Value::Null),
        ("a token for an app", "token", token("an-app"), 200, json!({"session": claims})),
        ("a token for a machine", "token", ActionCall::token_hook("a-machine", ""), 204, Value::Null),
        ("a token for a sold app", "token", token("a-sold-app"), 403, Value::Null),
    ] {
        let response = ory.call_action(&format!("{url}/{path}"), &call.header("x-api-key", "hook-secret")).await?;
        println!("{what}: {} {}", response.status(), String::from_utf8_lossy(response.body()));
        assert_eq!((response.status().as_u16(), response.json().unwrap_or_default()), (status, body), "{what}");
    }
    let nobody = ory.call_action(&format!("{url}/token"), &token("an-app")).await?;
    assert_eq!(nobody.status(), 401, "whoever lacks the key is not heard");
    Ok(())
}

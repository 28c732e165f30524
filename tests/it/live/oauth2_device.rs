//! The sign-in of a device without a browser (RFC 8628), and credentials for wallets.

use std::sync::Arc;

use ory_sdk::Client;
use ory_sdk::credentials::CookieJar;
use ory_sdk::error::OAuth2ErrorCode;
use ory_sdk::response::Location;
use ory_sdk::types::PerformOAuth2TokenFlowBody;

use super::oauth2_app::{App, redirect};
use super::run::Run;
use super::sweep::Made;
use crate::support::dispatch;

const GRANT: &str = "urn:ietf:params:oauth:grant-type:device_code";
const VERIFY: &str = "perform_oauth2_device_verification_flow";

pub async fn run(run: Arc<Run>) {
    credential(&run).await;
    let client = &run.client;
    let stranger = newer_refused!(run, client.oauth2_device_flow().body_map(|body| body.client_id("nobody")));
    if stranger.is_some() {
        device(&run).await;
        return;
    }
    // The server is too old, for all three.
    let verify = newer_refused!(run, client.perform_oauth2_device_verification_flow());
    let accept = newer_refused!(
        run,
        client.accept_user_code_request().device_challenge("x").body_map(|body| body.user_code("AAAAAAAA"))
    );
    assert!(verify.is_none() && accept.is_none(), "{verify:?} {accept:?}");
}

async fn device(run: &Run) {
    let client = &run.client;
    let made = call!(run, client.admin_create_oauth2_client().body_map(|body| {
        body.client_name(run.name("device"))
            .grant_types([GRANT, "refresh_token"])
            .scope("openid offline")
            .token_endpoint_auth_method("none")
    }) => value);
    let id = made.client_id.clone().unwrap();
    run.made(Made::Client(id.clone()));

    let started = call!(
        run,
        client.oauth2_device_flow().body_map(|body| body.client_id(&id).scope("openid offline")) => value
    );
    assert!(started.expires_in > 0 && started.interval > 0);
    let poll = || {
        let body = PerformOAuth2TokenFlowBody::builder().grant_type(GRANT).client_id(&id);
        body.device_code(&started.device_code).build().unwrap()
    };
    let error = refused!(run, client.perform_oauth2_token_flow().body(poll()));
    assert_eq!(error.oauth2_error(), Some(OAuth2ErrorCode::AuthorizationPending));

    // The user opens the page for codes.
    let browser = client.with_cookie_jar(CookieJar::default());
    let response = call!(run, browser.perform_oauth2_device_verification_flow() => or_redirect);
    let challenge = redirect(&response).query("device_challenge").unwrap();
    let wrong = client.accept_user_code_request().device_challenge(&challenge);
    let wrong = wrong.body_map(|body| body.user_code("no-code")).send().await;
    assert_eq!(run.refused("accept_user_code_request", wrong).status().unwrap().as_u16(), 400);
    let accepted = call!(run, client.accept_user_code_request().device_challenge(&challenge).body_map(|body| {
        body.user_code(&started.user_code)
    }) => value);
    let login = follow(run, &browser, &accepted.redirect_to).await.query("login_challenge").unwrap();

    // They sign in and consent as usual.
    let subject = run.name("device-subject");
    let accepted = call!(run, client.admin_accept_oauth2_login_request().login_challenge(&login).body_map(|body| {
        body.subject(&subject)
    }) => value);
    let consent = follow(run, &browser, &accepted.redirect_to).await.query("consent_challenge").unwrap();
    let accepted = call!(run, client.admin_accept_oauth2_consent_request().consent_challenge(&consent).body_map(|body| {
        body.grant_scope(["openid", "offline"])
    }) => value);
    follow(run, &browser, &accepted.redirect_to).await;

    let tokens = call!(run, client.perform_oauth2_token_flow().body(poll()) => value);
    let access = tokens.access_token.clone().unwrap();
    let token = call!(run, client.admin_introspect_oauth2_token().body_map(|body| body.token(&access)) => value);
    assert_eq!((token.active, token.sub.as_ref()), (true, Some(&subject)));
    // The code works only once.
    let error = refused!(run, client.perform_oauth2_token_flow().body(poll()));
    assert_eq!(error.oauth2_error(), Some(OAuth2ErrorCode::InvalidGrant));
}

/// Follows a redirect to Hydra, and returns where Hydra sends the browser next.
async fn follow(run: &Run, browser: &Client, redirect_to: &Location) -> Location {
    let url = redirect_to.parse().unwrap();
    assert!(url.path().ends_with("/oauth2/device/verify"), "sent to {}", url.path());
    let mut call = browser.perform_oauth2_device_verification_flow();
    for (key, value) in url.query_pairs() {
        call = call.query(key, value);
    }
    redirect(&run.passed(VERIFY, call.send().await, dispatch::or_redirect)).clone()
}

/// Without a signed proof, the answer is the nonce for one.
async fn credential(run: &Run) {
    let app = App::new(run, "credential").await;
    let own = &app.client;
    let tokens = call!(
        run,
        own.perform_oauth2_token_flow().body_map(|body| body.grant_type("client_credentials").scope("openid")) => value
    );
    let person = run.client.with_oauth2_token(tokens.access_token.as_ref().unwrap());
    let first = newer_refused!(run, person.create_verifiable_credential().body_map(|body| body.format("jwt_vc_json")));
    if let Some(error) = first {
        assert_eq!(error.oauth2_error().unwrap().as_str(), "missing_proof");
        assert!(error.json().unwrap()["c_nonce"].is_string());
        run.report.excuse("create_verifiable_credential", "succeeds only with a signed proof");
    }
}

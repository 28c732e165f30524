//! Logout from the OAuth2 provider: first rejected, then accepted.

use std::sync::Arc;

use ory_sdk::Secret;
use ory_sdk::error::NextStep;

use super::oauth2_app::{App, SIGNED_OUT, redirect};
use super::run::Run;

pub async fn run(run: Arc<Run>) {
    let run = &*run;
    let client = &run.client;
    let app = App::new(run, "logout").await;
    let id_token = app.tokens().await.id_token.unwrap();

    let challenge = ask(&app, &id_token).await;
    let request = call!(run, client.admin_get_oauth2_logout_request().logout_challenge(&challenge) => value);
    assert_eq!((&request.subject, request.rp_initiated), (&app.subject, true));
    call!(run, client.admin_reject_oauth2_logout_request().logout_challenge(&challenge) => value);
    // After 26.2 a logout request is in its challenge, and can still be read.
    let rejected = client.admin_get_oauth2_logout_request().logout_challenge(&challenge).send().await;
    let is_kept = rejected.is_ok();
    if !is_kept {
        let error = run.refused("admin_get_oauth2_logout_request", rejected);
        assert_eq!(error.next_step(), Some(NextStep::NotFound));
    }

    let challenge = ask(&app, &id_token).await;
    let accepted = call!(run, client.admin_accept_oauth2_logout_request().logout_challenge(&challenge) => value);
    let url = url::Url::parse(accepted.redirect_to.as_str()).unwrap();
    let verifier = url.query_pairs().find(|(key, _)| key == "logout_verifier").unwrap().1.into_owned();
    let browser = &app.browser;
    let response =
        call!(run, browser.perform_oidc_front_or_back_channel_logout().logout_verifier(verifier) => or_redirect);
    let gone = redirect(&response);
    assert!(gone.as_str().starts_with(SIGNED_OUT), "sent to {gone}");
    assert_eq!(gone.query("state").as_deref(), Some("bye"));

    // Once the browser has followed the redirect, the request counts as used, and the error says where it led.
    if !is_kept {
        let error = refused!(run, client.admin_get_oauth2_logout_request().logout_challenge(&challenge));
        assert!(matches!(error.next_step(), Some(NextStep::AlreadyUsed { .. })), "{error}");
    }
}

/// Starts a logout as the application, and returns the logout challenge.
async fn ask(app: &App<'_>, id_token: &Secret) -> Secret {
    let (run, browser) = (app.run, &app.browser);
    let response = call!(
        run,
        browser
            .perform_oidc_front_or_back_channel_logout()
            .id_token_hint(id_token)
            .post_logout_redirect_uri(SIGNED_OUT)
            .state("bye") => or_redirect
    );
    redirect(&response).query("logout_challenge").unwrap().into()
}

//! The login and consent app rejects requests.

use std::sync::Arc;

use super::oauth2_app::{App, is_callback};
use super::run::Run;

pub async fn run(run: Arc<Run>) {
    let run = &*run;
    let client = &run.client;
    let app = App::new(run, "refusals").await;

    let challenge = app.start().await;
    let rejected = call!(
        run,
        client.admin_reject_oauth2_login_request().login_challenge(&challenge).body_map(|body| {
            body.error("login_required").error_description("no such person")
        }) => value
    );
    let callback = app.follow(&rejected.redirect_to).await;
    is_callback(&callback);
    assert_eq!(callback.query("error").as_deref(), Some("login_required"));

    let challenge = app.start().await;
    let challenge = app.sign_in(&challenge).await;
    let rejected = call!(
        run,
        client.admin_reject_oauth2_consent_request().consent_challenge(&challenge).body_map(|body| {
            body.error("access_denied").error_description("the person said no")
        }) => value
    );
    let callback = app.follow(&rejected.redirect_to).await;
    is_callback(&callback);
    assert_eq!(callback.query("error").as_deref(), Some("access_denied"));
    assert!(callback.query("error_description").unwrap().contains("the person said no"));

    let error = refused!(run, client.admin_get_oauth2_login_request().login_challenge("no-such-challenge"));
    assert!(error.is_not_found());
}

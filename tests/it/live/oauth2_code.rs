//! The authorization code flow with PKCE, from the first redirect to the revoked token.

use std::sync::Arc;

use ory_sdk::error::{NextStep, OAuth2ErrorCode};
use ory_sdk::{Secret, types};

use super::oauth2_app::App;
use super::run::Run;

pub async fn run(run: Arc<Run>) {
    let app = App::new(&run, "code").await;
    let code = granted(&app).await;
    used(&app, &code).await;
    consents(&app).await;
}

/// Runs the flow up to the code, and checks each request on the way.
async fn granted(app: &App<'_>) -> Secret {
    let (run, client) = (app.run, &app.run.client);
    let challenge = app.start().await;
    let login = call!(run, client.admin_get_oauth2_login_request().login_challenge(&challenge) => value);
    assert_eq!((login.client.client_id.as_ref(), login.skip), (Some(&app.id), false));
    assert_eq!(login.requested_scope, ["openid", "offline"]);
    let consent_challenge = app.sign_in(&challenge).await;

    // The browser has followed the redirect, so the login is over. Hydra 2.0 responds with 410, newer versions still
    // show the request.
    let result = client.admin_get_oauth2_login_request().login_challenge(&challenge).send().await;
    if result.is_err() {
        let error = run.refused("admin_get_oauth2_login_request", result);
        assert!(matches!(error.next_step(), Some(NextStep::AlreadyUsed { .. })), "{error}");
        run.report.note("admin_get_oauth2_login_request", "410 for a used challenge");
    } else {
        run.passed("admin_get_oauth2_login_request", result, crate::support::dispatch::value);
        run.report.note("admin_get_oauth2_login_request", "200 for a used challenge");
    }

    // Hydra 2.0 refuses to accept it twice. Newer versions accept it and send the browser on once more.
    let again = client.admin_accept_oauth2_login_request().login_challenge(&challenge);
    let result = again.body_map(|body| body.subject(&app.subject)).send().await;
    if result.is_err() {
        assert!(run.refused("admin_accept_oauth2_login_request", result).is_conflict());
        run.report.note("admin_accept_oauth2_login_request", "409 for a used challenge");
    } else {
        run.passed("admin_accept_oauth2_login_request", result, crate::support::dispatch::value);
        run.report.note("admin_accept_oauth2_login_request", "200 for a used challenge");
    }

    let consent = call!(run, client.admin_get_oauth2_consent_request().consent_challenge(&consent_challenge) => value);
    assert_eq!(consent.subject, app.subject);
    assert_eq!(consent.requested_scope, ["openid", "offline"]);
    // `consent_request_id` came with Hydra 25.4.
    if consent.consent_request_id.is_none() {
        run.report.note("admin_get_oauth2_consent_request", "no consent_request_id");
    }
    app.consent(&consent_challenge).await
}

/// Exchanges the code for tokens, and uses them.
async fn used(app: &App<'_>, code: &Secret) {
    let (run, client, own) = (app.run, &app.run.client, &app.client);
    let tokens = call!(run, own.perform_oauth2_token_flow().body(app.exchange(code)) => value);
    assert_eq!(tokens.scope.as_deref(), Some("openid offline"));
    assert!(tokens.id_token.is_some() && tokens.expires_in.unwrap() > 0);
    let access = tokens.access_token.clone().unwrap();

    let person = client.with_oauth2_token(&access);
    let info = call!(run, person.get_oidc_user_info() => json_or_text);
    let info = info.json().unwrap();
    assert_eq!(info.sub.as_ref(), Some(&app.subject));
    assert_eq!(info.extra["plan"], "free");

    let token = call!(run, client.admin_introspect_oauth2_token().body_map(|body| body.token(&access)) => value);
    assert!(token.active && token.sub.as_ref() == Some(&app.subject) && token.client_id.as_ref() == Some(&app.id));
    assert_eq!(token.ext.as_ref().unwrap()["tenant"], 9);

    let refresh = tokens.refresh_token.clone().unwrap();
    let fresh = call!(
        run,
        own.perform_oauth2_token_flow()
            .body_map(|body| body.grant_type("refresh_token").refresh_token(&refresh)) => value
    );
    let access = fresh.access_token.clone().unwrap();
    call!(run, own.revoke_oauth2_token().body_map(|body| body.token(&access)) => value);
    let token = call!(run, client.admin_introspect_oauth2_token().body_map(|body| body.token(&access)) => value);
    assert!(!token.active);
    let person = client.with_oauth2_token(&access);
    assert!(refused!(run, person.get_oidc_user_info()).is_unauthorized());

    // A refresh token works only once. Hydra 2.0 has its own error for the second time.
    let body = types::PerformOAuth2TokenFlowBody::builder().grant_type("refresh_token").refresh_token(&refresh);
    let error = refused!(run, own.perform_oauth2_token_flow().body(body));
    match error.status().unwrap().as_u16() {
        401 => {
            assert_eq!(error.oauth2_error().unwrap().as_str(), "token_inactive");
            run.report.note("perform_oauth2_token_flow", "401 token_inactive for a used refresh token");
        }
        status => assert_eq!((status, error.oauth2_error()), (400, Some(OAuth2ErrorCode::InvalidGrant))),
    }
    // A code works only once.
    let error = refused!(run, own.perform_oauth2_token_flow().body(app.exchange(code)));
    assert_eq!(error.oauth2_error(), Some(OAuth2ErrorCode::InvalidGrant));
    // And only with the right verifier.
    let mut body = app.exchange(&app.code().await);
    body.code_verifier = Some("not-the-verifier-that-the-challenge-was-made-of".into());
    let error = refused!(run, own.perform_oauth2_token_flow().body(body));
    assert_eq!(error.oauth2_error(), Some(OAuth2ErrorCode::InvalidGrant));
}

/// Lists and revokes what the user has granted.
async fn consents(app: &App<'_>) {
    let (run, client) = (app.run, &app.run.client);
    let tokens = app.tokens().await;
    let listed = call!(run, client.admin_list_oauth2_subject_consent_sessions().subject(&app.subject) => value);
    assert!(!listed.is_empty());
    for session in listed.iter() {
        let request = session.consent_request.as_ref().unwrap();
        assert_eq!(request.client.client_id.as_ref(), Some(&app.id));
        assert_eq!(session.grant_scope, ["openid", "offline"]);
    }
    call!(
        run,
        client.admin_revoke_oauth2_consent_sessions().subject(&app.subject).client(&app.id) => value
    );
    let listed = call!(run, client.admin_list_oauth2_subject_consent_sessions().subject(&app.subject) => value);
    assert!(listed.is_empty());
    // Revoking the consent also revokes its tokens.
    let access = tokens.access_token.unwrap();
    let token = call!(run, client.admin_introspect_oauth2_token().body_map(|body| body.token(&access)) => value);
    assert!(!token.active);
    call!(run, client.admin_revoke_oauth2_login_sessions().subject(&app.subject) => value);
}

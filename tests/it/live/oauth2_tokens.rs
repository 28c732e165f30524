//! Tokens that an application gets for itself, and how an administrator revokes them.

use std::sync::Arc;

use ory_sdk::error::OAuth2ErrorCode;

use super::oauth2_app::App;
use super::run::Run;

pub async fn run(run: Arc<Run>) {
    let run = &*run;
    let client = &run.client;
    let app = App::new(run, "tokens").await;
    let own = &app.client;
    let tokens = call!(
        run,
        own.perform_oauth2_token_flow().body_map(|body| body.grant_type("client_credentials").scope("openid")) => value
    );
    let access = tokens.access_token.clone().unwrap();
    let token = call!(run, client.admin_introspect_oauth2_token().body_map(|body| body.token(&access)) => value);
    assert!(token.active && token.client_id.as_ref() == Some(&app.id));
    call!(run, client.admin_delete_oauth2_token().client_id(&app.id) => value);
    let token = call!(run, client.admin_introspect_oauth2_token().body_map(|body| body.token(&access)) => value);
    assert!(!token.active);

    let stranger = client.with_client_credentials(&app.id, "wrong");
    let error =
        refused!(run, stranger.perform_oauth2_token_flow().body_map(|body| body.grant_type("client_credentials")));
    assert_eq!(error.oauth2_error(), Some(OAuth2ErrorCode::InvalidClient));
    assert!(error.is_unauthorized());
}

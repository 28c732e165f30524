//! An OAuth2 client gets a token.

use std::error::Error;
use std::io::Write;

use ory_sdk::Client;

use super::made::Made;

pub async fn token(client: &Client, made: &mut Made, out: &mut dyn Write) -> Result<(), Box<dyn Error>> {
    let oauth2_client = client
        .admin_create_oauth2_client()
        .body_map(|body| body.client_name("quickstart").grant_types(["client_credentials"]).scope("read write"))
        .send()
        .await?
        .into_body();
    let id = oauth2_client.client_id.ok_or("the OAuth2 client has no id")?;
    made.oauth2_client = Some(id.clone());
    let secret = oauth2_client.client_secret.ok_or("the OAuth2 client has no secret")?;
    writeln!(out, "created OAuth2 client {id}")?;

    let token = client
        .with_client_credentials(&id, secret)
        .perform_oauth2_token_flow()
        .body_map(|body| body.grant_type("client_credentials").scope("read"))
        .send()
        .await?
        .into_body();
    let (scope, seconds) = (token.scope.unwrap_or_default(), token.expires_in.unwrap_or_default());
    writeln!(out, "got an access token for the scope {scope:?}, for {seconds} seconds")?;
    let token = token.access_token.ok_or("there is no access token")?;

    let introspected = client.admin_introspect_oauth2_token().body_map(|body| body.token(token)).send().await?;
    let owner = introspected.into_body().client_id.ok_or("the token is not active")?;
    writeln!(out, "introspected it: active, for client {owner}")?;
    if owner == id { Ok(()) } else { Err("the token belongs to another client".into()) }
}

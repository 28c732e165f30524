//! A program of a user that has the crate `oauth2` already: it gets tokens there, and calls with this crate.

use oauth2::basic::BasicClient;
use oauth2::{ClientId, ClientSecret, HttpRequest, HttpResponse, TokenResponse, TokenUrl};
use ory_sdk::contract::Endpoint;
use ory_sdk::reqwest;
use ory_sdk::testing::StandIn;

/// Sends a request of `oauth2`, which has no HTTP client of its own here.
async fn send(request: HttpRequest) -> Result<HttpResponse, reqwest::Error> {
    let (parts, body) = request.into_parts();
    let sent = reqwest::Client::new().request(parts.method, parts.uri.to_string()).headers(parts.headers).body(body);
    let mut response = sent.send().await?;
    let (status, headers) = (response.status(), std::mem::take(response.headers_mut()));
    let mut answer = HttpResponse::new(response.bytes().await?.to_vec());
    *answer.status_mut() = status;
    *answer.headers_mut() = headers;
    Ok(answer)
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let stand_in = StandIn::start().await?;
    let ory = stand_in.client_builder().build()?;
    let made = ory.admin_create_oauth2_client().body_map(|body| body.grant_types(["client_credentials"]));
    let made = made.await?.into_body();
    let (id, secret) = (made.client_id.ok_or("no id")?, made.client_secret.ok_or("no secret")?);

    let hydra = ory.endpoint(&Endpoint::HydraPublic).ok_or("no Hydra")?.trim_end_matches('/');
    let reports = BasicClient::new(ClientId::new(id))
        .set_client_secret(ClientSecret::new(secret.expose().to_owned()))
        .set_token_uri(TokenUrl::new(format!("{hydra}/oauth2/token"))?);
    let response = reports.exchange_client_credentials().request_async(&send).await?;
    let as_reports = ory.with_oauth2_token(response.access_token().secret());

    let token = response.access_token().secret();
    let known = ory.admin_introspect_oauth2_token().body_map(|body| body.token(token)).await?;
    assert!(known.active, "Hydra issued it");
    assert!(!format!("{as_reports:?}").contains(token.as_str()));
    println!("oauth2: ok");
    Ok(())
}

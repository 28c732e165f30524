//! A program of a user that has the crate `openidconnect` already: people sign in there, and calls go by this crate.

use openidconnect::core::{CoreAuthenticationFlow, CoreClient, CoreProviderMetadata};
use openidconnect::{
    AuthorizationCode, ClientId, ClientSecret, CsrfToken, HttpRequest, HttpResponse, IssuerUrl, Nonce,
    OAuth2TokenResponse, PkceCodeChallenge, RedirectUrl, Scope, TokenResponse,
};
use ory_sdk::contract::Endpoint;
use ory_sdk::jwt::{IdTokenCheck, IdTokens, KeySet};
use ory_sdk::reqwest;
use ory_sdk::reqwest::redirect::Policy;
use ory_sdk::testing::StandIn;

const CALLBACK: &str = "https://shop.example.org/callback";

/// Sends a request of `openidconnect`, which has no HTTP client of its own here.
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

/// Follows one redirect of a browser with these cookies, and returns a parameter of the URL where it leads.
async fn follow(cookies: &mut String, url: &str, name: &str) -> Result<String, Box<dyn std::error::Error>> {
    let browser = reqwest::Client::builder().redirect(Policy::none()).build()?;
    let response = browser.get(url).header("cookie", &*cookies).send().await?;
    for line in response.headers().get_all("set-cookie") {
        *cookies = format!("{}; {cookies}", line.to_str()?.split(';').next().unwrap_or_default());
    }
    let location = response.headers().get("location").ok_or("no redirect")?.to_str()?;
    let location = reqwest::Url::parse(location)?;
    let value = location.query_pairs().find(|(key, _)| key == name).map(|(_, value)| value.into_owned());
    Ok(value.ok_or_else(|| format!("no {name} in {location}"))?)
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let stand_in = StandIn::start().await?;
    let ory = stand_in.client_builder().build()?;
    let made = ory.admin_create_oauth2_client().body_map(|body| body.redirect_uris([CALLBACK]).scope("openid")).await?;
    let made = made.into_body();
    let (id, secret) = (made.client_id.ok_or("no id")?, made.client_secret.ok_or("no secret")?);

    let hydra = ory.endpoint(&Endpoint::HydraPublic).ok_or("no Hydra")?.trim_end_matches('/');
    let issuer = IssuerUrl::new(hydra.to_owned())?;
    let metadata = CoreProviderMetadata::discover_async(issuer, &send).await?;
    let secret = ClientSecret::new(secret.expose().to_owned());
    let shop = CoreClient::from_provider_metadata(metadata, ClientId::new(id.clone()), Some(secret))
        .set_redirect_uri(RedirectUrl::new(CALLBACK.to_owned())?);
    let (challenge, verifier) = PkceCodeChallenge::new_random_sha256();
    let (url, state, nonce) = shop
        .authorize_url(CoreAuthenticationFlow::AuthorizationCode, CsrfToken::new_random, Nonce::new_random)
        .add_scope(Scope::new("openid".to_owned()))
        .set_pkce_challenge(challenge)
        .url();

    // What the browser, the login app and the consent app do.
    let mut cookies = String::new();
    let challenge = follow(&mut cookies, url.as_str(), "login_challenge").await?;
    let login =
        ory.admin_accept_oauth2_login_request().login_challenge(challenge).body_map(|body| body.subject("ada")).await?;
    let challenge = follow(&mut cookies, login.redirect_to.as_str(), "consent_challenge").await?;
    let accept = ory.admin_accept_oauth2_consent_request().consent_challenge(challenge);
    let consent = accept.body_map(|body| body.grant_scope(["openid"])).await?;
    let callback = consent.redirect_to.as_str();
    let code = follow(&mut cookies.clone(), callback, "code").await?;
    assert!(!state.secret().is_empty());

    let exchange = shop.exchange_code(AuthorizationCode::new(code))?.set_pkce_verifier(verifier);
    let response = exchange.request_async(&send).await?;
    let id_token = response.id_token().ok_or("no ID token")?;
    let subject = id_token.claims(&shop.id_token_verifier(), &nonce)?.subject().as_str();
    let as_ada = ory.with_oauth2_token(response.access_token().secret());

    assert_eq!(subject, "ada");
    let person = as_ada.get_oidc_user_info().await?;
    assert_eq!(person.json().and_then(|person| person.sub.clone()).as_deref(), Some(subject));
    // Both read the ID token alike.
    let tokens = IdTokens::builder(&KeySet::of_hydra(&ory)?).issuer(hydra).client_id(id).build()?;
    let check =
        IdTokenCheck::new().nonce(nonce.secret().as_str()).access_token(response.access_token().secret().as_str());
    assert_eq!(tokens.check(&id_token.to_string(), &check).await?.subject(), subject);
    println!("openidconnect: ok");
    Ok(())
}

//! An application whose people sign in with Hydra: the code flow, and a refresh token that is kept. The browser of a person,
//! the login and consent app, and the stand-in for Kratos and Hydra run here too.
//!
//! ```text
//! cargo run --example code_flow
//! ```

use std::sync::{Arc, Mutex};

use axum::body::Bytes;
use axum::extract::{RawQuery, State};
use axum::http::{HeaderMap, Response, StatusCode, header, request::Parts};
use axum::response::{AppendHeaders, IntoResponse, Redirect};
use axum::{Router, routing::any, routing::get};
use ory_sdk::testing::StandIn;
use ory_sdk::tokens::{CodeFlow, PendingSignIn, RefreshTokens, Tokens};
use ory_sdk::web::provider::Provider;
use ory_sdk::{Client, Secret};
use serde_json::json;

#[derive(Clone)]
struct Shop {
    flow: CodeFlow,
    /// What a shop keeps in its database.
    kept: Arc<Mutex<Option<Tokens>>>,
}

type Answer = Result<axum::response::Response, (StatusCode, String)>;

/// Sends the browser to Hydra. What is pending waits in a cookie that only the callback gets.
async fn sign_in(State(shop): State<Shop>) -> Answer {
    let begun =
        shop.flow.authorization_url().map_err(|error| (StatusCode::INTERNAL_SERVER_ERROR, error.to_string()))?;
    let pending = begun.pending.to_text();
    // Over https, add `Secure`.
    let cookie = format!("pending={}; HttpOnly; SameSite=Lax; Path=/callback; Max-Age=600", pending.expose());
    Ok((AppendHeaders([(header::SET_COOKIE, cookie)]), Redirect::to(begun.url.as_str())).into_response())
}

/// The browser is back.
async fn callback(State(shop): State<Shop>, RawQuery(query): RawQuery, headers: HeaderMap) -> Answer {
    let cookies = headers.get(header::COOKIE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let pending = cookies.split("; ").find_map(|cookie| cookie.strip_prefix("pending=")).unwrap_or_default();
    let bad = |why: String| (StatusCode::BAD_REQUEST, why);
    let pending = PendingSignIn::parse(pending).map_err(|why| bad(why.to_string()))?;
    let tokens = shop.flow.finish(&pending, &query.unwrap_or_default()).await.map_err(|why| bad(why.to_string()))?;
    *shop.kept.lock().map_err(|_| bad("the database is broken".to_owned()))? = Some(tokens);
    let used = "pending=; HttpOnly; SameSite=Lax; Path=/callback; Max-Age=0";
    Ok((AppendHeaders([(header::SET_COOKIE, used)]), "Welcome").into_response())
}

/// The login and consent app: another guide is about it.
async fn pages(State((ory, provider)): State<(Client, Provider)>, request: Parts, form: Bytes) -> Response<String> {
    let session = ory.forwarding(&request.headers).to_session().await;
    provider.respond(&request, &form, &session).await
}

/// Opens a URL in a browser with these cookies, or posts a form to it, and follows redirects.
async fn open(cookies: &mut String, url: &str, mut form: Option<String>) -> Result<(String, String), reqwest::Error> {
    let browser = reqwest::Client::builder().redirect(reqwest::redirect::Policy::none()).build()?;
    let mut url = url.to_owned();
    loop {
        let request = match form.take() {
            Some(form) => browser.post(&url).header("sec-fetch-site", "same-origin").body(form),
            None => browser.get(&url),
        };
        let response = request.header("cookie", &*cookies).send().await?;
        println!("  {} {}", response.status().as_u16(), url.split('?').next().unwrap_or_default());
        for line in response.headers().get_all("set-cookie").iter().filter_map(|line| line.to_str().ok()) {
            *cookies = format!("{}; {cookies}", line.split(';').next().unwrap_or_default());
        }
        match response.headers().get("location").and_then(|url| url.to_str().ok()) {
            Some(next) => url = next.to_owned(),
            None => return Ok((url, response.text().await?)),
        }
    }
}

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await?;
    let url = format!("http://{}", listener.local_addr()?);
    let ory = StandIn::builder().self_service_url(&url).oauth2_url(&url).start().await?;
    let client = ory.client_builder().build()?;
    let provider = Provider::builder(&client).login_url(format!("{url}/login")).build()?;
    let consent = Router::new().route("/{page}", any(pages)).with_state((client.clone(), provider));

    let mut shop = json!({"redirect_uris": [format!("{url}/callback")], "scope": "openid offline_access"});
    shop["grant_types"] = json!(["authorization_code", "refresh_token"]);
    let made = client.admin_create_oauth2_client().json_body(shop).await?.into_body();
    let (id, secret) = (made.client_id.ok_or("no id")?, made.client_secret.ok_or("no secret")?);
    let builder = CodeFlow::builder(&client).client_id(&id).client_secret(&secret).scope(["openid", "offline_access"]);
    let flow = builder.redirect_uri(format!("{url}/callback")).build()?;
    let kept = Arc::new(Mutex::new(None));
    let shop = Shop { flow, kept: Arc::clone(&kept) };
    let shop = Router::new().route("/sign-in", get(sign_in)).route("/callback", get(callback)).with_state(shop);
    tokio::spawn(axum::serve(listener, shop.merge(consent)).into_future());

    println!("Ada signs in:");
    let ada = ory.sign_in("ada@example.org");
    let mut cookies = ada.cookie().expose().to_owned();
    let (at, question) = open(&mut cookies, &format!("{url}/sign-in"), None).await?;
    let (_, rest) = question.split_once("name=\"consent_challenge\" value=\"").ok_or("no question")?;
    let challenge = rest.split('"').next().unwrap_or_default().replace('=', "%3D");
    let answer = format!("consent_challenge={challenge}&scope=openid&scope=offline_access&decision=accept");
    let (at, page) = open(&mut cookies, &at, Some(answer)).await?;
    assert_eq!(page, "Welcome");
    println!("A browser that did not begin the sign-in:");
    assert!(open(&mut String::new(), &at, None).await?.1.contains("a pending sign-in"));

    let tokens = kept.lock().map_err(|_| "the database is broken")?.clone().ok_or("no tokens")?;
    let person = client.with_oauth2_token(&tokens.access_token).get_oidc_user_info().await?;
    let subject = person.json().and_then(|person| person.sub.clone());
    println!("The Shop knows that it is {subject:?}");

    // Days later: the refresh token gives another access token, and the new refresh token is kept before it is used.
    let database = Arc::clone(&kept);
    let refresh: &Secret = tokens.refresh_token.as_ref().ok_or("no refresh token")?;
    let builder = RefreshTokens::builder(&client).client_id(&id).client_secret(&secret).refresh_token(refresh);
    let ada = builder.store(move |tokens| {
        let kept = database.lock().map(|mut kept| *kept = Some(tokens)).map_err(|_| "the database is broken");
        async move { kept }
    });
    let token = ada.build()?.token().await?;
    let stored = kept.lock().map_err(|_| "the database is broken")?.clone().ok_or("no tokens")?;
    assert!(stored.access_token == token && stored.refresh_token.as_ref() != Some(refresh));
    let again = client.with_oauth2_token(&token).get_oidc_user_info().await?;
    assert_eq!(again.json().and_then(|person| person.sub.clone()), subject);
    println!("and still does after a refresh.");
    Ok(())
}

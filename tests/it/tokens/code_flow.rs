//! The code flow through the stand-in, a login and consent app, and a browser.

use ory_sdk::Client;
use ory_sdk::error::OAuth2ErrorCode;
use ory_sdk::jwt::{IdTokens, KeySet, Refusal};
use ory_sdk::testing::Fault;
use ory_sdk::tokens::{ClientAuth, CodeFlow, CodeFlowBuilder, PendingSignIn, TokenError, TokenErrorKind};
use serde_json::json;

use super::support::{Hydra, refusal};
use crate::web::provider::browser::Browser;
use crate::web::provider::site::{CALLBACK, Site, allow, claims};

fn query(url: &str) -> String {
    url::Url::parse(url).unwrap().query().unwrap().to_owned()
}

#[tokio::test]
async fn a_person_signs_in() {
    for (method, auth) in [
        ("none", None),
        ("client_secret_basic", Some(ClientAuth::Basic)),
        ("client_secret_post", Some(ClientAuth::Post)),
    ] {
        let site = Site::start().await;
        let changes = json!({"token_endpoint_auth_method": method, "scope": "openid offline email", "client_secret":
            auth.map(|_| "a-long-client-secret")});
        let id = site.shop_with(changes).await.id;
        let builder = CodeFlow::builder(&site.client).client_id(&id).redirect_uri(CALLBACK);
        let builder = builder.scope(["openid", "offline", "email"]).audience(["https://api.example"]);
        let flow = match auth {
            Some(auth) => builder.client_secret("a-long-client-secret").client_auth(auth).build().unwrap(),
            None => builder.build().unwrap(),
        };
        let begun = flow.authorization_url().unwrap();
        let ada = site.ory.person("ada@example.org").create();
        let browser = Browser::of(&site.ory.sign_in("ada@example.org"));
        let question = browser.open(begun.url.as_str()).await;
        let back = allow(&browser, &question, &["openid", "offline"], false).await;
        assert!(back.url.starts_with(CALLBACK), "{} {}", back.url, back.body);
        // The cookie of the browser.
        let pending = PendingSignIn::parse(begun.pending.to_text().expose()).unwrap();
        let tokens = flow.finish(&pending, &query(&back.url)).await.unwrap();
        assert_eq!((tokens.scope.as_deref(), tokens.token_type.as_str()), (Some("openid offline"), "bearer"));
        assert!(tokens.expires_in.unwrap().as_secs() > 3000 && tokens.refresh_token.is_some());
        let id_token = claims(tokens.id_token.as_ref().unwrap().expose());
        assert_eq!(id_token["nonce"], tokens.nonce.as_ref().unwrap().expose());
        assert_eq!(id_token["sub"], ada.id().to_string());
        let keys = KeySet::of_hydra(&site.client).unwrap();
        let ids = |client: &str| IdTokens::builder(&keys).issuer(site.ory.url()).client_id(client).build().unwrap();
        assert_eq!(tokens.check_id_token(&ids(&id)).await.unwrap().subject(), ada.id().to_string());
        assert!(tokens.check_id_token(&ids("another")).await.is_err());
        // The nonce is that of the sign-in, and the token belongs to the access token.
        let mut other = tokens.clone();
        other.nonce = Some("another".into());
        assert!(other.check_id_token(&ids(&id)).await.unwrap_err().to_string().contains("`nonce`"));
        let mut other = tokens.clone();
        other.access_token = "ory_at_another".into();
        assert!(other.check_id_token(&ids(&id)).await.unwrap_err().to_string().contains("`at_hash`"));
        let mut other = tokens.clone();
        other.id_token = None;
        assert!(matches!(other.check_id_token(&ids(&id)).await, Err(Refusal::Missing)));
        let person = site.client.with_oauth2_token(&tokens.access_token);
        assert_eq!(person.get_oidc_user_info().await.unwrap().json().unwrap().sub, Some(ada.id().to_string()));

        // A code works once.
        let error = flow.finish(&pending, &query(&back.url)).await.unwrap_err();
        assert_eq!(
            (error.kind(), error.oauth2_error()),
            (TokenErrorKind::SignInAgain, Some(OAuth2ErrorCode::InvalidGrant))
        );
    }
}

#[tokio::test]
async fn a_person_says_no() {
    let site = Site::start().await;
    let id = site.shop_with(json!({"token_endpoint_auth_method": "none"})).await.id;
    let flow = CodeFlow::builder(&site.client).client_id(&id).redirect_uri(CALLBACK).scope(["openid"]).build().unwrap();
    let begun = flow.authorization_url().unwrap();
    let browser = Browser::of(&site.ory.sign_in("ada@example.org"));
    let question = browser.open(begun.url.as_str()).await;
    let challenge = question.field("consent_challenge");
    let back = browser.post(&question.url, &[("consent_challenge", &challenge), ("decision", "reject")]).await;
    let error = flow.finish(&begun.pending, &query(&back.url)).await.unwrap_err();
    assert_eq!((error.kind(), error.oauth2_error()), (TokenErrorKind::Refused, Some(OAuth2ErrorCode::AccessDenied)));

    // `prompt=none` asks nobody.
    let begun = flow.authorization_url_with(|options| options.prompt(["none"])).unwrap();
    let back = Browser::default().open(begun.url.as_str()).await;
    let error = flow.finish(&begun.pending, &query(&back.url)).await.unwrap_err();
    assert_eq!(error.oauth2_error(), Some(OAuth2ErrorCode::LoginRequired), "{error}");
    assert_eq!(site.count("perform_oauth2_token_flow"), 0);
}

#[tokio::test]
async fn a_code_of_another_browser_is_of_no_use() {
    let site = Site::start().await;
    let id = site.shop_with(json!({"token_endpoint_auth_method": "none"})).await.id;
    let flow = CodeFlow::builder(&site.client).client_id(&id).redirect_uri(CALLBACK).scope(["openid"]).build().unwrap();
    let (evil, victim) = (flow.authorization_url().unwrap(), flow.authorization_url().unwrap());
    let browser = Browser::of(&site.ory.sign_in("eve@example.org"));
    let question = browser.open(evil.url.as_str()).await;
    let back = allow(&browser, &question, &["openid"], false).await;
    let error = flow.finish(&victim.pending, &query(&back.url)).await.unwrap_err();
    assert_eq!(error.kind(), TokenErrorKind::WrongState);
    // With the right state, Hydra compares the verifier of PKCE.
    let state = victim.url.query("state").unwrap();
    let code = back.parameter("code").unwrap();
    let error = flow.finish(&victim.pending, &format!("code={code}&state={state}")).await.unwrap_err();
    assert_eq!(error.kind(), TokenErrorKind::SignInAgain, "{error}");
}

/// A lost response may have had the tokens: the code is not sent again.
#[tokio::test]
async fn a_code_is_sent_once() {
    let site = Site::start().await;
    let id = site.shop_with(json!({"token_endpoint_auth_method": "none"})).await.id;
    let flow = CodeFlow::builder(&site.client).client_id(&id).redirect_uri(CALLBACK).scope(["openid"]).build().unwrap();
    for (fault, kind) in [
        (Fault::lost(), TokenErrorKind::OutcomeUnknown),
        (Fault::cut(), TokenErrorKind::OutcomeUnknown),
        (Fault::status(http::StatusCode::BAD_GATEWAY), TokenErrorKind::OutcomeUnknown),
        (Fault::status(http::StatusCode::SERVICE_UNAVAILABLE), TokenErrorKind::Unavailable),
    ] {
        let begun = flow.authorization_url().unwrap();
        let browser = Browser::of(&site.ory.sign_in("ada@example.org"));
        let question = browser.open(begun.url.as_str()).await;
        let back = allow(&browser, &question, &["openid"], false).await;
        let before = site.count("perform_oauth2_token_flow");
        site.ory.fail("perform_oauth2_token_flow", fault).unwrap();
        let error = flow.finish(&begun.pending, &query(&back.url)).await.unwrap_err();
        assert_eq!(error.kind(), kind, "{error}");
        assert_eq!(site.count("perform_oauth2_token_flow"), before + 1);
        if kind == TokenErrorKind::Unavailable {
            flow.finish(&begun.pending, &query(&back.url)).await.unwrap();
        }
    }
}

async fn shop(change: impl FnOnce(CodeFlowBuilder) -> CodeFlowBuilder) -> (Hydra, CodeFlow, PendingSignIn, String) {
    let hydra = Hydra::of_life(3600).await;
    let builder = CodeFlow::builder(&hydra.client()).client_id("shop").redirect_uri(CALLBACK).scope(["openid"]);
    let flow = change(builder).build().unwrap();
    let begun = flow.authorization_url().unwrap();
    let state = begun.url.query("state").unwrap();
    (hydra, flow, begun.pending, state)
}

#[tokio::test]
async fn callbacks_that_are_refused() {
    let (hydra, flow, pending, state) = shop(|builder| builder).await;
    let cases = [
        ("", TokenErrorKind::WrongState, "has no `state`"),
        ("code=c", TokenErrorKind::WrongState, "has no `state`"),
        ("code=c&state=", TokenErrorKind::WrongState, "is not the one"),
        ("code=c&state=other", TokenErrorKind::WrongState, "is not the one"),
        // An error of somebody else is not believed.
        ("error=access_denied&state=other", TokenErrorKind::WrongState, "is not the one"),
        ("error=access_denied", TokenErrorKind::WrongState, "has no `state`"),
        ("state=STATE", TokenErrorKind::InvalidCallback, "neither `code` nor `error`"),
        ("state=STATE&code=", TokenErrorKind::InvalidCallback, "neither `code` nor `error`"),
        ("state=STATE&code=c&code=d", TokenErrorKind::InvalidCallback, "has `code` twice"),
        ("state=other&state=STATE&code=c", TokenErrorKind::InvalidCallback, "has `state` twice"),
        ("state=STATE&code=c&iss=https%3A%2F%2Fevil.example", TokenErrorKind::WrongIssuer, "https://evil.example"),
        ("state=STATE&error=access_denied&iss=https%3A%2F%2Fevil.example", TokenErrorKind::WrongIssuer, "evil"),
        ("state=STATE&code=c&error=server_error", TokenErrorKind::Refused, "\"server_error\""),
        (
            "state=STATE&error=x%0Ay&error_description=%1B%5B31m%3Cb%3E%22%E2%80%AE%C3%A9",
            TokenErrorKind::Refused,
            r#"the server refused the sign-in: "x\ny": "\u{1b}[31m<b>\"\u{202e}\u{e9}""#,
        ),
    ];
    for (query, kind, text) in cases {
        let error = flow.finish(&pending, &query.replace("STATE", &state)).await.unwrap_err();
        assert_eq!(error.kind(), kind, "{query}: {error}");
        assert!(error.to_string().contains(text), "{query}: {error}");
        assert!(!error.to_string().contains(&state) && !format!("{error:?}").contains(&state), "{error:?}");
    }
    let long = "x".repeat(10_000);
    let error = flow.finish(&pending, &format!("state={state}&error=e&error_description={long}")).await.unwrap_err();
    assert!(error.to_string().len() < 300, "{error}");
    assert_eq!(hydra.calls(), 0);
}

#[tokio::test]
async fn callbacks_that_are_accepted() {
    let accepted = async |flow: &CodeFlow, pending: &PendingSignIn, query: String| -> Result<(), TokenError> {
        flow.finish(pending, &query).await.map(drop)
    };
    let (hydra, flow, pending, state) = shop(|builder| builder).await;
    let encoded = |url: &str| url::form_urlencoded::byte_serialize(url.as_bytes()).collect::<String>();
    let own = encoded(&hydra.server.url());
    for more in ["", "&session_state=x&scope=openid", &format!("&iss={own}"), &format!("&iss={own}%2F")] {
        accepted(&flow, &pending, format!("?code=c&state={state}{more}")).await.unwrap();
    }
    let (_hydra, flow, pending, state) = shop(|builder| builder.issuer("https://auth.example.org/")).await;
    accepted(&flow, &pending, format!("code=c&state={state}&iss=https%3A%2F%2Fauth.example.org")).await.unwrap();
    let error = accepted(&flow, &pending, format!("code=c&state={state}&iss={own}")).await.unwrap_err();
    assert_eq!(error.kind(), TokenErrorKind::WrongIssuer);
    // Where browsers see Hydra by another name, that is the issuer.
    let inside = Client::builder().hydra_public_url(hydra.server.url()).hydra_browser_url("https://auth.example.org/");
    let flow = CodeFlow::builder(&inside.build().unwrap()).client_id("shop").redirect_uri(CALLBACK).build().unwrap();
    let begun = flow.authorization_url().unwrap();
    let state = begun.url.query("state").unwrap();
    let query = format!("code=c&state={state}&iss=https%3A%2F%2Fauth.example.org%2F");
    accepted(&flow, &begun.pending, query).await.unwrap();
}

#[tokio::test]
async fn an_exchange_that_is_refused() {
    let (hydra, flow, pending, state) = shop(|builder| builder).await;
    for (code, kind) in [
        ("invalid_grant", TokenErrorKind::SignInAgain),
        ("invalid_client", TokenErrorKind::Refused),
        ("unauthorized_client", TokenErrorKind::Refused),
    ] {
        hydra.says(move |_, _| refusal(400, code));
        let error = flow.finish(&pending, &format!("code=ory_ac_hunter2&state={state}")).await.unwrap_err();
        assert_eq!((error.kind(), error.oauth2_error().unwrap().as_str()), (kind, code));
        assert!(!error.to_string().contains("hunter2"));
    }
}

//! Discovery, and the pages that a browser visits.

use chrono::Utc;
use ory_sdk::credentials::SetCookie;
use ory_sdk::error::NextStep;
use ory_sdk::response::{Location, OrRedirect};
use ory_sdk::{Client, ErrorKind};
use serde_json::json;

use crate::requests::{COOKIES, Wire};

pub async fn discovery(wire: &mut Wire, client: &Client) {
    let recorded = wire.replays("hydra-26.2.0/discoverOidcConfiguration.ok");
    let found = client.discover_oidc_configuration().send().await.unwrap();
    wire.saw("GET /hydra/.well-known/openid-configuration", &[], "");
    assert_eq!(json!(*found), recorded);
    assert_eq!(found.issuer, "http://127.0.0.1:4444");

    // Version 2 sends fewer fields.
    let recorded = wire.recorded("discoverOidcConfiguration");
    let found = client.discover_oidc_configuration().send().await.unwrap();
    wire.saw("GET /hydra/.well-known/openid-configuration", &[], "");
    assert_eq!(json!(*found), recorded);
    assert_eq!(found.device_authorization_endpoint, None);
}

pub async fn authorization_page(wire: &mut Wire, client: &Client) {
    wire.replays("hydra-2.0.3/performOAuth2AuthorizationFlow.to-consent");
    let response = client
        .perform_oauth2_authorization_flow()
        .client_id("id 1")
        .response_type("code id_token")
        .redirect_uri("https://app.example.org/callback?fixed=1")
        .scope("openid offline")
        .state("s+1")
        .nonce("n&1")
        .audience("https://api.example.org")
        .code_challenge("E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM")
        .code_challenge_method("S256")
        .response_mode("form_post")
        .prompt("login consent")
        .max_age(0)
        .login_hint("alice@example.org")
        .id_token_hint("e.y.J")
        .acr_values("a b")
        .display("page")
        .ui_locales("de en")
        .claims(r#"{"id_token":{"acr":null}}"#)
        .request("r.e.q")
        .request_uri("https://app.example.org/request#1")
        .registration("{}")
        .login_verifier("lv=")
        .consent_verifier("cv=")
        .send()
        .await
        .unwrap();
    wire.saw(
        "GET /hydra/oauth2/auth?client_id=id+1&response_type=code+id_token\
         &redirect_uri=https%3A%2F%2Fapp.example.org%2Fcallback%3Ffixed%3D1&scope=openid+offline&state=s%2B1\
         &nonce=n%261&audience=https%3A%2F%2Fapi.example.org&code_challenge=E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM\
         &code_challenge_method=S256&response_mode=form_post&prompt=login+consent&max_age=0\
         &login_hint=alice%40example.org&id_token_hint=e.y.J&acr_values=a+b&display=page&ui_locales=de+en\
         &claims=%7B%22id_token%22%3A%7B%22acr%22%3Anull%7D%7D&request=r.e.q\
         &request_uri=https%3A%2F%2Fapp.example.org%2Frequest%231&registration=%7B%7D&login_verifier=lv%3D\
         &consent_verifier=cv%3D",
        &[COOKIES],
        "",
    );
    // A redirect to the consent page, with two cookies for the browser, each on its own header line.
    assert_eq!(response.status(), 302);
    let consent = "http://127.0.0.1:3000/consent?consent_challenge=18dd073049ef40e2901043b80507495a";
    assert_eq!(response.location(), Some(Location::from(consent)));
    let cookies: Vec<SetCookie> = response.set_cookies().collect();
    let names: Vec<&str> = cookies.iter().map(SetCookie::name).collect();
    assert_eq!(names, ["ory_hydra_session_dev", "ory_hydra_consent_csrf_dev_480820614"]);
    let lines = response.headers().get_all("set-cookie").iter().map(|line| line.to_str().unwrap());
    assert!(lines.eq(cookies.iter().map(|cookie| cookie.line().expose())));
    let OrRedirect::Redirect(location) = &*response else { panic!("{response:?}") };
    assert_eq!(location.as_str(), consent);
    assert_eq!(location.query("consent_challenge").unwrap(), "18dd073049ef40e2901043b80507495a");

    // A redirect back to the application: a 303 without a body. The cookies of this call replace those of the handle.
    wire.replays("hydra-2.0.3/performOAuth2AuthorizationFlow.to-app");
    let flow = client.perform_oauth2_authorization_flow().client_id("id-1").cookie("session=3");
    let response = flow.send().await.unwrap();
    wire.saw("GET /hydra/oauth2/auth?client_id=id-1", &["cookie: session=3"], "");
    assert_eq!(response.status(), 303);
    let error = response.into_value().unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Redirect);
    let location = error.location().unwrap();
    assert_eq!(error.next_step(), Some(NextStep::GoTo(location.clone())));
    assert!(location.as_str().starts_with("http://127.0.0.1:5555/callback?code=ory_ac_"));
    assert!(location.query("code").unwrap().starts_with("ory_ac_"));
    assert_eq!(location.query("state").as_deref(), Some("state-0123456789"));

    // A page that posts the code.
    wire.replays("hydra-2.0.3/performOAuth2AuthorizationFlow.form-post");
    let response = client.perform_oauth2_authorization_flow().send().await.unwrap();
    wire.saw("GET /hydra/oauth2/auth", &[COOKIES], "");
    assert_eq!((response.status().as_u16(), response.location()), (200, None));
    let OrRedirect::Value(page) = &*response else { panic!("{response:?}") };
    assert_eq!(page.expose().as_bytes(), response.raw_body());
    assert!(page.expose().starts_with("<html>") && page.expose().contains("name=\"code\""), "{}", page.expose());
}

pub async fn logout_page(wire: &mut Wire, client: &Client) {
    wire.replays("hydra-2.0.3/performOidcFrontOrBackChannelLogout.done");
    let response = client
        .perform_oidc_front_or_back_channel_logout()
        .id_token_hint("e.y.J")
        .post_logout_redirect_uri("https://app.example.org/bye?a=1")
        .state("s 1")
        .logout_verifier("lv=")
        .send()
        .await
        .unwrap();
    wire.saw(
        "GET /hydra/oauth2/sessions/logout?id_token_hint=e.y.J\
         &post_logout_redirect_uri=https%3A%2F%2Fapp.example.org%2Fbye%3Fa%3D1&state=s+1&logout_verifier=lv%3D",
        &[COOKIES],
        "",
    );
    assert_eq!(response.status(), 302);
    assert_eq!(response.location(), Some(Location::from("http://127.0.0.1:5555/signed-out?state=logout-state")));
    assert_eq!(response.redirect().unwrap().query("state").as_deref(), Some("logout-state"));
    // The session cookie is removed.
    let cookies: Vec<SetCookie> = response.set_cookies().collect();
    assert_eq!(cookies.iter().map(SetCookie::name).collect::<Vec<_>>(), ["ory_hydra_session_dev"]);
    assert!(cookies[0].is_removal(Utc::now()));

    // A page that first signs out of other applications.
    wire.replays("hydra-2.0.3/performOidcFrontOrBackChannelLogout.front-channel");
    let response = client.perform_oidc_front_or_back_channel_logout().cookie("session=3").send().await.unwrap();
    wire.saw("GET /hydra/oauth2/sessions/logout", &["cookie: session=3"], "");
    assert_eq!(response.set_cookies().count(), 1);
    assert!(response.into_value().unwrap().contains("<iframe"));
}

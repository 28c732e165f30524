//! Pages of the OAuth2 provider, tokens, and the requests that login, consent and logout pages answer.

use chrono::{DateTime, Utc};
use ory_sdk::types::{
    AcceptOAuth2ConsentRequest, AcceptOAuth2ConsentRequestSession, AcceptOAuth2LoginRequest,
    AdminIntrospectOAuth2TokenBody, AdminTrustOAuth2JwtGrantIssuerBody, JsonWebKey, PerformOAuth2TokenFlowBody,
    RejectOAuth2Request, RevokeOAuth2TokenBody,
};
use ory_sdk::{Client, ErrorKind, JsonOrText, OAuthError, OrRedirect, SetCookie};
use serde_json::{Value, json};

use super::jwk::{EVERY_MEMBER, every_member};
use super::{ACCESS, BASIC, COOKIES, FORM, JSON, OAUTH2, Seen, Wire};

pub async fn cases() -> Vec<Seen> {
    let mut wire = Wire::new().await;
    let client = wire.loaded();
    discovery(&mut wire, &client).await;
    authorization_page(&mut wire, &client).await;
    logout_page(&mut wire, &client).await;
    tokens(&mut wire, &client).await;
    userinfo(&mut wire, &client).await;
    login_requests(&mut wire, &client).await;
    consent_requests(&mut wire, &client).await;
    logout_requests(&mut wire, &client).await;
    sessions(&mut wire, &client).await;
    issuers(&mut wire, &client).await;
    wire.into_seen()
}

#[tokio::test]
async fn requests_and_answers() {
    cases().await;
}

/// Encoded in a query: `c%2B%2F%3D`.
const CHALLENGE: &str = "c+/=";

fn time(text: &str) -> DateTime<Utc> {
    text.parse().unwrap()
}

async fn discovery(wire: &mut Wire, client: &Client) {
    let recorded = wire.replays("hydra-26.2.0/discoverOidcConfiguration.ok");
    let found = client.discover_oidc_configuration().send().await.unwrap();
    wire.saw("GET /hydra/.well-known/openid-configuration", &[], "");
    assert_eq!(json!(*found), recorded);
    assert_eq!(found.issuer, "http://127.0.0.1:4444");

    // Version 2 does not say all of that.
    let recorded = wire.recorded("discoverOidcConfiguration");
    let found = client.discover_oidc_configuration().send().await.unwrap();
    wire.saw("GET /hydra/.well-known/openid-configuration", &[], "");
    assert_eq!(json!(*found), recorded);
    assert_eq!(found.device_authorization_endpoint, None);
}

async fn authorization_page(wire: &mut Wire, client: &Client) {
    wire.replays("hydra-2.0.3/performOAuth2AuthorizationFlow.to-consent");
    let answer = client
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
    // To the consent page, with two cookies for the browser, each on its own line.
    assert_eq!(answer.status(), 302);
    let consent = "http://127.0.0.1:3000/consent?consent_challenge=18dd073049ef40e2901043b80507495a";
    assert_eq!(answer.location(), Some(consent));
    let cookies: Vec<SetCookie> = answer.set_cookies().collect();
    let names: Vec<&str> = cookies.iter().map(SetCookie::name).collect();
    assert_eq!(names, ["ory_hydra_session_dev", "ory_hydra_consent_csrf_dev_480820614"]);
    let lines = answer.headers().get_all("set-cookie").iter().map(|line| line.to_str().unwrap());
    assert!(lines.eq(cookies.iter().map(|cookie| cookie.line().expose())));
    let OrRedirect::Redirect(location) = &*answer else { panic!("{answer:?}") };
    assert_eq!(location.as_str(), consent);
    assert_eq!(location.query("consent_challenge").unwrap(), "18dd073049ef40e2901043b80507495a");

    // Back to the application: a 303 without body. The cookies of this call win over those of the handle.
    wire.replays("hydra-2.0.3/performOAuth2AuthorizationFlow.to-app");
    let flow = client.perform_oauth2_authorization_flow().client_id("id-1").cookie("session=3");
    let answer = flow.send().await.unwrap();
    wire.saw("GET /hydra/oauth2/auth?client_id=id-1", &["cookie: session=3"], "");
    assert_eq!(answer.status(), 303);
    let location = answer.into_value().unwrap_err();
    assert!(location.as_str().starts_with("http://127.0.0.1:5555/callback?code=ory_ac_"));
    assert!(location.query("code").unwrap().starts_with("ory_ac_"));
    assert_eq!(location.query("state").as_deref(), Some("state-0123456789"));

    // A page that posts the code.
    wire.replays("hydra-2.0.3/performOAuth2AuthorizationFlow.form-post");
    let answer = client.perform_oauth2_authorization_flow().send().await.unwrap();
    wire.saw("GET /hydra/oauth2/auth", &[COOKIES], "");
    assert_eq!((answer.status().as_u16(), answer.location()), (200, None));
    let OrRedirect::Value(page) = &*answer else { panic!("{answer:?}") };
    assert_eq!(page.expose().as_bytes(), answer.raw_body());
    assert!(page.expose().starts_with("<html>") && page.expose().contains("name=\"code\""), "{}", page.expose());
}

async fn logout_page(wire: &mut Wire, client: &Client) {
    wire.replays("hydra-2.0.3/performOidcFrontOrBackChannelLogout.done");
    let answer = client
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
    assert_eq!(answer.status(), 302);
    assert_eq!(answer.location(), Some("http://127.0.0.1:5555/signed-out?state=logout-state"));
    assert_eq!(answer.redirect().unwrap().query("state").as_deref(), Some("logout-state"));
    // The session's cookie is taken back.
    let cookies: Vec<SetCookie> = answer.set_cookies().collect();
    assert_eq!(cookies.iter().map(SetCookie::name).collect::<Vec<_>>(), ["ory_hydra_session_dev"]);
    assert!(cookies[0].is_removal(Utc::now()));

    // A page that signs out of other applications first.
    wire.replays("hydra-2.0.3/performOidcFrontOrBackChannelLogout.front-channel");
    let answer = client.perform_oidc_front_or_back_channel_logout().cookie("session=3").send().await.unwrap();
    wire.saw("GET /hydra/oauth2/sessions/logout", &["cookie: session=3"], "");
    assert_eq!(answer.set_cookies().count(), 1);
    assert!(answer.into_value().unwrap().contains("<iframe"));
}

async fn tokens(wire: &mut Wire, client: &Client) {
    let recorded = wire.replays("hydra-26.2.0/performOAuth2TokenFlow.code");
    let body = PerformOAuth2TokenFlowBody::builder()
        .assertion("a.s.s")
        .audience("https://api.example.org urn:two")
        .client_assertion("c.a")
        .client_assertion_type("urn:ietf:params:oauth:client-assertion-type:jwt-bearer")
        .client_id("id 1")
        .client_secret("s/e c+rét")
        .code("ory_ac_1")
        .code_verifier("v~1")
        .device_code("ory_dc_1")
        .grant_type("authorization_code")
        .redirect_uri("https://app.example.org/callback")
        .refresh_token("ory_rt_1")
        .scope("openid offline");
    let answer = client.perform_oauth2_token_flow().body(body).send().await.unwrap();
    wire.saw(
        "POST /hydra/oauth2/token",
        &[BASIC, FORM],
        "assertion=a.s.s&audience=https%3A%2F%2Fapi.example.org+urn%3Atwo&client_assertion=c.a\
         &client_assertion_type=urn%3Aietf%3Aparams%3Aoauth%3Aclient-assertion-type%3Ajwt-bearer&client_id=id+1\
         &client_secret=s%2Fe+c%2Br%C3%A9t&code=ory_ac_1&code_verifier=v%7E1&device_code=ory_dc_1\
         &grant_type=authorization_code&redirect_uri=https%3A%2F%2Fapp.example.org%2Fcallback&refresh_token=ory_rt_1\
         &scope=openid+offline",
    );
    assert_eq!(json!(*answer), recorded);
    assert_eq!((answer.expires_in, answer.token_type.as_deref()), (Some(3599), Some("bearer")));
    assert!(answer.access_token.as_ref().unwrap().expose().starts_with("ory_at_"));

    wire.recorded("revokeOAuth2Token");
    let body = RevokeOAuth2TokenBody::builder()
        .client_id("id 1")
        .client_secret("s&1")
        .token("ory_rt_1")
        .token_type_hint("refresh_token");
    let answer = client.revoke_oauth2_token().body(body).send().await.unwrap();
    wire.saw(
        "POST /hydra/oauth2/revoke",
        &[BASIC, FORM],
        "client_id=id+1&client_secret=s%261&token=ory_rt_1&token_type_hint=refresh_token",
    );
    assert_eq!(answer.status(), 200);
    assert!(answer.raw_body().is_empty());

    let recorded = wire.replays("hydra-2.0.3/adminIntrospectOAuth2Token.active");
    let body = AdminIntrospectOAuth2TokenBody::builder()
        .scope("openid offline")
        .token("ory_at_1")
        .token_type_hint("access_token");
    let answer = client.admin_introspect_oauth2_token().body(body).send().await.unwrap();
    wire.saw(
        "POST /hydra-admin/admin/oauth2/introspect",
        &[ACCESS, FORM],
        "scope=openid+offline&token=ory_at_1&token_type_hint=access_token",
    );
    assert!(answer.active);
    assert_eq!(answer.sub.as_deref(), Some("bob@example.org"));
    assert_eq!((json!(answer.exp), json!(answer.token_use)), (recorded["exp"].clone(), json!("access_token")));
    assert_eq!(answer.ext, Some(json!({"tenant": 1})));

    // A bad token is no error.
    wire.replays("hydra-2.0.3/adminIntrospectOAuth2Token.garbage");
    let answer = client.admin_introspect_oauth2_token().body_map(|body| body.token("x")).send().await.unwrap();
    wire.saw("POST /hydra-admin/admin/oauth2/introspect", &[ACCESS, FORM], "token=x");
    assert!(!answer.active);

    wire.recorded("adminDeleteOAuth2Token");
    let answer = client.admin_delete_oauth2_token().client_id("id 1").send().await.unwrap();
    wire.saw("DELETE /hydra-admin/admin/oauth2/tokens?client_id=id+1", &[ACCESS], "");
    assert_eq!(answer.status(), 204);
}

async fn userinfo(wire: &mut Wire, client: &Client) {
    let recorded = wire.replays("hydra-2.0.3/getOidcUserInfo.claims");
    let answer = client.get_oidc_user_info().send().await.unwrap();
    wire.saw("GET /hydra/userinfo", &[OAUTH2], "");
    let person = answer.json().unwrap();
    assert_eq!(json!(person), recorded);
    assert_eq!((person.sub.as_deref(), person.name.as_deref()), (Some("bob@example.org"), Some("Bob")));

    // Claims of one's own are kept; a token of a client alone has no subject; `aud` may be one text.
    wire.json("getOidcUserInfo", json!({"aud": "id-1", "tenant": {"id": 7}, "email_verified": false}));
    let answer = client.get_oidc_user_info().send().await.unwrap();
    wire.saw("GET /hydra/userinfo", &[OAUTH2], "");
    let person = answer.json().unwrap();
    assert_eq!((&person.sub, &person.aud), (&None, &Some(json!("id-1"))));
    assert_eq!(person.email_verified, Some(false));
    assert_eq!(person.extra["tenant"], json!({"id": 7}));

    // A client may ask for signed claims.
    wire.replays("hydra-2.0.3/getOidcUserInfo.signed");
    let answer = client.get_oidc_user_info().send().await.unwrap();
    wire.saw("GET /hydra/userinfo", &[OAUTH2], "");
    let JsonOrText::Text(signed) = &*answer else { panic!("{answer:?}") };
    assert_eq!(signed.expose().as_bytes(), answer.raw_body());
    assert!(signed.expose().starts_with("eyJ") && signed.expose().split('.').count() == 3);
    assert!(!format!("{answer:?}").contains("eyJ"));
}

async fn login_requests(wire: &mut Wire, client: &Client) {
    let recorded = wire.replays("hydra-2.0.3/adminGetOAuth2LoginRequest.ok");
    let request = client.admin_get_oauth2_login_request().login_challenge(CHALLENGE).send().await.unwrap();
    let line = "GET /hydra-admin/admin/oauth2/auth/requests/login?login_challenge=c%2B%2F%3D";
    wire.saw(line, &[ACCESS], "");
    assert_eq!(json!(request.challenge.expose()), recorded["challenge"]);
    assert_eq!(json!(request.requested_scope), recorded["requested_scope"]);
    assert_eq!(json!(request.client.client_id), recorded["client"]["client_id"]);
    assert_eq!(json!(request.oidc_context), recorded["oidc_context"]);
    assert!(!request.skip);

    let recorded = wire.replays("hydra-26.2.0/adminAcceptOAuth2LoginRequest.ok");
    let body = AcceptOAuth2LoginRequest::builder()
        .acr("urn:acr:2")
        .amr(["pwd", "otp"])
        .context(json!([1, null, "x"]))
        .extend_session_lifespan(true)
        .force_subject_identifier("forced")
        .identity_provider_session_id("sid-1")
        .remember(true)
        .remember_for(0)
        .subject("alice@example.org");
    let accept = client.admin_accept_oauth2_login_request().login_challenge(CHALLENGE).body(body);
    let answer = accept.send().await.unwrap();
    wire.saw(
        "PUT /hydra-admin/admin/oauth2/auth/requests/login/accept?login_challenge=c%2B%2F%3D",
        &[ACCESS, JSON],
        concat!(
            r#"{"acr":"urn:acr:2","amr":["pwd","otp"],"context":[1,null,"x"],"#,
            r#""extend_session_lifespan":true,"force_subject_identifier":"forced","#,
            r#""identity_provider_session_id":"sid-1","remember":true,"remember_for":0,"subject":"alice@example.org"}"#,
        ),
    );
    assert_eq!(json!(answer.redirect_to.expose()), recorded["redirect_to"]);

    // What was not set is not sent: version 2 refuses keys that it does not know.
    wire.recorded("adminAcceptOAuth2LoginRequest");
    let accept = client.admin_accept_oauth2_login_request().login_challenge("c").body_map(|body| body.subject("a"));
    accept.send().await.unwrap();
    let line = "PUT /hydra-admin/admin/oauth2/auth/requests/login/accept?login_challenge=c";
    wire.saw(line, &[ACCESS, JSON], r#"{"subject":"a"}"#);

    let recorded = wire.recorded("adminRejectOAuth2LoginRequest");
    let reject = client.admin_reject_oauth2_login_request().login_challenge(CHALLENGE).body(rejection());
    let answer = reject.send().await.unwrap();
    let line = "PUT /hydra-admin/admin/oauth2/auth/requests/login/reject?login_challenge=c%2B%2F%3D";
    wire.saw(line, &[ACCESS, JSON], REJECTION);
    assert_eq!(json!(answer.redirect_to.expose()), recorded["redirect_to"]);

    // A reason is not needed.
    client.admin_reject_oauth2_login_request().login_challenge("c").send().await.unwrap();
    let line = "PUT /hydra-admin/admin/oauth2/auth/requests/login/reject?login_challenge=c";
    wire.saw(line, &[ACCESS], "");
}

const REJECTION: &str = concat!(
    r#"{"error":"access_denied","error_debug":"Debug","#,
    r#""error_description":"No \"no\"","error_hint":"Hint","status_code":403}"#,
);

fn rejection() -> ory_sdk::types::builder::RejectOAuth2Request {
    RejectOAuth2Request::builder()
        .error("access_denied")
        .error_debug("Debug")
        .error_description("No \"no\"")
        .error_hint("Hint")
        .status_code(403)
}

async fn consent_requests(wire: &mut Wire, client: &Client) {
    let recorded = wire.replays("hydra-26.2.0/adminGetOAuth2ConsentRequest.ok");
    let request = client.admin_get_oauth2_consent_request().consent_challenge(CHALLENGE).send().await.unwrap();
    let line = "GET /hydra-admin/admin/oauth2/auth/requests/consent?consent_challenge=c%2B%2F%3D";
    wire.saw(line, &[ACCESS], "");
    assert_eq!(json!(request.challenge.expose()), recorded["challenge"]);
    assert_eq!(json!(request.consent_request_id), recorded["consent_request_id"]);
    assert_eq!(json!(request.requested_access_token_audience), recorded["requested_access_token_audience"]);
    assert_eq!(json!(request.amr), recorded["amr"]);
    assert_eq!(request.context, Some(json!({"from": "login", "list": [1, null]})));
    assert_eq!(request.client.as_ref().unwrap().metadata, Some(json!({"tier": 1})));
    assert_eq!(request.skip, Some(false));

    let recorded = wire.replays("hydra-26.2.0/adminAcceptOAuth2ConsentRequest.ok");
    let session = AcceptOAuth2ConsentRequestSession::builder()
        .access_token(json!({"roles": ["a", "b"]}))
        .id_token(json!({"name": "Älice"}));
    let body = AcceptOAuth2ConsentRequest::builder()
        .context("any")
        .grant_access_token_audience(["https://api.example.org"])
        .grant_scope(["openid", "offline"])
        .handled_at(time("2026-11-22T13:34:01.283476494Z"))
        .remember(false)
        .remember_for(3600)
        .session(session);
    let accept = client.admin_accept_oauth2_consent_request().consent_challenge(CHALLENGE).body(body);
    let answer = accept.send().await.unwrap();
    wire.saw(
        "PUT /hydra-admin/admin/oauth2/auth/requests/consent/accept?consent_challenge=c%2B%2F%3D",
        &[ACCESS, JSON],
        concat!(
            r#"{"context":"any","grant_access_token_audience":["https://api.example.org"],"#,
            r#""grant_scope":["openid","offline"],"handled_at":"2026-11-22T13:34:01.283476494Z","#,
            r#""remember":false,"remember_for":3600,"#,
            r#""session":{"access_token":{"roles":["a","b"]},"id_token":{"name":"Älice"}}}"#,
        ),
    );
    assert_eq!(json!(answer.redirect_to.expose()), recorded["redirect_to"]);

    let recorded = wire.recorded("adminRejectOAuth2ConsentRequest");
    let reject = client.admin_reject_oauth2_consent_request().consent_challenge(CHALLENGE).body(rejection());
    let answer = reject.send().await.unwrap();
    let line = "PUT /hydra-admin/admin/oauth2/auth/requests/consent/reject?consent_challenge=c%2B%2F%3D";
    wire.saw(line, &[ACCESS, JSON], REJECTION);
    assert_eq!(json!(answer.redirect_to.expose()), recorded["redirect_to"]);
}

async fn logout_requests(wire: &mut Wire, client: &Client) {
    let recorded = wire.replays("hydra-26.2.0/adminGetOAuth2LogoutRequest.ok");
    let request = client.admin_get_oauth2_logout_request().logout_challenge(CHALLENGE).send().await.unwrap();
    let line = "GET /hydra-admin/admin/oauth2/auth/requests/logout?logout_challenge=c%2B%2F%3D";
    wire.saw(line, &[ACCESS], "");
    assert_eq!(request.subject.as_deref(), Some("judy@example.org"));
    assert_eq!(json!(request.sid), recorded["sid"]);
    assert_eq!(json!(request.request_url.as_ref().unwrap().expose()), recorded["request_url"]);
    assert_eq!((request.rp_initiated, request.expires_at), (Some(true), None));
    assert_eq!(json!(request.client.as_ref().unwrap().client_name), recorded["client"]["client_name"]);

    let recorded = wire.recorded("adminAcceptOAuth2LogoutRequest");
    let answer = client.admin_accept_oauth2_logout_request().logout_challenge(CHALLENGE).send().await.unwrap();
    let line = "PUT /hydra-admin/admin/oauth2/auth/requests/logout/accept?logout_challenge=c%2B%2F%3D";
    wire.saw(line, &[ACCESS], "");
    assert_eq!(json!(answer.redirect_to.expose()), recorded["redirect_to"]);

    wire.recorded("adminRejectOAuth2LogoutRequest");
    let reject = client.admin_reject_oauth2_logout_request().logout_challenge(CHALLENGE).body(rejection());
    let answer = reject.send().await.unwrap();
    let line = "PUT /hydra-admin/admin/oauth2/auth/requests/logout/reject?logout_challenge=c%2B%2F%3D";
    wire.saw(line, &[ACCESS, JSON], REJECTION);
    assert_eq!(answer.status(), 204);
}

async fn sessions(wire: &mut Wire, client: &Client) {
    let recorded = wire.replays("hydra-26.2.0/adminListOAuth2SubjectConsentSessions.ok");
    let sessions = client
        .admin_list_oauth2_subject_consent_sessions()
        .subject("alice@example.org")
        .login_session_id("s/1")
        .page_size(500)
        .page_token("t=")
        .send()
        .await
        .unwrap();
    wire.saw(
        "GET /hydra-admin/admin/oauth2/auth/sessions/consent\
         ?subject=alice%40example.org&login_session_id=s%2F1&page_size=500&page_token=t%3D",
        &[ACCESS],
        "",
    );
    assert_eq!(sessions.len(), recorded.as_array().unwrap().len());
    assert_eq!(json!(sessions[0].grant_scope), recorded[0]["grant_scope"]);
    assert_eq!(json!(sessions[0].session), recorded[0]["session"]);
    assert_eq!(json!(sessions[0].handled_at), recorded[0]["handled_at"]);
    let request = sessions[0].consent_request.as_ref().unwrap();
    // It is over, so it has no challenge any more.
    assert!(request.challenge.is_empty());
    assert_eq!(json!(request.login_session_id), recorded[0]["consent_request"]["login_session_id"]);

    wire.recorded("adminRevokeOAuth2ConsentSessions");
    let answer = client
        .admin_revoke_oauth2_consent_sessions()
        .subject("alice@example.org")
        .client_query("id 1")
        .consent_request_id("r/1")
        .all(true)
        .send()
        .await
        .unwrap();
    wire.saw(
        "DELETE /hydra-admin/admin/oauth2/auth/sessions/consent\
         ?subject=alice%40example.org&client=id+1&consent_request_id=r%2F1&all=true",
        &[ACCESS],
        "",
    );
    assert_eq!(answer.status(), 204);

    wire.recorded("adminRevokeOAuth2LoginSessions");
    let revoke = client.admin_revoke_oauth2_login_sessions().subject("alice@example.org").sid("s/1");
    let answer = revoke.send().await.unwrap();
    let line = "DELETE /hydra-admin/admin/oauth2/auth/sessions/login?subject=alice%40example.org&sid=s%2F1";
    wire.saw(line, &[ACCESS], "");
    assert_eq!(answer.status(), 204);
}

async fn issuers(wire: &mut Wire, client: &Client) {
    let recorded = wire.replays("hydra-26.2.0/adminListTrustedOAuth2JwtGrantIssuers.issuer-page-1");
    let issuers = client
        .admin_list_trusted_oauth2_jwt_grant_issuers()
        .issuer("https://odd.example.org")
        .page_size(2)
        .page_token("t=")
        .limit(3)
        .offset(0)
        .max_items(4)
        .default_items(5)
        .send()
        .await
        .unwrap();
    wire.saw(
        "GET /hydra-admin/admin/trust/grants/jwt-bearer/issuers\
         ?issuer=https%3A%2F%2Fodd.example.org&page_size=2&page_token=t%3D&limit=3&offset=0&MaxItems=4&DefaultItems=5",
        &[ACCESS],
        "",
    );
    assert_eq!(json!(*issuers), recorded);
    assert_eq!(issuers[1].public_key.as_ref().unwrap().kid.as_deref(), Some("paging-5"));

    let recorded = wire.replays("hydra-26.2.0/adminTrustOAuth2JwtGrantIssuer.created");
    let body = AdminTrustOAuth2JwtGrantIssuerBody::builder()
        .allow_any_subject(false)
        .expires_at(time("2026-11-23T14:34:06+01:00"))
        .issuer("https://issuer.example.org")
        .jwk(every_member(JsonWebKey::builder()))
        .scope(["openid", "offline"])
        .subject("mike@example.org");
    let created = client.admin_trust_oauth2_jwt_grant_issuer().body(body).send().await.unwrap();
    wire.saw(
        "POST /hydra-admin/admin/trust/grants/jwt-bearer/issuers",
        &[ACCESS, JSON],
        &[
            r#"{"allow_any_subject":false,"expires_at":"2026-11-23T13:34:06Z","issuer":"https://issuer.example.org","#,
            r#""jwk":"#,
            EVERY_MEMBER,
            r#","scope":["openid","offline"],"subject":"mike@example.org"}"#,
        ]
        .concat(),
    );
    assert_eq!(created.status(), 201);
    assert_eq!(json!(*created), recorded);

    // An answer of version 2 that has no list of scopes.
    let recorded = wire.replays("hydra-2.0.3/adminTrustOAuth2JwtGrantIssuer.no-scope");
    let trust = client.admin_trust_oauth2_jwt_grant_issuer();
    let trust = trust.json_body(json!({"issuer": "https://issuer.example.org", "subject": null}));
    let created = trust.send().await.unwrap();
    let line = "POST /hydra-admin/admin/trust/grants/jwt-bearer/issuers";
    wire.saw(line, &[ACCESS, JSON], r#"{"issuer":"https://issuer.example.org","subject":null}"#);
    assert_eq!(recorded["scope"], Value::Null);
    assert!(created.scope.is_empty());

    let recorded = wire.recorded("adminGetTrustedOAuth2JwtGrantIssuer");
    let found = client.admin_get_trusted_oauth2_jwt_grant_issuer().id("i/1").send().await.unwrap();
    wire.saw("GET /hydra-admin/admin/trust/grants/jwt-bearer/issuers/i%2F1", &[ACCESS], "");
    assert_eq!(json!(*found), recorded);

    wire.recorded("adminDeleteTrustedOAuth2JwtGrantIssuer");
    let deleted = client.admin_delete_trusted_oauth2_jwt_grant_issuer().id("i-1").send().await.unwrap();
    wire.saw("DELETE /hydra-admin/admin/trust/grants/jwt-bearer/issuers/i-1", &[ACCESS], "");
    assert_eq!(deleted.status(), 204);
}

/// The client's own access token opens administrative doors, so it never goes to a public one.
#[tokio::test]
async fn no_credential_but_its_own() {
    let mut wire = Wire::new().await;
    // Nobody: a public client proves nothing, a browser has no cookies yet.
    let client = wire.client.clone();
    wire.recorded("performOAuth2TokenFlow");
    let token = client.perform_oauth2_token_flow().body_map(|body| body.grant_type("refresh_token").client_id("id-1"));
    token.send().await.unwrap();
    wire.saw("POST /hydra/oauth2/token", &[FORM], "client_id=id-1&grant_type=refresh_token");
    wire.recorded("revokeOAuth2Token");
    client.revoke_oauth2_token().body_map(|body| body.token("t").client_id("id-1")).send().await.unwrap();
    wire.saw("POST /hydra/oauth2/revoke", &[FORM], "client_id=id-1&token=t");
    wire.replays("hydra-26.2.0/performOAuth2AuthorizationFlow.to-login");
    client.perform_oauth2_authorization_flow().send().await.unwrap();
    wire.saw("GET /hydra/oauth2/auth", &[], "");

    // A person's OAuth2 token proves no client. One for whom it does can say so with `header`.
    let client = wire.client.with_oauth2_token("ory_at_person").with_registration_token("ory_at_registration");
    wire.recorded("performOAuth2TokenFlow");
    client.perform_oauth2_token_flow().body_map(|body| body.grant_type("x")).send().await.unwrap();
    wire.saw("POST /hydra/oauth2/token", &[FORM], "grant_type=x");
    wire.recorded("revokeOAuth2Token");
    client.revoke_oauth2_token().body_map(|body| body.token("t")).send().await.unwrap();
    wire.saw("POST /hydra/oauth2/revoke", &[FORM], "token=t");

    // A session token is Kratos' own: the pages of Hydra know cookies alone.
    let client = wire.client.with_session_token("ory_st_1");
    wire.replays("hydra-26.2.0/performOAuth2AuthorizationFlow.to-login");
    client.perform_oauth2_authorization_flow().send().await.unwrap();
    wire.saw("GET /hydra/oauth2/auth", &[], "");
    wire.recorded("discoverOidcConfiguration");
    client.discover_oidc_configuration().send().await.unwrap();
    wire.saw("GET /hydra/.well-known/openid-configuration", &[], "");
}

#[tokio::test]
async fn without_an_oauth2_token() {
    let wire = Wire::new().await;
    let client = wire.client.with_client_credentials("id", "secret").with_registration_token("ory_at_registration");
    wire.refused(
        client.get_oidc_user_info().send().await,
        ErrorKind::Configuration,
        "getOidcUserInfo: it needs an OAuth2 access token: call `with_oauth2_token`",
    );
}

/// A challenge that was used says where the browser went: an error that keeps all that was said.
#[tokio::test]
async fn used_challenges() {
    let mut wire = Wire::new().await;
    let client = wire.client.clone();
    let uses = [
        ("login", "hydra-2.0.3/adminGetOAuth2LoginRequest.used"),
        ("consent", "hydra-2.0.3/adminGetOAuth2ConsentRequest.used"),
        ("logout", "hydra-2.0.3/adminGetOAuth2LogoutRequest.finished"),
    ];
    for (page, name) in uses {
        let recorded = wire.replays(name);
        let error = match page {
            "login" => client.admin_get_oauth2_login_request().login_challenge("c").send().await.unwrap_err(),
            "consent" => client.admin_get_oauth2_consent_request().consent_challenge("c").send().await.unwrap_err(),
            _ => client.admin_get_oauth2_logout_request().logout_challenge("c").send().await.unwrap_err(),
        };
        let line = format!("GET /hydra-admin/admin/oauth2/auth/requests/{page}?{page}_challenge=c");
        wire.saw(&line, &[ACCESS], "");
        assert_eq!((error.kind(), error.status().unwrap().as_u16()), (ErrorKind::Api, 410), "{name}");
        assert_eq!(error.to_string(), format!("{}: 410 Gone", error.operation()));
        assert!(recorded["redirect_to"].as_str().unwrap().contains("/oauth2/"), "{name}");
        assert_eq!(error.json(), Some(recorded.clone()), "{name}");
        assert_eq!(*error.body(), recorded.to_string(), "{name}");
    }
}

#[tokio::test]
async fn refused_by_the_token_endpoint() {
    let mut wire = Wire::new().await;
    wire.replays("hydra-2.0.3/performOAuth2TokenFlow.bad-secret");
    let client = wire.client.with_client_credentials("id:1", "s/e c+rét");
    let error = client.perform_oauth2_token_flow().body_map(|body| body.grant_type("client_credentials"));
    let error = error.send().await.unwrap_err();
    wire.saw("POST /hydra/oauth2/token", &[BASIC, FORM], "grant_type=client_credentials");
    assert!(error.is_unauthorized());
    assert_eq!(error.oauth_error(), Some(OAuthError::InvalidClient));
}

#[tokio::test]
async fn missing_arguments() {
    let wire = Wire::new().await;
    let client = wire.loaded();
    wire.refused(
        client.admin_get_oauth2_login_request().send().await,
        ErrorKind::Argument,
        "adminGetOAuth2LoginRequest: `login_challenge` is missing",
    );
    wire.refused(
        client.perform_oauth2_token_flow().send().await,
        ErrorKind::Argument,
        "performOAuth2TokenFlow: `body` is missing",
    );
    wire.refused(
        client.perform_oauth2_token_flow().body_map(|body| body.code("c")).send().await,
        ErrorKind::Argument,
        "performOAuth2TokenFlow: `body` is refused: PerformOAuth2TokenFlowBody: `grant_type` is missing",
    );
    wire.refused(
        client.admin_revoke_oauth2_consent_sessions().all(true).send().await,
        ErrorKind::Argument,
        "adminRevokeOAuth2ConsentSessions: `subject` is missing",
    );
}

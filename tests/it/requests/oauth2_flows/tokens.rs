//! Tokens and user info, and which credential their requests carry.

use ory_sdk::error::OAuth2ErrorCode;
use ory_sdk::response::JsonOrText;
use ory_sdk::types::{AdminIntrospectOAuth2TokenBody, PerformOAuth2TokenFlowBody, RevokeOAuth2TokenBody};
use ory_sdk::{Client, ErrorKind};
use serde_json::json;

use crate::requests::{ACCESS, BASIC, FORM, OAUTH2, Wire};

pub async fn tokens(wire: &mut Wire, client: &Client) {
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
    let response = client.perform_oauth2_token_flow().body(body).send().await.unwrap();
    wire.saw(
        "POST /hydra/oauth2/token",
        &[BASIC, FORM],
        "assertion=a.s.s&audience=https%3A%2F%2Fapi.example.org+urn%3Atwo&client_assertion=c.a\
         &client_assertion_type=urn%3Aietf%3Aparams%3Aoauth%3Aclient-assertion-type%3Ajwt-bearer&client_id=id+1\
         &client_secret=s%2Fe+c%2Br%C3%A9t&code=ory_ac_1&code_verifier=v%7E1&device_code=ory_dc_1\
         &grant_type=authorization_code&redirect_uri=https%3A%2F%2Fapp.example.org%2Fcallback&refresh_token=ory_rt_1\
         &scope=openid+offline",
    );
    assert_eq!(json!(*response), recorded);
    assert_eq!((response.expires_in, response.token_type.as_deref()), (Some(3599), Some("bearer")));
    assert!(response.access_token.as_ref().unwrap().expose().starts_with("ory_at_"));

    wire.recorded("revokeOAuth2Token");
    let body = RevokeOAuth2TokenBody::builder()
        .client_id("id 1")
        .client_secret("s&1")
        .token("ory_rt_1")
        .token_type_hint("refresh_token");
    let response = client.revoke_oauth2_token().body(body).send().await.unwrap();
    wire.saw(
        "POST /hydra/oauth2/revoke",
        &[BASIC, FORM],
        "client_id=id+1&client_secret=s%261&token=ory_rt_1&token_type_hint=refresh_token",
    );
    assert_eq!(response.status(), 200);
    assert!(response.raw_body().is_empty());

    let recorded = wire.replays("hydra-2.0.3/adminIntrospectOAuth2Token.active");
    let body = AdminIntrospectOAuth2TokenBody::builder()
        .scope("openid offline")
        .token("ory_at_1")
        .token_type_hint("access_token");
    let response = client.admin_introspect_oauth2_token().body(body).send().await.unwrap();
    wire.saw(
        "POST /hydra-admin/admin/oauth2/introspect",
        &[ACCESS, FORM],
        "scope=openid+offline&token=ory_at_1&token_type_hint=access_token",
    );
    assert!(response.active);
    assert_eq!(response.sub.as_deref(), Some("bob@example.org"));
    assert_eq!((json!(response.exp), json!(response.token_use)), (recorded["exp"].clone(), json!("access_token")));
    assert_eq!(response.ext, Some(json!({"tenant": 1})));

    // An invalid token is not an error.
    wire.replays("hydra-2.0.3/adminIntrospectOAuth2Token.garbage");
    let response = client.admin_introspect_oauth2_token().body_map(|body| body.token("x")).send().await.unwrap();
    wire.saw("POST /hydra-admin/admin/oauth2/introspect", &[ACCESS, FORM], "token=x");
    assert!(!response.active);

    wire.recorded("adminDeleteOAuth2Token");
    let response = client.admin_delete_oauth2_token().client_id("id 1").send().await.unwrap();
    wire.saw("DELETE /hydra-admin/admin/oauth2/tokens?client_id=id+1", &[ACCESS], "");
    assert_eq!(response.status(), 204);
}

pub async fn userinfo(wire: &mut Wire, client: &Client) {
    let recorded = wire.replays("hydra-2.0.3/getOidcUserInfo.claims");
    let response = client.get_oidc_user_info().send().await.unwrap();
    wire.saw("GET /hydra/userinfo", &[OAUTH2], "");
    let person = response.json().unwrap();
    assert_eq!(json!(person), recorded);
    assert_eq!((person.sub.as_deref(), person.name.as_deref()), (Some("bob@example.org"), Some("Bob")));

    // Custom claims are kept, the token of a client alone has no subject, and `aud` may be a single string.
    wire.json("getOidcUserInfo", json!({"aud": "id-1", "tenant": {"id": 7}, "email_verified": false}));
    let response = client.get_oidc_user_info().send().await.unwrap();
    wire.saw("GET /hydra/userinfo", &[OAUTH2], "");
    let person = response.json().unwrap();
    assert_eq!((&person.sub, &person.aud), (&None, &Some(json!("id-1"))));
    assert_eq!(person.email_verified, Some(false));
    assert_eq!(person.extra["tenant"], json!({"id": 7}));

    // A client may request signed claims.
    wire.replays("hydra-2.0.3/getOidcUserInfo.signed");
    let response = client.get_oidc_user_info().send().await.unwrap();
    wire.saw("GET /hydra/userinfo", &[OAUTH2], "");
    let JsonOrText::Text(signed) = &*response else { panic!("{response:?}") };
    assert_eq!(signed.expose().as_bytes(), response.raw_body());
    assert!(signed.expose().starts_with("eyJ") && signed.expose().split('.').count() == 3);
    assert!(!format!("{response:?}").contains("eyJ"));
}

/// The access token grants administrative access, so it never goes to a public endpoint.
#[tokio::test]
async fn no_credential_but_its_own() {
    let mut wire = Wire::new().await;
    // No credentials: a public client does not authenticate, and a browser has no cookies yet.
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

    // A user's OAuth2 token does not authenticate a client. A caller for whom it does can set it with `header`.
    let client = wire.client.with_oauth2_token("ory_at_person").with_registration_token("ory_at_registration");
    wire.recorded("performOAuth2TokenFlow");
    client.perform_oauth2_token_flow().body_map(|body| body.grant_type("x")).send().await.unwrap();
    wire.saw("POST /hydra/oauth2/token", &[FORM], "grant_type=x");
    wire.recorded("revokeOAuth2Token");
    client.revoke_oauth2_token().body_map(|body| body.token("t")).send().await.unwrap();
    wire.saw("POST /hydra/oauth2/revoke", &[FORM], "token=t");

    // A session token is only for Kratos. The pages of Hydra accept only cookies.
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
        "getOidcUserInfo: it requires an OAuth2 access token: call `with_oauth2_token`",
    );
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
    assert_eq!(error.oauth2_error(), Some(OAuth2ErrorCode::InvalidClient));
}

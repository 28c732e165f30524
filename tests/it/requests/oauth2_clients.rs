//! OAuth2 clients, managed by an administrator and by the client itself through its registration.

use chrono::{DateTime, Utc};
use ory_sdk::types::{JsonPatch, OAuth2Client, builder};
use ory_sdk::{Client, ErrorKind};
use serde_json::{Value, json};

use super::{ACCESS, JSON, REGISTRATION, Seen, Wire};

/// Every field that the contract declares, in the order in which they are sent, and one that it does not.
const EVERY_FIELD: &str = r#"{
"access_token_strategy":"jwt",
"allowed_cors_origins":["https://app.example.org"],
"audience":["https://api.example.org","urn:two"],
"authorization_code_grant_access_token_lifespan":"1h",
"authorization_code_grant_id_token_lifespan":"2h",
"authorization_code_grant_refresh_token_lifespan":"3h",
"backchannel_logout_session_required":true,
"backchannel_logout_uri":"https://app.example.org/back",
"client_credentials_grant_access_token_lifespan":"4h",
"client_id":"id-1",
"client_name":"Näme \"1\"",
"client_secret":"s/e c+rét",
"client_secret_expires_at":0,
"client_uri":"https://app.example.org/",
"contacts":["one@example.org","two@example.org"],
"created_at":"2026-11-22T13:33:35Z",
"device_authorization_grant_access_token_lifespan":"5h",
"device_authorization_grant_id_token_lifespan":"6h",
"device_authorization_grant_refresh_token_lifespan":"7h",
"frontchannel_logout_session_required":false,
"frontchannel_logout_uri":"https://app.example.org/front",
"grant_types":["authorization_code","refresh_token"],
"implicit_grant_access_token_lifespan":"8h",
"implicit_grant_id_token_lifespan":"9h",
"jwks":{"keys":[{"kty":"EC"}]},
"jwks_uri":"https://app.example.org/keys",
"jwt_bearer_grant_access_token_lifespan":"10h",
"logo_uri":"https://app.example.org/logo.png",
"metadata":["any",1,null],
"owner":"owner-1",
"password_grant_access_token_lifespan":"11h",
"password_grant_refresh_token_lifespan":"12h",
"policy_uri":"https://app.example.org/policy",
"post_logout_redirect_uris":["https://app.example.org/bye"],
"redirect_uris":["https://app.example.org/callback?fixed=1","org.example.app:/callback"],
"refresh_token_grant_access_token_lifespan":"13h",
"refresh_token_grant_id_token_lifespan":"14h",
"refresh_token_grant_refresh_token_lifespan":"15h",
"registration_access_token":"ory_at_r",
"registration_client_uri":"https://auth.example.org/oauth2/register/id-1",
"request_object_signing_alg":"RS256",
"request_uris":["https://app.example.org/request"],
"response_types":["code","code id_token"],
"scope":"openid offline",
"sector_identifier_uri":"https://app.example.org/sector",
"skip_consent":true,
"skip_logout_consent":false,
"subject_type":"pairwise",
"token_endpoint_auth_method":"private_key_jwt",
"token_endpoint_auth_signing_alg":"ES256",
"tos_uri":"https://app.example.org/terms",
"updated_at":"2026-11-22T13:33:35.019698Z",
"userinfo_signed_response_alg":"none",
"x_of_tomorrow":{"a":null}
}"#;

fn every_field(client: builder::OAuth2Client) -> builder::OAuth2Client {
    let time = |text: &str| text.parse::<DateTime<Utc>>().unwrap();
    client
        .access_token_strategy("jwt")
        .allowed_cors_origins(["https://app.example.org"])
        .audience(["https://api.example.org", "urn:two"])
        .authorization_code_grant_access_token_lifespan("1h")
        .authorization_code_grant_id_token_lifespan("2h")
        .authorization_code_grant_refresh_token_lifespan("3h")
        .backchannel_logout_session_required(true)
        .backchannel_logout_uri("https://app.example.org/back")
        .client_credentials_grant_access_token_lifespan("4h")
        .client_id("id-1")
        .client_name("Näme \"1\"")
        .client_secret("s/e c+rét")
        .client_secret_expires_at(0)
        .client_uri("https://app.example.org/")
        .contacts(["one@example.org", "two@example.org"])
        .created_at(time("2026-11-22T13:33:35Z"))
        .device_authorization_grant_access_token_lifespan("5h")
        .device_authorization_grant_id_token_lifespan("6h")
        .device_authorization_grant_refresh_token_lifespan("7h")
        .frontchannel_logout_session_required(false)
        .frontchannel_logout_uri("https://app.example.org/front")
        .grant_types(["authorization_code", "refresh_token"])
        .implicit_grant_access_token_lifespan("8h")
        .implicit_grant_id_token_lifespan("9h")
        .jwks(json!({"keys": [{"kty": "EC"}]}))
        .jwks_uri("https://app.example.org/keys")
        .jwt_bearer_grant_access_token_lifespan("10h")
        .logo_uri("https://app.example.org/logo.png")
        .metadata(json!(["any", 1, null]))
        .owner("owner-1")
        .password_grant_access_token_lifespan("11h")
        .password_grant_refresh_token_lifespan("12h")
        .policy_uri("https://app.example.org/policy")
        .post_logout_redirect_uris(["https://app.example.org/bye"])
        .redirect_uris(["https://app.example.org/callback?fixed=1", "org.example.app:/callback"])
        .refresh_token_grant_access_token_lifespan("13h")
        .refresh_token_grant_id_token_lifespan("14h")
        .refresh_token_grant_refresh_token_lifespan("15h")
        .registration_access_token("ory_at_r")
        .registration_client_uri("https://auth.example.org/oauth2/register/id-1")
        .request_object_signing_alg("RS256")
        .request_uris(["https://app.example.org/request"])
        .response_types(["code", "code id_token"])
        .scope("openid offline")
        .sector_identifier_uri("https://app.example.org/sector")
        .skip_consent(true)
        .skip_logout_consent(false)
        .subject_type("pairwise")
        .token_endpoint_auth_method("private_key_jwt")
        .token_endpoint_auth_signing_alg("ES256")
        .tos_uri("https://app.example.org/terms")
        .updated_at(time("2026-11-22T13:33:35.019698Z"))
        .userinfo_signed_response_alg("none")
        .extra(json!({"x_of_tomorrow": {"a": null}}).as_object().unwrap().clone())
}

pub async fn cases() -> Vec<Seen> {
    let mut wire = Wire::new().await;
    let client = wire.loaded();
    let every_field_text = EVERY_FIELD.replace('\n', "");

    // As an administrator.

    let recorded = wire.recorded("adminListOAuth2Clients");
    let clients = client
        .admin_list_oauth2_clients()
        .page_size(7)
        .page_token("eyJvIjoi/+=")
        .client_name("even more")
        .owner("a&b")
        .send()
        .await
        .unwrap();
    let target = "/admin/clients?page_size=7&page_token=eyJvIjoi%2F%2B%3D&client_name=even+more&owner=a%26b";
    wire.saw(&format!("GET /hydra-admin{target}"), &[ACCESS], "");
    assert_eq!(clients.len(), recorded.as_array().unwrap().len());
    assert_eq!(clients.headers()["x-total-count"], "7");
    assert_eq!(json!(clients[0].client_id), recorded[0]["client_id"]);
    assert_eq!(json!(clients[0].contacts), recorded[0]["contacts"]);

    wire.json("adminListOAuth2Clients", Value::Null);
    let none = client.admin_list_oauth2_clients().send().await.unwrap();
    wire.saw("GET /hydra-admin/admin/clients", &[ACCESS], "");
    assert!(none.is_empty());

    let recorded = wire.replays("hydra-26.2.0/adminCreateOAuth2Client.full");
    let created = client.admin_create_oauth2_client().body_map(every_field).send().await.unwrap();
    wire.saw("POST /hydra-admin/admin/clients", &[ACCESS, JSON], &every_field_text);
    assert_eq!(created.status(), 201);
    // Every decoded field is what the server sent.
    assert_eq!(without_nothing(json!(*created)), without_nothing(recorded));
    assert!(created.registration_access_token.as_ref().unwrap().expose().starts_with("ory_at_"));

    // Version 2 servers send null for an empty list, and arbitrary text where an enum would be expected.
    let recorded = wire.recorded("adminCreateOAuth2Client");
    let created = client.admin_create_oauth2_client().body(OAuth2Client::builder()).send().await.unwrap();
    wire.saw("POST /hydra-admin/admin/clients", &[ACCESS, JSON], "{}");
    assert_eq!(recorded["redirect_uris"], Value::Null);
    assert!(created.redirect_uris.is_empty());
    assert_eq!(created.token_endpoint_auth_method.as_deref(), Some("magic"));
    assert_eq!(json!(created.client_secret), recorded["client_secret"]);

    let recorded = wire.recorded("adminGetOAuth2Client");
    let found = client.admin_get_oauth2_client().id("id 1/ü").send().await.unwrap();
    wire.saw("GET /hydra-admin/admin/clients/id%201%2F%C3%BC", &[ACCESS], "");
    assert_eq!(without_nothing(json!(*found)), without_nothing(recorded));

    let recorded = wire.recorded("adminUpdateOAuth2Client");
    let updated = client.admin_update_oauth2_client().id("id-1").body_map(every_field).send().await.unwrap();
    wire.saw("PUT /hydra-admin/admin/clients/id-1", &[ACCESS, JSON], &every_field_text);
    assert_eq!(without_nothing(json!(*updated)), without_nothing(recorded));

    let recorded = wire.recorded("adminPatchOAuth2Client");
    let patch = JsonPatch::new().move_value("/metadata/a", "/metadata/b~1c").unwrap();
    let patch = patch.replace("/metadata", Value::Null).unwrap().remove("/owner").unwrap();
    let patched = client.admin_patch_oauth2_client().id("id-1").body(patch).send().await.unwrap();
    wire.saw(
        "PATCH /hydra-admin/admin/clients/id-1",
        &[ACCESS, JSON],
        concat!(
            r#"[{"from":"/metadata/a","op":"move","path":"/metadata/b~1c"},"#,
            r#"{"op":"replace","path":"/metadata","value":null},"#,
            r#"{"op":"remove","path":"/owner"}]"#,
        ),
    );
    assert_eq!(json!(patched.redirect_uris), recorded["redirect_uris"]);
    assert_eq!(patched.metadata, Some(recorded["metadata"].clone()));
    assert_eq!(patched.authorization_code_grant_access_token_lifespan.as_deref(), Some("2h0m0s"));

    wire.recorded("adminDeleteOAuth2Client");
    let deleted = client.admin_delete_oauth2_client().id("id-1").send().await.unwrap();
    wire.saw("DELETE /hydra-admin/admin/clients/id-1", &[ACCESS], "");
    assert_eq!(deleted.status(), 204);

    // As the client itself.

    let recorded = wire.recorded("dynamicClientRegistrationCreateOAuth2Client");
    let registered =
        client.dynamic_client_registration_create_oauth2_client().body_map(every_field).send().await.unwrap();
    wire.saw("POST /hydra/oauth2/register", &[JSON], &every_field_text);
    assert_eq!(registered.status(), 201);
    assert_eq!(without_nothing(json!(*registered)), without_nothing(recorded));

    let recorded = wire.replays("hydra-26.2.0/dynamicClientRegistrationGetOAuth2Client.ok");
    let found = client.dynamic_client_registration_get_oauth2_client().id("id/1").send().await.unwrap();
    wire.saw("GET /hydra/oauth2/register/id%2F1", &[REGISTRATION], "");
    assert_eq!(without_nothing(json!(*found)), without_nothing(recorded));

    let recorded = wire.recorded("dynamicClientRegistrationUpdateOAuth2Client");
    let update = client.dynamic_client_registration_update_oauth2_client().id("id-1").body_map(every_field);
    let updated = update.send().await.unwrap();
    wire.saw("PUT /hydra/oauth2/register/id-1", &[JSON, REGISTRATION], &every_field_text);
    assert_eq!(json!(updated.client_name), recorded["client_name"]);
    // This is a new token. The old one is no longer valid.
    assert_eq!(json!(updated.registration_access_token), recorded["registration_access_token"]);

    wire.recorded("dynamicClientRegistrationDeleteOAuth2Client");
    let deleted = client.dynamic_client_registration_delete_oauth2_client().id("id-1").send().await.unwrap();
    wire.saw("DELETE /hydra/oauth2/register/id-1", &[REGISTRATION], "");
    assert_eq!(deleted.status(), 204);

    wire.into_seen()
}

/// Removes keys with null, an empty string, list or object, all of which mean the same as an absent key: Hydra sends `{}`
/// for keys and metadata that were never set.
fn without_nothing(mut object: Value) -> Value {
    object.as_object_mut().unwrap().retain(|_, value| ![Value::Null, json!(""), json!([]), json!({})].contains(value));
    object
}

#[tokio::test]
async fn requests_and_responses() {
    cases().await;
}

#[tokio::test]
async fn put_keeps_what_the_contract_does_not_know() {
    let mut wire = Wire::new().await;
    let mut recorded = wire.replays("hydra-26.2.0/adminGetOAuth2Client.ok");
    recorded["x_one"] = json!({"a": [1, null, "é"]});
    recorded["x_two"] = Value::Null;
    wire.json("adminGetOAuth2Client", recorded.clone());
    let found = wire.client.admin_get_oauth2_client().id("id-1").send().await.unwrap();
    wire.saw("GET /hydra-admin/admin/clients/id-1", &[ACCESS], "");
    assert_eq!(found.extra["x_one"], recorded["x_one"]);

    wire.recorded("adminUpdateOAuth2Client");
    wire.client.admin_update_oauth2_client().id("id-1").body(found.into_body()).send().await.unwrap();
    // Everything is sent back byte for byte, except known fields that are null or empty.
    let x_two = recorded.as_object_mut().unwrap().remove("x_two").unwrap();
    let mut sent = without_nothing(recorded);
    sent["x_two"] = x_two;
    let text = sent.to_string();
    assert!(text.ends_with(r#","x_one":{"a":[1,null,"é"]},"x_two":null}"#), "{text}");
    wire.saw("PUT /hydra-admin/admin/clients/id-1", &[ACCESS, JSON], &text);
}

#[tokio::test]
async fn changing_one_field_keeps_the_others() {
    let mut wire = Wire::new().await;
    let recorded = wire.replays("hydra-26.2.0/adminGetOAuth2Client.ok");
    let found = wire.client.admin_get_oauth2_client().id("id-1").send().await.unwrap().into_body();
    wire.saw("GET /hydra-admin/admin/clients/id-1", &[ACCESS], "");

    wire.recorded("adminUpdateOAuth2Client");
    let update = wire.client.admin_update_oauth2_client().id("id-1").body(found);
    update.body_map(|client| client.client_name("Other").contacts(["new@example.org"])).send().await.unwrap();
    let mut sent = without_nothing(recorded);
    sent["client_name"] = json!("Other");
    sent["contacts"] = json!(["new@example.org"]);
    wire.saw("PUT /hydra-admin/admin/clients/id-1", &[ACCESS, JSON], &sent.to_string());
}

/// Self-hosted Hydra has no access tokens for administration, so these calls are sent without one. On the Ory Network
/// they could only fail, so they are refused.
#[tokio::test]
async fn without_an_access_token() {
    let mut wire = Wire::new().await;
    let url = wire.server.url();
    for own in [Client::builder().hydra_admin_url(&url), Client::builder().project_url(&url)] {
        let own = own.user_agent("cases/1").build().unwrap();
        wire.recorded("adminGetOAuth2Client");
        own.admin_get_oauth2_client().id("id-1").send().await.unwrap();
        wire.saw("GET /admin/clients/id-1", &[], "");
    }
    let network = Client::builder().project("good-wright-1").build().unwrap();
    wire.refused(
        network.admin_get_oauth2_client().id("id-1").send().await,
        ErrorKind::Configuration,
        "adminGetOAuth2Client: the project requires a token: set `access_token`",
    );
}

#[tokio::test]
async fn without_a_registration_token() {
    let wire = Wire::new().await;
    let needs = |operation: &str| {
        format!("{operation}: it requires the client's registration token: call `with_registration_token`")
    };
    // Neither the access token, a user's OAuth2 token nor client credentials can replace the registration token.
    let client = wire.client.with_oauth2_token("ory_at_person").with_client_credentials("id", "secret");
    wire.refused(
        client.dynamic_client_registration_get_oauth2_client().id("id-1").send().await,
        ErrorKind::Configuration,
        &needs("dynamicClientRegistrationGetOAuth2Client"),
    );
    wire.refused(
        client.dynamic_client_registration_update_oauth2_client().id("id-1").body_map(every_field).send().await,
        ErrorKind::Configuration,
        &needs("dynamicClientRegistrationUpdateOAuth2Client"),
    );
    wire.refused(
        client.dynamic_client_registration_delete_oauth2_client().id("id-1").send().await,
        ErrorKind::Configuration,
        &needs("dynamicClientRegistrationDeleteOAuth2Client"),
    );
}

#[tokio::test]
async fn missing_arguments() {
    let wire = Wire::new().await;
    let client = wire.loaded();
    wire.refused(
        client.admin_get_oauth2_client().send().await,
        ErrorKind::Argument,
        "adminGetOAuth2Client: `id` is missing",
    );
    wire.refused(
        client.admin_create_oauth2_client().send().await,
        ErrorKind::Argument,
        "adminCreateOAuth2Client: `body` is missing",
    );
    wire.refused(
        client.admin_delete_oauth2_client().id("..").send().await,
        ErrorKind::Argument,
        "adminDeleteOAuth2Client: `id` was refused: must not be `.` or `..`, which URLs remove",
    );
}

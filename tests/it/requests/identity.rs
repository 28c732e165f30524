//! Administration of identities, their sessions and recovery, and identity schemas.

use ory_sdk::input::JsonPatch;
use ory_sdk::types::{self, IdentityState};
use serde_json::{Value, json};
use uuid::Uuid;

use super::{ACCESS, JSON, Seen, Wire};
use crate::support::server::Reply;

const ID: &str = "8a6f2d52-9ae0-4aa5-8e90-4d7093e9c5b6";
const WHEN: &str = "2026-11-22T13:48:59.000000001Z";

pub async fn cases() -> Vec<Seen> {
    let mut wire = Wire::new().await;
    list(&mut wire).await;
    create(&mut wire).await;
    get(&mut wire).await;
    update(&mut wire).await;
    patch(&mut wire).await;
    delete(&mut wire).await;
    sessions(&mut wire).await;
    recovery(&mut wire).await;
    schemas(&mut wire).await;
    wire.into_seen()
}

#[tokio::test]
async fn requests_and_responses() {
    cases().await;
}

/// Credentials to import, with every field set. A real password is either plain or hashed.
pub fn credentials() -> types::builder::AdminIdentityImportCredentials {
    let password = || {
        types::AdminCreateIdentityImportCredentialsPasswordConfig::builder()
            .password("a \"quoted\" one")
            .hashed_password("$2a$10$x")
            .use_password_migration_hook(false)
    };
    let provider = types::AdminCreateIdentityImportCredentialsOidcProvider::builder()
        .provider("google")
        .subject("sub/1")
        .use_auto_link(true)
        .organization(ID.parse::<Uuid>().unwrap());
    let oidc = types::AdminCreateIdentityImportCredentialsOidcConfig::builder()
        .config(password())
        .providers([provider.build().unwrap()]);
    let saml = types::AdminCreateIdentityImportCredentialsSamlProvider::builder()
        .provider("corp")
        .subject("s")
        .organization(ID.parse::<Uuid>().unwrap());
    let saml = types::AdminCreateIdentityImportCredentialsSamlConfig::builder().providers([saml.build().unwrap()]);
    let totp = types::AdminCreateIdentityImportCredentialsTotpConfig::builder().totp_url("otpauth://totp/x?secret=A");
    let used = WHEN.parse::<chrono::DateTime<chrono::Utc>>().unwrap();
    let codes = types::IdentityCredentialsLookupSecretCode::builder().code("abcd2345").used_at(used);
    let codes = types::AdminCreateIdentityImportCredentialsLookupSecretConfig::builder().codes([codes]);
    let keys = || {
        types::AdminCreateIdentityImportCredentialsWebAuthnConfig::builder()
            .credentials([json!({"id": "AQ==", "is_passwordless": false})])
            .user_handle("AQID")
    };
    types::AdminIdentityImportCredentials::builder()
        .password(types::AdminCreateIdentityImportCredentialsPassword::builder().config(password()))
        .oidc(types::AdminCreateIdentityImportCredentialsOidc::builder().config(oidc))
        .saml(types::AdminCreateIdentityImportCredentialsSaml::builder().config(saml))
        .totp(types::AdminCreateIdentityImportCredentialsTotp::builder().config(totp))
        .lookup_secret(types::AdminCreateIdentityImportCredentialsLookupSecret::builder().config(codes))
        .webauthn(types::AdminCreateIdentityImportCredentialsWebAuthn::builder().config(keys()))
        .passkey(types::AdminCreateIdentityImportCredentialsPasskey::builder().config(keys()))
}

/// `credentials()` as sent in a body.
pub const CREDENTIALS: &str = concat!(
    r#""credentials":{"#,
    r#""lookup_secret":{"config":{"codes":[{"code":"abcd2345","used_at":"2026-11-22T13:48:59.000000001Z"}]}},"#,
    r#""oidc":{"config":{"config":{"hashed_password":"$2a$10$x","password":"a \"quoted\" one","#,
    r#""use_password_migration_hook":false},"providers":[{"organization":"8a6f2d52-9ae0-4aa5-8e90-4d7093e9c5b6","#,
    r#""provider":"google","subject":"sub/1","use_auto_link":true}]}},"#,
    r#""passkey":{"config":{"credentials":[{"id":"AQ==","is_passwordless":false}],"user_handle":"AQID"}},"#,
    r#""password":{"config":{"hashed_password":"$2a$10$x","password":"a \"quoted\" one","#,
    r#""use_password_migration_hook":false}},"#,
    r#""saml":{"config":{"providers":[{"organization":"8a6f2d52-9ae0-4aa5-8e90-4d7093e9c5b6","#,
    r#""provider":"corp","subject":"s"}]}},"#,
    r#""totp":{"config":{"totp_url":"otpauth://totp/x?secret=A"}},"#,
    r#""webauthn":{"config":{"credentials":[{"id":"AQ==","is_passwordless":false}],"user_handle":"AQID"}}}"#,
);

/// A new identity with every field set.
pub fn identity() -> types::builder::AdminCreateIdentityBody {
    let when = WHEN.parse::<chrono::DateTime<chrono::Utc>>().unwrap();
    let verifiable = types::VerifiableIdentityAddress::builder()
        .id(ID.parse::<Uuid>().unwrap())
        .value("ada@example.org")
        .via("email")
        .verified(true)
        .status("completed")
        .verified_at(when)
        .created_at(when)
        .updated_at(when);
    let recovery = types::RecoveryIdentityAddress::builder()
        .id(ID.parse::<Uuid>().unwrap())
        .value("ada@example.org")
        .via("email")
        .break_glass_for_organization(ID.parse::<Uuid>().unwrap())
        .created_at(when)
        .updated_at(when);
    types::AdminCreateIdentityBody::builder()
        .schema_id("default")
        .traits(json!({"email": "ada@example.org", "age": 36, "empty": null}))
        .state(IdentityState::Inactive)
        .credentials(credentials())
        .verifiable_addresses([verifiable])
        .recovery_addresses([recovery])
        .metadata_public(json!(["é", 1.5]))
        .metadata_admin(json!("vip"))
        .external_id("ext-1")
        .organization_id(ID.parse::<Uuid>().unwrap())
        .region("eu-central")
}

/// `identity()` as sent, without its credentials and the brackets.
pub const IDENTITY: &str = concat!(
    r#","external_id":"ext-1","metadata_admin":"vip","metadata_public":["é",1.5],"#,
    r#""organization_id":"8a6f2d52-9ae0-4aa5-8e90-4d7093e9c5b6","#,
    r#""recovery_addresses":[{"break_glass_for_organization":"8a6f2d52-9ae0-4aa5-8e90-4d7093e9c5b6","#,
    r#""created_at":"2026-11-22T13:48:59.000000001Z","#,
    r#""id":"8a6f2d52-9ae0-4aa5-8e90-4d7093e9c5b6","updated_at":"2026-11-22T13:48:59.000000001Z","#,
    r#""value":"ada@example.org","via":"email"}],"region":"eu-central","#,
    r#""schema_id":"default","state":"inactive","#,
    r#""traits":{"age":36,"email":"ada@example.org","empty":null},"#,
    r#""verifiable_addresses":[{"created_at":"2026-11-22T13:48:59.000000001Z","#,
    r#""id":"8a6f2d52-9ae0-4aa5-8e90-4d7093e9c5b6","status":"completed","#,
    r#""updated_at":"2026-11-22T13:48:59.000000001Z","value":"ada@example.org","verified":true,"#,
    r#""verified_at":"2026-11-22T13:48:59.000000001Z","via":"email"}]"#,
);

async fn list(wire: &mut Wire) {
    let recorded = wire.recorded("adminListIdentities");
    let identities = wire
        .client
        .admin_list_identities()
        .page_size(250)
        .page_token("t")
        .ids(["a", "b&c"])
        .credentials_identifier("ada+x@example.org")
        .preview_credentials_identifier_similar("ad a")
        .include_credential(["password", "oidc&x"])
        .organization_id(ID)
        .consistency("eventual")
        .per_page(1000)
        .page(2)
        .send()
        .await
        .unwrap();
    wire.saw(
        "GET /kratos-admin/admin/identities?page_size=250&page_token=t&ids=a&ids=b%26c\
         &credentials_identifier=ada%2Bx%40example.org&preview_credentials_identifier_similar=ad+a\
         &organization_id=8a6f2d52-9ae0-4aa5-8e90-4d7093e9c5b6&consistency=eventual\
         &include_credential=password&include_credential=oidc%26x&per_page=1000&page=2",
        &[ACCESS],
        "",
    );
    assert_eq!(identities.len(), recorded.as_array().unwrap().len());
    assert_eq!(identities[0].id.to_string(), recorded[0]["id"]);
    assert_eq!(identities[0].traits, Some(recorded[0]["traits"].clone()));
    assert_eq!(identities[0].metadata_admin, None, "null on the wire");

    wire.json("adminListIdentities", json!([]));
    assert!(wire.client.admin_list_identities().send().await.unwrap().is_empty());
    wire.saw("GET /kratos-admin/admin/identities", &[ACCESS], "");
}

async fn create(wire: &mut Wire) {
    let recorded = wire.replays("kratos-26.2.0/adminCreateIdentity.full");
    let identity = wire.client.admin_create_identity().body(identity()).send().await.unwrap();
    let body = format!("{{{CREDENTIALS}{IDENTITY}}}");
    wire.saw("POST /kratos-admin/admin/identities", &[ACCESS, JSON], &body);
    assert_eq!(identity.status(), 201);
    assert_eq!(identity.id.to_string(), recorded["id"]);
    assert_eq!(identity.state, Some(IdentityState::Active));
    assert_eq!(identity.metadata_public, Some(recorded["metadata_public"].clone()));
    assert_eq!(json!(identity.verifiable_addresses[0].value), recorded["verifiable_addresses"][0]["value"]);

    // With only the required fields set, nothing else is sent.
    wire.recorded("adminCreateIdentity");
    let body = types::AdminCreateIdentityBody::builder().schema_id("default").traits(json!({}));
    wire.client.admin_create_identity().body(body).send().await.unwrap();
    wire.saw("POST /kratos-admin/admin/identities", &[ACCESS, JSON], r#"{"schema_id":"default","traits":{}}"#);
}

async fn get(wire: &mut Wire) {
    let recorded = wire.replays("kratos-26.2.0/adminGetIdentity.ok");
    let call = wire.client.admin_get_identity().id("a/b c%é").include_credential(["password", "oidc&x"]);
    let identity = call.send().await.unwrap();
    wire.saw(
        "GET /kratos-admin/admin/identities/a%2Fb%20c%25%C3%A9?include_credential=password&include_credential=oidc%26x",
        &[ACCESS],
        "",
    );
    assert_eq!(identity.id.to_string(), recorded["id"]);
    assert_eq!(identity.schema_id, recorded["schema_id"]);
    assert_eq!(identity.traits, Some(recorded["traits"].clone()));
}

async fn update(wire: &mut Wire) {
    let recorded = wire.recorded("adminUpdateIdentity");
    let body = types::AdminUpdateIdentityBody::builder()
        .schema_id("default")
        .state("active")
        .traits(json!({"email": "ada@example.org"}))
        .credentials(credentials())
        .metadata_public(json!({}))
        .metadata_admin(json!(false))
        .external_id("")
        .organization_id(ID.parse::<Uuid>().unwrap())
        .region("us");
    let identity = wire.client.admin_update_identity().id(ID.parse::<Uuid>().unwrap()).body(body).send().await.unwrap();
    let body = [
        "{",
        CREDENTIALS,
        concat!(
            r#","external_id":"","metadata_admin":false,"metadata_public":{},"#,
            r#""organization_id":"8a6f2d52-9ae0-4aa5-8e90-4d7093e9c5b6","region":"us","schema_id":"default","state":"active","#,
            r#""traits":{"email":"ada@example.org"}}"#,
        ),
    ];
    wire.saw(&format!("PUT /kratos-admin/admin/identities/{ID}"), &[ACCESS, JSON], &body.concat());
    assert_eq!(identity.id.to_string(), recorded["id"]);
    assert_eq!(identity.traits, Some(recorded["traits"].clone()));
}

async fn patch(wire: &mut Wire) {
    let recorded = wire.recorded("adminPatchIdentity");
    let patch = JsonPatch::new().replace("/traits/email", "new@example.org").unwrap();
    let patch = patch.remove("/metadata_public").unwrap();
    let patch = patch.move_value("/traits/a~1b", "/traits/c").unwrap().add("/traits/d", Value::Null).unwrap();
    let identity = wire.client.admin_patch_identity().id("x").body(patch).send().await.unwrap();
    let body = concat!(
        r#"[{"op":"replace","path":"/traits/email","value":"new@example.org"},"#,
        r#"{"op":"remove","path":"/metadata_public"},"#,
        r#"{"from":"/traits/a~1b","op":"move","path":"/traits/c"},"#,
        r#"{"op":"add","path":"/traits/d","value":null}]"#,
    );
    wire.saw("PATCH /kratos-admin/admin/identities/x", &[ACCESS, JSON], body);
    assert_eq!(identity.traits, Some(recorded["traits"].clone()));
}

async fn delete(wire: &mut Wire) {
    wire.recorded("adminDeleteIdentity");
    let response = wire.client.admin_delete_identity().id("...").send().await.unwrap();
    wire.saw("DELETE /kratos-admin/admin/identities/...", &[ACCESS], "");
    assert_eq!(response.status(), 204);
}

async fn sessions(wire: &mut Wire) {
    let recorded = wire.recorded("adminListIdentitySessions");
    let call = wire.client.admin_list_identity_sessions().id("x").active(false).per_page(1).page(2);
    let sessions = call.page_size(3).page_token("t").send().await.unwrap();
    wire.saw(
        "GET /kratos-admin/admin/identities/x/sessions?active=false&per_page=1&page=2&page_size=3&page_token=t",
        &[ACCESS],
        "",
    );
    assert_eq!(sessions.len(), recorded.as_array().unwrap().len());
    assert_eq!(sessions[0].id.to_string(), recorded[0]["id"]);
    assert_eq!(json!(sessions[0].active), recorded[0]["active"]);

    wire.recorded("adminDeleteIdentitySessions");
    wire.client.admin_delete_identity_sessions().id("x").send().await.unwrap();
    wire.saw("DELETE /kratos-admin/admin/identities/x/sessions", &[ACCESS], "");

    let recorded = wire.recorded("adminExtendSession");
    let session = wire.client.admin_extend_session().id("s").send().await.unwrap().into_body().unwrap();
    wire.saw("PATCH /kratos-admin/admin/sessions/s/extend", &[ACCESS], "");
    assert_eq!(session.id.to_string(), recorded["id"]);
    assert!(session.devices.is_empty() && session.identity.is_none(), "[] and null on the wire");

    wire.replays("kratos-26.2.0/adminExtendSession.no-content");
    let response = wire.client.admin_extend_session().id("s").send().await.unwrap();
    wire.saw("PATCH /kratos-admin/admin/sessions/s/extend", &[ACCESS], "");
    assert!(response.is_none());
}

async fn recovery(wire: &mut Wire) {
    let recorded = wire.recorded("adminCreateSelfServiceRecoveryCode");
    let call = wire.client.admin_create_self_service_recovery_code();
    let call = call.body_map(|body| body.identity_id(ID.parse::<Uuid>().unwrap()).expires_in("1h30m").flow_type("api"));
    let code = call.send().await.unwrap();
    let body = r#"{"expires_in":"1h30m","flow_type":"api","identity_id":"8a6f2d52-9ae0-4aa5-8e90-4d7093e9c5b6"}"#;
    wire.saw("POST /kratos-admin/admin/recovery/code", &[ACCESS, JSON], body);
    assert_eq!(code.recovery_code.expose(), recorded["recovery_code"]);
    assert_eq!(code.recovery_link.as_str(), recorded["recovery_link"]);

    let recorded = wire.recorded("adminCreateSelfServiceRecoveryLink");
    let call = wire.client.admin_create_self_service_recovery_link().return_to("/b?c");
    let link =
        call.body_map(|body| body.identity_id(ID.parse::<Uuid>().unwrap()).expires_in("5m")).send().await.unwrap();
    let body = r#"{"expires_in":"5m","identity_id":"8a6f2d52-9ae0-4aa5-8e90-4d7093e9c5b6"}"#;
    wire.saw("POST /kratos-admin/admin/recovery/link?return_to=%2Fb%3Fc", &[ACCESS, JSON], body);
    assert_eq!(link.recovery_link.as_str(), recorded["recovery_link"]);
    assert_eq!(json!(link.expires_at), recorded["expires_at"]);
}

/// The only public operations here. They carry no credential.
async fn schemas(wire: &mut Wire) {
    let recorded = wire.recorded("listIdentitySchemas");
    let call = wire.client.list_identity_schemas().per_page(1).page(0).page_size(2).page_token("t");
    let schemas = call.send().await.unwrap();
    wire.saw("GET /kratos/schemas?per_page=1&page=0&page_size=2&page_token=t", &[], "");
    assert_eq!(json!(schemas[0].id), recorded[0]["id"]);
    assert_eq!(schemas[0].schema, Some(recorded[0]["schema"].clone()));

    wire.replies("listIdentitySchemas", Reply::new(200, &[], "null\n"));
    assert!(wire.client.list_identity_schemas().send().await.unwrap().is_empty());
    wire.saw("GET /kratos/schemas", &[], "");

    let recorded = wire.recorded("getIdentitySchema");
    let schema = wire.client.get_identity_schema().id("preset://email").send().await.unwrap();
    wire.saw("GET /kratos/schemas/preset%3A%2F%2Femail", &[], "");
    assert_eq!(*schema, recorded);
}

//! API keys for a project's own users and services. The responses are written from the contract.

use ory_sdk::types::{self, KeyStatus, RevocationReason, VerificationErrorCode};
use serde_json::{Value, json};

use super::{ACCESS, JSON, Reply, Seen, Wire};

const AT: &str = "/api-keys/v2alpha1/admin";
const WHEN: &str = "2026-11-22T13:48:59Z";

fn time() -> chrono::DateTime<chrono::Utc> {
    WHEN.parse().unwrap()
}

fn key() -> Value {
    json!({"key_id": "k1", "name": "Build", "actor_id": "u1", "scopes": ["read"], "status": "KEY_STATUS_ACTIVE",
        "visibility": "KEY_VISIBILITY_SECRET", "ip_restriction": {"allowed_cidrs": ["10.0.0.0/8"]},
        "rate_limit_policy": {"quota": "100", "unit": "REQUESTS", "window": "60s"}, "metadata": {"team": 1},
        "create_time": WHEN, "expire_time": null, "revocation_reason": "REVOCATION_REASON_UNSPECIFIED"})
}

fn addresses() -> types::builder::IpRestriction {
    types::IpRestriction::builder().allowed_cidrs(["10.0.0.0/8"])
}

fn limit() -> types::builder::RateLimitPolicy {
    types::RateLimitPolicy::builder().quota("100").unit("REQUESTS").window("60s")
}

/// A key to import, with every field set, and as sent.
fn import() -> types::builder::ImportApiKeyRequest {
    types::ImportApiKeyRequest::builder()
        .raw_key("s3cret/1")
        .name("Old")
        .actor_id("u1")
        .scopes(["read", "write"])
        .ttl("3600s")
        .visibility("KEY_VISIBILITY_PUBLIC")
        .ip_restriction(addresses())
        .rate_limit_policy(limit())
        .metadata(json!({"a": null}))
        .request_id("r1")
}
const IMPORT: &str = concat!(
    r#"{"actor_id":"u1","ip_restriction":{"allowed_cidrs":["10.0.0.0/8"]},"metadata":{"a":null},"name":"Old","#,
    r#""rate_limit_policy":{"quota":"100","unit":"REQUESTS","window":"60s"},"raw_key":"s3cret/1","request_id":"r1","#,
    r#""scopes":["read","write"],"ttl":"3600s","visibility":"KEY_VISIBILITY_PUBLIC"}"#,
);

/// A change with every field set, and as sent.
fn change() -> types::builder::UpdateApiKeyBody {
    types::UpdateApiKeyBody::builder()
        .name("New")
        .actor_id("u2")
        .scopes(["read"])
        .status("KEY_STATUS_ACTIVE")
        .visibility("KEY_VISIBILITY_SECRET")
        .ip_restriction(addresses())
        .rate_limit_policy(limit())
        .metadata(json!({}))
        .create_time(time())
        .update_time(time())
        .expire_time(time())
        .last_used_time(time())
        .revocation_reason("REVOCATION_REASON_SUPERSEDED")
        .revocation_description("why")
}
const CHANGE: &str = concat!(
    r#"{"actor_id":"u2","create_time":"2026-11-22T13:48:59Z","expire_time":"2026-11-22T13:48:59Z","#,
    r#""ip_restriction":{"allowed_cidrs":["10.0.0.0/8"]},"last_used_time":"2026-11-22T13:48:59Z","metadata":{},"#,
    r#""name":"New","rate_limit_policy":{"quota":"100","unit":"REQUESTS","window":"60s"},"#,
    r#""revocation_description":"why","revocation_reason":"REVOCATION_REASON_SUPERSEDED","scopes":["read"],"#,
    r#""status":"KEY_STATUS_ACTIVE","update_time":"2026-11-22T13:48:59Z","visibility":"KEY_VISIBILITY_SECRET"}"#,
);

pub async fn cases() -> Vec<Seen> {
    let mut wire = Wire::new().await;
    issued(&mut wire).await;
    issue_and_rotate(&mut wire).await;
    imported(&mut wire).await;
    import_many(&mut wire).await;
    verify(&mut wire).await;
    for_everybody(&mut wire).await;
    wire.into_seen()
}

#[tokio::test]
async fn requests_and_responses() {
    cases().await;
}

async fn issued(wire: &mut Wire) {
    let client = wire.loaded();
    wire.json("adminListIssuedApiKeys", json!({"issued_api_keys": [key()], "next_page_token": "n"}));
    let call = client.admin_list_issued_api_keys().page_size(7).page_token("t=").filter("actor_id=\"u 1\"");
    let page = call.send().await.unwrap();
    let query = "page_size=7&page_token=t%3D&filter=actor_id%3D%22u+1%22";
    wire.saw(&format!("GET {AT}/issuedApiKeys?{query}"), &[ACCESS], "");
    let found = &page.issued_api_keys[0];
    assert_eq!((found.key_id.as_str(), found.status.clone()), ("k1", Some(KeyStatus::KeyStatusActive)));
    assert_eq!(found.ip_restriction.as_ref().unwrap().allowed_cidrs, ["10.0.0.0/8"]);
    assert_eq!((found.metadata.clone(), found.expire_time), (Some(json!({"team": 1})), None));
    assert_eq!(page.next_page_token.as_deref(), Some("n"));
    wire.json("adminListIssuedApiKeys", json!({}));
    assert!(client.admin_list_issued_api_keys().send().await.unwrap().issued_api_keys.is_empty());
    wire.saw(&format!("GET {AT}/issuedApiKeys"), &[ACCESS], "");

    wire.json("adminGetIssuedApiKey", key());
    assert_eq!(client.admin_get_issued_api_key().key_id("a/b:c").send().await.unwrap().name, "Build");
    wire.saw(&format!("GET {AT}/issuedApiKeys/a%2Fb%3Ac"), &[ACCESS], "");

    wire.json("adminUpdateIssuedApiKey", key());
    let call = client.admin_update_issued_api_key().key_id("k1").update_mask("name,scopes").body(change());
    assert_eq!(call.send().await.unwrap().create_time, Some(time()));
    wire.saw(&format!("PATCH {AT}/issuedApiKeys/k1?update_mask=name%2Cscopes"), &[ACCESS, JSON], CHANGE);

    wire.empty("adminRevokeIssuedApiKey");
    let call = client.admin_revoke_issued_api_key().key_id("k 1");
    let call = call.body_map(|body| body.reason(RevocationReason::RevocationReasonSuperseded).description("new one"));
    call.send().await.unwrap();
    let body = r#"{"description":"new one","reason":"REVOCATION_REASON_SUPERSEDED"}"#;
    wire.saw(&format!("POST {AT}/issuedApiKeys/k%201:revoke"), &[ACCESS, JSON], body);
}

async fn issue_and_rotate(wire: &mut Wire) {
    let client = wire.loaded();
    wire.replies("adminIssueApiKey", Reply::json(201, &json!({"issued_api_key": key(), "secret": "s3cret"})));
    let call = client.admin_issue_api_key().body_map(|body| {
        body.name("Build")
            .actor_id("u1")
            .scopes(["read"])
            .ttl("3600s")
            .visibility("KEY_VISIBILITY_SECRET")
            .ip_restriction(addresses())
            .rate_limit_policy(limit())
            .metadata(json!({"team": 1}))
            .request_id("r1")
    });
    let issued = call.send().await.unwrap();
    let body = concat!(
        r#"{"actor_id":"u1","ip_restriction":{"allowed_cidrs":["10.0.0.0/8"]},"metadata":{"team":1},"name":"Build","#,
        r#""rate_limit_policy":{"quota":"100","unit":"REQUESTS","window":"60s"},"request_id":"r1","#,
        r#""scopes":["read"],"ttl":"3600s","visibility":"KEY_VISIBILITY_SECRET"}"#,
    );
    wire.saw(&format!("POST {AT}/issuedApiKeys"), &[ACCESS, JSON], body);
    assert_eq!(issued.secret.as_ref().unwrap().expose(), "s3cret");
    assert_eq!((issued.status().as_u16(), issued.issued_api_key.key_id.as_str()), (201, "k1"));
    assert!(!format!("{issued:?}").contains("s3cret"));

    let rotated = json!({"issued_api_key": key(), "old_issued_api_key": key(), "secret": "s3cret"});
    wire.replies("adminRotateIssuedApiKey", Reply::json(201, &rotated));
    let call = client.admin_rotate_issued_api_key().key_id("k1").body_map(|body| {
        body.name("Build")
            .scopes(["read"])
            .visibility("KEY_VISIBILITY_PUBLIC")
            .ip_restriction(addresses())
            .rate_limit_policy(limit())
            .metadata(json!([1]))
    });
    let rotated = call.send().await.unwrap();
    let body = concat!(
        r#"{"ip_restriction":{"allowed_cidrs":["10.0.0.0/8"]},"metadata":[1],"name":"Build","#,
        r#""rate_limit_policy":{"quota":"100","unit":"REQUESTS","window":"60s"},"scopes":["read"],"#,
        r#""visibility":"KEY_VISIBILITY_PUBLIC"}"#,
    );
    wire.saw(&format!("POST {AT}/issuedApiKeys/k1:rotate"), &[ACCESS, JSON], body);
    assert_eq!(rotated.secret.as_ref().unwrap().expose(), "s3cret");
    // Nothing new: only another secret.
    let call = client.admin_rotate_issued_api_key().key_id("k1").body_map(|body| body);
    call.send().await.unwrap();
    wire.saw(&format!("POST {AT}/issuedApiKeys/k1:rotate"), &[ACCESS, JSON], "{}");
}

async fn imported(wire: &mut Wire) {
    let client = wire.loaded();
    wire.json("adminListImportedApiKeys", json!({"imported_api_keys": [key()], "next_page_token": ""}));
    let call = client.admin_list_imported_api_keys().page_size(7).page_token("t").filter("f");
    assert_eq!(call.send().await.unwrap().imported_api_keys[0].actor_id, "u1");
    wire.saw(&format!("GET {AT}/importedApiKeys?page_size=7&page_token=t&filter=f"), &[ACCESS], "");

    wire.replies("adminImportApiKey", Reply::json(201, &key()));
    let call = client.admin_import_api_key().body(import());
    assert!(!format!("{call:?}").contains("s3cret"));
    assert_eq!(call.send().await.unwrap().key_id, "k1");
    wire.saw(&format!("POST {AT}/importedApiKeys"), &[ACCESS, JSON], IMPORT);

    wire.json("adminGetImportedApiKey", key());
    assert_eq!(client.admin_get_imported_api_key().key_id("k 1").send().await.unwrap().name, "Build");
    wire.saw(&format!("GET {AT}/importedApiKeys/k%201"), &[ACCESS], "");

    wire.json("adminUpdateImportedApiKey", key());
    let call = client.admin_update_imported_api_key().key_id("k1").update_mask("name").body(change());
    call.send().await.unwrap();
    wire.saw(&format!("PATCH {AT}/importedApiKeys/k1?update_mask=name"), &[ACCESS, JSON], CHANGE);

    wire.empty("adminDeleteImportedApiKey");
    client.admin_delete_imported_api_key().key_id("k1").send().await.unwrap();
    wire.saw(&format!("DELETE {AT}/importedApiKeys/k1"), &[ACCESS], "");

    wire.empty("adminRevokeImportedApiKey");
    let call = client.admin_revoke_imported_api_key().key_id("k1");
    call.body_map(|body| body.reason("REVOCATION_REASON_KEY_COMPROMISE").description("leaked")).send().await.unwrap();
    let body = r#"{"description":"leaked","reason":"REVOCATION_REASON_KEY_COMPROMISE"}"#;
    wire.saw(&format!("POST {AT}/importedApiKeys/k1:revoke"), &[ACCESS, JSON], body);
}

/// Each key has a result of its own, by its place in the request.
async fn import_many(wire: &mut Wire) {
    let code = "BATCH_CREATE_IMPORTED_API_KEYS_ERROR_ALREADY_EXISTS";
    wire.json(
        "adminBatchCreateImportedApiKeys",
        json!({
            "results": [
                {"index": 0, "imported_api_key": key()},
                {"index": 1, "error_code": code, "error_message": "taken"},
            ],
            "success_count": 1, "failure_count": 1,
        }),
    );
    let call = wire.client.admin_batch_create_imported_api_keys();
    let least = types::ImportApiKeyRequest::builder().raw_key("k").name("n").actor_id("a");
    let response = call.body_map(|body| body.requests([import(), least])).send().await.unwrap();
    let body = format!(r#"{{"requests":[{IMPORT},{{"actor_id":"a","name":"n","raw_key":"k"}}]}}"#);
    wire.saw(&format!("POST {AT}/importedApiKeys:batchCreate"), &[ACCESS, JSON], &body);
    assert_eq!(response.results[0].imported_api_key.as_ref().unwrap().key_id, "k1");
    let failed = &response.results[1];
    assert_eq!(failed.error_code.as_ref().unwrap().to_string(), code);
    assert_eq!((failed.index, failed.error_message.as_deref()), (1, Some("taken")));
    assert!(failed.imported_api_key.is_none());
}

async fn verify(wire: &mut Wire) {
    let client = wire.loaded();
    let valid = json!({"is_valid": true, "key_id": "k1", "actor_id": "u1", "scopes": ["read"],
        "rate_limit_remaining": "99", "rate_limit_reset_time": WHEN});
    // What is missing means false.
    let invalid = json!({"error_code": "VERIFICATION_ERROR_REVOKED", "error_message": "revoked"});
    wire.json("adminVerifyApiKey", valid.clone());
    let call = client.admin_verify_api_key().cache_control("no-cache").pragma("no-cache");
    let result = call.body_map(|body| body.credential("s3cret")).send().await.unwrap();
    let headers = [ACCESS, JSON, "cache-control: no-cache", "pragma: no-cache"];
    wire.saw(&format!("POST {AT}/apiKeys:verify"), &headers, r#"{"credential":"s3cret"}"#);
    assert!(result.is_valid);
    assert_eq!((result.actor_id.as_deref(), result.rate_limit_remaining.as_deref()), (Some("u1"), Some("99")));

    wire.json("adminVerifyApiKey", invalid.clone());
    let result = client.admin_verify_api_key().body_map(|body| body.credential("s3cret")).send().await.unwrap();
    wire.saw(&format!("POST {AT}/apiKeys:verify"), &[ACCESS, JSON], r#"{"credential":"s3cret"}"#);
    assert!(!result.is_valid);
    assert_eq!(result.error_code, Some(VerificationErrorCode::VerificationErrorRevoked));

    wire.json("adminBatchVerifyApiKeys", json!({"results": [invalid, valid]}));
    let call = client.admin_batch_verify_api_keys().cache_control("no-cache").pragma("no-cache");
    let one = |credential: &'static str| types::VerifyApiKeyRequest::builder().credential(credential);
    let response = call.body_map(|body| body.requests([one("a"), one("b")])).send().await.unwrap();
    let body = r#"{"requests":[{"credential":"a"},{"credential":"b"}]}"#;
    wire.saw(&format!("POST {AT}/apiKeys:batchVerify"), &headers, body);
    let valid: Vec<bool> = response.results.iter().map(|result| result.is_valid).collect();
    assert_eq!(valid, [false, true]);

    wire.json(
        "adminDeriveToken",
        json!({"token": {"token": "ey.J", "expire_time": WHEN, "scopes": ["read"], "claims": {"sub": "u1"}}}),
    );
    let call = client.admin_derive_token().body_map(|body| {
        body.credential("s3cret")
            .algorithm("TOKEN_ALGORITHM_JWT")
            .scopes(["read"])
            .ttl("60s")
            .custom_claims(json!({"tenant": null}))
    });
    let derived = call.send().await.unwrap();
    let body = concat!(
        r#"{"algorithm":"TOKEN_ALGORITHM_JWT","credential":"s3cret","custom_claims":{"tenant":null},"#,
        r#""scopes":["read"],"ttl":"60s"}"#,
    );
    wire.saw(&format!("POST {AT}/apiKeys:derive"), &[ACCESS, JSON], body);
    let token = &derived.token;
    assert_eq!(token.token.as_ref().unwrap().expose(), "ey.J");
    assert_eq!((token.claims.clone(), token.expire_time), (Some(json!({"sub": "u1"})), Some(time())));
}

/// Whoever has a key may end it, and everybody may verify tokens. These calls carry no credential.
async fn for_everybody(wire: &mut Wire) {
    let client = wire.loaded();
    wire.replies("revokeApiKey", Reply::json(200, &json!({})));
    let call = client.revoke_api_key();
    let call = call.body_map(|body| body.credential("s3cret").reason("REVOCATION_REASON_KEY_COMPROMISE"));
    call.send().await.unwrap();
    let body = r#"{"credential":"s3cret","reason":"REVOCATION_REASON_KEY_COMPROMISE"}"#;
    wire.saw("POST /api-keys/v2alpha1/apiKeys:selfRevoke", &[JSON], body);

    wire.json("getJwks", json!({"jwks": {"keys": [{"kty": "OKP", "kid": "1"}]}}));
    let response = client.get_jwks().send().await.unwrap();
    wire.saw("GET /api-keys/v2alpha1/derivedKeys/jwks.json", &[], "");
    assert_eq!(response.jwks.keys[0].kty, "OKP");
}

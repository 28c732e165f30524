//! JSON Web Key sets: the keys the server signs with, and those that others store on it.

use ory_sdk::ErrorKind;
use ory_sdk::types::{AdminCreateJsonWebKeySetBody, JsonWebKey, JsonWebKeySet, builder};
use serde_json::{Value, json};

use super::{ACCESS, JSON, Seen, Wire};

/// Every member that the contract declares, in the order in which they are sent, and one that it does not.
pub const EVERY_MEMBER: &str = concat!(
    r#"{"alg":"ES256","crv":"P-256","d":"D","dp":"DP","dq":"DQ","e":"AQAB","k":"K","#,
    r#""key_ops":["sign","verify"],"kid":"key 1","kty":"EC","n":"N","p":"P","q":"Q","qi":"QI","#,
    r#""use":"sig","x":"X","x5c":["one","two"],"y":"Y","x5u":"https://example.org/chain"}"#,
);

pub fn every_member(key: builder::JsonWebKey) -> builder::JsonWebKey {
    key.alg("ES256")
        .crv("P-256")
        .d("D")
        .dp("DP")
        .dq("DQ")
        .e("AQAB")
        .k("K")
        .key_ops(["sign", "verify"])
        .kid("key 1")
        .kty("EC")
        .n("N")
        .p("P")
        .q("Q")
        .qi("QI")
        .use_("sig")
        .x("X")
        .x5c(["one", "two"])
        .y("Y")
        .extra(json!({"x5u": "https://example.org/chain"}).as_object().unwrap().clone())
}

pub async fn cases() -> Vec<Seen> {
    let mut wire = Wire::new().await;
    let client = wire.loaded();

    let recorded = wire.recorded("discoverJsonWebKeys");
    let found = client.discover_json_web_keys().send().await.unwrap();
    wire.saw("GET /hydra/.well-known/jwks.json", &[], "");
    assert_eq!(json!(*found), recorded);
    assert!(found.keys.iter().all(|key| key.kty == "RSA" && key.d.is_none()));

    let recorded = wire.recorded("adminGetJsonWebKeySet");
    let found = client.admin_get_json_web_key_set().set("set/1").send().await.unwrap();
    wire.saw("GET /hydra-admin/admin/keys/set%2F1", &[ACCESS], "");
    assert_eq!(json!(*found), recorded);
    assert_eq!(json!(found.keys[0].d.as_ref().unwrap().expose()), recorded["keys"][0]["d"]);

    let recorded = wire.recorded("adminCreateJsonWebKeySet");
    let body = AdminCreateJsonWebKeySetBody::builder().alg("ES256").kid("key 1").use_("fun");
    let created = client.admin_create_json_web_key_set().set("set-1").body(body).send().await.unwrap();
    wire.saw("POST /hydra-admin/admin/keys/set-1", &[ACCESS, JSON], r#"{"alg":"ES256","kid":"key 1","use":"fun"}"#);
    assert_eq!(created.status(), 201);
    assert_eq!(json!(*created), recorded);
    assert_eq!(created.keys[0].use_.as_deref(), Some("fun"));

    wire.replays("hydra-2.0.3/adminUpdateJsonWebKeySet.ok");
    let set = JsonWebKeySet::builder().keys([every_member(JsonWebKey::builder()), JsonWebKey::builder().kty("oct")]);
    let set = set.extra(json!({"updated": true}).as_object().unwrap().clone());
    let updated = client.admin_update_json_web_key_set().set("set-1").body(set).send().await.unwrap();
    wire.saw(
        "PUT /hydra-admin/admin/keys/set-1",
        &[ACCESS, JSON],
        &format!(r#"{{"keys":[{EVERY_MEMBER},{{"kty":"oct"}}],"updated":true}}"#),
    );
    assert_eq!(updated.keys.len(), 2);

    // A set without keys: null decodes to an empty list.
    let recorded = wire.replays("hydra-2.0.3/adminUpdateJsonWebKeySet.empty-object");
    let updated = client.admin_update_json_web_key_set().set("set-1").body(JsonWebKeySet::builder()).send().await;
    wire.saw("PUT /hydra-admin/admin/keys/set-1", &[ACCESS, JSON], "{}");
    assert_eq!(recorded, json!({"keys": null}));
    assert!(updated.unwrap().keys.is_empty());

    wire.recorded("adminDeleteJsonWebKeySet");
    let deleted = client.admin_delete_json_web_key_set().set("set-1").send().await.unwrap();
    wire.saw("DELETE /hydra-admin/admin/keys/set-1", &[ACCESS], "");
    assert_eq!(deleted.status(), 204);

    let recorded = wire.recorded("adminGetJsonWebKey");
    let found = client.admin_get_json_web_key().set("set-1").kid("key 1?#").send().await.unwrap();
    wire.saw("GET /hydra-admin/admin/keys/set-1/key%201%3F%23", &[ACCESS], "");
    assert_eq!(json!(*found), recorded);

    let recorded = wire.recorded("adminUpdateJsonWebKey");
    let update = client.admin_update_json_web_key().set("set-1").kid("key 1").body_map(every_member);
    let updated = update.send().await.unwrap();
    wire.saw("PUT /hydra-admin/admin/keys/set-1/key%201", &[ACCESS, JSON], EVERY_MEMBER);
    assert_eq!(json!(*updated), recorded);

    wire.recorded("adminDeleteJsonWebKey");
    let deleted = client.admin_delete_json_web_key().set("set-1").kid("key 1").send().await.unwrap();
    wire.saw("DELETE /hydra-admin/admin/keys/set-1/key%201", &[ACCESS], "");
    assert_eq!(deleted.status(), 204);

    wire.into_seen()
}

#[tokio::test]
async fn requests_and_responses() {
    cases().await;
}

#[tokio::test]
async fn put_keeps_what_the_contract_does_not_know() {
    let mut wire = Wire::new().await;
    // Adds a thumbprint (RFC 7517, section 4.9) to a recorded key, and a member to the set itself.
    let mut set = wire.recorded("adminGetJsonWebKeySet");
    set["keys"][0]["x5t#S256"] = json!("t-1");
    set["version"] = json!({"of": [7, null]});
    wire.json("adminGetJsonWebKeySet", set.clone());
    let found = wire.client.admin_get_json_web_key_set().set("set-1").send().await.unwrap().into_body();
    wire.saw("GET /hydra-admin/admin/keys/set-1", &[ACCESS], "");
    assert_eq!(found.keys[0].extra["x5t#S256"], "t-1");

    wire.json("adminUpdateJsonWebKey", set["keys"][0].clone());
    let key = found.keys[0].clone();
    let updated = wire.client.admin_update_json_web_key().set("set-1").kid("key-two").body(key).send().await.unwrap();
    let line = "PUT /hydra-admin/admin/keys/set-1/key-two";
    wire.saw(line, &[ACCESS, JSON], &extra_last(&set["keys"][0], &["x5t#S256"]));
    assert_eq!(updated.extra["x5t#S256"], "t-1");

    wire.json("adminUpdateJsonWebKeySet", set.clone());
    wire.client.admin_update_json_web_key_set().set("set-1").body(found).send().await.unwrap();
    let (first, second) = (extra_last(&set["keys"][0], &["x5t#S256"]), extra_last(&set["keys"][1], &[]));
    let text = format!(r#"{{"keys":[{first},{second}],"version":{{"of":[7,null]}}}}"#);
    wire.saw("PUT /hydra-admin/admin/keys/set-1", &[ACCESS, JSON], &text);
}

/// Encodes an object: first the known members by name, then those that the contract does not declare.
fn extra_last(object: &Value, extra: &[&str]) -> String {
    let object = object.as_object().unwrap();
    let (last, first): (Vec<_>, Vec<_>) = object.iter().partition(|(name, _)| extra.contains(&name.as_str()));
    let members = first.into_iter().chain(last).map(|(name, value)| format!("{}:{value}", json!(name)));
    format!("{{{}}}", members.collect::<Vec<_>>().join(","))
}

#[tokio::test]
async fn missing_arguments() {
    let wire = Wire::new().await;
    wire.refused(
        wire.client.admin_get_json_web_key().set("set-1").send().await,
        ErrorKind::Argument,
        "adminGetJsonWebKey: `kid` is missing",
    );
    wire.refused(
        wire.client.admin_create_json_web_key_set().set("s").body_map(|body| body.alg("ES256").kid("k")).send().await,
        ErrorKind::Argument,
        "adminCreateJsonWebKeySet: `body` was refused: AdminCreateJsonWebKeySetBody: `use` is missing",
    );
}

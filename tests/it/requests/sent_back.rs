//! GET, change, PUT: each object of the recordings of a type that can be sent back. Every version of the servers accepts
//! the result, and nothing but the change is different.

use std::path::Path;

use ory_sdk::types::{
    AdminUpdateIdentityBody, Identity, JsonWebKey, JsonWebKeySet, OAuth2Client, Project, Relationship, UpdateProject,
};
use serde_json::{Value, json};

use super::Wire;
use crate::support::recording::{self, Body, Recording};
use crate::support::spec::{Shape, Spec};
use crate::wire::equality::differences;

/// The types of responses whose values a PUT sends back, each with the schema of the request body.
const SENT_BACK: [(&str, &str); 5] = [
    ("oAuth2Client", "oAuth2Client"),
    ("jsonWebKeySet", "jsonWebKeySet"),
    ("jsonWebKey", "jsonWebKey"),
    ("identity", "AdminUpdateIdentityBody"),
    ("relationship", "relationship"),
];

/// The names of the schemas of `SENT_BACK` and where their values were recorded.
struct Object {
    schema: &'static str,
    /// The operation that returned it.
    operation: String,
    value: Value,
    place: String,
}

fn objects(spec: &Spec) -> Vec<Object> {
    let mut found = recording::own();
    let more = Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/../shared/wire"));
    if more.is_dir() {
        found.extend(recording::in_folder(more));
    }
    let mut objects = Vec::new();
    for found in found {
        let Ok(recording) = found.recording else { continue };
        for (schema, value) in values(spec, &recording) {
            let operation = recording.operation.clone();
            objects.push(Object { schema, operation, value, place: found.place.clone() });
        }
    }
    objects
}

/// Relationships as Keto 26.2.0 returns them: of a list, with a set, and of a tree.
fn relationships() -> Vec<Object> {
    let set = json!({"namespace": "Group", "object": "bosses", "relation": "members"});
    let values = [
        (
            "getRelationships",
            json!({"namespace": "Group", "object": "é /?", "relation": "members", "subject_id": "a b"}),
        ),
        ("getRelationships", json!({"namespace": "File", "object": "o", "relation": "view", "subject_set": set})),
        ("expandPermissions", json!({"namespace": "", "object": "", "relation": "", "subject_set": set})),
    ];
    let object = |(operation, value): (&str, Value)| Object {
        schema: "relationship",
        operation: operation.to_owned(),
        value,
        place: format!("a relationship of {operation}"),
    };
    values.map(object).into()
}

/// The values in a successful response that can be sent back.
fn values(spec: &Spec, recording: &Recording) -> Vec<(&'static str, Value)> {
    let mut values = Vec::new();
    let operations = spec.operations();
    let operation = operations.iter().find(|operation| operation.id == recording.operation);
    if let (Some(operation), Some(Body::Json(body)), 200..300) =
        (operation, &recording.response.body, recording.response.status)
        && recording.is_of(operation)
        && let Some(declared) = operation.success(spec, recording.response.status)
    {
        collect(spec, &declared["content"]["application/json"]["schema"], body, &mut values);
    }
    values
}

fn collect(spec: &Spec, schema: &Value, value: &Value, values: &mut Vec<(&'static str, Value)>) {
    if value.is_null() {
        return;
    }
    let only = schema["allOf"].as_array().filter(|parts| parts.len() == 1).map_or(schema, |parts| &parts[0]);
    let name = only["$ref"].as_str().and_then(|pointer| pointer.strip_prefix("#/components/schemas/"));
    if let Some((known, _)) = SENT_BACK.iter().find(|(known, _)| name == Some(known)) {
        values.push((known, value.clone()));
    }
    match (spec.shape(schema), value) {
        (Shape::Object { properties, rest }, Value::Object(map)) => {
            for (key, value) in map {
                if let Some(schema) = properties.get(key.as_str()).copied().or(rest) {
                    collect(spec, schema, value, values);
                }
            }
        }
        (Shape::List(item), Value::Array(items)) => items.iter().for_each(|value| collect(spec, item, value, values)),
        _ => {}
    }
}

/// Why some version of the servers refuses a PUT, as recorded or as its source says.
fn refusal(target: &str, body: &Value) -> Option<&'static str> {
    let text = |key: &str| body[key].as_str().unwrap_or_default();
    let texts = |key: &str| body[key].as_array().into_iter().flatten().map(|item| item.as_str().unwrap_or_default());
    let client = target.contains("/clients/") || target.contains("/register/");
    if client {
        let lifespan = |(key, value): (&String, &Value)| key.ends_with("_lifespan") && value == "";
        let origin = |url: &str| reqwest::Url::parse(url).ok().map(|url| url.origin());
        if !text("jwks_uri").is_empty() && body.get("jwks").is_some() {
            return Some("400 up to Hydra 2.3: jwks and jwks_uri can not both be set");
        }
        if text("token_endpoint_auth_method") == "private_key_jwt"
            && text("jwks_uri").is_empty()
            && body.get("jwks").is_none()
        {
            return Some("400: either jwks or jwks_uri must be set");
        }
        if body.as_object()?.iter().any(lifespan) {
            return Some("400: time: invalid duration");
        }
        if texts("redirect_uris").any(|uri| uri.contains('#')) {
            return Some("400: redirect URIs must not contain fragments");
        }
        let known: Vec<_> = texts("redirect_uris").filter_map(origin).collect();
        if texts("post_logout_redirect_uris").any(|uri| origin(uri).is_none_or(|origin| !known.contains(&origin))) {
            return Some("400: post_logout_redirect_uri must match a redirect URI");
        }
    }
    if target.contains("/register/") {
        if body.get("metadata").is_some() {
            return Some("400: metadata cannot be set for dynamic client registration");
        }
        if body.get("client_secret").is_some() {
            return Some("403: It is not allowed to choose your own OAuth2 Client secret");
        }
    }
    if target.contains("/identities/") {
        if !["active", "inactive"].contains(&text("state")) {
            return Some("400: identity state is not valid");
        }
        if text("schema_id").is_empty() || body.get("traits").is_none() {
            return Some("400: the identity does not satisfy its schema");
        }
    }
    let keys = if target.contains("/keys/set/") { std::slice::from_ref(body) } else { &[] };
    let keys = body["keys"].as_array().map_or(keys, Vec::as_slice);
    if target.contains("/keys/") && keys.iter().any(|key| key["kty"].as_str().is_none_or(str::is_empty)) {
        return Some("500 or 400: not a key");
    }
    None
}

/// Checks a body that was sent: every server accepts it, and it is `expected`.
fn check(spec: &Spec, schema: &str, target: &str, expected: &Value, sent: &Value, place: &str) {
    assert_eq!(refusal(target, sent), None, "{place}: {sent}");
    let reference = json!({"$ref": format!("#/components/schemas/{schema}")});
    let found = differences(spec, &reference, expected, sent);
    assert!(found.is_empty(), "{place}: {found:?}");
    // Nothing is nothing elsewhere, but in free JSON `{}` and the like are values.
    let Shape::Object { properties, .. } = spec.shape(&reference) else { panic!("{schema} is not an object") };
    for (key, property) in properties {
        let value = expected.get(key).filter(|value| !value.is_null());
        let is_unset = property["x-empty"] == "absent" && value == Some(&json!({}));
        if let (Shape::Any, Some(value)) = (spec.shape(property), value) {
            assert_eq!(sent.get(key), if is_unset { None } else { Some(value) }, "{place}: {key}");
        }
    }
}

#[tokio::test]
async fn what_was_read_can_be_written() {
    let spec = Spec::load();
    let wire = Wire::new().await;
    let mut counts = [0; SENT_BACK.len()];
    for Object { schema, operation, value, place } in objects(&spec).into_iter().chain(relationships()) {
        counts[SENT_BACK.iter().position(|(known, _)| *known == schema).unwrap()] += 1;
        match schema {
            "oAuth2Client" => {
                put_client(&spec, &wire, &operation, &value, &place).await;
                // The same client with a URL in place of keys, which up to Hydra 2.3 excludes even an empty set.
                let mut by_url = value;
                if by_url["jwks"] == json!({}) {
                    by_url["jwks_uri"] = json!("https://app.example.org/keys");
                    put_client(&spec, &wire, &operation, &by_url, &place).await;
                }
            }
            "jsonWebKeySet" => put_keys(&spec, &wire, value, &place).await,
            "jsonWebKey" => put_key(&spec, &wire, value, &place).await,
            "relationship" => put_relationship(&spec, &wire, &value, &place).await,
            _ => put_identity(&spec, &wire, &value, &place).await,
        }
    }
    let least = [320, 20, 30, 500, 3];
    assert!(counts.iter().zip(least).all(|(count, least)| *count >= least), "{counts:?}");
}

async fn put_client(spec: &Spec, wire: &Wire, operation: &str, value: &Value, place: &str) {
    let mut client: OAuth2Client = serde_json::from_value(value.clone()).unwrap();
    client.client_name = Some("Changed".to_owned());
    let mut expected = value.clone();
    expected["client_name"] = json!("Changed");
    let call = wire.client.admin_update_oauth2_client().id("id-1").body(client.clone());
    let (target, sent) = wire.sent(call.send()).await;
    check(spec, "oAuth2Client", &target, &expected, &sent, place);
    if operation.starts_with("dynamic") {
        // Who registers a client keeps its secret and must not send it.
        client.client_secret = None;
        expected["client_secret"] = Value::Null;
        let handle = wire.client.with_registration_token("ory_at_registration");
        let call = handle.dynamic_client_registration_update_oauth2_client().id("id-1").body(client);
        let (target, sent) = wire.sent(call.send()).await;
        check(spec, "oAuth2Client", &target, &expected, &sent, place);
    }
}

async fn put_keys(spec: &Spec, wire: &Wire, mut expected: Value, place: &str) {
    let mut set: JsonWebKeySet = serde_json::from_value(expected.clone()).unwrap();
    set.keys.reverse();
    if let Some(keys) = expected["keys"].as_array_mut() {
        keys.reverse();
    }
    let (target, sent) = wire.sent(wire.client.admin_update_json_web_key_set().set("set").body(set).send()).await;
    check(spec, "jsonWebKeySet", &target, &expected, &sent, place);
}

async fn put_key(spec: &Spec, wire: &Wire, mut expected: Value, place: &str) {
    let mut key: JsonWebKey = serde_json::from_value(expected.clone()).unwrap();
    key.alg = Some("changed".into());
    expected["alg"] = json!("changed");
    let (target, sent) =
        wire.sent(wire.client.admin_update_json_web_key().set("set").kid("kid").body(key).send()).await;
    check(spec, "jsonWebKey", &target, &expected, &sent, place);
}

/// The body of the PUT has another type than the identity, with some of its fields.
async fn put_identity(spec: &Spec, wire: &Wire, value: &Value, place: &str) {
    let identity: Identity = serde_json::from_value(value.clone()).unwrap();
    // Without a state it is part of a flow or session, which shows less than a GET of the identity.
    let (Some(state), Some(traits)) = (identity.state, identity.traits) else { return };
    let body = AdminUpdateIdentityBody::builder()
        .schema_id("changed")
        .state(state)
        .traits(traits)
        .metadata_public(identity.metadata_public)
        .metadata_admin(identity.metadata_admin)
        .external_id(identity.external_id)
        .organization_id(identity.organization_id)
        .region(identity.region);
    let (target, sent) = wire.sent(wire.client.admin_update_identity().id("id-1").body(body).send()).await;
    let mut expected = json!({"schema_id": "changed"});
    for key in ["state", "traits", "metadata_public", "metadata_admin", "external_id", "organization_id", "region"] {
        expected[key] = value[key].clone();
    }
    check(spec, "AdminUpdateIdentityBody", &target, &expected, &sent, place);
}

/// Keto has PUT without a GET of one: it stores a relationship of a list again, or of a tree in another object.
async fn put_relationship(spec: &Spec, wire: &Wire, value: &Value, place: &str) {
    let mut relationship: Relationship = serde_json::from_value(value.clone()).unwrap();
    let mut expected = value.clone();
    // Trees have empty ones, and old rows may have.
    for (text, key) in [
        (&mut relationship.namespace, "namespace"),
        (&mut relationship.object, "object"),
        (&mut relationship.relation, "relation"),
    ] {
        if text.is_empty() {
            *text = "changed".to_owned();
            expected[key] = json!("changed");
        }
    }
    assert!(relationship.subject().is_some(), "{place}");
    let (target, sent) = wire.sent(wire.client.create_relationship().body(relationship).send()).await;
    check(spec, "relationship", &target, &expected, &sent, place);
}

/// What a caller passes is sent, in every form: only a server means nothing by `{}`.
#[tokio::test]
async fn what_a_caller_passes_stays() {
    let wire = Wire::new().await;
    for value in [json!({}), json!([]), json!({"keys": []}), json!(null)] {
        let body = json!({"jwks": value, "metadata": value});
        let call = || wire.client.admin_update_oauth2_client().id("id-1");
        let built = OAuth2Client::builder().jwks(value.clone()).metadata(value.clone());
        assert_eq!(wire.sent(call().body(body.clone()).send()).await.1, body);
        assert_eq!(wire.sent(call().body(built).send()).await.1, body);
    }
}

/// The console has no recordings: this is a project as its document of today describes it.
#[tokio::test]
async fn a_project_keeps_services_that_the_contract_does_not_know() {
    let wire = Wire::new().await;
    let value = json!({
        "id": "6ba7b810-9dad-11d1-80b4-00c04fd430c8", "revision_id": "6ba7b811-9dad-11d1-80b4-00c04fd430c8",
        "name": "Mine", "slug": "mine", "state": "running", "environment": "prod", "billing": {"plan": null},
        "cors_admin": {"enabled": false, "origins": ["https://b"], "max_age": 60},
        "cors_public": {"enabled": true, "origins": ["https://a"]},
        "organizations": [{"id": "6ba7b812-9dad-11d1-80b4-00c04fd430c8", "label": "Corp", "domains": ["a.b"], "seats": 7}],
        "services": {
            "identity": {"config": {"session": {"lifespan": "24h"}, "empty": {}}, "more": 1},
            "oauth2": {"config": {}}, "permission": {"config": {"namespaces": []}},
            "account_experience": {"config": {"name": "Mine"}, "more": []}, "talos": {"config": {}},
            "carrier_pigeon": {"config": {"birds": 7}}, "smoke_signs": null,
        },
    });
    let mut project: Project = serde_json::from_value(value.clone()).unwrap();
    project.extra.retain(|key, _| key == "billing");
    let body = UpdateProject::builder()
        .name("Changed")
        .services(project.services)
        .organizations(project.organizations)
        .cors_admin(project.cors_admin)
        .cors_public(project.cors_public)
        .extra(project.extra);
    let (_, sent) = wire.sent(wire.client.update_project().project_id("id-1").body(body).send()).await;
    let mut expected = json!({"name": "Changed"});
    for key in ["billing", "cors_admin", "cors_public", "organizations", "services"] {
        expected[key] = value[key].clone();
    }
    assert_eq!(sent, expected);
}

#[test]
fn the_rules_refuse_what_the_servers_refuse() {
    let client = "PUT /hydra-admin/admin/clients/id-1";
    let dynamic = "PUT /hydra/oauth2/register/id-1";
    for (target, body) in [
        (client, json!({"jwks_uri": "https://a", "jwks": {}})),
        (client, json!({"token_endpoint_auth_method": "private_key_jwt"})),
        (client, json!({"implicit_grant_id_token_lifespan": ""})),
        (client, json!({"redirect_uris": ["https://a/#b"]})),
        (client, json!({"redirect_uris": ["https://a/b"], "post_logout_redirect_uris": ["https://b"]})),
        (dynamic, json!({"metadata": {}})),
        (dynamic, json!({"client_secret": "secret"})),
        ("PUT /kratos-admin/admin/identities/id-1", json!({"schema_id": "a", "state": "asleep", "traits": {}})),
        ("PUT /kratos-admin/admin/identities/id-1", json!({"schema_id": "a", "state": "active"})),
        ("PUT /hydra-admin/admin/keys/set", json!({"keys": [{}]})),
        ("PUT /hydra-admin/admin/keys/set/kid", json!({"kid": "a"})),
    ] {
        assert!(refusal(target, &body).is_some(), "{target} {body}");
    }
    assert_eq!(refusal(client, &json!({"metadata": {}, "jwks": {}, "client_secret": "secret"})), None);
    assert_eq!(refusal("PUT /hydra-admin/admin/keys/set", &json!({})), None);
}

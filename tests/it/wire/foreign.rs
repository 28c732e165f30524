//! Values that other programs made: one of an odd type costs only itself.

use serde_json::{Value, json};

use crate::support::dispatch;
use crate::support::recording::{self, Body};
use crate::support::spec::{Operation, Shape, Spec};
use crate::support::stub::{self, Stub};

/// A value of every type that JSON has, and the borders between them.
fn odd_values() -> Vec<Value> {
    vec![
        json!(true),
        json!(7),
        json!(-1.5),
        json!(1_735_938_131.0),
        json!(18_446_744_073_709_551_615_u64),
        json!("true"),
        json!("1735938131"),
        json!([1]),
        json!(["a", null]),
        json!([["a"]]),
        json!({"first": "A", "last": "B"}),
        json!({"0": "a"}),
    ]
}

/// An object whose values other programs make: where it is, its properties that may have any type, and the others.
struct Place {
    pointer: String,
    /// The names, and whether the type is an object with known members.
    foreign: Vec<(String, bool)>,
    strict: Vec<String>,
}

fn places(spec: &Spec, schema: &Value, value: &Value, pointer: &str, found: &mut Vec<Place>) {
    let schema = match spec.resolve(schema)["allOf"].as_array().map(Vec::as_slice) {
        Some([one]) => spec.resolve(one),
        _ => spec.resolve(schema),
    };
    match (spec.shape(schema), value) {
        (Shape::Object { properties, .. }, Value::Object(map)) => {
            if let Some(strict) = schema["x-strict"].as_array() {
                let strict: Vec<String> = strict.iter().map(|name| name.as_str().unwrap().to_owned()).collect();
                let foreign = properties.iter().filter(|(name, _)| !strict.iter().any(|strict| strict == *name));
                let foreign = foreign
                    .map(|(name, property)| ((*name).to_owned(), matches!(spec.shape(property), Shape::Object { .. })));
                found.push(Place { pointer: pointer.to_owned(), foreign: foreign.collect(), strict });
            }
            for (name, property) in properties {
                if let Some(value) = map.get(name) {
                    places(spec, property, value, &format!("{pointer}/{name}"), found);
                }
            }
        }
        (Shape::List(items), Value::Array(list)) => {
            for (index, item) in list.iter().enumerate().take(1) {
                places(spec, items, item, &format!("{pointer}/{index}"), found);
            }
        }
        _ => {}
    }
}

/// The first recorded success of each operation that has such places, and the places.
fn subjects(spec: &Spec) -> Vec<(Operation<'_>, Value, Vec<Place>)> {
    let recordings: Vec<_> = recording::own().into_iter().map(|found| found.recording.unwrap()).collect();
    let mut subjects = Vec::new();
    for operation in spec.operations() {
        let bodies = recordings.iter().filter(|it| it.operation == operation.id && it.response.status == 200);
        let bodies = bodies.filter_map(|it| match &it.response.body {
            Some(Body::Json(body)) => Some(body.clone()),
            _ => None,
        });
        for body in bodies {
            let Some(schema) = operation.success(spec, 200).and_then(|raw| raw["content"].get("application/json"))
            else {
                break;
            };
            let mut found = Vec::new();
            places(spec, &schema["schema"], &body, "", &mut found);
            if !found.is_empty() {
                subjects.push((operation, body, found));
                break;
            }
        }
    }
    subjects
}

/// What the odd value may look like once it was decoded and encoded: itself, or the same in the form of the field's type.
fn is_kept(odd: &Value, kept: &Value) -> bool {
    let forms = [
        odd.clone(),
        // A single text stands for a list with one item, and a null in a list is passed over.
        json!([odd]),
        odd.as_array().map_or(Value::Null, |items| items.iter().filter(|item| !item.is_null()).cloned().collect()),
        odd.as_f64()
            .filter(|number| number.fract() == 0.0 && number.abs() < 1e15)
            .map_or(Value::Null, |n| json!(n as i64)),
    ];
    forms.contains(kept)
}

/// The JSON without nulls.
fn pruned(mut json: Value) -> Value {
    match &mut json {
        Value::Object(map) => {
            *map = std::mem::take(map)
                .into_iter()
                .filter(|(_, it)| !it.is_null())
                .map(|(key, it)| (key, pruned(it)))
                .collect();
        }
        Value::Array(items) => *items = std::mem::take(items).into_iter().map(pruned).collect(),
        _ => {}
    }
    json
}

#[tokio::test]
async fn one_odd_value_costs_only_itself() {
    let spec = Spec::load();
    let stub = Stub::start().await;
    let (mut checked, mut operations) = (0, 0);
    for (operation, body, places) in subjects(&spec) {
        let Some(name) = stub::method(operation.id) else { continue };
        operations += 1;
        let decode = |body: &Value| dispatch::decode(&stub.client, name, body.to_string().as_bytes()).unwrap();
        let plain = decode(&body).unwrap();
        for place in &places {
            for (property, is_object) in &place.foreign {
                // An object has the right type there, and its unknown members are only in the raw body.
                for odd in odd_values().into_iter().filter(|odd| !(*is_object && odd.is_object())) {
                    let mut changed = body.clone();
                    changed.pointer_mut(&place.pointer).unwrap()[property] = odd.clone();
                    let at = format!("{}{}/{property} = {odd}", operation.id, place.pointer);
                    let mut encoded = decode(&changed).unwrap_or_else(|why| panic!("{at}: {why}"));
                    let object = encoded.pointer_mut(&place.pointer).unwrap().as_object_mut().unwrap();
                    let kept = object.remove(property).unwrap_or_else(|| panic!("{at}: lost"));
                    assert!(is_kept(&odd, &kept), "{at}: became {kept}");
                    let mut others = plain.clone();
                    match others.pointer_mut(&place.pointer) {
                        Some(object) => drop(object.as_object_mut().unwrap().remove(property)),
                        // An object without members counts as nothing.
                        None => *encoded.pointer_mut(&place.pointer).unwrap() = Value::Null,
                    }
                    let (encoded, others) = (pruned(encoded), pruned(others));
                    assert_eq!(encoded, others, "{at}: changed another value");
                    checked += 1;
                }
            }
            for property in &place.strict {
                let mut changed = body.clone();
                changed.pointer_mut(&place.pointer).unwrap()[property] = json!([{"a": 1}]);
                let why = decode(&changed).expect_err(property);
                assert!(why.contains("invalid type: sequence"), "{}: {why}", operation.id);
            }
        }
    }
    assert!(operations >= 8 && checked > 1000, "{operations} {checked}");
}

#[cfg(feature = "oauth2")]
mod by_field {
    use ory_sdk::Secret;
    use serde_json::{Value, json};

    use crate::support::server::Reply;
    use crate::support::stub::Stub;

    #[tokio::test]
    async fn userinfo() {
        let stub = Stub::start().await;
        let client = stub.client.with_oauth2_token("t");
        let get = async |body: Value| {
            stub.next(Reply::json(200, &body));
            client.get_oidc_user_info().await.unwrap().json().unwrap().clone()
        };
        let info =
            get(json!({"sub": "u", "email": "u@example.org", "email_verified": "true", "rat": 1_735_938_131})).await;
        assert_eq!((info.sub.as_deref(), info.email.as_deref()), (Some("u"), Some("u@example.org")));
        assert_eq!((info.email_verified, info.extra["email_verified"].as_str()), (None, Some("true")));
        assert_eq!(info.rat, Some(1_735_938_131));
        let info = get(json!({"sub": "u", "name": {"first": "A"}, "phone_number": 4_915_112_345_678_u64})).await;
        assert_eq!((&info.name, &info.extra["name"]), (&None, &json!({"first": "A"})));
        assert_eq!((&info.phone_number, &info.extra["phone_number"]), (&None, &json!(4_915_112_345_678_u64)));
        assert!(!format!("{info:?}").contains("4915112345678"));
    }

    #[tokio::test]
    async fn what_is_not_plainly_true_is_not_active() {
        let stub = Stub::start().await;
        for odd in [json!("true"), json!(1), json!([true]), json!({"active": true}), json!(null), json!("")] {
            stub.next(Reply::json(200, &json!({"active": odd, "sub": "u", "exp": "soon", "aud": [null, "a"]})));
            let token = Secret::from("t");
            let found = stub
                .client
                .admin_introspect_oauth2_token()
                .body(ory_sdk::types::AdminIntrospectOAuth2TokenBody::builder().token(token))
                .await
                .unwrap();
            assert!(!found.active, "{odd}");
            assert_eq!((found.sub.as_deref(), found.exp), (Some("u"), None));
            assert_eq!(found.extra["exp"], "soon");
            assert_eq!(found.aud, ["a"]);
        }
    }

    #[tokio::test]
    async fn a_field_that_is_set_replaces_the_odd_value() {
        let stub = Stub::start().await;
        stub.next(Reply::json(200, &json!({"sub": "u", "name": ["A"], "age": 7})));
        let client = stub.client.with_oauth2_token("t");
        let mut info = client.get_oidc_user_info().await.unwrap().json().unwrap().clone();
        assert_eq!(serde_json::to_value(&info).unwrap(), json!({"sub": "u", "name": ["A"], "age": 7}));
        info.name = Some("A".to_owned());
        assert_eq!(serde_json::to_string(&info).unwrap(), r#"{"name":"A","sub":"u","age":7}"#);
    }
}

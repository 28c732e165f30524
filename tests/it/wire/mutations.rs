//! Mutates recordings of real servers: what servers may send tomorrow must decode today.
//!
//! The same code decodes all places of one shape in the responses of one operation. So each shape is mutated once in
//! each way, wherever it first occurs in the recordings.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use crate::support::dispatch;
use crate::support::recording::{self, Body, Recording};
use crate::support::server::Reply;
use crate::support::spec::{Operation, Shape, Spec};
use crate::support::stub::{self, Stub};
use crate::wire::equality::{Difference, differences};
use crate::wire::places::{Change, Place, is_empty_default, places, places_of_any, required};

const JSON: &str = "application/json";

/// A recorded success of an operation, to be mutated.
struct Subject<'a> {
    operation: &'static str,
    method: &'static str,
    schema: &'a Value,
    status: u16,
    body: &'a Value,
}

/// One change at one place of one subject.
struct Mutant<'a> {
    subject: &'a Subject<'a>,
    place: Place,
    tag: Option<String>,
    change: Change,
}

impl Mutant<'_> {
    fn document(&self) -> Value {
        let mut document = self.subject.body.clone();
        self.change.apply(&mut document, &self.place, self.tag.as_deref());
        document
    }

    /// The first difference between the mutated body and its decoded value, encoded again. An empty value is no
    /// difference where the contract makes an absent field empty.
    fn lost(&self, spec: &Spec, sent: &Value, encoded: &Value) -> Option<Difference> {
        let own = |difference: &Difference| {
            let is_here = self.place.empty_when_absent && difference.path == self.place.path;
            is_here && is_empty_default(encoded.pointer(&self.place.pointer))
        };
        differences(spec, self.subject.schema, sent, encoded).into_iter().find(|difference| !own(difference))
    }
}

#[tokio::test]
async fn what_servers_may_send_tomorrow_decodes() {
    let spec = Spec::load();
    let recordings = all();
    let operations = spec.operations();
    let subjects = subjects(&spec, &operations, &recordings);
    let (of_places, expected) = computed(&spec, &subjects);
    let stub = Stub::start().await;

    let (mut ran, mut sent) = (0, BTreeSet::new());
    let mut failures = BTreeSet::new();
    for mutant in mutants(&spec, &subjects) {
        let document = mutant.document();
        let subject = mutant.subject;
        let body = document.to_string();
        let decoded = dispatch::decode(&stub.client, subject.method, body.as_bytes()).unwrap();
        let failure = match &decoded {
            Err(why) => Some(why.clone()),
            Ok(encoded) => {
                mutant.lost(&spec, &document, encoded).map(|found| format!("{}: {}", found.path, found.reason))
            }
        };
        if let Some(failure) = failure {
            failures.insert(format!("{} {} {:?}: {failure}", subject.operation, mutant.place.shape, mutant.change));
        }
        ran += 1;
        // Send one mutant of each kind over a socket too, to check that decoding directly gives the same.
        if sent.insert((subject.operation, mutant.change)) {
            let reply = Reply::new(subject.status, &[("Content-Type", JSON)], body);
            let whole = stub.call(subject.operation, reply).await;
            assert_eq!(
                whole.as_ref().ok().map(|success| &success.body),
                decoded.as_ref().ok(),
                "{}",
                subject.operation
            );
        }
    }
    println!(
        "{} recorded values of {} operations: {of_places} places, {ran} mutants, {} of them over a socket",
        subjects.len(),
        subjects.iter().map(|subject| subject.operation).collect::<BTreeSet<_>>().len(),
        sent.len()
    );
    assert!(
        failures.is_empty(),
        "{} of {ran}:\n{}",
        failures.len(),
        failures.into_iter().collect::<Vec<_>>().join("\n")
    );
    assert!(ran >= expected, "{ran} of {expected}");
    // Mutants must not get lost unnoticed. With areas switched off there are fewer places.
    let is_whole = operations.len() == ory_sdk::contract::operations().len();
    assert!(expected >= 10_000 || !is_whole, "{expected}");
}

fn all() -> Vec<Recording> {
    recording::own().into_iter().map(|found| found.recording.unwrap()).collect()
}

/// Every recorded value, including flows that came as errors.
fn subjects<'a>(spec: &'a Spec, operations: &'a [Operation], recordings: &'a [Recording]) -> Vec<Subject<'a>> {
    let find = |id: &str| operations.iter().find(|operation| operation.id == id).unwrap();
    let subject = |operation: &'a Operation, status, body: &'a Value| {
        // `None` if the area is switched off or the contract declares no JSON body.
        let compiled = ory_sdk::contract::operations().iter().find(|compiled| compiled.id == operation.id)?;
        let schema = success(spec, operation)?;
        Some(Subject { operation: compiled.id, method: compiled.name, schema, status, body })
    };
    let mut found = Vec::new();
    for recording in recordings {
        let operation = find(&recording.operation);
        let Some(Body::Json(body)) = &recording.response.body else { continue };
        if !recording.is_of(operation) {
            continue;
        }
        match recording.response.status {
            status if operation.is_result(spec, status) && recording.response.status_within().is_none() => {
                found.extend(subject(operation, status, body));
            }
            400..500 if body.get("ui").is_some() => {
                found.extend(subject(find(&operation.id.replacen("submit", "get", 1)), 200, body));
            }
            _ => {}
        }
    }
    found
}

/// The schema of an operation's JSON success.
fn success<'a>(spec: &'a Spec, operation: &'a Operation) -> Option<&'a Value> {
    let responses = operation.raw["responses"].as_object()?;
    let mut successes = responses.iter().filter(|(status, _)| status.starts_with('2'));
    successes.find_map(|(_, raw)| spec.resolve(raw).get("content")?.get(JSON)?.get("schema"))
}

/// One mutant for each shape of a place and each change.
fn mutants<'a>(spec: &Spec, subjects: &'a [Subject<'a>]) -> Vec<Mutant<'a>> {
    let mut planned: BTreeMap<(&str, String, Change), Mutant<'a>> = BTreeMap::new();
    for subject in subjects {
        for (place, tag) in places(spec, subject.schema, subject.body) {
            for change in place.changes.clone() {
                let key = (subject.operation, place.shape.clone(), change);
                let idle = |mutant: &Mutant| mutant.change.is_idle(mutant.subject.body, &mutant.place);
                let mutant = Mutant { subject, place: place.clone(), tag: tag.clone(), change };
                // Take the first place that the change alters, or else one where the servers sent this value.
                if planned.get(&key).is_none_or(|known| idle(known) && !idle(&mutant)) {
                    planned.insert(key, mutant);
                }
            }
        }
    }
    planned.into_values().collect()
}

/// The number of places with different shapes, and the total number of changes to them.
fn computed(spec: &Spec, subjects: &[Subject]) -> (usize, usize) {
    let mut shapes: BTreeMap<(&str, String), BTreeSet<Change>> = BTreeMap::new();
    for subject in subjects {
        for (place, _) in places(spec, subject.schema, subject.body) {
            shapes.entry((subject.operation, place.shape)).or_default().extend(place.changes);
        }
    }
    (shapes.len(), shapes.values().map(BTreeSet::len).sum())
}

/// What responses must have beside identifiers.
const REQUIRED: [&str; 5] = [
    // Nothing else may pass for a decision.
    "checkPermissionResult.allowed",
    "checkPermissionResultWithError.allowed",
    // Names the grant to the token endpoint.
    "deviceAuthorization.device_code",
    // Tells a tree from the error that Keto sends with the status 200.
    "expandedPermissionTree.type",
    // The whole response.
    "getOrganizationResponse.organization",
];

/// The contract requires only identifiers in responses, and what a response is nothing without.
#[test]
fn responses_require_identifiers_alone() {
    let spec = Spec::load();
    let mut seen = BTreeSet::new();
    let mut other = BTreeSet::new();
    for operation in spec.operations() {
        if let Some(schema) = success(&spec, &operation) {
            check_required(&spec, operation.id, schema, None, &mut seen, &mut other);
        }
    }
    assert!(seen.len() > 50, "{}", seen.len());
    assert_eq!(other, REQUIRED.map(str::to_owned).into());
}

/// Skips the tag of a union: without its tag, a variant decodes as an unknown one.
fn check_required(
    spec: &Spec,
    at: &str,
    schema: &Value,
    tag: Option<&str>,
    seen: &mut BTreeSet<String>,
    other: &mut BTreeSet<String>,
) {
    let at = match schema.get("$ref").and_then(Value::as_str) {
        Some(name) if !seen.insert(name.to_owned()) => return,
        Some(name) => name.rsplit('/').next().unwrap().to_owned(),
        None => at.to_owned(),
    };
    for name in required(spec, schema).into_iter().filter(|name| Some(*name) != tag) {
        if name != "id" && !name.ends_with("_id") && name != "challenge" {
            other.insert(format!("{at}.{name}"));
        }
    }
    match spec.shape(schema) {
        Shape::Object { properties, rest } => {
            let below = properties.values().copied().chain(rest.filter(|rest| rest.is_object()));
            below.for_each(|schema| check_required(spec, &at, schema, None, seen, other));
        }
        Shape::List(item) => check_required(spec, &at, item, None, seen, other),
        Shape::Union { tag, mapping } => {
            for target in mapping.values() {
                let reference = serde_json::json!({ "$ref": target });
                check_required(spec, &at, &reference, Some(tag), seen, other);
            }
        }
        Shape::Any | Shape::Plain { .. } => {}
    }
}

/// Mutates error bodies in the same ways: whatever they hold, the error keeps the body as sent and never panics.
#[tokio::test]
async fn changed_errors_stay_errors() {
    let spec = Spec::load();
    let operations = spec.operations();
    let recordings = all();
    let stub = Stub::start().await;
    let mut planned: BTreeMap<(u16, String, Change), (&Recording, Place)> = BTreeMap::new();
    for recording in &recordings {
        let Some(Body::Json(body)) = &recording.response.body else { continue };
        let operation = operations.iter().find(|operation| operation.id == recording.operation).unwrap();
        let status = recording.response.status;
        if status < 400 || operation.is_result(&spec, status) || stub::method(operation.id).is_none() {
            continue;
        }
        for place in places_of_any(body) {
            for change in place.changes.clone() {
                let key = (recording.response.status, place.shape.clone(), change);
                planned.entry(key).or_insert_with(|| (recording, place.clone()));
            }
        }
    }
    let mut ran = 0;
    for ((status, shape, change), (recording, place)) in &planned {
        let Some(Body::Json(body)) = &recording.response.body else { unreachable!("was chosen for it") };
        let mut document = body.clone();
        change.apply(&mut document, place, None);
        let text = document.to_string();
        let reply = Reply::new(*status, &[("Content-Type", JSON)], text.clone());
        let error = stub.call(&recording.operation, reply).await.unwrap_err();
        let at = format!("{} {status} {shape} {change:?}", recording.operation);
        assert_eq!(
            (error.operation(), error.status().unwrap().as_u16()),
            (Some(recording.operation.as_str()), *status),
            "{at}"
        );
        assert_eq!(error.body().as_ref(), text.as_bytes(), "{at}");
        let line = error.to_string();
        assert!(line.starts_with(&recording.operation) && !line.contains(char::is_control), "{at}: {line}");
        // Unknown keys do not hide the rest of the body.
        if *change == Change::UnknownKeys {
            let clean = Reply::new(*status, &[("Content-Type", JSON)], body.to_string());
            let clean = stub.call(&recording.operation, clean).await.unwrap_err();
            assert_eq!((error.id(), error.oauth2_error()), (clean.id(), clean.oauth2_error()), "{at}");
            assert_eq!(
                (error.reason(), error.message(), line),
                (clean.reason(), clean.message(), clean.to_string()),
                "{at}"
            );
            // A form keeps the unknown keys in its nodes and messages, so its next step differs.
            if clean.form().is_none() {
                assert_eq!(error.next_step(), clean.next_step(), "{at}");
            }
        }
        let _ = (error.next_step(), error.form(), error.since(), error.expired_at(), error.continue_with());
        let _ = (error.use_flow_id(), error.redirect_to(), error.redirect_browser_to(), format!("{error:?}"));
        ran += 1;
    }
    println!("{ran} changed errors");
    assert_eq!(ran, planned.len());
    assert!(ran > 1_000, "{ran}");
}

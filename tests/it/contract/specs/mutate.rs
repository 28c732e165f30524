//! Random changes to documents: some that no author would make, and some that a future version may make.

use serde_json::{Value, json};

/// A generator with a fixed sequence, so that failures are reproducible.
#[derive(Debug)]
pub struct Numbers(pub u64);

impl Numbers {
    pub fn below(&mut self, limit: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) as usize % limit.max(1)
    }

    fn of<'a, T: ?Sized>(&mut self, all: &[&'a T]) -> &'a T {
        all[self.below(all.len())]
    }
}

const METHODS: [&str; 8] = ["get", "put", "post", "delete", "patch", "head", "options", "trace"];

/// Reduces a document to a few operations and the components that they reference, so that a mutant compiles quickly.
pub fn reduced(document: &Value, operations: usize, numbers: &mut Numbers) -> Value {
    let mut all = Vec::new();
    for (path, item) in document["paths"].as_object().into_iter().flatten() {
        all.extend(METHODS.iter().filter(|method| item.get(**method).is_some()).map(|method| (path.as_str(), *method)));
    }
    let kept: Vec<(&str, &str)> = (0..operations.min(all.len())).map(|_| all[numbers.below(all.len())]).collect();
    let mut small = document.clone();
    small["components"] = json!({});
    small["paths"] = json!({});
    for (path, method) in kept {
        let item = &document["paths"][path];
        small["paths"][path][method] = item[method].clone();
        if let Some(parameters) = item.get("parameters") {
            small["paths"][path]["parameters"] = parameters.clone();
        }
    }
    let mut open = Vec::new();
    pointers(&small, &mut open);
    while let Some(pointer) = open.pop() {
        let parts: Vec<&str> = pointer.split('/').collect();
        let [_, "components", kind, name, ..] = parts.as_slice() else { continue };
        let (Some(found), None) =
            (document.pointer(&format!("/components/{kind}/{name}")), small["components"][*kind].get(*name))
        else {
            continue;
        };
        pointers(found, &mut open);
        small["components"][*kind][*name] = found.clone();
    }
    small["components"]["securitySchemes"] = document["components"]["securitySchemes"].clone();
    small
}

/// Collects every string that looks like a reference: in `$ref` and in a discriminator's mapping.
fn pointers(value: &Value, found: &mut Vec<String>) {
    match value {
        Value::String(text) => {
            found.extend(text.strip_prefix('#').filter(|path| path.starts_with('/')).map(str::to_owned))
        }
        Value::Array(items) => items.iter().for_each(|item| pointers(item, found)),
        Value::Object(map) => map.values().for_each(|value| pointers(value, found)),
        _ => {}
    }
}

/// Collects the JSON pointers of everything in a document except descriptions and summaries.
pub fn places(at: &str, value: &Value, found: &mut Vec<String>) {
    found.push(at.to_owned());
    let mut inner = |key: &str, value: &Value| {
        let key = key.replace('~', "~0").replace('/', "~1");
        if key != "description" && key != "summary" {
            places(&format!("{at}/{key}"), value, found);
        }
    };
    match value {
        Value::Object(map) => map.iter().for_each(|(key, value)| inner(key, value)),
        Value::Array(items) => items.iter().enumerate().for_each(|(index, value)| inner(&index.to_string(), value)),
        _ => {}
    }
}

const ODD_NAMES: [&str; 16] = [
    "", "type", "self", "Self", "crate", "a b", "a-b", "a_b", "aB", "1", "日", "\"", "$ref", "Option", "build", "extra",
];

/// Makes one change and describes it.
pub fn mutate(document: &mut Value, numbers: &mut Numbers) -> String {
    let mut all = Vec::new();
    places("", document, &mut all);
    all.remove(0);
    let Some(place) = (!all.is_empty()).then(|| all[numbers.below(all.len())].clone()) else {
        return "nothing".to_owned();
    };
    let other = all[numbers.below(all.len())].clone();
    let references: Vec<&String> = all.iter().filter(|place| place.ends_with("/$ref")).collect();
    match numbers.below(9) {
        0 => {
            remove(document, &place);
            format!("without {place}")
        }
        1 | 2 => {
            let nonsense = [
                json!(null),
                json!(7),
                json!(-1),
                json!(1e300),
                json!("x"),
                json!(""),
                json!([]),
                json!({}),
                json!(true),
                json!([{"x": {}}]),
                json!({"$ref": "#/components/schemas/none"}),
                json!("#/components/schemas"),
                json!(["null", "string"]),
            ];
            let nonsense = nonsense[numbers.below(nonsense.len())].clone();
            let said = format!("{nonsense} at {place}");
            set(document, &place, nonsense);
            said
        }
        3 if !references.is_empty() => {
            let reference = references[numbers.below(references.len())].clone();
            let schemas: Vec<String> = document["components"]["schemas"]
                .as_object()
                .into_iter()
                .flatten()
                .map(|(name, _)| name.clone())
                .collect();
            let any = schemas.get(numbers.below(schemas.len())).cloned().unwrap_or_default();
            let target = match numbers.below(8) {
                0 => "#/components/schemas/none".to_owned(),
                1 => "other.yaml#/components/schemas/x".to_owned(),
                2 => "#/components/responses/none".to_owned(),
                3 => "#/paths".to_owned(),
                4 => "#".to_owned(),
                5 => place.strip_prefix("").map(|place| format!("#{place}")).unwrap_or_default(),
                _ => format!("#/components/schemas/{any}"),
            };
            let said = format!("{reference} is {target}");
            set(document, &reference, Value::from(target));
            said
        }
        4 | 5 => {
            // Replaces one subtree with another: this creates recursion, schemas in place of responses, and so on.
            let copy = document.pointer(&other).cloned().unwrap_or_default();
            set(document, &place, copy);
            format!("{other} at {place}")
        }
        6 => {
            let name = numbers.of(&ODD_NAMES);
            rename(document, &place, name, true);
            format!("{place} renamed {name:?}")
        }
        7 => {
            let name = numbers.of(&ODD_NAMES);
            rename(document, &place, name, false);
            format!("{place} once more as {name:?}")
        }
        _ => {
            let types: Vec<&String> = all.iter().filter(|place| place.ends_with("/type")).collect();
            let Some(place) = types.get(numbers.below(types.len())) else { return "nothing".to_owned() };
            let kind = numbers.of(&["string", "integer", "number", "boolean", "array", "object", "null", "file"]);
            set(document, place, Value::from(kind));
            format!("{place} is {kind}")
        }
    }
}

fn set(document: &mut Value, place: &str, value: Value) {
    if let Some(target) = document.pointer_mut(place) {
        *target = value;
    }
}

fn parent<'a>(document: &'a mut Value, place: &str) -> Option<(&'a mut Value, String)> {
    let (above, key) = place.rsplit_once('/')?;
    Some((document.pointer_mut(above)?, key.replace("~1", "/").replace("~0", "~")))
}

fn remove(document: &mut Value, place: &str) {
    match parent(document, place) {
        Some((Value::Object(map), key)) => drop(map.remove(&key)),
        Some((Value::Array(items), key)) => drop(items.remove(key.parse().unwrap())),
        _ => {}
    }
}

fn rename(document: &mut Value, place: &str, name: &str, away: bool) {
    match parent(document, place) {
        Some((Value::Object(map), key)) => {
            let value = if away { map.remove(&key) } else { map.get(&key).cloned() };
            map.insert(name.to_owned(), value.unwrap_or_default());
        }
        Some((Value::Array(items), key)) => {
            let copy = items[key.parse::<usize>().unwrap()].clone();
            items.push(copy);
        }
        _ => {}
    }
}

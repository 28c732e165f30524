//! `openapi.yaml` as the tests interpret it, independently of the build, so that they do not repeat its assumptions.

use std::collections::BTreeMap;

use serde_json::{Map, Value};

use crate::build::read;

/// The contract.
pub struct Spec {
    pub document: Value,
}

/// An operation of the contract.
pub struct Operation<'a> {
    pub id: &'a str,
    /// Upper case (`GET`).
    pub method: String,
    pub path: &'a str,
    pub raw: &'a Value,
}

/// What a schema says about a value, with references followed.
pub enum Shape<'a> {
    /// Any JSON.
    Any,
    Object {
        properties: BTreeMap<&'a str, &'a Value>,
        /// The schema of additional properties, if they are kept.
        rest: Option<&'a Value>,
    },
    List(&'a Value),
    /// The value of the tag selects the variant.
    Union {
        tag: &'a str,
        mapping: &'a Map<String, Value>,
    },
    Plain {
        kind: &'a str,
        time: bool,
    },
}

impl Spec {
    pub fn text() -> String {
        std::fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/openapi.yaml")).unwrap()
    }

    pub fn load() -> Self {
        Self { document: read::document(&Self::text()).unwrap() }
    }

    /// Every operation, in the contract's order.
    pub fn operations(&self) -> Vec<Operation<'_>> {
        let mut found = Vec::new();
        for (path, item) in self.document["paths"].as_object().unwrap() {
            for (method, raw) in item.as_object().unwrap() {
                let id = raw["operationId"].as_str().unwrap();
                found.push(Operation { id, method: method.to_uppercase(), path, raw });
            }
        }
        found
    }

    pub fn schemas(&self) -> &Map<String, Value> {
        self.document["components"]["schemas"].as_object().unwrap()
    }

    /// Follows `$ref`.
    pub fn resolve<'a>(&'a self, value: &'a Value) -> &'a Value {
        match value.get("$ref").and_then(Value::as_str) {
            Some(pointer) => self.target(pointer),
            None => value,
        }
    }

    fn target(&self, pointer: &str) -> &Value {
        let found = pointer.strip_prefix('#').and_then(|path| self.document.pointer(path));
        self.resolve(found.unwrap_or_else(|| panic!("{pointer} points to nothing")))
    }

    /// The schema of the variant that a tag's value selects.
    pub fn variant<'a>(&'a self, mapping: &'a Map<String, Value>, tag: Option<&Value>) -> Option<&'a Value> {
        mapping.get(tag?.as_str()?)?.as_str().map(|pointer| self.target(pointer))
    }

    pub fn shape<'a>(&'a self, schema: &'a Value) -> Shape<'a> {
        let schema = self.resolve(schema);
        if let Some(tag) = schema.pointer("/discriminator/propertyName").and_then(Value::as_str) {
            let mapping = schema["discriminator"]["mapping"].as_object().unwrap();
            return Shape::Union { tag, mapping };
        }
        if let Some(parts) = schema.get("allOf").and_then(Value::as_array) {
            return self.all_of(schema, parts);
        }
        let kind = schema.get("type").and_then(Value::as_str);
        match kind {
            Some("array") => Shape::List(&schema["items"]),
            Some(kind @ ("string" | "integer" | "number" | "boolean")) => {
                Shape::Plain { kind, time: schema.get("format").is_some_and(|format| format == "date-time") }
            }
            _ => {
                let properties = properties(schema);
                let rest = schema.get("additionalProperties").filter(|rest| **rest != Value::Bool(false));
                // A schema that says nothing about an object allows any JSON.
                if properties.is_empty() && rest.is_none() { Shape::Any } else { Shape::Object { properties, rest } }
            }
        }
    }

    /// A single part stands for itself. Several parts make an object with the properties of all.
    fn all_of<'a>(&'a self, schema: &'a Value, parts: &'a [Value]) -> Shape<'a> {
        if let [one] = parts {
            return self.shape(one);
        }
        let mut all = properties(schema);
        let mut kept = None;
        for part in parts {
            if let Shape::Object { properties, rest } = self.shape(part) {
                all.extend(properties);
                kept = kept.or(rest);
            }
        }
        Shape::Object { properties: all, rest: kept }
    }

    /// Whether the schema allows null.
    pub fn is_nullable(&self, schema: &Value) -> bool {
        let is = |schema: &Value| schema.get("nullable").is_some_and(|flag| *flag == Value::Bool(true));
        is(schema) || is(self.resolve(schema)) || matches!(self.shape(schema), Shape::Any)
    }
}

impl Operation<'_> {
    /// Whether a request's path, without its query, matches this operation.
    pub fn has_path(&self, path: &str) -> bool {
        let elsewhere = self.raw.get("x-path-at").and_then(Value::as_object).into_iter().flatten();
        let templates = elsewhere.filter_map(|(_, template)| template.as_str()).chain([self.path]);
        templates.into_iter().any(|template| matches(template, path))
    }

    /// Whether a response with this status is a result.
    pub fn is_result(&self, spec: &Spec, status: u16) -> bool {
        let is_marked = || self.response(spec, status).is_some_and(|response| response.get("x-success").is_some());
        (200..300).contains(&status) || is_marked()
    }

    /// The response declared for exactly this status.
    pub fn response<'a>(&'a self, spec: &'a Spec, status: u16) -> Option<&'a Value> {
        self.raw["responses"].get(status.to_string()).map(|response| spec.resolve(response))
    }

    /// Whether the contract declares a redirect that is not only for browsers.
    pub fn redirects(&self, spec: &Spec) -> bool {
        let declared = self.raw["responses"].as_object().unwrap().iter();
        let mut redirects = declared.filter(|(status, _)| status.starts_with('3'));
        redirects.any(|(_, response)| spec.resolve(response).get("x-only-browsers").is_none())
    }

    /// The response declared for a success with this status, or the first declared 2xx if there is none.
    pub fn success<'a>(&'a self, spec: &'a Spec, status: u16) -> Option<&'a Value> {
        self.response(spec, status).or_else(|| {
            let mut all = self.raw["responses"].as_object()?.iter();
            all.find(|(status, _)| status.starts_with('2')).map(|(_, raw)| spec.resolve(raw))
        })
    }

    /// The parameters, with references followed.
    pub fn parameters<'a>(&'a self, spec: &'a Spec) -> Vec<&'a Value> {
        let list = self.raw.get("parameters").and_then(Value::as_array);
        list.into_iter().flatten().map(|parameter| spec.resolve(parameter)).collect()
    }

    /// The schema of the request body in this media type.
    pub fn request<'a>(&'a self, spec: &'a Spec, media_type: &str) -> Option<&'a Value> {
        spec.resolve(self.raw.get("requestBody")?).get("content")?.get(media_type)?.get("schema")
    }
}

/// Whether a path matches a template.
fn matches(template: &str, path: &str) -> bool {
    let (mut template, mut path) = (template.split('/'), path.split('/'));
    loop {
        match (template.next(), path.next()) {
            (None, None) => return true,
            (Some(part), Some(value)) => match part.split_once('}') {
                // An action may follow the name, as in `{key_id}:revoke`.
                Some((_, action)) if value.strip_suffix(action).is_some_and(|value| !value.is_empty()) => {}
                None if part == value => {}
                _ => return false,
            },
            _ => return false,
        }
    }
}

fn properties(schema: &Value) -> BTreeMap<&str, &Value> {
    let map = schema.get("properties").and_then(Value::as_object);
    map.into_iter().flatten().map(|(name, schema)| (name.as_str(), schema)).collect()
}

//! What the build knows about an operation once the contract is read. The operation table, the builders and the
//! schemas for the generator come from it.

use std::collections::BTreeSet;

use serde_json::Value;

use super::kinds::{Endpoint, Place, Repeat, Security};
use super::names;
use super::one_line::short;

/// One operation of the contract.
#[derive(Debug, Clone)]
pub struct Operation {
    /// Ory's name (`adminListIdentities`).
    pub id: String,
    /// The method's name (`admin_list_identities`).
    pub name: String,
    /// Upper case (`GET`).
    pub method: String,
    /// The path template.
    pub path: String,
    /// One of `Area::KNOWN`, or an area that only this document has.
    pub area: String,
    pub endpoint: Endpoint,
    pub summary: String,
    pub description: String,
    pub deprecated: bool,
    /// Each of them is enough.
    pub security: Vec<Scheme>,
    pub parameters: Vec<Parameter>,
    pub body: Option<Body>,
    pub success: Success,
    /// The status and the description of each error.
    pub errors: Vec<(String, String)>,
    pub repeat: Repeat,
    /// The names of parameters of which a call must set at least one.
    pub one_of: BTreeSet<String>,
    /// Whether a browser visits it as a page: a GET that declares a redirect.
    pub visited: bool,
    /// The field of the response that the example in its docs reads.
    pub reads: Option<String>,
    /// The operation's name in the legacy layout, if it existed there.
    pub legacy: Option<String>,
    /// The first version of a server that has it, unless all that the crate supports have it: `Kratos 1.0.0`.
    pub since: Option<String>,
    /// Ory's name for it today, if that differs.
    pub today: Option<String>,
    /// Whether every server has it, so that the caller says which one to ask.
    pub any_endpoint: bool,
    /// The paths on servers that have it elsewhere.
    pub paths_at: Vec<(Endpoint, String)>,
}

impl Operation {
    /// The operation in words, for faults and the report.
    pub fn at(&self) -> String {
        format!("operation {}", short(&self.id))
    }

    /// The name of the builder's type.
    pub fn type_name(&self) -> String {
        names::builder_name(&self.name)
    }

    /// For tests: `GET /x` without parameters.
    #[cfg(test)]
    pub fn example() -> Self {
        Self {
            id: "x".to_owned(),
            name: "x".to_owned(),
            method: "GET".to_owned(),
            path: "/x".to_owned(),
            area: "other".to_owned(),
            endpoint: Endpoint::KratosPublic,
            summary: String::new(),
            description: String::new(),
            deprecated: false,
            security: Vec::new(),
            parameters: Vec::new(),
            body: None,
            success: Success { body: ResponseBody::Empty, optional: false, redirect: false, statuses: Vec::new() },
            errors: Vec::new(),
            repeat: Repeat::Safe,
            one_of: BTreeSet::new(),
            visited: false,
            reads: None,
            legacy: None,
            since: None,
            today: None,
            any_endpoint: false,
            paths_at: Vec::new(),
        }
    }

    /// The schemas in the operation itself: the roots of everything that must be compiled.
    pub fn schemas(&self) -> Vec<&Value> {
        let mut found: Vec<&Value> = self.parameters.iter().map(|parameter| &parameter.schema).collect();
        found.extend(self.body.iter().map(|body| &body.schema));
        found.extend(self.success.body.schema());
        found
    }

    /// Like `schemas`, but mutable and with the place of each.
    pub fn schemas_mut(&mut self) -> Vec<PlacedSchema<'_>> {
        let whole = self.at();
        let Self { parameters, body, success, .. } = self;
        let at = |place: &str| format!("{whole}, {place}");
        let mut found: Vec<PlacedSchema<'_>> = Vec::new();
        for Parameter { name, wire, schema, .. } in parameters {
            let (suffix, at) = (names::pascal(name), at(&format!("parameter {}", short(wire))));
            found.push(PlacedSchema { suffix, at, is_parameter: true, schema });
        }
        if let Some(Body { schema, .. }) = body {
            found.push(PlacedSchema { suffix: "Body".to_owned(), at: at("body"), is_parameter: false, schema });
        }
        if let Some(schema) = success.body.schema_mut() {
            found.push(PlacedSchema { suffix: "Response".to_owned(), at: at("response"), is_parameter: false, schema });
        }
        found
    }
}

/// A schema of an operation, with its place.
pub struct PlacedSchema<'a> {
    /// Added to the operation's name to name an inline schema: `Body`.
    pub suffix: String,
    /// The place in words: `operation getThing, body`.
    pub at: String,
    pub is_parameter: bool,
    pub schema: &'a mut Value,
}

/// A security scheme of the document.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Scheme {
    pub name: String,
    /// The credential that it stands for, if the crate knows it.
    pub credential: Option<Security>,
}

/// An argument in the path, the query or a header.
#[derive(Debug, Clone)]
pub struct Parameter {
    /// The name on the wire.
    pub wire: String,
    /// The name of the setter.
    pub name: String,
    pub place: Place,
    pub required: bool,
    pub secret: bool,
    pub deprecated: bool,
    pub description: String,
    /// The value in the example of the docs.
    pub example: Option<Value>,
    pub schema: Value,
    pub minimum: Option<i64>,
    pub maximum: Option<i64>,
    /// The minimum length of a text.
    pub min_length: Option<u64>,
    /// Bounds of the legacy layout, where they differ.
    pub legacy_minimum: Option<i64>,
    pub legacy_maximum: Option<i64>,
}

#[cfg(test)]
impl Parameter {
    /// For tests: an optional parameter of the query.
    pub fn example(name: &str, schema: Value) -> Self {
        Self {
            wire: name.to_owned(),
            name: name.to_owned(),
            place: Place::Query,
            required: false,
            secret: false,
            deprecated: false,
            description: String::new(),
            example: None,
            schema,
            minimum: None,
            maximum: None,
            min_length: None,
            legacy_minimum: None,
            legacy_maximum: None,
        }
    }
}

/// How the body of a request is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Media {
    Json,
    Form,
    Text,
    Bytes,
}

/// The body of a request.
#[derive(Debug, Clone)]
pub struct Body {
    pub media: Media,
    /// The media type to send.
    pub content_type: String,
    pub required: bool,
    pub description: String,
    /// The body in the example of the docs.
    pub example: Option<Value>,
    pub schema: Value,
}

/// The body of a successful response.
#[derive(Debug, Clone, PartialEq)]
pub enum ResponseBody {
    Json(Value),
    /// JSON or, if the caller's settings say so, a text such as a JWT.
    JsonOrText(Value),
    Text,
    /// A text that nobody may see (`format: password`).
    SecretText,
    Bytes,
    Empty,
}

impl ResponseBody {
    /// The schema of the JSON, if it can be JSON.
    pub fn schema(&self) -> Option<&Value> {
        match self {
            Self::Json(schema) | Self::JsonOrText(schema) => Some(schema),
            _ => None,
        }
    }

    pub fn schema_mut(&mut self) -> Option<&mut Value> {
        match self {
            Self::Json(schema) | Self::JsonOrText(schema) => Some(schema),
            _ => None,
        }
    }
}

/// What a successful call returns.
#[derive(Debug, Clone, PartialEq)]
pub struct Success {
    pub body: ResponseBody,
    /// One status has a body and another has none (200 and 204).
    pub optional: bool,
    /// The contract declares a redirect, so the caller gets it as a value. Redirects that only browsers get do not count.
    pub redirect: bool,
    /// Statuses of 4xx and 5xx whose body is the result.
    pub statuses: Vec<u16>,
}

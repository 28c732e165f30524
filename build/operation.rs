//! What the build knows of an operation once the contract is read: the source of the operation table, of the
//! builders and of what the generator is shown.

use serde_json::Value;

use super::names;

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
    pub area: String,
    pub endpoint: String,
    pub summary: String,
    pub description: String,
    pub deprecated: bool,
    /// Names of security schemes, each sufficient alone.
    pub security: Vec<String>,
    pub parameters: Vec<Parameter>,
    pub body: Option<Body>,
    pub success: Success,
    /// What the errors mean: status and text.
    pub errors: Vec<(String, String)>,
    pub repeat: Repeat,
    /// The operation's name in the legacy layout, if it was there.
    pub legacy: Option<String>,
}

impl Operation {
    /// The builder's type name, as the generator makes it of the method's name.
    pub fn type_name(&self) -> String {
        names::type_name(&self.name)
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Place {
    Path,
    Query,
    Header,
}

#[derive(Debug, Clone)]
pub struct Parameter {
    /// The name on the wire.
    pub wire: String,
    /// The setter's name.
    pub name: String,
    pub place: Place,
    pub required: bool,
    pub secret: bool,
    pub deprecated: bool,
    pub description: String,
    pub schema: Value,
    pub minimum: Option<i64>,
    pub maximum: Option<i64>,
    /// The least length of a text.
    pub min_length: Option<u64>,
    /// Bounds of the legacy layout, where they differ.
    pub legacy_minimum: Option<i64>,
    pub legacy_maximum: Option<i64>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Media {
    Json,
    Form,
    Text,
    Bytes,
}

#[derive(Debug, Clone)]
pub struct Body {
    pub media: Media,
    /// The media type to send.
    pub content_type: String,
    pub required: bool,
    pub description: String,
    pub schema: Value,
}

#[derive(Debug, Clone, PartialEq)]
pub enum Answer {
    Json(Value),
    /// JSON or, if the caller's settings say so, a text such as a JWT.
    JsonOrText(Value),
    Text,
    /// A text that nobody may see (`format: password`).
    SecretText,
    Bytes,
    Empty,
}

/// What a call that went well gives.
#[derive(Debug, Clone, PartialEq)]
pub struct Success {
    pub answer: Answer,
    /// Some success has a body and another has none (200 or 204).
    pub optional: bool,
    /// A redirect is declared, so it is an answer.
    pub redirect: bool,
}

/// Whether doing it twice hurts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Repeat {
    Safe,
    Repeatable,
    Once,
}

//! A call on its way to the hook: what the operation's builder wrote, not yet routed.

use std::borrow::Cow;
use std::time::Duration;

use bytes::Bytes;
use http::{HeaderMap, HeaderName, HeaderValue};
use serde::Serialize;
use serde_json::Value;

use crate::argument::{Argument, InvalidArgument};
use crate::client::Client;
use crate::error::Error;
use crate::operation::{self, Operation, Place};
use crate::path_segment::PathSegment;
use crate::wire_text::WireText;

/// What a caller adds to one call.
#[derive(Clone, Default)]
pub(crate) struct CallOptions {
    more: Option<Box<More>>,
}

#[derive(Clone, Default)]
struct More {
    query: Vec<(String, String)>,
    headers: Vec<(String, String)>,
    json: Option<Value>,
    timeout: Option<Duration>,
    stall: Option<Duration>,
}

impl CallOptions {
    fn more(&mut self) -> &mut More {
        self.more.get_or_insert_default()
    }

    pub(crate) fn query(&mut self, key: String, value: String) {
        self.more().query.push((key, value));
    }

    pub(crate) fn header(&mut self, name: String, value: String) {
        self.more().headers.push((name, value));
    }

    pub(crate) fn json_body(&mut self, body: Value) {
        self.more().json = Some(body);
    }

    pub(crate) fn timeout(&mut self, limit: Duration) {
        self.more().timeout = Some(limit);
    }

    pub(crate) fn stall_timeout(&mut self, limit: Duration) {
        self.more().stall = Some(limit);
    }
}

/// The methods that every builder has, for what the contract does not know.
macro_rules! options {
    () => {
        /// Adds a query pair that the contract does not know.
        #[inline]
        pub fn query(mut self, key: impl Into<String>, value: impl Into<String>) -> Self {
            self.options.query(key.into(), value.into());
            self
        }

        /// Sets a header that the contract does not know. It replaces one that the client would set.
        #[inline]
        pub fn header(mut self, name: impl Into<String>, value: impl Into<String>) -> Self {
            self.options.header(name.into(), value.into());
            self
        }

        /// Sends this JSON as the body in place of the typed one; a null in it is sent as null.
        #[inline]
        pub fn json_body(mut self, body: serde_json::Value) -> Self {
            self.options.json_body(body);
            self
        }

        /// The limit of this whole call in place of the client's ([`crate::ClientBuilder::timeout`]): the token
        /// provider, every try and every wait included.
        #[inline]
        pub fn timeout(mut self, limit: std::time::Duration) -> Self {
            self.options.timeout(limit);
            self
        }

        /// The limit of this call for silence in place of the client's ([`crate::ClientBuilder::stall_timeout`]).
        #[inline]
        pub fn stall_timeout(mut self, limit: std::time::Duration) -> Self {
            self.options.stall_timeout(limit);
            self
        }
    };
}

pub(crate) use options;

/// A request that knows its operation but not yet its server.
#[derive(Clone)]
pub(crate) struct Draft {
    pub(crate) operation: Cow<'static, Operation>,
    pub(crate) path: Cow<'static, str>,
    pub(crate) query: String,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Option<Bytes>,
    pub(crate) timeout: Option<Duration>,
    pub(crate) stall: Option<Duration>,
    options: CallOptions,
    /// Why the first argument that was refused cannot be sent.
    refused: Option<InvalidArgument>,
}

impl Draft {
    pub(crate) fn new(operation: &'static Operation, options: CallOptions) -> Self {
        Self::to(Cow::Borrowed(operation), operation.path.into(), options)
    }

    /// A call to a path of the caller's own.
    pub(crate) fn to(operation: Cow<'static, Operation>, path: Cow<'static, str>, options: CallOptions) -> Self {
        Self {
            operation,
            path,
            query: String::new(),
            headers: HeaderMap::new(),
            body: None,
            timeout: options.more.as_ref().and_then(|more| more.timeout),
            stall: options.more.as_ref().and_then(|more| more.stall),
            options,
            refused: None,
        }
    }

    /// Writes a value wherever the template has its name in braces.
    pub(crate) fn path(&mut self, wire: &str, value: Argument<PathSegment>) {
        if let Some(value) = self.take(wire, value, true) {
            let mut encoded = String::new();
            value.encode_into(&mut encoded);
            self.path = self.path.replace(&format!("{{{wire}}}"), &encoded).into();
        }
    }

    /// Writes a query pair, one for each text of the value.
    pub(crate) fn query<T: WireText>(&mut self, wire: &str, value: Argument<T>, required: bool) {
        if let Some(value) = self.take(wire, value, required) {
            value.texts(&mut |text| append_pair(&mut self.query, wire, text));
        }
    }

    /// Writes a header.
    pub(crate) fn header<T: WireText>(&mut self, wire: &str, value: Argument<T>, required: bool) {
        let Some(value) = self.take(wire, value, required) else { return };
        value.texts(&mut |text| match self.checked_header(wire, text) {
            Ok((name, value)) => drop(self.headers.append(name, value)),
            Err(why) => self.refuse(why),
        });
    }

    /// Writes the body as JSON.
    pub(crate) fn json<T: Serialize>(&mut self, value: Argument<T>, required: bool) {
        if let Some(value) = self.take_body(value, required) {
            let body = serde_json::to_vec(&value);
            self.set_body_of(body, "application/json");
        }
    }

    /// Writes the body as a form (`application/x-www-form-urlencoded`): lists repeat their key, objects join theirs
    /// with a dot, as Ory reads them.
    pub(crate) fn form<T: Serialize>(&mut self, value: Argument<T>, required: bool) {
        if let Some(value) = self.take_body(value, required) {
            let form = serde_json::to_value(&value).map(|value| {
                let mut form = String::new();
                write_form(&mut form, "", &value);
                form.into_bytes()
            });
            self.set_body_of(form, "application/x-www-form-urlencoded");
        }
    }

    /// Writes the body as it is.
    pub(crate) fn raw<T: Into<Vec<u8>>>(&mut self, value: Argument<T>, required: bool, content_type: &'static str) {
        if let Some(value) = self.take_body(value, required) {
            self.set_body(value.into(), content_type);
        }
    }

    /// The call, unless an argument was refused.
    pub(crate) fn ready(mut self, client: Client) -> Result<(Client, Self), Error> {
        match self.refused.take() {
            None => Ok((client, self)),
            Some(why) => Err(Error::argument(self.operation.id, why)),
        }
    }

    /// Writes a query pair as it is.
    pub(crate) fn pair(&mut self, key: &str, value: &str) {
        append_pair(&mut self.query, key, value);
    }

    /// Takes the pairs of these keys out of the query, those that the caller added beside the contract last.
    pub(crate) fn take_pairs(&mut self, keys: &[&str]) -> Vec<(String, String)> {
        let is_taken = |(key, _): &(String, String)| keys.contains(&key.as_str());
        let query = std::mem::take(&mut self.query);
        let (mut taken, kept): (Vec<_>, Vec<_>) =
            url::form_urlencoded::parse(query.as_bytes()).into_owned().partition(is_taken);
        kept.iter().for_each(|(key, value)| self.pair(key, value));
        if let Some(more) = &mut self.options.more {
            let (added, kept) = std::mem::take(&mut more.query).into_iter().partition(is_taken);
            more.query = kept;
            taken.extend::<Vec<_>>(added);
        }
        taken
    }

    /// Path and query, in an order that does not depend on the caller's.
    pub(crate) fn place(&self) -> String {
        let mut pairs: Vec<(String, String)> =
            url::form_urlencoded::parse(self.query.as_bytes()).into_owned().collect();
        pairs.extend(self.options.more.iter().flat_map(|more| more.query.iter().cloned()));
        pairs.sort();
        let mut query = String::new();
        pairs.iter().for_each(|(key, value)| append_pair(&mut query, key, value));
        format!("{}?{query}", self.path)
    }

    /// Holds the query against the contract's bounds. What the caller added beside the contract is not held.
    pub(crate) fn check_bounds(&self, legacy: bool) -> Result<(), Error> {
        for (key, value) in url::form_urlencoded::parse(self.query.as_bytes()) {
            let of_query = |argument: &&operation::Argument| argument.place == Place::Query && argument.wire == key;
            let argument = self.operation.arguments.iter().find(of_query);
            if let Some(why) = argument.and_then(|argument| argument.refuse(&value, legacy)) {
                let id = self.operation.id;
                return Err(Error::argument(id, InvalidArgument::new(format!("{id}: {why}"))));
            }
        }
        Ok(())
    }

    /// Adds what the caller set beside the contract. It comes last, since it wins.
    pub(crate) fn finish(&mut self) -> Result<(), Error> {
        let Some(more) = self.options.more.take() else { return Ok(()) };
        for (key, value) in &more.query {
            append_pair(&mut self.query, key, value);
        }
        for (name, value) in &more.headers {
            let header = self.checked_header(name, value);
            let (name, value) = header.map_err(|why| Error::argument(self.operation.id, why))?;
            self.headers.insert(name, value);
        }
        if let Some(json) = more.json {
            self.set_body(json.to_string().into_bytes(), "application/json");
        }
        Ok(())
    }

    /// The body, unless the caller gave JSON in its place.
    fn take_body<T>(&mut self, value: Argument<T>, required: bool) -> Option<T> {
        let replaced = self.options.more.as_ref().is_some_and(|more| more.json.is_some());
        if replaced { None } else { self.take("body", value, required) }
    }

    fn take<T>(&mut self, wire: &str, value: Argument<T>, required: bool) -> Option<T> {
        let owner = self.operation.id;
        let value = if required { value.required(owner, wire).map(Some) } else { value.optional(owner, wire) };
        value.unwrap_or_else(|why| {
            self.refuse(why);
            None
        })
    }

    fn set_body_of(&mut self, body: Result<Vec<u8>, serde_json::Error>, content_type: &'static str) {
        match body {
            Ok(body) => self.set_body(body, content_type),
            Err(why) => self.refuse(InvalidArgument::new(why.to_string())),
        }
    }

    fn set_body(&mut self, body: Vec<u8>, content_type: &'static str) {
        self.headers.entry(http::header::CONTENT_TYPE).or_insert(HeaderValue::from_static(content_type));
        self.body = Some(body.into());
    }

    /// The name and value, if no character in them could break out of the line.
    fn checked_header(&self, name: &str, value: &str) -> Result<(HeaderName, HeaderValue), InvalidArgument> {
        let refuse = |why: &str| InvalidArgument::new(format!("{}: header `{name}` {why}", self.operation.id));
        let parsed = HeaderName::from_bytes(name.as_bytes()).map_err(|_| refuse("is no header name"))?;
        if value.chars().any(char::is_control) {
            return Err(refuse("has a control character in its value"));
        }
        let mut value =
            HeaderValue::from_bytes(value.as_bytes()).map_err(|_| refuse("cannot be sent with this value"))?;
        value.set_sensitive(true);
        Ok((parsed, value))
    }

    /// Keeps why an argument cannot be sent; the first is the one that is told.
    fn refuse(&mut self, why: InvalidArgument) {
        self.refused.get_or_insert(why);
    }
}

/// Appends `key=value` to a query or form.
pub(crate) fn append_pair(text: &mut String, key: &str, value: &str) {
    if !text.is_empty() {
        text.push('&');
    }
    text.extend(url::form_urlencoded::byte_serialize(key.as_bytes()));
    text.push('=');
    text.extend(url::form_urlencoded::byte_serialize(value.as_bytes()));
}

fn write_form(form: &mut String, key: &str, value: &Value) {
    match value {
        Value::Null => {}
        Value::Bool(flag) => append_pair(form, key, if *flag { "true" } else { "false" }),
        Value::Number(number) => append_pair(form, key, &number.to_string()),
        Value::String(text) => append_pair(form, key, text),
        Value::Array(items) => items.iter().for_each(|item| write_form(form, key, item)),
        Value::Object(map) => {
            for (name, value) in map {
                let key = if key.is_empty() { name.clone() } else { format!("{key}.{name}") };
                write_form(form, &key, value);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn forms() {
        let mut form = String::new();
        write_form(
            &mut form,
            "",
            &serde_json::json!({"a": "b c&d", "l": ["1", "2"], "n": null, "t": {"x": {"y": true}}}),
        );
        assert_eq!(form, "a=b+c%26d&l=1&l=2&t.x.y=true");
    }
}

//! A request before it is routed and sent.

use std::borrow::Cow;
use std::time::Duration;

use bytes::Bytes;
use http::{HeaderMap, HeaderName, HeaderValue, header};
use serde::Serialize;

use super::headers::{self, CREDENTIALS};
use super::options::{CallOptions, OwnBody};
use crate::contract::{Endpoint, Operation, Parameter, Place};
use crate::error::Error;
use crate::input::{InvalidArgument, PathSegment, Slot};
use crate::wire::form::{append_pair, write_form};
use crate::wire::text::WireText;

const JSON: &str = "application/json";
const FORM: &str = "application/x-www-form-urlencoded";

/// The most headers of a request that may come from the caller. No server takes as many, and `HeaderMap` panics at 32,768.
const MOST_HEADERS: usize = 1_000;

/// A request that has its operation, but no server yet.
#[derive(Clone)]
pub(crate) struct Draft {
    pub(crate) operation: Cow<'static, Operation>,
    pub(crate) path: Cow<'static, str>,
    pub(crate) query: String,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Option<Bytes>,
    pub(crate) timeout: Option<Duration>,
    pub(crate) stall_timeout: Option<Duration>,
    options: CallOptions,
    /// Whether the caller added something that may be a secret, for all that the contract says.
    added_secret: bool,
    /// Why the first refused argument cannot be sent.
    refused: Option<InvalidArgument>,
}

impl Draft {
    pub(crate) fn new(operation: &'static Operation, options: CallOptions) -> Self {
        Self::to(Cow::Borrowed(operation), operation.path.into(), options)
    }

    /// A request to any path.
    pub(crate) fn to(operation: Cow<'static, Operation>, path: Cow<'static, str>, options: CallOptions) -> Self {
        Self {
            operation,
            path,
            query: String::new(),
            headers: HeaderMap::new(),
            body: None,
            timeout: options.get().and_then(|more| more.timeout),
            stall_timeout: options.get().and_then(|more| more.stall_timeout),
            options,
            added_secret: false,
            refused: None,
        }
    }

    /// Chooses the server of an operation that every server has.
    pub(crate) fn endpoint(&mut self, endpoint: Slot<Endpoint>) {
        let Some(endpoint) = self.take("endpoint", endpoint, true) else { return };
        self.operation.to_mut().endpoint = endpoint;
    }

    /// Refuses two arguments that exclude each other.
    pub(crate) fn not_both(&mut self, one: (&str, bool), other: (&str, bool)) {
        if one.1 && other.1 {
            let operation = self.operation.id;
            self.refuse(InvalidArgument::new(format!(
                "{operation}: `{}` and `{}` are both set: set only one",
                one.0, other.0
            )));
        }
    }

    /// Refuses arguments that belong together if only some of them are set.
    pub(crate) fn all_or_none(&mut self, arguments: &[(&str, bool)]) {
        let given = |wanted: bool| arguments.iter().find(|(_, is_set)| *is_set == wanted).map(|(name, _)| *name);
        if let (Some(set), Some(missing)) = (given(true), given(false)) {
            let operation = self.operation.id;
            let why = format!("{operation}: `{missing}` is missing: it belongs to `{set}`");
            self.refuse(InvalidArgument::new(why));
        }
    }

    /// Writes a value into the path, wherever the template has its name in braces.
    pub(crate) fn path(&mut self, wire: &str, value: Slot<PathSegment>) {
        if let Some(value) = self.take(wire, value, true) {
            let mut encoded = String::new();
            value.encode_into(&mut encoded);
            self.path = self.path.replace(&format!("{{{wire}}}"), &encoded).into();
        }
    }

    /// Refuses the call if none of these arguments is set.
    pub(crate) fn one_of(&mut self, arguments: &[(&str, bool)]) {
        if !arguments.iter().any(|(_, is_set)| *is_set) {
            let names: Vec<String> = arguments.iter().map(|(name, _)| format!("`{name}`")).collect();
            let operation = self.operation.id;
            self.refuse(InvalidArgument::new(format!(
                "{operation}: {} is missing: set one of them",
                names.join(" or ")
            )));
        }
    }

    /// Writes a query pair for each text of the value.
    pub(crate) fn query<T: WireText>(&mut self, wire: &str, value: Slot<T>, required: bool) {
        if let Some(value) = self.take(wire, value, required) {
            value.texts(&mut |text| append_pair(&mut self.query, wire, text));
        }
    }

    /// Writes a header.
    pub(crate) fn header<T: WireText>(&mut self, wire: &str, value: Slot<T>, required: bool) {
        let Some(value) = self.take(wire, value, required) else { return };
        value.texts(&mut |text| match self.checked_header(wire, text) {
            Ok((name, value)) => drop(self.headers.append(name, value)),
            Err(why) => self.refuse(why),
        });
    }

    /// Writes the body as JSON.
    pub(crate) fn json<T: Serialize>(&mut self, value: Slot<T>, required: bool) {
        if let Some(value) = self.take_body(value, required) {
            let body = serde_json::to_vec(&value);
            self.set_body_of(body, JSON);
        }
    }

    /// Writes the body as a form (`application/x-www-form-urlencoded`), as Ory reads it: lists repeat their key, and keys of
    /// objects are joined by dots.
    pub(crate) fn form<T: Serialize>(&mut self, value: Slot<T>, required: bool) {
        if let Some(value) = self.take_body(value, required) {
            let form = serde_json::to_value(&value).map(|value| {
                let mut form = String::new();
                write_form(&mut form, "", &value);
                form.into_bytes()
            });
            self.set_body_of(form, FORM);
        }
    }

    /// Writes the body, not encoded.
    pub(crate) fn raw<T: Into<Vec<u8>>>(&mut self, value: Slot<T>, required: bool, content_type: &'static str) {
        let Some(value) = self.take_body(value, required) else { return };
        if is_media_type(content_type) {
            self.set_body(value.into(), content_type);
        } else {
            let operation = self.operation.id;
            let why = format!("{operation}: expected a media type such as `text/plain`, but got {content_type:?}");
            self.refuse(InvalidArgument::new(why));
        }
    }

    /// Refuses the call if the caller gave no body of their own.
    pub(crate) fn require_own_body(&mut self) {
        if self.options.get().is_none_or(|more| more.body.is_none()) {
            let operation = self.operation.id;
            self.refuse(InvalidArgument::new(format!("{operation}: the body is missing")));
        }
    }

    /// The draft, unless an argument was refused.
    pub(crate) fn ready(mut self) -> Result<Self, Error> {
        match self.refused.take() {
            None => Ok(self),
            Some(why) => Err(Error::argument(self.operation.id, why)),
        }
    }

    /// Whether the request contains anything that nobody may read on the way: a credential, a secret argument, something
    /// that may be one, or a body, which may contain a password.
    pub(crate) fn is_private(&self) -> bool {
        self.body.is_some()
            || self.added_secret
            || CREDENTIALS.iter().any(|name| self.headers.contains_key(name))
            || self.operation.parameters.iter().any(|parameter| parameter.secret && self.has(parameter))
    }

    /// Whether the request has this argument.
    fn has(&self, parameter: &Parameter) -> bool {
        match parameter.place {
            Place::Path => true,
            Place::Query => url::form_urlencoded::parse(self.query.as_bytes()).any(|(key, _)| key == parameter.wire),
            Place::Header => self.headers.contains_key(parameter.wire),
        }
    }

    /// Whether the contract says that this query key is no secret.
    fn is_public_query(&self, key: &str) -> bool {
        let mut of_query = self.operation.parameters.iter().filter(|parameter| parameter.place == Place::Query);
        of_query.any(|parameter| parameter.wire == key && !parameter.secret)
    }

    /// Writes a query pair.
    pub(crate) fn pair(&mut self, key: &str, value: &str) {
        append_pair(&mut self.query, key, value);
    }

    /// Removes the pairs of these keys from the query and returns them, those that the caller added last.
    pub(crate) fn take_pairs(&mut self, keys: &[&str]) -> Vec<(String, String)> {
        let is_taken = |(key, _): &(String, String)| keys.contains(&key.as_str());
        let query = std::mem::take(&mut self.query);
        let (mut taken, kept): (Vec<_>, Vec<_>) =
            url::form_urlencoded::parse(query.as_bytes()).into_owned().partition(is_taken);
        kept.iter().for_each(|(key, value)| self.pair(key, value));
        if let Some(more) = self.options.get_mut() {
            let (added, kept) = std::mem::take(&mut more.query).into_iter().partition(is_taken);
            more.query = kept;
            taken.extend::<Vec<_>>(added);
        }
        taken
    }

    /// Path and query, with sorted pairs.
    pub(crate) fn place(&self) -> String {
        let mut pairs: Vec<(String, String)> =
            url::form_urlencoded::parse(self.query.as_bytes()).into_owned().collect();
        pairs.extend(self.options.get().into_iter().flat_map(|more| more.query.iter().cloned()));
        pairs.sort();
        let mut query = String::new();
        pairs.iter().for_each(|(key, value)| append_pair(&mut query, key, value));
        format!("{}?{query}", self.path)
    }

    /// Checks the query against the bounds of the contract, but not what the caller added.
    pub(crate) fn check_bounds(&self, legacy: bool) -> Result<(), Error> {
        for (key, value) in url::form_urlencoded::parse(self.query.as_bytes()) {
            let of_query = |parameter: &&Parameter| parameter.place == Place::Query && parameter.wire == key;
            let parameter = self.operation.parameters.iter().find(of_query);
            if let Some(why) = parameter.and_then(|parameter| parameter.refuse(&value, legacy)) {
                let id = self.operation.id;
                return Err(Error::argument(id, InvalidArgument::new(format!("{id}: {why}"))));
            }
        }
        Ok(())
    }

    /// Adds what the caller added to the call. It comes last, since it takes precedence.
    pub(crate) fn finish(&mut self) -> Result<(), Error> {
        let Some(more) = self.options.take() else { return Ok(()) };
        for (key, value) in &more.query {
            append_pair(&mut self.query, key, value);
            self.added_secret |= !self.is_public_query(key);
        }
        for (name, value) in &more.headers {
            let header = self.checked_header(name, value);
            let (name, value) = header.map_err(|why| Error::argument(self.operation.id, why))?;
            self.added_secret |= headers::may_be_secret(&name);
            self.headers.insert(name, value);
        }
        match more.body {
            Some(OwnBody::Json(json)) => self.set_body(json.to_string().into_bytes(), JSON),
            Some(OwnBody::Form(form)) => self.set_body(form, FORM),
            None => {}
        }
        Ok(())
    }

    /// The body, unless the caller replaced it.
    fn take_body<T>(&mut self, value: Slot<T>, required: bool) -> Option<T> {
        let replaced = self.options.get().is_some_and(|more| more.body.is_some());
        if replaced { None } else { self.take("body", value, required) }
    }

    fn take<T>(&mut self, wire: &str, value: Slot<T>, required: bool) -> Option<T> {
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

    fn set_body(&mut self, body: impl Into<Bytes>, content_type: &'static str) {
        self.headers.entry(header::CONTENT_TYPE).or_insert(HeaderValue::from_static(content_type));
        self.body = Some(body.into());
    }

    /// The name and value of a header, if it can be sent.
    fn checked_header(&self, name: &str, value: &str) -> Result<(HeaderName, HeaderValue), InvalidArgument> {
        let refuse = |why: &str| InvalidArgument::new(format!("{}: header `{name}` {why}", self.operation.id));
        if self.headers.len() >= MOST_HEADERS {
            return Err(InvalidArgument::new(format!("{}: more than {MOST_HEADERS} headers", self.operation.id)));
        }
        headers::checked(name, value).map_err(refuse)
    }

    /// Keeps the reason why an argument cannot be sent. Only the first is reported.
    fn refuse(&mut self, why: InvalidArgument) {
        self.refused.get_or_insert(why);
    }
}

/// Whether a text can be sent as a media type: two parts of printable ASCII, and any parameters.
fn is_media_type(text: &str) -> bool {
    let (essence, _) = text.split_once(';').unwrap_or((text, ""));
    let is_part = |part: &str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_graphic());
    let parts = essence.trim_end().split_once('/');
    parts.is_some_and(|(kind, subtype)| is_part(kind) && is_part(subtype))
        && text.bytes().all(|byte| byte == b' ' || byte.is_ascii_graphic())
}

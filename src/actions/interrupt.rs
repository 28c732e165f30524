//! Messages with which a web hook stops a flow.

use std::fmt;

use serde::Serialize;
use serde_json::{Map, Value};

use crate::input::{InvalidArgument, is_escaped};

/// The messages with which a web hook stops a flow. There is at least one: Kratos takes an interruption without messages
/// for a failure of the hook.
///
/// ```
/// use ory_sdk::actions::{ActionMessage, Interrupt};
///
/// # fn main() -> Result<(), ory_sdk::error::InvalidArgument> {
/// let taken = ActionMessage::error(9_000_002, "This name is taken.");
/// let closed = ActionMessage::info(9_000_003, "Try again tomorrow.");
/// let interrupt = Interrupt::at("/traits/name", taken)?.and_form(closed);
/// # let _ = interrupt;
/// # Ok(())
/// # }
/// ```
///
/// One without messages does not compile:
///
/// ```compile_fail,E0277
/// let interrupt: ory_sdk::actions::Interrupt = Default::default();
/// ```
///
/// `Debug` shows the places and the ids of the messages.
#[derive(Clone, PartialEq, Serialize)]
pub struct Interrupt {
    /// Never empty, and neither are their messages.
    #[serde(rename = "messages")]
    places: Vec<Place>,
}

#[derive(Clone, PartialEq, Serialize)]
struct Place {
    instance_ptr: String,
    messages: Vec<ActionMessage>,
}

/// Where messages of the whole form are.
const FORM: &str = "#/";

impl Interrupt {
    /// Shows a message at a field.
    ///
    /// ```
    /// use ory_sdk::actions::{ActionMessage, Decision, Interrupt};
    ///
    /// let interrupt = Interrupt::at("/traits/email", ActionMessage::error(9_000_001, "Not this one."))?;
    /// assert_eq!(
    ///     Decision::from(interrupt).into_response().body(),
    ///     concat!(
    ///         r##"{"messages":[{"instance_ptr":"#/traits/email","##,
    ///         r##""messages":[{"id":9000001,"text":"Not this one.","type":"error"}]}]}"##,
    ///     ),
    /// );
    /// # Ok::<(), ory_sdk::error::InvalidArgument>(())
    /// ```
    ///
    /// The place is a JSON pointer (RFC 6901), with or without a leading `#`: `/traits/email`, `#/traits/name/first`,
    /// `/password`. For a place that the form does not have, Kratos adds a field.
    ///
    /// # Errors
    ///
    /// The text is no pointer to a field.
    pub fn at(pointer: &str, message: ActionMessage) -> Result<Self, InvalidArgument> {
        Ok(Self { places: vec![Place { instance_ptr: fragment(pointer)?, messages: vec![message] }] })
    }

    /// Shows a message of the whole form.
    ///
    /// ```
    /// use ory_sdk::actions::{ActionMessage, Interrupt};
    ///
    /// let interrupt = Interrupt::form(ActionMessage::error(9_000_004, "Registration is closed."));
    /// # let _ = interrupt;
    /// ```
    pub fn form(message: ActionMessage) -> Self {
        Self { places: vec![Place { instance_ptr: FORM.to_owned(), messages: vec![message] }] }
    }

    /// Adds a message at a field. See [`at`](Self::at).
    ///
    /// ```
    /// use ory_sdk::actions::{ActionMessage, Interrupt};
    ///
    /// # fn main() -> Result<(), ory_sdk::error::InvalidArgument> {
    /// let interrupt = Interrupt::at("/traits/email", ActionMessage::error(9_000_001, "Not this one."))?
    ///     .and_at("/traits/name/first", ActionMessage::error(9_000_005, "Too short."))?;
    /// # let _ = interrupt;
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    ///
    /// The text is no pointer to a field.
    pub fn and_at(self, pointer: &str, message: ActionMessage) -> Result<Self, InvalidArgument> {
        let place = fragment(pointer)?;
        Ok(self.and(place, message))
    }

    /// Adds a message of the whole form.
    ///
    /// ```
    /// use ory_sdk::actions::{ActionMessage, Interrupt};
    ///
    /// let closed = ActionMessage::error(9_000_004, "Registration is closed.");
    /// let interrupt = Interrupt::form(closed).and_form(ActionMessage::info(9_000_003, "Try again tomorrow."));
    /// # let _ = interrupt;
    /// ```
    #[must_use]
    pub fn and_form(self, message: ActionMessage) -> Self {
        self.and(FORM.to_owned(), message)
    }

    fn and(mut self, place: String, message: ActionMessage) -> Self {
        match self.places.iter_mut().find(|known| known.instance_ptr == place) {
            Some(known) => known.messages.push(message),
            None => self.places.push(Place { instance_ptr: place, messages: vec![message] }),
        }
        self
    }
}

/// A JSON pointer as the fragment of a URL (RFC 6901, section 6), which is what Kratos reads.
fn fragment(pointer: &str) -> Result<String, InvalidArgument> {
    let wrong = |why: &str| InvalidArgument::new(format!("the pointer {pointer:?} {why}"));
    let path = pointer.strip_prefix('#').unwrap_or(pointer);
    let Some(keys) = path.strip_prefix('/') else {
        return Err(wrong("does not begin with a slash, as `/traits/email` does"));
    };
    if keys.split('/').any(str::is_empty) {
        return Err(wrong("has an empty key: for the whole form, use `Interrupt::form`"));
    }
    if !is_escaped(keys) {
        return Err(wrong("has a `~` without 0 or 1 after it: write `~0` for `~`, and `~1` for a slash in a key"));
    }
    // Kratos decodes percent signs.
    if path.len() == pointer.len() {
        return Ok(format!("#{}", path.replace('%', "%25")));
    }
    let is_encoded = |rest: &str| rest.len() >= 2 && rest.bytes().take(2).all(|byte| byte.is_ascii_hexdigit());
    if !keys.split('%').skip(1).all(is_encoded) {
        return Err(wrong("has a `%` without two hexadecimal digits after it: write `%25`"));
    }
    Ok(pointer.to_owned())
}

impl fmt::Debug for Interrupt {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_map().entries(self.places.iter().map(|place| (&place.instance_ptr, &place.messages))).finish()
    }
}

/// A message for the person.
///
/// ```
/// use ory_sdk::actions::ActionMessage;
///
/// let message = ActionMessage::error(9_000_006, "You must be 18.").context("least", 18);
/// # let _ = message;
/// ```
///
/// The id tells it from other messages, so that a page can translate it. Ory's own begin with 1, 4 and 5 and have seven
/// digits. `Debug` shows the id, since the text may hold what the person typed.
#[derive(Clone, PartialEq, Serialize)]
pub struct ActionMessage {
    id: i64,
    text: String,
    #[serde(rename = "type")]
    type_: &'static str,
    #[serde(skip_serializing_if = "Map::is_empty")]
    context: Map<String, Value>,
}

impl ActionMessage {
    /// What is wrong.
    ///
    /// ```
    /// let message = ory_sdk::actions::ActionMessage::error(9_000_001, "Use an address that you keep.");
    /// # let _ = message;
    /// ```
    pub fn error(id: i64, text: impl Into<String>) -> Self {
        Self { id, text: text.into(), type_: "error", context: Map::new() }
    }

    /// What the person should know.
    ///
    /// ```
    /// let message = ory_sdk::actions::ActionMessage::info(9_000_003, "Try again tomorrow.");
    /// # let _ = message;
    /// ```
    pub fn info(id: i64, text: impl Into<String>) -> Self {
        Self { type_: "info", ..Self::error(id, text) }
    }

    /// Adds a value that a translation needs.
    ///
    /// ```
    /// let message = ory_sdk::actions::ActionMessage::error(9_000_006, "You must be 18.").context("least", 18);
    /// # let _ = message;
    /// ```
    #[must_use]
    pub fn context(mut self, name: impl Into<String>, value: impl Into<Value>) -> Self {
        self.context.insert(name.into(), value.into());
        self
    }
}

impl fmt::Debug for ActionMessage {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.type_, self.id)
    }
}

#[cfg(test)]
mod tests {
    use super::fragment;

    #[test]
    fn pointers_are_fragments_on_the_wire() {
        for (pointer, sent) in [
            ("/traits/email", "#/traits/email"),
            ("#/traits/email", "#/traits/email"),
            ("/a~1b/c~0d", "#/a~1b/c~0d"),
            ("/100%", "#/100%25"),
            ("/100%20", "#/100%2520"),
            ("#/100%20", "#/100%20"),
            ("/größe", "#/größe"),
        ] {
            assert_eq!(fragment(pointer).as_deref(), Ok(sent));
        }
        for (pointer, why) in [
            ("", "does not begin with a slash"),
            ("#", "does not begin with a slash"),
            ("traits/email", "does not begin with a slash"),
            ("traits.email", "does not begin with a slash"),
            ("/", "has an empty key"),
            ("#/", "has an empty key"),
            ("/traits//x", "has an empty key"),
            ("/traits/", "has an empty key"),
            ("/a~", "has a `~` without 0 or 1"),
            ("/a~2b", "has a `~` without 0 or 1"),
            ("#/100%", "has a `%` without two hexadecimal digits"),
            ("#/%zz", "has a `%` without two hexadecimal digits"),
            ("#/%é", "has a `%` without two hexadecimal digits"),
        ] {
            let error = fragment(pointer).unwrap_err().to_string();
            assert!(error.contains(why) && error.contains(&format!("{pointer:?}")), "{error}");
        }
    }
}

//! The messages with which Kratos refuses a submitted form.

use serde_json::json;

use crate::testing::clock::rfc3339;
use crate::testing::model::{Flow, FlowKind, Form, Message};
use crate::testing::schema::{Fault, Violation, form_name};

/// An error with the generic id.
pub(super) fn generic(text: &str) -> Message {
    Message::error(4_000_001, text).context(json!({"reason": text}))
}

pub(super) fn missing(property: &str) -> Message {
    Message::error(4_000_002, format!("Property {property} is missing.")).context(json!({"property": property}))
}

pub(super) fn password_too_short(length: usize, minimum: usize) -> Message {
    let text = format!("The password must be at least {minimum} characters long, but got {length}.");
    Message::error(4_000_032, text).context(json!({"actual_length": length, "min_length": minimum}))
}

pub(super) fn taken() -> Message {
    let text = "An account with the same identifier (email, phone, username, ...) exists already.";
    Message::error(4_000_007, text)
}

/// The flow `old` expired, `minutes` ago.
pub(super) fn expired(old: &Flow, minutes: f64) -> Message {
    let id = match old.kind {
        FlowKind::Login => 4_010_001,
        FlowKind::Registration => 4_040_001,
        FlowKind::Settings => 4_050_001,
        FlowKind::Recovery => 4_060_005,
        FlowKind::Verification => 4_070_005,
    };
    let text = format!("The {} flow expired {minutes:.2} minutes ago, please try again.", old.kind.name());
    let context = json!({"expired_at": rfc3339(old.expires_at), "expired_at_unix": old.expires_at.timestamp()});
    Message::error(id, text).context(context)
}

pub(super) fn not_an_email(value: &str) -> Message {
    Message::error(4_000_040, "Enter a valid email address").context(json!({"value": value}))
}

pub(super) fn wrong_credentials() -> Message {
    let text = "The provided credentials are invalid, check for spelling mistakes in your password or username, email \
                address, or phone number.";
    Message::error(4_000_006, text)
}

pub(super) fn wrong_totp() -> Message {
    Message::error(4_000_008, "The provided authentication code is invalid, please try again.")
}

/// Adds to the field of each trait what is wrong with it.
pub(super) fn add_violations(form: &mut Form, group: &'static str, violations: &[Violation]) {
    for violation in violations {
        form.add_message(group, &form_name(&violation.pointer), of_violation(violation));
    }
}

fn of_violation(violation: &Violation) -> Message {
    match &violation.fault {
        Fault::Missing { property } => missing(property),
        Fault::Additional { property } => generic(&format!("additionalProperties \"{property}\" not allowed")),
        Fault::NotAnEmail { value } => not_an_email(value),
        Fault::Type { expected, actual } => Message::error(4_000_026, format!("expected {expected}, but got {actual}"))
            .context(json!({"actual_type": actual, "allowed_types": [expected]})),
        Fault::TooShort { minimum, actual } => {
            Message::error(4_000_003, format!("length must be >= {minimum}, but got {actual}"))
                .context(json!({"actual_length": actual, "min_length": minimum}))
        }
    }
}

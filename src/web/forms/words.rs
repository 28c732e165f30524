//! What a form says in words of its own, where Kratos has none.

use std::borrow::Cow;

use crate::flow::{Node, UiMessage};

/// The methods in the order in which people want them. Others follow.
const METHODS: [&str; 11] =
    ["default", "profile", "password", "totp", "code", "link", "lookup_secret", "passkey", "webauthn", "oidc", "saml"];

/// The place of a method among the others.
pub(super) fn rank(method: &str) -> usize {
    METHODS.iter().position(|known| *known == method).unwrap_or(METHODS.len())
}

/// What people call a method of Kratos: the heading of its section, and how somebody signed in. A method that is not known
/// is its own name.
///
/// ```
/// use ory_sdk::web::forms::method_name;
/// assert_eq!(method_name("totp"), "Authenticator app");
/// ```
pub fn method_name(method: &str) -> &str {
    match method {
        "profile" => "Profile",
        "password" => "Password",
        "totp" => "Authenticator app",
        "code" => "Code by mail",
        "link" => "Link by mail",
        "lookup_secret" => "Backup codes",
        "passkey" => "Passkey",
        "webauthn" => "Security key",
        "oidc" => "Linked account",
        "saml" => "Single sign-on",
        "code_recovery" | "link_recovery" => "Recovery of the account",
        other => other,
    }
}

/// The label of a node, or the last part of its name where the schema has no title.
pub(super) fn label(node: &Node) -> Cow<'_, str> {
    if let Some(label) = node.label().filter(|label| !label.text.is_empty()) {
        return Cow::Borrowed(&label.text);
    }
    let name = node.name.rsplit('.').next().unwrap_or_default().replace(['_', '-'], " ");
    let mut letters = name.chars();
    letters.next().into_iter().flat_map(char::to_uppercase).chain(letters).collect::<String>().into()
}

/// The class of a message.
pub(super) fn kind(message: &UiMessage) -> &str {
    match message.kind.as_str() {
        _ if message.is_error() => "error",
        "success" => "success",
        _ => "info",
    }
}

/// Whether a button takes something away, such as a security key.
pub(super) fn takes_away(node: &Node) -> bool {
    ["unlink", "remove", "disable"].iter().any(|word| node.name.contains(word))
}

/// The class of a button. What takes something away looks like it.
pub(super) fn button(node: &Node, is_first: bool) -> &'static str {
    match (takes_away(node), is_first) {
        (true, _) => "secondary danger",
        (false, true) => "primary",
        (false, false) => "secondary",
    }
}

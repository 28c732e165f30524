//! Names in Rust for names in the contract.

use heck::{ToPascalCase, ToSnakeCase};

/// Names that generated code or its docs use, so that a type must not hide them.
const PRELUDE: [&str; 36] = [
    "AsRef",
    "BTreeMap",
    "Box",
    "Clone",
    "Copy",
    "DateTime",
    "Debug",
    "Default",
    "Drop",
    "Eq",
    "Err",
    "Extend",
    "Fn",
    "FnMut",
    "FnOnce",
    "From",
    "Hash",
    "Into",
    "IntoIterator",
    "Iterator",
    "Map",
    "None",
    "Ok",
    "Option",
    "Ord",
    "PartialEq",
    "PartialOrd",
    "Result",
    "Secret",
    "Send",
    "Some",
    "String",
    "TryFrom",
    "TryInto",
    "Value",
    "Vec",
];

/// A type's name: Pascal case, as the generator spells it (`oAuth2Client` is `OAuth2Client`).
pub fn type_name(schema: &str) -> String {
    let name = pascal(schema);
    if PRELUDE.contains(&name.as_str()) { format!("{name}Type") } else { name }
}

/// The name of an operation's builder, from the method's name. `OAuth2` is spelled as in the contract's types.
pub fn builder_name(method: &str) -> String {
    type_name(method).replace("Oauth2", "OAuth2")
}

/// Pascal case of the characters that Rust allows. If none is left, the name is `X`.
pub fn pascal(text: &str) -> String {
    // Separators in schema names (`api.v1.Thing`) are word breaks.
    let mut name: String = text.chars().map(|c| if c.is_ascii_alphanumeric() { c } else { '_' }).collect();
    // Repeated until nothing changes, because the generator converts once more: `a_b` is `AB`, and `AB` is `Ab`.
    loop {
        let mut again = name.to_pascal_case();
        if again.is_empty() {
            again.push('X');
        }
        if again.starts_with(|c: char| c.is_ascii_digit()) {
            again.insert(0, 'N');
        }
        if again == name {
            break;
        }
        name = again;
    }
    if name == "Self" { "Self_".to_owned() } else { name }
}

/// An operation's method name: snake case with `oauth2` and `oidc` as one word.
pub fn method_name(operation_id: &str) -> String {
    let name =
        ruby_name(operation_id).replace("o_auth2", "oauth2").replace("o_auth_2", "oauth2").replace("open_id", "openid");
    argument_name(&name)
}

/// The operation's name as the Ruby client spells it (`admin_list_o_auth2_clients`).
pub fn ruby_name(operation_id: &str) -> String {
    operation_id.to_snake_case()
}

/// A valid name of an argument, field or method.
pub fn argument_name(wire: &str) -> String {
    let name: String = wire.chars().map(|c| if c.is_ascii_alphanumeric() { c } else { '_' }).collect();
    let mut name = name.to_snake_case();
    if name.is_empty() {
        name.push('x');
    }
    if name.starts_with(|c: char| c.is_ascii_digit()) {
        name.insert(0, '_');
    }
    // `gen` is a keyword of this edition only.
    if name == "gen" || syn::parse_str::<syn::Ident>(&name).is_err() {
        name.push('_');
    }
    name
}

/// The name, or if it is taken the name with the lowest number, from 2, that is free.
pub fn free(name: String, is_taken: impl Fn(&str) -> bool) -> String {
    if !is_taken(&name) {
        return name;
    }
    let base = name.trim_end_matches('_');
    let mut number = 2;
    loop {
        let candidate = format!("{base}{number}");
        if !is_taken(&candidate) {
            return candidate;
        }
        number += 1;
    }
}

/// The operation's constant in the table.
pub fn constant_name(method_name: &str) -> String {
    method_name.trim_end_matches('_').to_uppercase()
}

/// A different variant name for each value of an enum.
pub fn variant_names(values: &[String]) -> Vec<String> {
    let mut taken: Vec<String> = vec!["Unknown".to_owned()];
    for value in values {
        let mut name = match value.as_str() {
            "" => "Empty".to_owned(),
            "*" => "Any".to_owned(),
            other => pascal(other),
        };
        while taken.contains(&name) {
            name.push('_');
        }
        taken.push(name);
    }
    taken.remove(0);
    taken
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn operations() {
        assert_eq!(method_name("adminListOAuth2Clients"), "admin_list_oauth2_clients");
        assert_eq!(method_name("getOidcUserInfo"), "get_oidc_user_info");
        assert_eq!(
            method_name("dynamicClientRegistrationGetOAuth2Client"),
            "dynamic_client_registration_get_oauth2_client"
        );
        assert_eq!(method_name("performOidcFrontOrBackChannelLogout"), "perform_oidc_front_or_back_channel_logout");
        assert_eq!(ruby_name("adminListOAuth2Clients"), "admin_list_o_auth2_clients");
        assert_eq!(ruby_name("getWebAuthnJavaScript"), "get_web_authn_java_script");
        assert_eq!(builder_name("admin_list_oauth2_clients"), "AdminListOAuth2Clients");
    }

    #[test]
    fn types_arguments_variants() {
        assert_eq!(type_name("oAuth2Client"), "OAuth2Client");
        assert_eq!(type_name("AdminUpdateIdentityBody"), "AdminUpdateIdentityBody");
        assert_eq!(type_name("api.v1-thing"), "ApiV1Thing");
        assert_eq!(type_name("a_b"), "Ab");
        assert_eq!(type_name("größe"), "GrE");
        assert_eq!(type_name("日本"), "X");
        assert_eq!(type_name("option"), "OptionType");
        assert_eq!(argument_name("type"), "type_");
        assert_eq!(argument_name("gen"), "gen_");
        assert_eq!(argument_name("größe"), "gr_e");
        assert_eq!(free("type_".into(), |name| ["type_", "type2"].contains(&name)), "type3");
        assert_eq!(argument_name("X-Session-Token"), "x_session_token");
        assert_eq!(
            variant_names(&[
                "".into(),
                "v0.6_legacy_session".into(),
                "1st".into(),
                "unknown".into(),
                "self".into(),
                "a".into(),
                "A".into()
            ]),
            ["Empty", "V06LegacySession", "N1st", "Unknown_", "Self_", "A", "A_"]
        );
    }
}

//! Names: from the contract's spelling to Rust's.

use heck::{ToPascalCase, ToSnakeCase};

/// A type's name: Pascal case, as the generator spells it (`oAuth2Client` is `OAuth2Client`).
pub fn type_name(schema: &str) -> String {
    // Separators in schema names (`api.v1.Thing`) are word breaks.
    let text: String = schema.chars().map(|c| if c.is_alphanumeric() { c } else { '_' }).collect();
    let mut name = text.to_pascal_case();
    if name.is_empty() {
        name.push('X');
    }
    if name.starts_with(|c: char| c.is_ascii_digit()) {
        name.insert(0, 'N');
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

/// A name that Rust takes as an argument, field or method.
pub fn argument_name(wire: &str) -> String {
    let mut name = wire.to_snake_case();
    if name.is_empty() {
        name.push('x');
    }
    if name.starts_with(|c: char| c.is_ascii_digit()) {
        name.insert(0, '_');
    }
    if syn::parse_str::<syn::Ident>(&name).is_err() {
        name.push('_');
    }
    name
}

/// The operation's constant in the table.
pub fn constant_name(method_name: &str) -> String {
    method_name.trim_end_matches('_').to_uppercase()
}

/// Names for the variants of an enum, one a value, all different.
pub fn variant_names(values: &[String]) -> Vec<String> {
    let mut taken: Vec<String> = vec!["Unknown".to_owned()];
    for value in values {
        let mut name = match value.as_str() {
            "" => "Empty".to_owned(),
            "*" => "Any".to_owned(),
            other => type_name(other),
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
    }

    #[test]
    fn types_arguments_variants() {
        assert_eq!(type_name("oAuth2Client"), "OAuth2Client");
        assert_eq!(type_name("AdminUpdateIdentityBody"), "AdminUpdateIdentityBody");
        assert_eq!(type_name("api.v1-thing"), "ApiV1Thing");
        assert_eq!(argument_name("type"), "type_");
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

//! Names in Rust for names in the contract.

use std::collections::{BTreeMap, BTreeSet};

use heck::{ToPascalCase, ToSnakeCase};

/// The longest name. Names of inline schemas join the names of everything around them.
const LONGEST: usize = 120;

/// The longest name of a method. The name of its builder is no longer than `LONGEST`, and has to keep a suffix and a
/// number that tell the method from others.
const LONGEST_METHOD: usize = 100;

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
    let mut name = word_breaks(text);
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

/// The text with a word break for each character that Rust does not allow: `api.v1.Thing` has three words.
fn word_breaks(text: &str) -> String {
    text.chars().take(LONGEST).map(|c| if c.is_ascii_alphanumeric() { c } else { '_' }).collect()
}

/// An operation's method name: snake case with `oauth2` and `oidc` as one word.
pub fn method_name(operation_id: &str) -> String {
    let name =
        ruby_name(operation_id).replace("o_auth2", "oauth2").replace("o_auth_2", "oauth2").replace("open_id", "openid");
    argument_name(&name.chars().take(LONGEST_METHOD).collect::<String>())
}

/// The operation's name as the Ruby client spells it (`admin_list_o_auth2_clients`).
pub fn ruby_name(operation_id: &str) -> String {
    operation_id.to_snake_case()
}

/// A valid name of an argument, field or method.
pub fn argument_name(wire: &str) -> String {
    let mut name = word_breaks(wire).to_snake_case();
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

/// Names that are taken. It hands out different ones, and looks at each candidate only once: many things may want the
/// same name.
#[derive(Debug, Default)]
pub struct Names {
    taken: BTreeSet<String>,
    /// For each key of a name that was wanted while it was taken, the lowest number that may be free.
    next: BTreeMap<String, usize>,
    /// What was handed out, by the wanted name and the owner.
    owned: BTreeMap<(String, String), String>,
}

impl Names {
    pub fn new(taken: impl IntoIterator<Item = String>) -> Self {
        Self { taken: taken.into_iter().collect(), ..Self::default() }
    }

    pub fn is_taken(&self, name: &str) -> bool {
        self.taken.contains(name)
    }

    /// Takes the name, or if it is taken the name with the lowest number, from 2, that is free.
    pub fn take(&mut self, name: &str) -> String {
        self.take_with(name, &|name| vec![name.to_owned()])
    }

    /// Like `take`, but everything that `keys` makes of the name has to be free.
    pub fn take_with(&mut self, name: &str, keys: &dyn Fn(&str) -> Vec<String>) -> String {
        let mut found = keys(name);
        if !self.has_any(&found) {
            self.taken.extend(found);
            return name.to_owned();
        }
        let base = name.trim_end_matches('_');
        // Different names may have a key in common. What was tried for one of them is not tried again for another.
        let shared = if base == name { found } else { keys(base) };
        let mut number = shared.iter().filter_map(|key| self.next.get(key)).max().map_or(2, |number| *number);
        let free = loop {
            let free = format!("{base}{number}");
            number += 1;
            found = keys(&free);
            if !self.has_any(&found) {
                break free;
            }
        };
        self.next.extend(shared.into_iter().map(|key| (key, number)));
        self.taken.extend(found);
        free
    }

    fn has_any(&self, keys: &[String]) -> bool {
        keys.iter().any(|key| self.taken.contains(key))
    }

    /// Like `take`, but whoever comes again gets the same name. Also returns whether the name is new.
    pub fn take_for(&mut self, name: &str, owner: String) -> (String, bool) {
        let key = (name.to_owned(), owner);
        if let Some(known) = self.owned.get(&key) {
            return (known.clone(), false);
        }
        let free = self.take(name);
        self.owned.insert(key, free.clone());
        (free, true)
    }
}

/// The operation's constant in the table.
pub fn constant_name(method_name: &str) -> String {
    method_name.trim_end_matches('_').to_uppercase()
}

/// A different variant name for each value of an enum. The second value with a name gets an underscore, and those after it
/// a number.
pub fn variant_names(values: &[String]) -> Vec<String> {
    let mut names = Names::new(["Unknown".to_owned()]);
    let name = |value: &String| {
        let name = match value.as_str() {
            "" => "Empty".to_owned(),
            "*" => "Any".to_owned(),
            other => pascal(other),
        };
        let second = format!("{name}_");
        names.take(if names.is_taken(&name) && !names.is_taken(&second) { &second } else { &name })
    };
    values.iter().map(name).collect()
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

    #[test]
    fn a_taken_name_gets_a_number() {
        let mut names = Names::new(["type_".to_owned(), "type2".to_owned()]);
        assert_eq!([names.take("type_"), names.take("type"), names.take("type_")], ["type3", "type", "type4"]);
        let mut of = |owner: &str| names.take_for("a", owner.to_owned());
        assert_eq!(of("x"), ("a".to_owned(), true));
        assert_eq!(of("y"), ("a2".to_owned(), true));
        assert_eq!(of("x"), ("a".to_owned(), false));
        let upper = |name: &str| vec![name.to_owned(), name.to_uppercase()];
        assert_eq!([names.take_with("b", &upper), names.take_with("B", &upper)], ["b", "B2"]);
        let values: Vec<String> = ["a", "A", "a-", "a 2", "-a", "A2"].map(str::to_owned).into();
        assert_eq!(variant_names(&values), ["A", "A_", "A2", "A2_", "A3", "A22"]);
    }

    /// Many things that want the same name cost as many looks as names, and not as many as pairs of them.
    #[test]
    fn a_name_that_everybody_wants_costs_linear_work() {
        const MANY: usize = 20_000;
        let looks = std::cell::Cell::new(0);
        let keys = |name: &str| {
            looks.set(looks.get() + 1);
            vec![name.to_owned()]
        };
        let mut names = Names::default();
        let found: BTreeSet<String> = (0..MANY).map(|_| names.take_with("same", &keys)).collect();
        assert_eq!(found.len(), MANY);
        assert!(looks.get() <= 2 * MANY, "{} looks", looks.get());
        // All of these names differ, and one key of each is the same.
        let keys = |name: &str| {
            looks.set(looks.get() + 1);
            vec![name.to_owned(), name.to_lowercase()]
        };
        let cases = |index: usize| -> String {
            ('a'..='p')
                .enumerate()
                .map(|(at, sign)| if index >> at & 1 == 1 { sign.to_ascii_uppercase() } else { sign })
                .collect()
        };
        looks.set(0);
        let mut names = Names::default();
        let found: BTreeSet<String> = (0..MANY).map(|index| names.take_with(&cases(index), &keys)).collect();
        assert_eq!(found.len(), MANY);
        assert!(looks.get() <= 2 * MANY, "{} looks", looks.get());
        let values: Vec<String> =
            (0..MANY).map(|index| "é".repeat(index % 50) + &"ü".repeat(index / 50 % 50)).collect();
        let names = variant_names(&values);
        let text: usize = names.iter().map(String::len).sum();
        assert!(text < MANY * 8, "{text} characters for {MANY} names");
        assert_eq!(names.iter().collect::<BTreeSet<_>>().len(), MANY);
    }

    /// A number that the name of the builder lost would be tried forever.
    #[test]
    fn long_methods_keep_their_numbers() {
        let keys = |name: &str| vec![name.to_owned(), builder_name(name), constant_name(name)];
        let mut names = Names::default();
        for (id, count) in [("ab_".repeat(60), 20), ("aB".repeat(60), 20), ("ab".repeat(60), 20)] {
            let methods: BTreeSet<String> =
                (0..count).map(|_| names.take_with(&format!("{}_options", method_name(&id)), &keys)).collect();
            assert_eq!(methods.len(), count);
            assert_eq!(methods.iter().map(|name| builder_name(name)).collect::<BTreeSet<_>>().len(), count);
        }
    }

    #[test]
    fn names_have_a_length_limit() {
        for name in [pascal(&"aB".repeat(1_000)), argument_name(&"aB".repeat(1_000)), type_name(&"日".repeat(1_000))] {
            assert!(name.len() <= 2 * LONGEST, "{name}");
            assert_eq!(pascal(&pascal(&name)), pascal(&name));
        }
    }
}

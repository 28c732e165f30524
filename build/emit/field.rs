//! A field of a struct: its name on the wire, and how it treats null, absent and empty values.

use quote::quote;

use super::paths;
use crate::build::lower::Marked;

/// How a field treats null, absent and empty values.
#[derive(Debug, PartialEq, Eq)]
pub enum Kind {
    /// `Option`: null and absent are `None`.
    Optional,
    /// An `Option` of any JSON.
    FreeJson,
    /// The same, where servers send `{}` for `None`.
    FreeJsonOrEmpty,
    /// A list or map: null and absent are empty.
    Container,
    /// An absent value is the empty default of its type.
    EmptyDefault,
    /// The map of all unknown keys.
    Rest,
    Required,
}

/// The kind of a field. `empty` are the properties marked `x-absent: empty`.
pub fn kind(item: &syn::ItemStruct, field: &syn::Field, empty: &Marked) -> Kind {
    let flattened =
        field.attrs.iter().any(|attr| attr.path().is_ident("serde") && quote!(#attr).to_string().contains("flatten"));
    if flattened {
        return Kind::Rest;
    }
    if let Some(inner) = paths::argument_of(&field.ty, "Option") {
        return if paths::last_name(inner).as_deref() == Some("Value") { Kind::FreeJson } else { Kind::Optional };
    }
    let name = paths::last_name(&field.ty);
    if matches!(name.as_deref(), Some("Vec" | "BTreeMap" | "Map")) {
        return Kind::Container;
    }
    if is_marked(empty, &item.ident, field) { Kind::EmptyDefault } else { Kind::Required }
}

/// Whether the property of this field is marked.
pub fn is_marked(marks: &Marked, type_name: &syn::Ident, field: &syn::Field) -> bool {
    marks.get(&type_name.to_string()).is_some_and(|names| names.contains(&wire_name(field)))
}

/// The name on the wire: that of `serde(rename)`, else the name of the field.
pub fn wire_name(field: &syn::Field) -> String {
    let ident = field.ident.as_ref().map(ToString::to_string).unwrap_or_default();
    let mut name = ident.trim_start_matches("r#").to_owned();
    for attr in field.attrs.iter().filter(|attr| attr.path().is_ident("serde")) {
        let _ = attr.parse_nested_meta(|meta| {
            if meta.path.is_ident("rename") {
                name = meta.value()?.parse::<syn::LitStr>()?.value();
            } else if meta.input.peek(syn::Token![=]) {
                meta.value()?.parse::<syn::Expr>()?;
            }
            Ok(())
        });
    }
    name
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    fn item(text: &str) -> syn::ItemStruct {
        syn::parse_str(text).unwrap()
    }

    #[test]
    fn kinds_of_fields() {
        let item = item(
            "struct A { a: ::std::option::Option<String>, b: ::std::option::Option<::serde_json::Value>, c: ::std::vec::Vec<u8>,
             #[serde(flatten)] d: ::serde_json::Map<String, Value>, e: Ui, f: String }",
        );
        let empty = Marked::from([("A".to_owned(), BTreeSet::from(["e".to_owned()]))]);
        let kinds: Vec<Kind> = item.fields.iter().map(|field| kind(&item, field, &empty)).collect();
        assert_eq!(
            kinds,
            [Kind::Optional, Kind::FreeJson, Kind::Container, Kind::Rest, Kind::EmptyDefault, Kind::Required]
        );
    }

    #[test]
    fn wire_names() {
        let item = item(
            "struct A { #[serde(rename = \"type\", default)] type_: u8, #[serde(default = \"x\", rename = \"aB\")] a_b: u8, c: u8 }",
        );
        let names: Vec<String> = item.fields.iter().map(wire_name).collect();
        assert_eq!(names, ["type", "aB", "c"]);
    }
}

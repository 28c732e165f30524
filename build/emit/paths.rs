//! Reads, completes and writes paths of types.

use std::collections::BTreeSet;

use quote::ToTokens;
use serde_json::Value;

use crate::build::fault::{Fault, Result};
use crate::build::lower::own_types;
use crate::build::schema;

/// Writes `Ui` and `types::Ui` in a type as `crate::generated::types::Ui`, which is valid in every module. syn's
/// visitor could do it too, but all that it can visit would have to be compiled.
pub fn complete(ty: &mut syn::Type, names: &BTreeSet<String>) {
    match ty {
        syn::Type::Path(path) => complete_path(path, names),
        syn::Type::Tuple(tuple) => tuple.elems.iter_mut().for_each(|ty| complete(ty, names)),
        syn::Type::Array(array) => complete(&mut array.elem, names),
        syn::Type::Group(group) => complete(&mut group.elem, names),
        _ => {}
    }
}

fn complete_path(path: &mut syn::TypePath, names: &BTreeSet<String>) {
    for segment in &mut path.path.segments {
        let syn::PathArguments::AngleBracketed(arguments) = &mut segment.arguments else { continue };
        for argument in &mut arguments.args {
            if let syn::GenericArgument::Type(ty) = argument {
                complete(ty, names);
            }
        }
    }
    let segments = &path.path.segments;
    // Most paths are already complete, such as `::std::vec::Vec`.
    if path.path.leading_colon.is_some() || segments.len() > 2 {
        return;
    }
    let Some(last) = segments.last().map(|segment| segment.ident.clone()) else { return };
    let is_ours = match segments.len() {
        1 => names.contains(&last.to_string()),
        _ => segments[0].ident == "types" || segments[0].ident == "super",
    };
    if is_ours {
        path.path = syn::parse_quote!(crate::generated::types::#last);
    }
}

/// `T` of `Name<T, ..>`, with any path before `Name`.
pub fn argument_of<'a>(ty: &'a syn::Type, name: &str) -> Option<&'a syn::Type> {
    let syn::Type::Path(path) = ty else { return None };
    let last = path.path.segments.last()?;
    if last.ident != name {
        return None;
    }
    let syn::PathArguments::AngleBracketed(arguments) = &last.arguments else { return None };
    arguments.args.iter().find_map(|argument| match argument {
        syn::GenericArgument::Type(ty) => Some(ty),
        _ => None,
    })
}

/// The type of an inline schema. Schemas with a name are references by now.
pub fn of_schema(schema: &Value) -> Result<syn::Type> {
    let inner = |key: &str| schema.get(key).map_or_else(|| Ok(syn::parse_quote!(::serde_json::Value)), of_schema);
    let text = |key: &str| schema.get(key).and_then(Value::as_str);
    if let Some(name) = schema::target(schema) {
        if let Some(ty) = own_types::of_component(name) {
            return syn::parse_str(ty).map_err(|why| Fault::schema(name, why.to_string()));
        }
        let path = syn::parse_str(&format!("crate::generated::types::{name}"));
        return path.map_err(|why| Fault::schema(name, format!("not a valid type name: {why}")));
    }
    Ok(match (text("type"), text("format")) {
        (Some("string"), Some("uuid")) => syn::parse_quote!(::uuid::Uuid),
        (Some("string"), Some("date-time")) => syn::parse_quote!(::chrono::DateTime<::chrono::offset::Utc>),
        (Some("string"), _) => syn::parse_quote!(::std::string::String),
        (Some("boolean"), _) => syn::parse_quote!(bool),
        (Some("integer"), Some("int32")) => syn::parse_quote!(i32),
        (Some("integer"), Some("uint32")) => syn::parse_quote!(u32),
        (Some("integer"), Some("uint64")) => syn::parse_quote!(u64),
        (Some("integer"), _) => syn::parse_quote!(i64),
        (Some("number"), Some("float")) => syn::parse_quote!(f32),
        (Some("number"), _) => syn::parse_quote!(f64),
        (Some("array"), _) => {
            let item = maybe_null(schema.get("items"), inner("items")?);
            syn::parse_quote!(::std::vec::Vec<#item>)
        }
        (Some("object"), _) => {
            let value = maybe_null(schema.get("additionalProperties"), inner("additionalProperties")?);
            syn::parse_quote!(::std::collections::BTreeMap<::std::string::String, #value>)
        }
        _ => syn::parse_quote!(::serde_json::Value),
    })
}

fn maybe_null(schema: Option<&Value>, ty: syn::Type) -> syn::Type {
    let is_null = schema.is_some_and(|schema| schema.get("nullable") == Some(&Value::Bool(true)));
    if is_null { syn::parse_quote!(::std::option::Option<#ty>) } else { ty }
}

/// The last name of a path type.
pub fn last_name(ty: &syn::Type) -> Option<String> {
    let syn::Type::Path(path) = ty else { return None };
    Some(path.path.segments.last()?.ident.to_string())
}

/// A type as short text, for the table.
pub fn text(ty: &syn::Type) -> String {
    let text = ty.to_token_stream().to_string().replace(' ', "");
    let short = [
        ("crate::generated::types::", ""),
        ("crate::codegen::", ""),
        ("::std::vec::", ""),
        ("::std::string::", ""),
        ("::std::collections::", ""),
        ("::std::option::", ""),
        ("::serde_json::", ""),
        ("::chrono::offset::", ""),
        ("::chrono::", ""),
        ("::uuid::", ""),
    ];
    short.iter().fold(text, |text, (from, to)| text.replace(from, to)).replace(',', ", ")
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn ty(text: &str) -> syn::Type {
        syn::parse_str(text).unwrap()
    }

    #[test]
    fn names_are_completed() {
        let names = BTreeSet::from(["Ui".to_owned()]);
        for (text, full) in [
            ("::std::option::Option<Ui>", "::std::option::Option<crate::generated::types::Ui>"),
            (
                "::std::vec::Vec<::std::boxed::Box<types::B>>",
                "::std::vec::Vec<::std::boxed::Box<crate::generated::types::B>>",
            ),
            ("(Ui, [Ui; 2])", "(crate::generated::types::Ui,[crate::generated::types::Ui;2])"),
            ("Other", "Other"),
        ] {
            let mut ty = ty(text);
            complete(&mut ty, &names);
            assert_eq!(ty.to_token_stream().to_string().replace(' ', ""), full);
        }
    }

    #[test]
    fn types_of_schemas() {
        let of = |schema: Value| text(&of_schema(&schema).unwrap());
        assert_eq!(of(json!({"type": "array", "items": {"type": "string"}})), "Vec<String>");
        assert_eq!(of(json!({"type": "object", "additionalProperties": {"type": "integer"}})), "BTreeMap<String, i64>");
        assert_eq!(of(json!({"$ref": "#/components/schemas/A"})), "A");
        assert_eq!(of(json!({"type": "array", "items": {"type": "boolean", "nullable": true}})), "Vec<Option<bool>>");
        assert_eq!(of(json!({"type": "string", "format": "date-time"})), "DateTime<Utc>");
        assert_eq!(of(json!({})), "Value");
        assert!(of_schema(&json!({"$ref": "#/components/schemas/a b"})).is_err());
    }
}

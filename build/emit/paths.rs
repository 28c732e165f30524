//! Reading and completing the types that the generator wrote.

use quote::ToTokens;
use syn::visit_mut::VisitMut;

/// Writes `Ui` and `types::Ui` as `crate::types::Ui`, so that a type can stand anywhere.
pub struct Full<'a> {
    pub names: &'a [String],
}

impl Full<'_> {
    pub fn item(&mut self, item: &mut syn::Item) {
        self.visit_item_mut(item);
    }
}

impl VisitMut for Full<'_> {
    fn visit_type_path_mut(&mut self, path: &mut syn::TypePath) {
        syn::visit_mut::visit_type_path_mut(self, path);
        let segments: Vec<String> = path.path.segments.iter().map(|segment| segment.ident.to_string()).collect();
        let name = match segments.iter().map(String::as_str).collect::<Vec<_>>().as_slice() {
            [name] if self.names.iter().any(|known| known == name) => (*name).to_owned(),
            ["types" | "super", name] => (*name).to_owned(),
            ["types", "builder", name] => (*name).to_owned(),
            _ => return,
        };
        if let Ok(full) = syn::parse_str(&format!("crate::types::{name}")) {
            path.path = full;
        }
    }
}

/// `T` of `Name<T, ..>`, whatever stands before the name.
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

/// The value's type of a builder's field: `T` of `Result<Option<T>, String>` and of `Result<T, String>`.
pub fn value_type(ty: &syn::Type) -> Option<syn::Type> {
    let inner = argument_of(ty, "Result")?;
    Some(argument_of(inner, "Option").unwrap_or(inner).clone())
}

/// The last name of a path type.
pub fn last_name(ty: &syn::Type) -> Option<String> {
    let syn::Type::Path(path) = ty else { return None };
    Some(path.path.segments.last()?.ident.to_string())
}

/// A type as text without blanks, for the table.
pub fn text(ty: &syn::Type) -> String {
    let text = ty.to_token_stream().to_string().replace(' ', "");
    let short = [
        ("crate::types::", ""),
        ("crate::", ""),
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
    use super::*;

    fn ty(text: &str) -> syn::Type {
        syn::parse_str(text).unwrap()
    }

    #[test]
    fn names_are_completed() {
        let names = ["Ui".to_owned()];
        let mut item: syn::Item = syn::parse_str("struct A { a: Option<Ui>, b: types::builder::B, c: Other }").unwrap();
        Full { names: &names }.item(&mut item);
        let text = item.to_token_stream().to_string().replace(' ', "");
        assert_eq!(text, "structA{a:Option<crate::types::Ui>,b:crate::types::B,c:Other}");
    }

    #[test]
    fn values_of_builder_fields() {
        assert_eq!(text(&value_type(&ty("Result<Option<bool>, String>")).unwrap()), "bool");
        assert_eq!(text(&value_type(&ty("Result<crate::types::A, String>")).unwrap()), "A");
        assert_eq!(text(&ty("::std::vec::Vec<::std::string::String>")), "Vec<String>");
        assert!(value_type(&ty("&'a super::Client")).is_none());
    }
}

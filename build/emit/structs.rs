//! Structs: null, absent and empty decode alike, and `Debug` shows no secret.

use std::collections::BTreeSet;

use proc_macro2::TokenStream;
use quote::{format_ident, quote};

use super::decoder::Decoder;
use super::encoder::Encoder;
use super::{Made, docs, paths};
use crate::build::lower::{Lowering, Marked};

/// Every struct with its attributes, `Debug` and way to a builder.
pub fn emit(lowering: &Lowering, made: &Made) -> TokenStream {
    let built = super::builders::names(lowering, made);
    let with_default = with_default(lowering, made);
    made.structs.iter().map(|item| one(lowering, made, &built, &with_default, item)).collect()
}

/// The structs that have an empty value: those of which every field has one.
fn with_default(lowering: &Lowering, made: &Made) -> BTreeSet<String> {
    let mut names: BTreeSet<String> = made.structs.iter().map(|item| item.ident.to_string()).collect();
    loop {
        let before = names.len();
        for item in &made.structs {
            let has = item.fields.iter().all(|field| match kind(item, field, &lowering.empty_when_absent) {
                Kind::Required => false,
                Kind::EmptyDefault => has_default(made, &names, &field.ty),
                _ => true,
            });
            if !has {
                names.remove(&item.ident.to_string());
            }
        }
        if names.len() == before {
            return names;
        }
    }
}

/// Whether a type has an empty value: all have but some structs.
fn has_default(made: &Made, structs: &BTreeSet<String>, ty: &syn::Type) -> bool {
    let name = paths::last_name(paths::argument_of(ty, "Box").unwrap_or(ty)).unwrap_or_default();
    !made.is_struct(&name) || structs.contains(&name)
}

/// How a field takes null, absence and emptiness.
#[derive(Debug, PartialEq, Eq)]
pub enum Kind {
    Optional,
    FreeJson,
    Container,
    /// Absent means its empty default.
    EmptyDefault,
    /// All keys that the contract does not know.
    Rest,
    Required,
}

fn kind(item: &syn::ItemStruct, field: &syn::Field, empty: &Marked) -> Kind {
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

/// Whether the contract marks this property.
pub fn is_marked(marks: &Marked, type_name: &syn::Ident, field: &syn::Field) -> bool {
    marks.get(&type_name.to_string()).is_some_and(|names| names.contains(&wire_name(field)))
}

/// The name on the wire: what serde renames it to, else the field's own.
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

fn one(
    lowering: &Lowering,
    made: &Made,
    built: &BTreeSet<String>,
    with_default: &BTreeSet<String>,
    item: &syn::ItemStruct,
) -> TokenStream {
    let name = &item.ident;
    let text = name.to_string();
    let doc = docs::of_attributes(&item.attrs);
    let default = with_default.contains(&text).then(|| quote!(, Default));
    let mut fields = Vec::new();
    let mut shown = Vec::new();
    let mut encoder = Encoder::default();
    let mut decoder = Decoder::default();
    for field in &item.fields {
        let ident = &field.ident;
        let ty = &field.ty;
        let wire = wire_name(field);
        let doc = docs::of_attributes(&field.attrs);
        let kind = match kind(item, field, &lowering.empty_when_absent) {
            Kind::EmptyDefault if !has_default(made, with_default, ty) => Kind::Required,
            kind => kind,
        };
        fields.push(quote!(#doc pub #ident: #ty));
        encoder.field(field, &kind);
        decoder.field(made, field, &kind, built.contains(&text));
        shown.push(if is_marked(&lowering.sensitive, name, field) {
            quote!((#wire, &crate::show::Measured(&self.#ident)))
        } else {
            quote!((#wire, &self.#ident))
        });
    }
    let builder = built.contains(&text).then(|| {
        let doc = format!("Starts a [`{text}`]; `build()` or an operation's `body` ends it.");
        quote! {
            impl #name {
                #[doc = #doc]
                #[inline]
                pub fn builder() -> builder::#name { <builder::#name as Default>::default() }
            }
        }
    });
    let is_flow = item.fields.iter().any(|field| wire_name(field) == "ui");
    let flow = is_flow.then(|| quote!(impl crate::Flow for #name {}));
    let ident = format_ident!("{}", text);
    let (encoder, decoder) = (encoder.emit(name), decoder.emit(name));
    quote! {
        #flow
        #doc
        #[derive(Clone, PartialEq #default)]
        #[non_exhaustive]
        pub struct #name { #(#fields,)* }
        #encoder
        #decoder
        impl crate::show::Show for #ident {
            #[inline]
            fn show(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                crate::show::object(f, #text, &[#(#shown),*])
            }
        }
        impl std::fmt::Debug for #ident {
            #[inline]
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result { crate::show::Show::show(self, f) }
        }
        #builder
    }
}

#[cfg(test)]
mod tests {
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
        let empty = Marked::from([("A".to_owned(), vec!["e".to_owned()])]);
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

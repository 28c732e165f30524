//! Emits structs: null, absent and empty values decode alike, and `Debug` shows no secrets.

use std::collections::{BTreeMap, BTreeSet};

use proc_macro2::TokenStream;
use quote::{format_ident, quote};

use super::decoder::Decoder;
use super::encoder::Encoder;
use super::field::{Kind, is_marked, kind, wire_name};
use super::made::Made;
use super::{docs, flow_trait, paths, reached, rules, subject};
use crate::build::lower::Lowering;
use crate::build::markdown::code;

const REST: &str = "The members that have no field, and values of another type than their field's. They are sent back.";

/// Every struct with its impls and, if requests hold it, `builder()`.
pub fn emit(lowering: &Lowering, made: &Made) -> TokenStream {
    let built = reached::by_requests(lowering, made);
    let with_default = with_default(lowering, made);
    made.structs.iter().map(|item| one(lowering, made, &built, &with_default, item)).collect()
}

/// The structs with a default: those in which every field has one.
fn with_default(lowering: &Lowering, made: &Made) -> BTreeSet<String> {
    let mut names: BTreeSet<String> = made.structs.iter().map(|item| item.ident.to_string()).collect();
    let mut without: Vec<String> = Vec::new();
    // The structs that have a default only if this one has.
    let mut holders: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for item in &made.structs {
        for field in &item.fields {
            match kind(item, field, &lowering.empty_when_absent) {
                Kind::Required => without.push(item.ident.to_string()),
                Kind::EmptyDefault => holders.entry(type_name(&field.ty)).or_default().push(item.ident.to_string()),
                _ => {}
            }
        }
    }
    while let Some(name) = without.pop() {
        if names.remove(&name) {
            without.extend(holders.remove(&name).unwrap_or_default());
        }
    }
    names
}

/// Whether a type has a default. All types do, except some structs.
fn has_default(made: &Made, structs: &BTreeSet<String>, ty: &syn::Type) -> bool {
    let name = type_name(ty);
    !made.is_struct(&name) || structs.contains(&name)
}

/// The name of a type that may be in a box.
fn type_name(ty: &syn::Type) -> String {
    paths::last_name(paths::argument_of(ty, "Box").unwrap_or(ty)).unwrap_or_default()
}

/// What the docs of a type say whose values other programs make.
fn strict_doc(strict: &BTreeSet<String>) -> String {
    let strict: Vec<String> = strict.iter().map(|name| code(name)).collect();
    let except = match strict.as_slice() {
        [] => String::new(),
        names => format!(" Only {} must have the right type, since it protects somebody.", names.join(" and ")),
    };
    format!(
        "\n\nOther programs make these values. One of another type than its field's leaves the field empty, and is kept \
         in `extra` under its own key.{except}"
    )
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
    let strict = lowering.strict.get(&text);
    let strict_doc = strict.map(|strict| docs::attribute(&strict_doc(strict)));
    let default = with_default.contains(&text).then(|| quote!(, Default));
    let mut fields = Vec::new();
    let mut shown = Vec::new();
    let mut encoder = Encoder::default();
    let mut decoder = Decoder::default();
    for field in &item.fields {
        let ident = &field.ident;
        let ty = &field.ty;
        let wire = wire_name(field);
        let kind = match kind(item, field, &lowering.empty_when_absent) {
            Kind::EmptyDefault if !has_default(made, with_default, ty) => Kind::Required,
            Kind::FreeJson if is_marked(&lowering.absent_when_empty, name, field) => Kind::FreeJsonOrEmpty,
            kind => kind,
        };
        let doc = match kind {
            Kind::Rest => docs::attribute(REST),
            _ => docs::of_attributes(&field.attrs),
        };
        fields.push(quote!(#doc pub #ident: #ty));
        encoder.field(field, &kind);
        let foreign = strict.is_some_and(|strict| !strict.contains(&wire));
        decoder.field(made, field, &kind, built.contains(&text), foreign);
        shown.push(if is_marked(&lowering.sensitive, name, field) {
            quote!((#wire, &crate::codegen::Measured(&self.#ident)))
        } else {
            quote!((#wire, &self.#ident))
        });
    }
    let builder = built.contains(&text).then(|| {
        let doc =
            format!("Returns a builder for [`{text}`]. End it with `build()`, or pass it to an operation's `body`.");
        quote! {
            impl #name {
                #[doc = #doc]
                #[inline]
                pub fn builder() -> builder::#name { <builder::#name as Default>::default() }
            }
        }
    });
    let aliases = docs::of_today(lowering, &text);
    let flow = flow_trait::emit(item);
    let rules = rules::check(lowering, item);
    let subject = subject::of_struct(item);
    let ident = format_ident!("{}", text);
    let (encoder, decoder) = (encoder.emit(name), decoder.emit(name, rules.is_some()));
    quote! {
        #flow
        #doc
        #strict_doc
        #aliases
        #[derive(Clone, PartialEq #default)]
        #[non_exhaustive]
        pub struct #name { #(#fields,)* }
        #encoder
        #decoder
        impl crate::codegen::Redact for #ident {
            #[inline]
            fn redacted(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                crate::codegen::redacted_object(f, #text, &[#(#shown),*])
            }
        }
        impl std::fmt::Debug for #ident {
            #[inline]
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result { crate::codegen::Redact::redacted(self, f) }
        }
        #builder
        #rules
        #subject
    }
}

//! Emits builders for the structs that requests hold.

use proc_macro2::TokenStream;
use quote::quote;

use super::field::{is_marked, wire_name};
use super::made::Made;
use super::{docs, paths, reached, rules, setter, subject};
use crate::build::lower::Lowering;

/// A builder for each of these structs.
pub fn emit(lowering: &Lowering, made: &Made) -> TokenStream {
    let names = reached::by_requests(lowering, made);
    let chosen = made.structs.iter().filter(|item| names.contains(&item.ident.to_string()));
    chosen.map(|item| one(lowering, item)).collect()
}

fn one(lowering: &Lowering, item: &syn::ItemStruct) -> TokenStream {
    let name = &item.ident;
    let text = name.to_string();
    let (mut fields, mut setters, mut taken, mut given) = (Vec::new(), Vec::new(), Vec::new(), Vec::new());
    for field in &item.fields {
        let ident = &field.ident;
        let wire = wire_name(field);
        let value = paths::argument_of(&field.ty, "Option").unwrap_or(&field.ty);
        let optional = paths::argument_of(&field.ty, "Option").is_some();
        let container = matches!(paths::last_name(&field.ty).as_deref(), Some("Vec" | "BTreeMap" | "Map"));
        fields.push(quote!(#ident: crate::codegen::Slot<#value>));
        setters.push(setter::setter(
            ident.as_ref().map(setter::of_field).as_ref(),
            ident.as_ref(),
            value,
            &docs::of_attributes(&field.attrs),
        ));
        let needed = is_marked(&lowering.required_in_requests, name, field);
        taken.push(match (optional, container || is_marked(&lowering.empty_when_absent, name, field)) {
            (true, _) if needed => quote!(#ident: Some(value.#ident.required(#text, #wire)?)),
            (true, _) => quote!(#ident: value.#ident.optional(#text, #wire)?),
            (false, true) if needed => quote!(#ident: value.#ident.required(#text, #wire)?),
            (false, true) => quote!(#ident: value.#ident.optional(#text, #wire)?.unwrap_or_default()),
            (false, false) => quote!(#ident: value.#ident.required(#text, #wire)?),
        });
        given.push(if optional {
            quote!(#ident: value.#ident.into())
        } else {
            quote!(#ident: Some(value.#ident).into())
        });
    }
    let made = quote!(Self { #(#taken,)* });
    let made = if rules::check(lowering, item).is_some() {
        quote! {
            let made = #made;
            made.check_rules().map_err(|why| crate::codegen::InvalidArgument::new(format!("{}: {why}", #text)))?;
            Ok(made)
        }
    } else {
        quote!(Ok(#made))
    };
    let subject = subject::of_builder(item);
    let doc = format!("Builder for [`{text}`](super::{text}).");
    let build_doc = format!(
        "Builds the value.\n\n# Errors\n\nFails if a required field of `{text}` is not set, if a setter refused its value, or if the value breaks a rule of its type."
    );
    quote! {
        #[doc = #doc]
        #[derive(Clone, Default)]
        pub struct #name { #(#fields,)* }
        impl std::fmt::Debug for #name {
            #[inline]
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.debug_struct(#text).finish_non_exhaustive()
            }
        }
        impl #name {
            #(#setters)*
            #subject
            #[doc = #build_doc]
            #[inline]
            pub fn build(self) -> Result<super::#name, crate::codegen::InvalidArgument> {
                <super::#name as TryFrom<Self>>::try_from(self)
            }
        }
        impl TryFrom<#name> for super::#name {
            type Error = crate::codegen::InvalidArgument;
            #[inline]
            fn try_from(value: #name) -> Result<Self, Self::Error> { #made }
        }
        impl TryFrom<serde_json::Value> for super::#name {
            type Error = crate::codegen::InvalidArgument;
            #[inline]
            fn try_from(value: serde_json::Value) -> Result<Self, Self::Error> { crate::codegen::from_json(value) }
        }
        impl From<super::#name> for #name {
            #[inline]
            fn from(value: super::#name) -> Self { Self { #(#given,)* } }
        }
    }
}

//! Builders of the structs that requests are made of.

use std::collections::BTreeSet;

use proc_macro2::TokenStream;
use quote::quote;

use super::structs::{is_marked, wire_name};
use super::{Made, docs, paths};
use crate::build::lower::Lowering;
use crate::build::walk;

/// The types that a request can hold; only these get a builder.
pub fn names(lowering: &Lowering, made: &Made) -> BTreeSet<String> {
    let mut open: Vec<String> = Vec::new();
    for body in lowering.operations.iter().filter_map(|operation| operation.body.as_ref()) {
        walk::each(&body.schema, &mut |part| open.extend(walk::schema_ref(part).map(str::to_owned)));
    }
    let mut reached = BTreeSet::new();
    while let Some(name) = open.pop() {
        if !reached.insert(name.clone()) {
            continue;
        }
        if let Some(union) = lowering.unions.iter().find(|union| union.name == name) {
            open.extend(union.variants.iter().map(|(_, variant)| variant.clone()));
        }
        if let Some(schema) = lowering.schemas.get(&name) {
            walk::each(schema, &mut |part| open.extend(walk::schema_ref(part).map(str::to_owned)));
        }
    }
    reached.retain(|name| made.is_struct(name));
    reached
}

/// A builder a type.
pub fn emit(lowering: &Lowering, made: &Made) -> TokenStream {
    let names = names(lowering, made);
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
        fields.push(quote!(#ident: crate::argument::Argument<#value>));
        setters.push(setter(
            field_setter(ident.as_ref()).as_ref(),
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
    let doc = format!("Builder for [`{text}`](super::{text}).");
    let build_doc = format!(
        "Ends the building.\n\n# Errors\n\nA required field of `{text}` that was not set, or a value that was refused."
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
            #[doc = #build_doc]
            #[inline]
            pub fn build(self) -> Result<super::#name, crate::InvalidArgument> {
                <super::#name as TryFrom<Self>>::try_from(self)
            }
        }
        impl TryFrom<#name> for super::#name {
            type Error = crate::InvalidArgument;
            #[inline]
            fn try_from(value: #name) -> Result<Self, Self::Error> { Ok(Self { #(#taken,)* }) }
        }
        impl TryFrom<serde_json::Value> for super::#name {
            type Error = crate::InvalidArgument;
            #[inline]
            fn try_from(value: serde_json::Value) -> Result<Self, Self::Error> { crate::misfit::from_json(value) }
        }
        impl From<super::#name> for #name {
            #[inline]
            fn from(value: super::#name) -> Self { Self { #(#given,)* } }
        }
    }
}

/// The setter of a field is named like it, unless the builder has a method of that name.
fn field_setter(field: Option<&syn::Ident>) -> Option<syn::Ident> {
    field.map(|field| if field == "build" { quote::format_ident!("build_") } else { field.clone() })
}

/// A setter: lists take anything that iterates over what fits, everything else what converts.
pub fn setter(
    name: Option<&syn::Ident>,
    ident: Option<&syn::Ident>,
    value: &syn::Type,
    doc: &TokenStream,
) -> TokenStream {
    let doc = if doc.is_empty() {
        let text = format!("Sets `{}`.", ident.map(ToString::to_string).unwrap_or_default());
        docs::attribute(&text)
    } else {
        doc.clone()
    };
    if let Some(inner) = paths::argument_of(value, "Box") {
        return quote! {
            #doc
            pub fn #name<V>(mut self, value: V) -> Self
            where
                V: TryInto<#inner>,
                V::Error: std::fmt::Display,
            {
                self.#ident = match value.try_into() {
                    Ok(value) => crate::argument::Argument::Set(std::boxed::Box::new(value)),
                    Err(why) => crate::argument::Argument::Refused(why.to_string()),
                };
                self
            }
        };
    }
    match paths::argument_of(value, "Vec") {
        Some(item) => quote! {
            #doc
            pub fn #name<V>(mut self, values: impl IntoIterator<Item = V>) -> Self
            where
                V: TryInto<#item>,
                V::Error: std::fmt::Display,
            {
                self.#ident = crate::argument::Argument::each(values);
                self
            }
        },
        None => quote! {
            #doc
            pub fn #name<V>(mut self, value: V) -> Self
            where
                V: TryInto<#value>,
                V::Error: std::fmt::Display,
            {
                self.#ident = crate::argument::Argument::of(value);
                self
            }
        },
    }
}

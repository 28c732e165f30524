//! Emits a setter of a builder, for a struct or for an operation.

use proc_macro2::TokenStream;
use quote::quote;

use super::{docs, paths};

/// The name of a field's setter: that of the field, unless a method of the builder has it.
pub fn of_field(field: &syn::Ident) -> syn::Ident {
    if field == "build" { quote::format_ident!("build_") } else { field.clone() }
}

/// A setter. It takes what converts into the value, or an `Option` of that.
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
    if paths::last_name(value).as_deref() == Some("Value") {
        return quote! {
            #doc
            pub fn #name(mut self, value: impl crate::codegen::IntoJsonArgument) -> Self {
                self.#ident = crate::codegen::IntoJsonArgument::into_slot(value);
                self
            }
        };
    }
    if let Some(inner) = paths::argument_of(value, "Box") {
        return quote! {
            #doc
            pub fn #name<By>(mut self, value: impl crate::codegen::IntoArgument<#inner, By>) -> Self {
                self.#ident = crate::codegen::IntoArgument::<#inner, By>::into_slot(value).into();
                self
            }
        };
    }
    match paths::argument_of(value, "Vec") {
        Some(item) => quote! {
            #doc
            pub fn #name<By>(mut self, values: impl crate::codegen::IntoArguments<#item, By>) -> Self {
                self.#ident = crate::codegen::IntoArguments::into_slot(values);
                self
            }
        },
        None => quote! {
            #doc
            pub fn #name<By>(mut self, value: impl crate::codegen::IntoArgument<#value, By>) -> Self {
                self.#ident = crate::codegen::IntoArgument::into_slot(value);
                self
            }
        },
    }
}

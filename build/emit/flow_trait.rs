//! Emits the trait of flows for every struct that has a `ui`. Contracts differ in the types of a flow's fields.

use proc_macro2::TokenStream;
use quote::quote;

use super::field::wire_name;

/// The implementation, if the struct is a flow.
pub fn emit(item: &syn::ItemStruct) -> Option<TokenStream> {
    let name = &item.ident;
    let field = |wire: &str| item.fields.iter().find(|field| wire_name(field) == wire);
    let (ui, ui_type) = field("ui").map(|ui| (&ui.ident, &ui.ty))?;
    let id = field("id").map(|id| {
        let id = &id.ident;
        quote! {
            #[inline]
            fn id(&self) -> String { crate::codegen::text_of(&self.#id).unwrap_or_default() }
        }
    });
    let state = field("state").map(|state| {
        let state = &state.ident;
        quote! {
            #[inline]
            fn state(&self) -> Option<String> { crate::codegen::text_of(&self.#state) }
        }
    });
    let return_to = field("return_to").map(|url| {
        let url = &url.ident;
        quote! {
            #[inline]
            fn return_to(&self) -> Option<crate::codegen::Location> {
                crate::codegen::text_of(&self.#url).map(crate::codegen::Location::from)
            }
        }
    });
    let expires_at = field("expires_at").map(|time| {
        let time = &time.ident;
        quote! {
            #[inline]
            fn expires_at(&self) -> Option<chrono::DateTime<chrono::Utc>> { crate::codegen::TimeField::time(&self.#time) }
        }
    });
    Some(quote! {
        impl crate::codegen::Sealed for #name {}
        impl crate::codegen::Flow for #name {
            type Ui = #ui_type;
            #[inline]
            fn ui(&self) -> &Self::Ui { &self.#ui }
            #id
            #state
            #return_to
            #expires_at
        }
    })
}

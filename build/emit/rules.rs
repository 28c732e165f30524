//! Emits what a request must keep to, for the structs that have such rules.

use proc_macro2::TokenStream;
use quote::quote;

use super::field::{is_marked, wire_name};
use super::paths;
use crate::build::lower::Lowering;

/// The method that checks a value, if its type has rules.
pub fn check(lowering: &Lowering, item: &syn::ItemStruct) -> Option<TokenStream> {
    let name = &item.ident;
    let is_text = |field: &&syn::Field| paths::last_name(&field.ty).as_deref() == Some("String");
    let is_optional = |field: &&syn::Field| paths::argument_of(&field.ty, "Option").is_some();
    let full = item.fields.iter().filter(|field| is_marked(&lowering.not_empty, name, field));
    let full = full.filter(is_text).map(|field| {
        let (ident, wire) = (&field.ident, wire_name(field));
        quote!((#wire, self.#ident.is_empty()))
    });
    let full: Vec<TokenStream> = full.collect();
    let one = item.fields.iter().filter(|field| is_marked(&lowering.exactly_one, name, field));
    let one = one.filter(is_optional).map(|field| {
        let (ident, wire) = (&field.ident, wire_name(field));
        quote!((#wire, self.#ident.is_some()))
    });
    let one: Vec<TokenStream> = one.collect();
    if full.is_empty() && one.is_empty() {
        return None;
    }
    Some(quote! {
        impl #name {
            fn check_rules(&self) -> Result<(), String> {
                crate::codegen::check_rules(&[#(#full),*], &[#(#one),*])
            }
        }
    })
}

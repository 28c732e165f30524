//! From the generator's types and the operations to the crate's code: types that decode what servers send,
//! builders that end in the crate's own `send`, and the operation table.
//!
//! What it emits is `#[inline]` as far as it is not generic: a program then compiles what it uses of it, in its own
//! crate, and nobody compiles the rest.

pub mod boxes;
pub mod builders;
pub mod decoder;
pub mod docs;
pub mod encoder;
pub mod layout;
pub mod operations;
pub mod paths;
pub mod structs;
pub mod table;
pub mod unions;

use std::collections::BTreeSet;

use proc_macro2::TokenStream;
use quote::quote;
use serde_json::Value;

use super::fault::{Fault, Result};
use super::generate::Generated;
use super::lower::Lowering;

/// The whole code, for one `include!` at a module of the crate.
pub fn code(lowering: &Lowering, generated: Generated, document: &Value, sha256: &str) -> Result<String> {
    let mut made = Made::read(lowering, generated)?;
    boxes::close(lowering, &mut made);
    let types = structs::emit(lowering, &made);
    let enums = unions::enums(lowering);
    let unions = unions::unions(lowering);
    let builders = builders::emit(lowering, &made);
    let operations = operations::emit(lowering, &made)?;
    let methods = operations::methods(lowering);
    let table = table::emit(lowering, &made, document, sha256)?;
    let code: TokenStream = quote! {
        /// The contract's types, by their schema names.
        ///
        /// Null, absent and empty decode alike, enums and unions are open, and `Debug` shows no secret. Those that
        /// requests are made of have a builder: `types::X::builder()`.
        pub mod types {
            #types
            #enums
            #unions
            /// Builders of the structs that requests are made of.
            pub mod builder {
                #builders
            }
        }
        /// Builders of the operations: what a method of the client gives, and what `send()` ends.
        pub mod operation {
            #operations
        }
        #methods
        #table
    };
    Ok(layout::lines(code))
}

/// What the generator made, taken apart.
pub struct Made {
    /// The structs of `types`, their paths written in full.
    pub structs: Vec<syn::ItemStruct>,
}

impl Made {
    fn read(lowering: &Lowering, generated: Generated) -> Result<Self> {
        let mut file = generated.file;
        let mut made = Self { structs: Vec::new() };
        let types = take_module(&mut file.items, "types")?;
        let names: BTreeSet<String> = types.iter().filter_map(item_name).collect();
        for item in types {
            // Impls are made anew; the error stands in a module.
            if let syn::Item::Struct(mut item) = item {
                item.fields.iter_mut().for_each(|field| paths::complete(&mut field.ty, &names));
                // An object without a property of its own, such as a variant that is only a tag: keys that are not known.
                if !matches!(item.fields, syn::Fields::Named(_)) {
                    item.fields = syn::Fields::Named(syn::parse_quote!({
                        #[serde(flatten)]
                        pub extra: ::serde_json::Map<::std::string::String, ::serde_json::Value>
                    }));
                }
                name_fields(lowering, &mut item);
                made.structs.push(item);
            }
        }
        Ok(made)
    }

    pub fn is_struct(&self, name: &str) -> bool {
        self.structs.iter().any(|item| item.ident == name)
    }
}

/// Gives each field the name that the lowering chose, and what it is called on the wire.
fn name_fields(lowering: &Lowering, item: &mut syn::ItemStruct) {
    let Some(wires) = lowering.wires.get(&item.ident.to_string()) else { return };
    for field in &mut item.fields {
        let name = structs::wire_name(field);
        if let Some(wire) = wires.get(&name) {
            field.ident = Some(quote::format_ident!("{}", name));
            field.attrs.push(syn::parse_quote!(#[serde(rename = #wire)]));
        }
    }
}

fn take_module(items: &mut Vec<syn::Item>, name: &str) -> Result<Vec<syn::Item>> {
    let index = items.iter().position(|item| matches!(item, syn::Item::Mod(module) if module.ident == name));
    let index = index.ok_or_else(|| Fault::new("generator", format!("its code has no module {name}")))?;
    match items.remove(index) {
        syn::Item::Mod(syn::ItemMod { content: Some((_, items)), .. }) => Ok(items),
        _ => Err(Fault::new("generator", format!("its module {name} is empty"))),
    }
}

fn item_name(item: &syn::Item) -> Option<String> {
    match item {
        syn::Item::Struct(item) => Some(item.ident.to_string()),
        syn::Item::Enum(item) => Some(item.ident.to_string()),
        syn::Item::Type(item) => Some(item.ident.to_string()),
        _ => None,
    }
}

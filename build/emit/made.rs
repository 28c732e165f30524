//! Reads the structs that the generator made.

use std::collections::BTreeSet;

use super::field::wire_name;
use super::{boxes, paths};
use crate::build::fault::{Fault, Result};
use crate::build::lower::Lowering;
use crate::build::lower::lowering::TaggedUnion;

/// The types that the generator made, as far as the crate uses them.
pub struct Made {
    /// The structs of its module `types`, with full paths in the types of fields.
    pub structs: Vec<syn::ItemStruct>,
    /// The tagged unions, which the crate emits itself.
    pub unions: Vec<TaggedUnion>,
}

impl Made {
    pub fn read(lowering: &Lowering, file: syn::File) -> Result<Self> {
        let mut items = file.items;
        let mut made = Self { structs: Vec::new(), unions: lowering.unions.clone() };
        let types = take_module(&mut items, "types")?;
        let names: BTreeSet<String> = types.iter().filter_map(item_name).collect();
        for item in types {
            // The crate emits its own impls, and needs no other items.
            if let syn::Item::Struct(mut item) = item {
                item.fields.iter_mut().for_each(|field| paths::complete(&mut field.ty, &names));
                // An object without properties, such as a variant that has only the tag, keeps unknown keys.
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
        boxes::close(lowering, &mut made.structs);
        Ok(made)
    }

    pub fn find(&self, name: &str) -> Option<&syn::ItemStruct> {
        self.structs.iter().find(|item| item.ident == name)
    }

    pub fn is_struct(&self, name: &str) -> bool {
        self.find(name).is_some()
    }
}

/// Gives each field the name that the lowering chose, and its name on the wire.
fn name_fields(lowering: &Lowering, item: &mut syn::ItemStruct) {
    let Some(wires) = lowering.wires.get(&item.ident.to_string()) else { return };
    for field in &mut item.fields {
        let name = wire_name(field);
        if let Some(wire) = wires.get(&name) {
            field.ident = Some(quote::format_ident!("{}", name));
            field.attrs.push(syn::parse_quote!(#[serde(rename = #wire)]));
        }
    }
}

fn take_module(items: &mut Vec<syn::Item>, name: &str) -> Result<Vec<syn::Item>> {
    let index = items.iter().position(|item| matches!(item, syn::Item::Mod(module) if module.ident == name));
    let index = index.ok_or_else(|| Fault::new("generator", format!("the generated code has no module {name}")))?;
    match items.remove(index) {
        syn::Item::Mod(syn::ItemMod { content: Some((_, items)), .. }) => Ok(items),
        _ => Err(Fault::new("generator", format!("the generated module {name} is empty"))),
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

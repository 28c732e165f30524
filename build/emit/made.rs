//! Reads the structs that the generator made.

use std::collections::{BTreeMap, BTreeSet};

use super::field::wire_name;
use super::{boxes, paths};
use crate::build::fault::{Fault, Result};
use crate::build::lower::Lowering;

/// The types that the generator made, as far as the crate uses them.
pub struct Made {
    /// The structs of its module `types`, with full paths in the types of fields.
    pub structs: Vec<syn::ItemStruct>,
    /// Where each struct is in `structs`, and what is in it. Many operations may ask for the same one.
    indexes: BTreeMap<String, Index>,
    /// The tagged unions, which the crate emits itself, by name.
    unions: BTreeMap<String, Union>,
}

/// The place of a struct, and the places of its fields.
struct Index {
    at: usize,
    by_name: BTreeMap<String, usize>,
    by_wire: BTreeMap<String, usize>,
    /// The only field that is a list.
    list: Option<usize>,
}

/// A tagged union.
pub struct Union {
    pub tag: String,
    /// The types of the variants, by the value of the tag.
    pub variants: BTreeMap<String, String>,
}

impl Made {
    pub fn read(lowering: &Lowering, file: syn::File) -> Result<Self> {
        let mut items = file.items;
        let mut structs = Vec::new();
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
                structs.push(item);
            }
        }
        boxes::close(lowering, &mut structs);
        let indexes = structs.iter().enumerate().map(|(at, item)| (item.ident.to_string(), index(at, item))).collect();
        let unions = lowering.unions.iter().map(|union| {
            let variants = union.variants.iter().cloned().collect();
            (union.name.clone(), Union { tag: union.tag.clone(), variants })
        });
        Ok(Self { structs, indexes, unions: unions.collect() })
    }

    pub fn is_struct(&self, name: &str) -> bool {
        self.indexes.contains_key(name)
    }

    /// The field of a struct with this name in Rust.
    pub fn field(&self, of: &str, name: &str) -> Option<&syn::Field> {
        self.field_at(of, |index| index.by_name.get(name).copied())
    }

    /// The field of a struct with this name on the wire.
    pub fn field_on_wire(&self, of: &str, wire: &str) -> Option<&syn::Field> {
        self.field_at(of, |index| index.by_wire.get(wire).copied())
    }

    /// The field of a struct that is a list, if only one is.
    pub fn only_list(&self, of: &str) -> Option<&syn::Field> {
        self.field_at(of, |index| index.list)
    }

    fn field_at(&self, of: &str, place: impl Fn(&Index) -> Option<usize>) -> Option<&syn::Field> {
        let index = self.indexes.get(of)?;
        match &self.structs[index.at].fields {
            syn::Fields::Named(fields) => fields.named.get(place(index)?),
            _ => None,
        }
    }

    pub fn union(&self, name: &str) -> Option<&Union> {
        self.unions.get(name)
    }
}

fn index(at: usize, item: &syn::ItemStruct) -> Index {
    let mut index = Index { at, by_name: BTreeMap::new(), by_wire: BTreeMap::new(), list: None };
    let mut lists = 0;
    for (place, field) in item.fields.iter().enumerate() {
        index.by_name.extend(field.ident.as_ref().map(|name| (name.to_string(), place)));
        index.by_wire.entry(wire_name(field)).or_insert(place);
        if paths::argument_of(&field.ty, "Vec").is_some() {
            index.list = Some(place);
            lists += 1;
        }
    }
    index.list = index.list.filter(|_| lists == 1);
    index
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

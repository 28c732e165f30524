//! Emits a method of the client for each operation, in one `impl` block per area.

use std::collections::BTreeMap;

use proc_macro2::TokenStream;
use quote::{format_ident, quote};
use serde_json::Value;

use super::made::Made;
use super::{docs, method_docs};
use crate::build::document::text;
use crate::build::kinds::Area;
use crate::build::lower::Lowering;
use crate::build::markdown::block;
use crate::build::names;
use crate::build::operation::Operation;

/// The methods of the client. Known areas come first, in their order.
pub fn emit(lowering: &Lowering, made: &Made, document: &Value) -> TokenStream {
    // Where each area is in `areas`.
    let mut places: BTreeMap<&str, usize> = BTreeMap::new();
    let mut areas: Vec<(&str, Vec<&Operation>)> = Vec::new();
    for (area, operation) in Area::KNOWN
        .iter()
        .map(|area| (area.as_str(), None))
        .chain(lowering.operations.iter().map(|operation| (operation.area.as_str(), Some(operation))))
    {
        let place = *places.entry(area).or_insert(areas.len());
        if place == areas.len() {
            areas.push((area, Vec::new()));
        }
        areas[place].1.extend(operation);
    }
    let tags = descriptions(document);
    let blocks = areas.into_iter().filter(|(_, operations)| !operations.is_empty()).map(|(area, operations)| {
        let doc = heading(area, &tags);
        let methods = operations.into_iter().map(|operation| method(made, operation));
        quote! {
            #[doc = #doc]
            impl crate::codegen::Client { #(#methods)* }
        }
    });
    blocks.collect()
}

/// The tags of the document with their descriptions.
fn descriptions(document: &Value) -> BTreeMap<&str, &Value> {
    let mut found = BTreeMap::new();
    for tag in document.get("tags").and_then(Value::as_array).into_iter().flatten() {
        if let Some(name) = tag.get("name").and_then(Value::as_str) {
            found.entry(name).or_insert(&tag["description"]);
        }
    }
    found
}

/// The heading of an area, and what the document says about its tag.
fn heading(area: &str, tags: &BTreeMap<&str, &Value>) -> String {
    let title = Area::KNOWN.into_iter().find(|known| known.as_str() == area).map_or(area, |known| known.title());
    let description = tags.get(area).map(|description| block(&text(Some(*description)))).unwrap_or_default();
    format!("# {title}\n\n{description}")
}

fn method(made: &Made, operation: &Operation) -> TokenStream {
    let name = format_ident!("{}", operation.name);
    let builder = format_ident!("{}", operation.type_name());
    let doc = method_docs::of_method(made, operation);
    let mut aliases = vec![names::ruby_name(&operation.id), operation.id.clone()];
    if let Some(today) = &operation.today {
        aliases.extend([names::method_name(today), names::ruby_name(today), today.clone()]);
    }
    let aliases = docs::aliases(aliases, &operation.name);
    let deprecated = operation.deprecated.then(|| quote!(#[deprecated]));
    quote! {
        #[doc = #doc]
        #aliases
        #deprecated
        #[inline]
        pub fn #name(&self) -> ops::#builder { ops::#builder::new(self.clone()) }
    }
}

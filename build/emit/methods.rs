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
    let mut by_area: BTreeMap<&str, Vec<&Operation>> = BTreeMap::new();
    for operation in &lowering.operations {
        by_area.entry(&operation.area).or_default().push(operation);
    }
    let mut areas: Vec<&str> = Area::KNOWN.iter().map(Area::as_str).collect();
    areas.extend(lowering.operations.iter().map(|operation| operation.area.as_str()));
    // Each area is taken where it comes first.
    let areas = areas.into_iter().filter_map(|area| Some((area, by_area.remove(area)?)));
    let tags = descriptions(document);
    let blocks = areas.map(|(area, operations)| {
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

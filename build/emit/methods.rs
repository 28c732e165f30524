//! Emits a method of the client for each operation, in one `impl` block per area.

use proc_macro2::TokenStream;
use quote::{format_ident, quote};
use serde_json::Value;

use super::made::Made;
use super::method_docs;
use crate::build::document::text;
use crate::build::kinds::Area;
use crate::build::lower::Lowering;
use crate::build::markdown::block;
use crate::build::names;
use crate::build::operation::Operation;

/// The methods of the client. Known areas come first, in their order.
pub fn emit(lowering: &Lowering, made: &Made, document: &Value) -> TokenStream {
    let mut areas: Vec<&str> = Area::KNOWN.iter().map(Area::as_str).collect();
    for operation in &lowering.operations {
        if !areas.contains(&operation.area.as_str()) {
            areas.push(&operation.area);
        }
    }
    let blocks = areas.into_iter().map(|area| {
        let operations: Vec<&Operation> = lowering.operations.iter().filter(|known| known.area == area).collect();
        if operations.is_empty() {
            return TokenStream::new();
        }
        let doc = heading(area, document);
        let methods = operations.into_iter().map(|operation| method(made, operation));
        quote! {
            #[doc = #doc]
            impl crate::codegen::Client { #(#methods)* }
        }
    });
    blocks.collect()
}

/// The heading of an area, and what the document says about its tag.
fn heading(area: &str, document: &Value) -> String {
    let title = Area::KNOWN.into_iter().find(|known| known.as_str() == area).map_or(area, |known| known.title());
    let tags = document.get("tags").and_then(Value::as_array).into_iter().flatten();
    let mut tags = tags.filter(|tag| tag.get("name").is_some_and(|name| name == area));
    let description = tags.next().map(|tag| block(&text(tag.get("description")))).unwrap_or_default();
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
    let mut seen = std::collections::BTreeSet::new();
    aliases.retain(|alias| seen.insert(alias.clone()));
    // Rustdoc refuses other aliases.
    aliases.retain(|alias| {
        let is_word = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '-' | '.' | ':' | '/');
        !alias.is_empty() && *alias != operation.name && alias.chars().all(is_word)
    });
    let deprecated = operation.deprecated.then(|| quote!(#[deprecated]));
    quote! {
        #[doc = #doc]
        #(#[doc(alias = #aliases)])*
        #deprecated
        #[inline]
        pub fn #name(&self) -> ops::#builder { ops::#builder::new(self.clone()) }
    }
}

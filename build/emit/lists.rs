//! Emits `by_page` and `by_item` for the operations that return a list.

use proc_macro2::TokenStream;
use quote::{format_ident, quote};

use super::examples;
use super::field::wire_name;
use super::made::Made;
use super::paths;
use super::rows::{Rows, rows};
use crate::build::fault::Result;
use crate::build::operation::Operation;

/// The methods that walk through a list.
pub fn walks(made: &Made, operation: &Operation, decode: &TokenStream) -> Result<Option<TokenStream>> {
    let Some(Rows { item, within }) = rows(made, operation)? else { return Ok(None) };
    let decode = match within {
        Some((envelope, field)) => {
            let (ident, member) = (&field.ident, wire_name(field));
            quote!(|response: &crate::codegen::RawResponse, unreadable: &mut crate::codegen::Unreadable| {
                crate::codegen::decode::list_in::<#envelope, #item>(response, unreadable, #member, |page| page.#ident)
            })
        }
        None => decode.clone(),
    };
    let row = paths::last_name(&item);
    let id = row.and_then(|row| ["id", "client_id"].into_iter().find(|name| made.field(&row, name).is_some()));
    let id = id.map(|name| format_ident!("{name}"));
    let key = match id {
        Some(id) => quote!(crate::codegen::row_key(&row.#id, row)),
        None => quote!(crate::codegen::row_key(row, row)),
    };
    let example = examples::walk(made, operation);
    let page_doc = "Walks the list page by page: see [`Pages`](crate::lists::Pages).\n\nNothing is sent before you ask \
                    for the first page. Set `page` or `page_token` only to start elsewhere.";
    let item_doc = format!("Walks the list row by row: see [`Items`](crate::lists::Items).\n\n{example}");
    Ok(Some(quote! {
        #[doc = #page_doc]
        #[inline]
        pub fn by_page(self) -> crate::codegen::Pages<#item> {
            crate::codegen::Pages::new(self._client.clone(), self._draft(), #decode, |row: &#item| #key)
        }
        #[doc = #item_doc]
        #[inline]
        pub fn by_item(self) -> crate::codegen::Items<#item> { self.by_page().into_items() }
    }))
}

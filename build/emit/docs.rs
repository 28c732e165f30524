//! Doc comments of the generated code.

use std::collections::BTreeSet;

use proc_macro2::TokenStream;
use quote::quote;

use crate::build::lower::Lowering;
use crate::build::names;

/// The doc attribute for a text, or nothing if it is empty.
pub fn attribute(text: &str) -> TokenStream {
    if text.is_empty() { TokenStream::new() } else { quote!(#[doc = #text]) }
}

/// The docs that the generator wrote.
pub fn of_attributes(attrs: &[syn::Attribute]) -> TokenStream {
    let mut text = String::new();
    for attr in attrs.iter().filter(|attr| attr.path().is_ident("doc")) {
        if let syn::Meta::NameValue(syn::MetaNameValue { value: syn::Expr::Lit(literal), .. }) = &attr.meta
            && let syn::Lit::Str(line) = &literal.lit
        {
            text.push_str(&line.value());
            text.push('\n');
        }
    }
    attribute(text.trim())
}

/// The attributes by which search finds an item under other names.
pub fn aliases(names: impl IntoIterator<Item = String>, own: &str) -> TokenStream {
    let mut seen = BTreeSet::from([own.to_owned()]);
    // Rustdoc refuses other names.
    let is_word = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '-' | '.' | ':' | '/');
    let names = names.into_iter().filter(|name| !name.is_empty() && name.chars().all(is_word));
    let names: Vec<String> = names.filter(|name| seen.insert(name.clone())).collect();
    quote!(#(#[doc(alias = #names)])*)
}

/// The attributes for Ory's name of today, in both spellings.
pub fn of_today(lowering: &Lowering, name: &str) -> TokenStream {
    let today = lowering.today.get(name);
    aliases(today.into_iter().flat_map(|today| [names::pascal(today), today.clone()]), name)
}

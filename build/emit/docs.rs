//! Doc comments of the generated code.

use proc_macro2::TokenStream;
use quote::quote;

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

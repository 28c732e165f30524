//! Doc comments of the generated code.

use proc_macro2::TokenStream;
use quote::quote;

/// The doc attribute for a text, or nothing if it is empty.
pub fn attribute(text: &str) -> TokenStream {
    if text.is_empty() { TokenStream::new() } else { quote!(#[doc = #text]) }
}

/// Any text as inline code.
pub fn code(text: &str) -> String {
    let line = text.split(char::is_whitespace).collect::<Vec<_>>().join(" ");
    let is_plain = !line.trim().is_empty() && !line.contains(['`', '|']) && !line.contains(char::is_control);
    if is_plain { format!("`{line}`") } else { format!("<code>{}</code>", escaped(&line)) }
}

/// Replaces every character that may mean something in Markdown or HTML by its number.
fn escaped(text: &str) -> String {
    let plain = |c: char| c.is_alphanumeric() || c == ' ';
    text.chars().map(|c| if plain(c) { c.to_string() } else { format!("&#{};", u32::from(c)) }).collect()
}

/// The docs that the generator wrote, without the schema that it appends.
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
    let text = text.split("<details>").next().unwrap_or_default().trim();
    attribute(text)
}

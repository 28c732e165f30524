//! Rust as text, the same whatever the source's line breaks and paths are.

use proc_macro2::{TokenStream, TokenTree};
use quote::ToTokens;

/// The text of a piece of code, without docs, with the last name of each path alone: `Option<Secret>`.
pub fn tidy(code: impl ToTokens) -> String {
    let mut words = Vec::new();
    flatten(code.to_token_stream(), &mut words);
    let (mut text, mut last) = (String::new(), 0);
    for (at, word) in words.iter().enumerate() {
        if word == "::" {
            continue;
        }
        // The names before the last one of a path. `Self::Item` stays as it is.
        let is_prefix = words.get(at + 1).is_some_and(|next| next == "::") && is_name(word);
        let is_module = word.starts_with(|c: char| c.is_lowercase() || c == '_') || word == "$crate";
        if is_prefix && is_module && words.get(at + 2).is_some_and(|next| is_name(next)) {
            continue;
        }
        let after_path = at > 1 && words[at - 1] == "::" && last == at - 2;
        match () {
            () if after_path => text.push_str("::"),
            () if needs_space(&text, word) => text.push(' '),
            () => {}
        }
        text.push_str(word);
        last = at;
    }
    text.replace(",)", ")").replace(",>", ">").replace(", }", " }")
}

fn is_name(word: &str) -> bool {
    word.starts_with(|c: char| c.is_alphanumeric() || c == '_' || c == '$')
}

fn needs_space(before: &str, word: &str) -> bool {
    let tight_after = ['(', '[', '<', '&', '!', '\'', '#', '$'];
    let Some(last) = before.chars().last() else { return false };
    let spaced = ["->", "=>", "=", "+", "|", "{", "}", "&&"];
    if spaced.contains(&word) || spaced.iter().any(|mark| before.ends_with(mark) && *mark != "&&") {
        return true;
    }
    if [",", ";", ")", "]", ">", ":", "?", ".", "!", "<", "("].contains(&word) {
        // `impl <T>` and `fn(..)` read well without a space, and so does a call.
        return false;
    }
    !tight_after.contains(&last) && last != '.'
}

/// The tokens in order. Marks that belong together are one word, and so is a lifetime. Attributes with docs are left out.
fn flatten(tokens: TokenStream, words: &mut Vec<String>) {
    let tokens: Vec<TokenTree> = tokens.into_iter().collect();
    let mut at = 0;
    while let Some(token) = tokens.get(at) {
        at += 1;
        match token {
            TokenTree::Punct(mark) if mark.as_char() == '#' && is_doc(tokens.get(at)) => at += 1,
            TokenTree::Punct(mark) => {
                let mut word = mark.as_char().to_string();
                while let (Some(TokenTree::Punct(next)), true) = (tokens.get(at), is_joint(&word, tokens.get(at))) {
                    word.push(next.as_char());
                    at += 1;
                }
                if word == "'"
                    && let Some(TokenTree::Ident(name)) = tokens.get(at)
                {
                    word.push_str(&name.to_string());
                    at += 1;
                }
                words.push(word);
            }
            TokenTree::Group(group) => {
                let (open, close) = match group.delimiter() {
                    proc_macro2::Delimiter::Parenthesis => ("(", ")"),
                    proc_macro2::Delimiter::Brace => ("{", "}"),
                    proc_macro2::Delimiter::Bracket => ("[", "]"),
                    proc_macro2::Delimiter::None => ("", ""),
                };
                words.extend(Some(open.to_owned()).filter(|mark| !mark.is_empty()));
                flatten(group.stream(), words);
                words.extend(Some(close.to_owned()).filter(|mark| !mark.is_empty()));
            }
            other => words.push(other.to_string()),
        }
    }
}

/// `::`, `->` and `=>`.
fn is_joint(word: &str, next: Option<&TokenTree>) -> bool {
    let Some(TokenTree::Punct(next)) = next else { return false };
    matches!((word, next.as_char()), (":", ':') | ("-" | "=", '>'))
}

fn is_doc(attribute: Option<&TokenTree>) -> bool {
    let Some(TokenTree::Group(group)) = attribute else { return false };
    matches!(group.stream().into_iter().next(), Some(TokenTree::Ident(name)) if name == "doc")
}

#[test]
fn code_is_tidied() {
    for (code, text) in [
        (
            "pub fn f<'a, T: Into<String>>(&'a mut self, x: impl Fn(&str) -> std::io::Result<()> + Send) -> crate::a::B<T>",
            "pub fn f<'a, T: Into<String>>(&'a mut self, x: impl Fn(&str) -> Result<()> + Send) -> B<T>",
        ),
        ("fn f(x: impl crate::codegen::Into<::std::string::String>)", "fn f(x: impl Into<String>)"),
        ("type A = <T as Iterator>::Item", "type A = <T as Iterator>::Item"),
        ("#[doc = \"x\"] pub struct A { b: [u8; 4], }", "pub struct A { b: [u8; 4] }"),
        ("Option<dyn Future<Output = Self::Item>>", "Option<dyn Future<Output = Self::Item>>"),
    ] {
        let tokens: TokenStream = code.parse().unwrap();
        assert_eq!(tidy(tokens), text);
    }
}

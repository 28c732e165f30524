//! Breaks emitted code into lines, so that a message of the compiler shows one field and not the whole file.

use proc_macro2::{Delimiter, TokenStream, TokenTree};

/// The code with a line break after each item, statement and field.
pub fn lines(tokens: TokenStream) -> String {
    let mut out = String::new();
    write(tokens, false, &mut out);
    out
}

fn write(tokens: TokenStream, in_braces: bool, out: &mut String) {
    let mut run: Vec<TokenTree> = Vec::new();
    for token in tokens {
        match token {
            TokenTree::Group(group) if group.delimiter() == Delimiter::Brace => {
                flush(&mut run, out);
                out.push_str(" {\n");
                write(group.stream(), true, out);
                out.push_str("}\n");
            }
            TokenTree::Punct(punct) if punct.as_char() == ';' || (in_braces && punct.as_char() == ',') => {
                run.push(punct.into());
                flush(&mut run, out);
                out.push('\n');
            }
            other => run.push(other),
        }
    }
    flush(&mut run, out);
}

fn flush(run: &mut Vec<TokenTree>, out: &mut String) {
    // Together, so that `::` and lifetimes keep their spacing.
    out.push_str(&run.drain(..).collect::<TokenStream>().to_string());
    out.push(' ');
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn says_the_same_in_lines() {
        let code: TokenStream =
            "pub struct A<'a> { b: &'a str, c: std::vec::Vec<u8>, } fn f() { let x = 1; x; }".parse().unwrap();
        let laid_out = lines(code.clone());
        assert!(laid_out.lines().count() > 5, "{laid_out}");
        let again: TokenStream = laid_out.parse().unwrap();
        assert_eq!(again.to_string(), code.to_string());
    }
}

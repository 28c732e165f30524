//! Texts of the contract in faults, in the report and in names of places.

/// The longest name in a place, in characters.
const LONGEST_NAME: usize = 100;

/// A text as one line of at most `most` characters. Characters that would break the line or change how it reads are
/// written as codes, and a long text loses its middle, because messages end with what is wrong.
pub fn one_line(text: &str, most: usize) -> String {
    let mut line = String::new();
    let too_long = text.char_indices().nth(most).is_some();
    if too_long {
        let end = most / 3;
        text.chars().take(most - end).for_each(|sign| push(sign, &mut line));
        line.push_str(" .. ");
        let from = text.char_indices().rev().nth(end - 1).map_or(0, |(at, _)| at);
        text[from..].chars().for_each(|sign| push(sign, &mut line));
    } else {
        text.chars().for_each(|sign| push(sign, &mut line));
    }
    line
}

/// A name of the contract, short enough to be repeated for everything in it.
pub fn short(name: &str) -> String {
    one_line(name, LONGEST_NAME)
}

fn push(sign: char, line: &mut String) {
    if is_invisible(sign) { line.extend(sign.escape_default()) } else { line.push(sign) }
}

/// Whether a character breaks lines, has no shape, or turns the direction of what follows.
pub fn is_invisible(sign: char) -> bool {
    sign.is_control()
        || matches!(sign, '\u{ad}' | '\u{61c}' | '\u{180e}' | '\u{feff}' | '\u{fff9}'..='\u{fffb}')
        || matches!(sign, '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}')
        || matches!(sign, '\u{e0000}'..='\u{e007f}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_breaks_the_line_or_hides_in_it() {
        assert_eq!(one_line("a\nb\r\n\tc\u{0}\u{1b}[31m", 99), "a\\nb\\r\\n\\tc\\u{0}\\u{1b}[31m");
        assert_eq!(one_line("x\u{2028}y\u{202e}z\u{85}\u{200b}", 99), "x\\u{2028}y\\u{202e}z\\u{85}\\u{200b}");
        assert_eq!(one_line("größe 日本 \"q\" \\n", 99), "größe 日本 \"q\" \\n");
    }

    #[test]
    fn a_long_text_loses_its_middle() {
        assert_eq!(one_line("123456789", 9), "123456789");
        assert_eq!(one_line("1234567890", 9), "123456 .. 890");
        assert_eq!(one_line(&"é".repeat(1_000), 6), "éééé .. éé");
        assert!(short(&"\n".repeat(1 << 20)).len() < 250);
    }
}

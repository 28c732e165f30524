//! Markdown that is safe in doc comments, made of texts that the contract contains.
//!
//! Rustdoc passes HTML through, runs code blocks as tests and reads brackets as links to items. So only this much of a
//! text keeps its meaning: paragraphs, headings, lists, tables, emphasis, code, and URLs. Everything else is shown as it
//! is written. Each line is rewritten on its own: nothing in the result depends on how Markdown would read the original.

use std::collections::{BTreeMap, VecDeque};

use super::one_line::{is_invisible, one_line};

/// A text of several lines.
pub fn block(text: &str) -> String {
    let mut out: Vec<String> = Vec::new();
    let mut lines = text.trim().lines();
    while let Some(line) = lines.next() {
        match Fence::open(line.trim()) {
            None => out.push(inline(line)),
            Some(fence) => {
                let code: Vec<String> =
                    lines.by_ref().take_while(|line| !fence.is_closed_by(line)).map(visible).collect();
                // Longer than what is in the code, so that nothing there ends the block.
                let ticks = "`".repeat(code.iter().map(|line| longest_run(line)).max().unwrap_or(0).max(2) + 1);
                out.push(format!("{ticks}{}", fence.language));
                out.extend(code);
                out.push(ticks);
            }
        }
    }
    out.join("\n")
}

/// A text as one line.
pub fn line(text: &str) -> String {
    inline(&text.split_whitespace().collect::<Vec<_>>().join(" "))
}

/// Any text as inline code.
pub fn code(text: &str) -> String {
    let text = one_line(&text.split(char::is_whitespace).collect::<Vec<_>>().join(" "), 1_000);
    // A bar would end the cell of a table, and with it the code.
    let is_plain = !text.trim().is_empty() && !text.contains(['`', '|']);
    if is_plain { format!("`{text}`") } else { format!("<code>{}</code>", numbered(&text)) }
}

/// Replaces every character that may mean something in Markdown or HTML by its number.
fn numbered(text: &str) -> String {
    let plain = |c: char| c.is_alphanumeric() || c == ' ';
    text.chars().map(|c| if plain(c) { c.to_string() } else { format!("&#{};", u32::from(c)) }).collect()
}

/// The beginning of a code block.
struct Fence {
    sign: char,
    length: usize,
    /// `json`, or `text` for all others: rustdoc would run them.
    language: &'static str,
}

impl Fence {
    fn open(line: &str) -> Option<Self> {
        let sign = line.chars().next().filter(|sign| matches!(sign, '`' | '~'))?;
        let info = line.trim_start_matches(sign);
        let length = line.len() - info.len();
        let is_fence = length >= 3 && !(sign == '`' && info.contains('`'));
        let language = if info.trim() == "json" { "json" } else { "text" };
        is_fence.then_some(Self { sign, length, language })
    }

    fn is_closed_by(&self, line: &str) -> bool {
        let line = line.trim();
        line.len() >= self.length && line.chars().all(|sign| sign == self.sign)
    }
}

/// A line without the characters that nobody sees.
fn visible(line: &str) -> String {
    line.trim_end().replace('\t', "    ").replace(is_invisible, "")
}

fn longest_run(line: &str) -> usize {
    line.split(|sign| sign != '`').map(str::len).max().unwrap_or(0)
}

/// A line outside code blocks. Several spaces become one, because an indented line is code, also in a list.
fn inline(line: &str) -> String {
    let line = line.split_whitespace().collect::<Vec<_>>().join(" ").replace(is_invisible, "");
    let mut out = String::with_capacity(line.len());
    let mut rest = line.as_str();
    let mut runs = Runs::of(rest);
    while let Some(sign) = rest.chars().next() {
        let (written, length) = match sign {
            '`' => ticks(rest, runs.closing(rest)),
            '\\' => backslash(rest),
            '<' | 'h' => url(rest).unwrap_or_else(|| (escaped(sign), 1)),
            // Three open a block of code, also in a list.
            '~' if rest.starts_with("~~~") => ("\\~".repeat(3), 3),
            _ => (escaped(sign), sign.len_utf8()),
        };
        out.push_str(&written);
        rest = &rest[length..];
    }
    out
}

/// A character outside code, so that it means itself.
fn escaped(sign: char) -> String {
    if matches!(sign, '<' | '>' | '[' | ']') { format!("\\{sign}") } else { sign.to_string() }
}

/// Backticks that begin code, with the code, or those that do not. The latter are written as numbers, since a backtick
/// beside another one counts together with it, even behind a backslash. `end` is where the run begins that ends the code.
fn ticks(rest: &str, end: Option<usize>) -> (String, usize) {
    let length = ticks_at(rest);
    match end {
        Some(end) => (code(&rest[length..end]), end + length),
        None => ("&#96;".repeat(length), length),
    }
}

/// The number of backticks at the start of a text.
fn ticks_at(text: &str) -> usize {
    text.len() - text.trim_start_matches('`').len()
}

/// The runs of backticks in a line. They are found once: to look through the rest of the line for each would take
/// quadratic time.
struct Runs {
    /// The length of the line.
    length: usize,
    /// Where the runs of each length begin.
    starts: BTreeMap<usize, VecDeque<usize>>,
}

impl Runs {
    fn of(line: &str) -> Self {
        let mut starts: BTreeMap<usize, VecDeque<usize>> = BTreeMap::new();
        let mut at = 0;
        while let Some(start) = line[at..].find('`').map(|found| at + found) {
            let run = ticks_at(&line[start..]);
            starts.entry(run).or_default().push_back(start);
            at = start + run;
        }
        Self { length: line.len(), starts }
    }

    /// Where in the rest of the line the next run begins that is as long as the one at its start.
    fn closing(&mut self, rest: &str) -> Option<usize> {
        let (at, run) = (self.length - rest.len(), ticks_at(rest));
        let starts = self.starts.get_mut(&run)?;
        // The line is read once from its start, so no later run needs these.
        let passed = starts.partition_point(|start| *start < at + run);
        starts.drain(..passed);
        starts.front().map(|start| start - at)
    }
}

/// A backslash before punctuation keeps it from meaning anything. Any other one means itself.
fn backslash(rest: &str) -> (String, usize) {
    match rest.chars().nth(1) {
        Some('`') => ("&#96;".to_owned(), 2),
        Some(next) if next.is_ascii_punctuation() => (format!("\\{next}"), 2),
        _ => ("\\\\".to_owned(), 1),
    }
}

/// A URL, bare or in angle brackets, which rustdoc wants around it.
fn url(rest: &str) -> Option<(String, usize)> {
    let bare = rest.strip_prefix('<').unwrap_or(rest);
    if !bare.starts_with("https://") && !bare.starts_with("http://") {
        return None;
    }
    let is_end =
        |c: char| c.is_whitespace() || matches!(c, ')' | ']' | '[' | '>' | '<' | '"' | '\'' | '*' | '|' | '\\' | '`');
    let url = &bare[..bare.find(is_end).unwrap_or(bare.len())];
    if bare.len() < rest.len() {
        let is_whole = bare[url.len()..].starts_with('>');
        return is_whole.then(|| (format!("<{url}>"), url.len() + 2));
    }
    let url = url.trim_end_matches(['.', ',', ';', ':']);
    Some((format!("<{url}>"), url.len()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn brackets_tags_and_links() {
        assert_eq!(block("See [JWA] and <id>, `a[0] <b>`."), "See \\[JWA\\] and \\<id\\>, `a[0] <b>`.");
        assert_eq!(block("At https://a.b/c?d=e."), "At <https://a.b/c?d=e>.");
        assert_eq!(block("At <https://a.b/c>, <https://a.b c>."), "At <https://a.b/c>, \\<<https://a.b> c\\>.");
        assert_eq!(block("[Text](https://a.b/c)"), "\\[Text\\](<https://a.b/c>)");
        assert_eq!(block("\\[x\\](y) C:\\path \\"), "\\[x\\](y) C:\\\\path \\\\");
        assert_eq!(block("[https://a.b](https://a.b)"), "\\[<https://a.b>\\](<https://a.b>)");
        assert_eq!(block("<script>alert(1)</script><!-- x -->"), "\\<script\\>alert(1)\\</script\\>\\<!-- x --\\>");
        assert_eq!(block("\\\\<img src=x onerror=alert(1) x=>"), "\\\\\\<img src=x onerror=alert(1) x=\\>");
        assert_eq!(block("[a](javascript:b) <javascript:b>"), "\\[a\\](javascript:b) \\<javascript:b\\>");
    }

    #[test]
    fn inline_code() {
        assert_eq!(block("a ` lone"), "a &#96; lone");
        assert_eq!(block("`one`, ``two``, `` `t` ``"), "`one`, `two`, <code> &#96;t&#96; </code>");
        assert_eq!(block("\\`<b>`"), "&#96;\\<b\\>&#96;");
        // Backticks count only in runs of the same length, and a bar ends a cell together with the code in it.
        assert_eq!(block("a ```<b>` x ``"), "a &#96;&#96;&#96;\\<b\\>&#96; x &#96;&#96;");
        assert_eq!(block("| `x | <b>` |"), "| <code>x &#124; &#60;b&#62;</code> |");
        assert_eq!(code("a\nb\u{202e}"), "`a b\\u{202e}`");
        assert_eq!(code(" "), "<code> </code>");
    }

    #[test]
    fn what_nobody_sees_goes() {
        assert_eq!(block("a\u{202e}b\u{200b}\u{0}\tc\rd"), "ab c d");
        assert_eq!(block("```\na\u{202e}b\tc\n```"), "```text\nab    c\n```");
        assert_eq!(line("a\n\n  b `c\nd`\n```\ne"), "a b `c d` &#96;&#96;&#96; e");
    }

    #[test]
    fn code_is_never_compiled() {
        assert_eq!(block("x\n    indented\n```\nlet a;\n"), "x\nindented\n```text\nlet a;\n```");
        assert_eq!(block("```json\n{}\n```"), "```json\n{}\n```");
        assert_eq!(block("~~~rust\nlet a;\n```\n~~~\nb"), "````text\nlet a;\n```\n````\nb");
        assert_eq!(block("```inline``` text"), "`inline` text");
        assert_eq!(block("-     let a;\n- ~~~rust\n- ```rust"), "- let a;\n- \\~\\~\\~rust\n- &#96;&#96;&#96;rust");
    }
}

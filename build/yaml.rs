//! Reads YAML event by event, so that the work and the memory stay bounded: an alias is a copy, and copies of copies
//! double with each line. A reader that builds the whole document first would have built them by then.

use std::collections::BTreeMap;

use serde_json::{Map, Value};
use yaml_rust2::parser::{Parser, Tag};
use yaml_rust2::scanner::{Marker, TScalarStyle};
use yaml_rust2::{Event, Yaml};

use super::document::kind_of;
use super::fault::{Fault, Result};
use super::one_line::short;
use super::size::{self, OF_VALUE, Room};

/// Parses a text that has to be one YAML document. Aliases and merge keys (`<<: *base`) are copies of what they name.
pub fn parse(text: &str) -> Result<Value> {
    let mut parser = Parser::new_from_str(text);
    let mut loader = Loader::default();
    let mut documents = 0;
    loop {
        let (event, mark) = parser.next_token().map_err(|why| invalid(&why.to_string()))?;
        match event {
            Event::StreamEnd => break,
            Event::DocumentStart => documents += 1,
            // Only counted.
            _ if documents > 1 => {}
            event => loader.event(event, mark)?,
        }
    }
    match (loader.whole, documents) {
        (Some(whole), 1) => Ok(whole),
        _ => Err(Fault::new("document", format!("expected one YAML document, found {documents}"))),
    }
}

fn invalid(why: &str) -> Fault {
    Fault::new("document", format!("not valid YAML: {why}"))
}

fn invalid_at(why: &str, mark: Marker) -> Fault {
    invalid(&format!("{why} at line {} column {}", mark.line(), mark.col() + 1))
}

#[derive(Default)]
struct Loader {
    /// The lists and maps that have not ended, the outermost first.
    open: Vec<Open>,
    /// What aliases may name, with its size.
    anchors: BTreeMap<usize, (Value, usize)>,
    room: Room,
    whole: Option<Value>,
}

/// A list or a map that has not ended.
struct Open {
    anchor: usize,
    inside: Inside,
}

enum Inside {
    List(Vec<Value>),
    Map {
        map: Map<String, Value>,
        key: Option<Key>,
        /// What merge keys name, in their order.
        merged: Vec<Value>,
    },
}

enum Key {
    Name(String),
    Merge,
}

impl Loader {
    fn event(&mut self, event: Event, mark: Marker) -> Result<()> {
        match event {
            Event::SequenceStart(anchor, _) => self.start(anchor, Inside::List(Vec::new()), mark),
            Event::MappingStart(anchor, _) => {
                self.start(anchor, Inside::Map { map: Map::new(), key: None, merged: Vec::new() }, mark)
            }
            Event::SequenceEnd | Event::MappingEnd => {
                let Some(Open { anchor, inside }) = self.open.pop() else { return Ok(()) };
                let value = match inside {
                    Inside::List(items) => Value::Array(items),
                    Inside::Map { map, merged, .. } => Value::Object(merge(map, merged, mark)?),
                };
                self.place(value, anchor, mark)
            }
            Event::Scalar(text, style, anchor, tag) => {
                self.take(OF_VALUE + text.len())?;
                let plain = style == TScalarStyle::Plain && tag.is_none();
                if plain && text == "<<" && self.wants_key() {
                    return self.set_key(Key::Merge, mark);
                }
                let value = scalar(text, style, tag.as_ref()).map_err(|why| invalid_at(&why, mark))?;
                self.place(value, anchor, mark)
            }
            Event::Alias(anchor) => {
                let Some((value, size)) = self.anchors.get(&anchor) else {
                    return Err(invalid_at("an alias stands inside what it names", mark));
                };
                let (value, size) = (value.clone(), *size);
                self.take(size)?;
                size::check_levels(self.open.len() + size::levels(&value), &self.at())?;
                self.place(value, 0, mark)
            }
            Event::Nothing | Event::StreamStart | Event::StreamEnd | Event::DocumentStart | Event::DocumentEnd => {
                Ok(())
            }
        }
    }

    fn start(&mut self, anchor: usize, inside: Inside, mark: Marker) -> Result<()> {
        if self.wants_key() {
            return Err(invalid_at("a key is a list or an object, not a text", mark));
        }
        self.open.push(Open { anchor, inside });
        size::check_levels(self.open.len(), &self.at())?;
        self.take(OF_VALUE)
    }

    /// Takes room. The place in words is made only for a fault.
    fn take(&mut self, bytes: usize) -> Result<()> {
        if self.room.take(bytes, "").is_ok() { Ok(()) } else { self.room.take(bytes, &self.at()) }
    }

    fn wants_key(&self) -> bool {
        matches!(self.open.last(), Some(Open { inside: Inside::Map { key: None, .. }, .. }))
    }

    /// Puts a value where it belongs: into the innermost list or map, as its next key, or as the whole document.
    fn place(&mut self, value: Value, anchor: usize, mark: Marker) -> Result<()> {
        if anchor > 0 {
            let size = size::of(&value);
            self.take(size)?;
            self.anchors.insert(anchor, (value.clone(), size));
        }
        if self.wants_key() {
            return self.set_key(Key::Name(name(value).map_err(|why| invalid_at(&why, mark))?), mark);
        }
        match self.open.last_mut().map(|open| &mut open.inside) {
            None => self.whole = Some(value),
            Some(Inside::List(items)) => items.push(value),
            Some(Inside::Map { map, key, merged }) => match key.take() {
                Some(Key::Name(name)) => drop(map.insert(name, value)),
                Some(Key::Merge) => merged.push(value),
                None => {}
            },
        }
        Ok(())
    }

    fn set_key(&mut self, new: Key, mark: Marker) -> Result<()> {
        let Some(Open { inside: Inside::Map { map, key, .. }, .. }) = self.open.last_mut() else { return Ok(()) };
        if let Key::Name(name) = &new
            && map.contains_key(name)
        {
            return Err(invalid_at(&format!("the key {:?} occurs twice", short(name)), mark));
        }
        *key = Some(new);
        Ok(())
    }

    /// The place of the innermost list or map.
    fn at(&self) -> String {
        let mut at = "document".to_owned();
        for open in &self.open {
            match &open.inside {
                Inside::Map { key: Some(Key::Name(name)), .. } => at.extend(["/", &short(name)]),
                Inside::Map { .. } => {}
                Inside::List(items) => at.push_str(&format!("/{}", items.len())),
            }
        }
        at
    }
}

/// Adds what merge keys name: an object, or a list of objects. What is there already stays.
fn merge(mut map: Map<String, Value>, merged: Vec<Value>, mark: Marker) -> Result<Map<String, Value>> {
    let lists = merged.into_iter().map(|value| if let Value::Array(items) = value { items } else { vec![value] });
    for value in lists.flatten() {
        let Value::Object(more) = value else {
            return Err(invalid_at(&format!("a merge key holds {}, not an object", kind_of(&value)), mark));
        };
        for (key, value) in more {
            map.entry(key).or_insert(value);
        }
    }
    Ok(map)
}

/// The text of a key. Status codes are written bare: `200:`.
fn name(value: Value) -> std::result::Result<String, String> {
    match value {
        Value::String(text) => Ok(text),
        Value::Number(number) if number.is_i64() || number.is_u64() => Ok(number.to_string()),
        Value::Bool(value) => Ok(value.to_string()),
        other => Err(format!("a key is {}, not a text", kind_of(&other))),
    }
}

fn scalar(text: String, style: TScalarStyle, tag: Option<&Tag>) -> std::result::Result<Value, String> {
    let core = tag.map(|tag| if tag.handle == "tag:yaml.org,2002:" { tag.suffix.as_str() } else { "" });
    let wanted = match core {
        None if style == TScalarStyle::Plain => None,
        Some(kind @ ("bool" | "int" | "float" | "null")) if style == TScalarStyle::Plain => Some(kind),
        _ => return Ok(Value::String(text)),
    };
    let value = match Yaml::from_str(&text) {
        Yaml::Null => Value::Null,
        Yaml::Boolean(value) => Value::Bool(value),
        Yaml::Integer(number) => Value::from(number),
        // JSON has no infinity, and no number that is not one.
        Yaml::Real(number) => number
            .parse::<f64>()
            .ok()
            .and_then(serde_json::Number::from_f64)
            .map_or(Value::String(number), Value::Number),
        _ => Value::String(text),
    };
    let fits = match wanted {
        Some("bool") => value.is_boolean(),
        Some("int") => value.is_i64(),
        Some("float") => value.is_number(),
        Some(_) => value.is_null(),
        None => true,
    };
    if fits { Ok(value) } else { Err(format!("{} is tagged as {}", kind_of(&value), wanted.unwrap_or_default())) }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn fault(text: &str) -> String {
        parse(text).unwrap_err().to_string()
    }

    #[test]
    fn scalars() {
        let value = parse(
            "[no, y, 1.0, '1', 0x1F, +7, 0o10, ~, null, '', True, .inf, 1e400, -.5, !!str 7, !!int 7, !!float 7, !!x 7]",
        );
        let expected =
            json!(["no", "y", 1.0, "1", 31, 7, 8, null, null, "", true, ".inf", "1e400", -0.5, "7", 7, 7, "7"]);
        assert_eq!(value.unwrap(), expected);
        assert_eq!(fault("!!int x"), "document: not valid YAML: a text is tagged as int at line 1 column 7");
    }

    #[test]
    fn keys() {
        assert_eq!(parse("200: a\ntrue: b\n'x': c\n").unwrap(), json!({"200": "a", "true": "b", "x": "c"}));
        let twice = |text: &str| assert!(fault(text).contains("occurs twice at line 2 column"), "{}", fault(text));
        twice("a: 1\na: 2\n");
        twice("200: 1\n'200': 2\n");
        for text in ["[a]: 1", "{a: 1}: 1", "~: 1", "1.5: 1", "? [a]\n: 1"] {
            assert!(fault(text).contains("a key is "), "{}", fault(text));
        }
    }

    #[test]
    fn aliases_and_merge_keys_are_copies() {
        let value = parse("a: &x {k: 1}\nb: *x\nc: [*x, *x]\nd: &y 7\n*y : e\n").unwrap();
        assert_eq!(value, json!({"a": {"k": 1}, "b": {"k": 1}, "c": [{"k": 1}, {"k": 1}], "d": 7, "7": "e"}));
        let value = parse("a: &x {k: 1, l: 2}\nb: &y {l: 3}\nc: {k: 0, <<: *x}\nd: {<<: [*y, *x]}\ne: {'<<': 1}\n");
        let value = value.unwrap();
        assert_eq!((&value["c"], &value["d"]), (&json!({"k": 0, "l": 2}), &json!({"k": 1, "l": 3})));
        assert_eq!(value["e"], json!({"<<": 1}));
        assert!(fault("{<<: 7}").contains("a merge key holds a number, not an object"));
        assert!(fault("a: &x [*x]").contains("an alias stands inside what it names"));
        assert!(fault("a: *x").starts_with("document: not valid YAML: "));
    }

    /// Each document is a few hundred bytes, and would be gigabytes.
    #[test]
    fn what_aliases_unfold_is_bounded() {
        let doubled = |start: &str, line: &dyn Fn(usize) -> String| {
            (1..60).fold(format!("a0: &a0 {start}\n"), |text, step| text + &line(step))
        };
        let too_large = |text: &str| {
            let fault = fault(text);
            assert!(text.len() < 5_000 && fault.contains(": the contract takes more than 32 MiB"), "{fault}");
        };
        // Each level names the one before it several times, and stays flat by a merge, or nests.
        too_large(&doubled("[x, x]", &|step| format!("a{step}: &a{step} [*a{0}, *a{0}, *a{0}]\n", step - 1)));
        too_large(&doubled("{k: x}", &|step| format!("a{step}: &a{step} {{a: *a{0}, b: *a{0}}}\n", step - 1)));
        let long = "x".repeat(3_000);
        too_large(&(format!("a: &a {long}\nb: &b [{}]\nc: [{}]\n", "*a,".repeat(200), "*b,".repeat(200))));
        let merged = (0..100).map(|index| format!("k{index}: {long:.9}")).collect::<Vec<_>>().join(", ");
        let list = format!("a: &a {{{merged}}}\nb: &b [{}]\n", "*a,".repeat(200));
        too_large(&format!("{list}c: [{}]\n", "{<<: *b},".repeat(100)));
        // Anchors on nested values are copies too.
        let anchored = (0..60).map(|index| format!("&n{index} [")).collect::<String>();
        let fault = fault(&format!("{anchored}{:?}{}", "x".repeat(1 << 20), "]".repeat(60)));
        assert!(fault.contains("takes more than 32 MiB"), "{fault}");
    }

    #[test]
    fn what_would_outgrow_the_stack_is_refused() {
        let deep = "is nested deeper than 64 levels";
        assert!(parse(&format!("{}1{}", "[".repeat(64), "]".repeat(64))).is_ok());
        for text in [
            format!("{}1{}", "[".repeat(65), "]".repeat(65)),
            "- ".repeat(100_000) + "1",
            "? ".repeat(100_000) + "1",
            "[".repeat(100_000),
            "{a: ".repeat(200),
            (0..2_000).map(|level| format!("{}a:\n", " ".repeat(level))).collect(),
            (1..70)
                .fold("a0: &a0 [x]\n".to_owned(), |text, step| text + &format!("a{step}: &a{step} [*a{}]\n", step - 1)),
        ] {
            let fault = fault(&text);
            let refused = fault.contains(deep) || fault.contains("not valid YAML");
            assert!(refused && fault.len() < 800, "{} of {:.40}", fault, text);
        }
        let at = fault(&format!("paths:\n  /x: {}\n", "[".repeat(64)));
        assert!(at.starts_with("document/paths//x/0/0/0") && at.ends_with(deep), "{at}");
    }

    #[test]
    fn counts_documents() {
        for (text, count) in [("", 0), ("a: 1\n---\nb: 2\n---\nc: 3\n", 3)] {
            assert_eq!(fault(text), format!("document: expected one YAML document, found {count}"));
        }
    }
}

//! Forms and queries (`application/x-www-form-urlencoded`).

use serde_json::{Map, Value};

/// Appends `key=value` to a query or form.
pub(crate) fn append_pair(text: &mut String, key: &str, value: &str) {
    if !text.is_empty() {
        text.push('&');
    }
    text.extend(url::form_urlencoded::byte_serialize(key.as_bytes()));
    text.push('=');
    text.extend(url::form_urlencoded::byte_serialize(value.as_bytes()));
}

pub(crate) fn write_form(form: &mut String, key: &str, value: &Value) {
    match value {
        Value::Null => {}
        Value::Bool(flag) => append_pair(form, key, if *flag { "true" } else { "false" }),
        Value::Number(number) => append_pair(form, key, &number.to_string()),
        Value::String(text) => append_pair(form, key, text),
        Value::Array(items) => items.iter().for_each(|item| write_form(form, key, item)),
        Value::Object(map) => {
            for (name, value) in map {
                let key = if key.is_empty() { name.clone() } else { format!("{key}.{name}") };
                write_form(form, &key, value);
            }
        }
    }
}

/// Reads a form as an object of texts. The error is a key that comes twice: which of its values counts, readers disagree on.
#[cfg_attr(not(feature = "actions"), allow(dead_code))]
pub(crate) fn read_form(body: &[u8]) -> Result<Map<String, Value>, String> {
    let mut found = Map::new();
    for (key, value) in url::form_urlencoded::parse(body) {
        let key = key.into_owned();
        if found.contains_key(&key) {
            return Err(key);
        }
        found.insert(key, value.into_owned().into());
    }
    Ok(found)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_form_is_an_object_of_texts() {
        let read = |form: &str| read_form(form.as_bytes()).map(Value::Object);
        let form = "email=a%40b&empty=&name=Zo%C3%AB+%26+Co&n=1";
        assert_eq!(read(form), Ok(serde_json::json!({"email": "a@b", "empty": "", "name": "Zoë & Co", "n": "1"})));
        assert_eq!(read(""), Ok(serde_json::json!({})));
        assert_eq!(read("a=1&b=2&%61=3"), Err("a".to_owned()));
    }

    #[test]
    fn forms() {
        let mut form = String::new();
        write_form(
            &mut form,
            "",
            &serde_json::json!({"a": "b c&d", "l": ["1", "2"], "n": null, "t": {"x": {"y": true}}}),
        );
        assert_eq!(form, "a=b+c%26d&l=1&l=2&t.x.y=true");
    }
}

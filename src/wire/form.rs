//! Forms and queries (`application/x-www-form-urlencoded`).

use serde_json::Value;

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

#[cfg(test)]
mod tests {
    use super::*;

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

//! JSON Patch (RFC 6902), as Ory's servers apply it: they create a missing parent and refuse `test`.

use serde_json::{Value, json};

/// A patch that cannot be applied, in the words of the servers.
#[derive(Debug, PartialEq)]
pub(crate) struct InvalidPatch(pub String);

impl InvalidPatch {
    fn missing(path: &str) -> Self {
        Self(format!("operation does not apply: doc is missing path: \"{path}\": missing value"))
    }
}

/// Applies `steps`, which may not touch the paths that `denied` lists. An error leaves the earlier steps applied.
pub(crate) fn apply(document: &mut Value, steps: &Value, denied: &[&str]) -> Result<(), InvalidPatch> {
    let Some(steps) = steps.as_array() else {
        let why = "json: cannot unmarshal object into Go value of type jsonpatch.Patch";
        return Err(InvalidPatch(why.to_owned()));
    };
    for step in steps {
        let path = step["path"].as_str().unwrap_or_default();
        if denied.iter().any(|prefix| path == *prefix || path.starts_with(&format!("{prefix}/"))) {
            return Err(InvalidPatch(format!("patch includes denied path: {path}")));
        }
        let from = step["from"].as_str().unwrap_or_default();
        match step["op"].as_str().unwrap_or_default() {
            "add" => put(document, path, step["value"].clone(), true)?,
            "replace" => put(document, path, step["value"].clone(), false)?,
            "remove" => drop(take(document, path)?),
            "copy" => {
                let value = document.pointer(from).cloned().ok_or_else(|| InvalidPatch::missing(from))?;
                put(document, path, value, true)?;
            }
            "move" => {
                let value = take(document, from)?;
                put(document, path, value, true)?;
            }
            "test" => return Err(InvalidPatch("unsupported operation: test".to_owned())),
            _ => return Err(InvalidPatch(format!("invalid operation {step}: unsupported operation"))),
        }
    }
    Ok(())
}

fn put(document: &mut Value, path: &str, value: Value, insert: bool) -> Result<(), InvalidPatch> {
    let (parent, name) = split(path)?;
    if document.pointer(parent).is_none_or(Value::is_null) {
        put(document, parent, json!({}), insert)?;
    }
    match document.pointer_mut(parent) {
        Some(Value::Object(object)) => {
            object.insert(name, value);
            Ok(())
        }
        Some(Value::Array(list)) if name == "-" => {
            list.push(value);
            Ok(())
        }
        Some(Value::Array(list)) => match name.parse::<usize>() {
            Ok(at) if insert && at <= list.len() => {
                list.insert(at, value);
                Ok(())
            }
            Ok(at) if at < list.len() => {
                list[at] = value;
                Ok(())
            }
            _ => Err(InvalidPatch::missing(path)),
        },
        _ => Err(InvalidPatch::missing(path)),
    }
}

fn take(document: &mut Value, path: &str) -> Result<Value, InvalidPatch> {
    let (parent, name) = split(path)?;
    let taken = match document.pointer_mut(parent) {
        Some(Value::Object(object)) => object.remove(&name),
        Some(Value::Array(list)) => name.parse().ok().filter(|at: &usize| *at < list.len()).map(|at| list.remove(at)),
        _ => None,
    };
    taken.ok_or_else(|| InvalidPatch::missing(path))
}

/// The pointer of the parent, and the last name without its escapes.
fn split(path: &str) -> Result<(&str, String), InvalidPatch> {
    let (parent, name) = path.rsplit_once('/').ok_or_else(|| InvalidPatch::missing(path))?;
    Ok((parent, name.replace("~1", "/").replace("~0", "~")))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn patched(steps: Value) -> Result<Value, InvalidPatch> {
        let mut document = json!({"a": {"b": 1}, "list": [1, 2], "none": null, "x/y": 0});
        apply(&mut document, &steps, &["/id"]).map(|()| document)
    }

    #[test]
    fn applies_steps() {
        let document = patched(json!([
            {"op": "replace", "path": "/a/b", "value": 2},
            {"op": "add", "path": "/list/0", "value": 0},
            {"op": "add", "path": "/list/-", "value": 3},
            {"op": "replace", "path": "/list/1", "value": 9},
            {"op": "add", "path": "/none/deep/er", "value": true},
            {"op": "remove", "path": "/x~1y"},
            {"op": "copy", "from": "/a/b", "path": "/c"},
            {"op": "move", "from": "/a", "path": "/d"},
        ]));
        let expected = json!({"list": [0, 9, 2, 3], "none": {"deep": {"er": true}}, "c": 2, "d": {"b": 2}});
        assert_eq!(document, Ok(expected));
    }

    #[test]
    fn refuses_steps() {
        for (step, why) in [
            (json!({"op": "test", "path": "/a", "value": 1}), "unsupported operation: test"),
            (json!({"op": "swap", "path": "/a"}), "unsupported operation"),
            (json!({"op": "replace", "path": "/id", "value": 1}), "denied path: /id"),
            (json!({"op": "remove", "path": "/nothing"}), "missing path"),
            (json!({"op": "add", "path": "/list/7", "value": 1}), "missing path"),
            (json!({"op": "add", "path": "/a/b/c", "value": 1}), "missing path"),
        ] {
            assert!(patched(json!([step])).unwrap_err().0.contains(why), "{step}");
        }
        assert!(patched(json!({})).unwrap_err().0.contains("cannot unmarshal"));
    }
}

//! JSON Patch (RFC 6902), as Ory's servers apply it: they create a missing parent and refuse `test`.

use serde_json::{Value, json};

use super::nesting::{DEEPEST, measure};

/// The most that the `copy` steps of a patch may copy together, in bytes. Each can double the document.
const MOST_COPIED: usize = 8 << 20;

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
    let mut copied = 0;
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
                let value = document.pointer(from).ok_or_else(|| InvalidPatch::missing(from))?;
                copied += measure(value).1;
                if copied > MOST_COPIED {
                    return Err(InvalidPatch(format!("the patch copies more than {MOST_COPIED} bytes")));
                }
                put(document, path, value.clone(), true)?;
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

/// Puts a value at a path, and an empty object at each parent that is missing or null.
fn put(document: &mut Value, path: &str, value: Value, insert: bool) -> Result<(), InvalidPatch> {
    if path.matches('/').count() + measure(&value).0 > DEEPEST {
        return Err(InvalidPatch(format!("the document would be nested deeper than {DEEPEST} levels")));
    }
    let mut parent = split(path)?.0;
    // The innermost comes first.
    let mut missing = Vec::new();
    while document.pointer(parent).is_none_or(Value::is_null) {
        missing.push(parent);
        parent = split(parent)?.0;
    }
    for parent in missing.into_iter().rev() {
        set(document, parent, json!({}), insert)?;
    }
    set(document, path, value, insert)
}

/// Puts a value into a parent that is there.
fn set(document: &mut Value, path: &str, value: Value, insert: bool) -> Result<(), InvalidPatch> {
    let (parent, name) = split(path)?;
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

    #[test]
    fn what_would_outgrow_the_stack_or_memory_is_refused() {
        let nested = |levels: usize| (0..levels).fold(json!(1), |inner, _| json!([inner]));
        let refusal = |steps: Value| patched(steps).unwrap_err().0;
        let deep = "nested deeper than 100 levels";
        assert!(patched(json!([{"op": "add", "path": "/a/x".repeat(50), "value": 1}])).is_ok());
        for (path, value) in
            [("/a".repeat(101), json!(1)), ("/a".repeat(100_000), json!(1)), ("/a/x".into(), nested(99))]
        {
            for op in ["add", "replace"] {
                assert!(refusal(json!([{"op": op, "path": path, "value": value}])).contains(deep), "{op}");
            }
        }
        // Each step nests a part of the document in itself, or copies all of it.
        let step = |op: &str, from: &str, path: &str| json!({"op": op, "from": from, "path": path});
        let into_itself = vec![step("copy", "/a", "/a/b"); 101];
        assert!(refusal(json!(into_itself)).contains(deep));
        let outwards = (0..120).flat_map(|_| [step("move", "/list", "/b/list"), step("move", "/b", "/list")]);
        assert!(refusal(Value::Array(outwards.collect())).contains(deep));
        let doubled = (0..64).flat_map(|index| [step("copy", "", &format!("/copy{index}"))]);
        assert!(refusal(Value::Array(doubled.collect())).contains("copies more than 8388608 bytes"));
        let long = "x".repeat(100_000);
        let mut steps = vec![json!({"op": "add", "path": "/long", "value": long})];
        steps.extend((0..100).map(|index| step("copy", "/long", &format!("/long{index}"))));
        assert!(refusal(Value::Array(steps)).contains("copies more than 8388608 bytes"));
    }
}

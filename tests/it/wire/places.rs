//! The places in a response that the contract knows, and how to mutate them.

use serde_json::{Map, Value, json};

use crate::support::spec::{Shape, Spec};

/// A place in one JSON document.
#[derive(Debug, Clone)]
pub struct Place {
    /// A JSON pointer to the place (RFC 6901).
    pub pointer: String,
    /// The same location as differences name it (`$.ui.nodes[3].type`).
    pub path: String,
    /// The path without indices and with the tags of unions. The same code decodes all places of one shape.
    pub shape: String,
    /// Whether the contract makes an absent value empty instead of `None`.
    pub empty_when_absent: bool,
    /// The changes that apply there.
    pub changes: Vec<Change>,
}

/// A change to a place.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Change {
    Null,
    Removed,
    EmptyText,
    EmptyList,
    EmptyObject,
    UnknownValue,
    UnknownKeys,
    UnknownTag,
    MissingTag,
    NullTag,
    NumberAsTag,
}

/// What every field except an identifier may become.
const NOTHING: [Change; 5] = [Change::Null, Change::Removed, Change::EmptyText, Change::EmptyList, Change::EmptyObject];

const OF_TAG: [Change; 4] = [Change::UnknownTag, Change::MissingTag, Change::NullTag, Change::NumberAsTag];

impl Change {
    /// Whether the place already has this value.
    pub fn is_idle(self, document: &Value, place: &Place) -> bool {
        let value = document.pointer(&place.pointer).expect("a place exists");
        match self {
            Self::Null => value.is_null(),
            Self::EmptyText => *value == json!(""),
            Self::EmptyList => *value == json!([]),
            Self::EmptyObject => *value == json!({}),
            _ => false,
        }
    }

    /// Applies the change to the document. `tag` is the name of the union's tag, if the place is a union.
    pub fn apply(self, document: &mut Value, place: &Place, tag: Option<&str>) {
        let (parent, key) = place.pointer.rsplit_once('/').unwrap_or(("", ""));
        if self == Self::Removed {
            let parent = document.pointer_mut(parent).unwrap().as_object_mut().unwrap();
            parent.remove(&key.replace("~1", "/").replace("~0", "~")).expect("a place exists");
            return;
        }
        let target = document.pointer_mut(&place.pointer).expect("a place exists");
        let mut set = |value: Value| {
            let tag = tag.expect("the place is a union");
            target.as_object_mut().unwrap().insert(tag.to_owned(), value);
        };
        match self {
            Self::Null => *target = Value::Null,
            Self::EmptyText => *target = json!(""),
            Self::EmptyList => *target = json!([]),
            Self::EmptyObject => *target = json!({}),
            Self::UnknownValue => *target = json!("a value of Tomorrow"),
            Self::UnknownKeys => {
                let map = target.as_object_mut().unwrap();
                for (index, value) in
                    [json!(null), json!("text"), json!([1, {}]), json!({"deep": [null]})].iter().enumerate()
                {
                    map.insert(format!("a key of tomorrow {index}"), value.clone());
                }
            }
            Self::UnknownTag => set(json!("a variant of Tomorrow")),
            Self::NullTag => set(Value::Null),
            Self::NumberAsTag => set(json!(7)),
            Self::MissingTag => {
                target.as_object_mut().unwrap().remove(tag.expect("the place is a union"));
            }
            Self::Removed => unreachable!("is done above"),
        }
    }
}

/// Every place in a document, with the name of its tag if it is a union.
pub fn places(spec: &Spec, schema: &Value, document: &Value) -> Vec<(Place, Option<String>)> {
    let mut walk = Walk { spec, found: Vec::new() };
    walk.value(&Here { pointer: String::new(), path: "$".to_owned(), shape: "$".to_owned() }, schema, document, None);
    walk.found
}

/// The properties that the contract requires in a response of this schema.
pub fn required<'a>(spec: &'a Spec, schema: &'a Value) -> Vec<&'a str> {
    let schema = spec.resolve(schema);
    let own = schema.get("required").and_then(Value::as_array).into_iter().flatten().filter_map(Value::as_str);
    let parts = schema.get("allOf").and_then(Value::as_array).into_iter().flatten();
    own.chain(parts.flat_map(|part| required(spec, part))).collect()
}

struct Here {
    pointer: String,
    path: String,
    shape: String,
}

impl Here {
    fn key(&self, key: &str) -> Self {
        Self {
            pointer: format!("{}/{}", self.pointer, key.replace('~', "~0").replace('/', "~1")),
            path: format!("{}.{key}", self.path),
            shape: format!("{}.{key}", self.shape),
        }
    }

    fn item(&self, index: usize) -> Self {
        Self {
            pointer: format!("{}/{index}", self.pointer),
            path: format!("{}[{index}]", self.path),
            shape: format!("{}[]", self.shape),
        }
    }
}

struct Walk<'a> {
    spec: &'a Spec,
    found: Vec<(Place, Option<String>)>,
}

impl Walk<'_> {
    fn value(&mut self, here: &Here, schema: &Value, value: &Value, tag: Option<&str>) {
        match (self.spec.shape(schema), value) {
            (Shape::Object { properties, rest }, Value::Object(map)) => {
                // An object without properties is a map, which has no unknown keys.
                if !properties.is_empty() {
                    self.note(here, false, vec![Change::UnknownKeys], None);
                }
                let required = required(self.spec, schema);
                for (key, value) in map {
                    let there = here.key(key);
                    match (properties.get(key.as_str()), rest) {
                        // The tag belongs to the union, which changes it.
                        _ if tag == Some(key) => {}
                        (Some(property), _) => {
                            if !required.contains(&key.as_str()) {
                                let empty = property.get("x-absent").is_some_and(|mark| mark == "empty");
                                self.note(&there, empty, NOTHING.to_vec(), None);
                            }
                            self.value(&there, property, value, None);
                        }
                        (None, Some(rest)) => {
                            let there = Here { shape: format!("{}.*", here.shape), ..there };
                            // The values of a map are fields too, only without fixed names.
                            if properties.is_empty() {
                                self.note(&there, false, NOTHING.to_vec(), None);
                            }
                            self.value(&there, rest, value, None);
                        }
                        (None, None) => {}
                    }
                }
            }
            (Shape::List(item), Value::Array(items)) => {
                for (index, value) in items.iter().enumerate() {
                    self.value(&here.item(index), item, value, None);
                }
            }
            (Shape::Union { tag, mapping }, Value::Object(map)) => {
                self.note(here, false, OF_TAG.to_vec(), Some(tag));
                if let Some(variant) = self.spec.variant(mapping, map.get(tag)) {
                    let shape = format!("{}<{}>", here.shape, map[tag].as_str().unwrap_or_default());
                    let here = Here { shape, pointer: here.pointer.clone(), path: here.path.clone() };
                    self.value(&here, variant, value, Some(tag));
                }
            }
            (Shape::Plain { .. }, Value::String(_)) if self.is_enum(schema) => {
                self.note(here, false, vec![Change::UnknownValue], None);
            }
            _ => {}
        }
    }

    fn is_enum(&self, schema: &Value) -> bool {
        let schema = self.spec.resolve(schema);
        match schema.get("allOf").and_then(Value::as_array).map(Vec::as_slice) {
            Some([one]) => self.is_enum(one),
            _ => schema.get("enum").is_some(),
        }
    }

    fn note(&mut self, here: &Here, empty_when_absent: bool, changes: Vec<Change>, tag: Option<&str>) {
        let Here { pointer, path, shape } = here;
        let (pointer, path, shape) = (pointer.clone(), path.clone(), shape.clone());
        let place = Place { pointer, path, shape, empty_when_absent, changes };
        self.found.push((place, tag.map(str::to_owned)));
    }
}

/// Every place in JSON that no contract describes, such as an error body.
pub fn places_of_any(document: &Value) -> Vec<Place> {
    let mut found = Vec::new();
    any(&Here { pointer: String::new(), path: "$".to_owned(), shape: "$".to_owned() }, document, &mut found);
    found
}

fn any(here: &Here, value: &Value, found: &mut Vec<Place>) {
    let mut note = |here: &Here, changes: Vec<Change>| {
        let Here { pointer, path, shape } = here;
        let (pointer, path, shape) = (pointer.clone(), path.clone(), shape.clone());
        found.push(Place { pointer, path, shape, empty_when_absent: false, changes });
    };
    match value {
        Value::Object(map) => {
            note(here, vec![Change::UnknownKeys]);
            map.keys().for_each(|key| note(&here.key(key), [&NOTHING[..], &[Change::UnknownValue]].concat()));
            map.iter().for_each(|(key, value)| any(&here.key(key), value, found));
        }
        Value::Array(items) => items.iter().enumerate().for_each(|(index, value)| any(&here.item(index), value, found)),
        _ => {}
    }
}

/// Whether a value is the empty one that `x-absent: empty` in the contract gives an absent field.
pub fn is_empty_default(value: Option<&Value>) -> bool {
    let of_map = |map: &Map<String, Value>| map.values().all(|value| is_empty_default(Some(value)));
    match value {
        None | Some(Value::Null) => true,
        Some(Value::Bool(flag)) => !flag,
        Some(Value::Number(number)) => number.as_f64() == Some(0.0),
        Some(Value::String(text)) => text.is_empty(),
        Some(Value::Array(items)) => items.is_empty(),
        Some(Value::Object(map)) => of_map(map),
    }
}

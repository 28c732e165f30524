//! Reads the body of a request, and chooses one of its media types.

use serde_json::{Map, Value, json};

use super::media::{essence, is_json};
use super::parameters::{self, schema_of};
use crate::build::document::{References, flag, text};
use crate::build::fault::Result;
use crate::build::operation::{Body, Media};
use crate::build::report::Report;

/// Reads a `requestBody`. JSON goes before a form, a form before text, text before bytes.
pub fn read(references: &mut References<'_>, at: &str, raw: &Value, report: &mut Report) -> Result<Option<Body>> {
    let raw = references.follow(raw, at)?;
    let Some(content) = raw.get("content").and_then(Value::as_object).filter(|content| !content.is_empty()) else {
        report.note(at, "its body has no content: dropped");
        return Ok(None);
    };
    let rank = |media_type: &str| match essence(media_type).as_str() {
        "application/json" => 0,
        _ if is_json(media_type, &content[media_type]) => 1,
        "application/x-www-form-urlencoded" => 2,
        other if other.starts_with("text/") => 3,
        _ => 4,
    };
    let mut types: Vec<&String> = content.keys().collect();
    types.sort_by_key(|name| rank(name));
    let chosen = types[0];
    for other in &types[1..] {
        report.note(at, format!("body may also be {other}: {chosen} is sent"));
    }
    let media = match rank(chosen) {
        0 | 1 => Media::Json,
        2 => Media::Form,
        3 => Media::Text,
        _ => Media::Bytes,
    };
    Ok(Some(Body {
        media,
        content_type: specific(chosen, media, at, report),
        required: flag(raw, "required"),
        description: text(raw.get("description")),
        example: content[chosen].get("example").cloned(),
        schema: content[chosen].get("schema").cloned().unwrap_or_else(|| json!({})),
    }))
}

/// A range such as `*/*` cannot be sent, so this is a media type within it.
fn specific(media_type: &str, media: Media, at: &str, report: &mut Report) -> String {
    if !media_type.contains('*') {
        return media_type.to_owned();
    }
    let sent = match media {
        Media::Json => "application/json",
        Media::Text => "text/plain",
        _ => "application/octet-stream",
    };
    report.note(at, format!("body is {media_type}: {sent} is sent"));
    sent.to_owned()
}

/// Reads the body that Swagger 2 declares among the parameters: one `in: body`, or fields of a form.
pub fn of_swagger(
    references: &mut References<'_>,
    at: &str,
    lists: [Option<&Value>; 2],
    report: &mut Report,
) -> Result<Option<Body>> {
    let (mut body, mut fields, mut required, mut file) = (None, Map::new(), Vec::new(), false);
    for raw in parameters::each(references, at, lists)? {
        let name = text(raw.get("name"));
        match text(raw.get("in")).as_str() {
            "body" => {
                report.note(at, format!("parameter {name} in body: taken as the JSON body"));
                body = Some(Body {
                    media: Media::Json,
                    content_type: "application/json".to_owned(),
                    required: flag(raw, "required"),
                    description: text(raw.get("description")),
                    example: None,
                    schema: raw.get("schema").cloned().unwrap_or_else(|| json!({})),
                });
            }
            "formData" => {
                report.note(at, format!("parameter {name} in formData: taken as a field of the form"));
                file |= raw.get("type").is_some_and(|kind| kind == "file");
                if flag(raw, "required") {
                    required.push(Value::from(name.as_str()));
                }
                fields.insert(name, schema_of(raw));
            }
            _ => {}
        }
    }
    if body.is_some() || fields.is_empty() {
        return Ok(body);
    }
    let (media, content_type) =
        if file { (Media::Bytes, "multipart/form-data") } else { (Media::Form, "application/x-www-form-urlencoded") };
    let schema = json!({"type": "object", "required": required, "properties": fields});
    let required = !required.is_empty();
    Ok(Some(Body {
        media,
        content_type: content_type.to_owned(),
        required,
        description: String::new(),
        example: None,
        schema,
    }))
}

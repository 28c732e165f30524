//! Media types.

use serde_json::Value;

/// A media type without its parameters, in lower case.
pub fn essence(media_type: &str) -> String {
    media_type.split(';').next().unwrap_or_default().trim().to_ascii_lowercase()
}

/// Whether a body of this media type is JSON. For `*/*` the schema decides: it is JSON unless it is a text.
pub fn is_json(media_type: &str, media: &Value) -> bool {
    let essence = essence(media_type);
    let structured = || {
        let schema = media.get("schema");
        let kind = schema.and_then(|schema| schema.get("type")).and_then(Value::as_str);
        schema.is_some_and(Value::is_object) && !matches!(kind, Some("string" | "file"))
    };
    essence == "application/json" || essence.ends_with("+json") || (essence == "*/*" && structured())
}

pub fn is_text(media_type: &str) -> bool {
    media_type.starts_with("text/") || media_type == "application/jwt" || media_type.contains("javascript")
}

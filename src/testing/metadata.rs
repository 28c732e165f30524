//! Health and version, which every server has.

use http::{Method, StatusCode};
use serde_json::json;

use super::http::{Reply, Request};

/// The response, if the request asks for one of them. Kratos has them below `/admin` too.
pub(crate) fn respond(request: &Request) -> Option<Reply> {
    let path = request.path();
    let path = path.strip_prefix(&["admin"]).unwrap_or(&path);
    let body = match path {
        ["health", "alive" | "ready"] => json!({"status": "ok"}),
        ["version"] => json!({"version": "stand-in"}),
        _ => return None,
    };
    if !matches!(request.method, Method::GET | Method::HEAD) {
        return Some(Reply::no_method("GET, HEAD"));
    }
    Some(Reply::json(StatusCode::OK, &body))
}

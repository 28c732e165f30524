//! Lists of relationships, trees and namespaces.

use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use base64::{DecodeError, Engine};
use http::StatusCode;
use serde_json::{Value, json};

use super::refusals::{bad_request, malformed};
use super::tuple;
use crate::input::Subject;
use crate::testing::http::{HandlerResult, Reply, Request};
use crate::testing::keto::check::depth;
use crate::testing::model::{Filter, Relationships, SubjectSet, Tree};
use crate::testing::page;

const DEFAULT_PAGE: usize = 100;
const LARGEST_PAGE: usize = 500;

/// A page of relationships, with the token of the next one in the body.
pub(super) fn list(relationships: &Relationships, request: &Request) -> HandlerResult {
    let filter = tuple::filter(relationships, request)?;
    let size = page::size(request, "page_size", DEFAULT_PAGE, LARGEST_PAGE).map_err(|why| bad_request(why.0))?;
    let start = match request.parameter("page_token").filter(|token| !token.is_empty()) {
        None => 0,
        Some(token) => offset(token, &filter)?,
    };
    let found: Vec<Value> = relationships.find(&filter).skip(start).take(size + 1).map(tuple::write).collect();
    let next = if found.len() > size { token(start + size, &filter) } else { String::new() };
    let rows = &found[..found.len().min(size)];
    Ok(Reply::json(StatusCode::OK, &json!({"relation_tuples": rows, "next_page_token": next})))
}

/// Which filters are set. A token is for these only.
fn shape(filter: &Filter) -> String {
    let parts = [filter.namespace.is_some(), filter.object.is_some(), filter.relation.is_some()];
    let subject = match &filter.subject {
        None => 'n',
        Some(Subject::Id(_)) => 'i',
        Some(Subject::Set { .. }) => 's',
    };
    parts.iter().map(|is_set| if *is_set { '1' } else { '0' }).chain([subject]).collect()
}

fn token(offset: usize, filter: &Filter) -> String {
    URL_SAFE_NO_PAD.encode(format!("{offset}:{}", shape(filter)))
}

fn offset(token: &str, filter: &Filter) -> HandlerResult<usize> {
    let bytes = URL_SAFE_NO_PAD.decode(token).map_err(|why| {
        let at = match why {
            DecodeError::InvalidByte(at, _) => at,
            _ => token.len(),
        };
        bad_request(format!("decode token: illegal base64 data at input byte {at}"))
    })?;
    let text = String::from_utf8_lossy(&bytes);
    let (offset, of) = text.split_once(':').unwrap_or_default();
    let offset = offset.parse().map_err(|_| bad_request("decrypt token: %!w(<nil>)"))?;
    if of == shape(filter) { Ok(offset) } else { Err(malformed(Some("invalid pagination token"))) }
}

/// The tree of a set. Keto answers "not found" with the status 200.
pub(super) fn expand(relationships: &Relationships, request: &Request) -> HandlerResult {
    let depth = depth(request)?;
    let part = |name: &str| request.parameter(name).unwrap_or_default().to_owned();
    let set = SubjectSet { namespace: part("namespace"), object: part("object"), relation: part("relation") };
    tuple::know(relationships, &set.namespace)?;
    let body = match relationships.tree(&set, depth) {
        Some(tree) => write(&tree),
        None => json!({"code": 404, "status": "Not Found", "message": "no relation tuple found"}),
    };
    Ok(Reply::json(StatusCode::OK, &body))
}

/// A node, whose relationship has only its subject.
fn write(tree: &Tree) -> Value {
    let mut tuple = json!({"namespace": "", "object": "", "relation": ""});
    match tree {
        Tree::Leaf(subject) => {
            tuple::write_subject(&mut tuple, subject);
            json!({"type": "leaf", "tuple": tuple})
        }
        Tree::Union(set, children) => {
            tuple::write_subject(&mut tuple, &set.clone().into());
            let children: Vec<Value> = children.iter().map(write).collect();
            json!({"type": "union", "children": children, "tuple": tuple})
        }
    }
}

/// All namespaces. The key is absent if there are none.
pub(super) fn namespaces(relationships: &Relationships) -> Reply {
    let names: Vec<Value> = relationships.namespaces().into_iter().map(|name| json!({ "name": name })).collect();
    let body = if names.is_empty() { json!({}) } else { json!({ "namespaces": names }) };
    Reply::json(StatusCode::OK, &body)
}

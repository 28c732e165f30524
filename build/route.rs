//! The area of an operation and the endpoint that serves it. Path, method and tag decide.

use std::borrow::Cow;

use super::kinds::{Area, Endpoint};
use super::names;
use super::operation::Operation;

/// Endpoint and area of a product that the crate's own contract does not have.
const OATHKEEPER: &str = "oathkeeper";

/// Administrative paths, which older servers served without the prefix `/admin`.
const ADMINISTRATIVE: [&str; 12] = [
    "/identities",
    "/recovery/link",
    "/recovery/code",
    "/courier",
    "/clients",
    "/keys",
    "/trust",
    "/oauth2/introspect",
    "/oauth2/flush",
    "/oauth2/tokens",
    "/oauth2/auth/requests",
    "/oauth2/auth/sessions",
];

/// The area of this name, if the crate knows it.
pub fn known(area: &str) -> Option<Area> {
    Area::KNOWN.into_iter().find(|known| known.as_str() == area)
}

fn starts(path: &str, prefixes: &[&str]) -> bool {
    prefixes.iter().any(|prefix| path.strip_prefix(prefix).is_some_and(|rest| rest.is_empty() || rest.starts_with('/')))
}

/// The path on today's servers: without the prefixes of gateways, and with `/admin` where it belongs.
pub fn canonical(path: &str) -> String {
    let without = |prefix: &str| path.strip_prefix(prefix).filter(|rest| rest.is_empty() || rest.starts_with('/'));
    if let Some(rest) = without("/api/kratos/admin") {
        return format!("/admin{rest}");
    }
    let path = without("/api/kratos/public").or_else(|| without("/backoffice/public")).unwrap_or(path);
    let extends = starts(path, &["/sessions"]) && path.ends_with("/extend");
    if extends || starts(path, &ADMINISTRATIVE) { format!("/admin{path}") } else { path.to_owned() }
}

/// A path without the names of its parameters. What stands beside one is kept: `/keys/{id}:revoke` is not `/keys/{id}:rotate`.
pub fn unnamed(path: &str) -> String {
    let mut parts = path.split('{');
    let mut shape = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        shape.push_str("{}");
        shape.push_str(part.split_once('}').map_or("", |(_, after)| after));
    }
    shape
}

/// The area of an operation: its tag if the crate knows it, else the area of its path, else the tag in snake case, or
/// `other`.
pub fn area(path: &str, tag: &str) -> String {
    if known(tag).is_some() {
        return tag.to_owned();
    }
    let path = canonical(path);
    let (path, admin) = match path.strip_prefix("/admin") {
        Some(rest) if rest.starts_with('/') => (rest, true),
        _ => (path.as_str(), false),
    };
    let by_path = if starts(path, &["/self-service", "/.well-known/ory"]) {
        Area::Frontend.as_str()
    } else if starts(path, &["/sessions"]) {
        // `/admin/sessions` is for administrators.
        if admin || tag.eq_ignore_ascii_case(Area::Identity.as_str()) {
            Area::Identity.as_str()
        } else {
            Area::Frontend.as_str()
        }
    } else if starts(path, &["/identities", "/schemas", "/recovery"]) {
        Area::Identity.as_str()
    } else if starts(path, &["/courier"]) {
        Area::Courier.as_str()
    } else if starts(path, &["/clients", "/oauth2", "/userinfo", "/trust", "/credentials"])
        || starts(path, &["/.well-known/openid-configuration"])
    {
        Area::OAuth2.as_str()
    } else if starts(path, &["/keys", "/.well-known/jwks.json"]) {
        Area::Jwk.as_str()
    } else if path.starts_with("/projects/") && path.split('/').any(|segment| segment == "eventstreams") {
        Area::Events.as_str()
    } else if starts(path, &["/projects", "/console"]) {
        Area::Project.as_str()
    } else if starts(path, &["/workspaces"]) {
        Area::Workspace.as_str()
    } else if starts(path, &["/relation-tuples", "/namespaces", "/opl", "/check", "/expand"]) {
        Area::Permission.as_str()
    } else if starts(path, &["/rules", "/decisions"]) {
        OATHKEEPER
    } else if starts(path, &["/health", "/version", "/metrics"]) {
        Area::Metadata.as_str()
    } else {
        ""
    };
    match (by_path, tag) {
        ("", "") => "other".to_owned(),
        ("", tag) => names::argument_name(tag),
        (by_path, _) => by_path.to_owned(),
    }
}

/// The endpoint that serves an operation. Administrative operations have other ports. The path decides which operations
/// those are. In old documents, which lack `/admin`, the tag `admin` or a name such as `adminGetX` decides too.
pub fn endpoint(area: &str, method: &str, path: &str, tag: &str, id: &str) -> Endpoint {
    let place = canonical(path);
    let has_prefix = id.strip_prefix("admin").is_some_and(|rest| rest.starts_with(|c: char| c.is_ascii_uppercase()));
    let is_frontend = area == Area::Frontend.as_str();
    let admin = place.starts_with("/admin/") || (!is_frontend && (tag == "admin" || has_prefix));
    match known(area) {
        Some(Area::Frontend | Area::Identity | Area::Courier) if admin => Endpoint::KratosAdmin,
        Some(Area::Frontend | Area::Identity | Area::Courier) => Endpoint::KratosPublic,
        Some(Area::OAuth2 | Area::Jwk) if admin => Endpoint::HydraAdmin,
        Some(Area::OAuth2 | Area::Jwk) => Endpoint::HydraPublic,
        Some(Area::Permission) if starts(&place, &["/opl"]) => Endpoint::KetoOpl,
        Some(Area::Permission) if admin || (method != "GET" && place == "/relation-tuples") => Endpoint::KetoWrite,
        Some(Area::Permission) => Endpoint::KetoRead,
        Some(Area::Project | Area::Workspace | Area::Events) => Endpoint::Console,
        Some(Area::Metadata | Area::ApiKeys | Area::Other(_)) | None => Endpoint::Named(area.to_owned().into()),
    }
}

/// Corrects endpoints that depend on the whole document. If the document describes one server, its health and version
/// belong to that server, and so do the keys of Oathkeeper.
pub fn settle(operations: &mut [Operation]) {
    let has = |areas: &[&str]| operations.iter().any(|operation| areas.contains(&operation.area.as_str()));
    let kratos = [Area::Frontend, Area::Identity, Area::Courier];
    let products = [
        (Endpoint::KratosAdmin, has(&kratos.map(|area| area.as_str()))),
        (Endpoint::HydraAdmin, has(&[Area::OAuth2.as_str()])),
        (Endpoint::Console, has(&[Area::Project, Area::Workspace, Area::Events].map(|area| area.as_str()))),
        (Endpoint::KetoRead, has(&[Area::Permission.as_str()])),
        (named(OATHKEEPER), has(&[OATHKEEPER])),
    ];
    let mut described = products.into_iter().filter(|(_, is_there)| *is_there);
    let (Some((endpoint, _)), None) = (described.next(), described.next()) else { return };
    for operation in operations {
        let keys = endpoint == named(OATHKEEPER) && operation.area == Area::Jwk.as_str();
        if operation.area == Area::Metadata.as_str() || keys {
            operation.endpoint = endpoint.clone();
        }
    }
}

fn named(endpoint: &'static str) -> Endpoint {
    Endpoint::Named(Cow::Borrowed(endpoint))
}

/// Whether an operation is for administrators, so that it needs a token even if the document names none.
pub fn is_administrative(operation: &Operation) -> bool {
    // Nobody but services asks Keto.
    let of_administrators = !operation.endpoint.is_public() && !matches!(operation.endpoint, Endpoint::Named(_));
    operation.area != Area::Metadata.as_str()
        && (of_administrators || operation.path.split('/').any(|segment| segment == "admin"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn areas_by_tag_then_path() {
        assert_eq!(area("/schemas", "identity"), "identity");
        assert_eq!(area("/self-service/login/api", "v0alpha2"), "frontend");
        assert_eq!(area("/api/kratos/public/self-service/login/api", "v0alpha2"), "frontend");
        assert_eq!(area("/admin/identities/{id}", "v0alpha2"), "identity");
        assert_eq!(area("/api/kratos/admin/identities/{id}", "v0alpha2"), "identity");
        assert_eq!(area("/admin/sessions/{id}/extend", ""), "identity");
        assert_eq!(area("/admin/sessions", "v0alpha2"), "identity");
        assert_eq!(area("/sessions/whoami", ""), "frontend");
        assert_eq!(area("/admin/clients", "admin"), "oauth2");
        assert_eq!(area("/clients/{id}", "admin"), "oauth2");
        assert_eq!(area("/.well-known/jwks.json", "wellknown"), "jwk");
        assert_eq!(area("/backoffice/public/projects", "v0alpha0"), "project");
        assert_eq!(area("/relation-tuples", "relationship"), "permission");
        assert_eq!(area("/relation-tuples/check/openapi", "read"), "permission");
        assert_eq!(area("/projects/{project_id}/eventstreams", ""), "events");
        assert_eq!(area("/workspaces/{workspace}/projects", ""), "workspace");
        assert_eq!(area("/v2alpha1/admin/issuedApiKeys", "ApiKeys"), "api_keys");
        assert_eq!(area("/health/ready", ""), "metadata");
        assert_eq!(area("/keysmith", ""), "other");
    }

    #[test]
    fn endpoints() {
        for (area, method, path, expected) in [
            ("frontend", "GET", "/sessions", Endpoint::KratosPublic),
            ("identity", "GET", "/schemas", Endpoint::KratosPublic),
            ("identity", "GET", "/identities", Endpoint::KratosAdmin),
            ("identity", "POST", "/api/kratos/admin/recovery/link", Endpoint::KratosAdmin),
            ("courier", "GET", "/admin/courier/messages", Endpoint::KratosAdmin),
            ("oauth2", "POST", "/oauth2/token", Endpoint::HydraPublic),
            ("oauth2", "GET", "/oauth2/auth", Endpoint::HydraPublic),
            ("oauth2", "GET", "/oauth2/sessions/logout", Endpoint::HydraPublic),
            ("oauth2", "PUT", "/oauth2/auth/requests/login/accept", Endpoint::HydraAdmin),
            ("oauth2", "POST", "/oauth2/introspect", Endpoint::HydraAdmin),
            ("jwk", "PUT", "/keys/{set}", Endpoint::HydraAdmin),
            ("project", "GET", "/projects", Endpoint::Console),
            ("permission", "GET", "/relation-tuples", Endpoint::KetoRead),
            ("permission", "PUT", "/relation-tuples", Endpoint::KetoWrite),
            ("permission", "PATCH", "/admin/relation-tuples", Endpoint::KetoWrite),
            ("permission", "POST", "/opl/syntax/check", Endpoint::KetoOpl),
            ("permission", "POST", "/relation-tuples/check", Endpoint::KetoRead),
            ("api_keys", "POST", "/v2alpha1/admin/apiKeys:verify", named("api_keys")),
        ] {
            assert_eq!(endpoint(area, method, path, "", ""), expected, "{method} {path}");
        }
    }

    #[test]
    fn endpoints_by_tag_and_name() {
        assert_eq!(endpoint("oauth2", "GET", "/oauth2/new", "admin", "listOAuth2Clients"), Endpoint::HydraAdmin);
        assert_eq!(endpoint("identity", "GET", "/schemas/new", "v0alpha1", "adminListSchemas"), Endpoint::KratosAdmin);
        assert_eq!(endpoint("identity", "GET", "/schemas/new", "v0alpha1", "administer"), Endpoint::KratosPublic);
        assert_eq!(endpoint("frontend", "GET", "/self-service/login/flows", "admin", "x"), Endpoint::KratosPublic);
    }
}

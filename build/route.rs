//! Where an operation lives: its area and the endpoint that serves it, told from path, method and tag.

use super::operation::Operation;

/// The areas of the API, which are the crate's features.
pub const AREAS: [&str; 6] = ["frontend", "identity", "courier", "oauth2", "jwk", "project"];

/// Administrative paths, which older servers served without `/admin` before them.
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

fn starts(path: &str, prefixes: &[&str]) -> bool {
    prefixes.iter().any(|prefix| path.strip_prefix(prefix).is_some_and(|rest| rest.is_empty() || rest.starts_with('/')))
}

/// The path as the servers of today have it: without what gateways put before it, with `/admin` where it belongs.
pub fn canonical(path: &str) -> String {
    for (prefix, place) in [("/api/kratos/public", ""), ("/api/kratos/admin", "/admin"), ("/backoffice/public", "")] {
        if starts(path, &[prefix]) {
            return canonical(&format!("{place}{}", &path[prefix.len()..]));
        }
    }
    let extends = starts(path, &["/sessions"]) && path.ends_with("/extend");
    if extends || starts(path, &ADMINISTRATIVE) { format!("/admin{path}") } else { path.to_owned() }
}

/// The operation's area: its tag if that is one of ours, else what its path says, else the tag as it is.
pub fn area(path: &str, tag: &str) -> String {
    if AREAS.contains(&tag) {
        return tag.to_owned();
    }
    let path = canonical(path);
    let (path, admin) = match path.strip_prefix("/admin") {
        Some(rest) if rest.starts_with('/') => (rest, true),
        _ => (path.as_str(), false),
    };
    let known = if starts(path, &["/self-service", "/.well-known/ory"]) {
        "frontend"
    } else if starts(path, &["/sessions"]) {
        // `/admin/sessions` is the operator's view of them.
        if admin || tag.eq_ignore_ascii_case("identity") { "identity" } else { "frontend" }
    } else if starts(path, &["/identities", "/schemas", "/recovery"]) {
        "identity"
    } else if starts(path, &["/courier"]) {
        "courier"
    } else if starts(path, &["/clients", "/oauth2", "/userinfo", "/trust", "/credentials"])
        || starts(path, &["/.well-known/openid-configuration"])
    {
        "oauth2"
    } else if starts(path, &["/keys", "/.well-known/jwks.json"]) {
        "jwk"
    } else if starts(path, &["/projects", "/workspaces", "/console"]) {
        "project"
    } else if starts(path, &["/relation-tuples/check", "/relation-tuples/batch", "/relation-tuples/expand"])
        || starts(path, &["/check", "/expand"])
    {
        "permission"
    } else if starts(path, &["/relation-tuples", "/namespaces", "/opl"]) {
        "relationship"
    } else if starts(path, &["/rules", "/decisions"]) {
        "oathkeeper"
    } else if starts(path, &["/health", "/version", "/metrics"]) {
        "metadata"
    } else {
        ""
    };
    match (known, tag) {
        ("", "") => "other".to_owned(),
        ("", tag) => super::names::argument_name(tag),
        (known, _) => known.to_owned(),
    }
}

/// The endpoint that serves an operation. Administrative calls have ports of their own; which those are is told from
/// the path, and where old documents lack it from the tag or from the operation's name.
pub fn endpoint(area: &str, method: &str, path: &str, tag: &str, id: &str) -> String {
    let place = canonical(path);
    let named = id.strip_prefix("admin").is_some_and(|rest| rest.starts_with(|c: char| c.is_ascii_uppercase()));
    let admin = place.starts_with("/admin/") || (area != "frontend" && (tag == "admin" || named));
    match area {
        "frontend" | "identity" | "courier" => {
            if admin {
                "KratosAdmin"
            } else {
                "KratosPublic"
            }
        }
        "oauth2" | "jwk" => {
            if admin {
                "HydraAdmin"
            } else {
                "HydraPublic"
            }
        }
        "project" => "Console",
        "relationship" | "permission" if starts(&place, &["/opl"]) => "keto_opl",
        "relationship" if admin || (method != "GET" && place == "/relation-tuples") => "keto_write",
        "relationship" | "permission" => "keto_read",
        other => other,
    }
    .to_owned()
}

/// Settles what only the whole document tells: in one server's own document, its health and version are that
/// server's, and so are Oathkeeper's keys.
pub fn settle(operations: &mut [Operation]) {
    let has = |areas: &[&str]| operations.iter().any(|operation| areas.contains(&operation.area.as_str()));
    let products = [
        ("KratosAdmin", has(&["frontend", "identity", "courier"])),
        ("HydraAdmin", has(&["oauth2"])),
        ("Console", has(&["project"])),
        ("keto_read", has(&["relationship", "permission"])),
        ("oathkeeper", has(&["oathkeeper"])),
    ];
    let mut described = products.iter().filter(|(_, is_there)| *is_there);
    let (Some((endpoint, _)), None) = (described.next(), described.next()) else { return };
    for operation in operations {
        let keys = *endpoint == "oathkeeper" && operation.area == "jwk";
        if operation.area == "metadata" || keys {
            operation.endpoint = (*endpoint).to_owned();
        }
    }
}

/// Whether an operation is for administrators, so that it needs their token even if the document names none.
pub fn is_administrative(operation: &Operation) -> bool {
    let endpoint = operation.endpoint.as_str();
    operation.area != "metadata"
        && (matches!(endpoint, "KratosAdmin" | "HydraAdmin" | "Console" | "keto_write")
            || operation.path.split('/').any(|segment| segment == "admin"))
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
        assert_eq!(area("/relation-tuples", "read"), "relationship");
        assert_eq!(area("/relation-tuples/check/openapi", "read"), "permission");
        assert_eq!(area("/v2alpha1/admin/issuedApiKeys", "ApiKeys"), "api_keys");
        assert_eq!(area("/health/ready", ""), "metadata");
        assert_eq!(area("/keysmith", ""), "other");
    }

    #[test]
    fn endpoints() {
        for (area, method, path, expected) in [
            ("frontend", "GET", "/sessions", "KratosPublic"),
            ("identity", "GET", "/schemas", "KratosPublic"),
            ("identity", "GET", "/identities", "KratosAdmin"),
            ("identity", "POST", "/api/kratos/admin/recovery/link", "KratosAdmin"),
            ("courier", "GET", "/admin/courier/messages", "KratosAdmin"),
            ("oauth2", "POST", "/oauth2/token", "HydraPublic"),
            ("oauth2", "GET", "/oauth2/auth", "HydraPublic"),
            ("oauth2", "GET", "/oauth2/sessions/logout", "HydraPublic"),
            ("oauth2", "PUT", "/oauth2/auth/requests/login/accept", "HydraAdmin"),
            ("oauth2", "POST", "/oauth2/introspect", "HydraAdmin"),
            ("jwk", "PUT", "/keys/{set}", "HydraAdmin"),
            ("project", "GET", "/projects", "Console"),
            ("relationship", "GET", "/relation-tuples", "keto_read"),
            ("relationship", "PUT", "/relation-tuples", "keto_write"),
            ("relationship", "PATCH", "/admin/relation-tuples", "keto_write"),
            ("relationship", "POST", "/opl/syntax/check", "keto_opl"),
            ("permission", "POST", "/relation-tuples/check", "keto_read"),
            ("api_keys", "POST", "/v2alpha1/admin/apiKeys:verify", "api_keys"),
        ] {
            assert_eq!(endpoint(area, method, path, "", ""), expected, "{method} {path}");
        }
    }

    #[test]
    fn endpoints_by_tag_and_name() {
        assert_eq!(endpoint("oauth2", "GET", "/oauth2/new", "admin", "listOAuth2Clients"), "HydraAdmin");
        assert_eq!(endpoint("identity", "GET", "/schemas/new", "v0alpha1", "adminListSchemas"), "KratosAdmin");
        assert_eq!(endpoint("identity", "GET", "/schemas/new", "v0alpha1", "administer"), "KratosPublic");
        assert_eq!(endpoint("frontend", "GET", "/self-service/login/flows", "admin", "x"), "KratosPublic");
    }

    /// The areas' endpoints, after one document with these paths was read.
    fn settled(paths: &[&str]) -> Vec<String> {
        let items: serde_json::Map<String, serde_json::Value> =
            paths.iter().map(|path| ((*path).to_owned(), serde_json::json!({"get": {"responses": {}}}))).collect();
        let document = serde_json::json!({"openapi": "3.0.3", "paths": items});
        let operations = super::super::operations::read(&document, &mut Default::default()).unwrap();
        operations.into_iter().map(|operation| operation.endpoint).collect()
    }

    #[test]
    fn health_is_of_the_only_server() {
        assert_eq!(settled(&["/health/alive", "/sessions/whoami"]), ["KratosAdmin", "KratosPublic"]);
        assert_eq!(settled(&["/clients", "/version"]), ["HydraAdmin", "HydraAdmin"]);
        assert_eq!(settled(&["/clients", "/sessions", "/version"])[2], "metadata");
        assert_eq!(settled(&["/.well-known/jwks.json", "/rules"]), ["oathkeeper", "oathkeeper"]);
    }
}

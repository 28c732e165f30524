//! Where an operation lives: its area and the endpoint that serves it, told from path and tag.

/// The areas of the API, which are the crate's features.
pub const AREAS: [&str; 6] = ["frontend", "identity", "courier", "oauth2", "jwk", "project"];

/// The operation's area: its tag if that is one of ours, else what its path says, else the tag as it is.
pub fn area(path: &str, tag: &str) -> String {
    if AREAS.contains(&tag) {
        return tag.to_owned();
    }
    let path = path.strip_prefix("/admin").filter(|rest| rest.starts_with('/')).unwrap_or(path);
    let starts = |list: &[&str]| list.iter().any(|prefix| path == *prefix || path.starts_with(&format!("{prefix}/")));
    let known = if starts(&["/self-service", "/.well-known/ory"]) {
        "frontend"
    } else if starts(&["/sessions"]) {
        // `/admin/sessions` is the operator's view of them.
        if path.contains("/extend") || tag.eq_ignore_ascii_case("identity") { "identity" } else { "frontend" }
    } else if starts(&["/identities", "/schemas", "/recovery"]) {
        "identity"
    } else if starts(&["/courier"]) {
        "courier"
    } else if starts(&[
        "/clients",
        "/oauth2",
        "/userinfo",
        "/trust",
        "/.well-known/openid-configuration",
        "/credentials",
    ]) {
        "oauth2"
    } else if starts(&["/keys", "/.well-known/jwks.json"]) {
        "jwk"
    } else if starts(&["/projects", "/workspaces"]) {
        "project"
    } else {
        ""
    };
    match (known, tag) {
        ("", "") => "other".to_owned(),
        ("", tag) => super::names::argument_name(tag),
        (known, _) => known.to_owned(),
    }
}

/// The endpoint that serves an area's path. Administrative calls have ports of their own.
pub fn endpoint(area: &str, path: &str) -> String {
    let admin = path.starts_with("/admin/");
    match (area, admin) {
        ("frontend" | "identity" | "courier", false) => "KratosPublic",
        ("frontend" | "identity" | "courier", true) => "KratosAdmin",
        ("oauth2" | "jwk", false) => "HydraPublic",
        ("oauth2" | "jwk", true) => "HydraAdmin",
        ("project", _) => "Console",
        (other, _) => other,
    }
    .to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn areas_by_tag_then_path() {
        assert_eq!(area("/schemas", "identity"), "identity");
        assert_eq!(area("/self-service/login/api", "v0alpha2"), "frontend");
        assert_eq!(area("/admin/identities/{id}", "v0alpha2"), "identity");
        assert_eq!(area("/admin/sessions/{id}/extend", ""), "identity");
        assert_eq!(area("/sessions/whoami", ""), "frontend");
        assert_eq!(area("/admin/clients", "admin"), "oauth2");
        assert_eq!(area("/.well-known/jwks.json", "wellknown"), "jwk");
        assert_eq!(area("/relation-tuples", "Relationship"), "relationship");
        assert_eq!(area("/health/ready", ""), "other");
    }

    #[test]
    fn endpoints() {
        assert_eq!(endpoint("frontend", "/sessions"), "KratosPublic");
        assert_eq!(endpoint("courier", "/admin/courier/messages"), "KratosAdmin");
        assert_eq!(endpoint("oauth2", "/oauth2/token"), "HydraPublic");
        assert_eq!(endpoint("jwk", "/admin/keys/{set}"), "HydraAdmin");
        assert_eq!(endpoint("project", "/projects"), "Console");
        assert_eq!(endpoint("relationship", "/relation-tuples"), "relationship");
    }
}

//! Where an operation lives: its area and the endpoint that serves it, told from path and tag.

/// The areas of the API, which are the crate's features.
pub const AREAS: [&str; 6] = ["frontend", "identity", "courier", "oauth2", "jwk", "project"];

/// The operation's area: its tag if that is one of ours, else what its path says, else the tag as it is.
pub fn area(path: &str, tag: &str) -> String {
    if AREAS.contains(&tag) {
        return tag.to_owned();
    }
    // Oathkeeper's own tag: what it serves is like Hydra's, elsewhere.
    if tag == "api" {
        return tag.to_owned();
    }
    let below =
        |path: &'_ str, prefix: &str| path.strip_prefix(prefix).filter(|rest| rest.starts_with('/')).map(str::to_owned);
    // Before 2022 the Network had Kratos below a path of its own.
    let path = ["/admin", "/api/kratos/public", "/api/kratos/admin"]
        .into_iter()
        .find_map(|prefix| below(path, prefix))
        .unwrap_or_else(|| path.to_owned());
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

/// The endpoint that serves an operation. Administrative calls have ports of their own; which those are is told from
/// the path, and where old documents lack it from the tag or from the operation's name.
pub fn endpoint(area: &str, path: &str, tag: &str, id: &str) -> String {
    let named = id.strip_prefix("admin").is_some_and(|rest| rest.starts_with(|c: char| c.is_ascii_uppercase()));
    let admin = path.starts_with("/admin/") || path.starts_with("/api/kratos/admin/") || tag == "admin" || named;
    match (area, admin) {
        ("frontend" | "identity" | "courier", false) => "KratosPublic".to_owned(),
        ("frontend" | "identity" | "courier", true) => "KratosAdmin".to_owned(),
        ("oauth2" | "jwk", false) => "HydraPublic".to_owned(),
        ("oauth2" | "jwk", true) => "HydraAdmin".to_owned(),
        ("project", _) => "Console".to_owned(),
        (other, true) if other != "admin" => format!("{other}_admin"),
        (other, _) => other.to_owned(),
    }
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
    fn areas_of_old_documents() {
        assert_eq!(area("/api/kratos/public/self-service/login", "v0alpha2"), "frontend");
        assert_eq!(area("/api/kratos/admin/identities", "v0alpha2"), "identity");
        assert_eq!(area("/.well-known/jwks.json", "api"), "api");
        assert_eq!(area("/relation-tuples", "write"), "write");
    }

    #[test]
    fn endpoints() {
        let of = |area: &str, path: &str| endpoint(area, path, "", "");
        assert_eq!(of("frontend", "/sessions"), "KratosPublic");
        assert_eq!(of("courier", "/admin/courier/messages"), "KratosAdmin");
        assert_eq!(of("oauth2", "/oauth2/token"), "HydraPublic");
        assert_eq!(of("jwk", "/admin/keys/{set}"), "HydraAdmin");
        assert_eq!(of("project", "/projects"), "Console");
        assert_eq!(of("relationship", "/relation-tuples"), "relationship");
        assert_eq!(of("relationship", "/admin/relation-tuples"), "relationship_admin");
        assert_eq!(of("identity", "/api/kratos/admin/identities"), "KratosAdmin");
        assert_eq!(endpoint("oauth2", "/clients", "admin", "listOAuth2Clients"), "HydraAdmin");
        assert_eq!(endpoint("identity", "/identities", "v0alpha1", "adminListIdentities"), "KratosAdmin");
        assert_eq!(endpoint("identity", "/identities", "v0alpha1", "administer"), "KratosPublic");
    }
}

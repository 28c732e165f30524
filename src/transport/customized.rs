//! What a caller must not add to an HTTP client.

use crate::call::{is_credential, is_of_connection};
use crate::privacy::Secret;

/// Refuses what would be sent with every request, whoever it is for and wherever it goes.
///
/// reqwest gives no access to these settings, but its `Debug` names them: `Client { cookie_store: true, default_headers:
/// {"accept": "*/*"} }`. The tests notice if that changes.
pub(super) fn check(client: &reqwest::Client) -> Result<(), String> {
    refuse(Secret::from(format!("{client:?}")).expose())
}

fn refuse(shown: &str) -> Result<(), String> {
    if shown.contains("cookie_store: true") {
        return Err("`customize` turns on a cookie store, which would mix the cookies of users: use `with_cookie_jar`"
            .to_owned());
    }
    // A proxy before it may have headers of its own.
    let headers = shown.rsplit_once("default_headers: ").map_or("", |(_, headers)| headers);
    for name in quoted_keys(headers) {
        if is_credential(name) {
            return Err(format!(
                "`customize` sets the default header `{name}`, which would send a credential to every server: use the \
                 methods for credentials, or `.header(..)` of the calls that need it"
            ));
        }
        if is_of_connection(name) {
            return Err(format!(
                "`customize` sets the default header `{name}`, which belongs to the connection: the client manages it"
            ));
        }
    }
    Ok(())
}

/// The keys of maps from texts to values. A value escapes its quotes, so that it cannot look like a key.
fn quoted_keys(shown: &str) -> impl Iterator<Item = &str> {
    let before_colon = shown.match_indices("\": ").filter(|(at, _)| !shown[..*at].ends_with('\\'));
    before_colon.filter_map(|(at, _)| shown[..at].rsplit_once('"').map(|(_, key)| key))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn headers_are_found_by_their_names() {
        let shown = |headers: &str| format!("Client {{ accepts: Accepts, default_headers: {{{headers}}} }}");
        for name in
            ["authorization", "cookie", "x-session-token", "content-length", "host", "proxy-authorization", "te"]
        {
            let why = refuse(&shown(&format!("\"accept\": \"*/*\", \"{name}\": Sensitive"))).unwrap_err();
            assert!(why.starts_with(&format!("`customize` sets the default header `{name}`")), "{why}");
        }
        for harmless in [
            r#""accept": "*/*""#,
            r#""x-more": "authorization""#,
            r#""x-more": "\"authorization\": 1""#,
            r#""x-host": Sensitive"#,
        ] {
            assert_eq!(refuse(&shown(harmless)), Ok(()), "{harmless}");
        }
        assert!(refuse("Client { cookie_store: true, accepts: Accepts, default_headers: {} }").is_err());
        let proxy =
            "Client { proxies: [Proxy { headers: {\"proxy-authorization\": Sensitive} }], default_headers: {} }";
        assert_eq!(refuse(proxy), Ok(()));
    }
}

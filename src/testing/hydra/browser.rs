//! What browsers get: redirects, pages and cookies.

use http::StatusCode;

use super::oauth2_error::OAuth2Error;
use super::oauth2_reply::uncached;
use crate::testing::http::{Reply, Request, escape_html};
use crate::testing::model::OAuth2Client;
use crate::testing::state::State;

/// The cookie with the login session.
pub(super) const SESSION_COOKIE: &str = "ory_hydra_session_dev";

/// The cookie that ties a device's person to their browser.
pub(super) const DEVICE_COOKIE: &str = "ory_hydra_device_csrf_dev";

/// How long the cookies against request forgery are kept, in seconds.
pub(super) const CSRF_SECONDS: i64 = 1800;

/// The cookie against request forgery in a step (`login` or `consent`) for a client.
pub(super) fn csrf_cookie(step: &str, client: &OAuth2Client) -> String {
    // Any number that differs between clients (FNV-1a).
    let number =
        client.id().bytes().fold(0x811c_9dc5_u32, |hash, byte| (hash ^ u32::from(byte)).wrapping_mul(0x0100_0193));
    format!("ory_hydra_{step}_csrf_dev_{number}")
}

/// Refuses a request without the cookie that the browser got at the beginning of this step.
pub(super) fn check_csrf(request: &Request, cookie: &str, expected: &str) -> Result<(), OAuth2Error> {
    match request.cookie(cookie) {
        None => Err(OAuth2Error::request_forbidden("No CSRF value available in the session cookie.")),
        Some(value) if value != expected => Err(OAuth2Error::request_forbidden(
            "The CSRF value from the token does not match the CSRF value from the data store.",
        )),
        Some(_) => Ok(()),
    }
}

/// A redirect in reply to a GET, as Go writes it.
pub(super) fn found(url: &str) -> Reply {
    Reply::redirect_with_link(StatusCode::FOUND, url)
}

/// A redirect to a page of the application, with these parameters.
pub(super) fn to_page(state: &State, page: &str, parameters: &[(&str, &str)]) -> Reply {
    found(&with_query(&format!("{}/{page}", state.pages.oauth2), parameters))
}

/// A redirect to the page for errors.
pub(super) fn to_error_page(state: &State, error: &OAuth2Error) -> Reply {
    to_page(state, "error", &[("error", &error.name), ("error_description", &error.description)])
}

/// How the answer comes back to the application.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum ResponseMode {
    Query,
    Fragment,
    FormPost,
}

/// The answer of an authorization request, on its way to the application.
pub(super) fn to_application(redirect_uri: &str, mode: ResponseMode, mut parameters: Vec<(String, String)>) -> Reply {
    parameters.sort();
    let pairs: Vec<(&str, &str)> = parameters.iter().map(|(key, value)| (key.as_str(), value.as_str())).collect();
    uncached(match mode {
        ResponseMode::Query => Reply::redirect(StatusCode::SEE_OTHER, with_query(redirect_uri, &pairs)),
        ResponseMode::Fragment => {
            Reply::redirect(StatusCode::SEE_OTHER, format!("{redirect_uri}#{}", encode_query(&pairs)))
        }
        ResponseMode::FormPost => {
            Reply::text(StatusCode::OK, "text/html;charset=UTF-8", form_page(redirect_uri, &pairs))
        }
    })
}

/// A page that posts a form as soon as it is shown.
fn form_page(action: &str, fields: &[(&str, &str)]) -> String {
    let input = |(name, value): &(&str, &str)| {
        format!("<input type=\"hidden\" name=\"{}\" value=\"{}\"/>", escape_html(name), escape_html(value))
    };
    let inputs: String = fields.iter().map(input).collect();
    let action = escape_html(action);
    format!(
        "<html><body onload=\"document.forms[0].submit()\"><form method=\"post\" action=\"{action}\">{inputs}</form></body></html>"
    )
}

/// A page that loads these URLs, and then goes on to `target`.
pub(super) fn frames_page(target: &str, urls: &[String]) -> Reply {
    let target = escape_html(target);
    let frames: String = urls.iter().map(|url| format!("<iframe src=\"{}\"></iframe>", escape_html(url))).collect();
    let refresh = format!("<meta http-equiv=\"refresh\" content=\"7; URL={target}\">");
    let body = format!("<html><head>{refresh}</head><body><a href=\"{target}\">Continue</a>{frames}</body></html>");
    Reply::text(StatusCode::OK, "text/html; charset=utf-8", body)
}

/// A URL with these query parameters, in place of those with the same names. Sorts the query, as Go does.
pub(super) fn with_query(url: &str, parameters: &[(&str, &str)]) -> String {
    let (base, query) = url.split_once('?').unwrap_or((url, ""));
    let kept: Vec<(String, String)> = url::form_urlencoded::parse(query.as_bytes())
        .into_owned()
        .filter(|(key, _)| !parameters.iter().any(|(name, _)| name == key))
        .collect();
    let mut pairs: Vec<(&str, &str)> = kept.iter().map(|(key, value)| (key.as_str(), value.as_str())).collect();
    pairs.extend(parameters);
    pairs.sort_by_key(|(key, _)| *key);
    if pairs.is_empty() { base.to_owned() } else { format!("{base}?{}", encode_query(&pairs)) }
}

fn encode_query(pairs: &[(&str, &str)]) -> String {
    let encode = |(key, value): &(&str, &str)| format!("{}={}", escape(key), escape(value));
    pairs.iter().map(encode).collect::<Vec<_>>().join("&")
}

/// Escapes a part of a query, as Go does.
fn escape(text: &str) -> String {
    let escape = |byte: u8| match byte {
        b' ' => "+".to_owned(),
        b'-' | b'_' | b'.' | b'~' => char::from(byte).to_string(),
        _ if byte.is_ascii_alphanumeric() => char::from(byte).to_string(),
        _ => format!("%{byte:02X}"),
    };
    text.bytes().map(escape).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sets_parameters() {
        let url = "http://a/b?z=1&y=a%20b&x=*";
        assert_eq!(with_query(url, &[("y", "é"), ("w", "")]), "http://a/b?w=&x=%2A&y=%C3%A9&z=1");
        assert_eq!(with_query("http://a/b", &[]), "http://a/b");
    }

    #[test]
    fn pages_escape_what_they_show() {
        let page = form_page("http://a/?b=\"&c", &[("n", "<v>'")]);
        assert!(page.contains("action=\"http://a/?b=&#34;&amp;c\"") && page.contains("value=\"&lt;v&gt;&#39;\""));
    }
}

//! What callers pass in: requests to any path, settings, and cursors that come back from users.

use bytes::Bytes;
use http::Method;

use super::seed::{PLANTED, choice};
use crate::Client;
use crate::call::is_of_connection;
use crate::contract::Endpoint;
use crate::cursor::Cursor;
use crate::lists::parameters::Parameters;
use crate::lists::query::Asked;
use crate::lists::walk::Walk;

/// A request goes to the path and server that it names, with no header of the connection, or it is refused in one line.
///
/// The first line is the path, the second the media type. Each other line is a header, or a query pair with `=` before any
/// colon.
pub fn request(data: &[u8]) {
    let text = String::from_utf8_lossy(data);
    let mut lines = text.split('\n');
    let (path, media_type) = (lines.next().unwrap_or_default(), lines.next().unwrap_or_default());
    let client = Client::builder().kratos_public_url("http://127.0.0.1:1/base").build().unwrap();
    let mut request = client.request(Method::POST, Endpoint::KratosPublic, path);
    for line in lines {
        request = match (line.find('='), line.find(':')) {
            (Some(equals), colon) if colon.is_none_or(|colon| equals < colon) => {
                request.query(&line[..equals], &line[equals + 1..])
            }
            (_, Some(colon)) => request.header(&line[..colon], &line[colon + 1..]),
            _ => request.header(line, PLANTED),
        };
    }
    // A media type is part of a program, so a seed chooses among these.
    let request = request.body(known_media_type(media_type), Bytes::from_static(b"{}"));
    assert!(!format!("{request:?}").contains(PLANTED));
    let drafted = request.draft().and_then(|mut draft| draft.finish().map(|()| draft));
    let draft = match drafted {
        Ok(draft) => draft,
        Err(error) => return one_line(&error.to_string()),
    };
    for (name, value) in &draft.headers {
        assert!(!is_of_connection(name.as_str()), "{name} is sent");
        assert!(!value.as_bytes().iter().any(|byte| matches!(byte, b'\r' | b'\n' | 0)), "{name}");
    }
    match client.transport.endpoints.route(&draft.operation, &draft.path).and_then(|route| route.url(&draft.query)) {
        Err(why) => one_line(&why),
        Ok(url) => {
            assert_eq!((url.host_str(), url.port()), (Some("127.0.0.1"), Some(1)), "{url}");
            assert!(url.path().strip_prefix("/base").is_some_and(|rest| draft.path.ends_with(rest)), "{url}");
            assert!(url.fragment().is_none() && url.username().is_empty(), "{url}");
        }
    }
}

fn known_media_type(text: &str) -> &'static str {
    ["application/json", "text/plain", "a/b\r\nX: 1", "größe/json", ""]
        .into_iter()
        .find(|known| *known == text)
        .unwrap_or("application/octet-stream")
}

/// A client is built, or the setting that is wrong is named in one line without its secrets.
///
/// Each line is a byte for the setting, and its value.
pub fn settings(data: &[u8]) {
    let text = String::from_utf8_lossy(data);
    if text.contains(PLANTED) {
        return;
    }
    let mut builder = Client::builder();
    let mut has_project_url = false;
    for line in text.split('\n') {
        let (setting, value) = choice(line.as_bytes());
        let value = std::str::from_utf8(value).unwrap_or_default();
        has_project_url |= setting % 12 == 1;
        builder = match setting % 12 {
            0 => builder.project(value),
            1 => builder.project_url(value),
            2 => builder.kratos_public_url(value),
            3 => builder.kratos_admin_url(value.replace("SECRET", PLANTED)),
            4 => builder.hydra_public_url(value),
            5 => builder.kratos_browser_url(value),
            6 => builder.legacy_url(value),
            7 => builder.named_endpoint(value, "http://127.0.0.1:1"),
            8 => builder.access_token(format!("{value}{PLANTED}")),
            9 => builder.cookie_name(value),
            10 => builder.user_agent(value),
            _ => builder.console_token(format!("{PLANTED}{value}")),
        };
    }
    let shown = match builder.build() {
        Ok(client) => {
            let endpoints = &client.transport.endpoints;
            if let Some(host) = endpoints.project.as_ref().and_then(|url| url.host_str())
                && !has_project_url
            {
                let slug = host.strip_suffix(".projects.oryapis.com");
                assert!(slug.is_some_and(|slug| !slug.contains('.')), "{host}");
            }
            format!("{client:?}")
        }
        Err(wrong) => {
            one_line(&wrong.to_string());
            format!("{wrong} {wrong:?}")
        }
    };
    assert!(!shown.contains(PLANTED), "{shown}");
}

/// A cursor of any text adds only the list's own paging pairs to a request, and comes back from its text.
///
/// The first byte chooses what the list supports.
pub fn cursor(data: &[u8]) {
    let (list, text) = choice(data);
    let Ok(text) = std::str::from_utf8(text) else { return };
    let Ok(cursor) = text.parse::<Cursor>() else { return };
    let offset = list & 8 != 0;
    let has = |bit: usize| !offset && list & bit != 0;
    let parameters = Parameters { page: has(1), per_page: has(2), page_size: has(4), offset, most: Some(1000) };
    let keys = parameters.keys();
    let mut walk = Walk::new(parameters, Asked(Vec::new()));
    if !walk.resume(cursor.step.clone()) {
        return;
    }
    let Some(step) = walk.step().cloned() else { return };
    for (key, value) in walk.pairs(&step) {
        assert!(keys.contains(&key.as_str()), "{text:?} adds {key}={value}");
    }
    assert!(cursor.to_string().parse::<Cursor>().unwrap() == cursor, "{text:?}");
}

fn one_line(text: &str) {
    assert!(!text.contains(char::is_control) && text.chars().count() < 2_000, "{text:?}");
    assert!(!text.contains(PLANTED), "{text:?}");
}

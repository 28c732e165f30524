//! URLs and paths of the service, as they are configured.

use url::Url;

/// An absolute URL to build others on.
pub(super) fn base_url(text: &str) -> Result<Url, String> {
    let url = Url::parse(text).map_err(|why| format!("expected a URL such as `https://app.example.org`: {why}"))?;
    if !["http", "https"].contains(&url.scheme()) {
        return Err("expected the scheme http or https".to_owned());
    }
    if !url.username().is_empty() || url.password().is_some() {
        return Err("expected a URL without a user name and password".to_owned());
    }
    if url.query().is_some() || url.fragment().is_some() {
        return Err("expected a URL without a query and fragment".to_owned());
    }
    Ok(url)
}

/// An origin, such as `https://app.example.org`.
pub(super) fn origin(text: &str) -> Result<url::Origin, String> {
    let url = base_url(text)?;
    if url.path() == "/" { Ok(url.origin()) } else { Err("expected an origin without a path".to_owned()) }
}

/// Checks the path of a page below the public URL.
pub(super) fn check_path(path: &str) -> Result<(), String> {
    if !path.starts_with('/') || path.starts_with("//") {
        return Err("expected a path with one slash at its beginning".to_owned());
    }
    match path.find(|c: char| !c.is_ascii_graphic() || matches!(c, '?' | '#' | '\\' | '%' | '{' | '}')) {
        Some(at) => Err(format!("expected a path, but it has another character at byte {at}")),
        None => Ok(()),
    }
}

/// A URL below the base URL. Whatever the path is, the parser takes it for nothing else.
pub(super) fn below(base: &Url, path: &str) -> Url {
    let mut url = base.clone();
    url.set_path(&format!("{}{path}", base.path().trim_end_matches('/')));
    url
}

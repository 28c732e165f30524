//! URLs of Kratos to which a browser is sent, and the pages here that take their place.

use url::Url;

use super::site::Site;
use crate::flow::FlowKind;
use crate::privacy::Location;

/// What a URL of Kratos does.
enum Place {
    /// Starts a flow: `/self-service/login/browser`.
    Start,
    /// Takes the form of a flow, and leads a browser back to its page: `/self-service/settings?flow=ID`.
    Submit,
    /// Returns a flow as JSON: `/self-service/recovery/flows?id=ID`.
    Fetch,
}

/// The kind and place of a URL of Kratos. Its host says nothing: browsers and this service may know different ones.
fn read(url: &Url) -> Option<(FlowKind, Place)> {
    let (_, rest) = url.path().rsplit_once("/self-service/")?;
    let (kind, place) = match rest.split_once('/') {
        Some((kind, "browser")) => (kind, Place::Start),
        Some((kind, "flows")) => (kind, Place::Fetch),
        None => (rest, Place::Submit),
        Some(_) => return None,
    };
    Some((kind.parse().ok()?, place))
}

/// The flow whose JSON is at this URL. Kratos names it to whoever asks for JSON, but no browser should see it.
pub(super) fn fetched_flow(url: &Location) -> Option<(FlowKind, String)> {
    let (kind, place) = read(&url.parse().ok()?)?;
    matches!(place, Place::Fetch).then_some(())?;
    Some((kind, url.query("id")?))
}

impl Site {
    /// The page to which a browser goes where Kratos says `url`. `None` if it goes there.
    ///
    /// Where this service posts the forms, the cookies of a flow belong to this site: a flow that the browser started at
    /// Kratos could not be submitted here.
    pub(super) fn page_instead_of(&self, url: &Location) -> Option<Location> {
        let parsed = url.parse().ok()?;
        let (kind, place) = read(&parsed)?;
        match place {
            _ if self.posts_to_kratos => None,
            Place::Fetch => None,
            Place::Submit => Some(self.page_of(kind, &url.query("flow")?)),
            Place::Start => {
                let page = parsed.query_pairs().fold(self.page(kind), |page, (name, value)| match &*name {
                    "return_to" => page.with_return_to(self.return_instead_of(&value)),
                    name => page.with_query(name, &value),
                });
                Some(page)
            }
        }
    }

    /// The URL to return to, which may be one of Kratos too. One that returns once more is left as it is.
    fn return_instead_of(&self, url: &str) -> Location {
        let url = Location::from(url);
        let page = if url.query("return_to").is_some() { None } else { self.page_instead_of(&url) };
        page.unwrap_or(url)
    }
}

#[cfg(test)]
mod tests {
    use super::super::builder::tests::site;
    use super::*;

    #[test]
    fn pages_of_this_site_take_the_place_of_kratos_urls() {
        let relayed = site();
        let direct = Site { posts_to_kratos: true, ..site() };
        let instead = |site: &Site, url: &str| site.page_instead_of(&url.into()).map(String::from);
        for (url, page) in [
            ("https://k/self-service/login/browser", "https://app.example.org/login"),
            ("https://k/a/self-service/login/browser?aal=aal2", "https://app.example.org/login?aal=aal2"),
            (
                "http://k:4433/self-service/login/browser?refresh=true&return_to=http%3A%2F%2Fk%3A4433%2Fself-service%2Fsettings%3Fflow%3Df",
                "https://app.example.org/login?refresh=true&return_to=https%3A%2F%2Fapp.example.org%2Fsettings%3Fflow%3Df",
            ),
            ("https://k/self-service/settings?flow=f", "https://app.example.org/settings?flow=f"),
        ] {
            assert_eq!(instead(&relayed, url).as_deref(), Some(page));
            assert_eq!(instead(&direct, url), None);
        }
        let json = "https://k/self-service/recovery/flows?id=f".into();
        assert_eq!(fetched_flow(&json), Some((FlowKind::Recovery, "f".to_owned())));
        assert_eq!(fetched_flow(&"https://k/self-service/recovery?flow=f&id=f".into()), None);
        for other in [
            "https://accounts.example.com/o/oauth2/auth?client_id=x",
            "https://k/self-service/logout/browser",
            "https://k/self-service/methods/oidc/auth/f",
            "https://k/self-service/login/browser/more",
            "https://k/self-service/recovery",
            "https://app.example.org/self-service?flow=f",
            "/relative",
            "",
        ] {
            assert_eq!(instead(&relayed, other), None);
        }
    }
}

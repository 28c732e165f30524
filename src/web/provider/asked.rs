//! What an authorization request asks of the login, by its URL.

use std::time::Duration;

use crate::privacy::Location;

/// The parameters of an authorization request that are about the login (OpenID Connect Core, section 3.1.2.1).
pub(super) struct Asked<'a> {
    url: &'a Location,
    prompts: Vec<String>,
    max_age: Option<u64>,
}

impl<'a> Asked<'a> {
    pub(super) fn by(url: &'a Location) -> Self {
        let prompts = url.query("prompt").unwrap_or_default();
        Self {
            url,
            prompts: prompts.split_whitespace().map(str::to_owned).collect(),
            max_age: url.query("max_age").and_then(|age| age.parse().ok()),
        }
    }

    fn has_prompt(&self, prompt: &str) -> bool {
        self.prompts.iter().any(|known| known == prompt)
    }

    /// Whether nothing may be shown.
    pub(super) fn is_silent(&self) -> bool {
        self.has_prompt("none")
    }

    /// Whether the person wants to register.
    pub(super) fn wants_registration(&self) -> bool {
        // `create` is the name in OpenID's own extension, `registration` is Hydra's.
        self.has_prompt("registration") || self.has_prompt("create")
    }

    /// How long ago the person may have signed in. `fresh` stands for "now": a redirect takes a moment.
    pub(super) fn age_limit(&self, fresh: Duration) -> Option<Duration> {
        let at_once = (self.has_prompt("login") || self.max_age == Some(0)).then_some(fresh);
        let in_time = self.max_age.filter(|age| *age > 0).map(Duration::from_secs);
        [at_once, in_time].into_iter().flatten().min()
    }

    /// Where the browser starts again without what Hydra remembers, as Hydra itself does it. `None` if it was sent there
    /// before, if nothing may be shown, and if the URL does not hold the whole request: then it was posted, or is that of a
    /// device, whose person would have to enter the code again.
    pub(super) fn again(&self) -> Option<Location> {
        let is_whole = self.url.parse().is_ok() && self.url.query("client_id").is_some();
        let is_possible = is_whole && !self.is_device() && !self.is_silent() && !self.has_prompt("login");
        let others = self.prompts.iter().map(String::as_str);
        let prompts: Vec<&str> = ["login"].into_iter().chain(others).collect();
        is_possible.then(|| self.url.with_query("prompt", &prompts.join(" ")))
    }

    fn is_device(&self) -> bool {
        self.url.parse().is_ok_and(|url| url.path().ends_with("/oauth2/device/verify"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const URL: &str = "https://hydra.example.org/oauth2/auth?client_id=c";

    fn limit(query: &str) -> Option<u64> {
        let url = Location::from(format!("{URL}&{query}"));
        Asked::by(&url).age_limit(Duration::from_secs(60)).map(|limit| limit.as_secs())
    }

    #[test]
    fn the_strictest_wish_counts() {
        assert_eq!(limit("prompt=consent"), None);
        assert_eq!(limit("prompt=consent+login"), Some(60));
        assert_eq!(limit("max_age=0"), Some(60));
        assert_eq!(limit("max_age=3600"), Some(3600));
        assert_eq!(limit("max_age=30&prompt=login"), Some(30));
        assert_eq!(limit("max_age=3600&prompt=login"), Some(60));
        assert_eq!((limit("max_age=-1"), limit("max_age=soon")), (None, None));
    }

    #[test]
    fn a_request_starts_again_once() {
        let again = |url: String| Asked::by(&url.into()).again().map(String::from);
        assert_eq!(again(URL.to_owned()), Some(format!("{URL}&prompt=login")));
        assert_eq!(again(format!("{URL}&prompt=consent")), Some(format!("{URL}&prompt=login+consent")));
        assert_eq!(again(format!("{URL}&prompt=login+consent")), None);
        assert_eq!(again(format!("{URL}&prompt=none")), None);
        assert_eq!(again("https://hydra.example.org/oauth2/auth".to_owned()), None);
        assert_eq!(again("/oauth2/auth?client_id=c".to_owned()), None);
        assert_eq!(again("https://hydra.example.org/oauth2/device/verify?client_id=c".to_owned()), None);
    }
}

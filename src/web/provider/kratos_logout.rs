//! Ends the browser's session of Kratos.

use http::{HeaderMap, Method, header};

use super::builder::Settings;
use super::failure::ProviderError;
use super::requests::LogoutToken;
use crate::client::Sending;
use crate::error::Error;
use crate::privacy::Secret;
use crate::response::{Response, decode, name_only};

impl Settings {
    /// Ends the session of the cookies in these headers, as the browser itself would do it. Returns the cookies that the
    /// browser gets. A browser without a session is where it wants to be.
    pub(super) async fn end_session(&self, headers: &HeaderMap) -> Result<HeaderMap, ProviderError> {
        let mut set = HeaderMap::new();
        let lines = headers.get_all(header::COOKIE).into_iter().filter_map(|line| line.to_str().ok());
        let browser = self.client.with_cookies(lines.collect::<Vec<_>>().join("; "));
        let draft = self.draft(Method::GET, "/self-service/logout/browser").and_then(|draft| draft.ready());
        let asked = Sending::new(browser.clone(), draft, decode::own_json::<LogoutToken>, name_only).await;
        let Some(asked) = unless_nobody(asked)? else { return Ok(set) };
        asked.relay_to(&mut set);
        let draft =
            self.draft(Method::GET, "/self-service/logout").and_then(|draft| with_token(draft, &asked.logout_token));
        let ended = Sending::new(browser, draft, decode::empty, name_only).await;
        if let Some(ended) = unless_nobody(ended)? {
            ended.relay_to(&mut set);
        }
        Ok(set)
    }
}

fn with_token(mut draft: crate::call::Draft, token: &Secret) -> Result<crate::call::Draft, Error> {
    draft.pair("token", token.expose());
    draft.ready()
}

/// `None` if nobody is signed in.
fn unless_nobody<T>(result: Result<Response<T>, Error>) -> Result<Option<Response<T>>, ProviderError> {
    match result {
        Ok(response) => Ok(Some(response)),
        Err(error) if error.is_unauthorized() => Ok(None),
        Err(error) => Err(ProviderError::of_session(&error)),
    }
}

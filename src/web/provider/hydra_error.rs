//! The page to which Hydra sends browsers with an error.

use http::Uri;

use super::failure::{ProviderError, ProviderErrorKind};
use super::handle::Provider;
use super::parameters::Parameters;

/// # Errors of Hydra
impl Provider {
    /// What to say on the page that Hydra's configuration calls `urls.error`: there it sends browsers that it cannot send
    /// back to an application.
    ///
    /// ```
    /// use ory_sdk::http::{Response, Uri};
    /// use ory_sdk::web::provider::Provider;
    ///
    /// fn page(provider: &Provider, uri: &Uri) -> Response<String> {
    ///     provider.error(uri).into_response()
    /// }
    /// ```
    ///
    /// The text is chosen by the `error` of the query. Its description is not shown: anybody can write one into a link.
    pub fn error(&self, uri: &Uri) -> ProviderError {
        let parameters = Parameters::of_uri(uri);
        let error = parameters.first("error").unwrap_or_default();
        if matches!(error, "server_error" | "temporarily_unavailable") {
            return ProviderError::new(
                ProviderErrorKind::Unavailable,
                "the server sent a browser here with an error of its own",
            );
        }
        let text = match error {
            "invalid_client" | "unauthorized_client" => "this application is not known",
            "invalid_scope" => "the application asks for more than it may have",
            "request_unauthorized" | "request_forbidden" => {
                "this took too long, or your browser sends no cookies: start again at the application"
            }
            "access_denied" => "the application gets no access",
            _ => "the application sent a request that is not understood",
        };
        ProviderError::new(ProviderErrorKind::Refused, text)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::client::Client;

    #[test]
    fn the_description_is_not_shown() {
        let client = Client::builder().hydra_admin_url("http://127.0.0.1:4445").build().unwrap();
        let provider = Provider::builder(&client).login_url("https://id.example.org/login").build().unwrap();
        for (query, expected, status) in [
            ("error=invalid_client&error_description=call+555", "this application is not known", 400),
            ("error=%3Cb%3E", "the application sent a request that is not understood", 400),
            ("", "the application sent a request that is not understood", 400),
            ("error=temporarily_unavailable&error_description=call+555", "please try again later", 503),
        ] {
            let error = provider.error(&format!("/error?{query}").parse().unwrap());
            assert_eq!((error.text(), error.status().as_u16()), (expected, status));
            assert_eq!(error.retry_after().is_some(), status == 503);
        }
    }
}

//! The page to which Kratos sends browsers with an error.

use http::request::Parts;
use http::{Method, Response, StatusCode};
use serde_json::Value;

use super::error_page::ErrorPage;
use super::handlers::Pages;
use super::visit::Visit;
use crate::contract::Endpoint;
use crate::flow::FlowKind;
use crate::privacy::Location;

impl Pages {
    /// What to respond to a GET of the page for errors, to which Kratos sends browsers (`selfservice.flows.error.ui_url`).
    ///
    /// ```
    /// use ory_sdk::http::{Response, request::Parts};
    /// use ory_sdk::web::pages::Pages;
    ///
    /// /// `GET /error?id=..`
    /// async fn error(pages: &Pages, request: &Parts) -> Response<String> {
    ///     pages.error(request).await
    /// }
    /// ```
    ///
    /// The page is that of [`error_page`](super::PagesBuilder::error_page). Its status and text are chosen by the code and id
    /// that Kratos keeps for the `id` of the query, and nothing else of it is shown: it may say how the server is built.
    /// An error that Kratos does not know (any more) is a 404.
    ///
    /// Source: Ory's operation `getFlowError`.
    pub async fn error(&self, request: &Parts) -> Response<String> {
        let visit = Visit::of(&self.site, FlowKind::Login, request);
        let query = request.uri.query().unwrap_or_default();
        let id = url::form_urlencoded::parse(query.as_bytes()).find(|(name, _)| name == "id");
        let id = id.map(|(_, id)| id.into_owned()).unwrap_or_default();
        let call = visit.user(&self.client).request(Method::GET, Endpoint::KratosPublic, "/self-service/errors");
        let answer = match call.query("id", id).send_json::<Value>().await {
            Ok(found) => self.refuse(&self.page_of(&found["error"])),
            Err(error) if error.is_not_found() => {
                let text = "This error is no longer known. Start again.";
                let page = ErrorPage::new(StatusCode::NOT_FOUND, self.site.home(), Some(&error));
                self.refuse(&ErrorPage { text, ..page })
            }
            Err(error) => self.refuse_for(&visit, &error),
        };
        answer.draw(|_| String::new())
    }

    /// The page for what Kratos keeps.
    fn page_of(&self, error: &Value) -> ErrorPage<'static> {
        let code = error["code"].as_u64().and_then(|code| u16::try_from(code).ok());
        let status = code.and_then(|code| StatusCode::from_u16(code).ok()).filter(|code| code.as_u16() >= 400);
        let status = status.unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        let login = || self.site.page(FlowKind::Login);
        let (text, start_again): (_, Location) = match error["id"].as_str().unwrap_or_default() {
            "security_csrf_violation" => (
                "Your browser did not send a cookie that belongs to this page. Allow cookies, and start again.",
                login(),
            ),
            "security_identity_mismatch" => ("This page was opened by somebody else. Start again.", login()),
            "session_already_available" => ("You are signed in already.", self.site.home()),
            "session_inactive" => ("You are not signed in.", login()),
            "session_aal2_required" => ("This needs your second factor.", login().with_query("aal", "aal2")),
            "session_refresh_required" => {
                ("Sign in again before you change this.", login().with_query("refresh", "true"))
            }
            "self_service_flow_expired" => ("This page was open for too long. Start again.", login()),
            "self_service_flow_return_to_forbidden" => {
                ("The link leads to a site that is not allowed.", self.site.home())
            }
            "self_service_flow_disabled" => ("This is switched off.", self.site.home()),
            _ if status.is_client_error() => ("The link or form does not work. Start again.", login()),
            _ => ("This does not work at the moment. It is not your fault.", self.site.home()),
        };
        ErrorPage { text, ..ErrorPage::new(status, start_again, None) }
    }
}

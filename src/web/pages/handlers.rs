//! The pages, and what each does for a GET and a POST.

use std::fmt;
use std::sync::Arc;

use bytes::Bytes;
use http::StatusCode;
use http::request::Parts;

use super::answer::{FlowPage, PageAnswer};
use super::body::Posted;
use super::brake;
use super::builder::PagesBuilder;
use super::error_page::ErrorPage;
use super::site::Site;
use super::visit::Visit;
use crate::client::{Client, CreateFlow};
use crate::error::Error;
use crate::flow::{FlowKind, Form};
use crate::privacy::Location;
use crate::response::Response;
use crate::web::respond;

/// The message of a form that asks for a second factor.
const SECOND_FACTOR: i64 = 1_010_004;

/// Draws an error page.
pub(super) type DrawError = Arc<dyn Fn(&ErrorPage<'_>) -> String + Send + Sync>;

/// The pages of a service that show the flows of Kratos: login, registration, settings, recovery and verification.
///
/// ```
/// use ory_sdk::bytes::Bytes;
/// use ory_sdk::flow::{FlowKind, Form};
/// use ory_sdk::http::{Method, Response, request::Parts};
/// use ory_sdk::web::pages::Pages;
///
/// /// The page of any kind, whatever the web framework.
/// async fn page(pages: &Pages, kind: FlowKind, request: &Parts, body: Bytes) -> Response<String> {
///     let answer = match request.method {
///         Method::POST => pages.post(kind, request, body).await,
///         _ => pages.get(kind, request).await,
///     };
///     answer.draw(|form| format!("<form action=\"{}\" method=\"post\">..</form>", form.action.as_str()))
/// }
///
/// # fn example(client: &ory_sdk::Client) -> Result<(), ory_sdk::error::InvalidSetting> {
/// let pages = Pages::builder(client).public_url("https://app.example.org").build()?;
/// # Ok(())
/// # }
/// ```
///
/// A clone is cheap. The [module](super) has a table of what each page does.
#[derive(Clone)]
pub struct Pages {
    pub(super) client: Client,
    pub(super) site: Arc<Site>,
    draw_error: DrawError,
}

impl Pages {
    /// Settings for the pages. `client` needs Kratos' public URL.
    ///
    /// ```
    /// # fn example(client: &ory_sdk::Client) -> Result<(), ory_sdk::error::InvalidSetting> {
    /// let pages = ory_sdk::web::pages::Pages::builder(client).public_url("https://app.example.org").build()?;
    /// # Ok(())
    /// # }
    /// ```
    pub fn builder(client: &Client) -> PagesBuilder {
        PagesBuilder::new(client)
    }

    pub(super) fn new(client: Client, site: Site, draw_error: DrawError) -> Self {
        Self { client, site: Arc::new(site), draw_error }
    }

    /// The path of a page, for the routes of the service.
    ///
    /// ```
    /// use ory_sdk::flow::FlowKind;
    /// # fn example(pages: &ory_sdk::web::pages::Pages) {
    /// for kind in FlowKind::ALL {
    ///     println!("GET and POST {} show the {kind} page", pages.path(kind));
    /// }
    /// # }
    /// ```
    pub fn path(&self, kind: FlowKind) -> &str {
        self.site.path(kind)
    }

    /// The URL of a page.
    #[cfg(feature = "oauth2")]
    pub(in crate::web) fn url(&self, kind: FlowKind) -> Location {
        self.site.page(kind)
    }

    /// What to respond to a GET of a page.
    ///
    /// ```
    /// use ory_sdk::flow::FlowKind;
    /// use ory_sdk::http::{Response, request::Parts};
    /// use ory_sdk::web::pages::Pages;
    ///
    /// async fn login_page(pages: &Pages, request: &Parts) -> Response<String> {
    ///     pages.get(FlowKind::Login, request).await.draw(|form| format!("<p>{} fields</p>", form.nodes.len()))
    /// }
    /// ```
    ///
    /// Of the request it reads the query, the cookies and the `User-Agent`. From the query it takes `flow`, and what a flow
    /// of this kind can be started with, such as `return_to`, `aal=aal2`, `refresh=true` and `login_challenge`.
    ///
    /// Source: Ory's operations `createBrowserLoginFlow`, `getLoginFlow` and those of the other kinds.
    pub async fn get(&self, kind: FlowKind, request: &Parts) -> PageAnswer {
        let visit = Visit::of(&self.site, kind, request);
        match &visit.flow {
            Some(flow) => self.show(&visit, flow).await,
            None if self.site.posts_to_kratos => self.start_at_kratos(&visit),
            None => self.start(&visit).await,
        }
    }

    /// What to respond to a POST of a page, with the body that the browser sent: an HTML form, or JSON if the media type
    /// says so.
    ///
    /// ```
    /// use ory_sdk::bytes::Bytes;
    /// use ory_sdk::flow::FlowKind;
    /// use ory_sdk::http::{Response, request::Parts};
    /// use ory_sdk::web::pages::Pages;
    ///
    /// async fn submit_login(pages: &Pages, request: &Parts, body: Bytes) -> Response<String> {
    ///     let answer = pages.post(FlowKind::Login, request, body).await;
    ///     answer.draw(|form| format!("<p>{} messages</p>", form.all_messages().count()))
    /// }
    /// ```
    ///
    /// The query names the flow, as the `action` of the form does. Without it, the browser is sent to the page, which starts
    /// one. Kratos checks the CSRF token of the form.
    ///
    /// Source: Ory's operations `updateLoginFlow` and those of the other kinds.
    pub async fn post(&self, kind: FlowKind, request: &Parts, body: impl Into<Bytes>) -> PageAnswer {
        let visit = Visit::of(&self.site, kind, request);
        let posted = match Posted::read(visit.headers, body.into()) {
            Ok(posted) => posted,
            Err(status) => return self.refuse(&ErrorPage::new(status, visit.start(&self.site), None)),
        };
        let Some(flow) = &visit.flow else { return self.see_other(&visit, visit.start(&self.site)) };
        let submit = posted.submit(visit.user(&self.client).submit_flow(kind, flow));
        match submit.send().await {
            Ok(response) => self.after_success(&visit, &response),
            Err(error) => self.after_error(&visit, &error).await,
        }
    }

    /// Shows a flow.
    async fn show(&self, visit: &Visit<'_>, flow: &str) -> PageAnswer {
        match visit.user(&self.client).get_flow(visit.kind, flow).send().await {
            Ok(response) => {
                // Kratos itself sends browsers to flows that it started.
                let mut answer = match self.instead_of_second_factor(visit, &response) {
                    Some(settings) => settings,
                    None => self.draw(visit, Form::clone(&response), StatusCode::OK),
                };
                response.relay_to(answer.headers_mut());
                if brake::has_cookie(visit.headers) {
                    brake::remove_cookie(self.site.is_https(), answer.headers_mut());
                }
                answer
            }
            Err(error) => self.after_error(visit, &error).await,
        }
    }

    /// Creates a flow, and sends the browser to it, so that a reload shows the same flow.
    async fn start(&self, visit: &Visit<'_>) -> PageAnswer {
        match self.create(visit, visit.user(&self.client)).send().await {
            Ok(response) => self.started(visit, &response),
            Err(error) => self.after_error(visit, &error).await,
        }
    }

    fn started(&self, visit: &Visit<'_>, response: &Response<Form>) -> PageAnswer {
        let settings = self.instead_of_second_factor(visit, response);
        let mut answer = settings.unwrap_or_else(|| self.see_other(visit, visit.page_of_new(&self.site, &response.id)));
        response.relay_to(answer.headers_mut());
        answer
    }

    /// The settings, where a user who has no second factor sets one up: the form that asks for it has nothing to fill in.
    fn instead_of_second_factor(&self, visit: &Visit<'_>, form: &Form) -> Option<PageAnswer> {
        // The URL of a flow that Kratos itself started does not say what it is for.
        let is_wished = visit.wishes("aal", "aal2") || form.messages.iter().any(|message| message.id == SECOND_FACTOR);
        let asks_nothing = form.nodes.iter().all(|node| node.input_type == "hidden");
        if visit.kind != FlowKind::Login || !is_wished || !asks_nothing {
            return None;
        }
        let settings = self.site.page(FlowKind::Settings);
        let back = visit.return_to.clone().map(Location::from).or_else(|| form.return_to.clone());
        // The settings need the second factor themselves, and would send the browser here again.
        if back.as_ref().is_some_and(|url| url.as_str().split('?').next() == Some(settings.as_str())) {
            return None;
        }
        Some(self.see_other(visit, back.map_or(settings.clone(), |url| settings.with_return_to(url))))
    }

    /// Sends the browser to Kratos, which starts a flow and sends it back.
    fn start_at_kratos(&self, visit: &Visit<'_>) -> PageAnswer {
        // Kratos has only an error for a second factor without the first.
        if visit.wishes("aal", "aal2") && !visit.has_session(&self.client) {
            let kept = visit.kept().filter(|(name, _)| *name != "aal");
            return self.see_other(visit, self.site.page_with(visit.kind, kept));
        }
        match self.create(visit, self.client.clone()).url() {
            Ok(url) => self.see_other(visit, url),
            Err(error) => self.refuse(&ErrorPage::of(&error, visit.start(&self.site))),
        }
    }

    fn create(&self, visit: &Visit<'_>, user: Client) -> CreateFlow {
        let create = user.create_flow(visit.kind);
        let create = visit.kept().fold(create, |create, (name, value)| create.query(name, value));
        let signs_in = matches!(visit.kind, FlowKind::Login | FlowKind::Registration);
        // A login for OAuth2 goes on at Hydra.
        let is_led = visit.return_to.is_some() || visit.wishes.iter().any(|(name, _)| name == "login_challenge");
        match &self.site.after_sign_in {
            Some(url) if signs_in && !is_led => create.return_to(url.as_str()),
            _ => create,
        }
    }

    /// Draws a form, which the browser posts to this page or to Kratos.
    pub(super) fn draw(&self, visit: &Visit<'_>, mut form: Form, status: StatusCode) -> PageAnswer {
        // A form that leads on, as after a verification, keeps its URL.
        if !self.site.posts_to_kratos && form.method.eq_ignore_ascii_case("post") {
            form.action = visit.page_of(&self.site, &form.id);
        }
        PageAnswer::Draw(Box::new(FlowPage::new(visit.kind, form, status)))
    }

    pub(super) fn see_other(&self, visit: &Visit<'_>, to: Location) -> PageAnswer {
        match respond::see_other(&to) {
            Some(response) => PageAnswer::Respond(response),
            None => {
                let page = ErrorPage::new(StatusCode::SERVICE_UNAVAILABLE, visit.start(&self.site), None);
                self.refuse(&page)
            }
        }
    }

    pub(super) fn refuse(&self, page: &ErrorPage<'_>) -> PageAnswer {
        PageAnswer::Respond(page.respond((self.draw_error)(page)))
    }

    pub(super) fn refuse_for(&self, visit: &Visit<'_>, error: &Error) -> PageAnswer {
        self.refuse(&ErrorPage::of(error, visit.start(&self.site)))
    }
}

impl fmt::Debug for Pages {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Pages").field("client", &self.client).field("site", &self.site).finish_non_exhaustive()
    }
}

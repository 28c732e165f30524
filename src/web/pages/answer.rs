//! What a page responds with.

use std::fmt;

use http::{HeaderMap, Response, StatusCode};

use crate::flow::{FlowKind, Form};
use crate::web::respond;

/// What to respond to the request of a browser: from [`Pages::get`](super::Pages::get) and
/// [`Pages::post`](super::Pages::post).
///
/// ```
/// use ory_sdk::http::Response;
/// use ory_sdk::web::pages::PageAnswer;
///
/// fn respond(answer: PageAnswer) -> Response<String> {
///     answer.draw(|form| format!("<form action=\"{}\" method=\"post\">..</form>", form.action.as_str()))
/// }
/// ```
///
/// Match on it where [`draw`](Self::draw) is not enough, for example if the page is drawn by something that awaits.
#[non_exhaustive]
pub enum PageAnswer {
    /// Draw this form.
    Draw(Box<FlowPage>),
    /// Respond with this: a redirect or an error page.
    Respond(Response<String>),
}

impl PageAnswer {
    /// The whole response. `html` draws the form, if there is one to draw.
    ///
    /// ```
    /// # fn example(answer: ory_sdk::web::pages::PageAnswer) {
    /// let response = answer.draw(|form| format!("<p>{} fields</p>", form.nodes.len()));
    /// println!("{}", response.status());
    /// # }
    /// ```
    pub fn draw(self, html: impl FnOnce(&Form) -> String) -> Response<String> {
        match self {
            Self::Draw(page) => {
                let html = html(page.form());
                page.respond(html)
            }
            Self::Respond(response) => response,
        }
    }

    /// The headers of the response, to add cookies to.
    pub(super) fn headers_mut(&mut self) -> &mut HeaderMap {
        match self {
            Self::Draw(page) => &mut page.headers,
            Self::Respond(response) => response.headers_mut(),
        }
    }
}

/// Shows the status alone: URLs, cookies and forms may be secret.
impl fmt::Debug for PageAnswer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Draw(page) => f.debug_tuple("Draw").field(page).finish(),
            Self::Respond(response) => f.debug_tuple("Respond").field(&response.status()).finish(),
        }
    }
}

/// A form to draw, with what belongs to its response.
///
/// ```
/// use ory_sdk::http::Response;
/// use ory_sdk::web::pages::{FlowPage, PageAnswer};
///
/// async fn respond(answer: PageAnswer) -> Response<String> {
///     match answer {
///         PageAnswer::Draw(page) => {
///             let html = render(&page).await;
///             page.respond(html)
///         }
///         answer => answer.draw(|_| String::new()),
///     }
/// }
///
/// async fn render(page: &FlowPage) -> String {
///     format!("<h1>{}</h1><form action=\"{}\" method=\"post\">..</form>", page.kind(), page.form().action.as_str())
/// }
/// ```
pub struct FlowPage {
    kind: FlowKind,
    form: Form,
    status: StatusCode,
    headers: HeaderMap,
}

impl FlowPage {
    pub(super) fn new(kind: FlowKind, form: Form, status: StatusCode) -> Self {
        Self { kind, form, status, headers: HeaderMap::new() }
    }

    /// The kind of flow.
    ///
    /// ```
    /// # fn example(page: &ory_sdk::web::pages::FlowPage) {
    /// println!("<h1>{}</h1>", page.kind());
    /// # }
    /// ```
    pub fn kind(&self) -> FlowKind {
        self.kind
    }

    /// The form. Its `action` is where the browser is to post it: to this page, or to Kratos if that is
    /// [configured](super::PagesBuilder::post_to_kratos).
    ///
    /// ```
    /// # fn example(page: &ory_sdk::web::pages::FlowPage) {
    /// for message in &page.form().messages {
    ///     println!("{}", message.text);
    /// }
    /// # }
    /// ```
    pub fn form(&self) -> &Form {
        &self.form
    }

    /// The status of the response: 200, or that with which Kratos refused an input.
    ///
    /// ```
    /// # fn example(page: &ory_sdk::web::pages::FlowPage) {
    /// if page.status() == ory_sdk::http::StatusCode::BAD_REQUEST {
    ///     println!("an input was refused");
    /// }
    /// # }
    /// ```
    pub fn status(&self) -> StatusCode {
        self.status
    }

    /// The cookies of the response. Only a response that is made by hand needs them: [`respond`](Self::respond) sets them.
    ///
    /// ```
    /// use ory_sdk::http::{Response, header};
    /// # fn example(page: &ory_sdk::web::pages::FlowPage, json: String) -> Response<String> {
    /// let mut response = Response::new(json);
    /// *response.status_mut() = page.status();
    /// response.headers_mut().extend(page.headers().clone());
    /// response.headers_mut().insert(header::CACHE_CONTROL, header::HeaderValue::from_static("no-store"));
    /// # response
    /// # }
    /// ```
    pub fn headers(&self) -> &HeaderMap {
        &self.headers
    }

    /// The response with this HTML.
    ///
    /// ```
    /// # fn example(page: ory_sdk::web::pages::FlowPage) -> ory_sdk::http::Response<String> {
    /// let html = format!("<form action=\"{}\" method=\"post\">..</form>", page.form().action.as_str());
    /// page.respond(html)
    /// # }
    /// ```
    pub fn respond(self, html: String) -> Response<String> {
        let mut response = respond::page(self.status, html);
        response.headers_mut().extend(self.headers);
        response
    }
}

/// Shows neither cookies nor values of the form.
impl fmt::Debug for FlowPage {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("FlowPage")
            .field("kind", &self.kind)
            .field("status", &self.status)
            .field("nodes", &self.form.nodes.len())
            .finish_non_exhaustive()
    }
}

//! What follows a form that Kratos took.

use http::StatusCode;

use super::answer::PageAnswer;
use super::error_page::ErrorPage;
use super::handlers::Pages;
use super::kratos_url::fetched_flow;
use super::visit::Visit;
use crate::error::NextStep;
use crate::flow::{FlowKind, Submitted};
use crate::privacy::Location;
use crate::response::Response;

impl Pages {
    pub(super) fn after_success(&self, visit: &Visit<'_>, response: &Response<Submitted>) -> PageAnswer {
        let status = response.status();
        let mut answer = match (response.next_step(), &**response) {
            // Kratos redirects with 302 and 303. Others are of a gateway, and lead nowhere or here again.
            _ if status.is_redirection() && ![StatusCode::FOUND, StatusCode::SEE_OTHER].contains(&status) => {
                let start = visit.start(&self.site);
                self.refuse(&ErrorPage::new(StatusCode::SERVICE_UNAVAILABLE, start, None))
            }
            (Some(NextStep::ContinueFlow { kind, flow, .. }), _) => {
                self.see_other(visit, self.page_after(visit, kind, &flow))
            }
            (Some(NextStep::GoTo(url)), _) => self.go_to(visit, url),
            (_, Submitted::Redirect(url)) => self.go_to(visit, url.clone()),
            // A wrong recovery or verification code.
            (_, Submitted::Form(form)) if form.is_rejected() => self.draw(visit, form.as_ref().clone(), status),
            (_, Submitted::Form(form)) => self.see_other(visit, visit.page_of(&self.site, &form.id)),
            // Kratos 0.11 does not say where to go.
            (_, Submitted::SignedIn { .. }) => self.see_other(visit, self.home_of(visit)),
        };
        response.relay_to(answer.headers_mut());
        answer
    }

    /// Sends a browser where Kratos says.
    pub(super) fn go_to(&self, visit: &Visit<'_>, url: Location) -> PageAnswer {
        let page = fetched_flow(&url).map(|(kind, flow)| self.site.page_of(kind, &flow));
        let page = page.or_else(|| self.site.page_instead_of(&url));
        self.see_other(visit, page.map_or(url, |page| with_return_to_of(visit, page)))
    }

    /// The page of a flow with which another one continues. It returns to where that one would have.
    pub(super) fn page_after(&self, visit: &Visit<'_>, kind: FlowKind, flow: &str) -> Location {
        with_return_to_of(visit, self.site.page_of(kind, flow))
    }

    /// Where a browser goes that is signed in: to `return_to`, if that is safe without Kratos' word.
    pub(super) fn home_of(&self, visit: &Visit<'_>) -> Location {
        visit.return_to.as_ref().and_then(|url| self.site.own(url)).unwrap_or_else(|| self.site.home())
    }
}

/// A page that returns to where this one would have, unless it says so itself.
fn with_return_to_of(visit: &Visit<'_>, page: Location) -> Location {
    match &visit.return_to {
        Some(url) if page.query("return_to").is_none() => page.with_return_to(url),
        _ => page,
    }
}

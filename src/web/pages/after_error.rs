//! What follows a call that failed.

use http::{Method, StatusCode};

use super::answer::PageAnswer;
use super::brake;
use super::error_page::ErrorPage;
use super::handlers::Pages;
use super::site::has_cookies;
use super::visit::Visit;
use crate::contract::Endpoint;
use crate::error::{Error, ErrorId, ErrorKind, FlowStep, NextStep};
use crate::flow::{FlowKind, Form};
use crate::privacy::Location;

impl Pages {
    pub(super) async fn after_error(&self, visit: &Visit<'_>, error: &Error) -> PageAnswer {
        let mut answer = self.decide(visit, error).await;
        error.relay_to(answer.headers_mut());
        answer
    }

    async fn decide(&self, visit: &Visit<'_>, error: &Error) -> PageAnswer {
        // No server redirects these calls, but a gateway may. Its URL leads nowhere, or here again.
        if error.kind() == ErrorKind::Redirect {
            return self.refuse_for(visit, error);
        }
        match error.flow_step() {
            Some(FlowStep::Show(form)) => return self.show_again(visit, *form, error),
            Some(FlowStep::StartAgain { flow: Some(flow) }) if !visit.is_restart => {
                return self.see_other(visit, self.marked(visit.page_of(&self.site, &flow)));
            }
            Some(FlowStep::StartAgain { .. }) => return self.start_again(visit, error),
            _ => {}
        }
        match error.next_step() {
            Some(NextStep::SignIn) if visit.kind == FlowKind::Login => self.sign_in_first(visit, error),
            Some(NextStep::SignIn) => self.sign_in(visit, None, None),
            Some(NextStep::StepUp { url }) => self.sign_in(visit, url, Some(("aal", "aal2"))),
            Some(NextStep::Reauthenticate { url }) => self.sign_in(visit, url, Some(("refresh", "true"))),
            Some(NextStep::AlreadySignedIn) => self.leave(visit).await,
            Some(NextStep::GoTo(url)) => self.go_to(visit, url),
            Some(NextStep::VerifyAddress { flow: Some(flow), .. }) => {
                self.see_other(visit, self.page_after(visit, FlowKind::Verification, &flow))
            }
            Some(NextStep::VerifyAddress { url: Some(url), .. }) => self.go_to(visit, url),
            // Before Kratos 26, a message of the form says that the address must be verified first.
            Some(NextStep::VerifyAddress { .. }) => match error.form() {
                Some(form) => self.show_again(visit, form, error),
                None => self.refuse_for(visit, error),
            },
            _ => self.refuse_for(visit, error),
        }
    }

    /// Draws a form whose input was refused. Kratos also responds with 400 to a form that merely goes on, such as after a
    /// code was sent. The browser goes there then, so that a reload does not send another one.
    fn show_again(&self, visit: &Visit<'_>, form: Form, error: &Error) -> PageAnswer {
        if form.is_rejected() {
            self.draw(visit, form, error.status().unwrap_or(StatusCode::BAD_REQUEST))
        } else {
            self.see_other(visit, visit.page_of(&self.site, &form.id))
        }
    }

    /// Sends the browser to the page without its flow. If a new flow is refused too, says so.
    fn start_again(&self, visit: &Visit<'_>, error: &Error) -> PageAnswer {
        let mut start = visit.start(&self.site);
        if error.id() == Some(ErrorId::SelfServiceFlowReturnToForbidden) {
            if visit.return_to.is_none() {
                // Kratos does not allow the URL that is configured here.
                return self.refuse(&ErrorPage::new(StatusCode::INTERNAL_SERVER_ERROR, start, Some(error)));
            }
            let kept = visit.kept().filter(|(name, _)| *name != "return_to");
            start = self.site.page_with(visit.kind, kept);
        } else if visit.return_to.is_none()
            && let Some(url) = return_to_of(error).and_then(|url| self.site.return_to(url))
        {
            start = start.with_return_to(url);
        }
        // Without any cookie the mark in a cookie does not hold.
        let is_unmarked = self.site.posts_to_kratos && error.is_forbidden() && !has_cookies(visit.headers);
        if visit.is_restart || is_unmarked {
            return self.refuse(&ErrorPage::of_loop(error, start));
        }
        let mut answer = self.see_other(visit, self.marked(start));
        if self.site.posts_to_kratos {
            brake::set_cookie(self.site.is_https(), answer.headers_mut());
        }
        answer
    }

    fn marked(&self, page: Location) -> Location {
        page.with_query(brake::MARK, &brake::mark())
    }

    /// Asks for the first factor, of somebody who was to present the second.
    fn sign_in_first(&self, visit: &Visit<'_>, error: &Error) -> PageAnswer {
        if visit.is_restart {
            return self.refuse(&ErrorPage::of_loop(error, visit.start(&self.site)));
        }
        let kept = visit.kept().filter(|(name, _)| *name != "aal");
        self.see_other(visit, self.marked(self.site.page_with(FlowKind::Login, kept)))
    }

    /// Sends the browser to the login, and back to this page. `url` is where Kratos would have it done.
    fn sign_in(&self, visit: &Visit<'_>, url: Option<Location>, how: Option<(&str, &str)>) -> PageAnswer {
        let back = visit.here(&self.site);
        let login = match url.filter(|_| self.site.posts_to_kratos) {
            // It continues what was submitted.
            Some(url) if url.query("return_to").is_some() => return self.see_other(visit, url),
            Some(url) => url,
            None => self.site.page_with(FlowKind::Login, how),
        };
        let login = back.map_or(login.clone(), |back| login.with_return_to(back));
        self.see_other(visit, login)
    }

    /// Sends somebody on who is signed in already.
    async fn leave(&self, visit: &Visit<'_>) -> PageAnswer {
        // A service that needs a second factor would send the browser here again, and so on. Kratos knows whether it is due.
        if visit.kind == FlowKind::Login && !visit.wishes("aal", "aal2") {
            let session = visit.user(&self.client).request(Method::GET, Endpoint::KratosPublic, "/sessions/whoami");
            if let Err(error) = session.send().await
                && let Some(NextStep::StepUp { url }) = error.next_step()
            {
                return self.sign_in(visit, url, Some(("aal", "aal2")));
            }
        }
        self.see_other(visit, self.home_of(visit))
    }
}

/// Where a flow that has expired would have led.
fn return_to_of(error: &Error) -> Option<&str> {
    error.json()?.pointer("/error/details/return_to")?.as_str()
}

//! Signs a browser out.

use http::Response;
use http::request::Parts;

use super::answer::PageAnswer;
use super::handlers::Pages;
use super::visit::Visit;
use crate::error::NextStep;
use crate::flow::FlowKind;
use crate::web::kratos_logout;

impl Pages {
    /// What to respond to a POST that signs a browser out.
    ///
    /// ```
    /// use ory_sdk::http::{Response, request::Parts};
    /// use ory_sdk::web::pages::Pages;
    ///
    /// /// `POST /logout`
    /// async fn logout(pages: &Pages, request: &Parts) -> Response<String> {
    ///     pages.sign_out(request).await
    /// }
    /// ```
    ///
    /// Afterwards the browser is on the login page. Where forms are posted [to Kratos](super::PagesBuilder::post_to_kratos),
    /// the browser is sent to Kratos to sign out, and Kratos decides where it goes then.
    ///
    /// If your service caches session checks, let it [forget the
    /// session](crate::docs::protect_a_service#which-time-to-cache) then.
    ///
    /// Call it for a POST only: a GET, for example of an image on another site, must not sign anybody out. Kratos' session
    /// cookie has `SameSite=Lax`, so a form on another site does not carry it.
    ///
    /// Source: Ory's operations `createBrowserLogoutFlow` and `updateLogoutFlow`.
    pub async fn sign_out(&self, request: &Parts) -> Response<String> {
        let visit = Visit::of(&self.site, FlowKind::Login, request);
        let answer = self.end_session(&visit).await;
        answer.draw(|_| String::new())
    }

    async fn end_session(&self, visit: &Visit<'_>) -> PageAnswer {
        let user = visit.user(&self.client);
        let logout = match kratos_logout::begin(&user, None).await {
            Ok(logout) => logout,
            Err(error) => {
                let mut answer = match error.next_step() {
                    Some(NextStep::SignIn) => self.see_other(visit, self.site.page(FlowKind::Login)),
                    _ => self.refuse_for(visit, &error),
                };
                error.relay_to(answer.headers_mut());
                return answer;
            }
        };
        if self.site.posts_to_kratos {
            return self.see_other(visit, logout.logout_url.as_str().into());
        }
        let ended = kratos_logout::end(&user, &logout.logout_token, None).await;
        let mut answer = match &ended {
            Ok(_) => self.see_other(visit, self.site.page(FlowKind::Login)),
            Err(error) => self.refuse_for(visit, error),
        };
        let headers = answer.headers_mut();
        match &ended {
            Ok(response) => response.relay_to(headers),
            Err(error) => error.relay_to(headers),
        }
        answer
    }
}

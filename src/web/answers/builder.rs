//! The settings of a layer, as they are given.

use std::fmt;
use std::sync::Arc;

use http::Response;

use super::settings::{OnRefusal, Refused, Settings};
use crate::flow::FlowKind;
use crate::input::InvalidSetting;
use crate::sessions::Sessions;
use crate::web::layers::SessionLayer;
use crate::web::own_url;

/// Collects the settings of a [`SessionLayer`]. [`build`](Self::build) checks them all.
///
/// ```
/// # fn example(sessions: &ory_sdk::sessions::Sessions) -> Result<(), ory_sdk::error::InvalidSetting> {
/// use ory_sdk::web::SessionLayer;
///
/// let layer = SessionLayer::builder(sessions)
///     .public_url("https://app.example.org")
///     .login_page("/login")
///     .build()?;
/// # Ok(())
/// # }
/// ```
#[must_use = "nothing happens until `build` is called"]
pub struct SessionLayerBuilder {
    sessions: Sessions,
    public_url: Option<String>,
    login_page: Option<String>,
    ui_pages: Vec<String>,
    origins: Vec<String>,
    on_refusal: Option<OnRefusal>,
}

impl SessionLayerBuilder {
    pub(crate) fn new(sessions: &Sessions) -> Self {
        Self {
            sessions: sessions.clone(),
            public_url: None,
            login_page: None,
            ui_pages: Vec::new(),
            origins: Vec::new(),
            on_refusal: None,
        }
    }

    /// Sets the URL of your service as browsers see it. It is required.
    ///
    /// Whoever signs in returns to it, with the path and query of the request. If a proxy removes a prefix of the path, the
    /// prefix belongs here. `Host`, `X-Forwarded-Host` and the like are never read: whoever sends a request writes them.
    ///
    /// Kratos must allow the URL as `return_to` (`selfservice.allowed_return_urls`). Otherwise it shows its error page to
    /// whoever is sent to sign in.
    pub fn public_url(mut self, url: impl Into<String>) -> Self {
        self.public_url = Some(url.into());
        self
    }

    /// Sets the path of your own login page, below the public URL. Without it, browsers go to Kratos, which starts a login
    /// flow and sends them to the page that its configuration names.
    ///
    /// The page gets `return_to`, and for those who are signed in already `aal=aal2` or `refresh=true`, as
    /// [`Pages`](crate::web::pages::Pages) reads them. It is never redirected itself.
    pub fn login_page(mut self, path: impl Into<String>) -> Self {
        self.login_page = Some(path.into());
        self
    }

    /// Adds a path, below the public URL, that is never redirected to the login: a page for those who are not signed in.
    ///
    /// It matters only if such a page is guarded, so that a browser does not go round in circles.
    pub fn ui_page(mut self, path: impl Into<String>) -> Self {
        self.ui_pages.push(path.into());
        self
    }

    /// Allows pages of another origin (`https://admin.example.org`) to open websockets with the cookies of a browser.
    ///
    /// Browsers send cookies with the websockets of any page, so a session is refused to pages of other sites.
    pub fn websocket_origin(mut self, origin: impl Into<String>) -> Self {
        self.origins.push(origin.into());
        self
    }

    /// Replaces answers to refusals. `None` leaves the usual one.
    pub fn on_refusal(
        mut self,
        answer: impl Fn(&Refused<'_>) -> Option<Response<String>> + Send + Sync + 'static,
    ) -> Self {
        self.on_refusal = Some(Arc::new(answer));
        self
    }

    /// Checks the settings.
    ///
    /// # Errors
    ///
    /// The public URL is missing or is not an http or https URL, a path does not start with a slash, or an origin is
    /// malformed. The error names the setting.
    pub fn build(self) -> Result<SessionLayer, InvalidSetting> {
        let Self { sessions, public_url, login_page, ui_pages, origins, on_refusal } = self;
        let wrong = |setting, why| InvalidSetting::new(format!("`{setting}`: {why}"));
        let missing = || InvalidSetting::new("`public_url` is missing: the URL of the service as browsers see it");
        let public_url = own_url::base_url(&public_url.ok_or_else(missing)?).map_err(|why| wrong("public_url", why))?;
        let pages = login_page.iter().map(|path| ("login_page", path));
        for (setting, path) in pages.chain(ui_pages.iter().map(|path| ("ui_page", path))) {
            own_url::check_path(path).map_err(|why| wrong(setting, why))?;
        }
        let origins = origins.iter().map(|origin| match own_url::origin(origin) {
            Ok(origin) => Ok(origin.ascii_serialization()),
            Err(why) => Err(wrong("websocket_origin", why)),
        });
        let start = |kind| {
            let url = sessions.client().create_flow(kind).url();
            url.map_err(|error| InvalidSetting::new(format!("the client has no way to start a {kind} flow: {error}")))
        };
        let settings = Settings {
            login_url: start(FlowKind::Login)?,
            verification_url: start(FlowKind::Verification)?,
            ui_paths: login_page.iter().cloned().chain(ui_pages).collect(),
            origins: origins.collect::<Result<_, _>>()?,
            public_url,
            login_page,
            on_refusal,
            sessions,
        };
        Ok(SessionLayer::new(settings))
    }
}

impl fmt::Debug for SessionLayerBuilder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SessionLayerBuilder")
            .field("sessions", &self.sessions)
            .field("login_page", &self.login_page)
            .field("ui_pages", &self.ui_pages)
            .finish_non_exhaustive()
    }
}

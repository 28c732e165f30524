//! The settings of a provider.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use url::Url;

use super::claims::{Claims, ClaimsFor};
use super::handle::Provider;
use crate::client::Client;
use crate::input::InvalidSetting;
use crate::privacy::Location;
use crate::web::pages::Pages;

/// The settings that every page needs.
pub(super) struct Settings {
    pub client: Client,
    pub login_url: Location,
    /// Where forms of this site come from.
    pub origin: String,
    pub home_url: Location,
    /// Where people sign in, if not at Kratos.
    pub pages: Option<Pages>,
    pub timeout: Duration,
    pub fresh_for: Duration,
    /// `None` if logins are not remembered; 0 for as long as the session of Kratos lasts.
    pub remember_login: Option<Duration>,
    pub remember_consent: Duration,
    pub claims: Option<Arc<MakeClaims>>,
}

pub(super) type MakeClaims = dyn Fn(&ClaimsFor<'_>) -> Claims + Send + Sync;

/// Collects the settings of a [`Provider`]: [`Provider::builder`].
///
/// ```
/// use std::time::Duration;
///
/// use ory_sdk::Client;
/// use ory_sdk::web::provider::{Claims, Provider};
///
/// let ory = Client::builder()
///     .kratos_public_url("http://127.0.0.1:4433")
///     .hydra_admin_url("http://127.0.0.1:4445")
///     .build()?;
/// let provider = Provider::builder(&ory)
///     .login_url("https://id.example.org/oauth2/login")
///     .remember_consent_for(Duration::from_secs(30 * 24 * 3600))
///     .claims(|wanted| Claims::new().access_token("session", wanted.session.id.to_string()))
///     .build()?;
/// # let _ = provider;
/// # Ok::<(), ory_sdk::error::InvalidSetting>(())
/// ```
#[derive(Clone)]
#[must_use = "it does nothing before `build`"]
pub struct ProviderBuilder {
    client: Client,
    login_url: Option<String>,
    home_url: Option<String>,
    pages: Option<Pages>,
    timeout: Duration,
    fresh_for: Duration,
    remember_login: Option<Duration>,
    remember_consent: Duration,
    claims: Option<Arc<MakeClaims>>,
}

impl ProviderBuilder {
    pub(super) fn new(client: &Client) -> Self {
        Self {
            client: client.clone(),
            login_url: None,
            home_url: None,
            pages: None,
            timeout: Duration::from_secs(5),
            fresh_for: Duration::from_secs(60),
            remember_login: Some(Duration::ZERO),
            remember_consent: Duration::ZERO,
            claims: None,
        }
    }

    /// Sets the URL of your login page as browsers see it: what Hydra's configuration calls `urls.login`. Required.
    ///
    /// ```
    /// # fn example(ory: &ory_sdk::Client) -> Result<(), ory_sdk::error::InvalidSetting> {
    /// use ory_sdk::web::provider::Provider;
    ///
    /// let provider = Provider::builder(ory).login_url("https://id.example.org/oauth2/login").build()?;
    /// # let _ = provider;
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// After a sign-in, Kratos sends the browser back there, so its configuration must allow the URL
    /// (`selfservice.allowed_return_urls`). Forms must come from the same origin. It is never taken from a request, which an
    /// attacker could have written.
    pub fn login_url(mut self, url: impl Into<String>) -> Self {
        self.login_url = Some(url.into());
        self
    }

    /// Sets where a browser goes whose person does not want to sign out after all. Default: `/` at the origin of
    /// [`login_url`](Self::login_url).
    ///
    /// ```
    /// # fn example(ory: &ory_sdk::Client) {
    /// use ory_sdk::web::provider::Provider;
    ///
    /// let builder = Provider::builder(ory).home_url("https://www.example.org/");
    /// # let _ = builder;
    /// # }
    /// ```
    pub fn home_url(mut self, url: impl Into<String>) -> Self {
        self.home_url = Some(url.into());
        self
    }

    /// Sends people to pages of your own to sign in or to register. Without it, they go to Kratos, which starts a flow and sends
    /// them to the page that its configuration names.
    ///
    /// ```
    /// # fn example(ory: &ory_sdk::Client) -> Result<(), ory_sdk::error::InvalidSetting> {
    /// use ory_sdk::web::pages::Pages;
    /// use ory_sdk::web::provider::Provider;
    ///
    /// let pages = Pages::builder(ory).public_url("https://id.example.org").build()?;
    /// let provider = Provider::builder(ory).login_url("https://id.example.org/oauth2/login").pages(&pages).build()?;
    /// # let _ = provider;
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// Set it if your pages relay their forms: browsers then need not reach Kratos, and all cookies are of your host. Somebody
    /// who is signed in already goes back only within the origin of the pages, unless they
    /// [allow](crate::web::pages::PagesBuilder::allow_return_to) that of [`login_url`](Self::login_url).
    pub fn pages(mut self, pages: &Pages) -> Self {
        self.pages = Some(pages.clone());
        self
    }

    /// Limits each call to Hydra and Kratos, retries included. Default: 5 seconds.
    ///
    /// ```
    /// use std::time::Duration;
    ///
    /// # fn example(ory: &ory_sdk::Client) {
    /// let builder = ory_sdk::web::provider::Provider::builder(ory).timeout(Duration::from_secs(2));
    /// # let _ = builder;
    /// # }
    /// ```
    pub fn timeout(mut self, limit: Duration) -> Self {
        self.timeout = limit;
        self
    }

    /// Sets how old a sign-in may be for an application that asks for a new one (`prompt=login`, `max_age=0`). Default: a
    /// minute.
    ///
    /// ```
    /// use std::time::Duration;
    ///
    /// # fn example(ory: &ory_sdk::Client) {
    /// let builder = ory_sdk::web::provider::Provider::builder(ory).fresh_for(Duration::from_secs(20));
    /// # let _ = builder;
    /// # }
    /// ```
    ///
    /// It is the time in which a browser gets from the form of the sign-in to the login page, so that the same sign-in is
    /// recognized there. The clocks of Kratos and of your service must agree better than that, or people have to sign in
    /// over and over.
    pub fn fresh_for(mut self, limit: Duration) -> Self {
        self.fresh_for = limit;
        self
    }

    /// Lets Hydra remember a login for at most this time. Default: as long as the session of Kratos lasts, which is also
    /// the limit of a longer time.
    ///
    /// ```
    /// use std::time::Duration;
    ///
    /// # fn example(ory: &ory_sdk::Client) {
    /// let builder = ory_sdk::web::provider::Provider::builder(ory).remember_login_for(Duration::from_secs(3600));
    /// # let _ = builder;
    /// # }
    /// ```
    ///
    /// What Hydra remembers is no replacement for the session: whoever has none signs in again. But only a remembered login
    /// can be logged out of by an application, and only with it `prompt=none` succeeds.
    pub fn remember_login_for(mut self, limit: Duration) -> Self {
        self.remember_login = Some(limit);
        self
    }

    /// Lets Hydra remember no login.
    ///
    /// ```
    /// # fn example(ory: &ory_sdk::Client) {
    /// let builder = ory_sdk::web::provider::Provider::builder(ory).never_remember_login();
    /// # let _ = builder;
    /// # }
    /// ```
    ///
    /// `prompt=none` then always fails, and Hydra never asks your logout page, so that a logout at an application leaves the
    /// session of Kratos alone.
    pub fn never_remember_login(mut self) -> Self {
        self.remember_login = None;
        self
    }

    /// Sets for how long Hydra remembers what a person granted, if the person wants that. Default: 0, for ever.
    ///
    /// ```
    /// use std::time::Duration;
    ///
    /// # fn example(ory: &ory_sdk::Client) {
    /// let month = Duration::from_secs(30 * 24 * 3600);
    /// let builder = ory_sdk::web::provider::Provider::builder(ory).remember_consent_for(month);
    /// # let _ = builder;
    /// # }
    /// ```
    pub fn remember_consent_for(mut self, limit: Duration) -> Self {
        self.remember_consent = limit;
        self
    }

    /// Sets how the claims for an application are made. Default: none of your own.
    ///
    /// ```
    /// # fn example(ory: &ory_sdk::Client) {
    /// use ory_sdk::web::provider::{Claims, Provider};
    ///
    /// let builder = Provider::builder(ory).claims(|wanted| {
    ///     let traits = wanted.session.identity.as_ref().and_then(|identity| identity.traits.as_ref());
    ///     match traits {
    ///         Some(traits) if wanted.has_scope("email") => Claims::new().id_token("email", traits["email"].clone()),
    ///         _ => Claims::new(),
    ///     }
    /// });
    /// # let _ = builder;
    /// # }
    /// ```
    ///
    /// It is called for every consent, remembered ones too, with the scopes that are granted.
    pub fn claims(mut self, claims: impl Fn(&ClaimsFor<'_>) -> Claims + Send + Sync + 'static) -> Self {
        self.claims = Some(Arc::new(claims));
        self
    }

    /// Checks the settings.
    ///
    /// ```
    /// # fn example(ory: &ory_sdk::Client) {
    /// let why = ory_sdk::web::provider::Provider::builder(ory).login_url("/login").build().unwrap_err();
    /// assert!(why.to_string().starts_with("`login_url`: "));
    /// # }
    /// ```
    ///
    /// # Errors
    ///
    /// A [`login_url`](Self::login_url) that is missing, that is not an absolute http or https URL, or that has a query or
    /// fragment; a [`home_url`](Self::home_url) that is no absolute URL.
    pub fn build(self) -> Result<Provider, InvalidSetting> {
        let login = self.login_url.ok_or_else(|| InvalidSetting::new("`login_url` is missing"))?;
        let login = crate::routing::Endpoints::check("login_url", &login).map_err(InvalidSetting::new)?;
        let home = match self.home_url {
            Some(home) => {
                Url::parse(&home).map_err(|why| InvalidSetting::new(format!("`home_url`: not a URL: {why}")))?
            }
            None => login.join("/").unwrap_or_else(|_| login.clone()),
        };
        let wait = |name: &str, limit: Duration| {
            let why = || InvalidSetting::new(format!("`{name}`: longer than Hydra can count"));
            i64::try_from(limit.as_secs()).map(|_| limit).map_err(|_| why())
        };
        let settings = Settings {
            client: self.client,
            origin: login.origin().ascii_serialization(),
            login_url: login.into(),
            home_url: home.into(),
            pages: self.pages,
            timeout: self.timeout,
            fresh_for: self.fresh_for,
            remember_login: self.remember_login.map(|limit| wait("remember_login_for", limit)).transpose()?,
            remember_consent: wait("remember_consent_for", self.remember_consent)?,
            claims: self.claims,
        };
        Ok(Provider { settings: Arc::new(settings) })
    }
}

impl fmt::Debug for ProviderBuilder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ProviderBuilder").field("client", &self.client).finish_non_exhaustive()
    }
}

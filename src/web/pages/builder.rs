//! The settings of the pages.

use std::fmt;
use std::sync::Arc;

use url::{Origin, Url};

use super::error_page::ErrorPage;
use super::handlers::{DrawError, Pages};
use super::site::Site;
use crate::client::Client;
use crate::flow::FlowKind;
use crate::input::InvalidSetting;
use crate::web::own_url;

/// Settings for [`Pages`], made by [`Pages::builder`].
///
/// ```
/// use ory_sdk::flow::FlowKind;
/// use ory_sdk::web::pages::Pages;
///
/// # fn example(client: &ory_sdk::Client) -> Result<(), ory_sdk::error::InvalidSetting> {
/// let pages = Pages::builder(client)
///     .public_url("https://app.example.org")
///     .page(FlowKind::Login, "/sign-in")
///     .after_sign_in("/orders")
///     .build()?;
/// assert_eq!(pages.path(FlowKind::Login), "/sign-in");
/// # Ok(())
/// # }
/// ```
#[derive(Clone)]
#[must_use = "nothing is made before `build`"]
pub struct PagesBuilder {
    client: Client,
    public_url: Option<String>,
    pages: Vec<(FlowKind, String)>,
    after_sign_in: Option<String>,
    origins: Vec<String>,
    posts_to_kratos: bool,
    draw_error: DrawError,
}

impl PagesBuilder {
    pub(super) fn new(client: &Client) -> Self {
        Self {
            client: client.clone(),
            public_url: None,
            pages: Vec::new(),
            after_sign_in: None,
            origins: Vec::new(),
            posts_to_kratos: false,
            draw_error: Arc::new(|page| page.html()),
        }
    }

    /// Sets the URL of this service as browsers see it, such as `https://app.example.org`. Required.
    ///
    /// ```
    /// # fn example(client: &ory_sdk::Client) -> Result<(), ory_sdk::error::InvalidSetting> {
    /// let pages = ory_sdk::web::pages::Pages::builder(client).public_url("https://app.example.org").build()?;
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// All redirects begin with it, and no header of a request can change that. It may have a path, below which the pages
    /// are then.
    pub fn public_url(mut self, url: impl Into<String>) -> Self {
        self.public_url = Some(url.into());
        self
    }

    /// Sets the path of a page, below the public URL. The default is the name of the kind: `/login`, `/registration`,
    /// `/settings`, `/recovery`, `/verification`.
    ///
    /// ```
    /// use ory_sdk::flow::FlowKind;
    /// # fn example(client: &ory_sdk::Client) -> Result<(), ory_sdk::error::InvalidSetting> {
    /// let builder = ory_sdk::web::pages::Pages::builder(client).public_url("https://app.example.org");
    /// let pages = builder.page(FlowKind::Registration, "/sign-up").build()?;
    /// assert_eq!(pages.path(FlowKind::Registration), "/sign-up");
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// Name the same URLs in the configuration of Kratos (`selfservice.flows.*.ui_url`).
    pub fn page(mut self, kind: FlowKind, path: impl Into<String>) -> Self {
        self.pages.push((kind, path.into()));
        self
    }

    /// Sets where a browser goes after a login or registration without a `return_to`: a path of this site, or a URL.
    ///
    /// ```
    /// # fn example(client: &ory_sdk::Client) -> Result<(), ory_sdk::error::InvalidSetting> {
    /// let builder = ory_sdk::web::pages::Pages::builder(client).public_url("https://app.example.org");
    /// let pages = builder.after_sign_in("/orders").build()?;
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// Kratos must allow it as `return_to` (`selfservice.allowed_return_urls`). Without this setting, Kratos decides, and
    /// where it says nothing, the browser goes to `/`.
    pub fn after_sign_in(mut self, url: impl Into<String>) -> Self {
        self.after_sign_in = Some(url.into());
        self
    }

    /// Lets a browser that is already signed in go to URLs of another origin, such as `https://shop.example.org`, if the
    /// query names one as `return_to`. Call it once for each origin.
    ///
    /// ```
    /// # fn example(client: &ory_sdk::Client) -> Result<(), ory_sdk::error::InvalidSetting> {
    /// let builder = ory_sdk::web::pages::Pages::builder(client).public_url("https://app.example.org");
    /// let pages = builder.allow_return_to("https://shop.example.org").build()?;
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// Everywhere else Kratos decides about the `return_to`. It creates no flow for whoever is signed in already.
    pub fn allow_return_to(mut self, origin: impl Into<String>) -> Self {
        self.origins.push(origin.into());
        self
    }

    /// Lets browsers post their forms to Kratos directly. By default they post them to these pages, which relay them.
    ///
    /// ```
    /// # fn example(client: &ory_sdk::Client) -> Result<(), ory_sdk::error::InvalidSetting> {
    /// let builder = ory_sdk::web::pages::Pages::builder(client).public_url("https://app.example.org");
    /// let pages = builder.post_to_kratos().build()?;
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// Browsers must reach Kratos ([`kratos_browser_url`](crate::ClientBuilder::kratos_browser_url)), and its cookies must
    /// reach this service: set their `domain` in the configuration of Kratos if the two have different hosts. Flows then
    /// start at Kratos too, and the forms keep Kratos' `action`.
    pub fn post_to_kratos(mut self) -> Self {
        self.posts_to_kratos = true;
        self
    }

    /// Draws error pages: a function that returns HTML. The default is a plain page in English.
    ///
    /// ```
    /// # fn example(client: &ory_sdk::Client) -> Result<(), ory_sdk::error::InvalidSetting> {
    /// let builder = ory_sdk::web::pages::Pages::builder(client).public_url("https://app.example.org");
    /// let pages = builder.error_page(|page| format!("<h1>{}</h1><p>{}</p>", page.title(), page.text)).build()?;
    /// # Ok(())
    /// # }
    /// ```
    pub fn error_page(mut self, html: impl Fn(&ErrorPage<'_>) -> String + Send + Sync + 'static) -> Self {
        self.draw_error = Arc::new(html);
        self
    }

    /// Makes the pages.
    ///
    /// ```
    /// # fn example(client: &ory_sdk::Client) {
    /// let refused = ory_sdk::web::pages::Pages::builder(client).public_url("app.example.org").build().unwrap_err();
    /// assert!(refused.to_string().starts_with("`public_url`: "));
    /// # }
    /// ```
    ///
    /// # Errors
    ///
    /// No public URL, or a setting that is none: a URL that is not absolute or has another scheme than http and https, a
    /// path without a slash before it, two kinds with the same path, or an `after_sign_in` that is the login page itself.
    pub fn build(self) -> Result<Pages, InvalidSetting> {
        let site = self.site().map_err(InvalidSetting::new)?;
        Ok(Pages::new(self.client, site, self.draw_error))
    }

    fn site(&self) -> Result<Site, String> {
        let text = self.public_url.as_deref().ok_or("`public_url` is not set")?;
        let public_url = own_url::base_url(text).map_err(|why| format!("`public_url`: {why}"))?;
        let mut paths = FlowKind::ALL.map(|kind| format!("/{kind}"));
        for (kind, path) in &self.pages {
            own_url::check_path(path).map_err(|why| format!("`page` of {kind}: {why}"))?;
            for (own, _) in paths.iter_mut().zip(FlowKind::ALL).filter(|(_, known)| known == kind) {
                own.clone_from(path);
            }
        }
        for (at, path) in paths.iter().enumerate() {
            if let Some(other) = paths.iter().take(at).position(|other| other == path) {
                return Err(format!("`page`: {} and {} have the same path", FlowKind::ALL[other], FlowKind::ALL[at]));
            }
        }
        let origin = |text: &String| -> Result<Origin, String> {
            own_url::origin(text).map_err(|why| format!("`allow_return_to`: {why}"))
        };
        let origins = self.origins.iter().map(origin).collect::<Result<_, _>>()?;
        let posts_to_kratos = self.posts_to_kratos;
        let mut site = Site { public_url, paths, after_sign_in: None, origins, posts_to_kratos };
        site.after_sign_in = self.after_sign_in.as_deref().map(|text| after_sign_in(&site, text)).transpose()?;
        Ok(site)
    }
}

fn after_sign_in(site: &Site, text: &str) -> Result<Url, String> {
    let url = site.return_to(text).filter(|url| ["http", "https"].contains(&url.scheme()));
    let url = url.ok_or("`after_sign_in`: expected a path such as `/orders`, or an absolute URL")?;
    let sends_back = [FlowKind::Login, FlowKind::Registration, FlowKind::Recovery];
    match sends_back.into_iter().find(|kind| site.below(site.path(*kind)).as_str() == url.as_str()) {
        Some(kind) => Err(format!("`after_sign_in`: the {kind} page sends whoever is signed in here again")),
        None => Ok(url),
    }
}

impl fmt::Debug for PagesBuilder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("PagesBuilder").field("pages", &self.pages).finish_non_exhaustive()
    }
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;

    fn builder() -> PagesBuilder {
        let client = Client::builder().kratos_public_url("http://127.0.0.1:4433").build().unwrap();
        PagesBuilder::new(&client).public_url("https://app.example.org")
    }

    pub(in super::super) fn site() -> Site {
        builder().site().unwrap()
    }

    #[test]
    fn wrong_settings_are_refused() {
        let why = |builder: PagesBuilder| builder.build().unwrap_err().to_string();
        for (builder, expected) in [
            (PagesBuilder { public_url: None, ..builder() }, "`public_url` is not set"),
            (builder().public_url("app.example.org"), "`public_url`: expected a URL such as"),
            (builder().public_url("ftp://app.example.org"), "`public_url`: expected the scheme http or https"),
            (builder().public_url("https://a:b@app.example.org"), "`public_url`: expected a URL without a user"),
            (builder().public_url("https://app.example.org?a"), "`public_url`: expected a URL without a query"),
            (builder().page(FlowKind::Login, "login"), "`page` of login: expected a path with one slash"),
            (builder().page(FlowKind::Login, "//login"), "`page` of login: expected a path with one slash"),
            (builder().page(FlowKind::Login, "/a?b"), "`page` of login: expected a path, but it has another"),
            (builder().page(FlowKind::Login, "/settings"), "`page`: login and settings have the same path"),
            (builder().after_sign_in("orders"), "`after_sign_in`: expected a path"),
            (builder().after_sign_in("//evil.example"), "`after_sign_in`: expected a path"),
            (builder().after_sign_in("/login"), "`after_sign_in`: the login page sends"),
            (builder().allow_return_to("shop.example.org"), "`allow_return_to`: expected a URL"),
            (builder().allow_return_to("https://shop.example.org/a"), "`allow_return_to`: expected an origin"),
        ] {
            let why = why(builder);
            assert!(why.starts_with(expected), "{why}");
        }
        let pages = builder().page(FlowKind::Settings, "/x").page(FlowKind::Login, "/settings").build().unwrap();
        assert_eq!((pages.path(FlowKind::Settings), pages.path(FlowKind::Login)), ("/x", "/settings"));
    }

    #[test]
    fn pages_are_below_the_path_of_the_public_url() {
        for url in ["https://app.example.org/auth", "https://app.example.org/auth/"] {
            let site = builder().public_url(url).after_sign_in("/orders").site().unwrap();
            assert_eq!(site.page_of(FlowKind::Login, "f").as_str(), "https://app.example.org/auth/login?flow=f");
            assert_eq!(site.home().as_str(), "https://app.example.org/orders");
        }
        assert_eq!(site().home().as_str(), "https://app.example.org/");
    }
}

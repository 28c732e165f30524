//! A client from environment variables.

use super::builder::ClientBuilder;
use super::handle::Client;
use super::urls::UrlSetting;
use crate::contract::Endpoint;
use crate::credentials::TokenSource;
use crate::input::InvalidSetting;

/// One URL for everything.
const EVERYTHING: &str = "ORY_SDK_URL";

/// The servers as browsers see them.
const BROWSERS: [(&str, Endpoint); 2] =
    [("ORY_KRATOS_BROWSER_URL", Endpoint::KratosPublic), ("ORY_HYDRA_BROWSER_URL", Endpoint::HydraPublic)];

/// The variables of the tokens: one for all administrative servers, and one for each of them.
fn tokens() -> impl Iterator<Item = (String, Option<Endpoint>)> {
    let own = Endpoint::KNOWN.into_iter().filter_map(|endpoint| Some((endpoint.token_variable()?, Some(endpoint))));
    [("ORY_ACCESS_TOKEN".to_owned(), None)].into_iter().chain(own)
}

const INSECURE: &str = "ORY_ALLOW_INSECURE_HTTP";

/// # Build a client from environment variables
impl Client {
    /// Builds a client from environment variables.
    ///
    /// ```no_run
    /// let client = ory_sdk::Client::from_env()?;
    /// # Ok::<(), ory_sdk::error::InvalidSetting>(())
    /// ```
    ///
    /// | variable | setting |
    /// | --- | --- |
    /// | `ORY_SDK_URL` | one URL for everything: [`ClientBuilder::project_url`] |
    /// | `ORY_KRATOS_PUBLIC_URL`, `ORY_KRATOS_ADMIN_URL`, `ORY_HYDRA_PUBLIC_URL`, `ORY_HYDRA_ADMIN_URL` | one server each |
    /// | `ORY_KETO_READ_URL`, `ORY_KETO_WRITE_URL`, `ORY_KETO_OPL_URL` | one API of Keto each |
    /// | `ORY_KRATOS_BROWSER_URL`, `ORY_HYDRA_BROWSER_URL` | [`ClientBuilder::kratos_browser_url`], [`ClientBuilder::hydra_browser_url`] |
    /// | `ORY_ACCESS_TOKEN` | [`ClientBuilder::access_token`] |
    /// | `ORY_KRATOS_ADMIN_TOKEN`, `ORY_HYDRA_ADMIN_TOKEN`, `ORY_KETO_READ_TOKEN`, `ORY_KETO_WRITE_TOKEN`, `ORY_KETO_OPL_TOKEN` | [`ClientBuilder::endpoint_token`] of one server each |
    /// | `ORY_CONSOLE_URL`, `ORY_CONSOLE_TOKEN` | the console |
    /// | `ORY_ALLOW_INSECURE_HTTP` | `1` or `true`: [`ClientBuilder::allow_insecure_http`]; `0` or `false`: not |
    ///
    /// An empty variable counts as not set.
    ///
    /// # Errors
    ///
    /// [`InvalidSetting`] names the variable that is not valid, or the variables that contradict each other
    /// (`ORY_SDK_URL` beside the URL of a single server).
    pub fn from_env() -> Result<Self, InvalidSetting> {
        ClientBuilder::from_env()?.build()
    }
}

/// # From environment variables
impl ClientBuilder {
    /// Reads the settings from environment variables, to add others to them: see [`Client::from_env`].
    ///
    /// # Errors
    ///
    /// See [`Client::from_env`].
    pub fn from_env() -> Result<Self, InvalidSetting> {
        read(&|name| match std::env::var(name) {
            Ok(value) => Ok(Some(value)),
            Err(std::env::VarError::NotPresent) => Ok(None),
            Err(std::env::VarError::NotUnicode(_)) => Err(InvalidSetting::new(format!("`{name}` is not UTF-8"))),
        })
    }
}

type Get<'a> = &'a dyn Fn(&str) -> Result<Option<String>, InvalidSetting>;

fn read(get: Get<'_>) -> Result<ClientBuilder, InvalidSetting> {
    let value = |name: &str| Ok::<_, InvalidSetting>(get(name)?.filter(|value| !value.trim().is_empty()));
    let mut builder = Client::builder();
    builder.from_env = true;
    let everything = value(EVERYTHING)?;
    for endpoint in Endpoint::KNOWN {
        let Some(name) = endpoint.variable() else { continue };
        let Some(url) = value(name)? else { continue };
        // The console is not part of a project.
        if everything.is_some() && endpoint != Endpoint::Console {
            return Err(InvalidSetting::new(format!("`{EVERYTHING}` and `{name}` are both set: set only one of them")));
        }
        builder = builder.url_of_variable(UrlSetting::Server(endpoint), name, url);
    }
    if let Some(url) = everything {
        builder = builder.url_of_variable(UrlSetting::Project, EVERYTHING, url);
    }
    for (name, endpoint) in BROWSERS {
        if let Some(url) = value(name)? {
            builder = builder.url_of_variable(UrlSetting::Browser(endpoint), name, url);
        }
    }
    for (name, endpoint) in tokens() {
        if let Some(token) = value(&name)? {
            builder = builder.token(endpoint, name, TokenSource::Fixed(token.into()));
        }
    }
    match value(INSECURE)?.as_deref() {
        None | Some("0" | "false") => Ok(builder),
        Some("1" | "true") => Ok(builder.allow_insecure_http()),
        Some(_) => Err(InvalidSetting::new(format!("`{INSECURE}` must be 1, true, 0 or false"))),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn from(variables: &[(&str, &str)]) -> Result<Client, InvalidSetting> {
        let find =
            |name: &str| variables.iter().find(|(known, _)| *known == name).map(|(_, value)| (*value).to_owned());
        read(&|name| Ok(find(name)))?.build()
    }

    #[test]
    fn reads_and_refuses() {
        let endpoint = Endpoint::HydraAdmin;
        let client =
            from(&[("ORY_SDK_URL", "http://127.0.0.1:1/x"), ("ORY_ACCESS_TOKEN", "t"), ("ORY_CONSOLE_URL", "")])
                .unwrap();
        assert_eq!(client.endpoint(&endpoint), Some("http://127.0.0.1:1/x"));
        let client = from(&[("ORY_HYDRA_ADMIN_URL", "http://127.0.0.1:2")]).unwrap();
        assert_eq!(client.endpoint(&endpoint), Some("http://127.0.0.1:2/"));
        assert!(!client.transport.allow_insecure_http);
        let why = |variables: &[(&str, &str)]| from(variables).unwrap_err().to_string();
        assert_eq!(
            why(&[("ORY_SDK_URL", "http://a"), ("ORY_KRATOS_ADMIN_URL", "http://b")]),
            "`ORY_SDK_URL` and `ORY_KRATOS_ADMIN_URL` are both set: set only one of them"
        );
        assert!(
            why(&[("ORY_SDK_URL", "http://a"), ("ORY_ALLOW_INSECURE_HTTP", "yes")]).contains("ORY_ALLOW_INSECURE_HTTP")
        );
        assert_eq!(why(&[]), "no endpoint is set: set `ORY_SDK_URL`, `ORY_KRATOS_PUBLIC_URL` or another variable");
    }

    #[test]
    fn every_error_names_the_variable() {
        let known = Endpoint::KNOWN.iter().filter_map(Endpoint::variable);
        let urls = known.chain(BROWSERS.map(|(name, _)| name)).chain([EVERYTHING]);
        for name in urls {
            for wrong in ["nonsense", "ftp://a", "http://a?x", "http://"] {
                let why = from(&[(name, wrong)]).unwrap_err().to_string();
                assert!(why.starts_with(&format!("`{name}`: ")), "{why}");
            }
        }
        for (name, _) in tokens() {
            let why = from(&[(EVERYTHING, "http://127.0.0.1:1"), (&name, "hunter2\nx")]).unwrap_err().to_string();
            assert!(why.starts_with(&format!("`{name}`: ")) && !why.contains("hunter2"), "{why}");
        }
        // A setting beside a variable.
        let find = |name: &str| Ok((name == "ORY_KRATOS_ADMIN_URL").then(|| "http://127.0.0.1:1".to_owned()));
        let twice = read(&find).unwrap().kratos_admin_url("http://127.0.0.1:2").build().unwrap_err();
        let text = "`ORY_KRATOS_ADMIN_URL` and `kratos_admin_url` set the same URL: set only one of them";
        assert_eq!(twice.to_string(), text);
    }

    #[test]
    fn each_server_may_have_its_own_token() {
        let urls = [("ORY_KRATOS_ADMIN_URL", "http://127.0.0.1:1"), ("ORY_HYDRA_ADMIN_URL", "http://127.0.0.1:2")];
        let with = |more: &[(&'static str, &'static str)]| from(&[&urls, more].concat());
        let own = [("ORY_KRATOS_ADMIN_TOKEN", "k"), ("ORY_HYDRA_ADMIN_TOKEN", "h")];
        let client = with(&own).unwrap();
        let credentials = &client.transport.credentials;
        assert!(credentials.has_own(&Endpoint::KratosAdmin) && credentials.has_own(&Endpoint::HydraAdmin));
        assert!(with(&[own[0], ("ORY_ACCESS_TOKEN", "rest")]).is_ok());
        assert_eq!(
            with(&[("ORY_ACCESS_TOKEN", "t")]).unwrap_err().to_string(),
            "`ORY_ACCESS_TOKEN` would go to several origins: http://127.0.0.1:1 (Kratos admin) and http://127.0.0.1:2 \
             (Hydra admin): set a token for each server instead, by `ORY_KRATOS_ADMIN_TOKEN` and `ORY_HYDRA_ADMIN_TOKEN`"
        );
        let keto = [("ORY_KETO_READ_URL", "http://127.0.0.1:3"), ("ORY_ACCESS_TOKEN", "t")];
        let why = with(&keto).unwrap_err().to_string();
        assert!(
            why.ends_with("by `ORY_KRATOS_ADMIN_TOKEN`, `ORY_HYDRA_ADMIN_TOKEN` and `ORY_KETO_READ_TOKEN`"),
            "{why}"
        );
        assert_eq!(
            from(&[urls[0], own[1]]).unwrap_err().to_string(),
            "`ORY_HYDRA_ADMIN_TOKEN`: its endpoint is not configured: set `ORY_HYDRA_ADMIN_URL` or `ORY_SDK_URL`"
        );
    }

    #[test]
    fn a_call_names_the_variable_that_is_missing() {
        let client = from(&[("ORY_KRATOS_ADMIN_URL", "http://127.0.0.1:1")]).unwrap();
        let why = client.transport.endpoints.base(&Endpoint::HydraAdmin).err().unwrap();
        assert_eq!(why, "its endpoint is not configured: set `ORY_HYDRA_ADMIN_URL` or `ORY_SDK_URL`");
        let why = client.transport.endpoints.base(&Endpoint::Console).err().unwrap();
        assert_eq!(why, "the console is not configured: set `ORY_CONSOLE_URL` or `ORY_CONSOLE_TOKEN`");
    }

    #[test]
    fn the_console_is_set_beside_a_project() {
        let variables = [("ORY_SDK_URL", "http://127.0.0.1:1"), ("ORY_CONSOLE_URL", "http://127.0.0.1:2")];
        let client = from(&variables).unwrap();
        assert_eq!(client.endpoint(&Endpoint::Console), Some("http://127.0.0.1:2/"));
    }
}

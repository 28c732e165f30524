//! A client from environment variables.

use crate::client::Client;
use crate::client_builder::{ClientBuilder, InvalidSetting};

/// One URL for everything.
const EVERYTHING: &str = "ORY_SDK_URL";

/// URLs of single servers, each with its setting.
type Set = fn(ClientBuilder, String) -> ClientBuilder;
const SERVERS: [(&str, Set); 4] = [
    ("ORY_KRATOS_PUBLIC_URL", |builder, url| builder.kratos_public_url(url)),
    ("ORY_KRATOS_ADMIN_URL", |builder, url| builder.kratos_admin_url(url)),
    ("ORY_HYDRA_PUBLIC_URL", |builder, url| builder.hydra_public_url(url)),
    ("ORY_HYDRA_ADMIN_URL", |builder, url| builder.hydra_admin_url(url)),
];

/// The rest, which contradicts nothing.
const OTHERS: [(&str, Set); 3] = [
    ("ORY_CONSOLE_URL", |builder, url| builder.console_url(url)),
    ("ORY_ACCESS_TOKEN", |builder, token| builder.access_token(token)),
    ("ORY_CONSOLE_TOKEN", |builder, token| builder.console_token(token)),
];

impl Client {
    /// A client from the environment.
    ///
    /// ```no_run
    /// let client = ory_sdk::Client::from_env()?;
    /// # Ok::<(), ory_sdk::InvalidSetting>(())
    /// ```
    ///
    /// | variable | setting |
    /// | --- | --- |
    /// | `ORY_SDK_URL` | one URL for everything: [`ClientBuilder::project_url`] |
    /// | `ORY_KRATOS_PUBLIC_URL`, `ORY_KRATOS_ADMIN_URL`, `ORY_HYDRA_PUBLIC_URL`, `ORY_HYDRA_ADMIN_URL` | a server each |
    /// | `ORY_ACCESS_TOKEN` | [`ClientBuilder::access_token`] |
    /// | `ORY_CONSOLE_URL`, `ORY_CONSOLE_TOKEN` | the console |
    /// | `ORY_ALLOW_INSECURE_HTTP` | `1` or `true`: [`ClientBuilder::allow_insecure_http`]; `0` or `false`: not |
    ///
    /// A variable that is empty counts as not set.
    ///
    /// # Errors
    ///
    /// [`InvalidSetting`] names the variables that contradict each other (`ORY_SDK_URL` beside the URL of a single
    /// server), or what [`ClientBuilder::build`] refuses.
    pub fn from_env() -> Result<Self, InvalidSetting> {
        ClientBuilder::from_env()?.build()
    }
}

impl ClientBuilder {
    /// The settings of the environment, to go on from: see [`Client::from_env`].
    ///
    /// # Errors
    ///
    /// See [`Client::from_env`].
    pub fn from_env() -> Result<Self, InvalidSetting> {
        read(&|name| match std::env::var(name) {
            Ok(value) => Ok(Some(value)),
            Err(std::env::VarError::NotPresent) => Ok(None),
            Err(std::env::VarError::NotUnicode(_)) => Err(InvalidSetting::new(format!("`{name}` is not text"))),
        })
    }
}

type Get<'a> = &'a dyn Fn(&str) -> Result<Option<String>, InvalidSetting>;

fn read(get: Get<'_>) -> Result<ClientBuilder, InvalidSetting> {
    let value = |name: &str| Ok::<_, InvalidSetting>(get(name)?.filter(|value| !value.trim().is_empty()));
    let mut builder = Client::builder();
    let everything = value(EVERYTHING)?;
    for (name, set) in SERVERS {
        if let Some(url) = value(name)? {
            if everything.is_some() {
                return Err(InvalidSetting::new(format!(
                    "`{EVERYTHING}` and `{name}` are both set: which server is it?"
                )));
            }
            builder = set(builder, url);
        }
    }
    if let Some(url) = everything {
        builder = builder.project_url(url);
    }
    for (name, set) in OTHERS {
        if let Some(text) = value(name)? {
            builder = set(builder, text);
        }
    }
    match value("ORY_ALLOW_INSECURE_HTTP")?.as_deref() {
        None | Some("0" | "false") => Ok(builder),
        Some("1" | "true") => Ok(builder.allow_insecure_http()),
        Some(_) => Err(InvalidSetting::new("`ORY_ALLOW_INSECURE_HTTP` is neither 1, true, 0 nor false")),
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
        let endpoint = crate::operation::Endpoint::HydraAdmin;
        let client =
            from(&[("ORY_SDK_URL", "http://127.0.0.1:1/x"), ("ORY_ACCESS_TOKEN", "t"), ("ORY_CONSOLE_URL", "")])
                .unwrap();
        assert_eq!(client.endpoint(&endpoint), Some("http://127.0.0.1:1/x"));
        let client = from(&[("ORY_HYDRA_ADMIN_URL", "http://127.0.0.1:2")]).unwrap();
        assert_eq!(client.endpoint(&endpoint), Some("http://127.0.0.1:2/"));
        assert!(!client.inner.allow_insecure_http);
        let why = |variables: &[(&str, &str)]| from(variables).unwrap_err().to_string();
        assert_eq!(
            why(&[("ORY_SDK_URL", "http://a"), ("ORY_KRATOS_ADMIN_URL", "http://b")]),
            "`ORY_SDK_URL` and `ORY_KRATOS_ADMIN_URL` are both set: which server is it?"
        );
        assert!(
            why(&[("ORY_SDK_URL", "http://a"), ("ORY_ALLOW_INSECURE_HTTP", "yes")]).contains("ORY_ALLOW_INSECURE_HTTP")
        );
        assert!(why(&[]).contains("no endpoint is set"));
        assert!(why(&[("ORY_KRATOS_PUBLIC_URL", "nowhere")]).contains("kratos_public_url"));
    }
}

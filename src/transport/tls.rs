//! TLS, by the features of the crate: rustls, or the TLS of the platform.

/// A TLS configuration that does not depend on the process. Both HTTP clients share it.
#[cfg(any(feature = "rustls", feature = "rustls-ring"))]
pub(crate) struct Tls(rustls::ClientConfig);

#[cfg(any(feature = "rustls", feature = "rustls-ring"))]
impl Tls {
    /// Reads the certificates of the platform, which takes milliseconds. If no URL is https, it reads none and trusts no
    /// server.
    pub(crate) fn new(is_needed: bool) -> Result<Self, String> {
        use rustls_platform_verifier::BuilderVerifierExt;

        let wrong = |error| format!("TLS cannot be set up: {error}");
        let builder = rustls::ClientConfig::builder_with_provider(std::sync::Arc::new(provider()))
            .with_safe_default_protocol_versions()
            .map_err(wrong)?;
        let builder = if is_needed {
            builder.with_platform_verifier().map_err(wrong)?
        } else {
            builder.with_root_certificates(rustls::RootCertStore::empty())
        };
        let mut config = builder.with_no_client_auth();
        if cfg!(feature = "http2") {
            config.alpn_protocols = vec![b"h2".to_vec(), b"http/1.1".to_vec()];
        }
        Ok(Self(config))
    }

    pub(crate) fn configure(&self, builder: reqwest::ClientBuilder) -> reqwest::ClientBuilder {
        builder.tls_backend_preconfigured(self.0.clone())
    }
}

/// The cryptography of this crate's own configuration. It is never installed as the default of the process, since a
/// program may install one itself, and only the first succeeds.
#[cfg(feature = "rustls")]
fn provider() -> rustls::crypto::CryptoProvider {
    rustls::crypto::aws_lc_rs::default_provider()
}

#[cfg(all(feature = "rustls-ring", not(feature = "rustls")))]
fn provider() -> rustls::crypto::CryptoProvider {
    rustls::crypto::ring::default_provider()
}

/// reqwest's default: the TLS of the platform, if its feature is on.
#[cfg(not(any(feature = "rustls", feature = "rustls-ring")))]
pub(crate) struct Tls;

#[cfg(not(any(feature = "rustls", feature = "rustls-ring")))]
impl Tls {
    pub(crate) fn new(_: bool) -> Result<Self, String> {
        Ok(Self)
    }

    pub(crate) fn configure(&self, builder: reqwest::ClientBuilder) -> reqwest::ClientBuilder {
        builder
    }
}

/// Whether a reqwest client that is changed by hand can be built. It takes its cryptography from the process, or else from
/// reqwest's feature `rustls`, and panics if it finds none.
pub(crate) fn check_provider() -> Result<(), String> {
    #[cfg(all(feature = "rustls-ring", not(any(feature = "rustls", feature = "native-tls"))))]
    if rustls::crypto::CryptoProvider::get_default().is_none() {
        let why = "`customize` needs a default rustls provider with the feature `rustls-ring`: call \
                   `rustls::crypto::ring::default_provider().install_default()` first, or use the feature `rustls`";
        return Err(why.to_owned());
    }
    Ok(())
}

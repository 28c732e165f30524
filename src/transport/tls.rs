//! TLS, by the features of the crate: rustls with ring, or the TLS of the platform.

/// A TLS configuration that does not depend on the process. Both HTTP clients share it.
#[cfg(feature = "rustls")]
pub(crate) struct Tls(rustls::ClientConfig);

#[cfg(feature = "rustls")]
impl Tls {
    /// Reads the certificates of the platform, which takes milliseconds. If no URL is https, it reads none and trusts no
    /// server.
    pub(crate) fn new(is_needed: bool) -> Result<Self, String> {
        use rustls_platform_verifier::BuilderVerifierExt;

        let wrong = |error| format!("TLS cannot be set up: {error}");
        let provider = std::sync::Arc::new(rustls::crypto::ring::default_provider());
        let builder = rustls::ClientConfig::builder_with_provider(provider)
            .with_safe_default_protocol_versions()
            .map_err(wrong)?;
        let builder = if is_needed {
            builder.with_platform_verifier().map_err(wrong)?
        } else {
            builder.with_root_certificates(rustls::RootCertStore::empty())
        };
        Ok(Self(builder.with_no_client_auth()))
    }

    pub(crate) fn configure(&self, builder: reqwest::ClientBuilder) -> reqwest::ClientBuilder {
        builder.tls_backend_preconfigured(self.0.clone())
    }
}

/// reqwest's default: the TLS of the platform, if its feature is on.
#[cfg(not(feature = "rustls"))]
pub(crate) struct Tls;

#[cfg(not(feature = "rustls"))]
impl Tls {
    pub(crate) fn new(_: bool) -> Result<Self, String> {
        Ok(Self)
    }

    pub(crate) fn configure(&self, builder: reqwest::ClientBuilder) -> reqwest::ClientBuilder {
        builder
    }
}

/// A reqwest client that is changed by hand takes its cryptography from the process, and panics if the process has none.
pub(crate) fn ensure_provider() {
    #[cfg(feature = "rustls")]
    if rustls::crypto::CryptoProvider::get_default().is_none() {
        // Fails only if somebody else installs one at the same moment, which is just as good.
        let _ = rustls::crypto::ring::default_provider().install_default();
    }
}

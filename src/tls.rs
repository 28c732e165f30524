//! TLS by the crate's features: rustls with ring, or the platform's own.

/// A TLS set-up that needs nothing from the process; both HTTP clients share it.
#[cfg(feature = "rustls")]
pub(crate) struct Tls(rustls::ClientConfig);

#[cfg(feature = "rustls")]
impl Tls {
    /// With the platform's certificates, which take milliseconds to read; where no URL is https, with none, so that
    /// no server would be trusted.
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

/// reqwest's own default, which is the platform's TLS if that is switched on.
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

/// A reqwest client that a caller changes takes its cryptography from the process, and panics if there is none.
pub(crate) fn ensure_provider() {
    #[cfg(feature = "rustls")]
    if rustls::crypto::CryptoProvider::get_default().is_none() {
        // Lost only against somebody who installs one at the same moment, which is as good.
        let _ = rustls::crypto::ring::default_provider().install_default();
    }
}

//! TLS by the crate's features: rustls with ring, or the platform's own.

/// A TLS set-up that needs nothing from the process.
#[cfg(feature = "rustls")]
pub(crate) fn configure(builder: reqwest::ClientBuilder) -> Result<reqwest::ClientBuilder, String> {
    use rustls_platform_verifier::BuilderVerifierExt;

    let provider = std::sync::Arc::new(rustls::crypto::ring::default_provider());
    let config = rustls::ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .and_then(BuilderVerifierExt::with_platform_verifier)
        .map_err(|error| format!("TLS cannot be set up: {error}"))?
        .with_no_client_auth();
    Ok(builder.tls_backend_preconfigured(config))
}

/// reqwest's own default, which is the platform's TLS if that is switched on.
#[cfg(not(feature = "rustls"))]
pub(crate) fn configure(builder: reqwest::ClientBuilder) -> Result<reqwest::ClientBuilder, String> {
    Ok(builder)
}

/// A reqwest client that a caller changes takes its cryptography from the process, and panics if there is none.
pub(crate) fn ensure_provider() {
    #[cfg(feature = "rustls")]
    if rustls::crypto::CryptoProvider::get_default().is_none() {
        // Lost only against somebody who installs one at the same moment, which is as good.
        let _ = rustls::crypto::ring::default_provider().install_default();
    }
}

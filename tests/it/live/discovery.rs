//! What servers publish about themselves.

use std::sync::Arc;

use super::run::Run;

pub async fn run(run: Arc<Run>) {
    let client = &run.client;
    let oidc = call!(run, client.discover_oidc_configuration() => value);
    for endpoint in [&oidc.authorization_endpoint, &oidc.token_endpoint, &oidc.jwks_uri] {
        url::Url::parse(endpoint).unwrap();
    }
    assert!(oidc.response_types_supported.iter().any(|kind| kind == "code"));
    // The device flow came with Hydra 25.4.
    if oidc.device_authorization_endpoint.is_none() {
        run.report.note("discover_oidc_configuration", "no device flow");
    }
    let keys = call!(run, client.discover_json_web_keys() => value);
    assert!(!keys.keys.is_empty());
    assert!(keys.keys.iter().all(|key| key.d.is_none()), "a private key is public");
    let script = call!(run, client.get_web_authn_java_script() => value);
    assert!(script.contains("navigator.credentials"));
}

//! Which servers the test may touch.

use ory_sdk::Client;
use ory_sdk::contract::Endpoint;

/// The endpoints that serve the operations under test.
pub const ENDPOINTS: [Endpoint; 4] =
    [Endpoint::KratosPublic, Endpoint::KratosAdmin, Endpoint::HydraPublic, Endpoint::HydraAdmin];

/// Those of Keto, which need not be there.
const KETO: [Endpoint; 3] = [Endpoint::KetoRead, Endpoint::KetoWrite, Endpoint::KetoOpl];

/// Why the test must not run against the servers of this client, or `None` if it may.
pub fn refusal(client: &Client, anywhere: bool) -> Option<String> {
    for endpoint in ENDPOINTS.iter().chain(&KETO) {
        let Some(url) = client.endpoint(endpoint) else {
            if KETO.contains(endpoint) {
                continue;
            }
            return Some(format!("no URL is set for {endpoint}: every operation needs all four servers"));
        };
        if !anywhere && !is_loopback(url) {
            return Some(format!(
                "{endpoint} is at {url}, which is not this machine: the test makes and deletes things there; \
                 ORY_SDK_LIVE_ANYWHERE=1 allows it"
            ));
        }
    }
    None
}

fn is_loopback(url: &str) -> bool {
    match url::Url::parse(url).unwrap().host() {
        Some(url::Host::Domain(name)) => name == "localhost" || name.ends_with(".localhost"),
        Some(url::Host::Ipv4(address)) => address.is_loopback(),
        Some(url::Host::Ipv6(address)) => address.is_loopback(),
        None => false,
    }
}

#[test]
fn only_this_machine_unless_told() {
    let at = |url: &str| Client::builder().project_url(url).build().unwrap();
    for here in ["http://127.0.0.1:4433", "http://localhost:1/x", "http://[::1]:2", "https://ory.localhost"] {
        assert_eq!(refusal(&at(here), false), None, "{here}");
    }
    for elsewhere in ["https://localhost.example.org", "https://10.0.0.1", "https://127.0.0.1.example.org"] {
        assert!(refusal(&at(elsewhere), false).unwrap().contains("ORY_SDK_LIVE_ANYWHERE"), "{elsewhere}");
        assert_eq!(refusal(&at(elsewhere), true), None);
    }
    let mixed = || {
        Client::builder()
            .kratos_public_url("http://127.0.0.1:1")
            .kratos_admin_url("http://127.0.0.1:2")
            .hydra_public_url("http://127.0.0.1:3")
    };
    assert!(refusal(&mixed().build().unwrap(), true).unwrap().contains("hydra_admin"));
    // Keto may be missing, but not elsewhere.
    let whole = || mixed().hydra_admin_url("http://127.0.0.1:4");
    assert_eq!(refusal(&whole().build().unwrap(), false), None);
    for (url, is_refused) in [("http://127.0.0.1:5", false), ("https://keto.example.org", true)] {
        let with_keto = whole().keto_write_url(url).build().unwrap();
        assert_eq!(refusal(&with_keto, false).is_some_and(|why| why.contains("keto_write")), is_refused, "{url}");
    }
}

//! Health and version of each server.

use std::sync::Arc;

use ory_sdk::contract::Endpoint;

use super::guard::ENDPOINTS;
use super::run::Run;

pub async fn run(run: Arc<Run>) {
    let client = &run.client;
    let keto = [Endpoint::KetoRead, Endpoint::KetoWrite].into_iter().filter(|_| run.has_keto);
    for endpoint in ENDPOINTS.into_iter().chain(keto) {
        let health = call!(run, client.is_alive().endpoint(endpoint.clone()) => value);
        assert_eq!(health.status, "ok");
        let health = call!(run, client.is_ready().endpoint(endpoint.clone()) => value);
        assert_eq!(health.status, "ok");
        // The public ports of Kratos and Hydra do not have it.
        if !matches!(endpoint, Endpoint::KratosPublic | Endpoint::HydraPublic) {
            call!(run, client.get_version().endpoint(endpoint) => value);
        }
    }
}

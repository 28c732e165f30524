//! Health and version, which every server has. The call names the server.

use ory_sdk::contract::Endpoint;
use ory_sdk::{Client, ErrorKind};
use serde_json::json;

use super::{ACCESS, Reply, Seen, Wire};

/// Each server, with the path of its URL in `Wire`, what comes before the paths there, and whether it is administrative.
const SERVERS: [(Endpoint, &str, &str, bool); 7] = [
    (Endpoint::KratosPublic, "/kratos", "", false),
    // On Kratos before 25.4, the same paths without `/admin` are redirects there.
    (Endpoint::KratosAdmin, "/kratos-admin", "/admin", true),
    (Endpoint::HydraPublic, "/hydra", "", false),
    (Endpoint::HydraAdmin, "/hydra-admin", "", true),
    (Endpoint::KetoRead, "/keto", "", true),
    (Endpoint::KetoWrite, "/keto-write", "", true),
    (Endpoint::KetoOpl, "/keto-opl", "", true),
];

pub async fn cases() -> Vec<Seen> {
    let mut wire = Wire::new().await;
    // Nobody's credential but the access token can be meant for these.
    let client = wire.loaded().with_session_token("ory_st_x");
    wire.json("isAlive", json!({"status": "ok"}));
    for (endpoint, base, admin, _) in SERVERS {
        let health = client.is_alive().endpoint(endpoint).send().await.unwrap();
        wire.saw(&format!("GET {base}{admin}/health/alive"), &[], "");
        assert_eq!(health.status, "ok");
    }
    wire.json("isReady", json!({"status": "ok"}));
    for (endpoint, base, admin, _) in SERVERS {
        assert_eq!(client.is_ready().endpoint(endpoint).send().await.unwrap().status, "ok");
        wire.saw(&format!("GET {base}{admin}/health/ready"), &[], "");
    }
    wire.json("getVersion", json!({"version": "v26.2.0"}));
    for (endpoint, base, admin, is_private) in SERVERS {
        assert_eq!(client.get_version().endpoint(endpoint).send().await.unwrap().version, "v26.2.0");
        wire.saw(&format!("GET {base}{admin}/version"), if is_private { &[ACCESS] } else { &[] }, "");
    }
    wire.into_seen()
}

#[tokio::test]
async fn requests_and_responses() {
    cases().await;
}

#[tokio::test]
async fn a_server_must_be_named() {
    let wire = Wire::new().await;
    wire.refused(wire.client.is_alive().await, ErrorKind::Argument, "isAlive: `endpoint` is missing");
    wire.refused(wire.client.is_ready().await, ErrorKind::Argument, "isReady: `endpoint` is missing");
    wire.refused(wire.client.get_version().await, ErrorKind::Argument, "getVersion: `endpoint` is missing");
    let one = Client::builder().kratos_public_url(wire.server.url()).build().unwrap();
    wire.refused(
        one.is_alive().endpoint(Endpoint::KratosAdmin).await,
        ErrorKind::Configuration,
        "isAlive: its endpoint is not configured: set `kratos_admin_url` or `project_url`",
    );
}

/// The Ory Network has one server for everything, with the paths of the reference.
#[tokio::test]
async fn the_paths_of_a_project() {
    let mut wire = Wire::new().await;
    let client = Client::builder().project_url(wire.server.url()).access_token("ory_pat_project");
    let client = client.user_agent("cases/1").build().unwrap();
    for (endpoint, _, _, is_private) in SERVERS {
        wire.json("isAlive", json!({"status": "ok"}));
        client.is_alive().endpoint(endpoint.clone()).await.unwrap();
        wire.saw("GET /health/alive", &[], "");
        wire.json("isReady", json!({"status": "ok"}));
        client.is_ready().endpoint(endpoint.clone()).await.unwrap();
        wire.saw("GET /health/ready", &[], "");
        wire.json("getVersion", json!({"version": "x"}));
        client.get_version().endpoint(endpoint).await.unwrap();
        wire.saw("GET /version", if is_private { &[ACCESS] } else { &[] }, "");
    }
}

/// A server of the caller's own beside a project keeps its own paths.
#[tokio::test]
async fn a_server_beside_a_project() {
    let mut wire = Wire::new().await;
    let url = wire.server.url();
    let client = Client::builder().project_url(&url).kratos_admin_url(format!("{url}/own")).user_agent("cases/1");
    let client = client.build().unwrap();
    wire.json("isAlive", json!({"status": "ok"}));
    client.is_alive().endpoint(Endpoint::KratosAdmin).await.unwrap();
    wire.saw("GET /own/admin/health/alive", &[], "");
    client.is_alive().endpoint(Endpoint::HydraAdmin).await.unwrap();
    wire.saw("GET /health/alive", &[], "");
}

/// Any other server can be asked by its name.
#[tokio::test]
async fn a_server_by_its_name() {
    let mut wire = Wire::new().await;
    wire.json("isAlive", json!({"status": "ok"}));
    wire.client.is_alive().endpoint(Endpoint::Named("api_keys".into())).await.unwrap();
    wire.saw("GET /api-keys/health/alive", &[], "");
    wire.json("getVersion", json!({"version": "x"}));
    wire.client.get_version().endpoint(Endpoint::Named("api_keys".into())).await.unwrap();
    wire.saw("GET /api-keys/version", &[ACCESS], "");
}

#[tokio::test]
async fn a_server_that_is_not_ready() {
    let mut wire = Wire::new().await;
    let body = json!({"errors": {"database": "connection refused"}});
    wire.replies("isReady", Reply::json(503, &body));
    let error = wire.client.is_ready().endpoint(Endpoint::KetoRead).await.unwrap_err();
    wire.saw("GET /keto/health/ready", &[], "");
    assert_eq!((error.kind(), error.status().unwrap().as_u16()), (ErrorKind::Api, 503));
    assert_eq!(error.json(), Some(&body));
}

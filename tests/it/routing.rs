//! Where calls are sent, and with which credentials, for each layout of endpoints.

use http::Method;
use ory_sdk::contract::Endpoint;
use ory_sdk::{Client, ClientBuilder, ErrorKind};
use serde_json::json;

use crate::credentials::credentials;
use crate::support::server::{Reply, Server};

/// Five servers, one for each endpoint. Each responds to every request with the same object.
struct Deployment {
    kratos_public: Server,
    kratos_admin: Server,
    hydra_public: Server,
    hydra_admin: Server,
    console: Server,
}

impl Deployment {
    async fn start() -> Self {
        let server = || Server::always(Reply::json(200, &json!({"id": "8a6f2d52-9ae0-4aa5-8e90-4d7093e9c5b6"})));
        Self {
            kratos_public: server().await,
            kratos_admin: server().await,
            hydra_public: server().await,
            hydra_admin: server().await,
            console: server().await,
        }
    }

    /// A client builder with the URLs of all five servers. Those of Kratos have a path prefix.
    fn builder(&self) -> ClientBuilder {
        Client::builder()
            .kratos_public_url(format!("{}/kratos/", self.kratos_public.url()))
            .kratos_admin_url(format!("{}/kratos-admin", self.kratos_admin.url()))
            .hydra_public_url(self.hydra_public.url())
            .hydra_admin_url(self.hydra_admin.url())
            .console_url(self.console.url())
    }
}

#[tokio::test]
async fn each_endpoint_has_its_url_and_its_credential() {
    let servers = Deployment::start().await;
    let client = servers
        .builder()
        .endpoint_token(Endpoint::KratosAdmin, "kratos-token")
        .endpoint_token(Endpoint::HydraAdmin, "hydra-token")
        .console_token("console-token")
        .build()
        .unwrap();
    let client = client
        .with_session_token("session-token")
        .with_client_credentials("id", "secret")
        .with_oauth2_token("oauth2-token")
        .with_registration_token("registration-token");

    let _ = client.to_session().send().await;
    let seen = servers.kratos_public.take();
    assert_eq!(
        (seen.target.as_str(), credentials(&seen)),
        ("/kratos/sessions/whoami", vec!["x-session-token: session-token".to_owned()])
    );
    let _ = client.list_identity_schemas().send().await;
    let seen = servers.kratos_public.take();
    assert_eq!((seen.target.as_str(), credentials(&seen)), ("/kratos/schemas", vec![]));
    let _ = client.admin_get_identity().id("x").send().await;
    let seen = servers.kratos_admin.take();
    assert_eq!(seen.target, "/kratos-admin/admin/identities/x");
    assert_eq!(credentials(&seen), ["authorization: Bearer kratos-token"]);
    let _ = client.admin_list_courier_messages().send().await;
    assert_eq!(credentials(&servers.kratos_admin.take()), ["authorization: Bearer kratos-token"]);
    let _ = client.perform_oauth2_token_flow().body_map(|b| b.grant_type("client_credentials")).send().await;
    let seen = servers.hydra_public.take();
    assert_eq!(
        (seen.target.as_str(), credentials(&seen)),
        ("/oauth2/token", vec!["authorization: Basic aWQ6c2VjcmV0".to_owned()])
    );
    let _ = client.get_oidc_user_info().send().await;
    assert_eq!(credentials(&servers.hydra_public.take()), ["authorization: Bearer oauth2-token"]);
    let _ = client.dynamic_client_registration_get_oauth2_client().id("c").send().await;
    assert_eq!(credentials(&servers.hydra_public.take()), ["authorization: Bearer registration-token"]);
    let _ = client.discover_oidc_configuration().send().await;
    assert_eq!(credentials(&servers.hydra_public.take()), Vec::<String>::new());
    let _ = client.admin_get_oauth2_client().id("c").send().await;
    assert_eq!(credentials(&servers.hydra_admin.take()), ["authorization: Bearer hydra-token"]);
    let _ = client.admin_get_json_web_key_set().set("s").send().await;
    let seen = servers.hydra_admin.take();
    assert_eq!(
        (seen.target.as_str(), credentials(&seen)),
        ("/admin/keys/s", vec!["authorization: Bearer hydra-token".to_owned()])
    );
    let _ = client.list_projects().send().await;
    let seen = servers.console.take();
    assert_eq!(
        (seen.target.as_str(), credentials(&seen)),
        ("/projects", vec!["authorization: Bearer console-token".to_owned()])
    );
}

#[tokio::test]
async fn servers_of_ones_own_work_bare() {
    let servers = Deployment::start().await;
    let client = servers.builder().build().unwrap();
    let _ = client.admin_get_identity().id("x").send().await;
    assert_eq!(credentials(&servers.kratos_admin.take()), Vec::<String>::new());
    let _ = client
        .admin_get_identity()
        .id("x")
        .header("X-Gateway", "key")
        .header("Authorization", "Custom it")
        .send()
        .await;
    let seen = servers.kratos_admin.take();
    assert_eq!((seen.header("x-gateway"), seen.header("authorization")), (Some("key"), Some("Custom it")));
    // A token revocation may also send the client's credentials in the form.
    let _ = client.revoke_oauth2_token().body_map(|b| b.token("t").client_id("c").client_secret("s")).send().await;
    assert_eq!(credentials(&servers.hydra_public.take()), Vec::<String>::new());
}

#[tokio::test]
async fn one_project_serves_everything_but_the_console() {
    let server = Server::always(Reply::json(200, &json!({}))).await;
    let client = Client::builder().project_url(server.url()).access_token("t").build().unwrap();
    for (endpoint, _) in
        [(Endpoint::KratosPublic, 0), (Endpoint::KratosAdmin, 0), (Endpoint::HydraPublic, 0), (Endpoint::HydraAdmin, 0)]
    {
        assert_eq!(client.endpoint(&endpoint), Some(format!("{}/", server.url()).as_str()));
    }
    let error = client.list_projects().send().await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Configuration);
    assert_eq!(error.to_string(), "listProjects: the console is not configured: set `console_url` or `console_token`");
    let network = Client::builder().project("my-slug").build().unwrap();
    assert_eq!(network.endpoint(&Endpoint::HydraAdmin), Some("https://my-slug.projects.oryapis.com/"));
    let error = network.admin_list_identities().send().await.unwrap_err();
    assert_eq!(error.to_string(), "adminListIdentities: the project requires a token: set `access_token`");
    let console = Client::builder().console_token("t").build().unwrap();
    assert_eq!(console.endpoint(&Endpoint::Console), Some("https://api.console.ory.sh/"));
}

#[tokio::test]
async fn what_is_missing_is_named_before_anything_is_sent() {
    let servers = Deployment::start().await;
    let client = Client::builder().kratos_public_url(servers.kratos_public.url()).build().unwrap();
    let error = client.admin_list_identities().send().await.unwrap_err();
    assert_eq!(
        error.to_string(),
        "adminListIdentities: its endpoint is not configured: set `kratos_admin_url` or `project_url`"
    );
    let client = servers.builder().build().unwrap();
    let why = |error: ory_sdk::Error| error.to_string();
    let registration = client.dynamic_client_registration_delete_oauth2_client().id("c").send().await;
    assert!(why(registration.unwrap_err()).contains("with_registration_token"));
    assert!(why(client.get_oidc_user_info().send().await.unwrap_err()).contains("with_oauth2_token"));
    assert!(why(client.list_projects().send().await.unwrap_err()).contains("console_token"));
    let unknown = client.request(Method::GET, Endpoint::Named("keto".into()), "/relation-tuples").send().await;
    assert!(why(unknown.unwrap_err()).contains("\"keto\" is not configured"));
    assert!(servers.hydra_public.seen().is_empty() && servers.console.seen().is_empty());
}

#[tokio::test]
async fn the_layout_of_2021_for_all_its_operations() {
    let server = Server::always(Reply::json(200, &json!({}))).await;
    let client = Client::builder().legacy_url(format!("{}/base", server.url())).access_token("t").build().unwrap();
    let legacy: Vec<_> =
        ory_sdk::contract::operations().iter().filter(|operation| operation.legacy.is_some()).collect();
    assert_eq!(legacy.len(), 35);
    for operation in legacy {
        let _ = crate::support::dispatch::call(&client, operation.name).await;
        let seen = server.take();
        let path = operation.path.replace("{id}", "x");
        let expected = match path.strip_prefix("/admin") {
            Some(rest) => format!("/base/api/kratos/admin{rest}"),
            None => format!("/base/api/kratos/public{path}"),
        };
        let path = seen.target.split('?').next().unwrap();
        assert_eq!((seen.method.as_str(), path), (operation.method.as_str(), expected.as_str()), "{}", operation.id);
        assert_eq!(seen.header("authorization").is_some(), expected.contains("/admin/"), "{}", operation.id);
    }
    let other = client.revoke_sessions().send().await.unwrap_err();
    assert!(other.to_string().contains("a deployment of 2021 does not have this operation"));
}

#[tokio::test]
async fn what_the_contract_does_not_know_is_sent_all_the_same() {
    let server = Server::always(Reply::json(200, &json!({"version": "v1"}))).await;
    let client = Client::builder()
        .kratos_admin_url(server.url())
        .kratos_public_url(server.url())
        .access_token("t")
        .build()
        .unwrap();
    let builder = client.admin_update_identity().id("x").query("dry_run", "a b").header("X-New", "1");
    let _ = builder.json_body(json!({"metadata_admin": null})).send().await;
    let seen = server.take();
    assert_eq!(
        (seen.target.as_str(), seen.header("x-new"), seen.text()),
        ("/admin/identities/x?dry_run=a+b", Some("1"), "{\"metadata_admin\":null}")
    );
    let response = client
        .request(Method::GET, Endpoint::KratosAdmin, "/health/ready")
        .send_json::<serde_json::Value>()
        .await
        .unwrap();
    assert_eq!(response["version"], "v1");
    assert_eq!(credentials(&server.take()), ["authorization: Bearer t"]);
    let put =
        client.request(Method::PUT, Endpoint::KratosPublic, "/new").body("text/plain", "hello").send().await.unwrap();
    assert_eq!(put.status(), 200);
    let seen = server.take();
    assert_eq!((seen.method.as_str(), seen.header("content-type"), seen.text()), ("PUT", Some("text/plain"), "hello"));
    for bad in ["health", "/../admin", "/a/%2e%2e/b", "/a?b=c"] {
        let error = client.request(Method::GET, Endpoint::KratosAdmin, bad).send().await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Configuration, "{bad}");
    }
    assert!(server.seen().is_empty());
}

#[tokio::test]
async fn secrets_do_not_go_over_plain_http() {
    let client = Client::builder().project_url("http://192.0.2.1").access_token("t").build().unwrap();
    let why = |error: ory_sdk::Error| (error.kind(), error.to_string());
    let (kind, text) = why(client.admin_list_identities().send().await.unwrap_err());
    assert_eq!(kind, ErrorKind::Configuration);
    assert!(text.contains("allow_insecure_http()"), "{text}");
    let login = ory_sdk::types::SubmitSelfServiceLoginFlowWithPasswordMethodBody::builder()
        .identifier("me")
        .password("p")
        .build()
        .unwrap();
    let (kind, _) = why(client.submit_self_service_login_flow().flow("f").body(login).send().await.unwrap_err());
    assert_eq!(kind, ErrorKind::Configuration, "a password in a body counts as well");
    let (kind, _) = why(client
        .admin_get_oauth2_login_request()
        .login_challenge("c")
        .header("Authorization", "")
        .send()
        .await
        .unwrap_err());
    assert_eq!(kind, ErrorKind::Configuration);
}

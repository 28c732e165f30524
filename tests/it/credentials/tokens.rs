//! Tokens: each has one origin, none is empty, and the errors of a provider are one line.

use http::Method;
use ory_sdk::contract::Endpoint;
use ory_sdk::credentials::{TokenFuture, TokenProvider};
use ory_sdk::{Client, ClientBuilder, ErrorKind, Secret};
use serde_json::json;

use super::credentials;
use crate::support::server::{Reply, Server};

/// A provider with this token, or with this error.
struct Fixed(Result<&'static str, String>);

impl TokenProvider for Fixed {
    fn token(&self, _: Option<&Secret>) -> TokenFuture<'_> {
        let token = self.0.clone();
        Box::pin(async move { Ok(token?.into()) })
    }
}

fn why(builder: ClientBuilder) -> String {
    builder.build().unwrap_err().to_string()
}

#[test]
fn an_access_token_has_one_origin() {
    type Set = fn(ClientBuilder) -> ClientBuilder;
    let with_token: [Set; 2] =
        [|builder| builder.access_token("t"), |builder| builder.access_token_provider(Fixed(Ok("t")))];
    for with_token in with_token {
        let builder = || with_token(Client::builder());
        let one: [ClientBuilder; 10] = [
            builder().project_url("https://a.test"),
            builder().project_url("https://a.test").kratos_admin_url("https://A.test:443/kratos"),
            builder().kratos_admin_url("https://a.test/kratos").hydra_admin_url("https://a.test/hydra"),
            builder().kratos_admin_url("https://a.test").hydra_public_url("https://b.test"),
            builder().kratos_admin_url("https://a.test").kratos_public_url("https://b.test"),
            builder().keto_read_url("https://a.test/read").keto_write_url("https://a.test/write"),
            builder().legacy_url("https://a.test").hydra_admin_url("https://a.test"),
            // Nobody but the console and a named endpoint is elsewhere, and both have tokens of their own.
            builder().project_url("https://a.test").console_url("https://b.test"),
            builder().project_url("https://a.test").named_endpoint("other", "https://b.test"),
            // The project serves no administrative call.
            builder()
                .project_url("https://b.test")
                .kratos_admin_url("https://a.test")
                .hydra_admin_url("https://a.test")
                .keto_read_url("https://a.test")
                .keto_write_url("https://a.test")
                .keto_opl_url("https://a.test")
                .named_endpoint("api_keys", "https://a.test"),
        ];
        for builder in one {
            builder.build().unwrap();
        }
        let several: [(ClientBuilder, &str); 9] = [
            (
                builder().project_url("https://a.test/x").kratos_admin_url("https://b.test/y"),
                "https://b.test (Kratos admin) and https://a.test (Hydra admin, Keto write, Keto read, Keto OPL, api_keys)",
            ),
            (
                builder().project_url("https://a.test").hydra_admin_url("https://b.test"),
                "https://a.test (Kratos admin, Keto write, Keto read, Keto OPL, api_keys) and https://b.test (Hydra admin)",
            ),
            (
                builder().keto_read_url("http://127.0.0.1:4466").keto_write_url("http://127.0.0.1:4467"),
                "http://127.0.0.1:4467 (Keto write) and http://127.0.0.1:4466 (Keto read)",
            ),
            (
                builder().kratos_admin_url("https://a.test").named_endpoint("api_keys", "https://b.test"),
                "https://a.test (Kratos admin) and https://b.test (api_keys)",
            ),
            (
                builder().project("slug").kratos_admin_url("http://127.0.0.1:4434"),
                "http://127.0.0.1:4434 (Kratos admin) and https://slug.projects.oryapis.com (Hydra admin, Keto write, Keto read, \
                 Keto OPL, api_keys)",
            ),
            (
                builder().kratos_admin_url("https://a.test:1").hydra_admin_url("https://a.test:2"),
                "https://a.test:1 (Kratos admin) and https://a.test:2 (Hydra admin)",
            ),
            (
                builder().kratos_admin_url("https://a.test").hydra_admin_url("http://a.test:443"),
                "https://a.test (Kratos admin) and http://a.test:443 (Hydra admin)",
            ),
            (
                builder().kratos_admin_url("http://localhost").hydra_admin_url("http://127.0.0.1"),
                "http://localhost (Kratos admin) and http://127.0.0.1 (Hydra admin)",
            ),
            (
                builder().legacy_url("https://a.test").hydra_admin_url("https://b.test"),
                "https://a.test (Kratos admin) and https://b.test (Hydra admin)",
            ),
        ];
        for (builder, places) in several {
            let advice = "set a token for each server instead, by `endpoint_token`";
            assert_eq!(why(builder), format!("`access_token` would go to several origins: {places}: {advice}"));
        }
    }
}

/// A call that names its server carries the access token only where administrative calls go.
#[tokio::test]
async fn whoever_names_a_server_does_not_send_it_the_token_of_another() {
    let server = || Server::always(Reply::json(200, &json!({"version": "v26.2.0"})));
    let (admin, public, other) = (server().await, server().await, server().await);
    let client = Client::builder()
        .kratos_admin_url(admin.url())
        .keto_read_url(admin.url())
        .kratos_public_url(public.url())
        .named_endpoint("other", other.url())
        .access_token("t")
        .build()
        .unwrap();
    let named = || Endpoint::Named("other".into());
    for (endpoint, server, expected) in [
        (Endpoint::KratosAdmin, &admin, &["authorization: Bearer t"][..]),
        (Endpoint::KetoRead, &admin, &["authorization: Bearer t"]),
        (Endpoint::KratosPublic, &public, &[]),
        (named(), &other, &[]),
    ] {
        client.get_version().endpoint(endpoint.clone()).await.unwrap();
        assert_eq!(credentials(&server.take()), expected, "{endpoint}");
        client.is_alive().endpoint(endpoint.clone()).await.unwrap();
        assert_eq!(credentials(&server.take()), [""; 0], "{endpoint}");
    }
}

#[tokio::test]
async fn each_server_may_have_its_own_token() {
    let server = || Server::always(Reply::json(200, &json!([])));
    let (kratos, hydra, keto) = (server().await, server().await, server().await);
    let builder = || {
        let builder = Client::builder().kratos_admin_url(kratos.url()).hydra_admin_url(hydra.url());
        builder.named_endpoint("keto", keto.url()).kratos_public_url(kratos.url()).hydra_public_url(hydra.url())
    };
    let named = || Endpoint::Named("keto".into());
    let call = async |client: &Client| {
        let _ = client.admin_list_identities().await;
        let _ = client.admin_list_oauth2_clients().await;
        let _ = client.request(Method::GET, named(), "/relation-tuples").await;
        [&kratos, &hydra, &keto].map(|server| credentials(&server.take()))
    };
    let bearer = |token: &str| vec![format!("authorization: Bearer {token}")];
    // Each its own, in any order; the last one of a server counts.
    let client = builder()
        .endpoint_token(named(), "keto")
        .endpoint_token(Endpoint::HydraAdmin, "old")
        .endpoint_token(Endpoint::KratosAdmin, "kratos")
        .endpoint_token_provider(Endpoint::HydraAdmin, Fixed(Ok("hydra")))
        .build()
        .unwrap();
    assert_eq!(call(&client).await, [bearer("kratos"), bearer("hydra"), bearer("keto")]);
    // A server without a token gets none, not another server's.
    let client = builder().endpoint_token(Endpoint::KratosAdmin, "kratos").build().unwrap();
    assert_eq!(call(&client).await, [bearer("kratos"), vec![], vec![]]);
    // The common token is for the rest, which is one origin.
    let client = builder().endpoint_token(Endpoint::KratosAdmin, "kratos").access_token("common").build().unwrap();
    assert_eq!(call(&client).await, [bearer("kratos"), bearer("common"), vec![]]);
    // Public calls of the same servers carry none.
    let _ = client.list_identity_schemas().await;
    let _ = client.discover_oidc_configuration().await;
    assert_eq!((credentials(&kratos.take()), credentials(&hydra.take())), (vec![], vec![]));
}

#[test]
fn a_token_has_a_server_that_takes_it() {
    let builder = || Client::builder().kratos_public_url("https://a.test").kratos_admin_url("https://a.test");
    let token = |endpoint| why(builder().endpoint_token(endpoint, "t"));
    assert_eq!(
        token(Endpoint::HydraAdmin),
        "`endpoint_token(hydra_admin)`: its endpoint is not configured: set `hydra_admin_url` or `project_url`"
    );
    assert_eq!(
        token(Endpoint::Named("keto".into())),
        "`endpoint_token(\"keto\")`: the endpoint \"keto\" is not configured: set it with `named_endpoint(\"keto\", url)`"
    );
    assert_eq!(
        token(Endpoint::KratosPublic),
        "`endpoint_token(kratos_public)`: no call to this endpoint carries an access token"
    );
    for (endpoint, setting) in [
        (Endpoint::KratosAdmin, "endpoint_token(kratos_admin)"),
        (Endpoint::Named("k\n".into()), "endpoint_token(\"k\\n\")"),
        (Endpoint::Console, "endpoint_token(console)"),
    ] {
        assert_eq!(why(builder().endpoint_token(endpoint.clone(), " ")), format!("`{setting}` is empty"));
        let broken = why(builder().endpoint_token(endpoint, "hunter2\n"));
        assert!(broken.starts_with(&format!("`{setting}`: a credential contains")), "{broken}");
    }
}

#[tokio::test]
async fn no_empty_credential_is_sent() {
    let server = Server::always(Reply::json(200, &json!({}))).await;
    let builder = || Client::builder().project_url(server.url());
    for blank in ["", " ", "\t "] {
        assert_eq!(why(builder().access_token(blank)), "`access_token` is empty");
        assert_eq!(why(builder().console_token(blank)), "`console_token` is empty");
        let client = builder().access_token_provider(Fixed(Ok(blank))).build().unwrap();
        let error = client.admin_list_identities().await.unwrap_err();
        assert_eq!(error.to_string(), "adminListIdentities: the token of the token provider is empty");
        let client = builder().build().unwrap().with_oauth2_token("alice").with_registration_token("alice");
        let client = client.with_client_credentials("alice", "alice");
        let client = client.with_oauth2_token(blank).with_registration_token(blank);
        let client = client.with_client_credentials(blank, "secret");
        let errors = [
            client.get_oidc_user_info().await.unwrap_err(),
            client.dynamic_client_registration_get_oauth2_client().id("c").await.unwrap_err(),
            client.perform_oauth2_token_flow().form([("a", "b")]).await.unwrap_err(),
            client.request(Method::GET, Endpoint::HydraPublic, "/x").await.unwrap_err(),
        ];
        let texts = errors.map(|error| {
            assert_eq!(error.kind(), ErrorKind::Configuration);
            error.to_string()
        });
        let of_client = "the client id of `with_client_credentials` is empty";
        let expected = [
            "getOidcUserInfo: the token of `with_oauth2_token` is empty".to_owned(),
            "dynamicClientRegistrationGetOAuth2Client: the token of `with_registration_token` is empty".to_owned(),
            format!("performOAuth2TokenFlow: {of_client}"),
            format!("request: {of_client}"),
        ];
        assert_eq!(texts, expected);
    }
    assert_eq!(server.seen(), []);
    // A public client has an id and no secret.
    let public = builder().build().unwrap().with_client_credentials("id", "");
    let _ = public.perform_oauth2_token_flow().form([("a", "b")]).await;
    assert_eq!(credentials(&server.take()), ["authorization: Basic aWQ6"]);
}

#[tokio::test]
async fn a_providers_error_is_one_line() {
    let server = Server::always(Reply::json(200, &json!({}))).await;
    let cases = [
        ("the vault is sealed".to_owned(), "the vault is sealed".to_owned()),
        ("two\nlines\r\n\tand a tab".to_owned(), "two lines and a tab".to_owned()),
        ("an escape \u{1b}[31mcode\u{7f}\u{85}".to_owned(), "an escape [31mcode".to_owned()),
        ("at https://user:hunter2@vault.test/v1?token=hunter2".to_owned(), "at https://vault.test/v1?..".to_owned()),
        ("long ".repeat(1_000_000), format!("{}..", "long ".repeat(80))),
    ];
    for (text, shown) in cases {
        let client =
            Client::builder().project_url(server.url()).access_token_provider(Fixed(Err(text))).build().unwrap();
        let error = client.admin_list_identities().await.unwrap_err();
        assert_eq!(error.to_string(), format!("adminListIdentities: the token provider failed: {shown}"));
        assert_eq!((error.kind(), error.tries()), (ErrorKind::Configuration, 0));
        let debug = format!("{error:?}");
        assert!(debug.len() < 700 && !debug.contains("hunter2") && debug.lines().count() == 1, "{debug}");
    }
    assert_eq!(server.seen(), []);
}

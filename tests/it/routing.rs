//! Where calls go and what they carry: each layout of endpoints with each kind of credential.

use http::{HeaderMap, HeaderValue, Method};
use ory_sdk::contract::Endpoint;
use ory_sdk::{Client, ClientBuilder, CookieJar, ErrorKind, Secret, TokenFuture, TokenProvider};
use serde_json::json;

use crate::server::{Answer, Request, Server};

/// Five servers that answer everything with an empty object, one for each endpoint.
struct Deployment {
    kratos_public: Server,
    kratos_admin: Server,
    hydra_public: Server,
    hydra_admin: Server,
    console: Server,
}

impl Deployment {
    async fn start() -> Self {
        let server = || Server::always(Answer::json(200, &json!({"id": "8a6f2d52-9ae0-4aa5-8e90-4d7093e9c5b6"})));
        Self {
            kratos_public: server().await,
            kratos_admin: server().await,
            hydra_public: server().await,
            hydra_admin: server().await,
            console: server().await,
        }
    }

    /// A client that knows all of them, Kratos below a prefix.
    fn builder(&self) -> ClientBuilder {
        Client::builder()
            .kratos_public_url(format!("{}/kratos/", self.kratos_public.url()))
            .kratos_admin_url(format!("{}/kratos-admin", self.kratos_admin.url()))
            .hydra_public_url(self.hydra_public.url())
            .hydra_admin_url(self.hydra_admin.url())
            .console_url(self.console.url())
    }
}

/// What a request carries to say who calls.
fn credentials(request: &Request) -> Vec<String> {
    let names = ["authorization", "cookie", "x-session-token"];
    names.iter().flat_map(|name| request.all(name).into_iter().map(move |value| format!("{name}: {value}"))).collect()
}

#[tokio::test]
async fn each_endpoint_has_its_url_and_its_credential() {
    let servers = Deployment::start().await;
    let client = servers.builder().access_token("project-token").console_token("console-token").build().unwrap();
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
    assert_eq!(credentials(&seen), ["authorization: Bearer project-token"]);
    let _ = client.admin_list_courier_messages().send().await;
    assert_eq!(credentials(&servers.kratos_admin.take()), ["authorization: Bearer project-token"]);
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
    assert_eq!(credentials(&servers.hydra_admin.take()), ["authorization: Bearer project-token"]);
    let _ = client.admin_get_json_web_key_set().set("s").send().await;
    let seen = servers.hydra_admin.take();
    assert_eq!(
        (seen.target.as_str(), credentials(&seen)),
        ("/admin/keys/s", vec!["authorization: Bearer project-token".to_owned()])
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
    // The revocation of a token may also name its client in the form.
    let _ = client.revoke_oauth2_token().body_map(|b| b.token("t").client_id("c").client_secret("s")).send().await;
    assert_eq!(credentials(&servers.hydra_public.take()), Vec::<String>::new());
}

#[tokio::test]
async fn one_project_serves_everything_but_the_console() {
    let server = Server::always(Answer::json(200, &json!({}))).await;
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
    assert_eq!(error.to_string(), "adminListIdentities: the project needs a token: set `access_token`");
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
    let server = Server::always(Answer::json(200, &json!({}))).await;
    let client = Client::builder().legacy_url(format!("{}/base", server.url())).access_token("t").build().unwrap();
    let legacy: Vec<_> = ory_sdk::operations().iter().filter(|operation| operation.legacy.is_some()).collect();
    assert_eq!(legacy.len(), 35);
    for operation in legacy {
        let _ = crate::dispatch::call(&client, operation.name).await;
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
    assert!(other.to_string().contains("a legacy deployment does not have this operation"));
}

#[tokio::test]
async fn a_handle_decides_what_a_persons_calls_carry() {
    let server = Server::always(Answer::json(200, &json!({"id": "8a6f2d52-9ae0-4aa5-8e90-4d7093e9c5b6"}))).await;
    let client = Client::builder().kratos_public_url(server.url()).build().unwrap();
    let carried = async |client: &Client| {
        let _ = client.to_session().send().await;
        credentials(&server.take())
    };
    assert_eq!(carried(&client).await, Vec::<String>::new());
    assert_eq!(carried(&client.with_session_token("t")).await, ["x-session-token: t"]);
    let cookies = client.with_cookies("other=1; ory_kratos_session=s; csrf_token_x=c");
    assert_eq!(carried(&cookies).await, ["cookie: ory_kratos_session=s; csrf_token_x=c"]);
    // The later one of a kind replaces the earlier one; two kinds contradict each other.
    assert_eq!(carried(&client.with_session_token("t").with_session_token("u")).await, ["x-session-token: u"]);
    let both =
        client.with_session_token("t").with_cookies("ory_kratos_session=s").to_session().send().await.unwrap_err();
    assert_eq!(both.to_string(), "toSession: a session token and cookies are both given: use one of them");
    let both = client.to_session().x_session_token("t").cookie("ory_kratos_session=s").send().await.unwrap_err();
    assert_eq!(both.kind(), ErrorKind::Configuration);
    // An explicit argument wins.
    let _ = cookies.to_session().x_session_token("mine").send().await;
    assert_eq!(credentials(&server.take()), ["x-session-token: mine"]);
    // Also where the reference lists no header.
    let _ = client.with_session_token("t").revoke_session().id("x").send().await;
    assert_eq!(credentials(&server.take()), ["x-session-token: t"]);
}

#[tokio::test]
async fn forwarding_takes_what_kratos_would_look_for() {
    let server = Server::always(Answer::json(200, &json!({"id": "8a6f2d52-9ae0-4aa5-8e90-4d7093e9c5b6"}))).await;
    let client = Client::builder().kratos_public_url(server.url()).cookie_name("house_session").build().unwrap();
    let headers = |pairs: &[(&'static str, &'static str)]| {
        let mut headers = HeaderMap::new();
        for (name, value) in pairs {
            headers.append(*name, HeaderValue::from_static(value));
        }
        headers
    };
    type Headers = &'static [(&'static str, &'static str)];
    let cases: [(Headers, &[&str]); 5] = [
        (
            &[("x-session-token", "t"), ("cookie", "ory_kratos_session=s"), ("authorization", "Bearer b")],
            &["x-session-token: t"],
        ),
        (
            &[("cookie", "a=1; ory_kratos_session=s"), ("cookie", "house_session=h"), ("authorization", "Bearer b")],
            &["cookie: ory_kratos_session=s; house_session=h"],
        ),
        (&[("cookie", "a=1"), ("authorization", "bearer ory_st_b")], &["x-session-token: ory_st_b"]),
        (&[("authorization", "Basic x")], &[]),
        (&[], &[]),
    ];
    for (incoming, expected) in cases {
        let _ = client.forwarding(&headers(incoming)).to_session().send().await;
        assert_eq!(credentials(&server.take()), expected, "{incoming:?}");
    }
    let person = client.with_session_token("somebody-else").forwarding(&headers(&[("user-agent", "Firefox")]));
    let _ = person.with_forwarded_for("192.0.2.1").to_session().send().await;
    let seen = server.take();
    assert_eq!((seen.header("user-agent"), seen.header("x-forwarded-for")), (Some("Firefox"), Some("192.0.2.1")));
    assert_eq!(credentials(&seen), Vec::<String>::new(), "nobody's request is nobody's");
}

#[tokio::test]
async fn a_jar_carries_cookies_from_answer_to_call() {
    let server = Server::start(|request| {
        let set: &[(&str, &str)] = match request.target.as_str() {
            "/self-service/login/browser" => {
                &[("Set-Cookie", "csrf_token_x=1; Path=/; HttpOnly"), ("Set-Cookie", "evil=1; Domain=example.org")]
            }
            _ => &[("Set-Cookie", "csrf_token_x=; Max-Age=0"), ("Set-Cookie", "ory_kratos_session=s")],
        };
        Answer::new(303, &[set, &[("Location", "http://127.0.0.1:4455/login?flow=x")]].concat(), "")
    })
    .await;
    let client = Client::builder().kratos_public_url(server.url()).build().unwrap();
    let browser = client.with_cookie_jar(CookieJar::default());
    let first = browser.initialize_self_service_login_flow_for_browsers().send().await.unwrap();
    assert_eq!(first.redirect().unwrap().query("flow").unwrap(), "x");
    let names: Vec<String> = first.set_cookies().map(|cookie| cookie.name().to_owned()).collect();
    assert_eq!(names, ["csrf_token_x", "evil"]);
    assert_eq!(credentials(&server.take()), Vec::<String>::new());
    browser.initialize_self_service_settings_flow_for_browsers().send().await.unwrap();
    assert_eq!(credentials(&server.take()), ["cookie: csrf_token_x=1"]);
    browser.initialize_self_service_settings_flow_for_browsers().send().await.unwrap();
    assert_eq!(credentials(&server.take()), ["cookie: ory_kratos_session=s"]);
}

struct Vault;

impl TokenProvider for Vault {
    fn token(&self, refused: Option<&Secret>) -> TokenFuture<'_> {
        let token = if refused.is_some() { "fresh" } else { "stale" };
        Box::pin(async move { Ok(token.into()) })
    }
}

#[tokio::test]
async fn a_provider_is_asked_once_more_after_a_401() {
    let server = Server::start(|request| match request.header("authorization") {
        Some("Bearer fresh") => Answer::json(200, &json!([])),
        _ => Answer::json(401, &json!({"error": {"code": 401}})),
    })
    .await;
    let builder = || Client::builder().kratos_admin_url(server.url());
    let client = builder().access_token_provider(Vault).build().unwrap();
    assert!(client.admin_list_identities().send().await.unwrap().is_empty());
    let seen = server.seen();
    let tokens: Vec<_> = seen.iter().map(|request| request.header("authorization").unwrap()).collect();
    assert_eq!(tokens, ["Bearer stale", "Bearer fresh"]);
    // A fixed token has no other one, so a 401 stays a 401.
    let fixed = builder().access_token("stale").build().unwrap();
    assert!(fixed.admin_list_identities().send().await.unwrap_err().is_unauthorized());
    assert_eq!(server.seen().len(), 3);
}

#[tokio::test]
async fn what_the_contract_does_not_know_is_sent_all_the_same() {
    let server = Server::always(Answer::json(200, &json!({"version": "v1"}))).await;
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
    let answer = client
        .request(Method::GET, Endpoint::KratosAdmin, "/health/ready")
        .send_json::<serde_json::Value>()
        .await
        .unwrap();
    assert_eq!(answer["version"], "v1");
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

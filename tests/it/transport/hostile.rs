//! Servers that try to obtain a credential. A second server stands by and must see nothing.

use ory_sdk::credentials::CookieJar;
use ory_sdk::response::Location;
use ory_sdk::{Client, ErrorKind};

use crate::support::server::{Reply, Server};

async fn bystander() -> Server {
    Server::always(Reply::new(200, &[("Content-Type", "application/json")], "{}")).await
}

#[tokio::test]
async fn a_redirect_to_another_port_is_not_followed() {
    let second = bystander().await;
    for status in [301, 302, 303, 307, 308] {
        let location = format!("{}/sessions/whoami?token=hunter2", second.url());
        let first = Server::always(Reply::new(status, &[("Location", &location)], "")).await;
        let client = Client::builder()
            .kratos_public_url(first.url())
            .kratos_admin_url(first.url())
            .access_token("secret")
            .build()
            .unwrap();
        let error = client.with_session_token("secret").to_session().send().await.unwrap_err();
        assert_eq!((error.kind(), error.status().unwrap().as_u16()), (ErrorKind::Redirect, status));
        assert_eq!(error.location(), Some(Location::from(location.as_str())));
        assert!(error.to_string().contains(&second.url()) && !error.to_string().contains("hunter2"), "{error}");
        assert!(client.admin_list_identities().send().await.is_err());
        // A declared redirect is a success, but is not followed either.
        let logout = client.with_session_token("secret").submit_self_service_logout_flow().send().await;
        assert_eq!(logout.is_ok(), status == 302 || status == 303, "{status}");
        assert_eq!(first.seen().len(), 3);
    }
    assert!(second.seen().is_empty());
}

#[tokio::test]
async fn a_challenge_to_authenticate_tempts_nobody() {
    let challenge = ("WWW-Authenticate", "Basic realm=\"give me the password\"");
    let server = Server::always(Reply::new(401, &[challenge], "{}")).await;
    let client = Client::builder().kratos_public_url(server.url()).access_token("secret").build().unwrap();
    let client = client.with_client_credentials("id", "secret").with_oauth2_token("secret");
    assert!(client.to_session().send().await.unwrap_err().is_unauthorized());
    let seen = server.take();
    assert_eq!(seen.header("authorization"), None);
}

#[tokio::test]
async fn a_cookie_for_another_domain_goes_nowhere() {
    let response = Reply::new(
        200,
        &[("Set-Cookie", "ory_kratos_session=planted; Domain=example.org"), ("Set-Cookie", "ory_kratos_session=mine")],
        "{}",
    );
    let first = Server::always(response).await;
    let second = bystander().await;
    let jar = CookieJar::default();
    let at = |server: &Server| {
        Client::builder().kratos_public_url(server.url()).build().unwrap().with_cookie_jar(jar.clone())
    };
    let _ = at(&first).to_session().send().await;
    let _ = at(&second).to_session().send().await;
    assert_eq!(second.take().header("cookie"), None);
    let _ = at(&first).to_session().send().await;
    assert_eq!(first.seen()[1].header("cookie"), Some("ory_kratos_session=mine"));
}

/// Proxy variables apply to the whole process, so the call is made in a child process: this test binary again, with the
/// URL to call in an environment variable.
async fn call_through(proxy: &Server, target: String) {
    let mut child = std::process::Command::new(std::env::current_exe().unwrap());
    child.args(["transport::hostile::child_that_calls", "--exact", "--ignored"]).env("TARGET_OF_THE_CHILD", target);
    for name in ["http_proxy", "HTTP_PROXY", "https_proxy", "HTTPS_PROXY", "all_proxy", "ALL_PROXY"] {
        child.env(name, proxy.url());
    }
    let output = tokio::task::spawn_blocking(move || child.output()).await.unwrap().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
}

#[tokio::test]
async fn a_proxy_in_the_environment_sees_nothing_of_plain_http() {
    let proxy = bystander().await;
    let target = bystander().await;
    call_through(&proxy, target.url()).await;
    assert_eq!(target.take().header("x-session-token"), Some("secret"));
    assert!(proxy.seen().is_empty());
}

#[tokio::test]
async fn a_proxy_sees_of_https_only_where_it_goes() {
    let proxy = Server::always(Reply::new(403, &[], "")).await;
    call_through(&proxy, "https://ory.invalid".to_owned()).await;
    let seen = proxy.seen();
    assert!(!seen.is_empty());
    for request in seen {
        assert_eq!((request.method.as_str(), request.target.as_str()), ("CONNECT", "ory.invalid:443"));
        assert!(!format!("{request:?}").contains("secret"), "{request:?}");
    }
}

#[tokio::test]
#[ignore = "is run by the tests of proxies"]
async fn child_that_calls() {
    let Ok(target) = std::env::var("TARGET_OF_THE_CHILD") else { return };
    let client = Client::builder().kratos_public_url(target).retry(ory_sdk::retry::Retry::off()).build().unwrap();
    let _ = client.with_session_token("secret").to_session().send().await;
}

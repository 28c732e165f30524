//! Arguments, queries and headers that nobody may read on the way.

use http::Method;
use ory_sdk::contract::Endpoint;
use ory_sdk::flow::FlowKind;
use ory_sdk::retry::Retry;
use ory_sdk::{Client, Error, ErrorKind};
use serde_json::json;

use crate::support::server::{Reply, Server};

/// The outcome of each call, with its error if it was refused.
type Outcomes = Vec<(&'static str, Option<Error>)>;

macro_rules! outcomes {
    ($($call:expr),* $(,)?) => {
        vec![$((stringify!($call), $call.await.err())),*]
    };
}

/// Calls with each optional secret argument alone, by its setter.
async fn with_secrets(client: &Client) -> Outcomes {
    let request = || client.request(Method::GET, Endpoint::KratosPublic, "/more");
    outcomes![
        client.submit_self_service_logout_flow().token("s"),
        client.submit_self_service_recovery_flow().flow("f").token("s").form([("a", "b")]),
        client.submit_self_service_verification_flow().flow("f").token("s").form([("a", "b")]),
        client.initialize_self_service_login_flow_for_browsers().login_challenge("s"),
        client.initialize_self_service_login_flow_without_browser().login_challenge("s"),
        client.initialize_self_service_registration_flow_for_browsers().login_challenge("s"),
        client.initialize_self_service_registration_flow_without_browser().login_challenge("s"),
        client.create_flow(FlowKind::Login).login_challenge("s"),
        client.create_flow(FlowKind::Registration).query("login_challenge", "s"),
        client.perform_oauth2_authorization_flow().id_token_hint("s"),
        client.perform_oauth2_authorization_flow().login_verifier("s"),
        client.perform_oauth2_authorization_flow().consent_verifier("s"),
        client.perform_oauth2_authorization_flow().cookie("s=1"),
        client.perform_oidc_front_or_back_channel_logout().id_token_hint("s"),
        client.perform_oidc_front_or_back_channel_logout().logout_verifier("s"),
        client.perform_oidc_front_or_back_channel_logout().query("id%5ftoken_hint", "s"),
        client.to_session().x_session_token("s"),
        client.to_session().cookie("s=1"),
        client.get_self_service_error().id("e").cookie("s=1"),
        // Required ones.
        client.admin_get_oauth2_login_request().login_challenge("s"),
        client.admin_accept_oauth2_logout_request().logout_challenge("s"),
        // Nobody says that these are not secret.
        client.to_session().query("code", "s"),
        client.to_session().header("X-Api-Key", "s"),
        client.to_session().header("Authorization", "s"),
        client.to_session().header("Referer", "https://app.test/?code=s"),
        request().query("init_code", "s"),
        request().header("X-Auth", "s"),
    ]
}

/// Calls without a secret.
async fn without_secrets(client: &Client) -> Outcomes {
    let request = || client.request(Method::GET, Endpoint::KratosPublic, "/more");
    outcomes![
        client.submit_self_service_logout_flow(),
        client.initialize_self_service_login_flow_for_browsers().return_to("https://app.test/").refresh(true),
        client.create_flow(FlowKind::Login).return_to("https://app.test/").aal2(),
        client.get_flow(FlowKind::Login, "f"),
        client.perform_oauth2_authorization_flow().client_id("c").scope("openid").state("state").code_challenge("c"),
        client.perform_oidc_front_or_back_channel_logout().state("state"),
        client.to_session().header("Accept-Language", "de").header("X-Request-Id", "1").header("traceparent", "00-1"),
        client.with_user_agent("Firefox").with_forwarded_for("192.0.2.1").to_session(),
        client.admin_list_identities().page_size(10).page_token("p"),
        client.admin_get_identity().id("x").include_credential(["totp"]),
        request(),
    ]
}

/// A client of a server on another machine, over plain http.
fn distant(server: &Server, allow: bool) -> Client {
    let at = server.address;
    let url = format!("http://ory.test:{}", at.port());
    let builder = Client::builder().project_url(url).retry(Retry::off());
    let builder = builder.customize(move |http| http.resolve("ory.test", at));
    let builder = if allow { builder.allow_insecure_http() } else { builder };
    builder.build().unwrap()
}

#[tokio::test]
async fn a_secret_that_is_present_is_private() {
    let server = Server::always(Reply::json(200, &json!({}))).await;
    let client = distant(&server, false);
    let mut refused = with_secrets(&client).await;
    assert_eq!(refused.len(), 27);
    // A body may contain a password.
    let form = client.submit_flow(FlowKind::Login, "f").form([("a", "b")]).await.err();
    refused.push(("submit_flow", form));
    for (call, error) in refused {
        let error = error.unwrap_or_else(|| panic!("{call} was sent"));
        assert_eq!(error.kind(), ErrorKind::Configuration, "{call}");
        assert!(
            error.to_string().contains(": a credential or another secret would be sent over plain http: "),
            "{error}"
        );
    }
    assert_eq!(server.seen(), []);
}

#[tokio::test]
async fn with_the_opt_in_or_without_a_secret_calls_are_sent() {
    let server = Server::always(Reply::json(200, &json!({}))).await;
    let sent = with_secrets(&distant(&server, true)).await.len();
    assert_eq!(server.seen().len(), sent);
    let server = Server::always(Reply::json(200, &json!({}))).await;
    let outcomes = without_secrets(&distant(&server, false)).await;
    for (call, error) in &outcomes {
        assert!(error.as_ref().is_none_or(|error| error.kind() != ErrorKind::Configuration), "{call}: {error:?}");
    }
    assert_eq!(server.seen().len(), outcomes.len());
}

/// The second page of a list has what the first has, and a position that the server gave.
#[tokio::test]
async fn a_list_goes_on_over_plain_http() {
    let server = Server::start(|request| {
        let next = "</admin/identities?page_token=t&page_size=1>; rel=\"next\"";
        let links: &[(&str, &str)] = if request.target.contains("page_token") { &[] } else { &[("Link", next)] };
        let id = format!("0aa1b2c3-0000-4000-8000-00000000000{}", links.len());
        let row = json!([{"id": id, "schema_id": "default", "schema_url": "", "traits": {}}]);
        Reply::new(200, links, row.to_string())
    })
    .await;
    let mut pages = distant(&server, false).admin_list_identities().page_size(1).by_page();
    while let Some(page) = pages.next().await {
        page.unwrap();
    }
    assert_eq!(server.seen().len(), 2);
}

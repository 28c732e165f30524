//! Types and texts that do not come from the contract: clients, cookies, patches, and refused settings and arguments.

use http::{HeaderMap, Method};
use ory_sdk::contract::Endpoint;
use ory_sdk::credentials::{CookieJar, SetCookie, TokenFuture, TokenProvider};
use ory_sdk::error::{ErrorId, InvalidSetting, OAuth2ErrorCode};
use ory_sdk::flow::Form;
use ory_sdk::input::{JsonPatch, PathSegment};
use ory_sdk::{Client, ClientBuilder, Error, ErrorKind, Secret};
use serde_json::json;

use super::{SECRET, chain, displayed, hidden};
use crate::support::dispatch::shown;
use crate::support::server::{Reply, Server};

struct Vault(&'static str);

impl TokenProvider for Vault {
    fn token(&self, _: Option<&Secret>) -> TokenFuture<'_> {
        Box::pin(async { Ok(Secret::from(self.0)) })
    }
}

fn builder() -> ClientBuilder {
    Client::builder().project_url("http://127.0.0.1:1").console_url("http://127.0.0.1:1")
}

#[test]
fn no_client_shows_a_secret() {
    hidden("a secret", &shown(&[Some(Secret::from(SECRET))]));
    let fixed = || builder().access_token(SECRET).console_token(SECRET);
    let provided = || builder().access_token_provider(Vault(SECRET)).console_token_provider(Vault(SECRET));
    for builder in [fixed(), provided(), builder().project_url(format!("https://{SECRET}@host?{SECRET}"))] {
        hidden("a client's builder", &shown(&builder));
    }
    for client in [fixed().build().unwrap(), provided().build().unwrap()] {
        let mut headers = HeaderMap::new();
        let mut handles = vec![
            client.clone(),
            client.with_session_token(SECRET),
            client.with_cookies(format!("ory_kratos_session={SECRET}")),
            client.with_session_token(SECRET).with_cookies(format!("ory_kratos_session={SECRET}")),
            client.with_client_credentials("id", SECRET),
            client.with_oauth2_token(SECRET),
            client.with_registration_token(SECRET),
            client.with_user_agent(SECRET),
            client.with_forwarded_for(SECRET),
        ];
        for (name, value) in [
            ("authorization", format!("Bearer {SECRET}")),
            ("cookie", format!("ory_kratos_session={SECRET}")),
            ("user-agent", SECRET.to_owned()),
            ("x-session-token", SECRET.to_owned()),
        ] {
            headers.insert(http::HeaderName::from_static(name), value.parse().unwrap());
            handles.push(client.forwarding(&headers));
        }
        for handle in handles {
            let call =
                handle.request(Method::POST, Endpoint::Named(SECRET.len().to_string().into()), format!("/{SECRET}"));
            let call = call.query("k", SECRET).header("h", SECRET).json_body(json!(SECRET)).body("text/plain", SECRET);
            hidden("a request", &shown(&call));
            hidden("a call under way", &shown(&call.send()));
            hidden("a handle", &shown(&handle));
            hidden("a clone", &shown(&handle.clone()));
        }
    }
}

#[tokio::test]
async fn no_cookie_shows_its_value() {
    let line = format!("ory_kratos_session={SECRET}; Path=/; Domain=127.0.0.1");
    hidden("a cookie", &shown(&SetCookie::parse(&line).unwrap()));
    let server = Server::always(Reply::new(401, &[("Set-Cookie", &line)], "{}")).await;
    let jar = CookieJar::default();
    let client = Client::builder().kratos_public_url(server.url()).build().unwrap().with_cookie_jar(jar.clone());
    let _ = client.to_session().send().await;
    assert_eq!(jar.len(), 1);
    hidden("a jar", &shown(&jar));
    hidden("a handle with a jar", &shown(&client));
}

#[test]
fn no_value_of_ones_own_shows_a_secret() {
    let patch = JsonPatch::new().add("/a", SECRET).unwrap().replace("/b", json!({SECRET: SECRET})).unwrap();
    hidden("a patch", &shown(&patch.test("/c", SECRET).unwrap()));
    hidden("an id of an error", &shown(&ErrorId::from(SECRET)));
    hidden("a code of an error", &shown(&OAuth2ErrorCode::from(SECRET)));
    let texts = json!([{"id": 1, "type": "info", "text": SECRET, "context": {"secret": SECRET}},
        {"id": 4_000_001, "type": "error", "text": format!("https://host/?code={SECRET}"), "context": {"k": SECRET}}]);
    let attributes = json!({"node_type": "input", "name": "n", "value": SECRET, "onclick": SECRET, SECRET: SECRET});
    let form = Form::of(&json!({"ui": {"action": format!("https://host/?flow={SECRET}"), "messages": texts,
        "nodes": [{"group": "g", "attributes": attributes, "messages": texts, "meta": {"label": {"text": SECRET}}}]}}));
    assert_eq!((form.messages.len(), form.nodes[0].messages.len()), (2, 2));
    hidden("a form", &shown(&form));
    hidden("a node", &shown(&form.nodes));
    hidden("a message", &shown(&form.messages));
    hidden("what a form gives", &shown(&form.csrf_token()));
}

/// An error names the refused setting, but never repeats its value.
#[test]
fn no_refused_setting_shows_a_secret() {
    let broken = format!("{SECRET}\r\nX: y");
    let refused: Vec<InvalidSetting> = [
        builder().access_token(broken.as_str()),
        builder().console_token(broken.as_str()),
        builder().user_agent(broken.as_str()),
        Client::builder().project(SECRET.to_owned() + "?x"),
        Client::builder().project_url(format!("https://{SECRET}@host.example")),
        Client::builder().project_url(format!("https://u:{SECRET}@host.example")),
        Client::builder().kratos_admin_url(format!("https://host.example/?token={SECRET}")),
        Client::builder().kratos_admin_url(format!("https://host.example/#{SECRET}")),
        Client::builder().hydra_admin_url(format!("{SECRET}://host.example")),
        Client::builder().hydra_admin_url(SECRET),
        Client::builder().hydra_admin_url(format!("https://host.example:{SECRET}")),
    ]
    .into_iter()
    .map(|builder| builder.build().unwrap_err())
    .collect();
    for why in refused {
        hidden("a setting", &chain(&why));
    }
}

#[tokio::test]
async fn no_refused_argument_shows_a_secret() {
    let server = Server::always(Reply::new(200, &[], "{}")).await;
    let client = Client::builder().project_url(server.url()).access_token_provider(Vault("hunter2\n")).build().unwrap();
    let broken = "hunter2\nX: y";
    let request = |path: &str| client.request(Method::GET, Endpoint::KratosPublic, path);
    let mut refused: Vec<Error> = vec![
        client.to_session().x_session_token(broken).send().await.unwrap_err(),
        client.to_session().cookie(broken).send().await.unwrap_err(),
        client.to_session().header("X-More", broken).send().await.unwrap_err(),
        client.to_session().header("authorization", broken).send().await.unwrap_err(),
        client.to_session().x_session_token(SECRET).cookie(SECRET).send().await.unwrap_err(),
        client.with_session_token(broken).to_session().send().await.unwrap_err(),
        client
            .with_session_token(SECRET)
            .with_cookies(format!("csrf_token_={SECRET}"))
            .to_session()
            .send()
            .await
            .unwrap_err(),
        client.with_cookies("ory_kratos_session=hunter2\u{1}").to_session().send().await.unwrap_err(),
        client.with_user_agent(broken).to_session().send().await.unwrap_err(),
        client.with_forwarded_for(broken).to_session().send().await.unwrap_err(),
        client.with_oauth2_token(broken).get_oidc_user_info().send().await.unwrap_err(),
        client
            .with_registration_token(broken)
            .dynamic_client_registration_get_oauth2_client()
            .id("x")
            .send()
            .await
            .unwrap_err(),
        client.admin_list_identities().send().await.unwrap_err(),
        client.admin_get_identity().id("hunter2\n").send().await.unwrap_err(),
        client.admin_get_identity().id("hunter2\\").send().await.unwrap_err(),
        client.admin_create_identity().body(json!({"credentials": SECRET})).send().await.unwrap_err(),
        request("/self-service/recovery?token=hunter2").send().await.unwrap_err(),
        request("self-service/recovery?token=hunter2").send().await.unwrap_err(),
        request("/self-service/../x#hunter2").send().await.unwrap_err(),
    ];
    let distant = Client::builder().project_url("http://host.example").access_token(SECRET).build().unwrap();
    let call = distant.admin_get_oauth2_login_request().login_challenge(SECRET);
    refused.push(call.send().await.unwrap_err());
    for why in refused {
        assert!(matches!(why.kind(), ErrorKind::Argument | ErrorKind::Configuration), "{why}");
        hidden("an argument", &chain(&why));
    }
    assert!(server.seen().is_empty());
    for text in ["hunter2\n", "hunter2\\"] {
        hidden("a segment", &chain(&PathSegment::try_from(text).unwrap_err()));
    }
}

#[tokio::test]
async fn no_response_that_is_too_large_shows_a_secret() {
    let server = Server::always(Reply::new(200, &[("X-More", SECRET)], SECRET)).await;
    let client = Client::builder().kratos_public_url(server.url()).success_limit(3).build().unwrap();
    let error = client.to_session().send().await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::TooLarge);
    hidden("too large a response", &chain(&error));
}

#[tokio::test]
async fn no_location_shows_its_query() {
    let url = format!("https://{SECRET}:{SECRET}@host.example/a b?code={SECRET} {SECRET}#{SECRET}");
    let server = Server::always(Reply::new(303, &[("Location", &url)], "")).await;
    let client = Client::builder().kratos_public_url(server.url()).build().unwrap();
    let error = client.initialize_self_service_login_flow_for_browsers().send().await.unwrap_err();
    hidden("an unexpected redirect", &chain(&error));
    let call = client.submit_self_service_recovery_flow().flow("f").form([("method", "code")]);
    let redirected = call.send().await.unwrap();
    let location = redirected.redirect().unwrap().clone();
    assert_eq!(location.as_str(), url);
    hidden("a location", &displayed(&location));
    hidden("a location as an error", &chain(&location));
}

#[tokio::test]
async fn no_list_shows_a_secret() {
    let link = format!("</admin/identities?page_token={SECRET}>; rel=\"next\"");
    let id = "0aa1b2c3-0000-4000-8000-000000000001";
    let rows = json!([{"id": id, "schema_id": "default", "schema_url": "", "traits": {SECRET: SECRET}}]);
    let server = Server::always(Reply::new(200, &[("Link", &link)], rows.to_string())).await;
    let client = Client::builder().project_url(server.url()).access_token(SECRET).build().unwrap();
    let list = || client.admin_list_identities().credentials_identifier(SECRET).header("X-More", SECRET);
    let mut pages = list().by_page().prefetch();
    let page = pages.next().await.unwrap().unwrap();
    assert!(page.len() == 1 && server.seen()[0].target.contains(SECRET));
    let cursor = page.next_cursor().unwrap();
    let mut items = list().by_item();
    let item = items.next().await.unwrap().unwrap();
    hidden("a page", &shown(&page));
    hidden("pages", &shown(&pages));
    hidden("a cursor", &shown(cursor));
    hidden("items", &shown(&items));
    hidden("an item", &shown(&item));
    // A cursor of another list, and text that is not a cursor.
    let other = client.admin_list_identities().credentials_identifier("other").by_page().resume(cursor);
    hidden("a refused cursor", &chain(&other.unwrap_err()));
    hidden("no cursor", &chain(&SECRET.parse::<ory_sdk::lists::Cursor>().unwrap_err()));
}

#[test]
fn no_traits_that_do_not_fit_show_a_secret() {
    for traits in [json!({"age": SECRET}), json!({"age": [SECRET]}), json!(SECRET), json!([SECRET])] {
        let why = ory_sdk::traits::decode::<std::collections::BTreeMap<String, u8>>(&traits).unwrap_err();
        hidden("traits", &chain(&why));
    }
}

//! Flows of any kind: `create_flow`, `get_flow` and `submit_flow`, byte for byte.

use bytes::Bytes;
use ory_sdk::error::FlowStep;
use ory_sdk::flow::{FlowKind, Form, Submitted};
use ory_sdk::response::Location;
use ory_sdk::{Client, ErrorKind};
use serde_json::json;

use super::{FORM, JSON, Wire};
use crate::support::server::{Reply, Server};

#[tokio::test]
async fn create_sends_each_kind_to_its_path() {
    let mut wire = Wire::new().await;
    for kind in FlowKind::ALL {
        let recorded = wire.recorded(&format!("initializeSelfService{kind:?}FlowForBrowsers"));
        let form = wire.client.create_flow(kind).send().await.unwrap();
        wire.saw(&format!("GET /kratos/self-service/{kind}/browser"), &[], "");
        assert_eq!(form.id, recorded["id"], "{kind}");
        assert_eq!(form.into_body(), Form::of(&recorded), "{kind}");

        let recorded = wire.recorded(&format!("initializeSelfService{kind:?}FlowWithoutBrowser"));
        let form = wire.client.create_flow(kind).native().send().await.unwrap();
        wire.saw(&format!("GET /kratos/self-service/{kind}/api"), &[], "");
        assert_eq!(form.id, recorded["id"], "{kind}");
        assert_eq!(form.into_body(), Form::of(&recorded), "{kind}");
    }
    wire.into_seen();
}

#[tokio::test]
async fn create_sends_its_settings_in_the_query() {
    let mut wire = Wire::new().await;
    let user = wire.client.with_cookies("ory_kratos_session=s");
    wire.recorded("initializeSelfServiceLoginFlowForBrowsers");
    let create = user.create_flow(FlowKind::Login).return_to("/b?c=d&e").aal2().refresh().login_challenge("c+/=");
    create.query("via", "a b").header("X-More", "1").send().await.unwrap();
    wire.saw(
        "GET /kratos/self-service/login/browser?return_to=%2Fb%3Fc%3Dd%26e&aal=aal2&refresh=true\
         &login_challenge=c%2B%2F%3D&via=a+b",
        &["cookie: ory_kratos_session=s", "x-more: 1"],
        "",
    );

    let native = wire.client.with_session_token("ory_st_1");
    wire.recorded("initializeSelfServiceLoginFlowWithoutBrowser");
    native.create_flow(FlowKind::Login).aal2().native().send().await.unwrap();
    wire.saw("GET /kratos/self-service/login/api?aal=aal2", &["x-session-token: ory_st_1"], "");
    wire.into_seen();
}

/// Kratos may respond with a redirect instead of a flow, for example to the page for the second factor.
#[tokio::test]
async fn create_reports_a_redirect_as_the_next_step() {
    let mut wire = Wire::new().await;
    wire.replays("kratos-26.2.0/initializeSelfServiceSettingsFlowForBrowsers.html-aal2-required");
    let error = wire.client.create_flow(FlowKind::Settings).send().await.unwrap_err();
    wire.saw("GET /kratos/self-service/settings/browser", &[], "");
    let location = Location::from("http://127.0.0.1:4433/self-service/login/browser?aal=aal2");
    assert_eq!((error.kind(), error.flow_step()), (ErrorKind::Redirect, Some(FlowStep::GoTo(location))), "{error}");
}

#[tokio::test]
async fn get_sends_the_id_of_each_kind() {
    let mut wire = Wire::new().await;
    let user = wire.client.with_cookies("csrf_token_x=c");
    for kind in FlowKind::ALL {
        let recorded = wire.recorded(&format!("getSelfService{kind:?}Flow"));
        let form = user.get_flow(kind, "a b&c").send().await.unwrap();
        wire.saw(&format!("GET /kratos/self-service/{kind}/flows?id=a+b%26c"), &["cookie: csrf_token_x=c"], "");
        assert_eq!(form.id, recorded["id"], "{kind}");
        assert_eq!(form.into_body(), Form::of(&recorded), "{kind}");
    }
    wire.into_seen();
}

#[tokio::test]
async fn what_is_not_a_flow_cannot_be_decoded() {
    let mut wire = Wire::new().await;
    wire.json("getSelfServiceLoginFlow", json!({"id": "f"}));
    let error = wire.client.get_flow(FlowKind::Login, "f").send().await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Decode);
    let text = "getSelfServiceLoginFlow: 200 OK: the response cannot be decoded: expected a flow, found other JSON";
    assert_eq!(error.to_string(), text);
    wire.saw("GET /kratos/self-service/login/flows?id=f", &[], "");

    wire.json("submitSelfServiceLoginFlow", json!({"state": "f"}));
    let submit = wire.client.submit_flow(FlowKind::Login, "f").json_body(json!({}));
    let error = submit.send().await.unwrap_err();
    assert_eq!(
        error.to_string(),
        "submitSelfServiceLoginFlow: 200 OK: the response cannot be decoded: expected a flow or a session, found other \
         JSON"
    );
}

#[tokio::test]
async fn submit_sends_the_body_of_each_kind() {
    let mut wire = Wire::new().await;
    for kind in FlowKind::ALL {
        let recorded = wire.recorded(&format!("submitSelfService{kind:?}Flow"));
        let body = json!({"method": "password", "csrf_token": "a+b"});
        let submitted = wire.client.submit_flow(kind, "a b&c").json_body(body.clone()).send().await.unwrap();
        wire.saw(&format!("POST /kratos/self-service/{kind}?flow=a+b%26c"), &[JSON], &body.to_string());
        match submitted.into_body() {
            Submitted::Form(form) => {
                assert_eq!(form.id, recorded["id"], "{kind}");
                assert_eq!(*form, Form::of(&recorded), "{kind}");
            }
            Submitted::SignedIn { session_token } => {
                let token = session_token.as_ref().map(|token| token.expose());
                assert_eq!(token, recorded["session_token"].as_str(), "{kind}");
                assert!(token.is_some() || recorded["session"].is_object(), "{kind}: {recorded}");
            }
            other => panic!("{kind}: {other:?}"),
        }
    }
    wire.into_seen();
}

/// Pins which kinds sign in and which return a form, so that the test above uses both arms.
#[tokio::test]
async fn submit_tells_a_session_from_a_form() {
    let mut wire = Wire::new().await;
    for (kind, signs_in) in FlowKind::ALL.into_iter().zip([true, true, false, false, false]) {
        wire.recorded(&format!("submitSelfService{kind:?}Flow"));
        let submitted = wire.client.submit_flow(kind, "f").json_body(json!({})).send().await.unwrap();
        assert_eq!(matches!(*submitted, Submitted::SignedIn { .. }), signs_in, "{kind}: {submitted:?}");
        assert_eq!(matches!(*submitted, Submitted::Form(_)), !signs_in, "{kind}: {submitted:?}");
        wire.saw(&format!("POST /kratos/self-service/{kind}?flow=f"), &[JSON], "{}");
    }
    wire.replies("submitSelfServiceLoginFlow", Reply::new(303, &[("Location", "https://app.example.org/?a=b")], ""));
    let submitted = wire.client.submit_flow(FlowKind::Login, "f").json_body(json!({})).send().await.unwrap();
    assert_eq!(*submitted, Submitted::Redirect(Location::from("https://app.example.org/?a=b")));
}

#[tokio::test]
async fn submit_without_a_body_is_refused_before_sending() {
    let wire = Wire::new().await;
    for kind in FlowKind::ALL {
        wire.refused(
            wire.client.submit_flow(kind, "f").send().await,
            ErrorKind::Argument,
            &format!("submitSelfService{kind:?}Flow: the body is missing"),
        );
    }
}

#[tokio::test]
async fn forms_are_sent_as_they_are() {
    let mut wire = Wire::new().await;
    let accepted = "accept: application/json";
    let posted = "csrf_token=a%2Bb%3D&password=%C3%A4+b&traits.age=7&method=password&empty=&=&x";
    wire.recorded("submitSelfServiceLoginFlow");
    let submit = wire.client.submit_flow(FlowKind::Login, "f").form_body(Bytes::from_static(posted.as_bytes()));
    submit.send().await.unwrap();
    wire.saw("POST /kratos/self-service/login?flow=f", &[FORM, accepted], posted);

    let pairs = [("a b", "c&d=e"), ("a b", "ü+"), ("", "")];
    wire.recorded("submitSelfServiceRegistrationFlow");
    wire.client.submit_flow(FlowKind::Registration, "f").form(pairs).send().await.unwrap();
    let encoded = "a+b=c%26d%3De&a+b=%C3%BC%2B&=";
    wire.saw("POST /kratos/self-service/registration?flow=f", &[FORM, accepted], encoded);

    // The builders of operations send the same form, in place of their typed body.
    wire.recorded("submitSelfServiceLoginFlow");
    let submit = wire.client.submit_self_service_login_flow().flow("f").form_body(posted);
    submit.send().await.unwrap();
    wire.saw("POST /kratos/self-service/login?flow=f", &[FORM, accepted], posted);
    wire.recorded("submitSelfServiceLoginFlow");
    let owned = [("k".to_owned(), "v".to_owned())];
    wire.client.submit_self_service_login_flow().flow("f").form(owned).send().await.unwrap();
    wire.saw("POST /kratos/self-service/login?flow=f", &[FORM, accepted], "k=v");

    // The last body takes precedence.
    wire.recorded("submitSelfServiceLoginFlow");
    let submit = wire.client.submit_flow(FlowKind::Login, "f");
    submit.json_body(json!({"a": 1})).form([("b", "2")]).form_body("c=3").send().await.unwrap();
    wire.saw("POST /kratos/self-service/login?flow=f", &[FORM, accepted], "c=3");
    wire.recorded("submitSelfServiceLoginFlow");
    let submit = wire.client.submit_flow(FlowKind::Login, "f");
    submit.form_body("c=3").json_body(json!({"a": 1})).send().await.unwrap();
    wire.saw("POST /kratos/self-service/login?flow=f", &[JSON, accepted], r#"{"a":1}"#);
    wire.into_seen();
}

#[tokio::test]
async fn a_form_that_is_not_utf_8_is_sent_as_it_is() {
    let server = Server::always(Reply::json(200, &json!({"session": {}}))).await;
    let client = Client::builder().kratos_public_url(server.url()).build().unwrap();
    let bytes: &[u8] = b"a=\xff\xfe\0&b";
    client.submit_flow(FlowKind::Login, "f").form_body(bytes).send().await.unwrap();
    let seen = server.take();
    assert_eq!(seen.body, bytes);
    assert_eq!(seen.all("content-type"), ["application/x-www-form-urlencoded"]);
    assert_eq!(seen.all("accept"), ["application/json"]);
}

#[tokio::test]
async fn urls_for_browsers_have_the_browsers_base() {
    let (inside, outside) =
        (Server::always(Reply::json(500, &json!({}))).await, Server::always(Reply::json(500, &json!({}))).await);
    let builder = || Client::builder().kratos_public_url(format!("{}/kratos", inside.url()));
    let client = builder().kratos_browser_url("https://auth.example.org/auth/").build().unwrap();
    for kind in FlowKind::ALL {
        let url = client.create_flow(kind).return_to("https://app.example.org/?a=b").url().unwrap();
        let query = "return_to=https%3A%2F%2Fapp.example.org%2F%3Fa%3Db";
        assert_eq!(url, format!("https://auth.example.org/auth/self-service/{kind}/browser?{query}").as_str());
        let native = client.create_flow(kind).native().url().unwrap();
        assert_eq!(native, format!("https://auth.example.org/auth/self-service/{kind}/api").as_str());
        // Without `kratos_browser_url`, browsers use the public URL.
        let url = builder().build().unwrap().create_flow(kind).url().unwrap();
        assert_eq!(url, format!("{}/kratos/self-service/{kind}/browser", inside.url()).as_str());
    }
    assert!(inside.seen().is_empty(), "a URL needs no request");

    // The client's own requests never go to the browser URL.
    let client = builder().kratos_browser_url(outside.url()).build().unwrap();
    client.create_flow(FlowKind::Login).send().await.unwrap_err();
    client.get_flow(FlowKind::Login, "f").send().await.unwrap_err();
    assert!(inside.seen().len() >= 2 && outside.seen().is_empty());

    let error =
        Client::builder().hydra_public_url("http://127.0.0.1:1").build().unwrap().create_flow(FlowKind::Login).url();
    assert_eq!(
        error.unwrap_err().to_string(),
        "initializeSelfServiceLoginFlowForBrowsers: its endpoint is not configured: set `kratos_public_url` or \
         `project_url`"
    );
}

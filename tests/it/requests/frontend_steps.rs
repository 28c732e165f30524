//! Steps of signing in that are no flows of their own: the end of a native social sign-in, the browser's account dialog,
//! trying a provider, and what pages need to know.

use ory_sdk::error::NextStep;
use ory_sdk::types::UpdateFedcmFlowBody;
use ory_sdk::{ErrorKind, response::Location};
use serde_json::json;

use super::{JSON, Reply, Seen, Wire};

const ID: &str = "15e4361a-bd4d-4d42-a882-da8116585942";

pub async fn cases() -> Vec<Seen> {
    let mut wire = Wire::new().await;
    exchange(&mut wire).await;
    account_dialog(&mut wire).await;
    others(&mut wire).await;
    wire.into_seen()
}

#[tokio::test]
async fn requests_and_responses() {
    cases().await;
}

async fn exchange(wire: &mut Wire) {
    // The same codes work again after the session has ended, so the program must look at `active`.
    wire.json("exchangeSessionToken", json!({"session_token": "ory_st_new", "session": {"id": ID, "active": false}}));
    let call = wire.client.exchange_session_token().init_code("i+1").return_to_code("r/1=");
    let response = call.send().await.unwrap();
    wire.saw("GET /kratos/sessions/token-exchange?init_code=i%2B1&return_to_code=r%2F1%3D", &[], "");
    assert_eq!(response.session_token.as_ref().unwrap().expose(), "ory_st_new");
    let session = response.session.as_ref().unwrap();
    assert_eq!((session.id.to_string().as_str(), session.active), (ID, Some(false)));
    assert!(!format!("{response:?}").contains("ory_st_new"));

    // Too early, or a wrong code.
    let body = json!({"error": {"code": 404, "status": "Not Found", "reason": "no session yet for this \"code\"",
        "message": "The requested resource could not be found"}});
    wire.replies("exchangeSessionToken", Reply::json(404, &body));
    let call = wire.client.exchange_session_token().init_code("s3cret-1").return_to_code("s3cret-2");
    assert!(!format!("{call:?}").contains("s3cret"));
    let error = call.send().await.unwrap_err();
    wire.saw("GET /kratos/sessions/token-exchange?init_code=s3cret-1&return_to_code=s3cret-2", &[], "");
    assert!(error.is_not_found() && !error.is_unknown_route());
    assert!(!format!("{error} {error:?}").contains("s3cret"), "{error:?}");
}

async fn account_dialog(wire: &mut Wire) {
    let provider = json!({"config_url": "https://a.b/fedcm.json", "client_id": "c", "nonce": "n", "fields": ["email"],
        "parameters": {"scope": "openid"}, "login_hint": null});
    let mut response = Reply::json(200, &json!({"providers": [provider], "csrf_token": "t"}));
    response.headers.push(("Set-Cookie".to_owned(), "csrf_token_x=t; Path=/".to_owned()));
    wire.replies("createFedcmFlow", response);
    let flow = wire.client.create_fedcm_flow().cookie("a=b").send().await.unwrap();
    wire.saw("GET /kratos/self-service/fed-cm/parameters", &["cookie: a=b"], "");
    assert_eq!(flow.csrf_token.as_ref().unwrap().expose(), "t");
    assert_eq!(flow.providers[0].parameters["scope"], "openid");
    assert_eq!((flow.providers[0].login_hint.as_ref(), flow.set_cookies().count()), (None, 1));

    let body = UpdateFedcmFlowBody::builder()
        .token("ey.J")
        .csrf_token("t")
        .nonce("n")
        .transient_payload(json!({"campaign": [1, null]}));
    wire.json("updateFedcmFlow", json!({"session": {"id": ID, "active": true}, "session_token": null}));
    let signed_in = wire.client.update_fedcm_flow().cookie("a=b").body(body.clone()).send().await.unwrap();
    let sent = r#"{"csrf_token":"t","nonce":"n","token":"ey.J","transient_payload":{"campaign":[1,null]}}"#;
    wire.saw("POST /kratos/self-service/fed-cm/token", &["cookie: a=b", JSON], sent);
    assert_eq!(signed_in.session.as_ref().unwrap().active, Some(true));
    // A browser is redirected; this client asks for JSON, so that a redirect is none of its results.
    wire.replies("updateFedcmFlow", Reply::new(303, &[("Location", "https://app.example.org/")], ""));
    let error = wire.client.update_fedcm_flow().body(body).send().await.unwrap_err();
    wire.saw("POST /kratos/self-service/fed-cm/token", &[JSON], sent);
    let to = Location::from("https://app.example.org/");
    assert_eq!((error.kind(), error.next_step()), (ErrorKind::Redirect, Some(NextStep::GoTo(to))));
}

async fn others(wire: &mut Wire) {
    wire.empty("deleteTestLoginFlow");
    let response = wire.client.delete_test_login_flow().id("f/1").cookie("a=b").send().await.unwrap();
    wire.saw("DELETE /kratos/self-service/login/test?id=f%2F1", &["cookie: a=b"], "");
    assert_eq!(response.status(), 204);

    let settings = "http://127.0.0.1:4455/settings";
    wire.replies("getWellKnownChangePassword", Reply::new(303, &[("Location", settings)], "<a href=..>"));
    let response = wire.client.get_well_known_change_password().send().await.unwrap();
    wire.saw("GET /kratos/.well-known/change-password", &[], "");
    assert_eq!(response.location(), Some(Location::from(settings)));

    wire.json(
        "getConfiguration",
        json!({"name": "Mine", "registration_enabled": true, "login_ui_url": "https://a.b/"}),
    );
    let configuration = wire.client.get_configuration().send().await.unwrap();
    wire.saw("GET /kratos/elements/configuration", &[], "");
    assert_eq!(configuration.name, "Mine");
    assert_eq!(json!(configuration.registration_enabled), json!(true));
}

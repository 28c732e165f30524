//! Invalid calls are refused before anything is sent, with an error that names the operation and the argument.

use std::collections::BTreeSet;

use ory_sdk::contract::{Area, Operation, Place};
use ory_sdk::{Client, Error, ErrorKind, types};
use serde_json::json;

use super::{ACCESS, Wire, calls};

/// The operations for which `holds` is true, of all areas but those whose refusals are tested with their cases.
fn operations(holds: impl Fn(&Operation) -> bool) -> BTreeSet<&'static str> {
    let others = [Area::OAuth2, Area::Jwk, Area::Project, Area::Metadata];
    let all = ory_sdk::contract::operations().iter().filter(|operation| !others.contains(&operation.area));
    all.filter(|operation| holds(operation)).map(|operation| operation.id).collect()
}

fn names(errors: &[Error]) -> BTreeSet<&'static str> {
    errors.iter().map(|error| error.operation().unwrap()).collect()
}

#[tokio::test]
async fn a_missing_argument() {
    let wire = Wire::new().await;
    let errors = calls::without_arguments(&wire.client).await;
    let needs_one = |operation: &Operation| {
        operation.parameters.iter().any(|argument| argument.required)
            || operation.body.is_some_and(|body| body.required)
    };
    assert_eq!(names(&errors), operations(needs_one));
    for error in errors {
        let operation =
            ory_sdk::contract::operations().iter().find(|known| Some(known.id) == error.operation()).unwrap();
        let first = operation.parameters.iter().find(|argument| argument.required).map_or("body", |found| found.wire);
        assert_eq!(error.to_string(), format!("{}: `{first}` is missing", operation.id));
        assert_eq!((error.kind(), error.status()), (ErrorKind::Argument, None));
    }
    assert_eq!(wire.server.seen(), []);
}

#[tokio::test]
async fn a_missing_body_or_field() {
    let wire = Wire::new().await;
    let response = wire.client.submit_self_service_login_flow().flow("f").send().await;
    wire.refused(response, ErrorKind::Argument, "submitSelfServiceLoginFlow: `body` is missing");

    let response = wire.client.submit_self_service_logout_flow_without_browser().body_map(|body| body).send().await;
    let text = "submitSelfServiceLogoutFlowWithoutBrowser: `body` was refused: \
                SubmitSelfServiceLogoutFlowWithoutBrowserBody: `session_token` is missing";
    wire.refused(response, ErrorKind::Argument, text);

    let body = types::SubmitSelfServiceLoginFlowWithPasswordMethodBody::builder().identifier("ada");
    let text = "SubmitSelfServiceLoginFlowWithPasswordMethodBody: `password` is missing";
    assert_eq!(body.build().unwrap_err().to_string(), text);

    let credentials = types::AdminIdentityImportCredentials::builder();
    let provider = types::AdminCreateIdentityImportCredentialsOidcProvider::builder().provider("google");
    let config = types::AdminCreateIdentityImportCredentialsOidcConfig::builder().providers([provider]);
    let credentials = credentials.oidc(types::AdminCreateIdentityImportCredentialsOidc::builder().config(config));
    let response = wire.client.admin_create_identity().body_map(|body| body.credentials(credentials)).send().await;
    let error = response.unwrap_err().to_string();
    assert!(error.starts_with("adminCreateIdentity: `body` was refused: "), "{error}");
    assert!(
        error.ends_with("item 0: AdminCreateIdentityImportCredentialsOidcProvider: `subject` is missing"),
        "{error}"
    );
    assert_eq!(wire.server.seen(), []);
}

/// What a type lacks is not dropped from JSON that is passed for it.
#[tokio::test]
async fn an_unknown_key_of_a_typed_body() {
    let wire = Wire::new().await;
    let only = "which only `json_body` can send";
    let body = json!({"schema_id": "default", "traits": {"any": {"key": 1}}, "metadta_public": 1});
    let response = wire.client.admin_create_identity().body(body).await;
    let text = format!("adminCreateIdentity: `body` was refused: unknown key `metadta_public`, {only}");
    wire.refused(response, ErrorKind::Argument, &text);

    let body = json!({"schema_id": "default", "traits": {}, "credentials": {"password": {"config": {"pasword": "x"}}}});
    let response = wire.client.admin_create_identity().body(body).await;
    let text = format!(
        "adminCreateIdentity: `body` was refused: `credentials.password.config`: unknown key `pasword`, {only}"
    );
    wire.refused(response, ErrorKind::Argument, &text);

    let body = json!({"method": "password", "identifier": "ada", "password": "x", "remember": null});
    let response = wire.client.submit_self_service_login_flow().flow("f").body(body).await;
    let text = format!(
        "submitSelfServiceLoginFlow: `body` was refused: in variant password of SubmitSelfServiceLoginFlowBody: \
         unknown key `remember`, {only}"
    );
    wire.refused(response, ErrorKind::Argument, &text);
    assert_eq!(wire.server.seen(), []);
}

#[tokio::test]
async fn a_path_value_that_would_leave_its_segment() {
    let wire = Wire::new().await;
    let has_path = |operation: &Operation| operation.parameters.iter().any(|argument| argument.place == Place::Path);
    for (value, why) in [
        ("", "must not be empty"),
        (".", "must not be `.` or `..`, which URLs remove"),
        ("..", "must not be `.` or `..`, which URLs remove"),
        ("a\\b", "must not contain a backslash, which URLs read as a slash"),
        ("..\\..", "must not contain a backslash, which URLs read as a slash"),
        ("a\nb", "must not contain a control character"),
        ("a\tb", "must not contain a control character"),
    ] {
        let errors = calls::with_path_id(&wire.client, value).await;
        assert_eq!(names(&errors), operations(has_path));
        for error in errors {
            let operation =
                ory_sdk::contract::operations().iter().find(|known| Some(known.id) == error.operation()).unwrap();
            let first = operation.parameters.iter().find(|argument| argument.place == Place::Path).unwrap().wire;
            assert_eq!(error.to_string(), format!("{}: `{first}` was refused: {why}", operation.id));
            assert_eq!(error.kind(), ErrorKind::Argument);
        }
        // Every segment is checked, not only the first.
        let error = wire.client.delete_identity_credentials().id("x").type_(value).send().await.unwrap_err();
        assert_eq!(error.to_string(), format!("deleteIdentityCredentials: `type` was refused: {why}"));
        let call = wire.client.set_event_stream().project_id("x").event_stream_id(value).body_map(|body| body);
        let error = call.send().await.unwrap_err();
        assert_eq!(error.to_string(), format!("setEventStream: `event_stream_id` was refused: {why}"));
    }
    assert_eq!(wire.server.seen(), []);
}

/// Values that look similar but are harmless are sent as a single segment.
#[tokio::test]
async fn a_path_value_that_stays_in_its_segment() {
    let mut wire = Wire::new().await;
    for (value, sent) in [
        ("...", "..."),
        ("%2e%2e", "%252e%252e"),
        ("../x", "..%2Fx"),
        ("/", "%2F"),
        (" ", "%20"),
        ("a;b=c,d:e@f+g", "a%3Bb%3Dc%2Cd%3Ae%40f%2Bg"),
        ("\u{202e}", "%E2%80%AE"),
    ] {
        wire.empty("adminDeleteIdentity");
        wire.client.admin_delete_identity().id(value).send().await.unwrap();
        wire.saw(&format!("DELETE /kratos-admin/admin/identities/{sent}"), &[ACCESS], "");
    }
}

#[tokio::test]
async fn a_header_that_would_start_another_line() {
    let wire = Wire::new().await;
    for evil in ["ory_st_x\r\nX-Evil: 1", "a\nb", "a\rb", "a\0b"] {
        let argument = |name: &str| format!("toSession: header `{name}` has a value with a control character");
        let response = wire.client.to_session().x_session_token(evil).send().await;
        wire.refused(response, ErrorKind::Argument, &argument("X-Session-Token"));
        let response = wire.client.to_session().cookie(evil).send().await;
        wire.refused(response, ErrorKind::Argument, &argument("Cookie"));
        let response = wire.client.to_session().header("X-Own", evil).send().await;
        wire.refused(response, ErrorKind::Argument, &argument("X-Own"));

        let credential = "toSession: a credential contains a character that is not allowed in a header";
        let response = wire.client.with_session_token(evil).to_session().send().await;
        wire.refused(response, ErrorKind::Configuration, credential);
        let response = wire.client.with_cookies(format!("ory_kratos_session={evil}")).to_session().send().await;
        wire.refused(response, ErrorKind::Configuration, credential);

        let builder = || Client::builder().project_url("https://a.b");
        let wrong = builder().access_token(evil).build().unwrap_err();
        assert_eq!(
            wrong.to_string(),
            "`access_token`: a credential contains a character that is not allowed in a header"
        );
        let wrong = builder().console_token(evil).build().unwrap_err();
        assert_eq!(
            wrong.to_string(),
            "`console_token`: a credential contains a character that is not allowed in a header"
        );
        let wrong = builder().user_agent(evil).build().unwrap_err();
        assert_eq!(wrong.to_string(), "`user_agent` contains a character that is not allowed in a header");
    }
    for name in ["", "x y", "x:", "x\r\ny"] {
        let error = wire.client.to_session().header(name, "1").send().await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Argument);
        assert!(error.to_string().ends_with(" is not a valid header name"), "{error}");
    }
    assert_eq!(wire.server.seen(), []);
}

#[tokio::test]
async fn a_number_that_does_not_fit() {
    let wire = Wire::new().await;
    let response = wire.client.admin_list_identities().page_size(u64::MAX).send().await;
    let text = "adminListIdentities: `page_size` was refused: out of range integral type conversion attempted";
    wire.refused(response, ErrorKind::Argument, text);
}

#[test]
fn a_base_url_that_is_none() {
    type Set = fn(ory_sdk::ClientBuilder, String) -> ory_sdk::ClientBuilder;
    let settings: [(&str, Set); 11] = [
        ("kratos_public_url", |builder, url| builder.kratos_public_url(url)),
        ("kratos_admin_url", |builder, url| builder.kratos_admin_url(url)),
        ("hydra_public_url", |builder, url| builder.hydra_public_url(url)),
        ("hydra_admin_url", |builder, url| builder.hydra_admin_url(url)),
        ("keto_read_url", |builder, url| builder.keto_read_url(url)),
        ("keto_write_url", |builder, url| builder.keto_write_url(url)),
        ("keto_opl_url", |builder, url| builder.keto_opl_url(url)),
        ("project_url", |builder, url| builder.project_url(url)),
        ("console_url", |builder, url| builder.console_url(url)),
        ("legacy_url", |builder, url| builder.legacy_url(url)),
        ("named_endpoint(\"oathkeeper\")", |builder, url| builder.named_endpoint("oathkeeper", url)),
    ];
    for (setting, set) in settings {
        for (url, why) in [
            ("https://a.b/?x=1", "a base URL must not have a query or fragment"),
            ("https://a.b?", "a base URL must not have a query or fragment"),
            ("https://a.b/c#d", "a base URL must not have a query or fragment"),
            ("https://", "not a URL: empty host"),
            ("", "not a URL: relative URL without a base"),
            ("a.b:4433", "the scheme must be http or https"),
            ("unix:/run/kratos.sock", "the scheme must be http or https"),
            ("https://user:secret@a.b", "a base URL must not contain a user or password: set a credential instead"),
        ] {
            let wrong = set(Client::builder(), url.to_owned()).build().unwrap_err();
            assert_eq!(wrong.to_string(), format!("`{setting}`: {why}"), "{url}");
        }
        let twice = set(set(Client::builder(), "https://a.b".to_owned()), "https://a.b".to_owned());
        assert_eq!(twice.build().unwrap_err().to_string(), format!("`{setting}` is set twice"));
    }
    let none = Client::builder().build().unwrap_err().to_string();
    assert_eq!(none, "no endpoint is set: call `project`, `kratos_public_url` or another one");
}

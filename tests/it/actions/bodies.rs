//! What bodies may be, and what is said about those that may not.

use http::{HeaderMap, HeaderValue, StatusCode, header};
use ory_sdk::actions::{Action, ActionRefused, CourierMessage, FlowContext, PasswordMigration, TokenHook};
use serde_json::Value;

use super::{auth, read_text};

const LARGEST: usize = 1 << 20;

fn with_type<T: serde::de::DeserializeOwned>(
    media_type: &[u8],
    body: &'static str,
) -> Result<Action<T>, ActionRefused> {
    let mut headers = HeaderMap::new();
    headers.insert("x-test-key", HeaderValue::from_static("test-key"));
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_bytes(media_type).unwrap());
    Action::read(&auth(), &headers, body.into())
}

#[test]
fn a_body_may_have_a_mebibyte() {
    let body = |bytes: usize| format!("\"{}\"", "x".repeat(bytes - 2));
    assert_eq!(read_text::<String>(body(LARGEST)).unwrap().len(), LARGEST - 2);
    let refused = read_text::<String>(body(LARGEST + 1)).unwrap_err();
    assert_eq!(refused.status(), StatusCode::PAYLOAD_TOO_LARGE);
    assert_eq!(refused.to_string(), "the body is larger than 1048576 bytes");
}

#[test]
fn media_types() {
    for json in ["application/json", "application/json; charset=UTF-8", "APPLICATION/JSON ;x=y", "", ";charset=x"] {
        assert_eq!(*with_type::<String>(json.as_bytes(), "\"x\"").unwrap(), "x", "{json}");
    }
    for other in
        [&b"text/plain"[..], b"application/xml", b"multipart/form-data; boundary=x", b"application/jsonx", b"\xff"]
    {
        let refused = with_type::<String>(other, "\"x\"").unwrap_err();
        assert_eq!(refused.status(), StatusCode::UNSUPPORTED_MEDIA_TYPE);
        assert_eq!(
            refused.into_response().into_body(),
            r#"{"error":{"code":415,"message":"the media type of the body is neither `application/json` nor `application/x-www-form-urlencoded`","status":"Unsupported Media Type"}}"#
        );
    }
    assert_eq!(*read_text::<String>("\"x\"").unwrap(), "x");
}

#[test]
fn forms_are_objects_of_texts() {
    #[derive(Debug, serde::Deserialize)]
    struct Form {
        email: String,
        #[serde(default)]
        age: u32,
    }
    const FORM: &[u8] = b"application/x-www-form-urlencoded";
    assert_eq!(with_type::<Form>(FORM, "email=ada%40example.org&x=y").unwrap().email, "ada@example.org");
    let why = |body| with_type::<Form>(FORM, body).unwrap_err().to_string();
    assert!(why("age=7&email=x").starts_with("the body has another form at `age`: invalid type: string, expected u32"));
    assert!(why("").starts_with("the body has another form: missing field `email`"));
    assert_eq!(why("email=hunter2&email=hunter3"), "the form has the key \"email\" more than once");
    let form = with_type::<Form>(FORM, "email=x").unwrap().into_body();
    assert_eq!(form.age, 0);
}

#[test]
fn a_body_of_another_form_is_named_and_not_shown() {
    for (refused, expected) in [
        (read_text::<FlowContext>("hunter2").unwrap_err(), "the body is not JSON: expected value at line 1 column 1"),
        (
            read_text::<FlowContext>(r#"{"flow":"#).unwrap_err(),
            "the body is not JSON: EOF while parsing a value at line 1 column 8",
        ),
        (read_text::<FlowContext>("").unwrap_err(), "the body is not JSON: EOF while parsing a value at line 1 column 0"),
        (
            read_text::<FlowContext>("{}").unwrap_err(),
            "the body has another form: missing field `flow` at line 1 column 2",
        ),
        (
            read_text::<FlowContext>(r#"{"flow":{"id":"hunter2"}}"#).unwrap_err(),
            "the body has another form at `flow.id`: a value of the wrong form",
        ),
        (
            read_text::<FlowContext>(
                r#"{"flow":{"id":"0d2c9e4f-7b1a-4c6d-8e5f-1a2b3c4d5e6f"},"identity":{"verifiable_addresses":[{"value":["hunter2"]}]}}"#,
            )
            .unwrap_err(),
            "the body has another form at `identity.verifiable_addresses[0].value`: invalid type: sequence, expected a string",
        ),
        (
            read_text::<PasswordMigration>(r#"{"identifier":"a","password":4711}"#).unwrap_err(),
            "the body has another form at `password`: invalid type: integer, expected a string at line 1 column 33",
        ),
        (
            read_text::<CourierMessage>(r#"{"recipient":"a","template_type":"x","recovery_code":{"hunter2":1}}"#)
                .unwrap_err(),
            "the body has another form at `recovery_code`: invalid type: map, expected a string",
        ),
        (
            read_text::<TokenHook>(r#"{"session":{"id_token":{"id_token_claims":{"aud":"hunter2"}}}}"#).unwrap_err(),
            "the body has another form at `session.id_token.id_token_claims.aud`: invalid type: string, expected a sequence",
        ),
    ] {
        assert!(refused.to_string().starts_with(expected), "{refused}\n{expected}");
        assert_eq!(refused.status(), StatusCode::BAD_REQUEST);
        let response = refused.clone().into_response();
        let body: Value = serde_json::from_str(response.body()).unwrap();
        assert_eq!((&body["error"]["code"], &body["error"]["message"]), (&400.into(), &refused.to_string().into()));
        // With messages, Kratos would take it for a decision.
        assert!(body.get("messages").is_none() && body.get("identity").is_none());
        assert!(!format!("{refused} {refused:?} {response:?}").contains("hunter2"));
    }
}

/// Go writes null for a list that nobody filled.
#[test]
fn null_is_nothing() {
    let call = read_text::<TokenHook>(
        r#"{"session":{"id_token":{"id_token_claims":null,"expires_at":null,"subject":null},"extra":null,"client_id":null,
        "consent_challenge":null,"allowed_top_level_claims":null},"request":{"client_id":null,"requested_scopes":null,
        "granted_scopes":null,"granted_audience":null,"grant_types":null,"payload":null}}"#,
    )
    .unwrap();
    assert!(call.request.granted_scopes.is_empty() && call.session.expires_at.is_empty());
    assert!(call.session.subject.is_empty() && call.session.consent_challenge.is_none());
    let call = read_text::<FlowContext>(
        r#"{"flow":{"id":"0d2c9e4f-7b1a-4c6d-8e5f-1a2b3c4d5e6f","type":null,"transient_payload":null,"issued_at":null},
        "identity":null,"session":null,"request_headers":null,"request_method":null,"request_url":null}"#,
    )
    .unwrap();
    assert!(call.identity.is_none() && call.session.is_none() && call.header("user-agent").is_none());
}

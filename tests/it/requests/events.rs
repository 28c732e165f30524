//! Event streams of the Ory Network. The responses are written from the contract.

use ory_sdk::types::EventStreamStatus;
use serde_json::json;

use super::{CONSOLE, JSON, Reply, Seen, Wire};

const ID: &str = "5c3a9b0e-8f4d-4f3e-9d55-1f6c2e9a7b01";
const STREAM: &str = "0e2d7b57-6f0c-4f6f-8a53-0b2f0d5d8c11";

pub async fn cases() -> Vec<Seen> {
    let mut wire = Wire::new().await;
    let client = wire.loaded();
    let stream = json!({"id": STREAM, "type": "https", "status": "paused", "https_endpoint": "https://u@a.b/hook",
        "topic_arn": null, "role_arn": null, "created_at": "2026-05-01T10:20:30Z"});

    wire.json("listEventStreams", json!({"event_streams": [stream]}));
    let response = client.list_event_streams().project_id(ID).send().await.unwrap();
    wire.saw(&format!("GET /console/projects/{ID}/eventstreams"), &[CONSOLE], "");
    let found = &response.event_streams[0];
    assert_eq!((found.id.unwrap().to_string().as_str(), found.type_.as_deref()), (STREAM, Some("https")));
    assert_eq!((found.status.clone(), found.topic_arn.as_ref()), (Some(EventStreamStatus::Paused), None));

    wire.replies("createEventStream", Reply::json(201, &stream));
    let call = client.create_event_stream().project_id(ID).body_map(|body| {
        body.type_("https")
            .https_endpoint("https://u:s3cret@a.b/hook?c=d")
            .topic_arn("arn:aws:sns:eu:1:t")
            .role_arn("arn:aws:iam::1:role/r")
            .status("active")
    });
    assert!(!format!("{call:?}").contains("s3cret"));
    let created = call.send().await.unwrap();
    let body = concat!(
        r#"{"https_endpoint":"https://u:s3cret@a.b/hook?c=d","role_arn":"arn:aws:iam::1:role/r","#,
        r#""status":"active","topic_arn":"arn:aws:sns:eu:1:t","type":"https"}"#,
    );
    wire.saw(&format!("POST /console/projects/{ID}/eventstreams"), &[CONSOLE, JSON], body);
    assert_eq!((created.status().as_u16(), created.https_endpoint.as_deref()), (201, Some("https://u@a.b/hook")));

    wire.json("setEventStream", stream);
    let call = client.set_event_stream().project_id(ID).event_stream_id("s/1").body_map(|body| {
        body.type_("sns")
            .https_endpoint("https://a.b")
            .topic_arn("arn:aws:sns:eu:1:t")
            .role_arn("arn:aws:iam::1:role/r")
            .status("paused")
    });
    call.send().await.unwrap();
    let body = concat!(
        r#"{"https_endpoint":"https://a.b","role_arn":"arn:aws:iam::1:role/r","#,
        r#""status":"paused","topic_arn":"arn:aws:sns:eu:1:t","type":"sns"}"#,
    );
    wire.saw(&format!("PUT /console/projects/{ID}/eventstreams/s%2F1"), &[CONSOLE, JSON], body);
    let call = client.set_event_stream().project_id(ID).event_stream_id(STREAM).body_map(|body| body.status("active"));
    call.send().await.unwrap();
    wire.saw(&format!("PUT /console/projects/{ID}/eventstreams/{STREAM}"), &[CONSOLE, JSON], r#"{"status":"active"}"#);

    wire.empty("deleteEventStream");
    client.delete_event_stream().project_id("p").event_stream_id(STREAM).send().await.unwrap();
    wire.saw(&format!("DELETE /console/projects/p/eventstreams/{STREAM}"), &[CONSOLE], "");

    wire.into_seen()
}

#[tokio::test]
async fn requests_and_responses() {
    cases().await;
}

//! Emails and text messages sent by the courier.

use ory_sdk::types::CourierMessageStatus;
use serde_json::json;

use super::{ACCESS, Seen, Wire};

pub async fn cases() -> Vec<Seen> {
    let mut wire = Wire::new().await;

    let recorded = wire.recorded("adminListCourierMessages");
    let messages = wire
        .client
        .admin_list_courier_messages()
        .status(CourierMessageStatus::Sent)
        .recipient("a+b@example.org")
        .page_size(500)
        .page_token("t/1=")
        .per_page(2)
        .page(1)
        .send()
        .await
        .unwrap();
    wire.saw(
        "GET /kratos-admin/admin/courier/messages\
         ?status=sent&recipient=a%2Bb%40example.org&page_size=500&page_token=t%2F1%3D&per_page=2&page=1",
        &[ACCESS],
        "",
    );
    assert_eq!(messages.len(), recorded.as_array().unwrap().len());
    assert_eq!(json!(messages[0].id), recorded[0]["id"]);
    assert_eq!(json!(messages[0].recipient), recorded[0]["recipient"]);

    wire.json("adminListCourierMessages", json!(null));
    let messages = wire.client.admin_list_courier_messages().status("postponed").send().await.unwrap();
    wire.saw("GET /kratos-admin/admin/courier/messages?status=postponed", &[ACCESS], "");
    assert!(messages.is_empty());

    wire.into_seen()
}

#[tokio::test]
async fn requests_and_responses() {
    cases().await;
}

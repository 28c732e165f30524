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

    // The tries to deliver it, which the list does not show.
    wire.json(
        "getCourierMessage",
        json!({
            "id": "8a6f2d52-9ae0-4aa5-8e90-4d7093e9c5b6", "status": "abandoned", "type": "email", "recipient": "a@b.c",
            "template_type": "login_code_valid", "send_count": 2,
            "dispatches": [
                {"id": "8a6f2d52-9ae0-4aa5-8e90-4d7093e9c5b7", "status": "failed",
                 "error": {"code": 500, "status": "Internal Server Error", "message": "no such host"}},
                {"id": "8a6f2d52-9ae0-4aa5-8e90-4d7093e9c5b8", "status": "success", "error": null},
            ],
        }),
    );
    let message = wire.client.get_courier_message().id("8a6f2d52/x").send().await.unwrap();
    wire.saw("GET /kratos-admin/admin/courier/messages/8a6f2d52%2Fx", &[ACCESS], "");
    assert_eq!((message.status.clone(), message.send_count), (Some(CourierMessageStatus::Abandoned), Some(2)));
    let failed = message.dispatches[0].error.as_ref().unwrap();
    assert_eq!((failed.code, failed.message.as_deref()), (Some(500), Some("no such host")));
    assert_eq!(message.dispatches[1].error, None);

    wire.into_seen()
}

#[tokio::test]
async fn requests_and_responses() {
    cases().await;
}

//! JSON patches with long pointers, over HTTP.

use ory_sdk::testing::StandIn;
use serde_json::{Value, json};

use super::{exchange, lives, raw, request};

#[tokio::test]
async fn a_pointer_of_many_parts() {
    let stand_in = StandIn::start().await.unwrap();
    let identity = json!({"traits": {"email": "a@example.org"}});
    let identity = exchange(&stand_in, "POST", "/admin/identities", "", &identity).await;
    let client = exchange(&stand_in, "POST", "/admin/clients", "", &json!({})).await;
    let identity = format!("/admin/identities/{}", identity["id"].as_str().unwrap());
    let client = format!("/admin/clients/{}", client["client_id"].as_str().unwrap());
    for (path, place, refused) in [(&identity, "/metadata_public", 400), (&client, "/metadata", 500)] {
        for parts in [101, 3_000, 100_000] {
            for op in ["add", "replace", "remove", "copy", "move", "test"] {
                let pointer = format!("{place}{}", "/x".repeat(parts));
                let steps = json!([{"op": op, "path": pointer, "from": pointer, "value": {}}]);
                let bytes = request(&stand_in, "PATCH", path, "", steps.to_string().as_bytes());
                let (status, text) = raw(&stand_in, &bytes).await;
                assert_eq!(status, refused, "{op} with {parts} parts: {}", &text[..text.len().min(300)]);
            }
        }
        // What fits is applied, and is still there.
        let pointer = format!("{place}{}", "/x".repeat(90));
        let patched = json!([{"op": "add", "path": pointer, "value": 1}]);
        exchange(&stand_in, "PATCH", path, "", &patched).await;
        let found = exchange(&stand_in, "GET", path, "", &Value::Null).await;
        assert_eq!(found.pointer(&pointer), Some(&json!(1)));
    }
    lives(&stand_in).await;
}

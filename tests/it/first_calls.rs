use ory_sdk::{Client, OrRedirect};
use serde_json::json;

use crate::server::{Answer, Server};

fn client(server: &Server) -> Client {
    let url = server.url();
    Client::builder()
        .kratos_public_url(&url)
        .kratos_admin_url(&url)
        .hydra_public_url(&url)
        .hydra_admin_url(&url)
        .console_url(&url)
        .console_token("ory_pat_test")
        .build()
        .unwrap()
}

#[tokio::test]
async fn a_login_flow() {
    let flow = json!({"id": "8a6f2d52-9ae0-4aa5-8e90-4d7093e9c5b6", "type": "api", "ui": {"action": "x", "nodes": [
        {"type": "input", "group": "default", "attributes": {"node_type": "input", "name": "csrf_token", "type": "hidden", "value": ""}}]}});
    let server = Server::always(Answer::json(200, &flow)).await;
    let client = client(&server);
    let flow = client.initialize_self_service_login_flow_without_browser().aal("aal1").send().await.unwrap();
    assert_eq!(flow.ui.nodes.len(), 1);
    let seen = server.take();
    assert_eq!(seen.target, "/self-service/login/api?aal=aal1");
    println!("{seen:?} {flow:#?}");
    let body = ory_sdk::types::SubmitSelfServiceLoginFlowWithPasswordMethodBody::builder()
        .identifier("me")
        .password("pw")
        .build()
        .unwrap();
    let answer = client
        .with_session_token("tok")
        .submit_self_service_login_flow()
        .flow(flow.id.to_string())
        .body(body)
        .send()
        .await;
    println!("{answer:?}");
    println!("{}", server.take().text());
    if let OrRedirect::Value(value) = answer.unwrap().into_body() {
        println!("{value:?}");
    }
}

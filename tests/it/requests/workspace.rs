//! Workspaces of the Ory Network. The responses are written from the contract.

use ory_sdk::types::{ProjectEnvironment, WorkspaceAccessPolicy};
use serde_json::json;

use super::{CONSOLE, JSON, Reply, Seen, Wire};

const ID: &str = "0d6c4f31-7d1e-4f0a-9b1c-0a5a4b6a7c11";
const OWNER: &str = "b1d9f3a2-52c4-4c7e-8f3a-6d1f7e9c0a02";

pub async fn cases() -> Vec<Seen> {
    let mut wire = Wire::new().await;
    let client = wire.loaded();
    let workspace = json!({
        "id": ID, "name": "Acme", "access_policy": "CHECK_ACCESS_PERMISSION", "organization_id": null,
        "subscription_id": OWNER, "subscription_plan": null, "created_at": "2026-05-01T10:20:30Z", "new": [1],
    });

    wire.json("listWorkspaces", json!({"workspaces": [workspace], "next_page_token": "n", "has_next_page": true}));
    let page = client.list_workspaces().page_size(7).page_token("t/1=").send().await.unwrap();
    wire.saw("GET /console/workspaces?page_size=7&page_token=t%2F1%3D", &[CONSOLE], "");
    assert_eq!((page.workspaces[0].name.as_str(), page.next_page_token.as_deref()), ("Acme", Some("n")));
    assert_eq!(page.workspaces[0].access_policy, Some(WorkspaceAccessPolicy::CheckAccessPermission));
    assert_eq!((page.workspaces[0].organization_id, page.workspaces[0].created_at.is_some()), (None, true));
    wire.json("listWorkspaces", json!({"workspaces": []}));
    assert!(client.list_workspaces().send().await.unwrap().workspaces.is_empty());
    wire.saw("GET /console/workspaces", &[CONSOLE], "");

    wire.replies("createWorkspace", Reply::json(201, &workspace));
    let created = client.create_workspace().body_map(|body| body.name("Äcme \"1\"")).send().await.unwrap();
    wire.saw("POST /console/workspaces", &[CONSOLE, JSON], r#"{"name":"Äcme \"1\""}"#);
    assert_eq!((created.status().as_u16(), created.id.to_string()), (201, ID.to_owned()));

    wire.json("getWorkspace", workspace.clone());
    let found = client.get_workspace().workspace("a/b").send().await.unwrap();
    wire.saw("GET /console/workspaces/a%2Fb", &[CONSOLE], "");
    assert_eq!(found.subscription_id.unwrap().to_string(), OWNER);

    wire.json("updateWorkspace", workspace);
    let call = client.update_workspace().workspace(ID);
    let call = call.body_map(|body| body.name("Other").access_policy("CHECK_ACCESS_PERMISSION"));
    call.send().await.unwrap();
    wire.saw(
        &format!("PUT /console/workspaces/{ID}"),
        &[CONSOLE, JSON],
        r#"{"access_policy":"CHECK_ACCESS_PERMISSION","name":"Other"}"#,
    );

    let project = json!({"id": OWNER, "name": "Proj", "slug": "good-wright-1", "state": "running", "hosts": [],
        "environment": "prod", "workspace_id": ID, "workspace": {"id": ID, "name": "Acme"}});
    wire.json("listWorkspaceProjects", json!({"projects": [project], "next_page": "", "has_next_page": false}));
    let response = client.list_workspace_projects().workspace(ID).send().await.unwrap();
    wire.saw(&format!("GET /console/workspaces/{ID}/projects"), &[CONSOLE], "");
    assert_eq!(response.projects[0].environment, Some(ProjectEnvironment::Prod));
    assert_eq!(response.projects[0].workspace.as_ref().unwrap().name, "Acme");

    let mut key = json!({"id": ID, "name": "Key", "owner_id": OWNER, "workspace_id": ID, "last_characters": "wxyz"});
    wire.json("listWorkspaceApiKeys", json!([key]));
    let keys = client.list_workspace_api_keys().workspace(ID).send().await.unwrap();
    wire.saw(&format!("GET /console/workspaces/{ID}/tokens"), &[CONSOLE], "");
    assert_eq!((keys[0].name.as_str(), keys[0].value.as_ref()), ("Key", None));
    assert_eq!(keys[0].last_characters.as_deref(), Some("wxyz"));

    key["value"] = json!("ory_wak_new");
    wire.replies("createWorkspaceApiKey", Reply::json(201, &key));
    let expires = "2027-01-01T00:00:00Z".parse::<chrono::DateTime<chrono::Utc>>().unwrap();
    let call = client.create_workspace_api_key().workspace(ID).body_map(|body| body.name("Key").expires_at(expires));
    let created = call.send().await.unwrap();
    wire.saw(
        &format!("POST /console/workspaces/{ID}/tokens"),
        &[CONSOLE, JSON],
        r#"{"expires_at":"2027-01-01T00:00:00Z","name":"Key"}"#,
    );
    assert_eq!(created.value.as_ref().unwrap().expose(), "ory_wak_new");
    assert!(!format!("{created:?}").contains("ory_wak_new"));

    wire.empty("deleteWorkspaceApiKey");
    client.delete_workspace_api_key().workspace(ID).token_id("t 1").send().await.unwrap();
    wire.saw(&format!("DELETE /console/workspaces/{ID}/tokens/t%201"), &[CONSOLE], "");

    wire.into_seen()
}

#[tokio::test]
async fn requests_and_responses() {
    cases().await;
}

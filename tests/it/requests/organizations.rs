//! Organizations of a project, and changes of a project at one revision. The responses are written from the contract.

use ory_sdk::input::JsonPatch;
use ory_sdk::types::{OrganizationBody, ProjectRegion};
use serde_json::json;

use super::{CONSOLE, JSON, Reply, Seen, Wire};

const PROJECT: &str = "5c3a9b0e-8f4d-4f3e-9d55-1f6c2e9a7b01";
const ID: &str = "0e2d7b57-6f0c-4f6f-8a53-0b2f0d5d8c11";

// Ory calls these deprecated.
#[allow(deprecated)]
pub async fn cases() -> Vec<Seen> {
    let mut wire = Wire::new().await;
    let client = wire.loaded();
    let organization = json!({"id": ID, "label": "Corp", "domains": ["corp.example"], "default_region": "us",
        "session_lifespan": "24h", "created_at": "2026-05-01T10:20:30Z"});
    let at = format!("/console/projects/{PROJECT}/organizations");

    let page = json!({"organizations": [organization], "next_page_token": "n", "has_next_page": true});
    wire.json("listOrganizations", page);
    let call = client.list_organizations().project_id(PROJECT).page_size(3).page_token("t=").domain("corp.example");
    let page = call.send().await.unwrap();
    wire.saw(&format!("GET {at}?page_size=3&page_token=t%3D&domain=corp.example"), &[CONSOLE], "");
    assert_eq!((page.organizations[0].label.as_str(), page.has_next_page), ("Corp", true));
    assert_eq!(page.organizations[0].default_region, Some(ProjectRegion::Us));
    wire.json("listOrganizations", json!({"organizations": null}));
    assert!(client.list_organizations().project_id(PROJECT).send().await.unwrap().organizations.is_empty());
    wire.saw(&format!("GET {at}"), &[CONSOLE], "");

    let every_field = |body: ory_sdk::types::builder::OrganizationBody| {
        body.label("Cörp").domains(["corp.example", "b.example"]).default_region("us").session_lifespan("24h")
    };
    let sent = concat!(
        r#"{"default_region":"us","domains":["corp.example","b.example"],"#,
        r#""label":"Cörp","session_lifespan":"24h"}"#,
    );
    wire.replies("createOrganization", Reply::json(201, &organization));
    let created = client.create_organization().project_id(PROJECT).body_map(every_field).send().await.unwrap();
    wire.saw(&format!("POST {at}"), &[CONSOLE, JSON], sent);
    assert_eq!((created.status().as_u16(), created.id.to_string()), (201, ID.to_owned()));

    wire.json("getOrganization", json!({"organization": organization}));
    let found = client.get_organization().project_id(PROJECT).organization_id("o/1").send().await.unwrap();
    wire.saw(&format!("GET {at}/o%2F1"), &[CONSOLE], "");
    assert_eq!(found.organization.session_lifespan.as_deref(), Some("24h"));

    wire.json("updateOrganization", organization);
    let call = client.update_organization().project_id(PROJECT).organization_id(ID);
    call.clone().body(every_field(OrganizationBody::builder())).send().await.unwrap();
    wire.saw(&format!("PUT {at}/{ID}"), &[CONSOLE, JSON], sent);
    // What is left out is cleared, so nothing else is sent.
    call.body_map(|body| body.label("Corp")).send().await.unwrap();
    wire.saw(&format!("PUT {at}/{ID}"), &[CONSOLE, JSON], r#"{"label":"Corp"}"#);

    wire.empty("deleteOrganization");
    client.delete_organization().project_id(PROJECT).organization_id(ID).send().await.unwrap();
    wire.saw(&format!("DELETE {at}/{ID}"), &[CONSOLE], "");

    let project = json!({"id": PROJECT, "revision_id": ID, "name": "Proj", "slug": "good-wright-1", "state": "running",
        "services": {}});
    wire.json("patchProjectWithRevision", json!({"project": project, "warnings": []}));
    let patch = JsonPatch::new().replace("/name", "Other").unwrap().copy("/name", "/slug").unwrap();
    let call = client.patch_project_with_revision().project_id(PROJECT).revision_id("r 1").body(patch);
    assert_eq!(call.send().await.unwrap().project.as_ref().unwrap().revision_id.to_string(), ID);
    wire.saw(
        &format!("PATCH /console/projects/{PROJECT}/revision/r%201"),
        &[CONSOLE, JSON],
        r#"[{"op":"replace","path":"/name","value":"Other"},{"from":"/name","op":"copy","path":"/slug"}]"#,
    );

    wire.into_seen()
}

#[tokio::test]
async fn requests_and_responses() {
    cases().await;
}

//! Projects of the Ory Network. Self-hosted servers have none, so the responses here are written from the contract.

use ory_sdk::input::JsonPatch;
use ory_sdk::types::{
    BasicOrganization, ProjectCors, ProjectMetadataState, ProjectServiceAccountExperience, ProjectServiceIdentity,
    ProjectServiceOAuth2, ProjectServicePermission, ProjectServiceTalos, ProjectServices, ProjectState, UpdateProject,
};
use ory_sdk::{Client, ErrorKind};
use serde_json::{Value, json};

use super::{CONSOLE, JSON, Reply, Seen, Wire};

const ID: &str = "5c3a9b0e-8f4d-4f3e-9d55-1f6c2e9a7b01";
const REVISION: &str = "0e2d7b57-6f0c-4f6f-8a53-0b2f0d5d8c11";
const MEMBER: &str = "b1d9f3a2-52c4-4c7e-8f3a-6d1f7e9c0a02";

fn project() -> Value {
    json!({
        "id": ID,
        "revision_id": REVISION,
        "name": "Proj",
        "slug": "good-wright-1",
        "state": "running",
        "services": {"identity": {"config": {"a": [1]}}, "oauth2": {"config": {}}, "permission": {"config": null},
            "account_experience": {"config": {"name": "Mine"}}, "talos": {"config": {}}},
        "environment": "prod", "home_region": "eu-central", "workspace_id": null,
        "organizations": [{"id": MEMBER, "label": "Corp", "domains": ["corp.example"], "new": 1}],
        "cors_public": {"enabled": true, "origins": ["https://app.example.org"]}, "cors_admin": null,
    })
}

pub async fn cases() -> Vec<Seen> {
    let mut wire = Wire::new().await;
    let client = wire.loaded();

    let metadata = json!({
        "id": ID, "name": "Proj", "slug": null, "state": "frozen", "hosts": ["one.example.org", "two.example.org"],
        "subscription_id": null, "created_at": "2022-05-01T10:20:30+02:00", "updated_at": "2022-05-01T08:20:31.5Z",
    });
    wire.json("listProjects", json!([metadata]));
    let projects = client.list_projects().send().await.unwrap();
    wire.saw("GET /console/projects", &[CONSOLE], "");
    assert_eq!(projects[0].id.to_string(), ID);
    assert_eq!(projects[0].hosts, ["one.example.org", "two.example.org"]);
    assert_eq!(projects[0].state, ProjectMetadataState::Unknown("frozen".to_owned()));
    assert_eq!(projects[0].created_at.unwrap().to_rfc3339(), "2022-05-01T08:20:30+00:00");
    assert_eq!(projects[0].subscription_id, None);

    wire.replies("createProject", Reply::json(201, &project()));
    let created = client.create_project().body_map(|body| {
        body.name("Próject \"1\"")
            .environment("dev")
            .home_region("eu-central")
            .workspace_id(MEMBER.parse::<uuid::Uuid>().unwrap())
    });
    let created = created.send().await.unwrap();
    wire.saw(
        "POST /console/projects",
        &[CONSOLE, JSON],
        &format!(
            r#"{{"environment":"dev","home_region":"eu-central","name":"Próject \"1\"","workspace_id":"{MEMBER}"}}"#
        ),
    );
    assert_eq!(created.status(), 201);
    assert_eq!(created.slug, "good-wright-1");

    wire.json("getProject", project());
    let found = client.get_project().project_id(ID).send().await.unwrap();
    wire.saw(&format!("GET /console/projects/{ID}"), &[CONSOLE], "");
    assert_eq!(found.state, ProjectState::Running);
    assert_eq!(found.revision_id.to_string(), REVISION);
    assert_eq!(found.services.identity.as_ref().unwrap().config, Some(json!({"a": [1]})));
    assert_eq!(found.services.account_experience.as_ref().unwrap().config, Some(json!({"name": "Mine"})));
    assert_eq!(found.organizations[0].domains, ["corp.example"]);
    assert_eq!(found.organizations[0].extra["new"], 1);
    assert_eq!(found.cors_public.as_ref().unwrap().origins, ["https://app.example.org"]);
    assert_eq!((found.cors_admin.as_ref(), found.workspace_id), (None, None));

    wire.json("updateProject", json!({"project": project(), "warnings": [{"code": 7, "message": "Careful"}]}));
    // What a project of tomorrow has in each place.
    let more = || json!({"more": {}}).as_object().unwrap().clone();
    let services = ProjectServices::builder()
        .identity(ProjectServiceIdentity::builder().config(json!({"a": [1, null]})).extra(more()))
        .oauth2(ProjectServiceOAuth2::builder().config("text").extra(more()))
        .permission(ProjectServicePermission::builder().config(Value::Null).extra(more()))
        .account_experience(ProjectServiceAccountExperience::builder().config(json!({"name": "Mine"})).extra(more()))
        .talos(ProjectServiceTalos::builder().config(json!([])).extra(more()))
        .extra(more());
    let cors = |enabled| ProjectCors::builder().enabled(enabled).origins(["https://*.example.org"]).extra(more());
    let organization = BasicOrganization::builder()
        .id(MEMBER.parse::<uuid::Uuid>().unwrap())
        .label("Corp")
        .domains(["corp.example"])
        .default_region("us")
        .session_lifespan("24h")
        .extra(more());
    let body = UpdateProject::builder()
        .name("Other")
        .services(services)
        .organizations([organization.build().unwrap()])
        .cors_admin(cors(false))
        .cors_public(cors(true))
        .extra(more());
    let updated = client.update_project().project_id(ID).body(body).send().await.unwrap();
    wire.saw(
        &format!("PUT /console/projects/{ID}"),
        &[CONSOLE, JSON],
        concat!(
            r#"{"cors_admin":{"enabled":false,"origins":["https://*.example.org"],"more":{}},"#,
            r#""cors_public":{"enabled":true,"origins":["https://*.example.org"],"more":{}},"name":"Other","#,
            r#""organizations":[{"default_region":"us","domains":["corp.example"],"#,
            r#""id":"b1d9f3a2-52c4-4c7e-8f3a-6d1f7e9c0a02","label":"Corp","session_lifespan":"24h","more":{}}],"#,
            r#""services":{"account_experience":{"config":{"name":"Mine"},"more":{}},"#,
            r#""identity":{"config":{"a":[1,null]},"more":{}},"oauth2":{"config":"text","more":{}},"#,
            r#""permission":{"config":null,"more":{}},"talos":{"config":[],"more":{}},"more":{}},"more":{}}"#,
        ),
    );
    assert_eq!(updated.project.as_ref().unwrap().name, "Proj");
    assert_eq!(updated.warnings[0].code, Some(7));
    assert_eq!(updated.warnings[0].message.as_deref(), Some("Careful"));

    wire.empty("purgeProject");
    let purged = client.purge_project().project_id("good/wright").send().await.unwrap();
    wire.saw("DELETE /console/projects/good%2Fwright", &[CONSOLE], "");
    assert_eq!(purged.status(), 204);

    wire.json("patchProject", json!({"project": project(), "warnings": null}));
    let patch = JsonPatch::new().add("/services/identity/config/a", 2).unwrap().copy("/name", "/slug").unwrap();
    let patched = client.patch_project().project_id(ID).body(patch).send().await.unwrap();
    wire.saw(
        &format!("PATCH /console/projects/{ID}"),
        &[CONSOLE, JSON],
        r#"[{"op":"add","path":"/services/identity/config/a","value":2},{"from":"/name","op":"copy","path":"/slug"}]"#,
    );
    assert!(patched.warnings.is_empty());

    wire.json("getProjectMembers", json!([{"id": MEMBER, "email": "me@example.org", "name": "Me"}]));
    let members = client.get_project_members().project_id(ID).send().await.unwrap();
    wire.saw(&format!("GET /console/projects/{ID}/members"), &[CONSOLE], "");
    assert_eq!(members[0].id.unwrap().to_string(), MEMBER);
    assert_eq!(members[0].email.as_deref(), Some("me@example.org"));
    assert_eq!(members[0].name.as_deref(), Some("Me"));

    wire.empty("removeProjectMember");
    client.remove_project_member().project_id(ID).member_id(MEMBER).send().await.unwrap();
    wire.saw(&format!("DELETE /console/projects/{ID}/members/{MEMBER}"), &[CONSOLE], "");

    let key = json!({"id": MEMBER, "name": "Key", "owner_id": REVISION, "project_id": ID});
    wire.json("listProjectApiKeys", json!([key]));
    let keys = client.list_project_api_keys().project(ID).send().await.unwrap();
    wire.saw(&format!("GET /console/projects/{ID}/tokens"), &[CONSOLE], "");
    assert_eq!((keys[0].name.as_str(), keys[0].owner_id.to_string().as_str()), ("Key", REVISION));
    assert_eq!(keys[0].value, None);

    let mut key = key;
    key["value"] = json!("ory_pat_new");
    wire.replies("createProjectApiKey", Reply::json(201, &key));
    let expires = "2027-01-01T00:00:00Z".parse::<chrono::DateTime<chrono::Utc>>().unwrap();
    let create = client.create_project_api_key().project(ID).body_map(|body| body.name("Key").expires_at(expires));
    let created = create.send().await.unwrap();
    wire.saw(
        &format!("POST /console/projects/{ID}/tokens"),
        &[CONSOLE, JSON],
        r#"{"expires_at":"2027-01-01T00:00:00Z","name":"Key"}"#,
    );
    assert_eq!(created.value.as_ref().unwrap().expose(), "ory_pat_new");
    assert!(!format!("{created:?}").contains("ory_pat_new"));

    wire.empty("deleteProjectApiKey");
    client.delete_project_api_key().project("good-wright-1").token_id("t 1").send().await.unwrap();
    wire.saw("DELETE /console/projects/good-wright-1/tokens/t%201", &[CONSOLE], "");

    wire.into_seen()
}

#[tokio::test]
async fn requests_and_responses() {
    cases().await;
}

/// The access token of a project is not sent to the console.
#[tokio::test]
async fn without_a_console_token() {
    let wire = Wire::new().await;
    let url = wire.server.url();
    let client = Client::builder().console_url(&url).project_url(&url).access_token("ory_pat_project");
    let client = client.build().unwrap().with_oauth2_token("ory_at_person");
    wire.refused(
        client.get_project().project_id(ID).send().await,
        ErrorKind::Configuration,
        "getProject: the console requires a token: set `console_token`",
    );
    wire.refused(
        client.list_projects().send().await,
        ErrorKind::Configuration,
        "listProjects: the console requires a token: set `console_token`",
    );
}

/// The URL of a project is not that of the console.
#[tokio::test]
async fn without_a_console() {
    let wire = Wire::new().await;
    let client = Client::builder().project_url(wire.server.url()).access_token("ory_pat_project").build().unwrap();
    wire.refused(
        client.list_projects().send().await,
        ErrorKind::Configuration,
        "listProjects: the console is not configured: set `console_url` or `console_token`",
    );
}

#[tokio::test]
async fn missing_arguments() {
    let wire = Wire::new().await;
    wire.refused(
        wire.client.remove_project_member().project_id(ID).send().await,
        ErrorKind::Argument,
        "removeProjectMember: `member_id` is missing",
    );
    wire.refused(
        wire.client.update_project().project_id(ID).body_map(|body| body.name("x")).send().await,
        ErrorKind::Argument,
        "updateProject: `body` was refused: UpdateProject: `services` is missing",
    );
}

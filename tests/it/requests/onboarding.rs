//! Links with which the owner of an organization sets up its single sign-on. The responses are written from the contract.

use serde_json::json;
use uuid::Uuid;

use super::{CONSOLE, JSON, Reply, Seen, Wire};

const PROJECT: &str = "5c3a9b0e-8f4d-4f3e-9d55-1f6c2e9a7b01";
const ID: &str = "0e2d7b57-6f0c-4f6f-8a53-0b2f0d5d8c11";

pub async fn cases() -> Vec<Seen> {
    let mut wire = Wire::new().await;
    let client = wire.loaded();
    let link = json!({"id": ID, "value": "s3cret", "project_id": PROJECT, "organization_id": ID, "enable_sso": true,
        "enable_scim": false, "expires_at": "2027-01-01T00:00:00Z", "custom_hostname_id": null,
        "saml_mapper_url": "https://a.b/saml.jsonnet"});
    let at = format!("/console/projects/{PROJECT}/organizations/o%2F1/onboarding-portal-links");
    let expires = "2027-01-01T00:00:00Z".parse::<chrono::DateTime<chrono::Utc>>().unwrap();

    wire.json("getOrganizationOnboardingPortalLinks", json!({"links": [link]}));
    let call = client.get_organization_onboarding_portal_links().project_id(PROJECT).organization_id("o/1");
    let found = call.send().await.unwrap();
    wire.saw(&format!("GET {at}"), &[CONSOLE], "");
    assert_eq!(found.links[0].value.as_ref().unwrap().expose(), "s3cret");
    assert_eq!(found.links[0].custom_hostname_id, None);
    assert!(!format!("{found:?}").contains("s3cret"));

    wire.replies("createOrganizationOnboardingPortalLink", Reply::json(201, &link));
    let call = client.create_organization_onboarding_portal_link().project_id(PROJECT).organization_id("o/1");
    let call = call.body_map(|body| {
        body.enable_sso(true)
            .enable_scim(false)
            .expires_at(expires)
            .custom_hostname_id(ID.parse::<Uuid>().unwrap())
            .apple_mapper_url("https://a.b/1")
            .auth0_mapper_url("https://a.b/2")
            .facebook_mapper_url("https://a.b/3")
            .generic_oidc_mapper_url("https://a.b/4")
            .github_mapper_url("https://a.b/5")
            .gitlab_mapper_url("https://a.b/6")
            .google_mapper_url("https://a.b/7")
            .microsoft_mapper_url("https://a.b/8")
            .netid_mapper_url("https://a.b/9")
            .saml_mapper_url("https://a.b/10")
            .scim_mapper_url("https://a.b/11")
            .proxy_acs_url("https://a.b/12")
            .proxy_oidc_redirect_url("https://a.b/13")
            .proxy_saml_audience_override("urn:a")
            .proxy_scim_server_url("https://a.b/14")
    });
    let created = call.send().await.unwrap();
    let body = concat!(
        r#"{"apple_mapper_url":"https://a.b/1","auth0_mapper_url":"https://a.b/2","#,
        r#""custom_hostname_id":"0e2d7b57-6f0c-4f6f-8a53-0b2f0d5d8c11","enable_scim":false,"enable_sso":true,"#,
        r#""expires_at":"2027-01-01T00:00:00Z","facebook_mapper_url":"https://a.b/3","#,
        r#""generic_oidc_mapper_url":"https://a.b/4","github_mapper_url":"https://a.b/5","#,
        r#""gitlab_mapper_url":"https://a.b/6","google_mapper_url":"https://a.b/7","#,
        r#""microsoft_mapper_url":"https://a.b/8","netid_mapper_url":"https://a.b/9","#,
        r#""proxy_acs_url":"https://a.b/12","proxy_oidc_redirect_url":"https://a.b/13","#,
        r#""proxy_saml_audience_override":"urn:a","proxy_scim_server_url":"https://a.b/14","#,
        r#""saml_mapper_url":"https://a.b/10","scim_mapper_url":"https://a.b/11"}"#,
    );
    wire.saw(&format!("POST {at}"), &[CONSOLE, JSON], body);
    assert_eq!((created.status().as_u16(), created.id.to_string()), (201, ID.to_owned()));

    wire.json("updateOrganizationOnboardingPortalLink", link);
    let call = client.update_organization_onboarding_portal_link().project_id(PROJECT).organization_id("o/1");
    let call = call.onboarding_portal_link_id("l 1");
    let call = call.body_map(|body| body.enable_sso(false).enable_scim(true).expires_at(expires));
    assert_eq!(call.send().await.unwrap().enable_sso, Some(true));
    let body = r#"{"enable_scim":true,"enable_sso":false,"expires_at":"2027-01-01T00:00:00Z"}"#;
    wire.saw(&format!("POST {at}/l%201"), &[CONSOLE, JSON], body);

    wire.empty("deleteOrganizationOnboardingPortalLink");
    let call = client.delete_organization_onboarding_portal_link().project_id(PROJECT).organization_id("o/1");
    call.onboarding_portal_link_id(ID).send().await.unwrap();
    wire.saw(&format!("DELETE {at}/{ID}"), &[CONSOLE], "");

    wire.into_seen()
}

#[tokio::test]
async fn requests_and_responses() {
    cases().await;
}

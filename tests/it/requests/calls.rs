//! Each operation of Kratos once, with no more than it needs, for tests about what all of them have in common.
//! They expect an error from the server, which tells the operation.

use ory_sdk::{Client, Error, Response, types};
use serde_json::json;

/// The error of a call that must fail.
fn failed<T>(answer: Result<Response<T>, Error>) -> Error {
    answer.err().expect("the server answers with an error")
}

/// Every operation for people: flows and their own sessions.
pub async fn frontend(client: &Client) -> Vec<Error> {
    let login = types::SubmitSelfServiceLoginFlowWithTotpMethodBody::builder().totp_code("1").build().unwrap();
    let registration = types::SubmitSelfServiceRegistrationFlowWithCodeMethodBody::builder().traits(json!({}));
    let registration = registration.build().unwrap();
    let settings = types::SubmitSelfServiceSettingsFlowWithTotpMethodBody::builder().build().unwrap();
    let recovery = types::SubmitSelfServiceRecoveryFlowWithLinkMethodBody::builder().build().unwrap();
    let verification = types::SubmitSelfServiceVerificationFlowWithLinkMethodBody::builder().build().unwrap();
    let logout = types::SubmitSelfServiceLogoutFlowWithoutBrowserBody::builder().session_token("ory_st_own");
    vec![
        failed(client.to_session().send().await),
        failed(client.list_sessions().send().await),
        failed(client.revoke_sessions().send().await),
        failed(client.revoke_session().id("x").send().await),
        failed(client.initialize_self_service_login_flow_for_browsers().send().await),
        failed(client.initialize_self_service_login_flow_without_browser().send().await),
        failed(client.get_self_service_login_flow().id("x").send().await),
        failed(client.submit_self_service_login_flow().flow("x").body(login).send().await),
        failed(client.initialize_self_service_registration_flow_for_browsers().send().await),
        failed(client.initialize_self_service_registration_flow_without_browser().send().await),
        failed(client.get_self_service_registration_flow().id("x").send().await),
        failed(client.submit_self_service_registration_flow().flow("x").body(registration).send().await),
        failed(client.initialize_self_service_settings_flow_for_browsers().send().await),
        failed(client.initialize_self_service_settings_flow_without_browser().send().await),
        failed(client.get_self_service_settings_flow().id("x").send().await),
        failed(client.submit_self_service_settings_flow().flow("x").body(settings).send().await),
        failed(client.initialize_self_service_recovery_flow_for_browsers().send().await),
        failed(client.initialize_self_service_recovery_flow_without_browser().send().await),
        failed(client.get_self_service_recovery_flow().id("x").send().await),
        failed(client.submit_self_service_recovery_flow().flow("x").body(recovery).send().await),
        failed(client.initialize_self_service_verification_flow_for_browsers().send().await),
        failed(client.initialize_self_service_verification_flow_without_browser().send().await),
        failed(client.get_self_service_verification_flow().id("x").send().await),
        failed(client.submit_self_service_verification_flow().flow("x").body(verification).send().await),
        failed(client.create_self_service_logout_flow_url_for_browsers().send().await),
        failed(client.submit_self_service_logout_flow().send().await),
        failed(client.submit_self_service_logout_flow_without_browser().body(logout).send().await),
        failed(client.get_self_service_error().id("x").send().await),
        failed(client.get_web_authn_java_script().send().await),
    ]
}

/// Every operation for administrators.
pub async fn administration(client: &Client) -> Vec<Error> {
    let update = types::AdminUpdateIdentityBody::builder().schema_id("x").state("active").traits(json!({}));
    vec![
        failed(client.admin_list_identities().send().await),
        failed(client.admin_create_identity().send().await),
        failed(client.admin_get_identity().id("x").send().await),
        failed(client.admin_update_identity().id("x").body(update).send().await),
        failed(client.admin_patch_identity().id("x").body(Vec::<types::JsonPatch>::new()).send().await),
        failed(client.admin_delete_identity().id("x").send().await),
        failed(client.admin_list_identity_sessions().id("x").send().await),
        failed(client.admin_delete_identity_sessions().id("x").send().await),
        failed(client.admin_extend_session().id("x").send().await),
        failed(client.admin_create_self_service_recovery_code().send().await),
        failed(client.admin_create_self_service_recovery_link().send().await),
        failed(client.admin_list_courier_messages().send().await),
    ]
}

/// The public operations that are nobody's: they carry no credential.
pub async fn public(client: &Client) -> Vec<Error> {
    vec![failed(client.list_identity_schemas().send().await), failed(client.get_identity_schema().id("x").send().await)]
}

/// Every operation that needs an argument, without any.
pub async fn without_arguments(client: &Client) -> Vec<Error> {
    vec![
        failed(client.revoke_session().send().await),
        failed(client.get_self_service_login_flow().send().await),
        failed(client.submit_self_service_login_flow().send().await),
        failed(client.get_self_service_registration_flow().send().await),
        failed(client.submit_self_service_registration_flow().send().await),
        failed(client.get_self_service_settings_flow().send().await),
        failed(client.submit_self_service_settings_flow().send().await),
        failed(client.get_self_service_recovery_flow().send().await),
        failed(client.submit_self_service_recovery_flow().send().await),
        failed(client.get_self_service_verification_flow().send().await),
        failed(client.submit_self_service_verification_flow().send().await),
        failed(client.submit_self_service_logout_flow_without_browser().send().await),
        failed(client.get_self_service_error().send().await),
        failed(client.admin_get_identity().send().await),
        failed(client.admin_update_identity().send().await),
        failed(client.admin_patch_identity().send().await),
        failed(client.admin_delete_identity().send().await),
        failed(client.admin_list_identity_sessions().send().await),
        failed(client.admin_delete_identity_sessions().send().await),
        failed(client.admin_extend_session().send().await),
        failed(client.get_identity_schema().send().await),
    ]
}

/// Every operation that has an id in its path, with this one.
pub async fn with_path_id(client: &Client, id: &str) -> Vec<Error> {
    vec![
        failed(client.revoke_session().id(id).send().await),
        failed(client.admin_get_identity().id(id).send().await),
        failed(client.admin_update_identity().id(id).send().await),
        failed(client.admin_patch_identity().id(id).send().await),
        failed(client.admin_delete_identity().id(id).send().await),
        failed(client.admin_list_identity_sessions().id(id).send().await),
        failed(client.admin_delete_identity_sessions().id(id).send().await),
        failed(client.admin_extend_session().id(id).send().await),
        failed(client.get_identity_schema().id(id).send().await),
    ]
}

//! Calls operations once with only their required arguments, for tests of what all operations have in common.
//! The server must respond with an error, since the error carries the operation's id.

use ory_sdk::input::JsonPatch;
use ory_sdk::{Client, Error, Response, types};
use serde_json::json;
use uuid::Uuid;

/// The error of a call that must fail.
fn failed<T>(response: Result<Response<T>, Error>) -> Error {
    response.expect_err("the server responds with an error")
}

/// Every operation for users: flows and their own sessions.
pub async fn frontend(client: &Client) -> Vec<Error> {
    let login = types::SubmitSelfServiceLoginFlowWithTotpMethodBody::builder().totp_code("1").build().unwrap();
    let registration = types::SubmitSelfServiceRegistrationFlowWithCodeMethodBody::builder().traits(json!({}));
    let registration = registration.build().unwrap();
    let settings = types::SubmitSelfServiceSettingsFlowWithTotpMethodBody::builder().build().unwrap();
    let recovery = types::SubmitSelfServiceRecoveryFlowWithLinkMethodBody::builder().build().unwrap();
    let verification = types::SubmitSelfServiceVerificationFlowWithLinkMethodBody::builder().build().unwrap();
    let dialog = types::UpdateFedcmFlowBody::builder().token("x").csrf_token("x");
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
        failed(client.exchange_session_token().init_code("x").return_to_code("x").send().await),
        failed(client.create_fedcm_flow().send().await),
        failed(client.update_fedcm_flow().body(dialog).send().await),
        failed(client.delete_test_login_flow().id("x").send().await),
        failed(client.get_well_known_change_password().send().await),
        failed(client.get_configuration().send().await),
    ]
}

/// Every operation of Kratos for administrators.
pub async fn administration(client: &Client) -> Vec<Error> {
    let create = types::AdminCreateIdentityBody::builder().schema_id("x").traits(json!({}));
    let code = types::AdminCreateSelfServiceRecoveryCodeBody::builder().identity_id(Uuid::nil());
    let link = types::AdminCreateSelfServiceRecoveryLinkBody::builder().identity_id(Uuid::nil());
    let update = types::AdminUpdateIdentityBody::builder().schema_id("x").state("active").traits(json!({}));
    vec![
        failed(client.admin_list_identities().send().await),
        failed(client.admin_create_identity().body(create).send().await),
        failed(client.admin_get_identity().id("x").send().await),
        failed(client.admin_update_identity().id("x").body(update).send().await),
        failed(client.admin_patch_identity().id("x").body(JsonPatch::new()).send().await),
        failed(client.admin_delete_identity().id("x").send().await),
        failed(client.admin_list_identity_sessions().id("x").send().await),
        failed(client.admin_delete_identity_sessions().id("x").send().await),
        failed(client.admin_extend_session().id("x").send().await),
        failed(client.admin_create_self_service_recovery_code().body(code).send().await),
        failed(client.admin_create_self_service_recovery_link().body(link).send().await),
        failed(client.admin_list_courier_messages().send().await),
        failed(client.get_courier_message().id("x").send().await),
        failed(client.batch_patch_identities().body_map(|body| body).send().await),
        failed(client.get_identity_by_external_id().external_id("x").send().await),
        failed(client.delete_identity_credentials().id("x").type_("totp").send().await),
        failed(client.admin_list_sessions().send().await),
        failed(client.manage_sessions().body_map(|body| body.action("delete")).send().await),
        failed(client.get_session().id("x").send().await),
        failed(client.disable_session().id("x").send().await),
        failed(client.create_test_login_flow().body_map(|body| body.provider_id("x")).send().await),
    ]
}

/// The public operations, which carry no credential.
pub async fn public(client: &Client) -> Vec<Error> {
    vec![failed(client.list_identity_schemas().send().await), failed(client.get_identity_schema().id("x").send().await)]
}

/// Every operation with a required argument, called without any.
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
        failed(client.admin_create_identity().send().await),
        failed(client.admin_get_identity().send().await),
        failed(client.admin_update_identity().send().await),
        failed(client.admin_patch_identity().send().await),
        failed(client.admin_delete_identity().send().await),
        failed(client.admin_list_identity_sessions().send().await),
        failed(client.admin_delete_identity_sessions().send().await),
        failed(client.admin_extend_session().send().await),
        failed(client.admin_create_self_service_recovery_code().send().await),
        failed(client.admin_create_self_service_recovery_link().send().await),
        failed(client.get_identity_schema().send().await),
        failed(client.exchange_session_token().send().await),
        failed(client.update_fedcm_flow().send().await),
        failed(client.delete_test_login_flow().send().await),
        failed(client.get_courier_message().send().await),
        failed(client.batch_patch_identities().send().await),
        failed(client.get_identity_by_external_id().send().await),
        failed(client.delete_identity_credentials().send().await),
        failed(client.manage_sessions().send().await),
        failed(client.get_session().send().await),
        failed(client.disable_session().send().await),
        failed(client.create_test_login_flow().send().await),
        failed(client.check_permission().subject("x").send().await),
        failed(client.check_permission_or_error().subject("x").send().await),
        failed(client.post_check_permission().send().await),
        failed(client.post_check_permission_or_error().send().await),
        failed(client.batch_check_permission().send().await),
        failed(client.expand_permissions().send().await),
        failed(client.create_relationship().send().await),
        failed(client.patch_relationships().send().await),
        failed(client.delete_relationships().send().await),
        failed(client.check_opl_syntax().send().await),
        failed(client.admin_issue_api_key().send().await),
        failed(client.admin_get_issued_api_key().send().await),
        failed(client.admin_update_issued_api_key().send().await),
        failed(client.admin_revoke_issued_api_key().send().await),
        failed(client.admin_rotate_issued_api_key().send().await),
        failed(client.admin_import_api_key().send().await),
        failed(client.admin_get_imported_api_key().send().await),
        failed(client.admin_update_imported_api_key().send().await),
        failed(client.admin_delete_imported_api_key().send().await),
        failed(client.admin_revoke_imported_api_key().send().await),
        failed(client.admin_batch_create_imported_api_keys().send().await),
        failed(client.admin_verify_api_key().send().await),
        failed(client.admin_batch_verify_api_keys().send().await),
        failed(client.admin_derive_token().send().await),
        failed(client.revoke_api_key().send().await),
        failed(client.list_event_streams().send().await),
        failed(client.create_event_stream().send().await),
        failed(client.set_event_stream().send().await),
        failed(client.delete_event_stream().send().await),
        failed(client.create_workspace().send().await),
        failed(client.get_workspace().send().await),
        failed(client.update_workspace().send().await),
        failed(client.list_workspace_projects().send().await),
        failed(client.list_workspace_api_keys().send().await),
        failed(client.create_workspace_api_key().send().await),
        failed(client.delete_workspace_api_key().send().await),
    ]
}

/// Every operation with an id in its path, called with this id.
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
        failed(client.get_courier_message().id(id).send().await),
        failed(client.get_identity_by_external_id().external_id(id).send().await),
        failed(client.delete_identity_credentials().id(id).type_("x").send().await),
        failed(client.get_session().id(id).send().await),
        failed(client.disable_session().id(id).send().await),
        failed(client.admin_get_issued_api_key().key_id(id).send().await),
        failed(client.admin_update_issued_api_key().key_id(id).send().await),
        failed(client.admin_revoke_issued_api_key().key_id(id).send().await),
        failed(client.admin_rotate_issued_api_key().key_id(id).send().await),
        failed(client.admin_get_imported_api_key().key_id(id).send().await),
        failed(client.admin_update_imported_api_key().key_id(id).send().await),
        failed(client.admin_delete_imported_api_key().key_id(id).send().await),
        failed(client.admin_revoke_imported_api_key().key_id(id).send().await),
        failed(client.list_event_streams().project_id(id).send().await),
        failed(client.create_event_stream().project_id(id).send().await),
        failed(client.set_event_stream().project_id(id).send().await),
        failed(client.delete_event_stream().project_id(id).send().await),
        failed(client.get_workspace().workspace(id).send().await),
        failed(client.update_workspace().workspace(id).send().await),
        failed(client.list_workspace_projects().workspace(id).send().await),
        failed(client.list_workspace_api_keys().workspace(id).send().await),
        failed(client.create_workspace_api_key().workspace(id).send().await),
        failed(client.delete_workspace_api_key().workspace(id).send().await),
    ]
}

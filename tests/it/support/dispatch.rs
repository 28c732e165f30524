//! Calls every operation by its name, with the arguments that it requires.

use std::fmt::Debug;

use http::{HeaderMap, StatusCode};
use ory_sdk::contract::Endpoint;
use ory_sdk::response::{JsonOrText, OrRedirect};
use ory_sdk::{Client, ClientBuilder, Error, Response};
use serde::Serialize;
use serde_json::{Value, json};

use crate::support::server::{Reply, Server};

/// What to send with a call.
pub struct Given {
    /// The value of every required argument.
    pub text: String,
    pub query: Vec<(String, String)>,
    pub headers: Vec<(String, String)>,
    pub json: Option<Value>,
    /// The server of an operation that every server has.
    pub endpoint: Endpoint,
    /// Whether the body of a success is dropped once it is decoded.
    pub discard: bool,
}

impl Default for Given {
    fn default() -> Self {
        Self {
            text: "x".to_owned(),
            query: Vec::new(),
            headers: Vec::new(),
            json: None,
            endpoint: Endpoint::KratosAdmin,
            discard: false,
        }
    }
}

/// The builder and the result of a call.
#[derive(Debug)]
pub struct Called {
    /// The `Debug` output of the builder before it was sent.
    pub builder: Vec<String>,
    pub response: Result<Success, Error>,
}

/// A success, with its typed body encoded again.
#[derive(Debug, Default)]
pub struct Success {
    /// The `Debug` output of the response.
    pub shown: Vec<String>,
    pub status: StatusCode,
    pub headers: HeaderMap,
    pub raw: Vec<u8>,
    pub body: Value,
    /// The target of a redirect.
    pub location: Option<String>,
}

/// Generates the functions below from a table. Each line has a method of the client, its required setters, and the kind
/// of its success.
macro_rules! operations {
    ($($area:literal { $($method:ident($($setter:ident),*) => $kind:ident;)* })*) => {
        /// Sends the operation of the client method with this name. Returns `None` if the table lacks it.
        // Deprecated operations are called, too.
        #[allow(deprecated)]
        pub async fn call_with(client: &Client, method: &str, given: &Given) -> Option<Called> {
            $(
                #[cfg(feature = $area)]
                {
                    $(
                        if method == stringify!($method) {
                            let mut call = client.$method()$(.$setter(argument!($setter, given)))*;
                            for (key, value) in &given.query {
                                call = call.query(key, value);
                            }
                            for (name, value) in &given.headers {
                                call = call.header(name, value);
                            }
                            if let Some(json) = &given.json {
                                call = call.json_body(json.clone());
                            }
                            let builder = shown(&call);
                            // Boxed, so that the calls do not add up to one huge future.
                            let sent = Box::pin(call.send()).await;
                            let response = if given.discard { sent.map(|_| Success::default()) } else { sent.map($kind) };
                            return Some(Called { builder, response });
                        }
                    )*
                }
            )*
            None
        }

        /// Decodes a body into the type that the operation's `send` returns and encodes it again, without a server.
        #[allow(deprecated)]
        pub fn decode(client: &Client, method: &str, body: &[u8]) -> Option<Result<Value, String>> {
            let given = Given::default();
            $(
                #[cfg(feature = $area)]
                {
                    $(
                        if method == stringify!($method) {
                            let call = client.$method()$(.$setter(argument!($setter, given)))*;
                            return Some(without_server::$kind(call.send(), body));
                        }
                    )*
                }
            )*
            None
        }

    };
}

/// Decodes as `send` does. The calls are never started: they only determine the type.
mod without_server {
    use serde::de::DeserializeOwned;

    use super::*;

    pub fn value<T: DeserializeOwned + Serialize>(
        _: impl Future<Output = Result<Response<T>, Error>>,
        body: &[u8],
    ) -> Result<Value, String> {
        again::<T>(body)
    }

    pub fn or_redirect<T: DeserializeOwned + Serialize>(
        _: impl Future<Output = Result<Response<OrRedirect<T>>, Error>>,
        body: &[u8],
    ) -> Result<Value, String> {
        again::<T>(body)
    }

    pub fn json_or_text<T: DeserializeOwned + Serialize>(
        _: impl Future<Output = Result<Response<JsonOrText<T>>, Error>>,
        body: &[u8],
    ) -> Result<Value, String> {
        again::<T>(body)
    }

    fn again<T: DeserializeOwned + Serialize>(body: &[u8]) -> Result<Value, String> {
        let value: T = serde_json::from_slice(body).map_err(|why| why.to_string())?;
        serde_json::to_value(&value).map_err(|why| why.to_string())
    }
}

/// The value for a setter.
macro_rules! argument {
    (json_body, $given:ident) => {
        json!({})
    };
    (endpoint, $given:ident) => {
        $given.endpoint.clone()
    };
    ($setter:ident, $given:ident) => {
        $given.text.as_str()
    };
}

/// Like `call_with`, with the default `Given`.
pub async fn call(client: &Client, method: &str) -> Option<Result<Success, Error>> {
    call_with(client, method, &Given::default()).await.map(|called| called.response)
}

/// The plain and the pretty `Debug` output.
pub fn shown(value: &impl Debug) -> Vec<String> {
    vec![format!("{value:?}"), format!("{value:#?}")]
}

operations! {
    "frontend" {
        to_session() => value;
        list_sessions() => value;
        revoke_sessions() => value;
        revoke_session(id) => value;
        initialize_self_service_login_flow_for_browsers() => value;
        initialize_self_service_login_flow_without_browser() => value;
        get_self_service_login_flow(id) => value;
        submit_self_service_login_flow(flow, json_body) => value;
        initialize_self_service_registration_flow_for_browsers() => value;
        initialize_self_service_registration_flow_without_browser() => value;
        get_self_service_registration_flow(id) => value;
        submit_self_service_registration_flow(flow, json_body) => value;
        initialize_self_service_settings_flow_for_browsers() => value;
        initialize_self_service_settings_flow_without_browser() => value;
        get_self_service_settings_flow(id) => value;
        submit_self_service_settings_flow(flow, json_body) => value;
        initialize_self_service_recovery_flow_for_browsers() => value;
        initialize_self_service_recovery_flow_without_browser() => value;
        get_self_service_recovery_flow(id) => value;
        submit_self_service_recovery_flow(flow, json_body) => or_redirect;
        initialize_self_service_verification_flow_for_browsers() => value;
        initialize_self_service_verification_flow_without_browser() => value;
        get_self_service_verification_flow(id) => value;
        submit_self_service_verification_flow(flow, json_body) => or_redirect;
        create_self_service_logout_flow_url_for_browsers() => value;
        submit_self_service_logout_flow() => or_redirect;
        submit_self_service_logout_flow_without_browser(json_body) => value;
        get_self_service_error(id) => value;
        get_web_authn_java_script() => value;
        exchange_session_token(init_code, return_to_code) => value;
        create_fedcm_flow() => value;
        update_fedcm_flow(json_body) => value;
        delete_test_login_flow(id) => value;
        get_well_known_change_password() => or_redirect;
        get_configuration() => value;
    }
    "identity" {
        admin_list_identities() => value;
        admin_create_identity(json_body) => value;
        admin_get_identity(id) => value;
        admin_update_identity(id, json_body) => value;
        admin_patch_identity(id, json_body) => value;
        admin_delete_identity(id) => value;
        admin_list_identity_sessions(id) => value;
        admin_delete_identity_sessions(id) => value;
        admin_extend_session(id) => value;
        admin_create_self_service_recovery_code(json_body) => value;
        admin_create_self_service_recovery_link(json_body) => value;
        list_identity_schemas() => value;
        get_identity_schema(id) => value;
        batch_patch_identities(json_body) => value;
        get_identity_by_external_id(external_id) => value;
        delete_identity_credentials(id, type_) => value;
        admin_list_sessions() => value;
        manage_sessions(json_body) => value;
        get_session(id) => value;
        disable_session(id) => value;
        create_test_login_flow(json_body) => value;
    }
    "courier" {
        admin_list_courier_messages() => value;
        get_courier_message(id) => value;
    }
    "oauth2" {
        admin_list_oauth2_clients() => value;
        admin_create_oauth2_client(json_body) => value;
        admin_get_oauth2_client(id) => value;
        admin_update_oauth2_client(id, json_body) => value;
        admin_patch_oauth2_client(id, json_body) => value;
        admin_delete_oauth2_client(id) => value;
        dynamic_client_registration_create_oauth2_client(json_body) => value;
        dynamic_client_registration_get_oauth2_client(id) => value;
        dynamic_client_registration_update_oauth2_client(id, json_body) => value;
        dynamic_client_registration_delete_oauth2_client(id) => value;
        perform_oauth2_authorization_flow() => or_redirect;
        perform_oauth2_token_flow(json_body) => value;
        revoke_oauth2_token(json_body) => value;
        admin_introspect_oauth2_token(json_body) => value;
        admin_delete_oauth2_token(client_id) => value;
        discover_oidc_configuration() => value;
        get_oidc_user_info() => json_or_text;
        perform_oidc_front_or_back_channel_logout() => or_redirect;
        admin_get_oauth2_login_request(login_challenge) => value;
        admin_accept_oauth2_login_request(login_challenge, json_body) => value;
        admin_reject_oauth2_login_request(login_challenge, json_body) => value;
        admin_get_oauth2_consent_request(consent_challenge) => value;
        admin_accept_oauth2_consent_request(consent_challenge, json_body) => value;
        admin_reject_oauth2_consent_request(consent_challenge, json_body) => value;
        admin_get_oauth2_logout_request(logout_challenge) => value;
        admin_accept_oauth2_logout_request(logout_challenge) => value;
        admin_reject_oauth2_logout_request(logout_challenge, json_body) => value;
        admin_list_oauth2_subject_consent_sessions(subject) => value;
        admin_revoke_oauth2_consent_sessions(subject) => value;
        admin_revoke_oauth2_login_sessions(subject) => value;
        admin_list_trusted_oauth2_jwt_grant_issuers() => value;
        admin_trust_oauth2_jwt_grant_issuer(json_body) => value;
        admin_get_trusted_oauth2_jwt_grant_issuer(id) => value;
        admin_delete_trusted_oauth2_jwt_grant_issuer(id) => value;
        set_oauth2_client_lifespans(id, json_body) => value;
        rotate_oauth2_client_secret(id) => value;
        delete_rotated_oauth2_client_secrets(id) => value;
        oauth2_device_flow(json_body) => value;
        perform_oauth2_device_verification_flow() => or_redirect;
        accept_user_code_request(device_challenge, json_body) => value;
        create_verifiable_credential(json_body) => value;
    }
    "jwk" {
        discover_json_web_keys() => value;
        admin_get_json_web_key_set(set) => value;
        admin_create_json_web_key_set(set, json_body) => value;
        admin_update_json_web_key_set(set, json_body) => value;
        admin_delete_json_web_key_set(set) => value;
        admin_get_json_web_key(set, kid) => value;
        admin_update_json_web_key(set, kid, json_body) => value;
        admin_delete_json_web_key(set, kid) => value;
    }
    "project" {
        list_projects() => value;
        create_project(json_body) => value;
        get_project(project_id) => value;
        update_project(project_id, json_body) => value;
        patch_project(project_id, json_body) => value;
        purge_project(project_id) => value;
        get_project_members(project_id) => value;
        remove_project_member(project_id, member_id) => value;
        list_project_api_keys(project) => value;
        create_project_api_key(project, json_body) => value;
        delete_project_api_key(project, token_id) => value;
        list_organizations(project_id) => value;
        create_organization(project_id, json_body) => value;
        get_organization(project_id, organization_id) => value;
        update_organization(project_id, organization_id, json_body) => value;
        delete_organization(project_id, organization_id) => value;
        get_organization_onboarding_portal_links(project_id, organization_id) => value;
        create_organization_onboarding_portal_link(project_id, organization_id, json_body) => value;
        update_organization_onboarding_portal_link(project_id, organization_id, onboarding_portal_link_id, json_body) => value;
        delete_organization_onboarding_portal_link(project_id, organization_id, onboarding_portal_link_id) => value;
        patch_project_with_revision(project_id, revision_id, json_body) => value;
    }
    "metadata" {
        is_alive(endpoint) => value;
        is_ready(endpoint) => value;
        get_version(endpoint) => value;
    }
    "permission" {
        check_permission(namespace, object, relation, subject_id) => value;
        post_check_permission(json_body) => value;
        check_permission_or_error(namespace, object, relation, subject_id) => value;
        post_check_permission_or_error(json_body) => value;
        batch_check_permission(json_body) => value;
        expand_permissions(namespace, object, relation) => value;
        get_relationships() => value;
        create_relationship(json_body) => value;
        patch_relationships(json_body) => value;
        delete_relationships(namespace) => value;
        list_relationship_namespaces() => value;
        check_opl_syntax(body) => value;
    }
    "api_keys" {
        admin_list_issued_api_keys() => value;
        admin_issue_api_key(json_body) => value;
        admin_get_issued_api_key(key_id) => value;
        admin_update_issued_api_key(key_id, json_body) => value;
        admin_revoke_issued_api_key(key_id, json_body) => value;
        admin_rotate_issued_api_key(key_id, json_body) => value;
        admin_list_imported_api_keys() => value;
        admin_import_api_key(json_body) => value;
        admin_get_imported_api_key(key_id) => value;
        admin_update_imported_api_key(key_id, json_body) => value;
        admin_delete_imported_api_key(key_id) => value;
        admin_revoke_imported_api_key(key_id, json_body) => value;
        admin_batch_create_imported_api_keys(json_body) => value;
        admin_verify_api_key(json_body) => value;
        admin_batch_verify_api_keys(json_body) => value;
        admin_derive_token(json_body) => value;
        revoke_api_key(json_body) => value;
        get_jwks() => value;
    }
    "events" {
        list_event_streams(project_id) => value;
        create_event_stream(project_id, json_body) => value;
        set_event_stream(project_id, event_stream_id, json_body) => value;
        delete_event_stream(project_id, event_stream_id) => value;
    }
    "workspace" {
        list_workspaces() => value;
        create_workspace(json_body) => value;
        get_workspace(workspace) => value;
        update_workspace(workspace, json_body) => value;
        list_workspace_projects(workspace) => value;
        list_workspace_api_keys(workspace) => value;
        create_workspace_api_key(workspace, json_body) => value;
        delete_workspace_api_key(workspace, token_id) => value;
    }
}

pub fn value<T: Serialize>(response: Response<T>) -> Success
where
    Response<T>: Debug,
{
    let body = serde_json::to_value(&*response).unwrap();
    success(response, body, None)
}

pub fn or_redirect<T: Serialize>(response: Response<OrRedirect<T>>) -> Success
where
    Response<OrRedirect<T>>: Debug,
{
    match &*response {
        OrRedirect::Value(value) => {
            let body = serde_json::to_value(value).unwrap();
            success(response, body, None)
        }
        OrRedirect::Redirect(location) => {
            let location = location.as_str().to_owned();
            success(response, Value::Null, Some(location))
        }
    }
}

pub fn json_or_text<T: Serialize>(response: Response<JsonOrText<T>>) -> Success
where
    Response<JsonOrText<T>>: Debug,
{
    let body = match &*response {
        JsonOrText::Json(value) => serde_json::to_value(value).unwrap(),
        JsonOrText::Text(text) => Value::from(text.expose()),
    };
    success(response, body, None)
}

fn success<T>(response: Response<T>, body: Value, location: Option<String>) -> Success
where
    Response<T>: Debug,
{
    let (shown, status, headers) = (shown(&response), response.status(), response.headers().clone());
    Success { shown, status, headers, raw: response.raw_body().to_vec(), body, location }
}

/// A client with every endpoint at this URL, and with the credentials of `builder` and `with_handles`.
pub fn client(url: &str) -> Client {
    with_handles(builder(url))
}

/// Builds a client, with client credentials, an OAuth2 token and a registration token.
pub fn with_handles(builder: ClientBuilder) -> Client {
    builder
        .build()
        .unwrap()
        .with_client_credentials("client", "secret")
        .with_oauth2_token("ory_at_person")
        .with_registration_token("ory_at_registration")
}

pub fn builder(url: &str) -> ClientBuilder {
    Client::builder()
        .kratos_public_url(url)
        .kratos_admin_url(url)
        .hydra_public_url(url)
        .hydra_admin_url(url)
        .keto_read_url(url)
        .keto_write_url(url)
        .keto_opl_url(url)
        .named_endpoint("api_keys", url)
        .console_url(url)
        .console_token("ory_pat_console")
        .access_token("ory_pat_project")
}

#[tokio::test]
async fn the_table_calls_every_operation_by_its_own_method() {
    let server = Server::always(Reply::new(404, &[], "")).await;
    let client = client(&server.url());
    for operation in ory_sdk::contract::operations() {
        let response = call(&client, operation.name).await;
        let response = response.unwrap_or_else(|| panic!("{} is missing in the table", operation.name));
        let error = response.unwrap_err();
        assert_eq!((error.operation(), error.status()), (Some(operation.id), Some(StatusCode::NOT_FOUND)));
        let request = server.take();
        let own = operation.paths_at.iter().find(|(endpoint, _)| *endpoint == Given::default().endpoint);
        let path = own.map_or(operation.path, |(_, path)| path);
        let parts = path.split('/').map(|part| match part.split_once('}') {
            // An action may follow the id, as in `{key_id}:revoke`.
            Some((_, action)) => format!("x{action}"),
            None => part.to_owned(),
        });
        let path = parts.collect::<Vec<_>>().join("/");
        let sent = request.target.split('?').next().unwrap();
        assert_eq!((request.method.as_str(), sent), (operation.method.as_str(), path.as_str()));
    }
    assert!(call(&client, "no_such_operation").await.is_none());
}

//! Derived structs with the fields of ory-sdk's types. Fields that no call reads are still decoded.
#![allow(dead_code)]

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use serde::Deserialize;
use serde_json::Value;
use uuid::Uuid;

#[derive(Debug, Deserialize)]
pub struct Session {
    pub active: Option<bool>,
    pub authenticated_at: Option<DateTime<Utc>>,
    #[serde(default)]
    pub authentication_methods: Vec<AuthenticationMethod>,
    pub authenticator_assurance_level: Option<AssuranceLevel>,
    #[serde(default)]
    pub devices: Vec<Device>,
    pub expires_at: Option<DateTime<Utc>>,
    pub id: Uuid,
    pub identity: Option<Identity>,
    pub issued_at: Option<DateTime<Utc>>,
    pub tokenized: Option<String>,
}

#[derive(Debug, Deserialize)]
pub struct AuthenticationMethod {
    pub aal: Option<AssuranceLevel>,
    pub completed_at: Option<DateTime<Utc>>,
    pub method: Option<Method>,
    pub organization: Option<String>,
    pub provider: Option<String>,
}

#[derive(Debug, Deserialize)]
pub struct Device {
    pub id: Uuid,
    pub ip_address: Option<String>,
    pub location: Option<String>,
    pub user_agent: Option<String>,
}

#[derive(Debug, Deserialize)]
pub struct Identity {
    pub created_at: Option<DateTime<Utc>>,
    #[serde(default)]
    pub credentials: BTreeMap<String, Credentials>,
    pub external_id: Option<String>,
    pub id: Uuid,
    pub metadata_admin: Option<Value>,
    pub metadata_public: Option<Value>,
    pub organization_id: Option<Uuid>,
    #[serde(default)]
    pub recovery_addresses: Vec<RecoveryAddress>,
    pub schema_id: String,
    pub schema_url: String,
    pub state: Option<IdentityState>,
    pub state_changed_at: Option<DateTime<Utc>>,
    pub traits: Option<Value>,
    pub updated_at: Option<DateTime<Utc>>,
    #[serde(default)]
    pub verifiable_addresses: Vec<VerifiableAddress>,
}

#[derive(Debug, Deserialize)]
pub struct Credentials {
    pub config: Option<Value>,
    pub created_at: Option<DateTime<Utc>>,
    #[serde(default)]
    pub identifiers: Vec<String>,
    #[serde(rename = "type")]
    pub kind: Option<Method>,
    pub updated_at: Option<DateTime<Utc>>,
    pub version: Option<i64>,
}

#[derive(Debug, Deserialize)]
pub struct RecoveryAddress {
    pub created_at: Option<DateTime<Utc>>,
    pub id: Option<Uuid>,
    pub updated_at: Option<DateTime<Utc>>,
    pub value: Option<String>,
    pub via: Option<String>,
}

#[derive(Debug, Deserialize)]
pub struct VerifiableAddress {
    pub created_at: Option<DateTime<Utc>>,
    pub id: Option<Uuid>,
    pub status: Option<String>,
    pub updated_at: Option<DateTime<Utc>>,
    pub value: Option<String>,
    pub verified: Option<bool>,
    pub verified_at: Option<DateTime<Utc>>,
    pub via: Option<String>,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum AssuranceLevel {
    Aal0,
    Aal1,
    Aal2,
    Aal3,
    #[serde(other)]
    Other,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Method {
    Password,
    Code,
    Oidc,
    Saml,
    Passkey,
    Webauthn,
    Totp,
    LookupSecret,
    Profile,
    IdentifierFirst,
    LinkRecovery,
    CodeRecovery,
    #[serde(rename = "v0.6_legacy_session")]
    V06LegacySession,
    #[serde(other)]
    Other,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum IdentityState {
    Active,
    Inactive,
    #[serde(other)]
    Other,
}

#[derive(Debug, Deserialize)]
pub struct LoginFlow {
    pub active: Option<Method>,
    pub created_at: Option<DateTime<Utc>>,
    pub expires_at: Option<DateTime<Utc>>,
    pub id: Uuid,
    pub issued_at: Option<DateTime<Utc>>,
    pub oauth2_login_challenge: Option<String>,
    pub oauth2_login_request: Option<Value>,
    pub organization_id: Option<Uuid>,
    pub refresh: Option<bool>,
    pub request_url: String,
    pub requested_aal: Option<AssuranceLevel>,
    pub return_to: Option<String>,
    pub session_token_exchange_code: Option<String>,
    pub state: Option<FlowState>,
    pub transient_payload: Option<Value>,
    #[serde(rename = "type")]
    pub kind: FlowType,
    pub ui: Container,
    pub updated_at: Option<DateTime<Utc>>,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum FlowState {
    ChooseMethod,
    SentEmail,
    PassedChallenge,
    #[serde(other)]
    Other,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum FlowType {
    Browser,
    Api,
    #[serde(other)]
    Other,
}

#[derive(Debug, Deserialize)]
pub struct Container {
    pub action: String,
    #[serde(default)]
    pub messages: Vec<Text>,
    pub method: String,
    #[serde(default)]
    pub nodes: Vec<Node>,
}

#[derive(Debug, Deserialize)]
pub struct Node {
    pub attributes: Attributes,
    pub group: Group,
    #[serde(default)]
    pub messages: Vec<Text>,
    #[serde(default)]
    pub meta: Meta,
    #[serde(rename = "type")]
    pub kind: NodeType,
}

#[derive(Debug, Default, Deserialize)]
pub struct Meta {
    pub label: Option<Text>,
}

#[derive(Debug, Deserialize)]
pub struct Text {
    pub context: Option<Value>,
    pub id: i64,
    pub text: String,
    #[serde(rename = "type")]
    pub kind: TextType,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum TextType {
    Info,
    Error,
    Success,
    #[serde(other)]
    Other,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Group {
    Default,
    Password,
    Oidc,
    Profile,
    Link,
    Code,
    Totp,
    LookupSecret,
    Webauthn,
    Passkey,
    IdentifierFirst,
    Captcha,
    Saml,
    Deviceauthn,
    Oauth2Consent,
    #[serde(other)]
    Other,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum NodeType {
    Input,
    Text,
    Img,
    A,
    Script,
    Div,
    #[serde(other)]
    Other,
}

#[derive(Debug, Deserialize)]
#[serde(tag = "node_type", rename_all = "snake_case")]
pub enum Attributes {
    Input(Input),
    Text(TextAttributes),
    Img(Image),
    A(Anchor),
    Script(Script),
    Div(Division),
    #[serde(other)]
    Other,
}

#[derive(Debug, Deserialize)]
pub struct Input {
    pub autocomplete: Option<Autocomplete>,
    #[serde(default)]
    pub disabled: bool,
    pub label: Option<Text>,
    pub maxlength: Option<i64>,
    pub name: String,
    pub onclick: Option<String>,
    #[serde(rename = "onclickTrigger")]
    pub onclick_trigger: Option<String>,
    pub onload: Option<String>,
    #[serde(rename = "onloadTrigger")]
    pub onload_trigger: Option<String>,
    pub pattern: Option<String>,
    pub required: Option<bool>,
    #[serde(rename = "type")]
    pub kind: InputType,
    pub value: Option<Value>,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Autocomplete {
    Email,
    Tel,
    Url,
    Username,
    #[serde(rename = "username webauthn")]
    UsernameWebauthn,
    CurrentPassword,
    NewPassword,
    OneTimeCode,
    #[serde(other)]
    Other,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum InputType {
    Text,
    Password,
    Number,
    Checkbox,
    Hidden,
    Email,
    Tel,
    Submit,
    Button,
    DatetimeLocal,
    Date,
    Url,
    #[serde(other)]
    Other,
}

#[derive(Debug, Deserialize)]
pub struct TextAttributes {
    pub id: String,
    pub text: Option<Text>,
}

#[derive(Debug, Deserialize)]
pub struct Image {
    pub height: i64,
    pub id: String,
    pub src: String,
    pub width: i64,
}

#[derive(Debug, Deserialize)]
pub struct Anchor {
    pub href: String,
    pub id: String,
    pub title: Option<Text>,
}

#[derive(Debug, Deserialize)]
pub struct Script {
    #[serde(rename = "async")]
    pub is_async: bool,
    pub crossorigin: String,
    pub id: String,
    pub integrity: String,
    pub nonce: String,
    pub referrerpolicy: String,
    pub src: String,
    #[serde(rename = "type")]
    pub kind: String,
}

#[derive(Debug, Deserialize)]
pub struct Division {
    pub class: Option<String>,
    #[serde(default)]
    pub data: BTreeMap<String, String>,
    pub id: Option<String>,
}

#[derive(Debug, Deserialize)]
pub struct ErrorBody {
    pub error: ErrorContent,
}

#[derive(Debug, Deserialize)]
pub struct ErrorContent {
    pub code: Option<i64>,
    pub debug: Option<String>,
    pub details: Option<Value>,
    pub id: Option<String>,
    pub message: Option<String>,
    pub reason: Option<String>,
    pub request: Option<String>,
    pub status: Option<String>,
}

//! Calls to a user's application, as Kratos and Hydra make them.

use std::fmt;

use serde_json::{Value, json};

use super::hydra::TokenRequest;
use super::messages::SentMessage;
use super::model::FlowKind;
use crate::privacy::Secret;

/// A call that Kratos or Hydra makes to an application: for [`StandIn::call_action`](super::StandIn::call_action).
///
/// ```
/// use ory_sdk::testing::ActionCall;
///
/// let registered = ActionCall::after_registration("ada@example.org").header("x-api-key", "hook-secret");
/// let machine = ActionCall::token_hook("a-client", "").grant_type("client_credentials").scope(["read"]);
/// # let _ = (registered, machine);
/// ```
///
/// Its `Debug` shows neither headers nor content.
#[derive(Clone)]
pub struct ActionCall {
    pub(super) content: Content,
    pub(super) headers: Vec<(String, Secret)>,
    /// Replaces the content.
    pub(super) body: Option<Value>,
}

#[derive(Clone)]
pub(super) enum Content {
    WebHook { kind: FlowKind, email: String },
    PasswordMigration { identifier: String, password: Secret },
    Mail(SentMessage),
    TokenHook(TokenRequest),
    RefreshTokenHook(TokenRequest),
    BackChannelLogout(Secret),
}

impl ActionCall {
    fn new(content: Content) -> Self {
        Self { content, headers: Vec::new(), body: None }
    }

    fn web_hook(kind: FlowKind, email: impl Into<String>) -> Self {
        Self::new(Content::WebHook { kind, email: email.into() })
    }

    /// The web hook of Kratos after a registration.
    ///
    /// ```
    /// let call = ory_sdk::testing::ActionCall::after_registration("ada@example.org");
    /// # let _ = call;
    /// ```
    ///
    /// The person must exist. Kratos sends what the Jsonnet template of the hook makes; this call sends all that the
    /// template gets, as `function(ctx) ctx` would. [`body`](Self::body) replaces it.
    pub fn after_registration(email: impl Into<String>) -> Self {
        Self::web_hook(FlowKind::Registration, email)
    }

    /// The web hook of Kratos after a login. See [`after_registration`](Self::after_registration).
    ///
    /// ```
    /// let call = ory_sdk::testing::ActionCall::after_login("ada@example.org");
    /// # let _ = call;
    /// ```
    ///
    /// Its session is the latest of the person, if there is one.
    pub fn after_login(email: impl Into<String>) -> Self {
        Self::web_hook(FlowKind::Login, email)
    }

    /// The web hook of Kratos after a change of settings. See [`after_registration`](Self::after_registration).
    ///
    /// ```
    /// let call = ory_sdk::testing::ActionCall::after_settings("ada@example.org");
    /// # let _ = call;
    /// ```
    pub fn after_settings(email: impl Into<String>) -> Self {
        Self::web_hook(FlowKind::Settings, email)
    }

    /// The web hook of Kratos after a recovery. See [`after_registration`](Self::after_registration).
    ///
    /// ```
    /// let call = ory_sdk::testing::ActionCall::after_recovery("ada@example.org");
    /// # let _ = call;
    /// ```
    pub fn after_recovery(email: impl Into<String>) -> Self {
        Self::web_hook(FlowKind::Recovery, email)
    }

    /// The web hook of Kratos after a verification. See [`after_registration`](Self::after_registration).
    ///
    /// ```
    /// let call = ory_sdk::testing::ActionCall::after_verification("ada@example.org");
    /// # let _ = call;
    /// ```
    pub fn after_verification(email: impl Into<String>) -> Self {
        Self::web_hook(FlowKind::Verification, email)
    }

    /// The hook with which Kratos checks a password that another system keeps.
    ///
    /// ```
    /// let call = ory_sdk::testing::ActionCall::password_migration("ada@example.org", "old-a-Long-passw0rd!");
    /// # let _ = call;
    /// ```
    pub fn password_migration(identifier: impl Into<String>, password: impl Into<Secret>) -> Self {
        Self::new(Content::PasswordMigration { identifier: identifier.into(), password: password.into() })
    }

    /// A message that Kratos' courier sends by HTTP, with the default template.
    ///
    /// ```
    /// # fn example(ory: &ory_sdk::testing::StandIn) {
    /// let calls = ory.messages().into_iter().map(ory_sdk::testing::ActionCall::mail);
    /// # let _ = calls;
    /// # }
    /// ```
    pub fn mail(message: SentMessage) -> Self {
        Self::new(Content::Mail(message))
    }

    /// The token hook of Hydra, for a subject that signed in with a code. An empty subject stands for client credentials.
    ///
    /// ```
    /// use ory_sdk::testing::ActionCall;
    /// let call = ActionCall::token_hook("a-client", "ada").scope(["openid"]).claims(serde_json::json!({"tenant": 1}), serde_json::json!({}));
    /// # let _ = call;
    /// ```
    pub fn token_hook(client_id: impl Into<String>, subject: impl Into<String>) -> Self {
        Self::new(Content::TokenHook(request(client_id.into(), subject.into())))
    }

    /// The older hook of Hydra for refresh tokens.
    ///
    /// ```
    /// let call = ory_sdk::testing::ActionCall::refresh_token_hook("a-client", "ada");
    /// # let _ = call;
    /// ```
    pub fn refresh_token_hook(client_id: impl Into<String>, subject: impl Into<String>) -> Self {
        Self::new(Content::RefreshTokenHook(request(client_id.into(), subject.into())))
    }

    /// Hydra's back-channel logout.
    ///
    /// ```
    /// # fn example(ory: &ory_sdk::testing::StandIn) {
    /// let call = ory_sdk::testing::ActionCall::back_channel_logout(ory.logout_token().sign());
    /// # let _ = call;
    /// # }
    /// ```
    pub fn back_channel_logout(logout_token: impl Into<Secret>) -> Self {
        Self::new(Content::BackChannelLogout(logout_token.into()))
    }

    /// Sets the grant type of a token hook. Default: `authorization_code`, or `client_credentials` without a subject.
    ///
    /// ```
    /// use ory_sdk::testing::ActionCall;
    /// let call = ActionCall::token_hook("a-client", "ada").grant_type("refresh_token");
    /// # let _ = call;
    /// ```
    pub fn grant_type(mut self, grant_type: impl Into<String>) -> Self {
        if let Some(request) = self.token_request() {
            request.grant_type = grant_type.into();
        }
        self
    }

    /// Sets the scopes of a token hook.
    ///
    /// ```
    /// use ory_sdk::testing::ActionCall;
    /// let call = ActionCall::token_hook("a-client", "ada").scope(["openid", "offline"]);
    /// # let _ = call;
    /// ```
    pub fn scope(mut self, scope: impl IntoIterator<Item = impl Into<String>>) -> Self {
        if let Some(request) = self.token_request() {
            request.scope = scope.into_iter().map(Into::into).collect();
        }
        self
    }

    /// Sets the audience of a token hook.
    ///
    /// ```
    /// use ory_sdk::testing::ActionCall;
    /// let call = ActionCall::token_hook("a-client", "").audience(["https://api.example.org"]);
    /// # let _ = call;
    /// ```
    pub fn audience(mut self, audience: impl IntoIterator<Item = impl Into<String>>) -> Self {
        if let Some(request) = self.token_request() {
            request.audience = audience.into_iter().map(Into::into).collect();
        }
        self
    }

    /// Sets the claims that the consent gave to the access token and to the ID token.
    ///
    /// ```
    /// use ory_sdk::testing::ActionCall;
    /// use serde_json::json;
    /// let call = ActionCall::token_hook("a-client", "ada").claims(json!({"tenant": 1}), json!({"name": "Ada"}));
    /// # let _ = call;
    /// ```
    pub fn claims(mut self, access_token: Value, id_token: Value) -> Self {
        if let Some(request) = self.token_request() {
            request.access_token_claims = access_token;
            request.id_token_claims = id_token;
        }
        self
    }

    fn token_request(&mut self) -> Option<&mut TokenRequest> {
        match &mut self.content {
            Content::TokenHook(request) | Content::RefreshTokenHook(request) => Some(request),
            _ => None,
        }
    }

    /// Adds a header, such as the API key that the configuration of the server names.
    ///
    /// ```
    /// use ory_sdk::testing::ActionCall;
    /// let call = ActionCall::after_login("ada@example.org").header("x-api-key", "hook-secret");
    /// # let _ = call;
    /// ```
    pub fn header(mut self, name: impl Into<String>, value: impl Into<Secret>) -> Self {
        self.headers.push((name.into(), value.into()));
        self
    }

    /// Replaces the body by this JSON: what your own Jsonnet template makes.
    ///
    /// ```
    /// use ory_sdk::testing::ActionCall;
    /// let call = ActionCall::after_login("ada@example.org").body(serde_json::json!({"email": "ada@example.org"}));
    /// # let _ = call;
    /// ```
    pub fn body(mut self, body: Value) -> Self {
        self.body = Some(body);
        self
    }

    pub(super) fn is_of_kratos_hook(&self) -> bool {
        matches!(self.content, Content::WebHook { .. } | Content::PasswordMigration { .. })
    }

    pub(super) fn content_type(&self) -> &'static str {
        match self.content {
            Content::BackChannelLogout(_) if self.body.is_none() => "application/x-www-form-urlencoded",
            Content::TokenHook(_) | Content::RefreshTokenHook(_) => "application/json; charset=UTF-8",
            _ => "application/json",
        }
    }
}

fn request(client_id: String, subject: String) -> TokenRequest {
    let grant_type = if subject.is_empty() { "client_credentials" } else { "authorization_code" }.to_owned();
    let (access_token_claims, id_token_claims) = (json!({}), json!({}));
    TokenRequest {
        client_id,
        subject,
        grant_type,
        scope: Vec::new(),
        audience: Vec::new(),
        access_token_claims,
        id_token_claims,
    }
}

impl fmt::Debug for ActionCall {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let kind = match &self.content {
            Content::WebHook { kind, .. } => kind.name(),
            Content::PasswordMigration { .. } => "password_migration",
            Content::Mail(_) => "mail",
            Content::TokenHook(_) => "token_hook",
            Content::RefreshTokenHook(_) => "refresh_token_hook",
            Content::BackChannelLogout(_) => "back_channel_logout",
        };
        f.debug_struct("ActionCall").field("kind", &kind).finish_non_exhaustive()
    }
}

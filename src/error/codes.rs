//! The codes of errors.

use crate::wire::macros::open_enum;

open_enum! {
    /// The `id` of an error of Kratos or the Ory Network.
    ErrorId {
        /// Nobody is signed in.
        SessionInactive = "session_inactive",
        /// The session must reach the first assurance level.
        SessionAal1Required = "session_aal1_required",
        /// The session must reach the second assurance level.
        SessionAal2Required = "session_aal2_required",
        /// Somebody is already signed in.
        SessionAlreadyAvailable = "session_already_available",
        /// The session already has that level.
        SessionAalAlreadyFulfilled = "session_aal_already_fulfilled",
        /// The user must sign in again first.
        SessionRefreshRequired = "session_refresh_required",
        /// The user must verify an address first.
        SessionVerifiedAddressRequired = "session_verified_address_required",
        /// The flow has expired.
        SelfServiceFlowExpired = "self_service_flow_expired",
        /// Another flow replaced it.
        SelfServiceFlowReplaced = "self_service_flow_replaced",
        /// This flow is disabled on the server.
        SelfServiceFlowDisabled = "self_service_flow_disabled",
        /// The server does not allow this `return_to`.
        SelfServiceFlowReturnToForbidden = "self_service_flow_return_to_forbidden",
        /// The browser must go to a URL.
        BrowserLocationChangeRequired = "browser_location_change_required",
        /// The CSRF token or its cookie is missing or wrong.
        SecurityCsrfViolation = "security_csrf_violation",
        /// The flow belongs to somebody else.
        SecurityIdentityMismatch = "security_identity_mismatch",
        /// The configuration of the server is invalid.
        InvalidConfiguration = "invalid_configuration",
        /// A service behind the server failed.
        UpstreamError = "upstream_error",
        /// The plan does not include it.
        FeatureNotAvailable = "feature_not_available",
        /// The plan's limit is reached.
        QuotaExceeded = "quota_exceeded",
    }
}

open_enum! {
    /// The `error` of an OAuth2 or OpenID Connect response.
    OAuth2ErrorCode {
        /// A parameter is missing, repeated or malformed (RFC 6749).
        InvalidRequest = "invalid_request",
        /// The client could not be authenticated (RFC 6749).
        InvalidClient = "invalid_client",
        /// The code, token or assertion is wrong, expired or used (RFC 6749).
        InvalidGrant = "invalid_grant",
        /// The client may not use this grant type (RFC 6749).
        UnauthorizedClient = "unauthorized_client",
        /// The server does not support this grant type (RFC 6749).
        UnsupportedGrantType = "unsupported_grant_type",
        /// The server does not support this response type (RFC 6749).
        UnsupportedResponseType = "unsupported_response_type",
        /// A scope is unknown, malformed or too wide (RFC 6749).
        InvalidScope = "invalid_scope",
        /// The user or the server denied the request (RFC 6749).
        AccessDenied = "access_denied",
        /// The server failed (RFC 6749).
        ServerError = "server_error",
        /// The server is busy (RFC 6749).
        TemporarilyUnavailable = "temporarily_unavailable",
        /// The access token is wrong, expired or revoked (RFC 6750).
        InvalidToken = "invalid_token",
        /// The access token lacks a scope (RFC 6750).
        InsufficientScope = "insufficient_scope",
        /// The server does not revoke this kind of token (RFC 7009).
        UnsupportedTokenType = "unsupported_token_type",
        /// A redirect URI is invalid (RFC 7591).
        InvalidRedirectUri = "invalid_redirect_uri",
        /// A field of the client metadata is invalid (RFC 7591).
        InvalidClientMetadata = "invalid_client_metadata",
        /// The user must sign in (OpenID Connect).
        LoginRequired = "login_required",
        /// The user must consent (OpenID Connect).
        ConsentRequired = "consent_required",
        /// The user must interact with the server (OpenID Connect).
        InteractionRequired = "interaction_required",
        /// The user must choose an account (OpenID Connect).
        AccountSelectionRequired = "account_selection_required",
        /// The server does not support request objects (OpenID Connect).
        RequestNotSupported = "request_not_supported",
        /// The server does not support request URIs (OpenID Connect).
        RequestUriNotSupported = "request_uri_not_supported",
        /// The server does not support the registration parameter (OpenID Connect).
        RegistrationNotSupported = "registration_not_supported",
        /// The request object is invalid (OpenID Connect).
        InvalidRequestObject = "invalid_request_object",
        /// The request URI is invalid (OpenID Connect).
        InvalidRequestUri = "invalid_request_uri",
        /// The user has not authorized the device yet (RFC 8628).
        AuthorizationPending = "authorization_pending",
        /// The device polls too often (RFC 8628).
        SlowDown = "slow_down",
        /// The device's code has expired (RFC 8628).
        ExpiredToken = "expired_token",
        /// Hydra: a challenge has expired, or a token is invalid.
        RequestUnauthorized = "request_unauthorized",
        /// Hydra: the token was used or revoked.
        TokenInactive = "token_inactive",
        /// Hydra: this JWT was seen before.
        JtiKnown = "jti_known",
        /// Hydra: a parameter is missing.
        MissingRequiredParameter = "missing_required_parameter",
    }
}

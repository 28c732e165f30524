//! Names of the hand-written part of the crate, which generated methods must not have.

/// Names that the client or the table of operations already has. No operation may be named like one.
pub const METHODS: [&str; 23] = [
    // Methods of `Client`.
    "builder",
    "clone",
    "create_flow",
    "endpoint",
    "forwarding",
    "from_env",
    "get_flow",
    "request",
    "submit_flow",
    "with_client_credentials",
    "with_cookie_jar",
    "with_cookies",
    "with_forwarded_for",
    "with_oauth2_token",
    "with_registration_token",
    "with_session_token",
    "with_user_agent",
    // Constants of the table.
    "changes",
    "operations",
    "sha256",
    "title",
    "version",
    // Of every builder.
    "new",
];

/// Names that the builder of every operation already has. No parameter may be named like one.
pub const SETTERS: [&str; 16] = [
    "body",
    "body_map",
    "by_item",
    "by_page",
    "clone",
    "form",
    "form_body",
    "header",
    "into_future",
    "json_body",
    "new",
    "query",
    "send",
    "stall_timeout",
    "timeout",
    "url",
];

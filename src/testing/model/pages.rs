//! The pages of the application beside Ory, to which the servers send browsers.

/// Base URLs without a slash at the end.
#[derive(Debug, Clone)]
pub(crate) struct Pages {
    /// Where Kratos finds `/login`, `/registration`, `/settings`, `/recovery`, `/verification` and `/error`. What begins
    /// with it is also allowed as `return_to`.
    pub self_service: String,
    /// Where Hydra finds `/login`, `/consent`, `/logout`, `/device/verify`, `/device/success`, `/error` and `/logged-out`.
    pub oauth2: String,
}

impl Default for Pages {
    fn default() -> Self {
        Self { self_service: "http://127.0.0.1:4455".to_owned(), oauth2: "http://127.0.0.1:3000".to_owned() }
    }
}

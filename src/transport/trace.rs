//! Traces: one span per call, with the names that OpenTelemetry gives HTTP clients. Without the feature they cost nothing.
//!
//! They never contain values of queries or headers, nor bodies: the path is the template of the contract.

#[cfg(feature = "tracing")]
mod on {
    use std::time::Duration;

    use reqwest::Url;
    use tracing::{Instrument, Span, field};

    use crate::contract::Operation;
    use crate::error::Error;
    use crate::response::{self, RawResponse};

    /// The span of one call.
    pub(crate) struct Call(Span);

    impl Call {
        pub(crate) fn start(operation: &Operation, url: &Url) -> Self {
            let span = tracing::info_span!(
                target: "ory_sdk",
                "ory.call",
                otel.name = format_args!("{} {}", operation.method, operation.path),
                otel.kind = "client",
                ory.operation = operation.id,
                http.request.method = operation.method.as_str(),
                url.template = operation.path,
                server.address = url.host_str().unwrap_or_default(),
                server.port = url.port_or_known_default().unwrap_or_default(),
                http.response.status_code = field::Empty,
                http.request.resend_count = field::Empty,
                ory.request_id = field::Empty,
                error.type = field::Empty,
            );
            Self(span)
        }

        /// Runs the call in its span.
        pub(crate) fn run<F: Future>(&self, call: F) -> impl Future<Output = F::Output> + use<F> {
            call.instrument(self.0.clone())
        }

        /// A try that another one will follow, and how it ended.
        pub(crate) fn retry(&self, tries: u32, wait: Duration, ended: &Result<RawResponse, Error>) {
            let status = ended.as_ref().ok().map(|response| response.status.as_u16());
            let error = ended.as_ref().err().map(|error| field::debug(error.kind()));
            let wait_ms = wait.as_millis() as u64;
            tracing::info!(
                target: "ory_sdk", parent: &self.0, tries, wait_ms,
                http.response.status_code = status, error.type = error, "trying again"
            );
        }

        pub(crate) fn responded(&self, response: &RawResponse) {
            self.0.record("http.response.status_code", response.status.as_u16());
            if let Some(id) = response::request_id(&response.headers) {
                self.0.record("ory.request_id", id);
            }
        }

        pub(crate) fn failed(&self, error: &Error) {
            if let Some(status) = error.status() {
                self.0.record("http.response.status_code", status.as_u16());
            }
            match error.status() {
                Some(status) if !status.is_success() => self.0.record("error.type", status.as_str()),
                _ => self.0.record("error.type", field::debug(error.kind())),
            };
            if let Some(id) = error.request_id() {
                self.0.record("ory.request_id", id);
            }
        }

        pub(crate) fn sent(&self, tries: u32) {
            if tries > 1 {
                self.0.record("http.request.resend_count", tries - 1);
            }
        }
    }
}

#[cfg(feature = "tracing")]
pub(crate) use on::Call;

#[cfg(not(feature = "tracing"))]
mod off {
    use std::time::Duration;

    use reqwest::Url;

    use crate::contract::Operation;
    use crate::error::Error;
    use crate::response::RawResponse;

    /// No span.
    pub(crate) struct Call;

    impl Call {
        pub(crate) fn start(_: &Operation, _: &Url) -> Self {
            Self
        }

        pub(crate) fn run<F: Future>(&self, call: F) -> F {
            call
        }

        pub(crate) fn retry(&self, _: u32, _: Duration, _: &Result<RawResponse, Error>) {}

        pub(crate) fn responded(&self, _: &RawResponse) {}

        pub(crate) fn failed(&self, _: &Error) {}

        pub(crate) fn sent(&self, _: u32) {}
    }
}

#[cfg(not(feature = "tracing"))]
pub(crate) use off::Call;

//! A span for each call, as a log prints it: with the feature `tracing`.
//!
//! ```text
//! cargo run --example traces
//! RUST_LOG=ory_sdk=info cargo run --example traces
//! ```

use std::error::Error;
use std::io::Write;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use ory_sdk::http::StatusCode;
use ory_sdk::retry::Retry;
use ory_sdk::testing::{Fault, StandIn};
use tracing::Instrument;
use tracing_subscriber::EnvFilter;
use tracing_subscriber::fmt::format::FmtSpan;

/// Prints the log, and keeps it, so that this program can say what is in it.
#[derive(Clone, Default)]
struct Log(Arc<Mutex<Vec<u8>>>);

impl Write for Log {
    fn write(&mut self, text: &[u8]) -> std::io::Result<usize> {
        self.0.lock().into_iter().for_each(|mut log| log.extend_from_slice(text));
        std::io::stdout().write(text)
    }

    fn flush(&mut self) -> std::io::Result<()> {
        std::io::stdout().flush()
    }
}

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let (log, filter) = (Log::default(), EnvFilter::try_from_default_env());
    let copy = log.clone();
    tracing_subscriber::fmt()
        .with_env_filter(filter.unwrap_or_else(|_| EnvFilter::new("warn,ory_sdk=info,traces=info")))
        // A line when a call ends, with its duration.
        .with_span_events(FmtSpan::CLOSE)
        .with_ansi(false)
        .with_writer(move || copy.clone())
        .init();

    let stand_in = StandIn::start().await?;
    let ada = stand_in.sign_in("ada@example.org");
    let ory = stand_in.client_builder().retry(Retry::new().first_wait(Duration::from_millis(10))).build()?;

    // The span of a call is a child of the one that it is made in.
    let request = tracing::info_span!(target: "traces", "request", path = "/account");
    async {
        // An event says that the call is tried again, and its span in the end how often that was.
        stand_in.fail("to_session", Fault::status(StatusCode::SERVICE_UNAVAILABLE))?;
        ory.with_session_token(ada.token()).to_session().await?;
        // The template of the path, and not the id that was asked for.
        let missing = ory.admin_get_identity().id(ory_sdk::uuid::Uuid::nil()).await;
        assert!(missing.is_err_and(|error| error.is_not_found()));
        Ok::<(), Box<dyn Error>>(())
    }
    .instrument(request)
    .await?;

    let log = log.0.lock().map_err(|_| "the log broke")?;
    let log = String::from_utf8_lossy(&log);
    for part in
        ["trying again", "http.request.resend_count=1", "/admin/identities/{id}", "http.response.status_code=404"]
    {
        assert!(log.contains(part), "{part}");
    }
    assert!(!log.contains(ada.token().expose()), "a token is in the log");
    Ok(())
}

//! Traces of checks. Without the feature they cost nothing.

/// Notes how a check ended, beside the spans of its calls: `hit`, `joined`, `stale` or `shed`.
pub(super) fn note(outcome: &'static str) {
    #[cfg(feature = "tracing")]
    tracing::event!(target: "ory_sdk", tracing::Level::DEBUG, ory.session_check = outcome, "session check");
    #[cfg(not(feature = "tracing"))]
    let _ = outcome;
}

//! Traces of checks. Without the feature they cost nothing.

/// Notes how a check ended, beside the spans of its calls: `hit`, `joined`, `stale` or `shed`.
pub(super) fn note(outcome: &'static str) {
    #[cfg(feature = "tracing")]
    tracing::event!(target: "ory_sdk", tracing::Level::DEBUG, ory.session_check = outcome, "session check");
    #[cfg(not(feature = "tracing"))]
    let _ = outcome;
}

/// Keeps a call that moves to a task of its own in the span of whoever began it.
#[cfg(feature = "tracing")]
pub(super) fn in_span<F: Future>(call: F) -> impl Future<Output = F::Output> {
    tracing::Instrument::in_current_span(call)
}

#[cfg(not(feature = "tracing"))]
pub(super) fn in_span<F: Future>(call: F) -> impl Future<Output = F::Output> {
    call
}

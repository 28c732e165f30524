//! Spans of work that moves to a task of its own.

/// Keeps work in the span of whoever began it. Without the feature `tracing` it costs nothing.
#[cfg(feature = "tracing")]
pub(crate) fn in_span<F: Future>(work: F) -> impl Future<Output = F::Output> {
    tracing::Instrument::in_current_span(work)
}

#[cfg(not(feature = "tracing"))]
pub(crate) fn in_span<F: Future>(work: F) -> impl Future<Output = F::Output> {
    work
}

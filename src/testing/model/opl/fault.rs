//! What is wrong with a text.

/// What is wrong with a text, and where.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct OplError {
    pub message: String,
    /// Byte offsets. `None` for what comes after the end of the text.
    pub place: Option<(usize, usize)>,
}

//! A row of a list that could not be read.

use std::fmt;

use bytes::Bytes;

/// A row of a list that could not be read, while the others could.
///
/// ```no_run
/// # #[cfg(feature = "identity")]
/// # async fn example(client: &ory_sdk::Client) -> ory_sdk::Result<()> {
/// let identities = client.admin_list_identities().send().await?;
/// for row in identities.unreadable() {
///     eprintln!("{row}");
/// }
/// # Ok(())
/// # }
/// ```
///
/// `Display` shows the index, the path and the reason, but no value. `Debug` shows the size of the row beside them.
///
/// A row is unreadable if an identifier, a time or another value in it has the wrong type. Such rows are rare: a server
/// that stored a value which no JSON library reads (half an emoji, say) costs only this value, and the row can be read.
#[derive(Clone, PartialEq, Eq)]
pub struct UnreadableRow {
    index: usize,
    path: String,
    reason: String,
    raw: Bytes,
}

impl UnreadableRow {
    pub(super) fn new(index: usize, path: String, reason: String, raw: Bytes) -> Self {
        Self { index, path, reason, raw }
    }

    /// The index of the row in its response, from 0.
    pub fn index(&self) -> usize {
        self.index
    }

    /// The place in the response: `[3].schema_id`.
    pub fn path(&self) -> &str {
        &self.path
    }

    /// What was expected and what came, without the value: `invalid type: map, expected a string`.
    pub fn reason(&self) -> &str {
        &self.reason
    }

    /// The JSON of the row as the server sent it. It may contain secrets.
    pub fn raw(&self) -> &Bytes {
        &self.raw
    }
}

impl fmt::Display for UnreadableRow {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "row {} cannot be read, at {}: {}", self.index, self.path, self.reason)
    }
}

impl fmt::Debug for UnreadableRow {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("UnreadableRow")
            .field("index", &self.index)
            .field("path", &self.path)
            .field("reason", &self.reason)
            .field("bytes", &self.raw.len())
            .finish()
    }
}

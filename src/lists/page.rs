//! One page of a list.

use std::fmt;
use std::ops::Deref;

use serde::Serialize;

use crate::cursor::Cursor;
use crate::response::UnreadableRow;

/// A page of a list. It dereferences to its rows, and iterates over them.
///
/// ```
/// # fn example(page: ory_sdk::lists::Page<String>) {
/// println!("{} of {:?} rows", page.len(), page.total());
/// for row in page {
///     println!("{row}");
/// }
/// # }
/// ```
#[derive(Clone)]
pub struct Page<T> {
    items: Vec<T>,
    unreadable: Vec<UnreadableRow>,
    total: Option<u64>,
    next: Option<Cursor>,
}

impl<T> Page<T> {
    pub(super) fn new(items: Vec<T>, unreadable: Vec<UnreadableRow>, total: Option<u64>, next: Option<Cursor>) -> Self {
        Self { items, unreadable, total, next }
    }

    /// The rows that could not be read. The page has the others.
    ///
    /// ```
    /// # fn example(page: ory_sdk::lists::Page<String>) {
    /// for row in page.unreadable() {
    ///     // `row 3 cannot be read, at [3].schema_id: invalid type: map, expected a string`
    ///     eprintln!("{row}");
    /// }
    /// # }
    /// ```
    pub fn unreadable(&self) -> &[UnreadableRow] {
        &self.unreadable
    }

    pub(super) fn take_unreadable(&mut self) -> Vec<UnreadableRow> {
        std::mem::take(&mut self.unreadable)
    }

    /// The rows.
    pub fn into_items(self) -> Vec<T> {
        self.items
    }

    /// The number of rows in the list, if the server says. Up to Hydra 2.3 it ignores filters.
    pub fn total(&self) -> Option<u64> {
        self.total
    }

    /// Where the next page starts. `None` on the last page.
    pub fn next_cursor(&self) -> Option<&Cursor> {
        self.next.as_ref()
    }
}

/// A page without rows.
impl<T> Default for Page<T> {
    fn default() -> Self {
        Self::new(Vec::new(), Vec::new(), None, None)
    }
}

impl<T> Deref for Page<T> {
    type Target = [T];

    fn deref(&self) -> &[T] {
        &self.items
    }
}

impl<T> IntoIterator for Page<T> {
    type Item = T;
    type IntoIter = std::vec::IntoIter<T>;

    fn into_iter(self) -> Self::IntoIter {
        self.items.into_iter()
    }
}

impl<'a, T> IntoIterator for &'a Page<T> {
    type Item = &'a T;
    type IntoIter = std::slice::Iter<'a, T>;

    fn into_iter(self) -> Self::IntoIter {
        self.items.iter()
    }
}

impl<'a, T> IntoIterator for &'a mut Page<T> {
    type Item = &'a mut T;
    type IntoIter = std::slice::IterMut<'a, T>;

    fn into_iter(self) -> Self::IntoIter {
        self.items.iter_mut()
    }
}

impl<T> fmt::Debug for Page<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Page")
            .field("items", &self.items.len())
            .field("unreadable", &self.unreadable)
            .field("total", &self.total)
            .finish_non_exhaustive()
    }
}

/// A key that identifies a row: its id, or the whole row if it has none.
pub(crate) fn row_key<I: Serialize, R: Serialize>(id: &I, row: &R) -> String {
    let text = serde_json::to_string(id).unwrap_or_default();
    if matches!(text.as_str(), "" | "null" | "\"\"") { serde_json::to_string(row).unwrap_or_default() } else { text }
}

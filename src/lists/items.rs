//! Walks through lists, by row.

use std::collections::VecDeque;
use std::fmt;
use std::future::poll_fn;
use std::pin::Pin;
use std::task::{Context, Poll, ready};

use futures_core::Stream;

use super::pages::Pages;
use crate::cursor::Cursor;
use crate::error::Error;
use crate::response::UnreadableRow;

impl<T: Send + 'static> Pages<T> {
    /// The rows one by one.
    ///
    /// ```
    /// # #[cfg(feature = "identity")]
    /// # fn example(client: &ory_sdk::Client) {
    /// let items = client.admin_list_identities().by_page().prefetch().into_items();
    /// # }
    /// ```
    pub fn into_items(self) -> Items<T> {
        Items { pages: self, rows: VecDeque::new(), unreadable: VecDeque::new(), at: None }
    }
}

/// A list, row by row: a [`Stream`] with a [`next`](Items::next) method. See [`Pages`].
///
/// ```no_run
/// # #[cfg(feature = "identity")]
/// # async fn example(client: &ory_sdk::Client) -> ory_sdk::Result<()> {
/// let mut identities = client.admin_list_identities().by_item();
/// while let Some(identity) = identities.next().await {
///     println!("{}", identity?.id);
/// }
/// # Ok(())
/// # }
/// ```
#[must_use = "nothing is sent until `next()` is awaited"]
pub struct Items<T> {
    pages: Pages<T>,
    rows: VecDeque<T>,
    /// The rows of the same page that could not be read.
    unreadable: VecDeque<UnreadableRow>,
    /// Where the page of `rows` starts.
    at: Option<Cursor>,
}

impl<T: Send + 'static> Items<T> {
    #[cfg(test)]
    pub(super) fn remembers(&self) -> usize {
        self.pages.remembers()
    }

    /// Ends the stream after this number of pages: [`Pages::max_pages`].
    ///
    /// ```
    /// # #[cfg(feature = "oauth2")]
    /// # fn example(client: &ory_sdk::Client) {
    /// let items = client.admin_list_oauth2_clients().by_item().max_pages(10);
    /// # }
    /// ```
    pub fn max_pages(mut self, pages: usize) -> Self {
        self.pages = self.pages.max_pages(pages);
        self
    }

    /// Requests the next page while you work on the rows of the current one: [`Pages::prefetch`].
    ///
    /// ```
    /// # #[cfg(feature = "identity")]
    /// # fn example(client: &ory_sdk::Client) {
    /// let items = client.admin_list_identities().by_item().prefetch();
    /// # }
    /// ```
    pub fn prefetch(mut self) -> Self {
        self.pages = self.pages.prefetch();
        self
    }

    /// Reads each page of a counted list twice: [`Pages::overlap`].
    ///
    /// ```
    /// # #[cfg(feature = "identity")]
    /// # fn example(client: &ory_sdk::Client, id: uuid::Uuid) {
    /// let items = client.admin_list_identity_sessions().id(id).by_item().overlap();
    /// # }
    /// ```
    pub fn overlap(mut self) -> Self {
        self.pages = self.pages.overlap();
        self
    }

    /// Starts where another walk through the same list stopped: [`Pages::resume`].
    ///
    /// ```
    /// # #[cfg(feature = "identity")]
    /// # fn example(client: &ory_sdk::Client, cursor: &ory_sdk::lists::Cursor) -> ory_sdk::Result<()> {
    /// let items = client.admin_list_identities().by_item().resume(cursor)?;
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    ///
    /// See [`Pages::resume`].
    pub fn resume(mut self, cursor: &Cursor) -> Result<Self, Error> {
        self.pages = self.pages.resume(cursor)?;
        Ok(self)
    }

    /// Where another walk must start. In the middle of a page it is the start of that page, so that its rows come again
    /// and none is missed.
    ///
    /// ```
    /// # #[cfg(feature = "identity")]
    /// # fn example(client: &ory_sdk::Client) {
    /// assert!(client.admin_list_identities().by_item().cursor().is_some());
    /// # }
    /// ```
    pub fn cursor(&self) -> Option<Cursor> {
        if self.rows.is_empty() && self.unreadable.is_empty() { self.pages.cursor() } else { self.at.clone() }
    }

    /// Returns the next row, or `None` at the end. It is safe to drop the future before it is ready.
    ///
    /// # Errors
    ///
    /// See [`Pages::next`]. A row that cannot be read is an error of the kind [`Decode`](crate::ErrorKind::Decode) which does
    /// not end the list: it comes after the other rows of its page, and the next call goes on behind it.
    pub async fn next(&mut self) -> Option<Result<T, Error>> {
        poll_fn(|context| self.poll_item(context)).await
    }

    fn poll_item(&mut self, context: &mut Context<'_>) -> Poll<Option<Result<T, Error>>> {
        if self.rows.is_empty() && self.unreadable.is_empty() {
            let at = self.pages.cursor();
            match ready!(self.pages.poll_page(context)) {
                Some(Ok(mut page)) => {
                    self.at = at;
                    self.unreadable = page.take_unreadable().into();
                    self.rows = page.into_items().into();
                }
                Some(Err(error)) => return Poll::Ready(Some(Err(error))),
                None => return Poll::Ready(None),
            }
        } else {
            self.pages.poll_ahead(context);
        }
        Poll::Ready(self.rows.pop_front().map(Ok).or_else(|| self.pop_unreadable().map(Err)))
    }

    /// The error for a row that could not be read. Whoever stops at it resumes behind the page, or would meet it again.
    fn pop_unreadable(&mut self) -> Option<Error> {
        let row = self.unreadable.pop_front()?;
        Some(Error::unreadable(self.pages.operation(), &row).resuming_at(self.pages.cursor()))
    }
}

/// No field is pinned.
impl<T> Unpin for Items<T> {}

impl<T: Send + 'static> Stream for Items<T> {
    type Item = Result<T, Error>;

    fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        self.poll_item(context)
    }
}

impl<T> fmt::Debug for Items<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Items").field("pages", &self.pages).field("rows", &self.rows.len()).finish()
    }
}

//! Walks through lists, by page.
//!
//! `walk` decides what to request and which rows are new. Here it is sent.

use std::fmt;
use std::future::{Future, poll_fn};
use std::pin::Pin;
use std::task::{Context, Poll, ready};
use std::time::Duration;

use futures_core::Stream;
use http::HeaderMap;

use super::advance::PageFacts;
use super::link::Links;
use super::page::Page;
use super::parameters::Parameters;
use super::query::Asked;
use super::walk::Walk;
use crate::call::Draft;
use crate::client::{Client, Sending};
use crate::cursor::{Cursor, ListMark, NOT_OURS, Step, fingerprint};
use crate::error::{Error, ErrorKind};
use crate::input::InvalidArgument;
use crate::platform::Instant;
use crate::response::{Decode, Response, UnreadableRow, name_only};
use crate::wire::header::text;

/// A list, page by page: a [`Stream`] with a [`next`](Pages::next) method.
///
/// ```no_run
/// # #[cfg(feature = "identity")]
/// # async fn example(client: &ory_sdk::Client) -> ory_sdk::Result<()> {
/// let mut pages = client.admin_list_identities().page_size(100).by_page();
/// while let Some(page) = pages.next().await {
///     for identity in page? {
///         println!("{}", identity.id);
///     }
/// }
/// # Ok(())
/// # }
/// ```
///
/// Every row comes once and none is missing, whatever the server's version does with its links. A page is requested when
/// you ask for it. A `next()` that is dropped half way loses nothing: the following one continues with the same request.
/// No page is empty, unless none of its rows can be read. At most two are in memory (one without
/// [`prefetch`](Pages::prefetch)). Every request carries the filters of the builder.
///
/// A row that cannot be read costs only itself: the page has the others, and [`Page::unreadable`] has this one.
///
/// The stream ends after the last page, or with the first error, once the rows before it are delivered.
/// [`Error::cursor`] and [`Pages::cursor`] then say where to resume, and [`Error::cursor_behind`] how to leave out a page that
/// cannot be read as a whole.
///
/// The guide [lists](crate::docs::lists) shows cursors, streams, and what happens while rows come and go.
#[must_use = "nothing is sent until `next()` is awaited"]
pub struct Pages<T> {
    source: Option<Source<T>>,
    /// Why the request could not be built.
    refused: Option<Error>,
    walk: Walk,
    /// The request under way.
    flight: Option<Sending<Vec<T>>>,
    /// When the first request for the page under way was sent.
    since: Option<Instant>,
    /// The page that was fetched ahead.
    ahead: Option<Result<Page<T>, Error>>,
    prefetch: bool,
    left: Option<usize>,
    at: Option<Cursor>,
    is_over: bool,
}

/// The request of the list, without its paging pairs.
struct Source<T> {
    client: Client,
    draft: Draft,
    decode: Decode<Vec<T>>,
    row_key: fn(&T) -> String,
    mark: ListMark,
}

impl<T: Send + 'static> Pages<T> {
    pub(crate) fn new(
        client: Client,
        draft: Result<Draft, Error>,
        decode: Decode<Vec<T>>,
        row_key: fn(&T) -> String,
    ) -> Self {
        let (source, refused, walk) = match draft {
            Ok(mut draft) => {
                let parameters = Parameters::of(&draft.operation);
                let asked = Asked(draft.take_pairs(parameters.keys()));
                let mark = ListMark {
                    operation: draft.operation.id.to_owned(),
                    size: asked.size(),
                    fingerprint: fingerprint(&draft.place()),
                };
                let walk = Walk::new(parameters, asked);
                (Some(Source { client, draft, decode, row_key, mark }), None, walk)
            }
            Err(error) => (None, Some(error), Walk::new(Parameters::default(), Asked::default())),
        };
        let mut this = Self {
            source,
            refused,
            walk,
            flight: None,
            since: None,
            ahead: None,
            prefetch: false,
            left: None,
            at: None,
            is_over: false,
        };
        this.at = this.walk_cursor();
        this
    }

    /// Ends the stream after this number of pages. [`Pages::cursor`] says where to continue.
    ///
    /// ```
    /// # #[cfg(feature = "oauth2")]
    /// # fn example(client: &ory_sdk::Client) {
    /// let pages = client.admin_list_oauth2_clients().by_page().max_pages(10);
    /// # }
    /// ```
    pub fn max_pages(mut self, pages: usize) -> Self {
        self.left = Some(pages);
        self
    }

    /// Requests the next page while you work on the current one.
    ///
    /// The request starts when a page is returned, and makes progress whenever the stream is polled.
    ///
    /// ```
    /// # #[cfg(feature = "identity")]
    /// # fn example(client: &ory_sdk::Client) {
    /// let pages = client.admin_list_identities().by_page().prefetch();
    /// # }
    /// ```
    pub fn prefetch(mut self) -> Self {
        self.prefetch = true;
        self
    }

    /// Reads each page of a counted list once more after the page that follows it, and returns the rows that moved into
    /// it.
    ///
    /// Then a row is missed only if more rows than a page holds are deleted between three requests. This doubles the
    /// requests on counted lists. It changes nothing on lists with page tokens, which miss no rows.
    ///
    /// ```
    /// # #[cfg(feature = "identity")]
    /// # fn example(client: &ory_sdk::Client, id: uuid::Uuid) {
    /// let pages = client.admin_list_identity_sessions().id(id).by_page().overlap();
    /// # }
    /// ```
    pub fn overlap(mut self) -> Self {
        self.walk.overlap();
        self
    }

    /// Starts where another walk through the same list stopped.
    ///
    /// Rows at the border may come twice if rows were inserted in between.
    ///
    /// ```
    /// # #[cfg(feature = "identity")]
    /// # fn example(client: &ory_sdk::Client, kept: &str) -> ory_sdk::Result<()> {
    /// let cursor: ory_sdk::lists::Cursor = kept.parse()?;
    /// let pages = client.admin_list_identities().page_size(100).by_page().resume(&cursor)?;
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    ///
    /// A cursor of another operation, path, filter or page size, and an invalid argument of the builder.
    pub fn resume(mut self, cursor: &Cursor) -> Result<Self, Error> {
        if let Some(error) = self.refused.take() {
            return Err(error);
        }
        if let Some(source) = &self.source
            && let Some(why) = cursor.refuse(&source.mark)
        {
            let id = source.draft.operation.id;
            return Err(Error::argument(id, InvalidArgument::new(format!("{id}: {why}"))));
        }
        if !self.walk.resume(cursor.step.clone()) {
            let id = self.operation();
            return Err(Error::argument(id, InvalidArgument::new(format!("{id}: {NOT_OURS} for this list"))));
        }
        self.at = Some(cursor.clone());
        Ok(self)
    }

    /// Where another walk must start to return the rows that this one has not returned yet. `None` if there are none.
    ///
    /// ```
    /// # #[cfg(feature = "identity")]
    /// # fn example(client: &ory_sdk::Client) {
    /// let pages = client.admin_list_identities().by_page();
    /// assert_eq!(pages.cursor().unwrap().operation(), "adminListIdentities");
    /// # }
    /// ```
    pub fn cursor(&self) -> Option<Cursor> {
        self.at.clone()
    }

    /// Returns the next page, or `None` at the end. It is safe to drop the future before it is ready.
    ///
    /// # Errors
    ///
    /// The errors of the operation's `send`, and [`ErrorKind::Pages`](crate::ErrorKind::Pages) if the pages never end. A page
    /// may take several requests, since some servers return empty pages in the middle of a list. All of them have the time
    /// limit of one call.
    pub async fn next(&mut self) -> Option<Result<Page<T>, Error>> {
        poll_fn(|context| self.poll_page(context)).await
    }

    pub(super) fn poll_page(&mut self, context: &mut Context<'_>) -> Poll<Option<Result<Page<T>, Error>>> {
        if self.is_over || self.left == Some(0) {
            return Poll::Ready(None);
        }
        let result = match self.ahead.take() {
            Some(result) => Some(result),
            None => ready!(self.poll_fetch(context)),
        };
        match &result {
            Some(Ok(page)) => {
                self.at = page.next_cursor().cloned();
                self.left = self.left.map(|left| left - 1);
                self.poll_ahead(context);
            }
            Some(Err(_)) | None => {
                self.is_over = true;
                self.flight = None;
            }
        }
        if result.is_none() {
            self.at = None;
        }
        Poll::Ready(result)
    }

    /// Advances the request for the page after the one that was returned.
    pub(super) fn poll_ahead(&mut self, context: &mut Context<'_>) {
        let is_wanted = self.prefetch && self.ahead.is_none() && self.left != Some(0) && !self.is_over;
        if is_wanted && let Poll::Ready(Some(result)) = self.poll_fetch(context) {
            self.ahead = Some(result);
        }
    }

    /// Fetches until there is a page with new rows.
    fn poll_fetch(&mut self, context: &mut Context<'_>) -> Poll<Option<Result<Page<T>, Error>>> {
        if let Some(error) = self.refused.take() {
            return Poll::Ready(Some(Err(error)));
        }
        loop {
            let Some(flight) = self.flight.as_mut() else {
                let since = *self.since.get_or_insert_with(Instant::now);
                match self.start(since.elapsed()) {
                    Some(flight) => self.flight = Some(flight),
                    None => return Poll::Ready(None),
                }
                continue;
            };
            let result = ready!(Pin::new(flight).poll(context));
            self.flight = None;
            let page = match result.and_then(|response| self.page(response)) {
                Ok(page) if page.is_empty() && page.unreadable().is_empty() => continue,
                Ok(page) => Ok(page),
                Err(error) => Err(self.placed(error)),
            };
            self.since = None;
            return Poll::Ready(Some(page));
        }
    }

    /// The request for the walk's next step. However many requests a page takes, their time is that of one call.
    fn start(&self, spent: Duration) -> Option<Sending<Vec<T>>> {
        let source = self.source.as_ref()?;
        let step = self.walk.step()?;
        let mut draft = source.draft.clone();
        let limit = draft.timeout.unwrap_or(source.client.transport.timeout);
        draft.timeout = Some(limit.saturating_sub(spent));
        for (key, value) in self.walk.pairs(step) {
            draft.pair(&key, &value);
        }
        Some(Sending::new(source.client.clone(), Ok(draft), source.decode, name_only))
    }

    /// The new rows of a response.
    fn page(&mut self, mut response: Response<Vec<T>>) -> Result<Page<T>, Error> {
        let Some(source) = self.source.as_ref() else { return Ok(Page::default()) };
        let links = Links::of(response.headers(), response.raw_body());
        let total = total(response.headers());
        let mut unreadable = response.take_unreadable();
        let mut items = response.into_body();
        // A row that cannot be read counts too, or the page would look like a short one, which is the last.
        let keys = items.iter().map(source.row_key).chain(unreadable.iter().map(raw_key)).collect();
        let new = self.walk.take(PageFacts { keys, links: &links, total });
        let mut new = new.map_err(|why| Error::pages(source.draft.operation.id, why))?;
        new.keep_new(&mut items);
        new.keep_new(&mut unreadable);
        Ok(Page::new(items, unreadable, total, self.walk_cursor()))
    }

    /// The error with the places in the list from which another walk may resume.
    fn placed(&self, error: Error) -> Error {
        let links = Links::of(error.headers(), error.body());
        let behind = self.walk.behind(&links).and_then(|step| self.cursor_at(step));
        let behind = behind.filter(|_| error.kind() == ErrorKind::Decode);
        error.resuming_at(self.walk_cursor()).resuming_behind_at(behind)
    }

    fn walk_cursor(&self) -> Option<Cursor> {
        self.cursor_at(self.walk.resumes_at()?.clone())
    }

    fn cursor_at(&self, step: Step) -> Option<Cursor> {
        Some(Cursor { list: self.source.as_ref()?.mark.clone(), step })
    }

    /// Ory's name of the operation.
    pub(super) fn operation(&self) -> &'static str {
        self.source.as_ref().map_or("", |source| source.draft.operation.id)
    }

    #[cfg(test)]
    pub(super) fn remembers(&self) -> usize {
        self.walk.remembers()
    }
}

/// The number of rows in the list, if the server says.
fn total(headers: &HeaderMap) -> Option<u64> {
    text(headers, "x-total-count").and_then(|value| value.trim().parse().ok())
}

/// What identifies a row that cannot be read.
fn raw_key(row: &UnreadableRow) -> String {
    String::from_utf8_lossy(row.raw()).into_owned()
}

/// No field is pinned.
impl<T> Unpin for Pages<T> {}

impl<T: Send + 'static> Stream for Pages<T> {
    type Item = Result<Page<T>, Error>;

    fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        self.poll_page(context)
    }
}

impl<T> fmt::Debug for Pages<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let operation = self.source.as_ref().map(|source| source.draft.operation.id);
        f.debug_struct("Pages").field("operation", &operation).field("is_over", &self.is_over).finish_non_exhaustive()
    }
}

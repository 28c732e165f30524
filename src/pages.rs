//! Walks through lists, by page.
//!
//! What is asked, and how the dialect of a server is told from its answers, stands in `walk.rs`; here it is sent.

use std::fmt;
use std::future::{Future, poll_fn};
use std::ops::Deref;
use std::pin::Pin;
use std::task::{Context, Poll, ready};

use futures_core::Stream;
use serde::Serialize;

use crate::answer::{Answer, Trouble};
use crate::argument::InvalidArgument;
use crate::call::Draft;
use crate::client::Client;
use crate::cursor::{Cursor, ListMark, print};
use crate::error::Error;
use crate::items::Items;
use crate::link::Links;
use crate::operation::Operation;
use crate::response::Response;
use crate::sending::Sending;
use crate::walk::{Asked, Parameters, Shown, Step, Walk};

type Decode<T> = fn(&Answer) -> Result<Vec<T>, Trouble>;

/// A list, page by page: a [`Stream`], with a [`next`](Pages::next) of its own.
///
/// ```no_run
/// # #[cfg(feature = "identity")]
/// # async fn example(client: &ory_sdk::Client) -> Result<(), ory_sdk::Error> {
/// let mut pages = client.admin_list_identities().page_size(100).by_page();
/// while let Some(page) = pages.next().await {
///     for identity in page?.iter() {
///         println!("{}", identity.id);
///     }
/// }
/// # Ok(())
/// # }
/// ```
///
/// Every row comes once and none is left out, whichever server answers; nobody has to know its version. A page is
/// asked for when it is wanted. A `next()` that is dropped half way loses nothing: the next one goes on with the
/// same request. No page is empty, and at most two are in memory (one, without [`prefetch`](Pages::prefetch)).
/// The filters of the builder go with each request.
///
/// It ends when there is no more, or with the first error, once what came before was delivered;
/// [`Error::cursor`] and [`Pages::cursor`] then tell where to resume.
///
/// # How the server's way is told
///
/// The servers' own links lose rows in some versions, so they are followed only where they are right. The first
/// answer shows which way it is:
///
/// | links of the first answer | server | what is done |
/// | --- | --- | --- |
/// | page tokens | identities from Kratos 1.1, courier messages, Hydra from 25.4 | the `next` link's token is followed |
/// | page numbers | session lists, identities to Kratos 1.0, schemas, the layout of 2021 | pages are counted; whether page 1 is the first or the second is told by comparing its rows with the first ones |
/// | tokens that hide an offset | Hydra 2.0 to 2.3 | offsets are counted; for consent sessions, whose links look back from the first page, until the total is reached |
/// | none | projects, members, API keys | the list came whole |
///
/// That takes at most one request more than there are pages.
///
/// # While rows come and go
///
/// Page tokens name a row, so rows that are there all the time are never missed. Numbers and offsets count rows:
/// if rows before the position vanish between two pages, those after it slide back, and as many survivors are
/// skipped. No client can know, since such answers look like any other. What helps is [`overlap`](Pages::overlap).
/// Rows that are inserted shift others onto the next page; these are told apart by id and come once. No server
/// can be asked for another order; Kratos lists identities by id, so new ones appear anywhere.
///
/// Hydra 2.0 to 2.3 leaves consent sessions that have expired out of their page, so such pages are short, and passed
/// over where they are empty. Impossible there: if the 1,000 newest (without a page size: 250) have all expired, the
/// list looks empty.
pub struct Pages<T> {
    source: Option<Source<T>>,
    /// What kept the request from being built.
    refused: Option<Error>,
    walk: Walk,
    /// The request under way.
    flight: Option<Sending<Vec<T>>>,
    /// The page that was fetched ahead.
    ahead: Option<Result<Page<T>, Error>>,
    prefetch: bool,
    left: Option<usize>,
    at: Option<Cursor>,
    is_over: bool,
}

/// Who is asked, and how.
struct Source<T> {
    client: Client,
    /// Without the paging pairs.
    draft: Draft,
    decode: Decode<T>,
    key: fn(&T) -> String,
    mark: ListMark,
}

/// A page of a list: its rows, which it derefs to.
///
/// ```
/// # fn example(page: ory_sdk::Page<String>) {
/// println!("{} rows of {:?}", page.len(), page.total());
/// let rows: Vec<String> = page.into_items();
/// # }
/// ```
#[derive(Clone)]
pub struct Page<T> {
    items: Vec<T>,
    total: Option<u64>,
    next: Option<Cursor>,
}

impl<T> Page<T> {
    /// The rows alone.
    pub fn into_items(self) -> Vec<T> {
        self.items
    }

    /// How many rows the list has, if the server says. Hydra to 2.3 does not count filters in.
    pub fn total(&self) -> Option<u64> {
        self.total
    }

    /// Where the next page starts; `None` on the last page.
    pub fn next_cursor(&self) -> Option<&Cursor> {
        self.next.as_ref()
    }
}

impl<T> Deref for Page<T> {
    type Target = [T];

    fn deref(&self) -> &[T] {
        &self.items
    }
}

impl<T> fmt::Debug for Page<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Page").field("items", &self.items.len()).field("total", &self.total).finish_non_exhaustive()
    }
}

/// What tells a row from others: its id, or all of it where it has none.
pub(crate) fn key<I: Serialize, R: Serialize>(id: &I, row: &R) -> String {
    let text = serde_json::to_string(id).unwrap_or_default();
    if matches!(text.as_str(), "" | "null" | "\"\"") { serde_json::to_string(row).unwrap_or_default() } else { text }
}

impl<T: Send + 'static> Pages<T> {
    pub(crate) fn new(built: Result<(Client, Draft), Error>, decode: Decode<T>, key: fn(&T) -> String) -> Self {
        let (source, refused, walk) = match built {
            Ok((client, mut draft)) => {
                let parameters = parameters(&draft.operation);
                let asked = Asked(draft.take_pairs(parameters.keys()));
                let mark = ListMark {
                    operation: draft.operation.id.to_owned(),
                    size: asked.size(),
                    print: print(&draft.place()),
                };
                let walk = Walk::new(parameters, asked);
                (Some(Source { client, draft, decode, key, mark }), None, walk)
            }
            Err(error) => (None, Some(error), Walk::new(Parameters::default(), Asked::default())),
        };
        let mut this = Self {
            source,
            refused,
            walk,
            flight: None,
            ahead: None,
            prefetch: false,
            left: None,
            at: None,
            is_over: false,
        };
        this.at = this.walk_cursor();
        this
    }

    /// Ends after so many pages; [`Pages::cursor`] tells where to go on.
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

    /// Asks for the next page while the caller is busy with the one it got.
    ///
    /// The request starts when a page is given out, and goes on whenever the stream is polled.
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

    /// Reads each page of a counted list once more after the one that follows it, and gives what slid into it.
    ///
    /// So nothing is missed unless more rows than a page holds vanish between three requests. It doubles the
    /// requests on such lists and changes nothing on lists with page tokens, which need no help.
    ///
    /// ```
    /// # #[cfg(feature = "identity")]
    /// # fn example(client: &ory_sdk::Client) {
    /// let pages = client.admin_list_identity_sessions().id("an-id").by_page().overlap();
    /// # }
    /// ```
    pub fn overlap(mut self) -> Self {
        self.walk.overlap();
        self
    }

    /// Starts where another walk through the same list stopped.
    ///
    /// Rows on the border may come twice if some were inserted meanwhile.
    ///
    /// ```
    /// # #[cfg(feature = "identity")]
    /// # fn example(client: &ory_sdk::Client, kept: &str) -> Result<(), Box<dyn std::error::Error>> {
    /// let cursor: ory_sdk::Cursor = kept.parse()?;
    /// let pages = client.admin_list_identities().page_size(100).by_page().resume(&cursor)?;
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    ///
    /// A cursor of another operation, path, filter or page size, and whatever is wrong with the builder.
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
        self.walk.resume(cursor.step.clone());
        self.at = Some(cursor.clone());
        Ok(self)
    }

    /// Where another walk would have to start to give what this one has not given yet; `None` if that is nothing.
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

    /// The rows one by one.
    ///
    /// ```
    /// # #[cfg(feature = "identity")]
    /// # fn example(client: &ory_sdk::Client) {
    /// let items = client.admin_list_identities().by_page().prefetch().into_items();
    /// # }
    /// ```
    pub fn into_items(self) -> Items<T> {
        Items::new(self)
    }

    /// The next page; `None` at the end. It may be dropped before it is ready.
    ///
    /// # Errors
    ///
    /// As the operation's `send`, and a server whose pages lead nowhere ([`crate::ErrorKind::Pages`]).
    pub async fn next(&mut self) -> Option<Result<Page<T>, Error>> {
        poll_fn(|context| self.poll_page(context)).await
    }

    pub(crate) fn poll_page(&mut self, context: &mut Context<'_>) -> Poll<Option<Result<Page<T>, Error>>> {
        if self.is_over || self.left == Some(0) {
            return Poll::Ready(None);
        }
        let result = match self.ahead.take() {
            Some(result) => Some(result),
            None => ready!(self.poll_fetch(context)),
        };
        match &result {
            Some(Ok(page)) => {
                self.at = page.next.clone();
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

    /// Drives the request for the page after the one that was given out.
    pub(crate) fn poll_ahead(&mut self, context: &mut Context<'_>) {
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
                match self.start() {
                    Some(flight) => self.flight = Some(flight),
                    None => return Poll::Ready(None),
                }
                continue;
            };
            let result = ready!(Pin::new(flight).poll(context));
            self.flight = None;
            match result.and_then(|response| self.page(response)) {
                Ok(page) if page.items.is_empty() => {}
                Ok(page) => return Poll::Ready(Some(Ok(page))),
                Err(error) => return Poll::Ready(Some(Err(error.resuming_at(self.walk_cursor())))),
            }
        }
    }

    /// The request for the walk's next step.
    fn start(&self) -> Option<Sending<Vec<T>>> {
        let source = self.source.as_ref()?;
        let step = self.walk.step()?;
        let mut draft = source.draft.clone();
        for (key, value) in self.walk.pairs(step) {
            draft.pair(&key, &value);
        }
        Some(Sending::new(Ok((source.client.clone(), draft)), source.decode))
    }

    /// What is new in an answer.
    fn page(&mut self, response: Response<Vec<T>>) -> Result<Page<T>, Error> {
        let Some(source) = self.source.as_ref() else { return Ok(Page { items: Vec::new(), total: None, next: None }) };
        let links = Links::of(response.headers(), response.raw_body());
        let total = response.headers().get("x-total-count").and_then(|value| value.to_str().ok()?.trim().parse().ok());
        let mut items = response.into_body();
        let keys = items.iter().map(source.key).collect();
        let fresh = self.walk.take(Shown { keys, links: &links, total });
        let fresh = fresh.map_err(|why| Error::pages(source.draft.operation.id, why))?;
        let mut fresh = fresh.into_iter();
        items.retain(|_| fresh.next().unwrap_or(true));
        Ok(Page { items, total, next: self.walk_cursor() })
    }

    fn walk_cursor(&self) -> Option<Cursor> {
        let step: &Step = self.walk.resumes_at()?;
        Some(Cursor { list: self.source.as_ref()?.mark.clone(), step: step.clone() })
    }
}

/// What the operation table says of a list's paging parameters.
fn parameters(operation: &Operation) -> Parameters {
    let find = |wire: &str| operation.arguments.iter().find(|argument| argument.wire == wire);
    let most = find("page_size").or_else(|| find("per_page")).and_then(|argument| argument.maximum);
    let has_pages = ["page", "page_size", "page_token"].into_iter().any(|name| find(name).is_some());
    Parameters {
        offset: !has_pages && find("limit").is_some() && find("offset").is_some(),
        page: find("page").is_some(),
        per_page: find("per_page").is_some(),
        page_size: find("page_size").is_some(),
        most: most.and_then(|most| u64::try_from(most).ok()),
    }
}

/// Nothing in it is pinned in place.
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

#[cfg(test)]
#[cfg(feature = "identity")]
#[allow(dead_code, unreachable_pub)]
#[path = "../tests/it/server.rs"]
mod server;

#[cfg(test)]
#[cfg(feature = "identity")]
mod tests {
    use std::sync::atomic::{AtomicUsize, Ordering};

    use super::server::{Answer as Sent, Server};
    use super::*;

    /// Rows that are in memory now, and the most that ever were.
    static LIVE: AtomicUsize = AtomicUsize::new(0);
    static PEAK: AtomicUsize = AtomicUsize::new(0);

    struct Row(u64);

    impl<'de> serde::Deserialize<'de> for Row {
        fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
            let row = u64::deserialize(deserializer)?;
            PEAK.fetch_max(LIVE.fetch_add(1, Ordering::SeqCst) + 1, Ordering::SeqCst);
            Ok(Self(row))
        }
    }

    impl Drop for Row {
        fn drop(&mut self) {
            LIVE.fetch_sub(1, Ordering::SeqCst);
        }
    }

    /// The most rows in memory, and the most keys and tokens that the walk remembered.
    async fn walk(count: u64, numbered: bool, prefetch: bool) -> (usize, usize) {
        let server = Server::start(move |request| {
            let query = request.target.split_once('?').map_or("", |(_, query)| query);
            let find = |key: &str| {
                let mut pairs = url::form_urlencoded::parse(query.as_bytes());
                pairs.find(|(name, _)| name == key).and_then(|(_, value)| value.strip_prefix('p')?.parse::<u64>().ok())
            };
            let page = if numbered {
                let page = url::form_urlencoded::parse(query.as_bytes()).find(|(name, _)| name == "page");
                page.and_then(|(_, value)| value.parse().ok()).unwrap_or(0)
            } else {
                find("page_token").unwrap_or(0)
            };
            let rows: Vec<u64> = (page * 250..((page + 1) * 250).min(count)).collect();
            let mut answer = Sent::json(200, &serde_json::json!(rows));
            let next = page + 1;
            if numbered {
                answer.headers.push(("X-Total-Count".to_owned(), count.to_string()));
                answer.headers.push(("Link".to_owned(), format!("</x?page={next}>; rel=\"next\"")));
            } else if next * 250 < count {
                answer.headers.push(("Link".to_owned(), format!("</x?page_token=p{next}>; rel=\"next\"")));
            }
            answer
        })
        .await;
        let client = Client::builder().kratos_admin_url(server.url()).build().unwrap();
        let operation = &crate::generated::table::ADMIN_LIST_IDENTITIES;
        let draft = Draft::new(operation, crate::call::CallOptions::default());
        PEAK.store(0, Ordering::SeqCst);
        let pages = Pages::new(Ok((client, draft)), crate::answer::list::<Vec<Row>>, |row: &Row| row.0.to_string());
        let mut items = if prefetch { pages.prefetch() } else { pages }.into_items();
        let (mut expected, mut remembered) = (0, 0);
        while let Some(row) = items.next().await {
            assert_eq!(row.unwrap().0, expected);
            expected += 1;
            remembered = remembered.max(items.pages().walk.remembers());
        }
        assert_eq!(expected, count);
        (PEAK.load(Ordering::SeqCst), remembered)
    }

    /// What a walk holds does not grow with the list: rows are counted as they are made and dropped.
    #[tokio::test]
    async fn at_most_two_pages_are_in_memory() {
        for (numbered, prefetch) in [(false, false), (false, true), (true, false), (true, true)] {
            let (small, _) = walk(1_000, numbered, prefetch).await;
            let (large, remembered) = walk(100_000, numbered, prefetch).await;
            let at = format!("numbered {numbered}, prefetch {prefetch}");
            assert!(large as f64 <= small as f64 * 1.1, "{at}: {large} rows, {small} in the small list");
            assert!(large <= if prefetch { 500 } else { 250 }, "{at}: {large} rows");
            // The keys of one page, and a number for each token: 400 pages.
            assert!(remembered <= 250 + 400, "{at}: {remembered}");
        }
    }
}

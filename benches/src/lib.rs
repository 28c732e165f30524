//! Measures the same calls by three clients against one server.

pub mod by_hand;
pub mod case;
pub mod data;
pub mod official;
pub mod ours;
pub mod server;

use std::future::Future;

/// A client to measure. Every call checks its result, so that no client wins by doing nothing.
pub trait Contender: Clone + Sized + 'static {
    /// Its name in tables.
    const NAME: &'static str;

    /// Creates a client for a server at this URL, as a service would.
    fn new(base: &str) -> Self;

    /// Gets the session of a token.
    fn whoami(&self, token: &str) -> impl Future<Output = ()>;

    /// Like `whoami`, but with a token that the server refuses. The error must be a value.
    fn refused(&self, token: &str) -> impl Future<Output = ()>;

    /// Gets one page of identities.
    fn page(&self, size: usize) -> impl Future<Output = ()>;

    /// Decodes a page of identities from a response body. Returns their number, or why decoding failed.
    fn identities(body: &[u8]) -> Result<usize, String>;

    /// Decodes a login flow from a response body. Returns the number of nodes, or why decoding failed.
    fn login_flow(body: &[u8]) -> Result<usize, String>;

    /// Gets all identities, page by page, and returns their number.
    fn walk(&self, size: usize) -> impl Future<Output = usize>;
}

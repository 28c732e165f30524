//! What is measured: the same calls by three clients against one server.

pub mod by_hand;
pub mod case;
pub mod data;
pub mod official;
pub mod ours;
pub mod server;

use std::future::Future;

/// A client that is measured. Every call checks what it got, so that none can win by doing nothing.
pub trait Contender: Clone + Sized + 'static {
    /// Its name in tables.
    const NAME: &'static str;

    /// A client as a service would make it, for a server at this URL.
    fn new(base: &str) -> Self;

    /// Whose session a token is.
    fn whoami(&self, token: &str) -> impl Future<Output = ()>;

    /// The same with a token that the server refuses: the error as a value.
    fn refused(&self, token: &str) -> impl Future<Output = ()>;

    /// One page of identities.
    fn page(&self, size: usize) -> impl Future<Output = ()>;

    /// A login flow, from the bytes of its answer; the number of nodes, or why it cannot be decoded.
    fn login_flow(body: &[u8]) -> Result<usize, String>;

    /// All identities, page by page; how many there are.
    fn walk(&self, size: usize) -> impl Future<Output = usize>;
}

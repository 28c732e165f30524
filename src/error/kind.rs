//! The kinds of failure.

/// What kind of failure an [`Error`](crate::Error) is.
///
/// ```
/// use ory_sdk::ErrorKind;
///
/// # fn example(error: ory_sdk::Error) {
/// match error.kind() {
///     ErrorKind::Argument | ErrorKind::Configuration => println!("nothing was sent: {error}"),
///     ErrorKind::Transport => println!("no complete response arrived: {error}"),
///     _ => println!("the server responded: {error}"),
/// }
/// # }
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum ErrorKind {
    /// An argument is missing or was refused. Nothing was sent.
    Argument,
    /// The client lacks a setting, such as an endpoint, or a credential that its token provider did not return, or the
    /// call is not awaited in a tokio runtime with timers and I/O. Nothing was sent.
    Configuration,
    /// No complete response arrived.
    Transport,
    /// The server responded with an error.
    Api,
    /// The server responded with a redirect where none was expected.
    Redirect,
    /// The response is a success whose body cannot be decoded. Status, headers and body are kept.
    Decode,
    /// The response is larger than the client accepts.
    TooLarge,
    /// The pages of a list never end: the server keeps returning the same one.
    Pages,
}

//! What depends on where the program runs: on an operating system, or as WebAssembly in a browser. Both modules have the
//! same names, and the browser's also has its longest timer. The other difference, how requests are sent, is in `transport`.

#[cfg(target_family = "wasm")]
mod browser;
#[cfg(not(target_family = "wasm"))]
mod native;
#[cfg(not(target_family = "wasm"))]
mod runtime;
#[cfg(feature = "jwt")]
mod single_flight;
#[cfg(any(feature = "sessions", feature = "jwt"))]
mod span;
#[cfg(target_family = "wasm")]
pub(crate) use browser::{BoxFuture, Instant, is_connect, sleep, timeout};
#[cfg(not(target_family = "wasm"))]
pub(crate) use runtime::with_runtime;

#[cfg(feature = "jwt")]
pub(crate) use single_flight::SingleFlight;
#[cfg(any(feature = "sessions", feature = "jwt"))]
pub(crate) use span::in_span;

#[cfg(not(target_family = "wasm"))]
pub(crate) use native::{BoxFuture, Instant, is_connect, sleep, timeout};

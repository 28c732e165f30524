//! What depends on where the program runs: on an operating system, or as WebAssembly in a browser. Both modules have the
//! same names, and the browser's also has its longest timer. The other difference, how requests are sent, is in `transport`.

#[cfg(target_family = "wasm")]
mod browser;
#[cfg(not(target_family = "wasm"))]
mod native;
#[cfg(not(target_family = "wasm"))]
mod runtime;

#[cfg(target_family = "wasm")]
pub(crate) use browser::{BoxFuture, Instant, LONGEST, is_connect, sleep, timeout};
#[cfg(not(target_family = "wasm"))]
pub(crate) use runtime::with_runtime;

#[cfg(not(target_family = "wasm"))]
pub(crate) use native::{BoxFuture, Instant, is_connect, sleep, timeout};

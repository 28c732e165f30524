//! Android: rustls leaves the check of certificates to the Java VM, and its verifier panics at the first handshake if the
//! program did not give it one. There is no way to ask beforehand, so the panic is caught and becomes an error.

use std::any::Any;
use std::future::poll_fn;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::pin::pin;
use std::task::Poll;

use crate::error::Error;

/// Runs a call of the HTTP client. A panic in it becomes an error.
pub(super) async fn without_panic<T>(
    operation: &'static str,
    call: impl Future<Output = Result<T, Error>>,
) -> Result<T, Error> {
    let mut call = pin!(call);
    poll_fn(|context| {
        // A call that panicked is not polled again, so nobody sees it half done.
        match catch_unwind(AssertUnwindSafe(|| call.as_mut().poll(context))) {
            Ok(poll) => poll,
            Err(panic) => Poll::Ready(Err(Error::configuration(operation, explain(&*panic)))),
        }
    })
    .await
}

fn explain(panic: &(dyn Any + Send)) -> String {
    let said = panic.downcast_ref::<&str>().copied().or(panic.downcast_ref::<String>().map(String::as_str));
    format!(
        "TLS panicked ({}): on Android, call `rustls_platform_verifier::android::init_with_env` before the first call",
        said.unwrap_or("without a message")
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::error::ErrorKind;

    #[tokio::test]
    async fn a_panic_becomes_an_error_of_the_configuration() {
        fn verify() -> Result<(), Error> {
            panic!("Expect rustls-platform-verifier to be initialized")
        }
        let panicking = async {
            tokio::task::yield_now().await;
            verify()
        };
        let error = without_panic("toSession", panicking).await.unwrap_err();
        assert_eq!((error.kind(), error.operation()), (ErrorKind::Configuration, Some("toSession")));
        let text = error.to_string();
        assert!(text.contains("Expect rustls-platform-verifier to be initialized"), "{text}");
        assert!(text.contains("android::init_with_env"), "{text}");
    }

    #[tokio::test]
    async fn results_stay_as_they_are() {
        assert_eq!(without_panic("toSession", async { Ok(7) }).await.unwrap(), 7);
        let refused = async { Err::<(), _>(Error::configuration("toSession", "no URL")) };
        assert_eq!(without_panic("toSession", refused).await.unwrap_err().to_string(), "toSession: no URL");
    }
}

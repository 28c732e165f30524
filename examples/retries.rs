//! Limits and retries: one client that fails fast, for checks inside requests, and one that is patient, for batches.
//!
//! ```text
//! cargo run --example retries
//! ```

use std::error::Error;
use std::time::{Duration, Instant};

use ory_sdk::ErrorKind;
use ory_sdk::http::StatusCode;
use ory_sdk::retry::Retry;
use ory_sdk::testing::{Fault, StandIn};

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let stand_in = StandIn::start().await?;
    let ada = stand_in.sign_in("ada@example.org");
    let outage = || Fault::status(StatusCode::SERVICE_UNAVAILABLE);

    // Somebody waits for the response that needs this check, so a late result is useless.
    let quick = stand_in
        .client_builder()
        .connect_timeout(Duration::from_millis(500))
        .timeout(Duration::from_millis(700))
        .retry(Retry::new().tries(2).first_wait(Duration::from_millis(50)))
        .build()?;
    // Nobody waits for a batch, and it should survive a restart of the server.
    let patient = stand_in
        .client_builder()
        .timeout(Duration::from_secs(300))
        .retry(
            Retry::new()
                .tries(8)
                .first_wait(Duration::from_millis(20))
                .longest_sum(Duration::from_secs(180))
                .budget(200),
        )
        .build()?;

    stand_in.fail("to_session", outage().times(1))?;
    quick.with_session_token(ada.token()).to_session().await?;
    println!("a short outage:   {} tries, and the caller sees none of it", stand_in.calls_of("to_session")?.len());

    stand_in.fail("to_session", Fault::slow(Duration::from_secs(5)).always())?;
    let start = Instant::now();
    let error = quick.to_session().await.err().ok_or("it was not slow")?;
    println!("a slow server:    {error}, after {} ms", start.elapsed().as_millis());
    assert!(error.is_timeout());
    // One call may have other limits than its client. A handle has those of its client.
    let error = patient.to_session().timeout(Duration::from_millis(300)).await.err().ok_or("it was not slow")?;
    assert!(error.is_timeout());
    stand_in.clear_faults();

    stand_in.fail("admin_list_identities", outage().times(5))?;
    let rows = patient.admin_list_identities().await?.len();
    let tries = stand_in.calls_of("admin_list_identities")?.len();
    println!("a restart:        {tries} tries, then {rows} identity");
    assert_eq!(tries, 6);

    // What may do harm when sent twice is not repeated if the first try may have worked: a second identity, for example.
    stand_in.fail("admin_create_identity", outage().always())?;
    let body = serde_json::json!({"schema_id": "default", "traits": {"email": "bob@example.org"}});
    let error = patient.admin_create_identity().json_body(body).await.err().ok_or("there was no outage")?;
    println!("a change:         {error}, {} try", error.tries());
    assert_eq!((error.kind(), error.tries()), (ErrorKind::Api, 1));

    // A server that is down for good gets no storm of requests: a client has a budget of retries, which a success refills.
    let modest =
        stand_in.client_builder().retry(Retry::new().first_wait(Duration::from_millis(1)).budget(3)).build()?;
    let before = stand_in.calls().len();
    stand_in.fail_all(outage().always());
    for _ in 0..10 {
        assert!(modest.admin_list_identities().await.is_err());
    }
    println!("down for good:    10 calls were {} requests", stand_in.calls().len() - before);
    assert_eq!(stand_in.calls().len() - before, 13);
    Ok(())
}

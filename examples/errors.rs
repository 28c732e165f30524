//! What failed, and what to do next: refusals, gateways, limits, and changes of which nobody knows whether they were made.
//!
//! ```text
//! cargo run --example errors
//! ```

use std::error::Error;

use ory_sdk::error::{FlowStep, NextStep};
use ory_sdk::flow::FlowKind;
use ory_sdk::http::StatusCode;
use ory_sdk::retry::Retry;
use ory_sdk::testing::{Fault, StandIn};
use ory_sdk::{Client, uuid::Uuid};

/// What a service says to the person whose session it checked.
async fn greeting(person: &Client) -> String {
    let error = match person.to_session().await {
        Ok(session) => return format!("you are signed in until {:?}", session.expires_at),
        Err(error) => error,
    };
    match error.next_step() {
        Some(NextStep::SignIn) => "sign in first".to_owned(),
        Some(NextStep::StepUp { .. }) => "enter the code of your authenticator".to_owned(),
        Some(NextStep::Wait(time)) => format!("come back in {} seconds", time.as_secs()),
        // Not the person's fault. The line is for the log; it holds no credential.
        _ => format!("we have a problem ({error})"),
    }
}

/// Deletes an identity. If nobody knows whether an earlier try did it, it looks.
async fn delete(ory: &Client, id: Uuid) -> ory_sdk::Result<&'static str> {
    match ory.admin_delete_identity().id(id).await {
        Ok(_) => Ok("deleted"),
        Err(error) if error.is_not_found() => Ok("it was gone"),
        Err(error) if error.outcome_unknown() => match ory.admin_get_identity().id(id).await {
            Err(gone) if gone.is_not_found() => Ok("deleted, though the response was lost"),
            _ => Err(error),
        },
        Err(error) => Err(error),
    }
}

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let stand_in = StandIn::start().await?;
    let ory = stand_in.client_builder().retry(Retry::off()).build()?;
    let ada = stand_in.sign_in("ada@example.org");
    let person = ory.with_session_token(ada.token());

    println!("signed in:          {}", greeting(&person).await);
    println!("nobody:             {}", greeting(&ory).await);
    for (what, fault, expected) in [
        (
            "a limit",
            Fault::status(StatusCode::TOO_MANY_REQUESTS).header("retry-after", "20"),
            "come back in 20 seconds",
        ),
        (
            "a broken gateway",
            Fault::status(StatusCode::BAD_GATEWAY).html(),
            "we have a problem (toSession: 502 Bad Gateway",
        ),
        ("a firewall", Fault::status(StatusCode::FORBIDDEN).html(), "we have a problem (toSession: 403 Forbidden"),
        ("no response", Fault::closed(), "we have a problem (toSession: "),
    ] {
        stand_in.fail("to_session", fault)?;
        let said = greeting(&person).await;
        println!("{:20}{said}", format!("{what}:"));
        assert!(said.starts_with(expected), "{said}");
    }

    // A page that shows a flow has three steps to know: show it, start again, go there.
    let flow = ory.create_flow(FlowKind::Login).native().await?;
    stand_in.advance(std::time::Duration::from_secs(7200));
    let error = ory.get_flow(FlowKind::Login, &flow.id).await.err().ok_or("the flow has no end")?;
    println!("an old flow:        {error}");
    assert!(matches!(error.flow_step(), Some(FlowStep::StartAgain { .. })));

    let bob = stand_in.person("bob@example.org").create().id();
    stand_in.fail("admin_delete_identity", Fault::lost())?;
    let outcome = delete(&ory, bob).await?;
    println!("a lost response:    {outcome}");
    assert_eq!((outcome, delete(&ory, bob).await?), ("deleted, though the response was lost", "it was gone"));
    Ok(())
}

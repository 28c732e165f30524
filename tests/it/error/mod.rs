//! Errors: what they report for each body and status, and what to do next.

mod after_success;
mod bodies;
mod flow_steps;
mod flows;
mod next_steps;

use ory_sdk::Error;
use ory_sdk::error::NextStep;

use crate::support::recording::{self, Recording};
use crate::support::stub::Stub;

pub fn recordings() -> Vec<(String, Recording)> {
    let server = |place: &str| place.rsplit('/').next().unwrap().split(".jsonl").next().unwrap().to_owned();
    recording::own().into_iter().map(|found| (server(&found.place), found.recording.unwrap())).collect()
}

/// The error that the client returns for a recorded response.
pub async fn replay(stub: &Stub, all: &[(String, Recording)], server: &str, operation: &str, case: &str) -> Error {
    let is = |(from, recording): &&(String, Recording)| {
        from == server && recording.operation == operation && recording.case == case
    };
    let (_, recording) = all.iter().find(is).unwrap_or_else(|| panic!("no recording {server} {operation} {case}"));
    stub.call(operation, recording.response.reply()).await.unwrap_err()
}

pub fn name(next: &NextStep) -> &'static str {
    match next {
        NextStep::SignIn => "SignIn",
        NextStep::AlreadySignedIn => "AlreadySignedIn",
        NextStep::StepUp { .. } => "StepUp",
        NextStep::Reauthenticate { .. } => "Reauthenticate",
        NextStep::GoTo(_) => "GoTo",
        NextStep::RestartFlow { .. } => "RestartFlow",
        NextStep::ShowFlow(_) => "ShowFlow",
        NextStep::VerifyAddress { .. } => "VerifyAddress",
        NextStep::AlreadyUsed { .. } => "AlreadyUsed",
        NextStep::Expired { .. } => "Expired",
        NextStep::Wait(_) => "Wait",
        NextStep::NotAllowed => "NotAllowed",
        NextStep::NotFound => "NotFound",
        other => panic!("a step without a name here: {other:?}"),
    }
}

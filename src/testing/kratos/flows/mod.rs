//! Self-service flows of browsers and of native apps.

pub(super) mod login;
pub(super) mod logout;
pub(super) mod recovery;
pub(super) mod registration;
pub(super) mod settings;
pub(super) mod verification;

mod codes;
mod expired;
mod fetch;
mod forms;
mod input;
mod json;
mod messages;
mod nodes;
mod passkeys;
mod qr;
mod reply;
mod second_factor;
mod sign_in;
mod start;
mod submission;
mod two_steps;

pub(super) use codes::link;
pub(super) use fetch::get;
pub(super) use json::flow as flow_json;
pub(super) use start::is_native;

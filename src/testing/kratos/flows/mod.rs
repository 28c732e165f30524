//! Self-service flows of native apps.

pub(super) mod login;
pub(super) mod registration;
pub(super) mod settings;

mod fetch;
mod json;
mod messages;
mod nodes;
mod reply;
mod start;
mod submission;

pub(super) use fetch::get;

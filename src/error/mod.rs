//! The one error of every operation.

mod accessors;
mod body;
mod codes;
mod construct;
mod decide;
mod details;
mod display;
mod failure;
mod flow_step;
mod gateway;
mod kind;
mod log_safe;
mod next_step;
mod unknown_route;
mod without_ui;

#[cfg(any(fuzzing, test))]
pub(crate) use body::ErrorBody;
pub use codes::{ErrorId, OAuth2ErrorCode};
pub(crate) use display::root_cause;
pub use failure::Error;
pub use flow_step::FlowStep;
pub use kind::ErrorKind;
pub use log_safe::LogSafe;
pub use next_step::NextStep;

pub use crate::input::{InvalidArgument, InvalidSetting};

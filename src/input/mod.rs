//! What a caller passes in, checked before anything is sent.

mod go_duration;
mod into_argument;
mod invalid_argument;
mod invalid_setting;
mod json_patch;
mod line;
mod path_segment;
mod rules;
mod slot;
mod subject;

pub use go_duration::GoDuration;
pub use into_argument::{ByOption, ByText, ByValue, IntoArgument, IntoArguments, IntoJsonArgument};
pub use invalid_argument::InvalidArgument;
pub use invalid_setting::InvalidSetting;
pub use json_patch::JsonPatch;
#[cfg(feature = "actions")]
pub(crate) use json_patch::is_escaped;
pub use path_segment::PathSegment;
pub(crate) use rules::{RULE, check_rules};
pub use slot::Slot;
pub use subject::Subject;

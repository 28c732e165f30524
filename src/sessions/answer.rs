//! What a call to Kratos tells everybody who waits for it.

use std::sync::Arc;

use super::entry::Entry;
use super::refusal::Refusal;
use crate::credentials::SetCookie;

/// A session that was just asked for, with the cookies that the response sets. They go to the browsers of those who wait,
/// and are never kept.
#[derive(Clone)]
pub(super) struct Fresh {
    pub(super) entry: Arc<Entry>,
    pub(super) cookies: Arc<[SetCookie]>,
}

pub(super) type Answer = Result<Fresh, Refusal>;

//! Errors that a browser is shown on a page of the application, which fetches them by their ids.

use std::collections::HashMap;

use serde_json::Value;
use uuid::Uuid;

use crate::testing::clock::{Clock, Time};
use crate::testing::random;

pub(crate) struct PageError {
    pub error: Value,
    pub created_at: Time,
}

/// All of them, by their ids.
pub(crate) struct PageErrors(HashMap<Uuid, PageError>);

impl PageErrors {
    pub(crate) fn new() -> Self {
        Self(HashMap::new())
    }

    /// Keeps an error, and returns its id.
    pub(crate) fn keep(&mut self, clock: &Clock, error: Value) -> Uuid {
        let id = random::uuid();
        self.0.insert(id, PageError { error, created_at: clock.now() });
        id
    }

    pub(crate) fn get(&self, id: Uuid) -> Option<&PageError> {
        self.0.get(&id)
    }
}

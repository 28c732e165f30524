//! Self-service flows: each has one form and a limited life.

use std::collections::HashMap;

use chrono::TimeDelta;
use uuid::Uuid;

use super::form::{Form, Message, Node};
use crate::testing::clock::{Clock, Time, after};
use crate::testing::random;

#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) enum FlowKind {
    Login,
    Registration,
    Settings,
}

impl FlowKind {
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Login => "login",
            Self::Registration => "registration",
            Self::Settings => "settings",
        }
    }

    fn lifespan(self) -> TimeDelta {
        match self {
            Self::Login | Self::Registration => TimeDelta::minutes(10),
            Self::Settings => TimeDelta::hours(1),
        }
    }
}

#[derive(Debug, Clone)]
pub(crate) struct Flow {
    pub id: Uuid,
    pub kind: FlowKind,
    /// The URL that started the flow.
    pub request_url: String,
    pub return_to: Option<String>,
    pub issued_at: Time,
    pub expires_at: Time,
    pub form: Form,
    /// Login: whether the caller has a session and confirms it.
    pub refresh: bool,
    /// Login: whether the flow wants a second factor.
    pub aal2: bool,
    /// Login: whether somebody logged in with this flow.
    pub passed: bool,
    /// Settings: who started the flow.
    pub identity: Option<Uuid>,
    /// Settings: whether something was saved.
    pub saved: bool,
}

impl Flow {
    pub(crate) fn new(
        clock: &Clock,
        kind: FlowKind,
        request_url: String,
        return_to: Option<String>,
        nodes: Vec<Node>,
    ) -> Self {
        let issued_at = clock.now();
        Self {
            id: random::uuid(),
            kind,
            request_url,
            return_to,
            issued_at,
            expires_at: after(issued_at, kind.lifespan()),
            form: Form::new(nodes),
            refresh: false,
            aal2: false,
            passed: false,
            identity: None,
            saved: false,
        }
    }

    pub(crate) fn is_expired(&self, clock: &Clock) -> bool {
        self.expires_at < clock.now()
    }

    /// A copy with a new id that starts now.
    pub(crate) fn renewed(&self, clock: &Clock) -> Self {
        let issued_at = clock.now();
        let mut new = self.clone();
        new.id = random::uuid();
        new.issued_at = issued_at;
        new.expires_at = after(issued_at, self.kind.lifespan());
        new
    }

    /// Adds a message about the form as a whole.
    pub(crate) fn add_message(&mut self, message: Message) {
        self.form.messages.push(message);
    }
}

/// All flows, including expired ones.
pub(crate) struct Flows(HashMap<Uuid, Flow>);

impl Flows {
    pub(crate) fn new() -> Self {
        Self(HashMap::new())
    }

    pub(crate) fn get(&self, id: Uuid, kind: FlowKind) -> Option<&Flow> {
        self.0.get(&id).filter(|flow| flow.kind == kind)
    }

    /// Adds a flow, or replaces the one with its id.
    pub(crate) fn insert(&mut self, flow: Flow) {
        self.0.insert(flow.id, flow);
    }

    /// Marks a login flow as passed. Keeps the rest of it, including its last messages.
    pub(crate) fn pass(&mut self, id: Uuid) {
        if let Some(flow) = self.0.get_mut(&id) {
            flow.passed = true;
        }
    }

    /// Deletes all flows that an identity started.
    pub(crate) fn remove_of(&mut self, identity: Uuid) {
        self.0.retain(|_, flow| flow.identity != Some(identity));
    }
}

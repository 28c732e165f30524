//! Self-service flows: each has one form and a limited life.

use std::collections::HashMap;

use chrono::TimeDelta;
use uuid::Uuid;

use super::form::{Form, Message};
use super::second_factor::Totp;
use crate::testing::clock::{Clock, Time, after};
use crate::testing::random;

#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) enum FlowKind {
    Login,
    Registration,
    Settings,
    Recovery,
    Verification,
}

impl FlowKind {
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Login => "login",
            Self::Registration => "registration",
            Self::Settings => "settings",
            Self::Recovery => "recovery",
            Self::Verification => "verification",
        }
    }

    fn lifespan(self) -> TimeDelta {
        match self {
            Self::Login | Self::Registration => TimeDelta::minutes(10),
            Self::Settings | Self::Recovery | Self::Verification => TimeDelta::hours(1),
        }
    }
}

/// How far a flow got that sends a code or a link.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) enum Step {
    ChooseMethod,
    SentEmail,
    Passed,
}

#[derive(Debug, Clone)]
pub(crate) struct Flow {
    pub id: Uuid,
    pub kind: FlowKind,
    /// Whether it runs in a browser, and not in a native app.
    pub is_browser: bool,
    /// The CSRF token of the browser that started it.
    pub csrf: Option<String>,
    /// The URL that started the flow.
    pub request_url: String,
    pub return_to: Option<String>,
    pub issued_at: Time,
    pub expires_at: Time,
    pub form: Form,
    pub step: Step,
    /// The method that was used last.
    pub active: Option<&'static str>,
    /// Login: whether the caller has a session and confirms it.
    pub refresh: bool,
    /// Login: whether the flow wants a second factor.
    pub aal2: bool,
    /// Login and registration: the first code of a token exchange.
    pub exchange_code: Option<String>,
    /// Settings: who started the flow.
    pub identity: Option<Uuid>,
    /// Settings: whether something was saved.
    pub saved: bool,
    /// Settings: the authenticator app that the form offers.
    pub totp: Option<Totp>,
    /// Settings: lookup secrets that wait for their confirmation.
    pub lookup_secrets: Option<Vec<String>>,
    /// Recovery and verification: how many codes were tried since the last mail.
    pub tries: u32,
}

impl Flow {
    /// A flow without a form.
    pub(crate) fn new(clock: &Clock, kind: FlowKind, request_url: String, return_to: Option<String>) -> Self {
        let issued_at = clock.now();
        Self {
            id: random::uuid(),
            kind,
            is_browser: false,
            csrf: None,
            request_url,
            return_to,
            issued_at,
            expires_at: after(issued_at, kind.lifespan()),
            form: Form::new(Vec::new()),
            step: Step::ChooseMethod,
            active: None,
            refresh: false,
            aal2: false,
            exchange_code: None,
            identity: None,
            saved: false,
            totp: None,
            lookup_secrets: None,
            tries: 0,
        }
    }

    pub(crate) fn is_expired(&self, clock: &Clock) -> bool {
        self.expires_at < clock.now()
    }

    /// A new flow for the same purpose, without a form.
    pub(crate) fn again(&self, clock: &Clock) -> Self {
        Self {
            is_browser: self.is_browser,
            csrf: self.csrf.clone(),
            refresh: self.refresh,
            aal2: self.aal2,
            identity: self.identity,
            ..Self::new(clock, self.kind, self.request_url.clone(), self.return_to.clone())
        }
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

    /// Marks a login flow as passed with a method. Keeps the rest of it, including its last messages.
    pub(crate) fn pass(&mut self, id: Uuid, method: &'static str) {
        if let Some(flow) = self.0.get_mut(&id) {
            flow.active = Some(method);
        }
    }

    /// Deletes all flows that an identity started.
    pub(crate) fn remove_of(&mut self, identity: Uuid) {
        self.0.retain(|_, flow| flow.identity != Some(identity));
    }
}

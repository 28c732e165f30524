//! Everything that a stand-in remembers.

use std::time::Duration;

use uuid::Uuid;

use super::call::Calls;
use super::clock::Clock;
use super::fault::Faults;
use super::model::{
    Flows, Identities, Mails, OAuth2, OAuth2Clients, OneTimeCodes, PageErrors, Pages, Relationships, Session, Sessions,
    Tokenizer,
};
use super::random;
use super::schema::Schema;

/// The collections of the model, and the rules that need more than one of them.
pub(crate) struct State {
    /// The base URL of the stand-in.
    pub url: String,
    pub pages: Pages,
    pub calls: Calls,
    pub faults: Faults,
    pub clock: Clock,
    pub identities: Identities,
    pub sessions: Sessions,
    pub flows: Flows,
    pub codes: OneTimeCodes,
    pub mails: Mails,
    pub page_errors: PageErrors,
    /// The name of the cookie with a browser's CSRF token. Browsers share the cookies of all ports of a host, so each
    /// stand-in has its own.
    pub csrf_cookie: String,
    /// How long a session check may be cached, if at all.
    pub cacheable_sessions: Option<Duration>,
    /// Third parties with which forms offer to sign in.
    pub providers: Vec<String>,
    /// Whether a registration asks for the traits first and for a credential after that.
    pub two_steps: bool,
    /// Whether forms have inputs for passkeys and security keys.
    pub shows_passkeys: bool,
    pub tokenizer: Tokenizer,
    pub clients: OAuth2Clients,
    pub oauth2: OAuth2,
    pub relationships: Relationships,
    /// What the servers have yet to send to applications.
    pub outgoing: Vec<Outgoing>,
}

/// A form that a server posts to an application.
pub(crate) struct Outgoing {
    pub url: String,
    pub form: String,
}

impl State {
    pub(crate) fn new(url: String, schema: Schema) -> Self {
        Self {
            url,
            pages: Pages::default(),
            calls: Calls::default(),
            faults: Faults::default(),
            clock: Clock::new(),
            identities: Identities::new(schema),
            sessions: Sessions::new(),
            flows: Flows::new(),
            codes: OneTimeCodes::new(),
            mails: Mails::new(),
            page_errors: PageErrors::new(),
            csrf_cookie: format!("csrf_token_{}{}", random::uuid().simple(), random::uuid().simple()),
            cacheable_sessions: None,
            providers: Vec::new(),
            two_steps: false,
            shows_passkeys: false,
            tokenizer: Tokenizer::default(),
            clients: OAuth2Clients::new(),
            oauth2: OAuth2::default(),
            relationships: Relationships::default(),
            outgoing: Vec::new(),
        }
    }

    pub(crate) fn advance(&mut self, by: Duration) {
        self.clock.advance(by);
    }

    /// The session with this token, if it is active and so is its owner.
    pub(crate) fn active_session(&self, token: &str) -> Option<&Session> {
        let session = self.sessions.by_token(token)?;
        let owner = self.identities.get(session.identity)?;
        (session.is_active(&self.clock) && owner.is_active()).then_some(session)
    }

    /// Deletes an identity with its sessions, flows and codes.
    pub(crate) fn remove_identity(&mut self, id: Uuid) {
        self.identities.remove(id);
        self.sessions.remove_of(id);
        self.flows.remove_of(id);
        self.codes.remove_of(id);
    }

    /// Deletes an OAuth2 client with its tokens, and returns whether there was one.
    pub(crate) fn remove_client(&mut self, id: &str) -> bool {
        let found = self.clients.remove(id);
        self.oauth2.forget_client(id);
        found
    }
}

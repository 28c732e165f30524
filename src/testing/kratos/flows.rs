//! Self-service flows of native apps: what all three kinds have in common.

use chrono::TimeDelta;
use http::StatusCode;
use serde_json::{Value, json};
use uuid::Uuid;

use super::error::Error;
use super::ui;
use crate::testing::http::{Answer, Reply, Request};
use crate::testing::random;
use crate::testing::state::{State, Time, written};

/// The least length of a password.
const MINIMUM: usize = 8;

#[derive(Debug, Clone, Copy, PartialEq)]
pub(in crate::testing) enum Kind {
    Login,
    Registration,
    Settings,
}

impl Kind {
    fn name(self) -> &'static str {
        match self {
            Self::Login => "login",
            Self::Registration => "registration",
            Self::Settings => "settings",
        }
    }

    fn life(self) -> TimeDelta {
        match self {
            Self::Login | Self::Registration => TimeDelta::minutes(10),
            Self::Settings => TimeDelta::hours(1),
        }
    }
}

#[derive(Debug, Clone)]
pub(in crate::testing) struct Flow {
    pub id: Uuid,
    pub kind: Kind,
    request_url: String,
    return_to: Option<String>,
    issued_at: Time,
    pub expires_at: Time,
    /// None where the server writes null.
    pub nodes: Option<Vec<Value>>,
    pub messages: Vec<Value>,
    /// What only one kind has.
    pub refresh: bool,
    pub aal2: bool,
    pub identity: Option<Uuid>,
    pub saved: bool,
    pub passed: bool,
}

impl Flow {
    pub(super) fn new(state: &State, request: &Request, kind: Kind, nodes: Vec<Value>) -> Self {
        let issued_at = state.now();
        Self {
            id: random::id(),
            kind,
            request_url: format!("{}{}", state.url, request.target),
            return_to: request.query("return_to").map(str::to_owned),
            issued_at,
            expires_at: State::after(issued_at, kind.life()),
            nodes: Some(nodes),
            messages: Vec::new(),
            refresh: false,
            aal2: false,
            identity: None,
            saved: false,
            passed: false,
        }
    }

    /// The nodes to change; a flow without any gets an empty list.
    pub(super) fn nodes(&mut self) -> &mut Vec<Value> {
        self.nodes.get_or_insert_default()
    }

    fn body(&self, state: &State) -> Value {
        let name = self.kind.name();
        let mut ui = json!({
            "action": format!("{}/self-service/{name}?flow={}", state.url, self.id),
            "method": "POST",
            "nodes": self.nodes,
        });
        if !self.messages.is_empty() {
            ui["messages"] = json!(self.messages);
        }
        let mut body = json!({
            "id": self.id,
            "type": "api",
            "expires_at": written(self.expires_at),
            "issued_at": written(self.issued_at),
            "request_url": self.request_url,
            "ui": ui,
        });
        if let Some(url) = &self.return_to {
            body["return_to"] = json!(url);
        }
        match self.kind {
            Kind::Registration => {
                body["organization_id"] = Value::Null;
                body["state"] = json!("choose_method");
            }
            Kind::Login => {
                body["organization_id"] = Value::Null;
                body["state"] = json!("choose_method");
                body["created_at"] = json!(written(self.issued_at));
                body["updated_at"] = json!(written(self.issued_at));
                body["refresh"] = json!(self.refresh);
                body["requested_aal"] = json!(if self.aal2 { "aal2" } else { "aal1" });
                if self.passed {
                    body["active"] = json!("password");
                }
            }
            Kind::Settings => {
                let identity = self.identity.and_then(|id| state.identities.get(&id));
                body["identity"] = json!(identity.map(|identity| identity.body(&state.url)));
                body["state"] = json!(if self.saved { "success" } else { "show_form" });
            }
        }
        body
    }

    /// Keeps the flow and shows it.
    pub(super) fn show(self, state: &mut State, status: StatusCode) -> Reply {
        let reply = Reply::json(status, &self.body(state));
        state.flows.insert(self.id, self);
        reply
    }

    /// Keeps the flow and shows it as a refusal.
    pub(super) fn refuse(self, state: &mut State) -> Reply {
        self.show(state, StatusCode::BAD_REQUEST)
    }

    /// Keeps the flow and shows it as a refusal that is told above the form.
    pub(super) fn refuse_with(mut self, state: &mut State, message: Value) -> Reply {
        self.messages.push(message);
        self.refuse(state)
    }

    /// The password that was sent, if it will do; the form says what is wrong with it.
    pub(super) fn password(&mut self, body: &Value) -> Option<String> {
        let password = text(body, "password");
        let length = password.chars().count();
        let wrong = match length {
            0 => ui::missing("password"),
            _ if length < MINIMUM => ui::too_short(length, MINIMUM),
            _ => return Some(password),
        };
        ui::say_at(self.nodes(), "password", "password", wrong);
        None
    }
}

/// A text of a body; a number is one too, as it is in a form.
pub(super) fn text(body: &Value, key: &str) -> String {
    match &body[key] {
        Value::String(text) => text.clone(),
        Value::Number(number) => number.to_string(),
        _ => String::new(),
    }
}

/// `GET /self-service/…/flows`.
pub(super) fn get(state: &State, request: &Request, kind: Kind) -> Answer {
    let flow = find(state, request.query("id"), kind).ok_or_else(Error::not_found)?;
    if flow.expires_at < state.now() {
        let name = kind.name();
        let message = "The requested resource is no longer available because it has expired or is otherwise invalid.";
        let reason = format!(
            "The {name} flow has expired. Call the {name} flow init API endpoint to initialize a new {name} flow."
        );
        let error = Error::new(StatusCode::GONE, message)
            .reason(reason)
            .details(json!({"api": format!("{}/self-service/{name}/api", state.url)}));
        return Err(if kind == Kind::Settings { error } else { error.id("self_service_flow_expired") }.into());
    }
    Ok(Reply::ok(&flow.body(state)))
}

fn find<'a>(state: &'a State, id: Option<&str>, kind: Kind) -> Option<&'a Flow> {
    state.flows.get(&id?.parse::<Uuid>().ok()?).filter(|flow| flow.kind == kind)
}

/// The flow that a submit names, if there is one.
pub(super) fn submitted(state: &State, request: &Request, kind: Kind) -> Result<Flow, Reply> {
    let id = request.query("flow").and_then(|id| id.parse::<Uuid>().ok());
    let id = id.ok_or_else(|| Error::bad_request("The flow query parameter is missing or malformed."))?;
    let flow = find(state, Some(&id.to_string()), kind).cloned();
    Ok(flow.ok_or_else(|| match kind {
        Kind::Login | Kind::Registration => Error::not_found(),
        Kind::Settings => Error::new(StatusCode::NOT_FOUND, "The requested resource could not be found")
            .reason("The settings request could not be found. Please restart the flow."),
    })?)
}

/// The body of a submit, if the flow takes it: in time, from no browser, JSON. What the last submit said is gone.
pub(super) fn opened(state: &mut State, request: &Request, flow: &mut Flow) -> Result<Value, Reply> {
    if flow.expires_at < state.now() {
        return Err(expired(state, flow));
    }
    flow.messages.clear();
    if let Some(nodes) = &mut flow.nodes {
        ui::forget_messages(nodes);
    }
    for (header, origin) in [("Cookie", "by a Browser"), ("Origin", "as part of an AJAX request in a Browser")] {
        if request.headers.contains_key(header) {
            let text = format!(
                "The HTTP Request Header included the \"{header}\" key, indicating that this request was made \
                 {origin}. The flow however was initiated as an API request. To prevent potential misuse and mitigate \
                 several attack vectors including CSRF, the request has been blocked. Please consult the \
                 documentation."
            );
            return Err(flow.clone().refuse_with(state, ui::refusal(&text)));
        }
    }
    decode(request)
}

/// The JSON of a body.
pub(super) fn decode(request: &Request) -> Result<Value, Reply> {
    serde_json::from_slice(&request.body).map_err(|why| {
        let message = match (request.body.is_empty(), why.is_eof()) {
            (true, _) => "EOF".to_owned(),
            (false, true) => "unexpected EOF".to_owned(),
            (false, false) => why.to_string(),
        };
        Error::new(StatusCode::BAD_REQUEST, message).into()
    })
}

/// The refusal of a flow that is over, with a new one to go on with.
fn expired(state: &mut State, old: &Flow) -> Reply {
    let issued_at = state.now();
    let since = issued_at - old.expires_at;
    let minutes = since.num_milliseconds() as f64 / 60_000.0;
    let (id, name) = match old.kind {
        Kind::Login => (4_010_001, "login"),
        Kind::Registration => (4_040_001, "registration"),
        Kind::Settings => (4_050_001, "settings"),
    };
    let text = format!("The {name} flow expired {minutes:.2} minutes ago, please try again.");
    let mut message = ui::message(id, "error", &text);
    message["context"] = json!({"expired_at": written(old.expires_at), "expired_at_unix": old.expires_at.timestamp()});
    let new = Flow {
        id: random::id(),
        issued_at,
        expires_at: State::after(issued_at, old.kind.life()),
        messages: vec![message],
        ..old.clone()
    };
    let reason = format!("The self-service flow expired {minutes:.2} minutes ago, initialize a new one.");
    let error = Error::new(StatusCode::GONE, "self-service flow expired")
        .id("self_service_flow_expired")
        .reason(reason)
        .beside("expired_at", written(old.expires_at))
        .beside("since", since.num_nanoseconds())
        .beside("use_flow_id", new.id.to_string());
    state.flows.insert(new.id, new);
    error.into()
}

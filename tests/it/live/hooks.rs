//! The service that Kratos and Hydra call in these tests.

use std::net::SocketAddr;
use std::sync::{Arc, Mutex};

use axum::Router;
use axum::extract::{FromRef, Request, State};
use axum::middleware::{Next, from_fn_with_state};
use axum::response::Response;
use axum::routing::post;
use ory_sdk::actions::{
    Action, ActionAuth, ActionError, Decision, FlowContext, PasswordDecision, PasswordMigration, TokenDecision,
    TokenHook,
};
use tokio::net::TcpListener;
use tokio::task::JoinHandle;

/// The API key in the configurations of the servers.
pub const KEY: &str = "a-key-of-the-live-tests";

/// What a test does with a call.
type Script<T, D> = Arc<Mutex<dyn FnMut(&Action<T>) -> Result<D, ActionError> + Send>>;

#[derive(Clone)]
struct Desk {
    auth: Arc<Mutex<ActionAuth>>,
    flow: Arc<Mutex<Script<FlowContext, Decision>>>,
    password: Arc<Mutex<Script<PasswordMigration, PasswordDecision>>>,
    token: Arc<Mutex<Script<TokenHook, TokenDecision>>>,
    answered: Arc<Mutex<Vec<(String, u16)>>>,
}

impl FromRef<Desk> for ActionAuth {
    fn from_ref(desk: &Desk) -> Self {
        desk.auth.lock().unwrap().clone()
    }
}

/// The running service. It ends with the value.
pub struct Hooks {
    desk: Desk,
    address: SocketAddr,
    server: JoinHandle<()>,
}

impl Hooks {
    /// Starts it where `ORY_SDK_LIVE_HOOKS` says, with the routes of a test beside its own. Until a test says otherwise, it
    /// changes nothing, and no password is right.
    pub async fn start(routes: Router) -> Self {
        let address = std::env::var("ORY_SDK_LIVE_HOOKS").unwrap_or_else(|_| {
            panic!("ORY_SDK_LIVE_HOOKS is not set: expected the address that the servers call, such as 127.0.0.1:18999")
        });
        let listener = TcpListener::bind(&address).await;
        let listener = listener.unwrap_or_else(|why| panic!("ORY_SDK_LIVE_HOOKS is {address:?}: {why}"));
        let desk = Desk {
            auth: Arc::new(Mutex::new(auth(KEY))),
            flow: script(|_| Ok(Decision::Continue)),
            password: script(|_| Ok(PasswordDecision::NoMatch)),
            token: script(|_| Ok(TokenDecision::Keep)),
            answered: Arc::default(),
        };
        let app = Router::new()
            .route("/registration", post(flow))
            .route("/login", post(flow))
            .route("/settings", post(flow))
            .route("/password", post(password))
            .route("/token", post(token))
            .with_state(desk.clone())
            .merge(routes)
            .layer(from_fn_with_state(desk.clone(), note));
        let address = listener.local_addr().unwrap();
        let server = tokio::spawn(async move { axum::serve(listener, app).await.unwrap() });
        Self { desk, address, server }
    }

    pub fn url(&self, path: &str) -> String {
        format!("http://{}{path}", self.address)
    }

    /// Says what to do with web hooks.
    pub fn on_flow(&self, script: impl FnMut(&Action<FlowContext>) -> Result<Decision, ActionError> + Send + 'static) {
        *self.desk.flow.lock().unwrap() = Arc::new(Mutex::new(script));
    }

    /// Says whether passwords are right.
    pub fn on_password(
        &self,
        script: impl FnMut(&Action<PasswordMigration>) -> Result<PasswordDecision, ActionError> + Send + 'static,
    ) {
        *self.desk.password.lock().unwrap() = Arc::new(Mutex::new(script));
    }

    /// Says what to do with the hook of tokens.
    pub fn on_token(
        &self,
        script: impl FnMut(&Action<TokenHook>) -> Result<TokenDecision, ActionError> + Send + 'static,
    ) {
        *self.desk.token.lock().unwrap() = Arc::new(Mutex::new(script));
    }

    /// Changes the key that calls must carry.
    pub fn expect_key(&self, key: &str) {
        *self.desk.auth.lock().unwrap() = auth(key);
    }

    /// The status of each response at this path since the last question.
    pub fn answered(&self, path: &str) -> Vec<u16> {
        let mut answered = self.desk.answered.lock().unwrap();
        let found = answered.iter().filter(|(known, _)| known == path).map(|(_, status)| *status).collect();
        answered.retain(|(known, _)| known != path);
        found
    }
}

impl Drop for Hooks {
    fn drop(&mut self) {
        self.server.abort();
    }
}

fn auth(key: &str) -> ActionAuth {
    ActionAuth::header("x-api-key", key).unwrap()
}

fn script<T, D>(script: impl FnMut(&Action<T>) -> Result<D, ActionError> + Send + 'static) -> Arc<Mutex<Script<T, D>>> {
    Arc::new(Mutex::new(Arc::new(Mutex::new(script))))
}

async fn note(State(desk): State<Desk>, request: Request, next: Next) -> Response {
    let path = request.uri().path().to_owned();
    let response = next.run(request).await;
    desk.answered.lock().unwrap().push((path, response.status().as_u16()));
    response
}

async fn flow(State(desk): State<Desk>, call: Action<FlowContext>) -> Result<Decision, ActionError> {
    let script = Arc::clone(&desk.flow.lock().unwrap());
    let mut script = script.lock().unwrap();
    script(&call)
}

async fn password(State(desk): State<Desk>, call: Action<PasswordMigration>) -> Result<PasswordDecision, ActionError> {
    let script = Arc::clone(&desk.password.lock().unwrap());
    let mut script = script.lock().unwrap();
    script(&call)
}

async fn token(State(desk): State<Desk>, call: Action<TokenHook>) -> Result<TokenDecision, ActionError> {
    let script = Arc::clone(&desk.token.lock().unwrap());
    let mut script = script.lock().unwrap();
    script(&call)
}

//! The calls that real servers make: hooks, password migration and back-channel logout.
//!
//! It runs with [`live::tokens`](super::tokens). The tests listen at `ORY_SDK_LIVE_HOOKS`, here 127.0.0.1:18999. Hydra:
//!
//! ```yaml
//! oauth2:
//!   token_hook:
//!     url: http://127.0.0.1:18999/token
//!     auth:
//!       type: api_key
//!       config: { in: header, name: x-api-key, value: a-key-of-the-live-tests }
//! ```
//!
//! Kratos, with [`FlowContext::TEMPLATE`](ory_sdk::actions::FlowContext::TEMPLATE) in the file:
//!
//! ```yaml
//! selfservice:
//!   methods:
//!     password:
//!       config:
//!         migrate_hook:
//!           enabled: true
//!           config:
//!             url: http://127.0.0.1:18999/password
//!             method: POST
//!             auth: &key
//!               type: api_key
//!               config: { in: header, name: x-api-key, value: a-key-of-the-live-tests }
//!   flows:
//!     registration:
//!       after:
//!         password:
//!           hooks:
//!             - hook: web_hook
//!               config:
//!                 url: http://127.0.0.1:18999/registration
//!                 method: POST
//!                 body: file:///etc/kratos/flow_context.jsonnet
//!                 auth: *key
//!                 response: { parse: true }
//!             - hook: session
//!     login: # the same in `after.password.hooks`, with the path /login
//!     settings: # the same in `after.profile.hooks`, with the path /settings
//! ```

mod logout;
mod password;
mod token_hook;
mod web_hook;

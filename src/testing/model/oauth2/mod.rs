//! What Hydra remembers beside its clients: flows of browsers, logins, consents, tokens and keys.

mod authorization;
mod claims;
mod consent;
mod device;
mod grant;
mod issuer;
mod login;
mod logout;
mod state;
mod tokens;

pub(crate) use authorization::{Authorization, Challenges, Denial, Login, Stage};
pub(crate) use claims::{access_token_claims, id_token_claims, left_half_hash, logout_token_claims, user_info_claims};
pub(crate) use consent::Consents;
pub(crate) use device::{DeviceState, Devices};
pub(crate) use grant::Grant;
pub(crate) use issuer::{Issuer, Issuers};
pub(crate) use login::{LoginSessions, lifespan as login_lifespan};
pub(crate) use logout::{Logout, Logouts};
pub(crate) use state::OAuth2;
pub(crate) use tokens::{Pkce, Token, Tokens, token_text};

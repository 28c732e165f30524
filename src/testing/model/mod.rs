//! The entities of Kratos, Hydra and Keto and the rules that hold for them, without HTTP and without wire formats.

mod address;
mod credential;
mod der;
mod flow;
mod form;
mod identity;
mod jws;
mod key_sets;
mod oauth2;
mod oauth2_client;
mod pages;
mod relationship;
mod session;
mod signing_key;

pub(crate) use address::Address;
pub(crate) use credential::{Credential, Password};
pub(crate) use flow::{Flow, FlowKind, Flows};
pub(crate) use form::{Form, Message, MessageKind, Node};
pub(crate) use identity::{Identities, Identity};
pub(crate) use jws::Jws;
pub(crate) use key_sets::{ACCESS_TOKEN_SET, ID_TOKEN_SET, InvalidKey};
pub(crate) use oauth2::{
    Authorization, Denial, DeviceState, Grant, Issuer, Login, Logout, OAuth2, Pkce, Step, Token, access_token_claims,
    id_token_claims, left_half_hash, login_lifespan, logout_token_claims, token_text, user_info_claims,
};
pub(crate) use oauth2_client::{InvalidClient, NULL_LISTS, OAuth2Client, OAuth2Clients};
pub(crate) use pages::Pages;
pub(crate) use relationship::{Filter, Relationship, Relationships, SubjectSet, Tree};
pub(crate) use session::{Device, Session, Sessions};
pub(crate) use signing_key::{SigningKey, public_jwk, unsigned};

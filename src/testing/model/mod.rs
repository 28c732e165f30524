//! The entities of Kratos, Hydra and Keto and the rules that hold for them, without HTTP and without wire formats.

mod access_token;
mod address;
mod credential;
mod flow;
mod form;
mod identity;
mod jwk;
mod oauth2_client;
mod pages;
mod relationship;
mod session;

pub(crate) use access_token::{AccessTokens, token_text};
pub(crate) use address::Address;
pub(crate) use credential::{Credential, Password};
pub(crate) use flow::{Flow, FlowKind, Flows};
pub(crate) use form::{Form, Message, MessageKind, Node};
pub(crate) use identity::{Identities, Identity};
pub(crate) use jwk::public_key;
pub(crate) use oauth2_client::{InvalidClient, NULL_LISTS, OAuth2Client, OAuth2Clients};
pub(crate) use pages::Pages;
pub(crate) use relationship::{Filter, Relationship, Relationships, SubjectSet, Tree};
pub(crate) use session::{Device, Session, Sessions};

//! The entities of Kratos, Hydra and Keto and the rules that hold for them, without HTTP and without wire formats.

mod address;
mod credential;
mod der;
mod flow;
mod form;
mod identity;
mod jws;
mod key_sets;
mod mail;
mod oauth2;
mod oauth2_client;
mod one_time_code;
mod opl;
mod page_error;
mod pages;
mod password_hash;
mod relationship;
mod second_factor;
mod session;
mod signing_key;
mod tokenizer;

pub(crate) use address::Address;
pub(crate) use credential::{Credential, Password, ThirdParty};
pub(crate) use flow::{Flow, FlowKind, Flows, Step};
pub(crate) use form::{Display, Form, Message, MessageKind, Node};
pub(crate) use identity::{Identities, Identity};
pub(crate) use jws::Jws;
pub(crate) use key_sets::{ACCESS_TOKEN_SET, ID_TOKEN_SET, InvalidKey};
pub(crate) use mail::{Mail, MailContent, Mails};
pub(crate) use oauth2::{
    Authorization, Denial, DeviceState, Grant, Issuer, Login, Logout, OAuth2, Pkce, Stage, Token, access_token_claims,
    id_token_claims, left_half_hash, login_lifespan, logout_token_claims, token_text, user_info_claims,
};
pub(crate) use oauth2_client::{InvalidClient, NULL_LISTS, OAuth2Client, OAuth2Clients};
pub(crate) use one_time_code::{CodeForm, Entered, LIFESPAN as CODE_LIFESPAN, OneTimeCode, OneTimeCodes};
pub(crate) use opl::{OplError, check as check_opl};
pub(crate) use page_error::PageErrors;
pub(crate) use pages::Pages;
pub(crate) use password_hash::is_known as is_known_hash;
pub(crate) use relationship::{Filter, Relationship, Relationships, SubjectSet, Tree};
pub(crate) use second_factor::{Lookup, LookupSecrets, Totp};
pub(crate) use session::{Device, PRIVILEGED, Session, Sessions};
pub(crate) use signing_key::{SigningKey, public_jwk, unsigned};
pub(crate) use tokenizer::Tokenizer;

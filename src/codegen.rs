//! The one door for generated code: what `build/emit` may name, and nothing else.

pub(crate) use crate::call::{CallOptions, Draft, options};
pub(crate) use crate::client::{Client, Sending};
pub(crate) use crate::contract::{Endpoint, table};
pub(crate) use crate::error::Error;
pub(crate) use crate::flow::{Flow, Sealed, TimeField, text_of};
pub(crate) use crate::input::{
    IntoArgument, IntoArguments, IntoJsonArgument, InvalidArgument, JsonPatch, PathSegment, Slot, Subject, check_rules,
};
pub(crate) use crate::lists::{Items, Pages, row_key};
pub(crate) use crate::privacy::{Location, Measured, Redact, Secret, redacted_object};
pub(crate) use crate::response::{JsonOrText, OrRedirect, RawResponse, Unreadable, decode, redacted};
pub(crate) use crate::wire::macros::{open_enum, tagged_union};
pub(crate) use crate::wire::mismatch::from_json;
pub(crate) use crate::wire::read::Read;
pub(crate) use crate::wire::read_object::{Fields, Key, Object, read_object, read_object_into};
pub(crate) use crate::wire::strict::is_strict;
pub(crate) use crate::wire::unset::is_set;
pub(crate) use crate::wire::write_object::Writer;

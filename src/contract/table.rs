//! The operation table, which the build makes of the contract.

#![allow(missing_docs, unreachable_pub)]

use super::kinds::{Area, Endpoint, Place, Repeat, Security};
use super::operation::{Body, Operation, Parameter};

include!(concat!(env!("OUT_DIR"), "/table.rs"));

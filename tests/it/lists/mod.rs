//! Walks through lists, with simulators of every server dialect. The simulators are checked against recordings.

mod changing;
mod cursors;
mod hostile;
mod in_the_body;
mod page;
mod real;
mod recorded;
mod requests;
/// The simulators, shared with the unit tests of `src/lists`.
#[path = "../../../src/lists/simulators.rs"]
mod simulators;
mod streams;
mod support;
mod table;
mod unreadable;
mod validation;

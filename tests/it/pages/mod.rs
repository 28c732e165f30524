//! Walks through lists: simulators of every server dialect, held against recordings, and walks through each.

mod behaviour;
mod real;
mod recorded;
mod simulators;
mod table;
mod validation;

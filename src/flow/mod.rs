//! Self-service flows: their kinds, their forms, and the nodes and messages of a form.

mod facts;
mod form;
mod input_name;
mod items;
mod kind;
mod message;
mod node;
mod node_value;
mod outcome;
mod submit;
mod submitted;

pub use facts::Flow;
pub(crate) use facts::{Sealed, TimeField, text_of};
pub use form::Form;
pub use kind::FlowKind;
pub use message::UiMessage;
pub use node::Node;
pub(crate) use outcome::Outcome;
pub use submitted::Submitted;

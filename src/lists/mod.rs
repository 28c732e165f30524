//! Lists, page by page and row by row.

pub(crate) mod advance;
mod items;
pub(crate) mod link;
pub(crate) mod offset_token;
mod page;
mod pages;
pub(crate) mod parameters;
pub(crate) mod query;
pub(crate) mod walk;

#[cfg(test)]
mod memory_tests;
#[cfg(test)]
#[allow(unreachable_pub)]
mod simulators;
#[cfg(test)]
mod walk_tests;

pub use items::Items;
pub use page::Page;
pub(crate) use page::row_key;
pub use pages::Pages;

pub use crate::cursor::Cursor;

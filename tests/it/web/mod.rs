//! What a web service responds with.

mod pages;

//! Tokens for calls.

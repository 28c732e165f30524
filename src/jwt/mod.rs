//! Tokens that are checked without a call.

//! Who is signed in: session checks that are cached, and revoked at once.

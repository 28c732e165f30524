//! The login, consent and logout pages that Hydra calls.

//! What browsers fetch below `/.well-known`.

use http::StatusCode;

use super::call::Call;
use super::returns;
use crate::testing::http::Reply;
use crate::testing::model::FlowKind;
use crate::testing::state::State;

/// The script for WebAuthn and passkeys, which a stand-in does not have.
pub(super) const WEBAUTHN_SCRIPT: &str = "\
// A server's script calls navigator.credentials.
console.error(\"the stand-in does not serve WebAuthn: test it with a real server\")
";

pub(super) fn webauthn_script() -> Reply {
    Reply::text(StatusCode::OK, "text/javascript; charset=UTF-8", WEBAUTHN_SCRIPT)
}

/// Sends password managers to the settings. Release 26.2 lacks this; the reply is that of a later snapshot.
pub(super) fn change_password(state: &State, call: &Call) -> Reply {
    returns::see_other(call, &returns::page(state, FlowKind::Settings))
}

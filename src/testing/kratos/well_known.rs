//! What browsers fetch below `/.well-known`.

use http::StatusCode;

use super::call::Call;
use super::returns;
use crate::testing::http::Reply;
use crate::testing::model::FlowKind;
use crate::testing::state::State;

/// The script for WebAuthn and passkeys, which a stand-in does not have.
pub(super) fn webauthn_script() -> Reply {
    let script = "// A server's script calls navigator.credentials.\n\
                  console.error(\"the stand-in does not serve WebAuthn: test it with a real server\")\n";
    Reply::text(StatusCode::OK, "text/javascript; charset=UTF-8", script)
}

/// Sends password managers to the settings. Release 26.2 lacks this; the reply is that of a later snapshot.
pub(super) fn change_password(state: &State, call: &Call) -> Reply {
    returns::see_other(call, &returns::page(state, FlowKind::Settings))
}

//! Credentials that an administrator deletes.

use http::StatusCode;

use super::operations::find;
use crate::testing::error::Error;
use crate::testing::http::{HandlerResult, Reply, Request};
use crate::testing::state::State;

pub(crate) fn delete(state: &mut State, request: &Request, id: &str, kind: &str) -> HandlerResult {
    let id = find(state, id)?.id;
    let not_found = |reason: String| {
        let error = Error::new(StatusCode::NOT_FOUND, "The requested resource could not be found");
        Reply::from(error.reason(reason))
    };
    if kind == "code" {
        return Err(Error::bad_request("Credentials type code cannot be deleted.").into());
    }
    let mut found = false;
    if let "oidc" | "saml" = kind {
        let identifier = request.parameter("identifier").unwrap_or_default();
        let has_any = state.identities.get(id).is_some_and(|one| one.third_parties.iter().any(|it| it.kind == kind));
        if identifier.is_empty() && has_any {
            return Err(Error::bad_request("You must provide an identifier to delete this credential.").into());
        }
        state.identities.change(id, |identity, _| {
            let before = identity.third_parties.len();
            identity.third_parties.retain(|party| party.kind != kind || party.identifier() != identifier);
            found = identity.third_parties.len() < before;
        });
        if !found && has_any {
            let name = kind.to_uppercase();
            return Err(not_found(format!("The identifier `{identifier}` was not found among {name} credentials.")));
        }
    } else {
        state.identities.change(id, |identity, _| found = identity.remove_credential(kind));
    }
    if !found {
        return Err(not_found(format!("You tried to remove a {kind} but this user have no {kind} set up.")));
    }
    Ok(Reply::empty(StatusCode::NO_CONTENT))
}

//! Emits the table of operations for the docs.

use crate::build::kinds::{Area, Security};
use crate::build::lower::Lowering;
use crate::build::markdown::code;

/// Operation, endpoint and credential, as Markdown.
pub fn emit(lowering: &Lowering) -> String {
    let mut text = "| operation | endpoint | credential |\n| --- | --- | --- |\n".to_owned();
    for operation in &lowering.operations {
        let credentials: Vec<String> = operation
            .security
            .iter()
            .map(|scheme| match scheme.credential {
                Some(Security::AccessToken) => "access token".to_owned(),
                Some(Security::SessionToken) => "session token".to_owned(),
                Some(Security::Basic) => "client id and secret".to_owned(),
                Some(Security::Bearer) => "registration token".to_owned(),
                Some(Security::OAuth2) => "OAuth2 access token".to_owned(),
                Some(Security::Other(_)) | None => code(&scheme.name),
            })
            .collect();
        let mut credential = credentials.join(" or ");
        if operation.area == Area::Frontend.as_str() {
            credential = "the user's session token or cookies".to_owned();
        } else if credential.is_empty() {
            credential = "none".to_owned();
        }
        let endpoint = operation.endpoint.title();
        let name = &operation.name;
        text.push_str(&format!("| [`{name}`](crate::Client::{name}) | {endpoint} | {credential} |\n"));
    }
    text
}

//! What the example made, and how it goes away again.

use std::error::Error;
use std::io::Write;

use ory_sdk::Client;

/// What to delete at the end.
#[derive(Default)]
pub struct Made {
    pub identity: Option<String>,
    pub oauth2_client: Option<String>,
    /// Namespace and object of a relationship.
    pub relationship: Option<(String, String)>,
}

/// Deletes everything in `made`, or as much as it can.
pub async fn clean_up(client: &Client, made: &Made, out: &mut dyn Write) -> Result<(), Box<dyn Error>> {
    let oauth2_client = match &made.oauth2_client {
        Some(id) => client.admin_delete_oauth2_client().id(id).send().await.map(|_| "deleted the OAuth2 client\n"),
        None => Ok(""),
    };
    let identity = match &made.identity {
        Some(id) => client.admin_delete_identity().id(id).send().await.map(|_| "deleted the identity\n"),
        None => Ok(""),
    };
    let relationship = match &made.relationship {
        Some((namespace, object)) => {
            let call = client.delete_relationships().namespace(namespace).object(object).send();
            call.await.map(|_| "deleted the relationship\n")
        }
        None => Ok(""),
    };
    write!(out, "{}{}{}", relationship?, oauth2_client?, identity?)?;
    Ok(())
}

//! Leaves the servers as they were.

use ory_sdk::Error;

use super::run::Run;

/// A thing that the run made, by its id.
#[derive(Debug)]
pub enum Made {
    Identity(String),
    Client(String),
    Issuer(String),
    KeySet(String),
}

/// Deletes what is still there, last made first; gives what could not be deleted.
pub async fn all(run: &Run) -> Vec<String> {
    let made = std::mem::take(&mut *run.made.lock().unwrap());
    let mut left = Vec::new();
    for thing in made.into_iter().rev() {
        match delete(run, &thing).await {
            Ok(()) => {}
            Err(error) if error.is_not_found() => {}
            Err(error) => left.push(format!("{thing:?} ({error})")),
        }
    }
    left
}

async fn delete(run: &Run, thing: &Made) -> Result<(), Error> {
    let client = &run.client;
    match thing {
        Made::Identity(id) => client.admin_delete_identity().id(id).send().await.map(|_| ()),
        Made::Client(id) => client.admin_delete_oauth2_client().id(id).send().await.map(|_| ()),
        Made::Issuer(id) => client.admin_delete_trusted_oauth2_jwt_grant_issuer().id(id).send().await.map(|_| ()),
        Made::KeySet(set) => client.admin_delete_json_web_key_set().set(set).send().await.map(|_| ()),
    }
}

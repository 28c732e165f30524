//! Deletes what a run created, so that the servers are as before.

use ory_sdk::Error;

use super::run::Run;

/// A thing that the run created, with its id.
#[derive(Debug)]
pub enum Made {
    Identity(String),
    Client(String),
    Issuer(String),
    KeySet(String),
    /// All relationships of this object of Keto's namespace `Group`.
    Relationships(String),
}

/// Deletes what the run created, newest first. Returns what could not be deleted.
pub async fn all(run: &Run) -> Vec<String> {
    let mut made = std::mem::take(&mut *run.made.lock().unwrap());
    let mut left = Vec::new();
    // What a failed call created is found only by name. Key sets cannot be listed, so they are registered before they
    // are created.
    match found(run).await {
        Ok(more) => made.extend(more),
        Err(error) => left.push(format!("whatever would be found by name ({error})")),
    }
    for thing in made.into_iter().rev() {
        match delete(run, &thing).await {
            Ok(()) => {}
            Err(error) if error.is_not_found() => {}
            Err(error) => left.push(format!("{thing:?} ({error})")),
        }
    }
    left
}

/// Everything on the servers with a name from this run.
async fn found(run: &Run) -> Result<Vec<Made>, Error> {
    let client = &run.client;
    let mut found = Vec::new();
    for identity in client.admin_list_identities().per_page(1000).send().await?.iter() {
        if identity.traits.as_ref().is_some_and(|traits| run.named(&traits.to_string())) {
            found.push(Made::Identity(identity.id.to_string()));
        }
    }
    for one in client.admin_list_oauth2_clients().page_size(500).send().await?.iter() {
        let names = [&one.client_id, &one.client_name];
        if names.into_iter().flatten().any(|name| run.named(name)) {
            found.extend(one.client_id.clone().map(Made::Client));
        }
    }
    for issuer in client.admin_list_trusted_oauth2_jwt_grant_issuers().page_size(500).send().await?.iter() {
        if issuer.issuer.as_ref().is_some_and(|name| run.named(name)) {
            found.extend(issuer.id.clone().map(Made::Issuer));
        }
    }
    Ok(found)
}

async fn delete(run: &Run, thing: &Made) -> Result<(), Error> {
    let client = &run.client;
    match thing {
        Made::Identity(id) => client.admin_delete_identity().id(id).send().await.map(|_| ()),
        Made::Client(id) => client.admin_delete_oauth2_client().id(id).send().await.map(|_| ()),
        Made::Issuer(id) => client.admin_delete_trusted_oauth2_jwt_grant_issuer().id(id).send().await.map(|_| ()),
        Made::Relationships(object) => {
            client.delete_relationships().namespace("Group").object(object).send().await.map(|_| ())
        }
        Made::KeySet(set) => client.admin_delete_json_web_key_set().set(set).send().await.map(|_| ()),
    }
}

//! Administration of OAuth2 clients.

use std::sync::Arc;

use ory_sdk::error::NextStep;
use ory_sdk::input::JsonPatch;
use serde_json::json;

use super::run::Run;
use super::sweep::Made;

pub async fn run(run: Arc<Run>) {
    let run = &*run;
    let client = &run.client;
    let name = run.name("client");
    let made = call!(run, client.admin_create_oauth2_client().body_map(|body| {
        body.client_name(&name)
            .grant_types(["client_credentials"])
            .scope("read write")
            .metadata(json!({"team": ["a", {"b": null}]}))
    }) => value);
    let id = made.client_id.clone().unwrap();
    run.made(Made::Client(id.clone()));
    assert!(made.status().as_u16() == 201 && made.client_secret.is_some());

    let listed = call!(run, client.admin_list_oauth2_clients().client_name(&name).page_size(10) => value);
    assert_eq!(listed.iter().map(|one| one.client_id.as_ref()).collect::<Vec<_>>(), [Some(&id)]);

    // Send the whole client back, with what the contract does not know, and with one change.
    let mut read = call!(run, client.admin_get_oauth2_client().id(&id) => value).into_body();
    assert_eq!(read.metadata, Some(json!({"team": ["a", {"b": null}]})));
    read.client_uri = Some("https://client.example.org/".to_owned());
    let put = call!(run, client.admin_update_oauth2_client().id(&id).body(read.clone()) => value);
    assert_eq!((&put.metadata, &put.scope, &put.client_uri), (&read.metadata, &read.scope, &read.client_uri));

    let patch = JsonPatch::new().replace("/client_uri", "https://other.example.org/").unwrap();
    let patched = call!(run, client.admin_patch_oauth2_client().id(&id).body(patch) => value);
    assert_eq!(patched.client_uri.as_deref(), Some("https://other.example.org/"));
    let again = call!(run, client.admin_get_oauth2_client().id(&id) => value);
    assert_eq!((&again.metadata, &again.scope), (&read.metadata, &read.scope));

    parts(run, &id).await;

    call!(run, client.admin_delete_oauth2_client().id(&id) => value);
    assert_eq!(refused!(run, client.admin_get_oauth2_client().id(&id)).next_step(), Some(NextStep::NotFound));

    // Only newer servers accept a client id chosen by the administrator.
    let own = run.name("own-id");
    let result = client.admin_create_oauth2_client().body_map(|body| body.client_id(&own)).send().await;
    if result.is_err() {
        assert_eq!(run.refused("admin_create_oauth2_client", result).status().unwrap().as_u16(), 400);
        run.report.note("admin_create_oauth2_client", "400 for a client_id of one's own");
    } else {
        run.made(Made::Client(own.clone()));
        let made = run.passed("admin_create_oauth2_client", result, crate::support::dispatch::value);
        assert_eq!(made.client_id, Some(own));
    }
}

/// Changes one part of a client on its own.
async fn parts(run: &Run, id: &str) {
    let client = &run.client;
    let changed = call!(run, client.set_oauth2_client_lifespans().id(id).body_map(|body| {
        body.client_credentials_grant_access_token_lifespan("20m")
    }) => value);
    assert_eq!(changed.client_credentials_grant_access_token_lifespan.as_deref(), Some("20m0s"));
    // What is left out is cleared.
    let changed = call!(run, client.set_oauth2_client_lifespans().id(id).body_map(|body| body) => value);
    assert_eq!(changed.client_credentials_grant_access_token_lifespan, None);

    // The old secret stays valid until it is ended.
    let first = newer!(run, client.rotate_oauth2_client_secret().id(id) => value);
    let ended = newer!(run, client.delete_rotated_oauth2_client_secrets().id(id) => value);
    assert_eq!(first.is_some(), ended.is_some());
    if let Some(first) = first {
        let old = client.with_client_credentials(id, first.client_secret.as_ref().unwrap());
        let second = call!(run, client.rotate_oauth2_client_secret().id(id) => value);
        let new = client.with_client_credentials(id, second.client_secret.as_ref().unwrap());
        for own in [&old, &new] {
            call!(run, own.perform_oauth2_token_flow().body_map(|body| body.grant_type("client_credentials")) => value);
        }
        call!(run, client.delete_rotated_oauth2_client_secrets().id(id) => value);
        refused!(run, old.perform_oauth2_token_flow().body_map(|body| body.grant_type("client_credentials")));
        call!(run, new.perform_oauth2_token_flow().body_map(|body| body.grant_type("client_credentials")) => value);
    }
}

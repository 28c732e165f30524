//! OAuth2 clients that register and manage themselves (RFC 7591, RFC 7592).

use std::sync::Arc;

use super::run::Run;
use super::sweep::Made;

pub async fn run(run: Arc<Run>) {
    let run = &*run;
    let client = &run.client;
    let made = call!(run, client.dynamic_client_registration_create_oauth2_client().body_map(|body| {
        body.client_name(run.name("dynamic")).redirect_uris(["http://127.0.0.1:5555/callback"])
    }) => value);
    let id = made.client_id.clone().unwrap();
    run.made(Made::Client(id.clone()));
    let first = made.registration_access_token.clone().unwrap();

    let own = client.with_registration_token(&first);
    let read = call!(run, own.dynamic_client_registration_get_oauth2_client().id(&id) => value);
    assert_eq!(read.client_name, made.client_name);

    // Each update issues a new token and invalidates the previous one.
    let name = run.name("renamed");
    let changed = call!(run, own.dynamic_client_registration_update_oauth2_client().id(&id).body_map(|body| {
        body.client_name(&name).redirect_uris(["http://127.0.0.1:5555/callback"])
    }) => value);
    assert_eq!(changed.client_name, Some(name));
    let second = changed.registration_access_token.clone().unwrap();
    assert!(second != first);
    assert!(refused!(run, own.dynamic_client_registration_get_oauth2_client().id(&id)).is_unauthorized());

    let own = client.with_registration_token(second);
    call!(run, own.dynamic_client_registration_delete_oauth2_client().id(&id) => value);
    assert!(refused!(run, client.admin_get_oauth2_client().id(&id)).is_not_found());
}

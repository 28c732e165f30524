//! JSON Web Key sets and their keys.

use std::sync::Arc;

use ory_sdk::error::NextStep;

use super::run::Run;
use super::sweep::Made;

pub async fn run(run: Arc<Run>) {
    let run = &*run;
    let client = &run.client;
    let (set, kid) = (run.name("set"), run.name("key"));
    run.made(Made::KeySet(set.clone()));
    let made = call!(
        run,
        client
            .admin_create_json_web_key_set()
            .set(&set)
            .body_map(|body| body.alg("ES256").use_("sig").kid(&kid)) => value
    );
    assert_eq!(made.status().as_u16(), 201);
    let read = call!(run, client.admin_get_json_web_key_set().set(&set) => value);
    assert_eq!(read.keys.len(), 1);
    let one = call!(run, client.admin_get_json_web_key().set(&set).kid(&kid) => value);
    let key = one.keys[0].clone();
    assert_eq!((key.kid.as_ref(), key.kty.as_str(), key.crv.as_deref()), (Some(&kid), "EC", Some("P-256")));
    assert!(key.d.is_some(), "the private part comes with it");

    let mut changed = key.clone();
    changed.use_ = Some("enc".to_owned());
    let put = call!(run, client.admin_update_json_web_key().set(&set).kid(&kid).body(changed.clone()) => value);
    assert_eq!((put.use_.as_deref(), &put.d), (Some("enc"), &key.d));

    // A set that is sent back as it came keeps its key, including the private part.
    let mut whole = call!(run, client.admin_get_json_web_key_set().set(&set) => value).into_body();
    assert_eq!(whole.keys, [changed]);
    let mut second = key.clone();
    second.kid = Some(run.name("second"));
    whole.keys.push(second);
    let put = call!(run, client.admin_update_json_web_key_set().set(&set).body(whole) => value);
    assert_eq!(put.keys.len(), 2);

    call!(run, client.admin_delete_json_web_key().set(&set).kid(run.name("second")) => value);
    let left = call!(run, client.admin_get_json_web_key_set().set(&set) => value);
    assert_eq!(left.keys.iter().map(|key| key.kid.as_ref()).collect::<Vec<_>>(), [Some(&kid)]);
    call!(run, client.admin_delete_json_web_key_set().set(&set) => value);
    let error = refused!(run, client.admin_get_json_web_key_set().set(&set));
    assert_eq!(error.next_step(), Some(NextStep::NotFound));
}

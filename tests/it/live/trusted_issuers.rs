//! Issuers of signed assertions that Hydra accepts as a grant (RFC 7523).

use std::sync::Arc;

use super::run::Run;
use super::sweep::Made;

pub async fn run(run: Arc<Run>) {
    let run = &*run;
    let client = &run.client;
    let (set, issuer) = (run.name("issuer-keys"), format!("https://{}.example.org", run.name("issuer")));
    run.made(Made::KeySet(set.clone()));
    let keys = call!(
        run,
        client
            .admin_create_json_web_key_set()
            .set(&set)
            .body_map(|body| body.alg("ES256").use_("sig").kid(run.name("issuer-key"))) => value
    );
    // Hydra needs only the public part to trust an issuer.
    let mut key = keys.keys[0].clone();
    key.d = None;

    let made = call!(run, client.admin_trust_oauth2_jwt_grant_issuer().body_map(|body| {
        body.issuer(&issuer)
            .subject("somebody")
            .scope(["openid"])
            .jwk(key.clone())
            .expires_at(chrono::Utc::now() + chrono::Duration::hours(1))
    }) => value);
    let id = made.id.clone().unwrap();
    run.made(Made::Issuer(id.clone()));
    assert_eq!((made.status().as_u16(), made.issuer.as_ref()), (201, Some(&issuer)));

    let listed = call!(run, client.admin_list_trusted_oauth2_jwt_grant_issuers().issuer(&issuer) => value);
    assert_eq!(listed.iter().map(|one| one.id.as_ref()).collect::<Vec<_>>(), [Some(&id)]);
    let read = call!(run, client.admin_get_trusted_oauth2_jwt_grant_issuer().id(&id) => value);
    assert_eq!(read.public_key.as_ref().unwrap().kid, key.kid);
    assert_eq!(read.scope, ["openid"]);
    call!(run, client.admin_delete_trusted_oauth2_jwt_grant_issuer().id(&id) => value);
    assert!(refused!(run, client.admin_get_trusted_oauth2_jwt_grant_issuer().id(&id)).is_not_found());
}

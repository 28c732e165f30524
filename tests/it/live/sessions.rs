//! A user's sessions, as the user and an administrator see them.

use std::sync::Arc;

use std::time::Duration;

use ory_sdk::error::NextStep;
use ory_sdk::sessions::{Checked, Credential, Refusal, Sessions};

use super::person::Person;
use super::run::Run;

pub async fn run(run: Arc<Run>) {
    own(&run).await;
    administered(&run).await;
    cached(&run).await;
}

/// A cached check sees within its time what an administrator revoked, and at once what this program says is revoked.
async fn cached(run: &Run) {
    const MAX_AGE: Duration = Duration::from_secs(1);
    let client = &run.client;
    let person = Person::new(run, "cached").await;
    let sessions = Sessions::builder(client).max_age(MAX_AGE).build().unwrap();
    let (session, token) = person.sign_in(run).await;
    let who = Credential::session_token(token);
    let found = sessions.check(&who).await.unwrap();
    assert_eq!(
        (found.checked(), found.id, found.identity().id.to_string()),
        (Checked::Fresh, session.id, person.id.clone())
    );
    assert!(matches!(sessions.check(&who).await.unwrap().checked(), Checked::Cached(_)));
    call!(run, client.disable_session().id(session.id) => value);
    tokio::time::sleep(MAX_AGE).await;
    assert!(matches!(sessions.check(&who).await, Err(Refusal::Nobody)));

    let (session, token) = person.sign_in(run).await;
    let who = Credential::session_token(token);
    sessions.check(&who).await.unwrap();
    call!(run, client.disable_session().id(session.id) => value);
    sessions.revoke_session(session.id);
    assert!(matches!(sessions.check(&who).await, Err(Refusal::Nobody)));
    assert!(matches!(sessions.check(&Credential::session_token("made-up")).await, Err(Refusal::Nobody)));
}

async fn own(run: &Run) {
    let client = &run.client;
    let person = Person::new(run, "sessions").await;
    let (here, token) = person.sign_in(run).await;
    let mut others = Vec::new();
    for _ in 0..3 {
        others.push(person.sign_in(run).await);
    }
    let signed_in = client.with_session_token(token);
    let listed = call!(run, signed_in.list_sessions() => value);
    assert_eq!(listed.len(), 3, "the session that asks is not in its list");
    assert!(listed.iter().all(|session| session.id != here.id));

    call!(run, signed_in.revoke_session().id(others[0].0.id) => value);
    let gone = client.with_session_token(&others[0].1);
    let error = refused!(run, gone.to_session());
    assert_eq!(error.next_step(), Some(NextStep::SignIn));
    call!(run, signed_in.revoke_sessions() => value);
    for (_, token) in &others[1..] {
        let gone = client.with_session_token(token);
        assert!(refused!(run, gone.to_session()).is_unauthorized());
    }
    let whoami = call!(run, signed_in.to_session() => value);
    assert_eq!(whoami.id, here.id);
    let nobody = refused!(run, client.to_session());
    assert_eq!(nobody.next_step(), Some(NextStep::SignIn));
}

/// A disabled session does not work, but is still there.
async fn disabled(run: &Run, person: &Person) {
    let client = &run.client;
    let (session, token) = person.sign_in(run).await;
    call!(run, client.disable_session().id(session.id) => value);
    let gone = client.with_session_token(token);
    assert!(refused!(run, gone.to_session()).is_unauthorized());
    let one = call!(run, client.get_session().id(session.id) => value);
    assert_eq!(one.active, Some(false));

    // Many at once.
    let (session, token) = person.sign_in(run).await;
    let disable = newer!(run, client.manage_sessions().body_map(|body| body.action("disable").sessions([session.id.to_string()])) => value);
    if disable.is_some() {
        let gone = client.with_session_token(token);
        assert!(refused!(run, gone.to_session()).is_unauthorized());
    }
}

async fn administered(run: &Run) {
    let client = &run.client;
    let person = Person::new(run, "administered").await;
    let (session, token) = person.sign_in(run).await;
    let listed = call!(run, client.admin_list_identity_sessions().id(&person.id).active(true) => value);
    assert_eq!(listed.iter().map(|session| session.id).collect::<Vec<_>>(), [session.id]);

    let extended = call!(run, client.admin_extend_session().id(session.id) => value);
    // Newer servers can be configured to respond with 204, without the session (`faster_session_extend`).
    match extended.as_ref() {
        None => run.report.note("admin_extend_session", "204 without the session"),
        Some(extended) => assert!(extended.id == session.id && extended.expires_at >= session.expires_at),
    }
    // Kratos 0.11 leaves out the identity.
    if extended.as_ref().is_some_and(|session| session.identity.is_none()) {
        run.report.note("admin_extend_session", "without the identity");
    }

    // The lists of all sessions show more only on request.
    let all = call!(run, client.admin_list_sessions().active(true).page_size(1000) => value);
    assert!(all.len() == 1000 || all.iter().any(|one| one.id == session.id && one.identity.is_none()));
    let all = call!(run, client.admin_list_sessions().expand(["identity", "devices"]).page_size(1000) => value);
    let found = all.iter().find(|one| one.id == session.id);
    assert!(all.len() == 1000 || found.is_some_and(|one| one.identity.is_some()));
    let one = call!(run, client.get_session().id(session.id) => value);
    assert_eq!((one.id, one.active, one.identity.as_ref()), (session.id, Some(true), None));
    let one = call!(run, client.get_session().id(session.id).expand(["identity"]) => value);
    assert_eq!(one.identity.as_ref().unwrap().id.to_string(), person.id);
    disabled(run, &person).await;

    call!(run, client.admin_delete_identity_sessions().id(&person.id) => value);
    let gone = client.with_session_token(token);
    assert!(refused!(run, gone.to_session()).is_unauthorized());

    // For an unknown identity, Kratos 0.11 responds with 404, newer versions with an empty list.
    let nobody = uuid::Uuid::from_u128(0x4000_8000_0000_0000_0000);
    let result = client.admin_list_identity_sessions().id(nobody).send().await;
    if result.is_err() {
        assert!(run.refused("admin_list_identity_sessions", result).is_not_found());
        run.report.note("admin_list_identity_sessions", "404 for an unknown identity");
    } else {
        assert!(run.passed("admin_list_identity_sessions", result, crate::support::dispatch::value).is_empty());
    }
}

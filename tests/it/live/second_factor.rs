//! Stepping up with a second factor: a lookup secret.

use std::sync::Arc;

use ory_sdk::Client;
use ory_sdk::error::NextStep;
use ory_sdk::flow::Flow;
use ory_sdk::sessions::{Check, Credential, Refusal, Sessions};
use ory_sdk::types::{
    AuthenticatorAssuranceLevel as Aal, SelfServiceSettingsFlowState as State,
    SubmitSelfServiceLoginFlowWithLookupSecretMethodBody as Reply,
    SubmitSelfServiceSettingsFlowWithLookupMethodBody as Lookup,
};

use super::person::Person;
use super::run::Run;

pub async fn run(run: Arc<Run>) {
    let run = &*run;
    let person = Person::new(run, "second-factor").await;
    let signed_in = run.client.with_session_token(person.sign_in(run).await.1);
    let secrets = secrets(run, &signed_in).await;

    // The session that created the secrets already has the second factor. Another session must step up.
    let whoami = call!(run, signed_in.to_session() => value);
    assert_eq!(whoami.authenticator_assurance_level, Some(Aal::Aal2));
    let token = person.sign_in(run).await.1;
    let sessions = Sessions::builder(&run.client).max_age(std::time::Duration::from_secs(600)).build().unwrap();
    let (who, strong) = (Credential::session_token(&token), Check::new().second_factor());
    assert!(matches!(sessions.check_with(&who, strong).await, Err(Refusal::SecondFactor { url: Some(_) })));
    let signed_in = run.client.with_session_token(&token);
    let flow = call!(run, signed_in.initialize_self_service_login_flow_without_browser().aal("aal2") => value);
    let id = flow.id.to_string();
    assert_eq!(flow.form().group("lookup_secret").count(), 2);
    let body = Reply::builder().lookup_secret(&secrets[0]).build().unwrap();
    let response = call!(run, signed_in.submit_self_service_login_flow().flow(&id).body(body) => value);
    let session = response.into_body().session.unwrap();
    assert_eq!(session.authenticator_assurance_level, Some(Aal::Aal2));
    let whoami = call!(run, signed_in.to_session() => value);
    assert_eq!((whoami.id, whoami.authentication_methods.len()), (session.id, 2));
    // The token is the same, and a cached check does not stand in the way.
    assert!(sessions.check_with(&who, strong).await.is_ok());

    // Each secret works only once.
    let flow = call!(
        run,
        signed_in.initialize_self_service_login_flow_without_browser().aal("aal2").refresh(true) => value
    );
    let body = Reply::builder().lookup_secret(&secrets[0]).build().unwrap();
    let error = refused!(run, signed_in.submit_self_service_login_flow().flow(flow.id.to_string()).body(body));
    assert!(matches!(error.next_step(), Some(NextStep::ShowFlow(form)) if form.is_rejected()), "{error}");
    taken_away(run, &person).await;
}

/// An administrator takes the second factor away, for a user who lost it.
async fn taken_away(run: &Run, person: &Person) {
    let client = &run.client;
    let deleted = newer!(run, client.delete_identity_credentials().id(&person.id).type_("lookup_secret") => value);
    if let Some(deleted) = deleted {
        assert_eq!(deleted.status().as_u16(), 204);
        let signed_in = client.with_session_token(person.sign_in(run).await.1);
        let flow = call!(run, signed_in.initialize_self_service_login_flow_without_browser().aal("aal2") => value);
        assert_eq!(flow.form().group("lookup_secret").count(), 0);
    }
}

/// Lets the server create secrets. It shows them only once, in the form.
async fn secrets(run: &Run, signed_in: &Client) -> Vec<String> {
    let flow = call!(run, signed_in.initialize_self_service_settings_flow_without_browser() => value);
    let id = flow.id.to_string();
    let body = Lookup::builder().lookup_secret_regenerate(true).build().unwrap();
    let response = call!(run, signed_in.submit_self_service_settings_flow().flow(&id).body(body) => value);
    let form = response.into_body().form();
    let node = form.node("lookup_secret_codes").unwrap();
    let list = node.attributes["text"]["context"]["secrets"].as_array().unwrap();
    let secrets: Vec<_> = list.iter().map(|one| one["context"]["secret"].as_str().unwrap().to_owned()).collect();
    assert!(!secrets.is_empty() && !format!("{form:?}").contains(&secrets[0]), "a secret shows");

    let body = Lookup::builder().lookup_secret_confirm(true).build().unwrap();
    let response = call!(run, signed_in.submit_self_service_settings_flow().flow(&id).body(body) => value);
    assert_eq!(response.into_body().state, State::Success);
    secrets
}

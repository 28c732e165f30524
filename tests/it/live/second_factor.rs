//! Stepping up with a second factor: a lookup secret.

use std::sync::Arc;

use ory_sdk::types::{
    AuthenticatorAssuranceLevel as Aal, SelfServiceSettingsFlowState as State,
    SubmitSelfServiceLoginFlowWithLookupSecretMethodBody as Answer,
    SubmitSelfServiceSettingsFlowWithLookupMethodBody as Lookup,
};
use ory_sdk::{Client, Flow, Next};

use super::person::Person;
use super::run::Run;

pub async fn run(run: Arc<Run>) {
    let run = &*run;
    let person = Person::new(run, "second-factor").await;
    let signed_in = run.client.with_session_token(person.sign_in(run).await.1);
    let secrets = secrets(run, &signed_in).await;

    // Who made the secrets has the factor already; another session has to step up.
    let whoami = call!(run, signed_in.to_session() => value);
    assert_eq!(whoami.authenticator_assurance_level, Some(Aal::Aal2));
    let signed_in = run.client.with_session_token(person.sign_in(run).await.1);
    let flow = call!(run, signed_in.initialize_self_service_login_flow_without_browser().aal("aal2") => value);
    let id = flow.id.to_string();
    assert_eq!(flow.form().group("lookup_secret").count(), 2);
    let body = Answer::builder().lookup_secret(&secrets[0]).build().unwrap();
    let answer = call!(run, signed_in.submit_self_service_login_flow().flow(&id).body(body) => or_redirect);
    let session = answer.into_value().unwrap().session.unwrap();
    assert_eq!(session.authenticator_assurance_level, Some(Aal::Aal2));
    let whoami = call!(run, signed_in.to_session() => value);
    assert_eq!((whoami.id, whoami.authentication_methods.len()), (session.id, 2));

    // Each secret is good for once.
    let flow = call!(
        run,
        signed_in.initialize_self_service_login_flow_without_browser().aal("aal2").refresh(true) => value
    );
    let body = Answer::builder().lookup_secret(&secrets[0]).build().unwrap();
    let error = refused!(run, signed_in.submit_self_service_login_flow().flow(flow.id.to_string()).body(body));
    assert!(matches!(error.next(), Some(Next::ShowFlow(form)) if form.is_rejected()), "{error}");
}

/// Has the server make secrets, which are told once, in the form.
async fn secrets(run: &Run, signed_in: &Client) -> Vec<String> {
    let flow = call!(run, signed_in.initialize_self_service_settings_flow_without_browser() => value);
    let id = flow.id.to_string();
    let body = Lookup::builder().lookup_secret_regenerate(true).build().unwrap();
    let answer = call!(run, signed_in.submit_self_service_settings_flow().flow(&id).body(body) => or_redirect);
    let form = answer.into_value().unwrap().form();
    let node = form.node("lookup_secret_codes").unwrap();
    let list = node.attributes["text"]["context"]["secrets"].as_array().unwrap();
    let secrets: Vec<_> = list.iter().map(|one| one["context"]["secret"].as_str().unwrap().to_owned()).collect();
    assert!(!secrets.is_empty() && !format!("{form:?}").contains(&secrets[0]), "a secret shows");

    let body = Lookup::builder().lookup_secret_confirm(true).build().unwrap();
    let answer = call!(run, signed_in.submit_self_service_settings_flow().flow(&id).body(body) => or_redirect);
    assert_eq!(answer.into_value().unwrap().state, State::Success);
    secrets
}

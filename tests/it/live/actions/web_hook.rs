//! Kratos' web hooks: what it tells, and what it obeys.

use std::sync::{Arc, Mutex};

use ory_sdk::actions::{Action, ActionMessage, Decision, FlowContext, IdentityChange, Interrupt};
use ory_sdk::error::NextStep;
use ory_sdk::flow::Flow;
use ory_sdk::types::{
    SelfServiceSettingsFlowState as State, SubmitSelfServiceRegistrationFlowWithPasswordMethodBody as Password,
    SubmitSelfServiceSettingsFlowWithProfileMethodBody as Profile, SuccessfulSelfServiceRegistrationWithoutBrowser,
};
use ory_sdk::{Error, Response};
use serde_json::{Value, json};

use crate::live::person::{PASSWORD, Person};
use crate::live::scene::{Scene, alone};
use crate::live::sweep::Made;

type Seen = Arc<Mutex<Vec<Action<FlowContext>>>>;

/// Notes all calls, and goes on.
fn watched(scene: &Scene) -> Seen {
    let seen = Seen::default();
    let note = Arc::clone(&seen);
    scene.hooks.on_flow(move |call| {
        note.lock().unwrap().push(call.clone());
        Ok(Decision::Continue)
    });
    seen
}

async fn register(
    scene: &Scene,
    traits: Value,
) -> Result<Response<SuccessfulSelfServiceRegistrationWithoutBrowser>, Error> {
    let flow = scene.client.initialize_self_service_registration_flow_without_browser().await.unwrap();
    let body =
        Password::builder().traits(traits).password(PASSWORD).transient_payload(json!({"campaign": "spring"})).build();
    let done = scene.client.submit_self_service_registration_flow().flow(flow.id.to_string()).body(body.unwrap()).await;
    if let Ok(done) = &done {
        scene.run.made(Made::Identity(done.identity.as_ref().unwrap().id.to_string()));
    }
    done
}

fn email(scene: &Scene, what: &str) -> String {
    format!("{}@example.org", scene.run.name(what))
}

#[tokio::test]
#[ignore = "needs the servers of live::actions"]
async fn what_it_tells() {
    alone(|scene| async move {
        let seen = watched(&scene);
        let email = email(&scene, "hook");
        let traits = json!({"email": email, "name": {"first": "Ada"}});
        let identity = register(&scene, traits.clone()).await.unwrap().into_body().identity.unwrap();
        let call = seen.lock().unwrap().pop().unwrap();
        assert_eq!(call.request_method, "POST");
        assert!(call.request_url.as_ref().unwrap().as_str().contains("/self-service/registration"));
        assert!(call.header("user-agent").unwrap().starts_with("ory-sdk"), "{:?}", call.header("user-agent"));
        assert_eq!(call.flow.type_, "api");
        assert_eq!(call.flow.active, None, "Kratos does not say it in a registration");
        assert!(call.flow.state.is_some() && call.flow.request_url.is_some());
        assert!(call.flow.issued_at.unwrap() < call.flow.expires_at.unwrap());
        assert_eq!(call.flow.transient_payload, json!({"campaign": "spring"}));
        assert!(call.session.is_none() && call.trigger_id().is_some() && call.request_id().is_some());
        let told = call.identity.as_ref().unwrap();
        assert_eq!((told.id, told.traits.clone()), (None, traits), "it is not stored yet");
        assert_eq!((told.schema_id.as_str(), told.state.as_str()), ("default", "active"));

        // An identity with all that an administrator can give it, in a browser.
        let person = Person::new(&scene.run, "hook-settings").await;
        let external_id = scene.run.name("external");
        let patch = json!([
            {"op": "add", "path": "/external_id", "value": external_id},
            {"op": "add", "path": "/metadata_public", "value": {"tier": "gold"}},
            {"op": "add", "path": "/metadata_admin", "value": {"note": "hidden"}},
        ]);
        scene.client.admin_patch_identity().id(&person.id).json_body(patch).await.unwrap();
        seen.lock().unwrap().clear();
        let jar = person.sign_in_by_browser(&scene.run).await;
        let call = seen.lock().unwrap().pop().unwrap();
        let told = call.identity.as_ref().unwrap();
        assert_eq!(told.id.unwrap().to_string(), person.id);
        assert_eq!((told.external_id.as_ref(), &told.metadata_public), (Some(&external_id), &json!({"tier": "gold"})));
        assert!(told.created_at.is_some() && told.updated_at.is_some());
        let [address] = &told.verifiable_addresses[..] else { panic!("{:?}", told.verifiable_addresses) };
        assert_eq!((&address.value, address.via.as_str(), address.verified), (&person.email, "email", Some(false)));
        assert_eq!(address.status.as_deref(), Some("pending"));
        assert_eq!(told.recovery_addresses[0].value, person.email);
        assert_eq!((call.flow.type_.as_str(), call.flow.refresh), ("browser", false));
        assert_eq!(call.flow.requested_aal.as_deref(), Some("aal1"));
        let session = call.session.as_ref().unwrap();
        assert_eq!(session.authenticator_assurance_level, "aal1");
        assert_eq!(session.authentication_methods[0].method, "password");
        assert_eq!((session.id, session.active, session.devices.len()), (None, true, 1), "it is not stored yet");
        assert!(session.authenticated_at.is_some() && session.expires_at.unwrap() > session.issued_at.unwrap());
        assert_eq!(call.flow.active.as_deref(), Some("password"));

        let browser = scene.client.with_cookie_jar(jar);
        let form = browser.initialize_self_service_settings_flow_for_browsers().await.unwrap().into_body().form();
        let mut body = form.submit_body("profile");
        body.insert("traits".to_owned(), json!({"email": person.email, "age": 36}));
        let done = browser.submit_self_service_settings_flow().flow(&form.id).json_body(body.into()).await.unwrap();
        assert_eq!(done.into_body().state, State::Success);
        let call = seen.lock().unwrap().pop().unwrap();
        assert_eq!(call.identity.as_ref().unwrap().id.unwrap().to_string(), person.id);
        assert_eq!(call.identity.as_ref().unwrap().traits["age"], 36);
        assert!(call.session.as_ref().is_none_or(|session| session.id.is_some()), "since 26.2");
        assert_ne!(identity.id.to_string(), person.id);
    })
    .await;
}

#[tokio::test]
#[ignore = "needs the servers of live::actions"]
async fn interruptions() {
    alone(|scene| async move {
        let email = email(&scene, "stopped");
        scene.hooks.on_flow(|_| {
            let field = ActionMessage::error(9_000_001, "Use an address that you keep.").context("why", "throwaway");
            let form = ActionMessage::info(9_000_003, "Try again tomorrow.");
            Ok(Interrupt::at("/traits/email", field)?.and_form(form).into())
        });
        let error = register(&scene, json!({"email": email})).await.unwrap_err();
        assert_eq!(error.status().unwrap().as_u16(), 400);
        let Some(NextStep::ShowFlow(form)) = error.next_step() else { panic!("no flow: {error}") };
        let [message] = &form.node("traits.email").unwrap().messages[..] else { panic!("{error}") };
        assert_eq!((message.id, message.text.as_str()), (9_000_001, "Use an address that you keep."));
        assert!(form.messages.iter().any(|message| message.id == 9_000_003), "{:?}", form.messages);
        let stored = scene.client.admin_list_identities().credentials_identifier(&email).await.unwrap();
        assert!(stored.is_empty(), "nobody was stored");

        // Settings are stopped, too.
        scene.hooks.on_flow(|_| Ok(Decision::Continue));
        let person = Person::new(&scene.run, "stopped-settings").await;
        let own = scene.client.with_session_token(person.sign_in(&scene.run).await.1);
        scene
            .hooks
            .on_flow(|_| Ok(Interrupt::at("/traits/age", ActionMessage::error(9_000_006, "Too young."))?.into()));
        let flow = own.initialize_self_service_settings_flow_without_browser().await.unwrap();
        let body = Profile::builder().traits(json!({"email": person.email, "age": 7})).build().unwrap();
        let error = own.submit_self_service_settings_flow().flow(flow.id.to_string()).body(body).await.unwrap_err();
        let Some(NextStep::ShowFlow(form)) = error.next_step() else { panic!("no flow: {error}") };
        assert_eq!(form.node("traits.age").unwrap().messages[0].id, 9_000_006);
        let stored = scene.client.admin_get_identity().id(&person.id).await.unwrap();
        assert_eq!(stored.traits.as_ref().unwrap()["age"], Value::Null);
    })
    .await;
}

#[tokio::test]
#[ignore = "needs the servers of live::actions"]
async fn changes() {
    alone(|scene| async move {
        let email = email(&scene, "changed");
        scene.hooks.on_flow(|call| {
            let mut traits = call.identity.as_ref().ok_or("no identity")?.traits.clone();
            traits["name"] = json!({"first": "Grace"});
            let address = ory_sdk::actions::ActionAddress::email(traits["email"].as_str().ok_or("no email")?);
            let change = IdentityChange::new().traits(traits).metadata_public(json!({"tier": "free"}));
            let change = change.metadata_admin(json!({"from": "hook"}));
            Ok(change.verifiable_addresses([address.verified()]).into())
        });
        let done = register(&scene, json!({"email": email, "name": {"first": "Ada"}})).await.unwrap();
        let id = done.identity.as_ref().unwrap().id.to_string();
        let stored = scene.client.admin_get_identity().id(&id).await.unwrap();
        assert_eq!(*stored.traits.as_ref().unwrap(), json!({"email": email, "name": {"first": "Grace"}}));
        assert_eq!(stored.metadata_public, Some(json!({"tier": "free"})));
        assert_eq!(stored.metadata_admin, Some(json!({"from": "hook"})));
        let addresses = stored.verifiable_addresses.as_slice();
        assert!(
            addresses.iter().all(|address| address.verified == Some(true)) && addresses.len() == 1,
            "{addresses:?}"
        );
    })
    .await;
}

/// Kratos tells a native app of its own failures by 400, with the status in the body.
fn is_broken(error: &Error) -> bool {
    error.json().is_some_and(|body| body["error"]["code"] == 500)
}

/// A handler that fails twice: Kratos tries three times, with the same trigger.
#[tokio::test]
#[ignore = "needs the servers of live::actions"]
async fn tries() {
    alone(|scene| async move {
        let ids = Arc::new(Mutex::new(Vec::new()));
        let note = Arc::clone(&ids);
        scene.hooks.on_flow(move |call| {
            let mut ids = note.lock().unwrap();
            ids.push((call.trigger_id().unwrap(), call.request_id().unwrap()));
            if ids.len() < 3 { Err("the database is away".into()) } else { Ok(Decision::Continue) }
        });
        register(&scene, json!({"email": email(&scene, "retried")})).await.unwrap();
        assert_eq!(scene.hooks.answered("/registration"), [500, 500, 204]);
        let tried = std::mem::take(&mut *ids.lock().unwrap());
        assert!(tried.iter().all(|(trigger, _)| *trigger == tried[0].0), "{tried:?}");
        assert!(tried[0].1 != tried[1].1 && tried[1].1 != tried[2].1, "{tried:?}");

        scene.hooks.on_flow(|_| Err("the database is away".into()));
        let error = register(&scene, json!({"email": email(&scene, "failed")})).await.unwrap_err();
        assert!(is_broken(&error) && !error.to_string().contains("database"), "{error}");
        // A wrong key is no decision either.
        scene.hooks.answered("/registration");
        scene.hooks.expect_key("another-key");
        let error = register(&scene, json!({"email": email(&scene, "locked-out")})).await.unwrap_err();
        assert!(is_broken(&error), "{error}");
        assert_eq!(scene.hooks.answered("/registration"), [401]);
    })
    .await;
}

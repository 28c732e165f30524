//! Passwords that another system keeps.

use std::sync::{Arc, Mutex};

use ory_sdk::actions::PasswordDecision;
use ory_sdk::error::NextStep;
use ory_sdk::types::SubmitSelfServiceLoginFlowWithPasswordMethodBody as Password;
use ory_sdk::{Error, Secret};
use serde_json::json;

use crate::live::scene::{Scene, alone};
use crate::live::sweep::Made;

async fn sign_in(scene: &Scene, email: &str, password: &str) -> Result<Option<Secret>, Error> {
    let flow = scene.client.initialize_self_service_login_flow_without_browser().await.unwrap();
    let body = Password::builder().identifier(email).password(password).build().unwrap();
    let done = scene.client.submit_self_service_login_flow().flow(flow.id.to_string()).body(body).await?;
    Ok(done.into_body().session_token)
}

#[tokio::test]
#[ignore = "needs the servers of live::actions"]
async fn migration() {
    alone(|scene| async move {
        let email = format!("{}@example.org", scene.run.name("migrated"));
        let made = scene.client.admin_create_identity().json_body(json!({
            "schema_id": "default", "traits": {"email": email},
            "credentials": {"password": {"config": {"use_password_migration_hook": true}}},
        }));
        let id = made.await.unwrap().id.to_string();
        scene.run.made(Made::Identity(id));
        const RIGHT: &str = "what they always typed, with ünïcode";
        let asked = Arc::new(Mutex::new(Vec::new()));
        let note = Arc::clone(&asked);
        scene.hooks.on_password(move |call| {
            note.lock().unwrap().push(call.identifier.clone());
            let is_right = call.password.expose() == RIGHT;
            Ok(if is_right { PasswordDecision::Match } else { PasswordDecision::NoMatch })
        });

        let error = sign_in(&scene, &email, "something else").await.unwrap_err();
        let Some(NextStep::ShowFlow(form)) = error.next_step() else { panic!("no flow: {error}") };
        assert_eq!(form.messages[0].id, 4_000_006);
        // Somebody must look at it, and the person is not told that their password is wrong.
        scene.hooks.expect_key("another-key");
        let error = sign_in(&scene, &email, RIGHT).await.unwrap_err();
        assert!(error.is_server_error(), "{error}");
        scene.hooks.expect_key(crate::live::hooks::KEY);

        scene.hooks.answered("/password");
        assert!(sign_in(&scene, &email, RIGHT).await.unwrap().is_some());
        assert_eq!(scene.hooks.answered("/password"), [200]);
        assert!(sign_in(&scene, &email, RIGHT).await.unwrap().is_some());
        assert_eq!(scene.hooks.answered("/password"), [0_u16; 0], "the password is Kratos' own now");
        assert!(asked.lock().unwrap().iter().all(|asked| *asked == email));
    })
    .await;
}

//! A native app signs a person in: with a password, then with a second factor, and out again.
//!
//! ```text
//! cargo run --example sign_in
//! ```

use std::error::Error;

use ory_sdk::error::NextStep;
use ory_sdk::flow::FlowKind;
use ory_sdk::testing::StandIn;
use ory_sdk::types::SubmitSelfServiceLoginFlowWithPasswordMethodBody as Password;
use ory_sdk::types::SubmitSelfServiceLoginFlowWithTotpMethodBody as Totp;
use ory_sdk::{Client, Secret};

/// What came of a password.
enum SignIn {
    Token(Secret),
    /// What the form says to the person, such as that the password is wrong.
    Refused(Vec<String>),
}

async fn sign_in(ory: &Client, email: &str, password: &str) -> ory_sdk::Result<SignIn> {
    let flow = ory.initialize_self_service_login_flow_without_browser().await?;
    let body = Password::builder().identifier(email).password(password).build()?;
    match ory.submit_self_service_login_flow().flow(flow.id).body(body).await {
        Ok(login) => match login.into_body().session_token {
            Some(token) => Ok(SignIn::Token(token)),
            // A native flow has one. Without it, nobody is signed in.
            None => Ok(SignIn::Refused(Vec::new())),
        },
        Err(error) => match error.next_step() {
            Some(NextStep::ShowFlow(form)) => {
                Ok(SignIn::Refused(form.all_messages().map(|message| message.text.clone()).collect()))
            }
            // An outage, a limit, a proxy: nothing that the person did.
            _ => Err(error),
        },
    }
}

/// The second factor belongs to the session that the password began: the handle of the person starts the flow.
async fn second_factor(person: &Client, code: Secret) -> ory_sdk::Result<()> {
    let flow = person.create_flow(FlowKind::Login).native().aal2().await?;
    let body = Totp::builder().totp_code(code).build()?;
    person.submit_self_service_login_flow().flow(&*flow.id).body(body).await?;
    Ok(())
}

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let stand_in = StandIn::start().await?;
    let email = "ada@example.org";
    stand_in.person(email).password("a-Long-passw0rd!").totp().create();
    let ory = stand_in.client_builder().build()?;

    let SignIn::Refused(messages) = sign_in(&ory, email, "guessed").await? else {
        return Err("a wrong password signed somebody in".into());
    };
    println!("a wrong password: {messages:?}");
    let SignIn::Token(token) = sign_in(&ory, email, "a-Long-passw0rd!").await? else {
        return Err("the password was refused".into());
    };

    // A handle is a cheap clone of the client with the token of a person. Keep the token where other apps cannot read it.
    let ada = ory.with_session_token(&token);
    let error = ada.to_session().await.err().ok_or("the second factor was not asked for")?;
    assert!(matches!(error.next_step(), Some(NextStep::StepUp { .. })), "{error}");
    println!("the right one:    a second factor, please");

    second_factor(&ada, stand_in.totp_code(email).ok_or("no authenticator")?).await?;
    let session = ada.to_session().await?;
    println!("with both:        session {} until {:?}", session.id, session.expires_at);

    ory.submit_self_service_logout_flow_without_browser().body_map(|body| body.session_token(token)).await?;
    assert!(ada.to_session().await.is_err_and(|error| error.is_unauthorized()));
    println!("signed out");
    Ok(())
}

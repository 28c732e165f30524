//! A person registers, signs in, changes a trait, is listed, and signs out.

use std::error::Error;
use std::io::Write;

use ory_sdk::{Client, Secret, types};
use serde_json::json;

use super::made::Made;

pub async fn register(
    client: &Client,
    email: &str,
    password: &Secret,
    made: &mut Made,
    out: &mut dyn Write,
) -> Result<(), Box<dyn Error>> {
    let flow = client.initialize_self_service_registration_flow_without_browser().send().await?;
    let body = types::SubmitSelfServiceRegistrationFlowWithPasswordMethodBody::builder()
        .password(password.clone())
        .traits(json!({"email": email, "name": {"first": "Ada", "last": "Lovelace"}}))
        .build()?;
    let response = client.submit_self_service_registration_flow().flow(flow.id).body(body).send().await?;
    let identity = response.into_body().identity.ok_or("registration gave no identity")?;
    made.identity = Some(identity.id.to_string());
    writeln!(out, "registered {email}: identity {}", identity.id)?;
    Ok(())
}

pub async fn sign_in(
    client: &Client,
    email: &str,
    password: &Secret,
    out: &mut dyn Write,
) -> Result<Secret, Box<dyn Error>> {
    let flow = client.initialize_self_service_login_flow_without_browser().send().await?;
    let body = types::SubmitSelfServiceLoginFlowWithPasswordMethodBody::builder()
        .identifier(email)
        .password(password.clone())
        .build()?;
    let response = client.submit_self_service_login_flow().flow(flow.id).body(body).send().await?;
    let token = response.into_body().session_token.ok_or("login gave no session token")?;
    writeln!(out, "signed in with the password")?;
    Ok(token)
}

/// Changes one trait. It sends the others too, since Kratos replaces them as a whole.
pub async fn subscribe(user: &Client, identity: types::Identity, out: &mut dyn Write) -> Result<(), Box<dyn Error>> {
    let mut traits = identity.traits.ok_or("the identity has no traits")?;
    traits["newsletter"] = json!(true);
    let flow = user.initialize_self_service_settings_flow_without_browser().send().await?;
    let body = types::SubmitSelfServiceSettingsFlowWithProfileMethodBody::builder().traits(traits).build()?;
    let response = user.submit_self_service_settings_flow().flow(flow.id).body(body).send().await?;
    let identity = response.into_body().identity.ok_or("the settings flow has no identity")?;
    let newsletter = identity.traits.is_some_and(|traits| traits["newsletter"] == true);
    writeln!(out, "changed a trait: newsletter is {newsletter}")?;
    if newsletter { Ok(()) } else { Err("the trait was not changed".into()) }
}

const PAGE_SIZE: i64 = 10;

/// Counts the pages and the identities on them, up to two pages.
pub async fn list(client: &Client) -> Result<(usize, usize), Box<dyn Error>> {
    let mut pages = client.admin_list_identities().page_size(PAGE_SIZE).by_page().max_pages(2);
    let (mut count, mut identities) = (0, 0);
    while let Some(page) = pages.next().await {
        count += 1;
        identities += page?.len();
    }
    Ok((count, identities))
}

pub async fn sign_out(user: &Client, token: Secret, out: &mut dyn Write) -> Result<(), Box<dyn Error>> {
    user.submit_self_service_logout_flow_without_browser().body_map(|body| body.session_token(token)).send().await?;
    match user.to_session().send().await {
        Err(error) if error.is_unauthorized() => {
            writeln!(out, "signed out: the session token is refused now")?;
            Ok(())
        }
        Err(error) => Err(error.into()),
        Ok(_) => Err("the session token is still valid after signing out".into()),
    }
}

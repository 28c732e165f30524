//! A user registers, signs in and changes a trait; an OAuth2 client gets a token; a permission is checked if there is a Keto.
//! Then everything is deleted.
//!
//! ```text
//! cargo run --example quickstart
//! ```
//!
//! runs against a stand-in in this process. Set `ORY_SDK_URL`, or `ORY_KRATOS_PUBLIC_URL`, `ORY_KRATOS_ADMIN_URL`,
//! `ORY_HYDRA_PUBLIC_URL` and `ORY_HYDRA_ADMIN_URL`, to run it against real servers. Their identity schema needs the
//! traits `email`, `name.first`, `name.last` and `newsletter`. With `ORY_KETO_READ_URL` and `ORY_KETO_WRITE_URL`, or with
//! `ORY_SDK_URL`, it also gives the user the relation `owner` to an object in Keto, and checks it.

use std::error::Error;
use std::io::{self, Write};
use std::time::{SystemTime, UNIX_EPOCH};

use ory_sdk::contract::Endpoint;
use ory_sdk::http::StatusCode;
use ory_sdk::testing::StandIn;
use ory_sdk::{Client, Secret, types};
use serde_json::json;

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let (client, stand_in) = connect().await?;
    let out = &mut io::stdout();
    let servers = if stand_in.is_some() { "a stand-in in this process" } else { "the servers in the environment" };
    writeln!(out, "calling {servers}")?;
    run(&client, out).await
}

/// A client for the servers in the environment, or for a stand-in, which stops when it is dropped.
async fn connect() -> Result<(Client, Option<StandIn>), Box<dyn Error>> {
    let single = ["KRATOS_PUBLIC", "KRATOS_ADMIN", "HYDRA_PUBLIC", "HYDRA_ADMIN"].map(|name| format!("ORY_{name}_URL"));
    let is_set = |name: &String| std::env::var_os(name).is_some_and(|url| !url.is_empty());
    if is_set(&"ORY_SDK_URL".to_owned()) || single.iter().any(is_set) {
        return Ok((Client::from_env()?, None));
    }
    let stand_in = StandIn::start().await?;
    stand_in.set_namespaces(["File"]);
    let client = stand_in.client_builder().build()?;
    Ok((client, Some(stand_in)))
}

/// What to delete at the end.
#[derive(Default)]
struct Made {
    identity: Option<String>,
    oauth2_client: Option<String>,
    /// Namespace and object of a relationship.
    relationship: Option<(String, String)>,
}

/// Runs all steps, and prints a line for each. Deletes what it made, even if a step fails.
pub async fn run(client: &Client, out: &mut dyn Write) -> Result<(), Box<dyn Error>> {
    for endpoint in [Endpoint::KratosPublic, Endpoint::KratosAdmin, Endpoint::HydraPublic, Endpoint::HydraAdmin] {
        let url = client.endpoint(&endpoint).ok_or_else(|| format!("{endpoint} is not configured: set its URL"))?;
        writeln!(out, "{endpoint} is at {url}")?;
    }
    let mut made = Made::default();
    let outcome = steps(client, &mut made, out).await;
    let cleaned = clean_up(client, &made, out).await;
    outcome.and(cleaned)
}

async fn steps(client: &Client, made: &mut Made, out: &mut dyn Write) -> Result<(), Box<dyn Error>> {
    let unique = SystemTime::now().duration_since(UNIX_EPOCH)?.as_nanos();
    let email = format!("quickstart-{unique}@example.org");
    let password: String = std::iter::repeat_with(fastrand::alphanumeric).take(24).collect();
    let password = Secret::from(password);

    register(client, &email, &password, made, out).await?;
    let token = sign_in(client, &email, &password, out).await?;
    // Calls with this handle send the user's token in `X-Session-Token`.
    let user = client.with_session_token(token.clone());
    let session = user.to_session().await?;
    let identity = session.into_body().identity.ok_or("the session has no identity")?;
    writeln!(out, "asked whose session it is: identity {}", identity.id)?;
    let id = identity.id;
    subscribe(&user, identity, out).await?;

    let (pages, identities) = list(client).await?;
    writeln!(out, "listed identities: {identities} on {pages} page(s), of at most two")?;

    oauth2(client, made, out).await?;
    permission(client, &id.to_string(), made, out).await?;
    sign_out(&user, token, out).await
}

async fn register(
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

async fn sign_in(
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
async fn subscribe(user: &Client, identity: types::Identity, out: &mut dyn Write) -> Result<(), Box<dyn Error>> {
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

async fn oauth2(client: &Client, made: &mut Made, out: &mut dyn Write) -> Result<(), Box<dyn Error>> {
    let oauth2_client = client
        .admin_create_oauth2_client()
        .body_map(|body| body.client_name("quickstart").grant_types(["client_credentials"]).scope("read write"))
        .send()
        .await?
        .into_body();
    let id = oauth2_client.client_id.ok_or("the OAuth2 client has no id")?;
    made.oauth2_client = Some(id.clone());
    let secret = oauth2_client.client_secret.ok_or("the OAuth2 client has no secret")?;
    writeln!(out, "created OAuth2 client {id}")?;

    let token = client
        .with_client_credentials(&id, secret)
        .perform_oauth2_token_flow()
        .body_map(|body| body.grant_type("client_credentials").scope("read"))
        .send()
        .await?
        .into_body();
    let (scope, seconds) = (token.scope.unwrap_or_default(), token.expires_in.unwrap_or_default());
    writeln!(out, "got an access token for the scope {scope:?}, for {seconds} seconds")?;
    let token = token.access_token.ok_or("there is no access token")?;

    let introspected = client.admin_introspect_oauth2_token().body_map(|body| body.token(token)).send().await?;
    let owner = introspected.into_body().client_id.ok_or("the token is not active")?;
    writeln!(out, "introspected it: active, for client {owner}")?;
    if owner == id { Ok(()) } else { Err("the token belongs to another client".into()) }
}

/// Makes the user the owner of an object, and asks Keto whether that is so.
async fn permission(client: &Client, user: &str, made: &mut Made, out: &mut dyn Write) -> Result<(), Box<dyn Error>> {
    if [Endpoint::KetoRead, Endpoint::KetoWrite].iter().any(|endpoint| client.endpoint(endpoint).is_none()) {
        return Ok(());
    }
    let namespaces = match client.list_relationship_namespaces().await {
        Ok(response) => response.into_body().namespaces,
        // The URL leads to servers without Keto.
        Err(error) if error.is_unknown_route() || error.status() == Some(StatusCode::NOT_IMPLEMENTED) => return Ok(()),
        Err(error) => return Err(error.into()),
    };
    let object = format!("quickstart-{user}");
    for namespace in namespaces.into_iter().map(|namespace| namespace.name) {
        let check = client.check_permission().namespace(&*namespace).object(&*object).relation("owner").subject(user);
        match check.clone().await {
            Ok(_) => {}
            // The configuration gives this namespace no such relation.
            Err(error) if error.status() == Some(StatusCode::BAD_REQUEST) => continue,
            Err(error) => return Err(error.into()),
        }
        made.relationship = Some((namespace.clone(), object.clone()));
        let owner = types::Relationship::builder().namespace(&*namespace).object(&*object).relation("owner");
        client.create_relationship().body(owner.subject(user).build()?).await?;
        let allowed = check.await?.allowed;
        writeln!(out, "asked Keto whether the user owns {namespace}:{object}: {allowed}")?;
        return if allowed { Ok(()) } else { Err("the permission was not given".into()) };
    }
    writeln!(out, "no namespace of Keto has the relation `owner`")?;
    Ok(())
}

async fn sign_out(user: &Client, token: Secret, out: &mut dyn Write) -> Result<(), Box<dyn Error>> {
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

/// Deletes everything in `made`, or as much as it can.
async fn clean_up(client: &Client, made: &Made, out: &mut dyn Write) -> Result<(), Box<dyn Error>> {
    let oauth2_client = match &made.oauth2_client {
        Some(id) => client.admin_delete_oauth2_client().id(id).send().await.map(|_| "deleted the OAuth2 client\n"),
        None => Ok(""),
    };
    let identity = match &made.identity {
        Some(id) => client.admin_delete_identity().id(id).send().await.map(|_| "deleted the identity\n"),
        None => Ok(""),
    };
    let relationship = match &made.relationship {
        Some((namespace, object)) => {
            let call = client.delete_relationships().namespace(namespace).object(object).send();
            call.await.map(|_| "deleted the relationship\n")
        }
        None => Ok(""),
    };
    write!(out, "{}{}{}", relationship?, oauth2_client?, identity?)?;
    Ok(())
}

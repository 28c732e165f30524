//! A permission is given and checked, if there is a Keto.

use std::error::Error;
use std::io::Write;

use ory_sdk::contract::Endpoint;
use ory_sdk::http::StatusCode;
use ory_sdk::{Client, types};

use super::made::Made;

/// Makes the user the owner of an object, and asks Keto whether that is so.
pub async fn check(client: &Client, user: &str, made: &mut Made, out: &mut dyn Write) -> Result<(), Box<dyn Error>> {
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
        let question =
            client.check_permission().namespace(&*namespace).object(&*object).relation("owner").subject(user);
        match question.clone().await {
            Ok(_) => {}
            // The configuration gives this namespace no such relation.
            Err(error) if error.status() == Some(StatusCode::BAD_REQUEST) => continue,
            Err(error) => return Err(error.into()),
        }
        made.relationship = Some((namespace.clone(), object.clone()));
        let owner = types::Relationship::builder().namespace(&*namespace).object(&*object).relation("owner");
        client.create_relationship().body(owner.subject(user).build()?).await?;
        let allowed = question.await?.allowed;
        writeln!(out, "asked Keto whether the user owns {namespace}:{object}: {allowed}")?;
        return if allowed { Ok(()) } else { Err("the permission was not given".into()) };
    }
    writeln!(out, "no namespace of Keto has the relation `owner`")?;
    Ok(())
}

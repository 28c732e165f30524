//! Imports people from another system, several at a time, with a bar that shows how far it is. A second run imports only those
//! who are missing.
//!
//! ```text
//! cargo run --example import
//! ```

use std::error::Error;
use std::time::Duration;

use indicatif::{ProgressBar, ProgressStyle};
use ory_sdk::http::StatusCode;
use ory_sdk::retry::Retry;
use ory_sdk::testing::{Fault, StandIn};
use ory_sdk::{Client, types};
use serde_json::{Value, json};
use tokio::task::JoinSet;

const AT_ONCE: usize = 4;

/// What became of a person.
enum Outcome {
    Imported,
    Existed,
}

async fn import(ory: &Client, person: &Value) -> ory_sdk::Result<Outcome> {
    // Any bcrypt, argon2 or other hash that Kratos knows. Passwords in clear would be `password` instead.
    let password = json!({"config": {"hashed_password": person["password_hash"]}});
    let credentials = types::AdminIdentityImportCredentials::builder().password(password).build()?;
    let traits = json!({"email": person["email"]});
    let create =
        ory.admin_create_identity().body_map(|body| body.schema_id("default").traits(traits).credentials(credentials));
    match create.await {
        Ok(_) => Ok(Outcome::Imported),
        // The address is taken: by an earlier run, or by a try of this call whose response was lost.
        Err(error) if error.is_conflict() => Ok(Outcome::Existed),
        Err(error) => Err(error),
    }
}

/// Imports everybody, and returns how many are new, how many were there, and who could not be imported.
async fn import_all(ory: &Client, people: Vec<Value>, bar: &ProgressBar) -> (usize, usize, Vec<String>) {
    let (mut imported, mut existed, mut failed) = (0, 0, Vec::new());
    let (mut waiting, mut running) = (people.into_iter(), JoinSet::new());
    loop {
        while running.len() < AT_ONCE
            && let Some(person) = waiting.next()
        {
            let ory = ory.clone();
            running.spawn(async move { (import(&ory, &person).await, person) });
        }
        match running.join_next().await {
            Some(Ok((Ok(Outcome::Imported), _))) => imported += 1,
            Some(Ok((Ok(Outcome::Existed), _))) => existed += 1,
            // The reason of an error may repeat an address; `log_safe` leaves it out.
            Some(Ok((Err(error), person))) => failed.push(format!("{}: {}", person["number"], error.log_safe())),
            Some(Err(why)) => failed.push(why.to_string()),
            None => return (imported, existed, failed),
        }
        bar.inc(1);
    }
}

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let stand_in = StandIn::start().await?;
    // Nobody waits for a batch, so it may try for longer. These waits are short, since nobody waits for an example either.
    let retry = Retry::new().tries(6).limited_wait(Duration::from_millis(50)).budget(200);
    let ory = stand_in.client_builder().timeout(Duration::from_secs(120)).retry(retry).build()?;
    // "correct horse", hashed by the old system.
    let hash = "$2b$04$w2HgR6T2qVqBQqDOYhFE4uNN2TqP1nNqSpVsP7bKQ0RVhIYl9Nn3W";
    let person =
        |number: usize| json!({"number": number, "email": format!("{number}@example.org"), "password_hash": hash});
    let mut people: Vec<Value> = (0..200).map(person).collect();
    people[7]["email"] = "no address".into();

    let style = ProgressStyle::with_template("{bar:40} {pos}/{len} {per_sec} {eta}")?;
    let bar = ProgressBar::new(people.len() as u64).with_style(style.clone());
    // Some calls come too fast. The client waits and repeats them.
    stand_in.fail("admin_create_identity", Fault::status(StatusCode::TOO_MANY_REQUESTS).times(3))?;
    let (imported, existed, failed) = import_all(&ory, people.clone(), &bar).await;
    bar.finish();
    println!("{imported} imported, {existed} were there, failed: {failed:?}");
    assert_eq!((imported, existed, failed.len()), (199, 0, 1));

    let (imported, existed, failed) = import_all(&ory, people, &ProgressBar::hidden()).await;
    println!("once more: {imported} imported, {existed} were there, {} failed", failed.len());
    assert_eq!((imported, existed, failed.len()), (0, 199, 1));
    Ok(())
}

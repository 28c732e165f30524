//! Who may do what: relationships of people, groups and files, and the checks of a service that shows the files.
//!
//! ```text
//! cargo run --example permissions
//! ```

use std::error::Error;

use ory_sdk::input::Subject;
use ory_sdk::testing::{Fault, StandIn};
use ory_sdk::types::Relationship;
use ory_sdk::{Client, http::StatusCode};

/// Gives somebody a relation to something.
async fn give(ory: &Client, namespace: &str, object: &str, relation: &str, subject: Subject) -> ory_sdk::Result<()> {
    let new = Relationship::builder().namespace(namespace).object(object).relation(relation).subject(subject);
    ory.create_relationship().body(new.build()?).await?;
    Ok(())
}

/// The response of the service that has the files.
async fn open(ory: &Client, file: &str, person: &str) -> StatusCode {
    match ory.check_permission().namespace("File").object(file).relation("viewers").subject(person).await {
        Ok(check) if check.allowed => StatusCode::OK,
        Ok(_) => StatusCode::FORBIDDEN,
        // Nobody knows, so nobody gets in.
        Err(_) => StatusCode::SERVICE_UNAVAILABLE,
    }
}

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let stand_in = StandIn::start().await?;
    stand_in.set_namespaces(["Group", "File"]);
    let ory = stand_in.client_builder().build()?;

    // Ada is a member of the staff. The staff may see the letter, and Bob may see the invoice.
    give(&ory, "Group", "staff", "members", Subject::id("ada")).await?;
    give(&ory, "File", "letter", "viewers", Subject::set("Group", "staff", "members")).await?;
    give(&ory, "File", "invoice", "viewers", Subject::id("bob")).await?;
    for (person, file, expected) in [
        ("ada", "letter", StatusCode::OK),
        ("ada", "invoice", StatusCode::FORBIDDEN),
        ("bob", "letter", StatusCode::FORBIDDEN),
        ("bob", "invoice", StatusCode::OK),
    ] {
        let status = open(&ory, file, person).await;
        println!("{person} opens the {file}: {status}");
        assert_eq!(status, expected);
    }

    // A page with many files asks once.
    let questions = ["letter", "invoice"]
        .map(|file| Relationship::builder().namespace("File").object(file).relation("viewers").subject("ada").build());
    let questions = questions.into_iter().collect::<Result<Vec<_>, _>>()?;
    let answers = ory.batch_check_permission().body_map(|body| body.tuples(questions)).await?;
    let allowed: Vec<bool> = answers.results.iter().map(|answer| answer.allowed).collect();
    println!("ada sees the letter and the invoice in a list: {allowed:?}");
    assert_eq!(allowed, [true, false]);

    // Who has been given the letter, as it is stored.
    let mut rows = ory.get_relationships().namespace("File").object("letter").by_item();
    while let Some(row) = rows.next().await {
        let row = row?;
        println!("the {} of the letter: {}", row.relation, row.subject().ok_or("no subject")?);
    }

    ory.delete_relationships().namespace("Group").object("staff").subject("ada").await?;
    println!("ada leaves the staff, and opens the letter: {}", open(&ory, "letter", "ada").await);
    assert_eq!(open(&ory, "letter", "ada").await, StatusCode::FORBIDDEN);

    stand_in.fail_all(Fault::status(StatusCode::SERVICE_UNAVAILABLE).always());
    let impatient = stand_in.client_builder().retry(ory_sdk::retry::Retry::off()).build()?;
    println!("while Keto is away: {}", open(&impatient, "invoice", "bob").await);
    Ok(())
}

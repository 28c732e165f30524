//! A page of a list for each visit of a web page, with a link to the next one: the link holds a cursor.
//!
//! ```text
//! cargo run --example list_with_cursor
//! ```

use std::error::Error;

use ory_sdk::Client;
use ory_sdk::lists::Cursor;
use ory_sdk::testing::StandIn;

const ROWS: i64 = 10;

/// What a visitor sees, and the cursor for the link "next page", if there is one.
async fn page(ory: &Client, after: Option<&str>) -> ory_sdk::Result<(Vec<String>, Option<String>)> {
    let mut pages = ory.admin_list_identities().page_size(ROWS).by_page();
    if let Some(after) = after {
        // Anybody can change a link. A text that is no cursor of this list is an error, and nothing is sent.
        let cursor: Cursor = after.parse()?;
        pages = pages.resume(&cursor)?;
    }
    let Some(page) = pages.next().await else { return Ok((Vec::new(), None)) };
    let page = page?;
    let emails = page.iter().filter_map(|identity| {
        let traits = identity.traits.as_ref()?;
        traits["email"].as_str().map(str::to_owned)
    });
    Ok((emails.collect(), pages.cursor().map(|cursor| cursor.to_string())))
}

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let stand_in = StandIn::start().await?;
    for number in 0..25 {
        stand_in.person(format!("person-{number}@example.org")).create();
    }
    let ory = stand_in.client_builder().build()?;

    let (mut seen, mut after) = (Vec::new(), None);
    loop {
        let (emails, next) = page(&ory, after.as_deref()).await?;
        println!("{} people, then {}", emails.len(), next.as_deref().unwrap_or("nobody"));
        seen.extend(emails);
        after = next;
        if after.is_none() {
            break;
        }
    }
    seen.sort();
    seen.dedup();
    assert_eq!(seen.len(), 25, "everybody, and nobody twice");

    // A cursor fits one list, with its filters and its page size.
    let (_, next) = page(&ory, None).await?;
    let cursor: Cursor = next.ok_or("there is only one page")?.parse()?;
    let other = ory.admin_list_identities().page_size(5).by_page().resume(&cursor);
    println!("another page size: {}", other.err().ok_or("a cursor of another list was taken")?);
    let broken = page(&ory, Some("page=2")).await;
    println!("a link that somebody wrote: {}", broken.err().ok_or("it was taken for a cursor")?);

    // Without pages: row after row, which asks for the next page when it needs one.
    let mut identities = ory.admin_list_identities().page_size(ROWS).by_item();
    let mut count = 0;
    while let Some(identity) = identities.next().await {
        identity?;
        count += 1;
    }
    println!("{count} rows, one at a time");
    assert_eq!(count, 25);
    Ok(())
}

//! One page, and the ways to iterate over it.

use super::simulators::{Kind, List};
use super::table::{Which, serve};

#[tokio::test]
async fn a_page_is_iterated_in_three_ways() {
    let list = List::new(Kind::Identities { most: 500 }, 5);
    let ids = list.rows.clone();
    let (_server, client) = serve(Which::Identities, list).await;
    let mut pages = client.admin_list_identities().page_size(3).by_page();
    let mut page = pages.next().await.unwrap().unwrap();

    let mut found = Vec::new();
    for row in &page {
        found.push(row.id.to_string());
    }
    assert_eq!(found, ids[..3]);
    for (number, row) in (&mut page).into_iter().enumerate() {
        row.schema_id = format!("schema-{number}");
    }
    // The page dereferences to its rows and includes the changes.
    assert_eq!((page.len(), page.first().unwrap().schema_id.as_str()), (3, "schema-0"));
    let mut schemas = Vec::new();
    for row in page {
        schemas.push((row.id.to_string(), row.schema_id));
    }
    let expected: Vec<(String, String)> =
        ids[..3].iter().enumerate().map(|(number, id)| (id.clone(), format!("schema-{number}"))).collect();
    assert_eq!(schemas, expected);

    let last = pages.next().await.unwrap().unwrap();
    assert_eq!(last.iter().map(|row| row.id.to_string()).collect::<Vec<_>>(), ids[3..]);
    assert_eq!(last.into_items().len(), 2);
}

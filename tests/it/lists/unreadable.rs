//! Rows that cannot be read: the others come, the odd ones are reported, and the walk goes on.

use ory_sdk::ErrorKind;
use serde_json::{Value, json};

use super::simulators::{Kind, List};
use super::support::{client, id, pages_of, rows};
use super::table::Which;
use crate::support::server::{Reply, Server};
use crate::support::stub::Stub;

/// Every third row of the list has an object for a name.
fn is_odd(id: &str) -> bool {
    id.as_bytes().last().is_some_and(|byte| byte % 3 == 0)
}

/// A list of clients in which some rows cannot be read.
async fn odd_clients(kind: Kind, count: usize) -> Server {
    let pages = pages_of(Which::Clients, List::new(kind, count));
    Server::start(move |request| {
        let mut reply = pages(request);
        let Ok(Value::Array(mut rows)) = serde_json::from_slice(&reply.body) else { return reply };
        for row in &mut rows {
            if is_odd(row["client_id"].as_str().unwrap()) {
                row["client_name"] = json!({"de": "hunter2"});
            }
        }
        reply.body = Value::Array(rows).to_string().into();
        reply
    })
    .await
}

#[tokio::test]
async fn every_row_comes_once_or_is_reported_once() {
    for kind in [Kind::Hydra20, Kind::Hydra26] {
        for (count, size) in [(1, 1), (7, 1), (7, 3), (25, 4), (25, 100)] {
            let server = odd_clients(kind, count).await;
            let all = List::new(kind, count).rows;
            let (odd, good): (Vec<String>, Vec<String>) = all.into_iter().partition(|id| is_odd(id));
            let client = client(&server);

            let (mut readable, mut unreadable) = (Vec::new(), Vec::new());
            let mut pages = client.admin_list_oauth2_clients().page_size(size).by_page();
            while let Some(page) = pages.next().await {
                let page = page.unwrap();
                for row in page.unreadable() {
                    assert_eq!(row.path(), format!("[{}].client_name", row.index()));
                    assert_eq!(row.reason(), "invalid type: map, expected a string");
                    assert!(!format!("{row} {row:?}").contains("hunter2"), "{row:?}");
                    let raw: Value = serde_json::from_slice(row.raw()).unwrap();
                    unreadable.push(raw["client_id"].as_str().unwrap().to_owned());
                }
                readable.extend(page.into_iter().map(|row| row.client_id.unwrap()));
            }
            assert_eq!((&readable, &unreadable), (&good, &odd), "{kind:?} {count} {size}");

            let (mut readable, mut errors) = (Vec::new(), 0);
            let mut items = client.admin_list_oauth2_clients().page_size(size).by_item();
            while let Some(item) = items.next().await {
                match item {
                    Ok(row) => readable.push(row.client_id.unwrap()),
                    Err(error) => {
                        assert_eq!(error.kind(), ErrorKind::Decode);
                        assert!(error.to_string().starts_with("adminListOAuth2Clients: row "), "{error}");
                        assert!(is_odd(error.json().unwrap()["client_id"].as_str().unwrap()));
                        errors += 1;
                    }
                }
            }
            assert_eq!((readable.len(), errors), (good.len(), odd.len()), "{kind:?} {count} {size}");
        }
    }
}

#[tokio::test]
async fn whoever_stops_at_a_row_resumes_behind_its_page() {
    let server = odd_clients(Kind::Hydra26, 25).await;
    let client = client(&server);
    let mut found = Vec::new();
    let mut cursor = None;
    for _ in 0..25 {
        let items = client.admin_list_oauth2_clients().page_size(4).by_item();
        let mut items = match &cursor {
            Some(cursor) => items.resume(cursor).unwrap(),
            None => items,
        };
        let mut stopped = None;
        while let Some(item) = items.next().await {
            match item {
                Ok(row) => found.push(row.client_id.unwrap()),
                Err(error) => {
                    stopped = Some(error);
                    break;
                }
            }
        }
        let Some(error) = stopped else { break };
        match error.cursor() {
            Some(behind) => cursor = Some(behind.clone()),
            None => break,
        }
    }
    let good: Vec<String> = List::new(Kind::Hydra26, 25).rows.into_iter().filter(|id| !is_odd(id)).collect();
    assert_eq!(found, good);
}

#[tokio::test]
async fn a_single_response_reports_its_rows_too() {
    let stub = Stub::start().await;
    stub.next(Reply::json(
        200,
        &json!([{"client_id": "a"}, null, {"client_id": ["hunter2"]}, {"client_id": "b", "jwks_uri": {}}]),
    ));
    let clients = stub.client.admin_list_oauth2_clients().await.unwrap();
    let ids: Vec<_> = clients.iter().filter_map(|client| client.client_id.clone()).collect();
    assert_eq!(ids, ["a", "b"]);
    let row = &clients.unreadable()[0];
    assert_eq!(clients.unreadable().len(), 1);
    assert_eq!(row.to_string(), "row 2 cannot be read, at [2].client_id: invalid type: sequence, expected a string");
    assert_eq!(row.raw().as_ref(), br#"{"client_id":["hunter2"]}"#);
    // No row at all is a client: that is no list of clients.
    stub.next(Reply::json(200, &json!(["a", 1])));
    let error = stub.client.admin_list_oauth2_clients().await.unwrap_err();
    assert!(error.to_string().contains(" at [0]: invalid type: string, expected struct OAuth2Client"), "{error}");
}

/// Values that JSON libraries refuse cost only themselves.
#[tokio::test]
async fn half_an_emoji_costs_one_character() {
    let stub = Stub::start().await;
    let bad = |value: &str| {
        format!(r#"{{"id":"{}","schema_id":"default","schema_url":"","traits":{{"a":{value},"b":1}}}}"#, id(1))
    };
    let good = json!({"id": id(0), "schema_id": "default", "schema_url": "", "traits": {}});
    for (value, becomes) in [
        (r#""cut \ud83d""#.to_owned(), json!("cut \u{fffd}")),
        (r#""\ude00 \ud83d\ude00""#.to_owned(), json!("\u{fffd} \u{1f600}")),
        ("\"a\u{1}b\"".to_owned(), json!("a\u{1}b")),
        ("1e999".to_owned(), json!(null)),
    ] {
        let row = bad(&value);
        stub.next(Reply::new(200, &[], format!("[{good},{row}]")));
        let page = stub.client.admin_list_identities().by_page().next().await.unwrap().unwrap();
        assert_eq!((page.len(), page.unreadable().len()), (2, 0), "{value}");
        assert_eq!(page[1].traits, Some(json!({"a": becomes, "b": 1})));
        let session = format!(r#"{{"id":"{}","active":true,"identity":{row}}}"#, id(2));
        stub.next(Reply::new(200, &[], session.clone()));
        let found = stub.client.to_session().await.unwrap();
        assert_eq!(found.identity.as_ref().unwrap().traits.as_ref().unwrap()["a"], becomes);
        assert_eq!(found.raw_body().as_ref(), session.as_bytes(), "the body stays as it came");
    }
    // What is nested too deeply loses its depths.
    let row = bad(&format!("{}{}", "[".repeat(3000), "]".repeat(3000)));
    stub.next(Reply::new(200, &[], format!("[{good},{row}]")));
    let page = stub.client.admin_list_identities().by_page().next().await.unwrap().unwrap();
    assert_eq!((page.len(), page[1].traits.as_ref().unwrap()["b"].as_i64()), (2, Some(1)));
    // Bytes that are not UTF-8.
    let mut body = format!("[{good},{}]", bad("\"M?nchen\"")).into_bytes();
    let at = body.iter().position(|byte| *byte == b'?').unwrap();
    body[at] = 0xfc;
    stub.next(Reply::new(200, &[], body));
    let page = stub.client.admin_list_identities().by_page().next().await.unwrap().unwrap();
    assert_eq!(page[1].traits.as_ref().unwrap()["a"], "M\u{fffd}nchen");
}

/// The form of a flow that repeats what somebody typed.
#[tokio::test]
async fn a_form_with_half_an_emoji_can_be_drawn_again() {
    let stub = Stub::start().await;
    let node = r#"{"type":"input","group":"default","attributes":{"node_type":"input","name":"traits.a","type":"text","value":"cut \ud83d"}}"#;
    let flow = format!(
        r#"{{"id":"{}","ui":{{"action":"/","method":"POST","nodes":[{node}],"messages":[{{"id":4000001,"text":"too \ud83d short","type":"error"}}]}}}}"#,
        id(0)
    );
    stub.next(Reply::new(400, &[("Content-Type", "application/json")], flow.clone()));
    let error = stub
        .client
        .submit_self_service_registration_flow()
        .flow("f")
        .json_body(json!({"method": "password"}))
        .await
        .unwrap_err();
    assert_eq!(error.form().unwrap().nodes.len(), 1);
    assert!(error.flow::<ory_sdk::types::SelfServiceRegistrationFlow>().is_some());
    assert!(error.to_string().contains("too \u{fffd} short"), "{error}");
}

#[tokio::test]
async fn a_page_that_cannot_be_read_can_be_left_out() {
    for (kind, size, bad) in
        [(Kind::Hydra26, 4, 0), (Kind::Hydra26, 4, 2), (Kind::Hydra20, 4, 2), (Kind::Hydra20, 4, 0)]
    {
        let all = List::new(kind, 25).rows;
        let first_of_bad = all[bad * 4].clone();
        let pages = pages_of(Which::Clients, List::new(kind, 25));
        let server = Server::start(move |request| {
            let mut reply = pages(request);
            if String::from_utf8_lossy(&reply.body).contains(&format!("\"{first_of_bad}\"")) {
                reply.body.truncate(reply.body.len() - 9);
            }
            reply
        })
        .await;
        let client = client(&server);
        let mut pages = client.admin_list_oauth2_clients().page_size(size).by_page();
        let (mut found, error) = rows(&mut pages).await;
        let error = error.unwrap();
        assert_eq!(error.kind(), ErrorKind::Decode);
        // The cursor repeats the page.
        let mut again =
            client.admin_list_oauth2_clients().page_size(size).by_page().resume(error.cursor().unwrap()).unwrap();
        assert_eq!(rows(&mut again).await.0.len(), 0);
        let behind = error.cursor_behind().unwrap_or_else(|| panic!("{kind:?} {bad}"));
        let mut on = client.admin_list_oauth2_clients().page_size(size).by_page().resume(behind).unwrap();
        let (rest, error) = rows(&mut on).await;
        assert!(error.is_none(), "{error:?}");
        found.extend(rest);
        let expected: Vec<String> =
            all.iter().enumerate().filter(|(row, _)| row / 4 != bad).map(|(_, id)| id.clone()).collect();
        let found: Vec<String> = found.into_iter().map(|row| row.client_id.unwrap()).collect();
        assert_eq!(found, expected, "{kind:?} {bad}");
    }
}

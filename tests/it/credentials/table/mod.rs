//! What goes where: every layout of servers, handle, call and secret argument, by the bytes that arrive. The rules are in
//! `rules`, and the guide `credentials` shows them.

mod cases;
mod origins;
mod rules;

use std::collections::{BTreeMap, BTreeSet};

use ory_sdk::Client;
use ory_sdk::contract::{Operation, Place, operations};

use cases::{Call, HANDLES, Handle, Layout, Origin, Sent, Target, expected, observed, servers};
use origins::Origins;
use rules::{Carried, Purpose};

/// What was checked.
#[derive(Debug, Default, PartialEq, Eq)]
struct Tally {
    sent: usize,
    not_sent: usize,
    refused_builds: usize,
}

/// Sends a call and compares what arrived with the rules.
async fn check(origins: &Origins, layout: &Layout, handle: &Handle, client: &Client, call: &Call, tally: &mut Tally) {
    call.send(client).await;
    let arrived = origins.take();
    let at = || format!("{call:?}\n{}\n{layout:?}\n{arrived:?}", handle.name);
    assert!(arrived.len() <= 1, "{}", at());
    let seen = arrived.first().map(|arrived| observed(origins, layout, call, arrived));
    assert_eq!(seen, expected(layout, handle, call), "{}", at());
    *(if seen.is_some() { &mut tally.sent } else { &mut tally.not_sent }) += 1;
}

/// Checks every call with these handles. A layout in which one access token would go to two origins is refused.
async fn check_layout(origins: &Origins, layout: &Layout, handles: &[Handle], calls: &[Call], tally: &mut Tally) {
    let client = match layout.build(origins) {
        Ok(client) => client,
        Err(why) => {
            assert!(!layout.own_tokens && layout.administrative().len() > 1, "{why}: {layout:?}");
            assert!(why.to_string().starts_with("`access_token` would go to several origins: http"), "{why}");
            tally.refused_builds += 1;
            return;
        }
    };
    assert!(layout.own_tokens || layout.administrative().len() <= 1, "{layout:?}");
    for handle in handles {
        let client = (handle.make)(&client);
        for call in calls {
            check(origins, layout, handle, &client, call, tally).await;
        }
    }
}

fn at(server: usize) -> Option<Origin> {
    Some(Origin { scheme: "http", host: "127.0.0.1", server })
}

/// The first operation of each purpose at each server.
fn one_of_each_purpose() -> impl Iterator<Item = Call> {
    let mut found: BTreeMap<(String, Purpose), &'static Operation> = BTreeMap::new();
    for operation in operations() {
        let (endpoint, purpose) = rules::of_path(operation.path);
        found.entry((endpoint.to_string(), purpose)).or_insert(operation);
    }
    found.into_values().flat_map(Call::of)
}

fn requests() -> Vec<Call> {
    servers().map(Call::request).collect()
}

/// Every combination of a project and the servers of Kratos and Hydra, each not set, at one origin or at another. Those of
/// Keto and of the API keys take each of their places, too, in an order of their own, or with one token for all often the
/// place of Kratos, since such a token has one origin.
#[tokio::test]
async fn every_layout_of_servers() {
    let origins = Origins::start(3);
    let calls: Vec<Call> = one_of_each_purpose().chain(requests()).collect();
    // Those with one credential alone differ in nothing that depends on the layout.
    let handles = HANDLES.into_iter().filter(|handle| handle.carries.len() != 1).collect::<Vec<_>>();
    let mut tally = Tally::default();
    let places = [None, at(0), at(1)];
    for number in 0..3_usize.pow(4) {
        let place = |digit: u32| places[number / 3_usize.pow(digit) % 3];
        for project in [None, at(0)] {
            for own_tokens in [false, true] {
                let at_kratos = !own_tokens && number % 2 == 0;
                let place_of_others = |digit: u32| match at_kratos {
                    true => place(1),
                    false => places[(number * 7 + 40) / 3_usize.pow(digit) % 3],
                };
                let layout = Layout {
                    project,
                    kratos_public: place(0),
                    kratos_admin: place(1),
                    hydra_public: place(2),
                    hydra_admin: place(3),
                    keto_read: place_of_others(0),
                    keto_write: place_of_others(1),
                    keto_opl: place_of_others(2),
                    api_keys: place_of_others(3),
                    console: at(2),
                    named: at(1).filter(|_| number % 2 == 1),
                    own_tokens,
                    allow_insecure_http: false,
                };
                check_layout(&origins, &layout, &handles, &calls, &mut tally).await;
            }
        }
    }
    // 324 layouts, 45 calls, 6 handles.
    let expected = Tally { sent: 49_990, not_sent: 12_920, refused_builds: 91 };
    assert_eq!((calls.len(), handles.len(), tally), (45, 6, expected));
}

/// Every operation with every handle and secret argument, over every kind of connection.
#[tokio::test]
async fn every_operation_over_every_connection() {
    let origins = Origins::start(10);
    let mut calls: Vec<Call> = operations().iter().flat_map(|operation| Call::of(operation)).collect();
    calls.extend(requests());
    // Each secret argument alone, and a query pair and a header of which the contract says nothing.
    for call in calls.clone() {
        if let Target::Operation(operation) = call.target {
            let (_, optional) = rules::secret_arguments(operation);
            calls.extend(optional.into_iter().map(|wire| Call { query: Some(wire), ..call.clone() }));
        }
    }
    for call in one_of_each_purpose().chain(requests()) {
        calls.push(Call { query: Some("unknown"), ..call.clone() });
        calls.push(Call { header: Some("x-api-key"), ..call });
    }
    let mut tally = Tally::default();
    for (scheme, host) in [
        ("http", "127.0.0.1"),
        ("http", "localhost"),
        ("https", "127.0.0.1"),
        ("https", "ory.test"),
        ("http", "ory.test"),
        ("http", "x.localhost"),
    ] {
        for allow_insecure_http in [false, true] {
            let at = |server| Some(Origin { scheme, host, server });
            let layout = Layout {
                project: None,
                kratos_public: at(0),
                kratos_admin: at(1),
                hydra_public: at(2),
                hydra_admin: at(3),
                console: at(4),
                named: at(5),
                keto_read: at(6),
                keto_write: at(7),
                keto_opl: at(8),
                api_keys: at(9),
                own_tokens: true,
                allow_insecure_http,
            };
            check_layout(&origins, &layout, &HANDLES, &calls, &mut tally).await;
        }
    }
    // 12 connections, 9 handles.
    assert_eq!((calls.len(), tally), (316, Tally { sent: 28_664, not_sent: 5_464, refused_builds: 0 }));
}

/// Two servers are at one origin only if scheme, host and port are the same.
#[tokio::test]
async fn origins_that_differ_in_one_thing() {
    let origins = Origins::start(2);
    let one = Origin { scheme: "https", host: "ory.test", server: 0 };
    let others = [
        (one, true),
        (Origin { scheme: "http", ..one }, false),
        (Origin { host: "sub.ory.test", ..one }, false),
        (Origin { server: 1, ..one }, false),
    ];
    let mut tally = Tally::default();
    let calls: Vec<Call> = operations().iter().flat_map(|operation| Call::of(operation)).collect();
    for (other, is_same) in others {
        for own_tokens in [false, true] {
            let layout = Layout {
                kratos_public: Some(one),
                kratos_admin: Some(one),
                hydra_public: Some(other),
                hydra_admin: Some(other),
                keto_read: Some(one),
                keto_write: Some(other),
                own_tokens,
                allow_insecure_http: true,
                ..Layout::default()
            };
            assert_eq!(layout.build(&origins).is_ok(), is_same || own_tokens, "{layout:?}");
            check_layout(&origins, &layout, &HANDLES, &calls, &mut tally).await;
        }
    }
    // 5 of 8 clients, 9 handles. Of 173 operations, three name one of ten servers.
    assert_eq!((calls.len(), tally), (200, Tally { sent: 5_970, not_sent: 3_030, refused_builds: 3 }));
}

/// The rules name the secret arguments that the contract marks.
#[test]
fn the_rules_know_every_secret_argument() {
    let mut count = 0;
    for operation in operations() {
        for parameter in operation.parameters.iter().filter(|parameter| parameter.place == Place::Query) {
            assert_eq!(rules::is_secret(parameter.wire), parameter.secret, "{} {}", operation.id, parameter.wire);
            count += usize::from(parameter.secret);
        }
    }
    assert_eq!(count, 28);
}

/// The rows of a table in the guide that has this title over its first column.
fn rows(title: &str) -> Vec<Vec<&'static str>> {
    let lines = include_str!("../../../../src/docs/credentials.md").lines();
    let table = lines.skip_while(|line| !line.starts_with(&format!("| {title} |"))).skip(2);
    let rows = table.take_while(|line| line.starts_with('|'));
    rows.map(|line| line.trim_matches('|').split(" | ").map(str::trim).collect()).collect()
}

/// The guide's table of calls says what was seen, no more and no less.
#[tokio::test]
async fn the_guide_says_what_goes_where() {
    let origins = Origins::start(9);
    let mut seen: BTreeMap<Purpose, (BTreeSet<String>, BTreeSet<Carried>)> = BTreeMap::new();
    for own_tokens in [false, true] {
        let own = |server| if own_tokens { at(server) } else { at(1) };
        let layout = Layout {
            kratos_public: at(0),
            kratos_admin: at(1),
            hydra_public: at(2),
            hydra_admin: own(3),
            console: at(4),
            keto_read: own(5),
            keto_write: own(6),
            keto_opl: own(7),
            api_keys: own(8),
            own_tokens,
            ..Layout::default()
        };
        let client = layout.build(&origins).unwrap();
        for handle in &HANDLES {
            let client = (handle.make)(&client);
            for call in operations().iter().flat_map(|operation| Call::of(operation)) {
                call.send(&client).await;
                let (endpoint, purpose) = call.place();
                for arrived in origins.take() {
                    let Sent { carried, .. } = observed(&origins, &layout, &call, &arrived);
                    let (servers, all) = seen.entry(purpose).or_default();
                    servers.insert(endpoint.title().to_owned());
                    all.extend(carried);
                }
            }
        }
    }
    // Every server but the one that was not set.
    for purpose in [Purpose::Health, Purpose::Version] {
        let (servers_seen, _) = seen.get_mut(&purpose).unwrap();
        assert_eq!(servers_seen.len(), servers().count() - 1);
        *servers_seen = ["any".to_owned()].into();
    }
    let guide: Vec<(String, BTreeSet<String>, BTreeSet<String>)> = rows("calls")
        .into_iter()
        .map(|row| {
            let names = |cell: &str| cell.replace("`api_keys`", "api_keys");
            let set =
                |cell: &str| names(cell).split(", ").filter(|name| *name != "nothing").map(str::to_owned).collect();
            (row[0].to_owned(), set(row[1]), set(row[2]))
        })
        .collect();
    let seen: Vec<(String, BTreeSet<String>, BTreeSet<String>)> = Purpose::ALL
        .into_iter()
        .map(|purpose| {
            let (servers, carried) = seen.remove(&purpose).unwrap_or_default();
            let titles = carried.into_iter().map(|carried| carried.title().to_owned()).collect();
            (purpose.title().to_owned(), servers, titles)
        })
        .collect();
    assert_eq!(guide, seen);
}

/// The guide's table of connections says what was seen.
#[tokio::test]
async fn the_guide_says_which_connections_are_safe() {
    let origins = Origins::start(1);
    let find = |name: &str| operations().iter().find(|operation| operation.name == name).unwrap();
    let call = |name: &str| Call::of(find(name)).remove(0);
    let bare = || call("submit_self_service_logout_flow");
    let nobody = &HANDLES[0];
    let user = &HANDLES[1];
    let cases = [
        ("a credential", user, bare()),
        ("a secret argument", nobody, Call { query: Some("token"), ..bare() }),
        ("a query pair or header beyond the contract", nobody, Call { query: Some("unknown"), ..bare() }),
        ("a body", nobody, call("submit_self_service_login_flow")),
        ("anything else", nobody, bare()),
    ];
    let connections = [
        ("https", "ory.test", false),
        ("http", "localhost", false),
        ("http", "ory.test", false),
        ("http", "ory.test", true),
    ];
    let mut seen = Vec::new();
    for (title, handle, call) in cases {
        let mut row = vec![title];
        for (scheme, host, allow_insecure_http) in connections {
            let origin = Some(Origin { scheme, host, server: 0 });
            let layout = Layout { kratos_public: origin, allow_insecure_http, own_tokens: true, ..Layout::default() };
            call.send(&(handle.make)(&layout.build(&origins).unwrap())).await;
            row.push(if origins.take().len() == 1 { "sent" } else { "refused" });
        }
        seen.push(row);
    }
    assert_eq!(rows("a call with"), seen);
}

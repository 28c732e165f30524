//! Compares the simulators with responses of real servers: the same rows on the same pages, with the same links.

use std::collections::{BTreeMap, HashMap};

use serde_json::Value;

use super::simulators::{Kind, List};
use crate::support::recording::{self, Body};

/// A recorded request to a list, with its response.
struct Exchange {
    case: String,
    target: String,
    rows: Vec<String>,
    is_null: bool,
    links: Vec<String>,
    /// The token of the next page in the body.
    token: Option<String>,
    total: Option<u64>,
}

const PAGING: [&str; 4] = ["page", "per_page", "page_size", "page_token"];

fn kind(place: &str, operation: &str) -> Option<Kind> {
    let server = place.rsplit('/').next()?.split(".jsonl").next()?;
    Some(match (server, operation) {
        ("kratos-0.11.1", "adminListIdentities") => Kind::Identities011,
        ("kratos-26.2.0", "adminListIdentities") => Kind::Identities { most: 500 },
        ("kratos-0.11.1", "listSessions" | "adminListIdentitySessions") => Kind::Sessions011,
        ("kratos-26.2.0", "listSessions" | "adminListIdentitySessions") => Kind::Sessions26,
        ("kratos-0.11.1", "listIdentitySchemas") => Kind::Schemas011,
        ("kratos-26.2.0", "listIdentitySchemas") => Kind::Schemas26,
        ("kratos-0.11.1", "adminListCourierMessages") => Kind::Courier011,
        ("kratos-26.2.0", "adminListCourierMessages") => Kind::Courier26,
        ("hydra-2.0.3", "adminListOAuth2Clients" | "adminListTrustedOAuth2JwtGrantIssuers") => Kind::Hydra20,
        ("hydra-2.0.3", "adminListOAuth2SubjectConsentSessions") => Kind::Consents20,
        ("hydra-26.2.0", "adminListOAuth2Clients" | "adminListTrustedOAuth2JwtGrantIssuers") => Kind::Hydra26,
        ("hydra-26.2.0", "adminListOAuth2SubjectConsentSessions") => Kind::Consents26,
        ("kratos-0.11.1", "adminListSessions") => Kind::AllSessions011,
        ("kratos-26.2.0", "adminListSessions") => Kind::AllSessions26,
        ("keto-26.2.0", "getRelationships") => Kind::Relationships,
        _ => return None,
    })
}

fn id(row: &Value) -> String {
    let places = ["/id", "/client_id", "/consent_request/challenge", "/consent_request_id"];
    let found = places.iter().filter_map(|place| row.pointer(place)?.as_str()).find(|text| !text.is_empty());
    found.map_or_else(|| row.to_string(), str::to_owned)
}

fn pairs(target: &str) -> Vec<(String, String)> {
    let query = target.split_once('?').map_or("", |(_, query)| query);
    url::form_urlencoded::parse(query.as_bytes()).into_owned().collect()
}

/// Which rows the list had when it was recorded, according to the total or else the name of the case.
fn state(case: &str, total: Option<u64>) -> String {
    let words: Vec<&str> = case.split('-').collect();
    match (total, words.as_slice()) {
        (Some(total), _) => total.to_string(),
        (None, ["none" | "one" | "five" | "seven", ..]) => words[0].to_owned(),
        // Made for this case alone.
        (None, ["after" | "extended" | "external", ..]) => case.to_owned(),
        (None, ["own" | "token", ..] | ["size", "1" | "3" | "7", "page", ..]) => "seven".to_owned(),
        _ => "other".to_owned(),
    }
}

#[test]
fn simulators_respond_as_the_servers_did() {
    // The key is the server's dialect and operation, the path and filters, and the state of the list.
    let mut groups: BTreeMap<(String, String, String), (Kind, Vec<Exchange>)> = BTreeMap::new();
    for found in recording::own() {
        let recording = found.recording.unwrap();
        let Some(kind) = kind(&found.place, &recording.operation) else { continue };
        // This made-up token happens to decode to other text, and then the server sorts backwards.
        let is_odd = kind == Kind::Courier011 && recording.case == "token-garbage";
        if recording.response.status != 200 || is_odd {
            continue;
        }
        let body = match recording.response.body.as_ref() {
            Some(Body::Json(body)) => body.clone(),
            other => panic!("{}: {other:?}", found.place),
        };
        let lines = recording.response.headers().filter(|(name, _)| name.eq_ignore_ascii_case("link"));
        let links: Vec<String> = lines.map(|(_, value)| value.to_owned()).collect();
        let total = recording.response.header("x-total-count").map(|total| total.parse().unwrap());
        let filters: Vec<String> = pairs(&recording.request.path)
            .into_iter()
            .filter(|(key, _)| !PAGING.contains(&key.as_str()) && kind != Kind::Identities011)
            .map(|(key, value)| format!("{key}={value}"))
            .collect();
        let path = recording.request.path.split('?').next().unwrap();
        // Different users requested the lists with one session.
        let of_user = matches!(recording.operation.as_str(), "listSessions" | "adminListSessions");
        let is_single = of_user && total == Some(1);
        let state = if is_single { recording.case.clone() } else { state(&recording.case, total) };
        let group = (format!("{kind:?} {}", recording.operation), format!("{path}?{}", filters.join("&")), state);
        let exchange = Exchange {
            case: recording.case,
            target: recording.request.path,
            rows: body
                .get("relation_tuples")
                .unwrap_or(&body)
                .as_array()
                .map(|rows| rows.iter().map(id).collect())
                .unwrap_or_default(),
            is_null: body.is_null(),
            links,
            token: body.get("next_page_token").map(|token| token.as_str().unwrap().to_owned()),
            total,
        };
        groups.entry(group).or_insert((kind, Vec::new())).1.push(exchange);
    }
    let mut foreigners = Vec::new();
    let mut compared: BTreeMap<String, usize> = BTreeMap::new();
    for ((list, place, state), (kind, mut exchanges)) in groups {
        // The cases of a chain are numbered, so this puts its pages in order.
        exchanges.sort_by(|a, b| a.case.cmp(&b.case));
        let list_of = known_rows(kind, &exchanges);
        let mut tokens: HashMap<String, String> = HashMap::new();
        for exchange in &exchanges {
            let is_opaque = matches!(
                kind,
                Kind::Courier011
                    | Kind::Courier26
                    | Kind::Hydra26
                    | Kind::Consents26
                    | Kind::AllSessions26
                    | Kind::Relationships
            );
            let foreign = |(key, value): &(String, String)| {
                key == "page_token" && !value.is_empty() && !tokens.contains_key(value)
            };
            if is_opaque && pairs(&exchange.target).iter().any(foreign) {
                // The response that returned this token is not among the recordings of this list.
                foreigners.push(format!("{list} {place} {state} {}", exchange.case));
                continue;
            }
            let at = format!("{list} {place} {state} {}: {}", exchange.case, exchange.target);
            let page = list_of.response(&translate(&exchange.target, &tokens));
            let rows: Vec<&String> = list_of.rows[page.rows.clone()].iter().collect();
            assert_eq!(rows, exchange.rows.iter().collect::<Vec<_>>(), "{at}");
            assert_eq!((page.is_null, page.total), (exchange.is_null, exchange.total), "{at}");
            let hidden = |lines: &[String]| -> (Vec<String>, Vec<String>) {
                let mut found = Vec::new();
                let lines = lines.iter().map(|line| if is_opaque { hide(line, &mut found) } else { line.clone() });
                (lines.collect(), found)
            };
            let ((ours, our_tokens), (theirs, their_tokens)) = (hidden(&page.links), hidden(&exchange.links));
            assert_eq!(ours, theirs, "{at}");
            let is_last = |token: &Option<String>| token.as_ref().map(String::is_empty);
            assert_eq!(is_last(&page.token), is_last(&exchange.token), "{at}");
            tokens.extend(exchange.token.clone().zip(page.token));
            tokens.extend(their_tokens.into_iter().zip(our_tokens));
            *compared.entry(list.clone()).or_default() += 1;
        }
    }
    // 19 lists of five servers, each with everything recorded from it.
    let all: usize = compared.values().sum();
    assert!(compared.len() == 19 && all >= 460 && foreigners.len() <= 7, "{all}: {compared:?}, not {foreigners:#?}");
}

/// Reconstructs the list from the exchanges of one state.
fn known_rows(kind: Kind, exchanges: &[Exchange]) -> List {
    let longest = exchanges.iter().max_by_key(|exchange| exchange.rows.len()).unwrap();
    let mut rows = longest.rows.clone();
    let mut chained: Vec<String> = Vec::new();
    for row in exchanges.iter().flat_map(|exchange| &exchange.rows) {
        if !chained.contains(row) {
            chained.push(row.clone());
        }
    }
    if chained.len() > rows.len() {
        rows = chained;
    }
    let total = exchanges.iter().find_map(|exchange| exchange.total);
    if matches!(kind, Kind::Hydra20) {
        return List { kind, rows, total };
    }
    // For some filtered lists only one page was recorded, so the rows after it are unknown.
    let says_next = |exchange: &Exchange| {
        exchange.links.iter().any(|line| line.contains("rel=\"next\""))
            || exchange.token.as_ref().is_some_and(|token| !token.is_empty())
    };
    let has_next = exchanges.iter().any(says_next);
    let more = total.unwrap_or(rows.len() as u64 + u64::from(exchanges.len() == 1 && has_next));
    while !rows.is_empty() && (rows.len() as u64) < more {
        rows.push(format!("unknown-{}", rows.len()));
    }
    List { kind, rows, total: None }
}

/// The target with the recorded token replaced by the simulator's token.
fn translate(target: &str, tokens: &HashMap<String, String>) -> String {
    let mut pairs = pairs(target);
    for (key, value) in &mut pairs {
        if let Some(own) = tokens.get(value).filter(|_| key == "page_token") {
            value.clone_from(own);
        }
    }
    let path = target.split('?').next().unwrap();
    let query = url::form_urlencoded::Serializer::new(String::new()).extend_pairs(pairs).finish();
    if query.is_empty() { path.to_owned() } else { format!("{path}?{query}") }
}

/// Replaces the page tokens in a link line with `..` and collects them.
fn hide(line: &str, tokens: &mut Vec<String>) -> String {
    let mut parts = line.split("page_token=");
    let mut out = parts.next().unwrap().to_owned();
    for part in parts {
        let end = part.find(['&', '>']).unwrap();
        let mut decoded = url::form_urlencoded::parse(&part.as_bytes()[..end]);
        tokens.push(decoded.next().map(|(token, _)| token.into_owned()).unwrap_or_default());
        out.push_str("page_token=..");
        out.push_str(&part[end..]);
    }
    out
}

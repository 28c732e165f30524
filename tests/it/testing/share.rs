//! How many of a server's recordings are compared.

use super::replay::{Replay, Report};

/// Prints the share of the ordinary recordings that were compared, which must be nine of ten.
///
/// An ordinary recording shows what any server of the release does. The others need webhooks, a third party or another
/// configuration. `is_ordinary` gets the operation and the case.
pub async fn check(server: &str, report: &Report, is_ordinary: impl Fn(&str, &str) -> bool) {
    let all = Replay::start(server).await;
    let ordinary = |name: &&String| name.split_once('.').is_some_and(|(operation, case)| is_ordinary(operation, case));
    let ordinary: Vec<&String> = all.names().filter(ordinary).collect();
    let missing: Vec<&&String> = ordinary.iter().filter(|name| !report.names.contains(**name)).collect();
    let compared = ordinary.len() - missing.len();
    println!("{server}: {compared} of {} ordinary recordings are compared; not: {missing:?}", ordinary.len());
    assert!(compared * 10 >= ordinary.len() * 9, "{server}: {compared} of {}; not: {missing:?}", ordinary.len());
}

//! The stand-in against recordings of the real servers, and as its users meet it.

mod hydra;
mod kratos;
mod quickstart;
mod replay;

use std::collections::BTreeSet;

use replay::Replay;

/// The operations that answer something else than the 404 of an unknown route.
async fn served(replay: &Replay) -> BTreeSet<String> {
    let mut served = BTreeSet::new();
    for operation in ory_sdk::operations() {
        let path = operation.path.replace(['{', '}'], "");
        let answer = replay.send(operation.method.as_str(), &path, &[], None).await;
        let unknown = answer.body.contains("404 page not found") || answer.body.contains("requested route does not");
        if !unknown {
            served.insert(operation.id.to_owned());
        }
    }
    served
}

#[tokio::test]
async fn everything_that_is_served_is_as_recorded() {
    let mut report = kratos::compare().await;
    report.add(hydra::compare().await);
    assert!(report.wrong.is_empty(), "not as recorded:\n{}", report.wrong.join("\n"));
    let served = served(&Replay::start("none").await).await;
    assert_eq!(served, report.compared);
    assert_eq!(served.len(), 36);
}

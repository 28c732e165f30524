//! Runs every operation of Kratos, Hydra and Keto against real servers.
//!
//! ```sh
//! cargo test --test it -- live::every --ignored
//! ```
//!
//! The environment names the servers as for [`Client::from_env`](ory_sdk::Client::from_env): set all four of
//! `ORY_KRATOS_PUBLIC_URL`, `ORY_KRATOS_ADMIN_URL`, `ORY_HYDRA_PUBLIC_URL` and `ORY_HYDRA_ADMIN_URL`, or `ORY_SDK_URL`
//! for a gateway in front of them (with `ORY_ACCESS_TOKEN`). Keto is tested too if `ORY_KETO_READ_URL` and
//! `ORY_KETO_WRITE_URL` are set, and its check of the permission language if `ORY_KETO_OPL_URL` is. The servers must be
//! on this machine, since the test
//! creates and deletes users, clients and keys there. `ORY_SDK_LIVE_ANYWHERE=1` lifts this restriction.
//!
//! The servers must be configured as follows. Identities of the schema `default` have an `email` (the identifier,
//! verified and recovered by mail), `name.first` and an integer `age`. The methods `password`, `profile`, `code`,
//! `link` and `lookup_secret` are enabled, and so are registration, recovery and verification by code. The courier
//! keeps readable bodies (`--dev`) and sends no mail. Hydra allows dynamic registration. The pages that the servers
//! redirect to need not exist: the test itself plays the login, consent, logout and device app, and only reads redirects.
//! Keto has a namespace `Group` with a relation `members` of subject ids and of `Group:..#members`.
//!
//! An operation that is newer than a server is called, too: the server must say that it has no such route. What succeeds
//! only with more than these servers (such as a third party to sign in with) is called, must be refused by the operation
//! itself, and counts. The table says both.
//!
//! [`tokens`] and [`actions`] are tests of their own, with more configuration.
//!
//! The test has run with Kratos 0.11.1, 1.3.1 and 26.2.0, and with Hydra 2.0.3 and 26.2.0. Where they differ, the test
//! accepts either behaviour, a comment says why, and the table has a note.

#![cfg(all(
    feature = "frontend",
    feature = "identity",
    feature = "courier",
    feature = "oauth2",
    feature = "jwk",
    feature = "permission",
    feature = "metadata",
    feature = "project"
))]

/// Calls an operation and returns its response. Any error fails the run. `$kind` is the kind of success, a function in
/// [`dispatch`](crate::support::dispatch).
macro_rules! call {
    ($run:expr, $client:ident.$method:ident() $(.$setter:ident($($value:expr),*))* => $kind:ident) => {{
        let result = $client.$method()$(.$setter($($value),*))*.send().await;
        $run.passed(stringify!($method), result, crate::support::dispatch::$kind)
    }};
}

/// Calls an operation that older servers lack. Returns `None` if this one does.
macro_rules! newer {
    ($run:expr, $client:ident.$method:ident() $(.$setter:ident($($value:expr),*))* => $kind:ident) => {{
        let result = $client.$method()$(.$setter($($value),*))*.send().await;
        $run.passed_if_there(stringify!($method), result, crate::support::dispatch::$kind)
    }};
}

/// Calls an operation that older servers lack, and that a server that has it must refuse. Returns that error, or `None`.
macro_rules! newer_refused {
    ($run:expr, $client:ident.$method:ident() $(.$setter:ident($($value:expr),*))*) => {{
        let result = $client.$method()$(.$setter($($value),*))*.send().await;
        $run.refused_if_there(stringify!($method), result)
    }};
}

/// Calls an operation that the server must refuse, and returns the error.
macro_rules! refused {
    ($run:expr, $client:ident.$method:ident() $(.$setter:ident($($value:expr),*))*) => {{
        let result = $client.$method()$(.$setter($($value),*))*.send().await;
        $run.refused(stringify!($method), result)
    }};
}

mod actions;
mod discovery;
mod dynamic_clients;
mod guard;
mod health;
mod hooks;
mod identities;
mod jwk;
mod login;
mod logout;
mod mailbox;
mod oauth2_app;
mod oauth2_clients;
mod oauth2_code;
mod oauth2_device;
mod oauth2_logout;
mod oauth2_refusals;
mod oauth2_tokens;
mod permission;
mod person;
mod recovery;
mod registration;
mod report;
mod run;
mod scene;
mod second_factor;
mod sessions;
mod settings;
mod sweep;
mod tokens;
mod trusted_issuers;
mod verification;

use std::sync::Arc;

use ory_sdk::testing::StandIn;
use run::Run;

/// Tests with real servers run one after another. Otherwise one would see in its lists what another created.
pub static ALONE: tokio::sync::Mutex<()> = tokio::sync::Mutex::const_new(());

#[tokio::test]
#[ignore = "needs ORY_KRATOS_PUBLIC_URL, ORY_KRATOS_ADMIN_URL, ORY_HYDRA_PUBLIC_URL and ORY_HYDRA_ADMIN_URL"]
async fn every_operation() {
    let _alone = ALONE.lock().await;
    all(Run::from_env()).await;
}

/// The same on the stand-in.
#[tokio::test]
async fn on_the_stand_in() {
    let stand_in = StandIn::start().await.unwrap();
    stand_in.set_namespaces(["Group"]);
    all(Run::new(stand_in.client_builder().build().unwrap(), true)).await;
}

async fn all(run: Run) {
    let run = Arc::new(run);
    let versions = run.versions().await;
    let mut broken = Vec::new();
    // Each chapter is a task, so a failure in one stops neither the others nor the cleanup.
    macro_rules! chapters {
        ($($chapter:ident)*) => {
            $(
                if tokio::spawn($chapter::run(Arc::clone(&run))).await.is_err() {
                    broken.push(stringify!($chapter));
                }
            )*
        };
    }
    chapters! {
        health discovery identities registration login second_factor sessions settings verification recovery logout
        oauth2_clients dynamic_clients oauth2_code oauth2_device oauth2_refusals oauth2_logout oauth2_tokens
        trusted_issuers jwk permission
    }
    let left = sweep::all(&run).await;
    run.report.print(&versions);
    assert!(broken.is_empty(), "failed: {}; what failed is said above", broken.join(", "));
    assert!(left.is_empty(), "left behind: {}", left.join(", "));
    let missing = run.report.without_success();
    assert!(missing.is_empty(), "never succeeded, without a reason: {}", missing.join(", "));
}

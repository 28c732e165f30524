//! Settings that cannot work are refused when the checks are built.

use std::time::Duration;

use ory_sdk::Client;
use ory_sdk::sessions::{Sessions, SessionsBuilder};

#[test]
fn a_setting_beyond_its_limit_is_named() {
    let client = Client::builder().kratos_public_url("http://127.0.0.1:1").build().unwrap();
    let (second, hour) = (Duration::from_secs(1), Duration::from_secs(3600));
    type Set = fn(SessionsBuilder) -> SessionsBuilder;
    let wrong: [(Set, &str); 8] = [
        (|it| it.max_age(Duration::from_secs(3601)), "`max_age`"),
        (|it| it.max_age(Duration::MAX), "`max_age`"),
        (|it| it.max_age(Duration::from_secs(1)).stale_if_error(Duration::from_secs(901)), "`stale_if_error`"),
        (|it| it.stale_if_error(Duration::from_secs(1)), "`stale_if_error` needs `max_age`"),
        (|it| it.only_if_server_allows(), "`only_if_server_allows` needs `max_age`"),
        (|it| it.timeout(Duration::ZERO), "`timeout`"),
        (|it| it.max_in_flight(0), "`max_in_flight`"),
        (|it| it.capacity_bytes(1000), "`capacity_bytes`"),
    ];
    for (set, named) in wrong {
        let error = set(Sessions::builder(&client)).build().unwrap_err();
        assert!(error.to_string().contains(named), "{error}");
    }
    let right = Sessions::builder(&client).max_age(hour).stale_if_error(15 * 60 * second).max_in_flight(1);
    assert!(right.timeout(Duration::MAX).build().is_ok());
    let hydra = Client::builder().hydra_public_url("http://127.0.0.1:1").build().unwrap();
    let error = Sessions::builder(&hydra).build().unwrap_err();
    assert!(error.to_string().contains("kratos_public_url"), "{error}");
}

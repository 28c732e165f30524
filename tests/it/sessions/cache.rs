//! The bound of the cache.

use std::time::Duration;

use http::{HeaderMap, HeaderValue};
use ory_sdk::sessions::{Checked, Credential};

use super::support::{Kratos, error, session};
use crate::support::server::Reply;

/// Made-up credentials are refused, and so they take no room.
#[tokio::test]
async fn made_up_cookies_take_no_room() {
    let kratos = Kratos::start(Reply::json(200, &session())).await;
    let sessions = kratos.builder().max_age(Duration::from_secs(3600)).build().unwrap();
    let mut headers = HeaderMap::new();
    let mut cookie = |number: u32| {
        let value = HeaderValue::from_str(&format!("ory_kratos_session=made-up-{number}")).unwrap();
        headers.insert("cookie", value);
        sessions.credential(&headers).unwrap()
    };
    let real = cookie(0);
    assert!(sessions.check(&real).await.is_ok());
    kratos.says(error(401, "session_inactive"));
    for number in 1..500 {
        assert!(sessions.check(&cookie(number)).await.is_err());
    }
    assert_eq!(sessions.stats().entries, 1);
    assert!(matches!(sessions.check(&real).await.unwrap().checked(), Checked::Cached(_)));
}

/// A cache that is too small for all keeps within its bound.
#[tokio::test]
async fn the_bound_holds() {
    let kratos = Kratos::start(Reply::json(200, &session())).await;
    let capacity = 1 << 20;
    let sessions = kratos.builder().max_age(Duration::from_secs(3600)).capacity_bytes(capacity).build().unwrap();
    for number in 0..1000 {
        assert!(sessions.check(&Credential::session_token(number.to_string())).await.is_ok());
    }
    let stats = sessions.stats();
    assert!(stats.bytes <= capacity && stats.bytes > capacity / 2, "{stats:?}");
    assert!(stats.entries < 1000, "{stats:?}");
}

//! Numbers at the ends of their ranges: in queries, in lifespans and on the clock.

use std::time::Duration;

use ory_sdk::testing::StandIn;
use serde_json::{Value, json};

use super::{exchange, lives, raw, request};

const NUMBERS: [&str; 17] = [
    "",
    "-9223372036854775809",
    "-9223372036854775808",
    "-9223372036854775807",
    "-1",
    "0",
    "1",
    "%2B1",
    "9223372036854775806",
    "9223372036854775807",
    "9223372036854775808",
    "18446744073709551615",
    "18446744073709551616",
    "1e3",
    "NaN",
    "%00",
    "%F0%9F%98%80",
];

#[tokio::test]
async fn pages() {
    let stand_in = StandIn::start().await.unwrap();
    for rows in [0, 3] {
        for number in 0..rows {
            let body = json!({"traits": {"email": format!("{number}@example.org")}});
            exchange(&stand_in, "POST", "/admin/identities", "", &body).await;
            exchange(&stand_in, "POST", "/admin/clients", "", &json!({})).await;
        }
        let nobody = format!("/admin/identities/{}/sessions", "00000000-0000-0000-0000-000000000000");
        for path in ["/admin/identities", "/admin/clients", "/admin/courier/messages", "/schemas", &nobody] {
            for name in ["page", "per_page", "page_size", "page_token"] {
                for number in NUMBERS {
                    for more in ["", "&page=1&per_page=1", "&page_size=9223372036854775807&page=-9223372036854775808"] {
                        let target = format!("{path}?{name}={number}{more}");
                        let (status, text) = raw(&stand_in, &request(&stand_in, "GET", &target, "", b"")).await;
                        assert!(status == 200 || status == 400, "{target}: {status} {text}");
                    }
                }
            }
        }
    }
    lives(&stand_in).await;
}

#[tokio::test]
async fn sessions_of_somebody() {
    let stand_in = StandIn::start().await.unwrap();
    let flow = exchange(&stand_in, "GET", "/self-service/registration/api", "", &Value::Null).await;
    let path = format!("/self-service/registration?flow={}", flow["id"].as_str().unwrap());
    let body = json!({"method": "password", "password": "a-Long-passw0rd!", "traits": {"email": "a@example.org"}});
    let made = exchange(&stand_in, "POST", &path, "", &body).await;
    let token = format!("X-Session-Token: {}\r\n", made["session_token"].as_str().unwrap());
    let of_identity = format!("/admin/identities/{}/sessions", made["identity"]["id"].as_str().unwrap());
    for path in ["/sessions", &of_identity] {
        for name in ["page", "per_page"] {
            for number in NUMBERS {
                let target = format!("{path}?{name}={number}");
                let (status, text) = raw(&stand_in, &request(&stand_in, "GET", &target, &token, b"")).await;
                assert_eq!(status, 200, "{target}: {text}");
            }
        }
    }
    lives(&stand_in).await;
}

#[tokio::test]
async fn lifespans_and_the_end_of_time() {
    let stand_in = StandIn::start().await.unwrap();
    let issue = async |lifespan: &str| {
        let client = json!({
            "grant_types": ["client_credentials"],
            "token_endpoint_auth_method": "client_secret_post",
            "client_credentials_grant_access_token_lifespan": lifespan,
        });
        let made = exchange(&stand_in, "POST", "/admin/clients", "", &client).await;
        let (id, secret) = (made["client_id"].as_str().unwrap(), made["client_secret"].as_str().unwrap());
        let form = format!("grant_type=client_credentials&client_id={id}&client_secret={secret}");
        let (status, text) = raw(&stand_in, &request(&stand_in, "POST", "/oauth2/token", "", form.as_bytes())).await;
        assert_eq!(status, 200, "{lifespan}: {text}");
        let token = serde_json::from_str::<Value>(&text).unwrap();
        let form = format!("token={}", token["access_token"].as_str().unwrap());
        let introspect = request(&stand_in, "POST", "/admin/oauth2/introspect", "", form.as_bytes());
        assert_eq!(raw(&stand_in, &introspect).await.0, 200, "{lifespan}");
    };
    for forward in [Duration::ZERO, Duration::MAX, Duration::MAX] {
        stand_in.advance(forward);
        for lifespan in ["0s", "1ns", "2562047h47m16.854775807s", "5124095h34m33.709551615s"] {
            issue(lifespan).await;
        }
        let flow = exchange(&stand_in, "GET", "/self-service/login/api", "", &Value::Null).await;
        let path = format!("/self-service/login?flow={}", flow["id"].as_str().unwrap());
        stand_in.advance(Duration::from_secs(3600));
        let (status, _) = raw(&stand_in, &request(&stand_in, "POST", &path, "", b"{}")).await;
        // At the end of time nothing expires any more.
        assert_eq!(status, if forward.is_zero() { 410 } else { 400 });
    }
    lives(&stand_in).await;
}

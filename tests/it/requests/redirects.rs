//! A redirect is a success where the contract declares one, an error everywhere else, and never followed.

use ory_sdk::ErrorKind;
use ory_sdk::response::{Location, OrRedirect};

use super::{ACCESS, Wire};
use crate::support::server::Reply;

const TO: &str = "https://app.example.org/welcome?code=s3cret&flow=f#top";

#[tokio::test]
async fn a_declared_redirect_is_a_success() {
    let mut wire = Wire::new().await;
    for status in [302, 303] {
        let headers = [("Location", TO), ("Set-Cookie", "a=1; Path=/"), ("Set-Cookie", "b=2, 3; Path=/")];
        wire.replies("submitSelfServiceLogoutFlow", Reply::new(status, &headers, "<a href=..>"));
        let response = wire.client.submit_self_service_logout_flow().send().await.unwrap();
        wire.saw("GET /kratos/self-service/logout", &[], "");
        assert_eq!(response.status(), status);
        assert_eq!(response.location(), Some(Location::from(TO)));
        let cookies: Vec<String> = response.set_cookies().map(|cookie| cookie.line().expose().to_owned()).collect();
        assert_eq!(cookies, ["a=1; Path=/", "b=2, 3; Path=/"]);
        let OrRedirect::Redirect(location) = response.into_body() else { panic!("expected a redirect") };
        assert_eq!(location.as_str(), TO);
        assert_eq!(location.query("code").unwrap(), "s3cret");
        assert_eq!(location.to_string(), "https://app.example.org/welcome?..");
    }
}

#[tokio::test]
async fn any_other_is_an_error_that_shows_where_to() {
    let mut wire = Wire::new().await;
    let text = |operation: &str, status: &str| {
        format!(
            "{operation}: {status}: unexpected redirect to https://app.example.org/welcome?..: \
             wrong port, trailing slash or an old path?"
        )
    };
    // 301, 307 and 308 come from a wrong port or path, whatever the operation.
    for (status, words) in
        [(301, "301 Moved Permanently"), (307, "307 Temporary Redirect"), (308, "308 Permanent Redirect")]
    {
        wire.replies("submitSelfServiceLogoutFlow", Reply::new(status, &[("Location", TO)], "gone"));
        let error = wire.client.submit_self_service_logout_flow().send().await.unwrap_err();
        wire.saw("GET /kratos/self-service/logout", &[], "");
        assert_eq!(error.to_string(), text("submitSelfServiceLogoutFlow", words));
        assert_eq!((error.kind(), error.location()), (ErrorKind::Redirect, Some(Location::from(TO))));
        assert_eq!(error.body().as_ref(), b"gone");
        assert!(!format!("{error:?}").contains("s3cret"));
    }
    // An operation without declared redirects accepts none, so that no credential is passed on.
    for (status, words) in [(302, "302 Found"), (303, "303 See Other"), (307, "307 Temporary Redirect")] {
        wire.replies("adminDeleteIdentity", Reply::new(status, &[("Location", TO)], ""));
        let error = wire.client.admin_delete_identity().id("x").send().await.unwrap_err();
        wire.saw("DELETE /kratos-admin/admin/identities/x", &[ACCESS], "");
        assert_eq!(error.to_string(), text("adminDeleteIdentity", words));
        assert_eq!(error.status().unwrap(), status);
    }
}

/// Query, fragment and password of the `Location` stay hidden, whatever its form.
#[tokio::test]
async fn its_secrets_do_not_show() {
    let mut wire = Wire::new().await;
    for (location, shown) in [
        ("/login?code=s3cret", "/login?.."),
        ("login?code=s3cret", "login?.."),
        ("?code=s3cret", "?.."),
        ("//other.example.org/login?code=s3cret", "//other.example.org/login?.."),
        ("https://app.example.org/#access_token=s3cret", "https://app.example.org/?.."),
        ("https://user:s3cret@app.example.org/login", "https://app.example.org/login"),
        ("https://app.example.org/a b?code=s3cret", "https://app.example.org/a b?.."),
        ("app:callback?code=s3cret", "app:callback?.."),
    ] {
        wire.replies("adminDeleteIdentity", Reply::new(307, &[("Location", location)], ""));
        let error = wire.client.admin_delete_identity().id("x").send().await.unwrap_err();
        wire.saw("DELETE /kratos-admin/admin/identities/x", &[ACCESS], "");
        let text = format!(
            "adminDeleteIdentity: 307 Temporary Redirect: unexpected redirect to {shown}: \
             wrong port, trailing slash or an old path?"
        );
        assert_eq!(error.to_string(), text);
        assert_eq!(error.location(), Some(Location::from(location)), "the program can still see it");
    }
}

#[tokio::test]
async fn one_that_leads_nowhere_is_an_error() {
    let mut wire = Wire::new().await;
    for status in [303, 304] {
        wire.replies("submitSelfServiceLogoutFlow", Reply::new(status, &[], ""));
        let error = wire.client.submit_self_service_logout_flow().send().await.unwrap_err();
        wire.saw("GET /kratos/self-service/logout", &[], "");
        assert_eq!((error.kind(), error.location()), (ErrorKind::Redirect, None));
        assert!(error.to_string().contains("unexpected redirect to nowhere"), "{error}");
    }
}

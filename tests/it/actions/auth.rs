//! Who may call: keys in headers and cookies, passwords, two keys at once.

use http::{HeaderMap, HeaderName, HeaderValue, StatusCode};
use ory_sdk::actions::{Action, ActionAuth};
use serde_json::Value;

use super::{RECORDED, body, named};
use crate::support::recording::Recording;

fn carried(pairs: &[(&str, &str)]) -> HeaderMap {
    let mut headers = HeaderMap::new();
    for (name, value) in pairs {
        headers.append(HeaderName::from_bytes(name.as_bytes()).unwrap(), HeaderValue::from_str(value).unwrap());
    }
    headers
}

fn lets_in(auth: &ActionAuth, pairs: &[(&str, &str)]) -> bool {
    auth.check(&carried(pairs)).is_ok()
}

fn recorded_headers(recording: &Recording) -> HeaderMap {
    let pairs: Vec<(&str, &str)> =
        recording.request.headers.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
    carried(&pairs)
}

/// The credentials that real servers sent.
#[test]
fn recorded_credentials_are_good() {
    let header = ActionAuth::header("X-Api-Key", "hook-secret").unwrap();
    let cookie = ActionAuth::cookie("hook", "hook-secret").unwrap();
    let basic = ActionAuth::basic("hook", "hook:secret").unwrap();
    let mail = ActionAuth::basic("mail", "mail-secret").unwrap();
    let all = [&header, &cookie, &basic, &mail];
    for (name, good) in [
        ("kratos-1.3.1/hook.way-api-key.ok", 0),
        ("kratos-26.2.0/hook.way-api-key.ok", 0),
        ("kratos-26.2.0/hook.password-migration.match", 0),
        ("hydra-2.2.0/hook.token.api-key", 0),
        ("hydra-26.2.0/hook.token.api-key", 0),
        ("kratos-1.3.1/hook.way-cookie.ok", 1),
        ("kratos-26.2.0/hook.way-cookie.ok", 1),
        ("hydra-26.2.0/hook.token.api-key-cookie", 1),
        ("kratos-1.3.1/hook.way-basic.ok", 2),
        ("kratos-26.2.0/hook.way-basic.ok", 2),
        ("kratos-26.2.0/hook.courier-email.ok", 3),
    ] {
        let headers = recorded_headers(named(name));
        let found: Vec<bool> = all.iter().map(|auth| auth.check(&headers).is_ok()).collect();
        let expected: Vec<bool> = (0..all.len()).map(|index| index == good).collect();
        assert_eq!(found, expected, "{name}");
    }
    // Nobody else is let in.
    let is_known = |recording: &Recording| {
        let names = recording.request.headers.iter().map(|(name, _)| name.to_ascii_lowercase());
        names.into_iter().any(|name| ["x-api-key", "cookie", "authorization"].contains(&name.as_str()))
    };
    for (server, recording) in RECORDED.iter().filter(|(_, recording)| !is_known(recording)) {
        let headers = recorded_headers(recording);
        assert!(all.iter().all(|auth| auth.check(&headers).is_err()), "{server} {}", recording.operation);
    }
}

#[test]
fn a_key_in_a_header() {
    let auth = ActionAuth::header("x-api-key", "s3cret é").unwrap();
    let bytes = |value: &[u8]| {
        let mut headers = HeaderMap::new();
        headers.insert("x-api-key", HeaderValue::from_bytes(value).unwrap());
        auth.check(&headers).is_ok()
    };
    assert!(bytes("s3cret é".as_bytes()));
    for wrong in ["", "s3cret", "s3cret \u{e9}x", "S3cret é", "s3cret é ", "Bearer s3cret é"] {
        assert!(!bytes(wrong.as_bytes()), "{wrong:?}");
    }
    let auth = ActionAuth::header("x-api-key", "s3cret").unwrap();
    assert!(lets_in(&auth, &[("X-API-KEY", "s3cret")]));
    assert!(lets_in(&auth, &[("x-api-key", "other"), ("x-api-key", "s3cret")]));
    for wrong in [&[][..], &[("x-api-ke", "s3cret")], &[("cookie", "x-api-key=s3cret")], &[("authorization", "s3cret")]]
    {
        assert!(!lets_in(&auth, wrong), "{wrong:?}");
    }
}

#[test]
fn a_key_in_a_cookie() {
    let auth = ActionAuth::cookie("hook", "s3cret").unwrap();
    for good in ["hook=s3cret", "a=b; hook=s3cret", "a=b;hook=s3cret ;c=d", "hook=x; hook=s3cret"] {
        assert!(lets_in(&auth, &[("cookie", good)]), "{good}");
    }
    assert!(lets_in(&auth, &[("cookie", "a=b"), ("cookie", "hook=s3cret")]));
    for wrong in
        ["", "hook", "hook=", "hook =s3cret", "Hook=s3cret", "xhook=s3cret", "hook=s3cretx", "hookx=s3cret", "s3cret"]
    {
        assert!(!lets_in(&auth, &[("cookie", wrong)]), "{wrong}");
    }
    assert!(!lets_in(&auth, &[("hook", "s3cret")]));
    let auth = ActionAuth::cookie("hook", "a=b==").unwrap();
    assert!(lets_in(&auth, &[("cookie", "hook=a=b==")]));
}

#[test]
fn a_user_name_and_a_password() {
    let auth = ActionAuth::basic("kratos", "pä:ss").unwrap();
    // kratos:pä:ss
    for good in ["Basic a3JhdG9zOnDDpDpzcw==", "basic a3JhdG9zOnDDpDpzcw==", "BASIC  a3JhdG9zOnDDpDpzcw"] {
        assert!(lets_in(&auth, &[("authorization", good)]), "{good}");
    }
    for wrong in [
        "",
        "Basic",
        "Basic ",
        "a3JhdG9zOnDDpDpzcw==",
        "Bearer a3JhdG9zOnDDpDpzcw==",
        // kratos:pä:s, kratos:, kratos, not base64
        "Basic a3JhdG9zOnDDpDpz",
        "Basic a3JhdG9zOg==",
        "Basic a3JhdG9z",
        "Basic ****",
    ] {
        assert!(!lets_in(&auth, &[("authorization", wrong)]), "{wrong}");
    }
    // An empty user name is one.
    let auth = ActionAuth::basic("", "pass").unwrap();
    assert!(lets_in(&auth, &[("authorization", "Basic OnBhc3M=")]));
}

#[test]
fn two_keys_at_once() {
    let old = ActionAuth::header("x-api-key", "old").unwrap();
    let both = old.clone().or(ActionAuth::header("x-api-key", "new").unwrap());
    let all = both.clone().or(ActionAuth::cookie("hook", "third").unwrap());
    for (pairs, by_old, by_both, by_all) in [
        (&[("x-api-key", "old")], true, true, true),
        (&[("x-api-key", "new")], false, true, true),
        (&[("cookie", "hook=third")], false, false, true),
        (&[("x-api-key", "third")], false, false, false),
        (&[("x-api-key", "oldnew")], false, false, false),
    ] {
        let found = [&old, &both, &all].map(|auth| lets_in(auth, pairs));
        assert_eq!(found, [by_old, by_both, by_all], "{pairs:?}");
    }
}

#[test]
fn settings_that_could_not_work_are_refused() {
    let why = |auth: Result<ActionAuth, ory_sdk::error::InvalidSetting>| auth.unwrap_err().to_string();
    for blank in ["", " ", "\t\n"] {
        assert_eq!(why(ActionAuth::header("x-api-key", blank)), "`header`: the secret is blank");
        assert_eq!(why(ActionAuth::cookie("hook", blank)), "`cookie`: the secret is blank");
        assert_eq!(why(ActionAuth::basic("kratos", blank)), "`basic`: the secret is blank");
    }
    assert_eq!(why(ActionAuth::header("x api", "hunter2")), "`header`: \"x api\" is no name of a header");
    assert_eq!(why(ActionAuth::cookie("a=b", "hunter2")), "`cookie`: \"a=b\" is no name of a cookie");
    assert_eq!(why(ActionAuth::cookie("", "hunter2")), "`cookie`: \"\" is no name of a cookie");
    for unsendable in ["hunter2 ", "hunter2\n", "hunter2\r\nx: y", "hunt\0er2"] {
        assert!(why(ActionAuth::header("x-api-key", unsendable)).starts_with("`header`: the secret has control"));
    }
    for unsendable in ["hun ter2", "hun;ter2", "hun,ter2", "hun\"ter2", "hun\\ter2", "hünter2"] {
        assert_eq!(
            why(ActionAuth::cookie("hook", unsendable)),
            "`cookie`: the secret has characters that a cookie cannot have"
        );
    }
    assert_eq!(why(ActionAuth::basic("a:b", "hunter2")), "`basic`: the user name has a colon, which ends it");
}

/// Without the key, nothing is said of the body.
#[test]
fn who_is_not_let_in_learns_nothing() {
    let auth = ActionAuth::header("x-api-key", "other").unwrap();
    for (_, recording) in RECORDED.iter() {
        for text in [body(recording), b"no JSON".to_vec(), vec![b' '; (1 << 20) + 1]] {
            let refused = Action::<Value>::read(&auth, &recorded_headers(recording), text.into()).unwrap_err();
            assert_eq!(refused.status(), StatusCode::UNAUTHORIZED);
            let response = refused.into_response();
            assert_eq!((response.body().as_str(), response.headers().len()), ("", 0));
        }
    }
}

//! Signed tokens and sets of keys.

use std::pin::pin;
use std::task::{Context, Poll, Waker};

use crate::jwt::{AccessTokens, IdTokenCheck, IdTokens, InvalidToken, KeySet, LogoutTokens, Refusal, SessionTokens};

/// The public key of Ed25519 in RFC 8037, whose private half is published there too.
const KEYS: &str = r#"{"keys":[{"kty":"OKP","crv":"Ed25519","x":"11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"}]}"#;

/// Tokens of that RFC and of servers.
const TOKENS: [&str; 2] = [
    "eyJhbGciOiJFZERTQSJ9.RXhhbXBsZSBvZiBFZDI1NTE5IHNpZ25pbmc.hgyY0il_MGCjP0JzlnLWG1PPOt7-09PGcvMg3AIbQR6dWbhijcNR4ki4iylGjg5BhVsPt9g7sVvpAr_MuM0KAg",
    "eyJhbGciOiJFUzI1NiJ9.eyJpc3MiOiJqb2UiLA0KICJleHAiOjEzMDA4MTkzODAsDQogImh0dHA6Ly9leGFtcGxlLmNvbS9pc19yb290Ijp0cnVlfQ.DtEhU3ljbEg8L38VWAfUAqOyKAM6-Xx-F4GawxaepmXFCgfTjDxw5djxLa8ISlSApmWQxfKTUJqPP3-Kg6NU1Q",
];

/// No verifier takes a token that nobody signed, or says anything of it in its refusal.
pub fn jwt(data: &[u8]) {
    let Ok(text) = std::str::from_utf8(data) else { return };
    let keys = KeySet::from_json(KEYS).unwrap();
    let access = AccessTokens::builder(&keys).issuer("joe").any_audience().build().unwrap();
    let id = IdTokens::builder(&keys).issuer("joe").client_id("app").build().unwrap();
    let session = SessionTokens::builder(&keys).issuer("joe").any_audience().build().unwrap();
    let logout = LogoutTokens::builder(&keys).issuer("joe").client_id("app").build().unwrap();
    refused(text, at_once(access.check(text)));
    refused(text, at_once(id.check(text, &IdTokenCheck::new())));
    refused(text, at_once(session.check(text)));
    refused(text, at_once(logout.check(text)));
    refused(text, at_once(logout.check_form(data)));
}

/// Any set of keys is read or refused in one line, and no key of it breaks the check of a signature.
pub fn key_set(data: &[u8]) {
    if let Err(why) = KeySet::from_json(data) {
        assert!(!why.to_string().contains('\n'));
    }
    for token in TOKENS {
        if let Err(why) = crate::jwt::signature::check(data, token) {
            assert!(!why.contains('\n'));
        }
    }
}

fn refused<T>(token: &str, result: Result<T, Refusal>) {
    let Err(refusal) = result else { panic!("a token that nobody signed is good: {token}") };
    assert!(matches!(refusal, Refusal::Invalid(_)), "{refusal:?}");
    if let Refusal::Invalid(InvalidToken::Malformed { .. }) = refusal {
        return;
    }
    let signature = token.rsplit('.').next().unwrap_or_default();
    assert!(signature.len() < 20 || !format!("{refusal} {refusal:?}").contains(signature));
}

/// The output of a future that waits for nothing, since its keys are there.
fn at_once<T>(future: impl Future<Output = T>) -> T {
    match pin!(future).poll(&mut Context::from_waker(Waker::noop())) {
        Poll::Ready(output) => output,
        Poll::Pending => panic!("a check with fixed keys waits"),
    }
}

//! Login and registration with a mailed code.

use super::{Browser, flow, identity, mailed_code, start};
use crate::testing::replay::Report;

pub async fn login() -> Report {
    let mut replay = start().await;
    identity(&replay, "code-33@example.org").await;
    let submit = |case: &str| format!("submitSelfServiceLoginFlow.{case}");
    flow(&mut replay, "login", &submit("code-sent"), &[]).await;
    replay.same(&[&submit("code-sent"), &submit("code-wrong"), &submit("code-resend")]).await;
    let code = mailed_code(&replay);
    replay.learn_field(&submit("code-ok"), "code", &code);
    replay.same(&[&submit("code-ok")]).await;
    flow(&mut replay, "login", &submit("code-unknown-user"), &[]).await;
    replay.same(&[&submit("code-unknown-user")]).await;
    let browser = Browser::new(&replay).await;
    browser.flow(&mut replay, "login", &submit("browser-code-sent")).await;
    replay.same(&[&submit("browser-code-sent")]).await;
    let code = mailed_code(&replay);
    replay.learn_field(&submit("browser-code-ok"), "code", &code);
    replay.same(&[&submit("browser-code-ok")]).await;
    replay.finish()
}

pub async fn registration() -> Report {
    let mut replay = start().await;
    let submit = |case: &str| format!("submitSelfServiceRegistrationFlow.{case}");
    flow(&mut replay, "registration", &submit("code-sent"), &[]).await;
    replay.same(&[&submit("code-sent"), &submit("code-wrong")]).await;
    let code = mailed_code(&replay);
    replay.learn_field(&submit("code-ok"), "code", &code);
    replay.same(&[&submit("code-ok")]).await;
    replay.finish()
}

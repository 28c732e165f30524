//! A registration that asks for the traits first, and then for a password or a code.

use ory_sdk::testing::StandIn;
use serde_json::json;

use super::app::{App, PASSWORD};
use super::browser::Page;

const EMAIL: &str = "ada@example.org";
const PROFILE: [(&str, &str); 4] =
    [("traits.email", EMAIL), ("traits.name.first", "Ada"), ("traits.age", "36"), ("method", "profile")];

async fn start() -> App {
    App::on(StandIn::builder().two_step_registration(), |builder| builder).await
}

/// The type of an input.
fn kind(page: &Page, name: &str) -> String {
    let form = page.json();
    let node = form["nodes"].as_array().unwrap().iter().find(|node| node["name"] == name).unwrap();
    node["type"].as_str().unwrap().to_owned()
}

#[tokio::test]
async fn a_person_goes_forward_and_back_and_registers() {
    let app = start().await;
    let browser = app.browser();
    let page = browser.open("/registration?return_to=/orders").await;
    page.shows(200, "/registration");
    assert!(!page.has("password"), "{}", page.text);
    let wrong = browser.submit(&page, &[("traits.email", "nobody"), ("method", "profile")]).await;
    wrong.shows(400, "/registration");
    assert_eq!((wrong.messages(), wrong.value("traits.email")), (vec![4_000_040], "nobody".to_owned()));
    assert!(!wrong.has("password"), "{}", wrong.text);

    let second = browser.submit(&wrong, &PROFILE).await;
    second.shows(200, "/registration");
    assert_eq!((second.messages(), second.hops.len()), (vec![1_040_009], 1));
    assert_eq!((kind(&second, "traits.email"), second.value("traits.email")), ("hidden".to_owned(), EMAIL.to_owned()));

    // A browser also sends the password that is not filled in.
    let back = browser.submit(&second, &[("password", ""), ("screen", "previous")]).await;
    back.shows(200, "/registration");
    assert_eq!((back.messages(), back.has("password"), back.value("traits.name.first")), (vec![], false, "Ada".into()));
    assert_eq!((kind(&back, "traits.email"), kind(&back, "traits.age")), ("email".into(), "number".into()));

    let renamed = [("traits.name.first", "Augusta"), ("method", "profile")];
    let second = browser.submit(&back, &renamed).await;
    let short = browser.submit(&second, &[("password", "short"), ("method", "password")]).await;
    short.shows(400, "/registration");
    assert_eq!((short.messages(), short.has("screen")), (vec![4_000_032], true));

    browser.submit(&short, &[("password", PASSWORD), ("method", "password")]).await.shows(200, "/orders");
    assert!(browser.is_signed_in());
    let identities = app.client.admin_list_identities().send().await.unwrap();
    let traits = json!({"email": EMAIL, "name": {"first": "Augusta"}, "age": 36});
    assert_eq!(identities[0].traits, Some(traits));
}

#[tokio::test]
async fn a_code_is_one_of_the_credentials() {
    let app = start().await;
    let browser = app.browser();
    let page = browser.open("/registration").await;
    let second = browser.submit(&page, &PROFILE).await;
    let sent = browser.submit(&second, &[("password", ""), ("method", "code")]).await;
    sent.shows(200, "/registration");
    assert_eq!((sent.json()["state"].as_str(), sent.messages()), (Some("sent_email"), vec![1_040_005]));

    // The way back leads to the credentials, not to the traits.
    let back = browser.submit(&sent, &[("code", ""), ("screen", "credential-selection")]).await;
    back.shows(200, "/registration");
    assert_eq!((back.json()["state"].as_str(), back.has("password")), (Some("choose_method"), true));

    let sent = browser.submit(&back, &[("password", ""), ("method", "code")]).await;
    let wrong = browser.submit(&sent, &[("code", "000000"), ("method", "code")]).await;
    wrong.shows(400, "/registration");
    browser.submit(&wrong, &[("code", &app.code()), ("method", "code")]).await.shows(200, "/");
    assert!(browser.is_signed_in());
}

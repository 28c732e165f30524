//! One person with two tabs.

use serde_json::json;

use crate::browser::visit;
use crate::site::PASSWORD;

#[tokio::test]
async fn two_tabs_agree() {
    visit(async |site, browser| {
        let email = site.person("tabs", json!({})).await;
        let first = browser.client.window().await.unwrap();
        browser.open("/login").await;
        browser.fill("E-Mail", &email).await;
        let second = browser.client.new_window(true).await.unwrap().handle;
        browser.client.switch_to_window(second.clone()).await.unwrap();
        browser.sign_in(&email).await;

        // The form in the other tab is from before, and whoever is signed in is sent on.
        browser.client.switch_to_window(first.clone()).await.unwrap();
        browser.fill("Password", PASSWORD).await;
        browser.press("Sign in with password").await;
        browser.shows("/", "Hello Jane").await;
        browser.reads("You are signed in nowhere else.").await;
        browser.open("/settings").await;

        browser.client.switch_to_window(second).await.unwrap();
        browser.press("Sign out").await;
        browser.shows("/login", "Sign in").await;

        browser.client.switch_to_window(first).await.unwrap();
        browser.fill("Last Name", "Doe").await;
        browser.press_in("//section[h2='Profile']", "Save").await;
        browser.shows("/login", "Sign in").await;
    })
    .await;
}

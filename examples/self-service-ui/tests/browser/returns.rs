//! Where a person arrives after a sign-in: where they wanted to be, and never on another site.

use serde_json::json;

use crate::browser::visit;
use crate::site::PASSWORD;

#[tokio::test]
async fn people_arrive_where_they_wanted_to_be() {
    visit(async |site, browser| {
        let email = site.person("return", json!({})).await;
        browser.open("/settings").await;
        browser.shows("/login", "Sign in").await;
        browser.type_credentials(&email, "wrong-Long-passw0rd!").await;
        browser.fill("Password", PASSWORD).await;
        browser.press("Sign in with password").await;
        browser.shows("/settings", "Settings").await;
        browser.press("Sign out").await;

        // It is kept on the way to another page, and by those who are signed in already.
        browser.open("/login?return_to=/error").await;
        browser.press("Create an account").await;
        browser.shows("/registration", "Create an account").await;
        browser.press("Back to sign in").await;
        browser.shows("/login", "Sign in").await;
        browser.type_credentials(&email, PASSWORD).await;
        browser.shows("/error", "Not found").await;
        browser.open("/login?return_to=/settings").await;
        browser.shows("/settings", "Settings").await;
    })
    .await;
}

#[tokio::test]
async fn nobody_is_sent_to_another_site() {
    visit(async |site, browser| {
        let email = site.person("stay", json!({})).await;
        for foreign in [
            "https://evil.example/",
            "//evil.example/",
            "https:evil.example",
            "/%5Cevil.example",
            "javascript:alert(1)",
        ] {
            browser.open(&format!("/login?return_to={foreign}")).await;
            browser.shows("/login", "Sign in").await;
            browser.type_credentials(&email, PASSWORD).await;
            browser.shows("/", "Hello Jane").await;
            browser.open(&format!("/login?return_to={foreign}")).await;
            browser.shows("/", "Hello Jane").await;
            browser.press("Sign out").await;
            browser.shows("/login", "Sign in").await;
        }
    })
    .await;
}

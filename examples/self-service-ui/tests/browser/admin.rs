//! Administration.

use std::time::Duration;

use fantoccini::Locator;
use serde_json::json;

use crate::browser::{Browser, visit};
use crate::site::PASSWORD;

#[tokio::test]
async fn only_administrators_come_in() {
    visit(async |site, browser| {
        let email = site.person("nosy", json!({})).await;
        browser.open("/admin").await;
        browser.shows("/login", "Sign in").await;
        browser.type_credentials(&email, PASSWORD).await;
        browser.shows("/admin", "You may not do this").await;
        assert_eq!(browser.status().await, 403);
        browser.open("/admin/00000000-0000-0000-0000-000000000000").await;
        assert_eq!(browser.status().await, 403);
        browser.open("/").await;
        assert!(!browser.text().await.contains("Administration"));
    })
    .await;
}

#[tokio::test]
async fn an_administrator_helps_somebody() {
    visit(async |site, browser| {
        let admin = site.person("boss", json!({"metadata_public": {"role": "admin"}})).await;
        let other = site.person("lost", json!({})).await;
        for at in 0..25 {
            site.person(&format!("many{at}"), json!({})).await;
        }
        Browser::elsewhere(&site, &other, PASSWORD).await;
        browser.sign_in(&admin).await;
        browser.press("Administration").await;
        browser.shows("/admin", "Accounts").await;
        assert_eq!(browser.client.find_all(Locator::Css("ul.rows > li")).await.unwrap().len(), 20);
        browser.press("Next page").await;
        browser.shows("/admin", "Accounts").await;

        browser.fill("Address or user name", "nobody@example.org").await;
        browser.press("Search").await;
        browser.reads("No account has this address.").await;
        browser.fill("Address or user name", &other).await;
        browser.press("Search").await;
        browser.press("Open").await;
        browser.reads("1 session").await;
        browser.press("Sign out everywhere").await;
        browser.reads("0 sessions").await;
        browser.press("Make a recovery code").await;
        browser.reads("you see them only now").await;
        let facts = browser.client.find_all(Locator::Css("section[role=status] code")).await.unwrap();
        let (code, link) = (facts[0].text().await.unwrap(), facts[1].text().await.unwrap());
        browser.client.delete_all_cookies().await.unwrap();
        browser.open(&link).await;
        browser.shows("/recovery", "Check your mail").await;
        browser.fill("Recovery code", &code).await;
        browser.press("Continue").await;
        browser.shows("/settings", "Settings").await;
        browser.reads("You successfully recovered your account.").await;
    })
    .await;
}

#[tokio::test]
async fn an_old_session_signs_in_again_first() {
    visit(async |site, browser| {
        if site.is_real {
            return eprintln!("skipped: the clock of a real server cannot be put forward");
        }
        let admin = site.person("sleepy", json!({"metadata_public": {"role": "admin"}})).await;
        // Its sign-in is an hour ago by the clock of this machine.
        site.ory.set_time(ory_sdk::chrono::Utc::now() - Duration::from_secs(3600));
        browser.sign_in(&admin).await;
        site.ory.set_time(ory_sdk::chrono::Utc::now());
        browser.open("/admin").await;
        browser.confirm(&admin).await;
        browser.shows("/admin", "Accounts").await;
    })
    .await;
}

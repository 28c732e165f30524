//! What goes wrong, and what a person sees then.

use std::time::Duration;

use fantoccini::Locator;
use ory_sdk::testing::Fault;
use serde_json::json;

use crate::browser::visit;
use crate::site::PASSWORD;

#[tokio::test]
async fn a_wrong_password_is_said_to_everybody() {
    visit(async |site, browser| {
        let email = site.person("wrong", json!({})).await;
        browser.open("/login").await;
        browser.type_credentials(&email, "wrong-Long-passw0rd!").await;
        browser.reads("The provided credentials are invalid").await;
        assert_eq!(browser.status().await, 400);
        assert!(browser.client.title().await.unwrap().starts_with("Error: Sign in"));
        assert_eq!(browser.value("document.activeElement.role").await, "alert");
        assert_eq!(browser.value("document.querySelector('[name=identifier]').value").await, *email);
        browser.fill("Password", PASSWORD).await;
        browser.press("Sign in with password").await;
        browser.shows("/", "Hello Jane").await;
    })
    .await;
}

#[tokio::test]
async fn an_expired_flow_starts_again() {
    visit(async |site, browser| {
        if site.is_real {
            return eprintln!("skipped: the clock of a real server cannot be put forward");
        }
        let email = site.person("late", json!({})).await;
        browser.open("/login?return_to=/vault").await;
        site.ory.advance(Duration::from_secs(3600));
        browser.type_credentials(&email, PASSWORD).await;
        browser.shows("/login", "Sign in").await;
        browser.type_credentials(&email, PASSWORD).await;
        // The vault wants a second factor, and whoever has none sets one up.
        browser.shows("/settings", "Settings").await;
    })
    .await;
}

#[tokio::test]
async fn a_form_that_is_sent_twice_signs_in_once() {
    visit(async |site, browser| {
        let email = site.person("twice", json!({})).await;
        browser.open("/login").await;
        browser.fill("E-Mail", &email).await;
        browser.fill("Password", PASSWORD).await;
        let twice = "const button = document.querySelector('button.primary'); button.click(); button.click();";
        browser.script(twice).await;
        browser.shows("/", "Hello Jane").await;
        browser.reads("You are signed in nowhere else.").await;
    })
    .await;
}

#[tokio::test]
async fn the_back_button_after_the_logout_shows_nothing_personal() {
    visit(async |site, browser| {
        let email = site.person("back", json!({})).await;
        browser.sign_in(&email).await;
        browser.open("/settings").await;
        browser.shows("/settings", "Settings").await;
        browser.press("Sign out").await;
        browser.shows("/login", "Sign in").await;
        for _ in 0..4 {
            browser.client.back().await.unwrap();
            tokio::time::sleep(Duration::from_millis(300)).await;
            let text = browser.text().await;
            let values = browser.value("[...document.querySelectorAll('input')].map((it) => it.value).join(' ')").await;
            assert!(!text.contains("Jane") && !text.contains(&email), "{text}");
            assert!(!values.to_string().contains(&email), "{values}");
        }
    })
    .await;
}

#[tokio::test]
async fn an_outage_signs_nobody_out() {
    visit(async |site, browser| {
        if site.is_real {
            return eprintln!("skipped: a real server cannot be made to fail");
        }
        let email = site.person("outage", json!({})).await;
        browser.sign_in(&email).await;
        site.ory.fail_all(Fault::closed().always());
        for path in ["/", "/settings", "/login", "/vault", "/admin", "/oauth2/login?login_challenge=x", "/error?id=x"] {
            browser.open(path).await;
            assert_eq!(browser.status().await, 503, "{path}: {}", browser.text().await);
            assert_eq!(browser.value("document.querySelector('h1').textContent").await, "Back in a moment", "{path}");
        }
        site.ory.clear_faults();
        assert!(browser.is_signed_in().await);
        browser.open("/settings").await;
        browser.shows("/settings", "Settings").await;
    })
    .await;
}

#[tokio::test]
async fn a_session_that_is_too_old_signs_in_again() {
    visit(async |site, browser| {
        if site.is_real {
            return eprintln!("skipped: the clock of a real server cannot be put forward");
        }
        let email = site.person("old", json!({})).await;
        browser.sign_in(&email).await;
        site.ory.advance(Duration::from_secs(3600));
        browser.open("/settings").await;
        browser.fill("Password", "another-Long-passw0rd!").await;
        browser.press_in("//section[h2='Password']", "Save").await;
        browser.confirm(&email).await;
        browser.shows("/settings", "Settings").await;
    })
    .await;
}

#[tokio::test]
async fn errors_of_kratos_have_a_page() {
    visit(async |site, browser| {
        browser.open("/error?id=stub:500").await;
        browser.shows("/error", "Something is wrong here").await;
        assert_eq!(browser.status().await, 500);
        assert!(!browser.text().await.contains("stub"), "what Kratos says is for a log");
        browser.open("/error?id=00000000-0000-0000-0000-000000000000").await;
        browser.shows("/error", "Not found").await;
        browser.open("/nowhere").await;
        browser.shows("/nowhere", "Not found").await;
        browser.open("/oauth2/consent").await;
        browser.reads("This does not work").await;
        browser.open("/oauth2/error?error=invalid_client&error_description=%3Cb%3Ecall%20us").await;
        browser.reads("This application is not known.").await;
        assert!(!browser.text().await.contains("call us"));
        let _ = site;
    })
    .await;
}

#[tokio::test]
async fn a_form_of_another_site_does_nothing() {
    visit(async |site, browser| {
        let email = site.person("forged", json!({})).await;
        browser.sign_in(&email).await;
        // `localhost` is another site than 127.0.0.1, and here one with pages of somebody else.
        let port = site.url.rsplit(':').next().unwrap();
        let host = if site.url.contains("localhost") { "127.0.0.1" } else { "localhost" };
        browser.open(&format!("http://{host}:{port}/style.css")).await;
        for path in ["/logout", "/sessions/x/sign-out", "/admin/x/sign-out"] {
            let form = format!(
                "const form = document.createElement('form'); form.method = 'post'; form.action = '{}{path}'; \
                 document.documentElement.append(form); form.submit();",
                site.url
            );
            browser.script(&form).await;
            browser.comes_to(path).await;
            assert_eq!(browser.status().await, 403, "{path}");
            browser.open(&format!("http://{host}:{port}/style.css")).await;
        }
        assert!(browser.is_signed_in().await);
        browser.open("/logout").await;
        browser.shows("/logout", "Sign out?").await;
        let _ = browser.client.find(Locator::Css("main button")).await.unwrap().click().await;
        browser.shows("/login", "Sign in").await;
    })
    .await;
}

//! Passkeys and security keys: the only pages with scripts.

use serde_json::json;

use crate::browser::visit;
use crate::site::PASSWORD;
#[tokio::test]
async fn a_passkey_signs_in_and_a_security_key_is_a_second_factor() {
    visit(async |site, browser| {
        // A key belongs to a name, and Kratos must know it.
        if !site.is_real || !site.url.starts_with("http://localhost:") {
            return eprintln!(
                "skipped: set PUBLIC_URL to http://localhost:.., with a Kratos whose keys are for localhost"
            );
        }
        browser.dev_tools("WebAuthn.enable", json!({})).await;
        let key = json!({"options": {
            "protocol": "ctap2", "transport": "internal", "hasResidentKey": true, "hasUserVerification": true,
            "isUserVerified": true, "automaticPresenceSimulation": true,
        }});
        browser.dev_tools("WebAuthn.addVirtualAuthenticator", key).await;
        let email = site.person("keyholder", json!({})).await;
        browser.sign_in(&email).await;
        browser.open("/settings").await;
        browser.press("Add passkey").await;
        browser.reads("Your changes have been saved!").await;
        browser.press("Sign out").await;

        // The browser offers the passkey by itself, and this one takes it.
        browser.open("/login").await;
        browser.shows("/", "Hello Jane").await;
        browser.reads("Passkey").await;

        browser.open("/settings").await;
        browser.fill("Name of the security key", "blue").await;
        browser.press("Add security key").await;
        browser.reads("Your changes have been saved!").await;
        // The key Enter does not press "Remove".
        browser.fill("Name of the security key", "red\u{e007}").await;
        browser.reads("Remove security key").await;
        browser.press("Sign out").await;
        browser.open("/login").await;
        browser.shows("/", "Hello Jane").await;
        browser.open("/vault").await;
        browser.shows("/login", "One more step").await;
        browser.press("Sign in with a hardware key").await;
        browser.shows("/vault", "The vault").await;
    })
    .await;
}

#[tokio::test]
async fn without_javascript_everything_else_works() {
    visit(async |site, browser| {
        if !site.is_real {
            site.ory.show_passkeys();
        }
        let email = site.person("plain", json!({})).await;
        browser.dev_tools("Emulation.setScriptExecutionDisabled", json!({"value": true})).await;
        browser.open("/login").await;
        let (text, scripts) = (browser.text().await, browser.value("document.scripts.length").await);
        assert!(scripts == 0 || text.contains("Passkeys and security keys need JavaScript."), "{text}");
        browser.type_credentials(&email, PASSWORD).await;
        browser.shows("/", "Hello Jane").await;
        browser.open("/settings").await;
        browser.fill("Last Name", "Doe").await;
        browser.press_in("//section[h2='Profile']", "Save").await;
        browser.reads("Your changes have been saved!").await;
        browser.press("Sign out").await;
        browser.shows("/login", "Sign in").await;
    })
    .await;
}

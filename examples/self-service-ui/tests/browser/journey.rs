//! A person's life with the site, from the registration on.

use fantoccini::Locator;

use ory_sdk::testing::StandIn;

use crate::browser::{Browser, visit, visit_site};
use crate::site::{PASSWORD, Site};

const NEW_PASSWORD: &str = "another-Long-passw0rd!";

#[tokio::test]
async fn from_registration_to_recovery() {
    visit(async |site, browser| {
        let email = site.address("grace");
        register(&browser, &email).await;
        verify(&site, &browser, &email).await;
        sign_out(&browser).await;
        browser.sign_in(&email).await;
        let secret = add_authenticator(&site, &browser).await;
        sign_out(&browser).await;
        // Some servers ask for the second factor at once.
        browser.type_credentials(&email, PASSWORD).await;
        browser.open("/vault").await;
        browser.shows("/login", "One more step").await;
        browser.fill("Authentication code", &site.totp(&secret)).await;
        browser.press("Use Authenticator").await;
        browser.shows("/vault", "The vault").await;

        let code = make_backup_codes(&browser).await;
        sign_out(&browser).await;
        browser.type_credentials(&email, PASSWORD).await;
        browser.open("/vault").await;
        browser.fill("Backup recovery code", &code).await;
        browser.press("Use backup recovery code").await;
        browser.shows("/vault", "The vault").await;

        change_password(&browser).await;
        Browser::elsewhere(&site, &email, NEW_PASSWORD).await;
        browser.open("/").await;
        browser.press("Sign out there").await;
        browser.shows("/", "Hello Jane").await;
        browser.reads("You are signed in nowhere else.").await;

        browser.open("/settings").await;
        browser.press("Unlink TOTP Authenticator App").await;
        browser.reads("Your changes have been saved!").await;
        browser.press("Disable this method").await;
        browser.reads("Your changes have been saved!").await;

        sign_out(&browser).await;
        recover(&site, &browser, &email).await;
        sign_out(&browser).await;
        assert!(!browser.is_signed_in().await);
    })
    .await;
}

async fn register(browser: &Browser, email: &str) {
    browser.open("/").await;
    browser.press("Create an account").await;
    browser.shows("/registration", "Create an account").await;
    browser.fill("E-Mail", email).await;
    browser.fill("First Name", "Jane").await;
    one_step_more(browser).await;
    browser.fill("Password", PASSWORD).await;
    browser.press("Sign up").await;
    browser.shows("/", "Hello Jane").await;
}

/// Some servers ask for the profile first, and then how to sign in.
async fn one_step_more(browser: &Browser) {
    if browser.value("document.querySelector('[name=password]')").await.is_null() {
        browser.press("Sign up").await;
        browser.reads("Please choose a credential").await;
    }
}

#[tokio::test]
async fn a_registration_in_two_steps() {
    let site = Site::start(StandIn::builder().two_step_registration()).await;
    visit_site(site, async |site, browser| {
        if site.is_real {
            return eprintln!("skipped: a real server decides how many steps there are");
        }
        browser.open("/registration").await;
        browser.fill("E-Mail", &site.address("steps")).await;
        browser.fill("First Name", "Jane").await;
        one_step_more(&browser).await;
        browser.press("Back").await;
        browser.shows("/registration", "Create an account").await;
        assert_eq!(browser.value("document.querySelector('[name=\"traits.name.first\"]').value").await, "Jane");
        one_step_more(&browser).await;
        browser.fill("Password", "short").await;
        browser.press("Sign up").await;
        browser.reads("must be at least 8 characters").await;
        // The key Enter presses "Sign up", not "Back".
        browser.fill("Password", &format!("{PASSWORD}\u{e007}")).await;
        browser.shows("/", "Hello Jane").await;
    })
    .await;
}

async fn verify(site: &Site, browser: &Browser, email: &str) {
    browser.reads("Your address is not verified yet.").await;
    browser.press("Verify it").await;
    browser.shows("/verification", "Verify your address").await;
    browser.fill("Email", email).await;
    browser.press("Continue").await;
    browser.shows("/verification", "Check your mail").await;
    browser.fill("Verification code", &site.code(email).await).await;
    browser.press("Continue").await;
    browser.shows("/verification", "Your address is verified").await;
    browser.press("Continue").await;
    browser.shows("/", "Hello Jane").await;
    assert!(!browser.text().await.contains("not verified"));
}

/// Sets up an authenticator app, and returns its secret.
async fn add_authenticator(site: &Site, browser: &Browser) -> String {
    browser.open("/settings").await;
    let qr = browser.value("document.querySelector('img[alt=\"Authenticator app QR code\"]').naturalWidth").await;
    assert!(qr.as_u64().unwrap() > 50, "the QR code is drawn: {qr}");
    let secret = browser.client.find(Locator::Id("totp-totp_secret_key")).await.unwrap().text().await.unwrap();
    browser.fill("Verify code", &site.totp(&secret)).await;
    browser.press_in("//section[h2='Authenticator app']", "Save").await;
    browser.reads("Your changes have been saved!").await;
    secret
}

/// Makes backup codes, and returns one of them.
async fn make_backup_codes(browser: &Browser) -> String {
    browser.open("/settings").await;
    browser.press("Generate new backup recovery codes").await;
    let codes = browser.client.find_all(Locator::Css("ul.codes code")).await.unwrap();
    assert_eq!(codes.len(), 12);
    let code = codes[0].text().await.unwrap();
    browser.press("Confirm backup recovery codes").await;
    browser.reads("Your changes have been saved!").await;
    code
}

async fn change_password(browser: &Browser) {
    browser.open("/settings").await;
    browser.fill("Password", "short").await;
    browser.press_in("//section[h2='Password']", "Save").await;
    browser.shows("/settings", "Settings").await;
    let focus = browser.value("document.activeElement.name + ' ' + document.activeElement.ariaInvalid").await;
    assert_eq!(focus, "password true", "the field with the error has the focus");
    browser.fill("Password", NEW_PASSWORD).await;
    browser.press_in("//section[h2='Password']", "Save").await;
    browser.reads("Your changes have been saved!").await;
}

async fn recover(site: &Site, browser: &Browser, email: &str) {
    browser.press("Forgot your password?").await;
    browser.shows("/recovery", "Recover your account").await;
    browser.fill("Email", email).await;
    browser.press("Continue").await;
    browser.shows("/recovery", "Check your mail").await;
    browser.fill("Recovery code", "000000").await;
    browser.press("Continue").await;
    browser.reads("The recovery code is invalid or has already been used.").await;
    browser.fill("Recovery code", &site.code(email).await).await;
    browser.press("Continue").await;
    browser.shows("/settings", "Settings").await;
    browser.reads("You successfully recovered your account.").await;
}

async fn sign_out(browser: &Browser) {
    browser.open("/").await;
    browser.press("Sign out").await;
    browser.shows("/login", "Sign in").await;
}

#[tokio::test]
async fn by_code_alone() {
    visit(async |site, browser| {
        let email = site.address("code");
        browser.open("/registration").await;
        browser.fill("E-Mail", &email).await;
        browser.fill("First Name", "Jane").await;
        one_step_more(&browser).await;
        browser.press("Send sign up code").await;
        browser.shows("/registration", "Create an account").await;
        browser.fill("Registration code", &site.code(&email).await).await;
        browser.press("Continue").await;
        browser.shows("/", "Hello Jane").await;
        sign_out(&browser).await;

        browser.fill("E-Mail", &email).await;
        browser.press("Send sign in code").await;
        browser.shows("/login", "Sign in").await;
        let sent = site.code(&email).await;
        browser.fill("Login code", &sent).await;
        browser.press("Continue").await;
        browser.shows("/", "Hello Jane").await;
        browser.reads("Code by mail").await;
    })
    .await;
}

#[tokio::test]
async fn the_key_enter_is_enough() {
    visit(async |site, browser| {
        let email = site.person("keys", serde_json::json!({})).await;
        browser.open("/login").await;
        browser.fill("E-Mail", &email).await;
        browser.fill("Password", &format!("{PASSWORD}\u{e007}")).await;
        browser.shows("/", "Hello Jane").await;
        // The first stop of the key Tab leads past the navigation.
        browser.open("/settings").await;
        browser.client.active_element().await.unwrap().send_keys("\u{e004}\u{e007}").await.unwrap();
        assert_eq!(browser.value("document.activeElement.id").await, "main");
    })
    .await;
}

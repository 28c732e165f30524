//! Every page: axe-core finds nothing, nothing comes from elsewhere, and there are pictures to look at.

use std::path::PathBuf;

use ory_sdk::http::StatusCode;
use ory_sdk::testing::Fault;
use ory_sdk::url::form_urlencoded::parse;
use serde_json::{Value, json};

use crate::browser::{Browser, visit};
use crate::site::PASSWORD;

fn target() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../target")
}

/// Checks the page that is shown, and takes its pictures.
async fn check(browser: &Browser, name: &str) {
    let axe = target().join("axe/node_modules/axe-core/axe.min.js");
    let axe = std::fs::read_to_string(axe).expect("`npm install --prefix target/axe axe-core` brings axe-core");
    let folder = target().join("self-service-ui");
    std::fs::create_dir_all(&folder).unwrap();
    for (scheme, width, device) in
        [("light", 1280, "desktop"), ("dark", 1280, "desktop"), ("light", 390, "phone"), ("dark", 390, "phone")]
    {
        let still = json!({"name": "prefers-reduced-motion", "value": "reduce"});
        let media = json!({"features": [{"name": "prefers-color-scheme", "value": scheme}, still]});
        browser.dev_tools("Emulation.setEmulatedMedia", media).await;
        let screen =
            |height: u64| json!({"width": width, "height": height, "deviceScaleFactor": 1, "mobile": width < 500});
        browser.dev_tools("Emulation.setDeviceMetricsOverride", screen(800)).await;
        let size = browser.value("[document.documentElement.scrollWidth, document.documentElement.scrollHeight]").await;
        assert_eq!(size[0], width, "{name} is as wide as the screen of a {device}");
        browser.dev_tools("Emulation.setDeviceMetricsOverride", screen(size[1].as_u64().unwrap().max(800))).await;
        let picture = browser.client.screenshot().await.unwrap();
        std::fs::write(folder.join(format!("{name}-{scheme}-{device}.png")), picture).unwrap();
        browser.client.execute(&axe, Vec::new()).await.unwrap();
        let run = "const done = arguments[arguments.length - 1]; axe.run().then((found) => done(found.violations.map((it) => \
                   [it.id, it.help, it.nodes.map((node) => node.html + ' ' + node.failureSummary)])))";
        let violations = browser.client.execute_async(run, Vec::new()).await.unwrap();
        assert_eq!(violations, json!([]), "{name}, {scheme}, {device}: {violations:#}");
    }
    browser.dev_tools("Emulation.clearDeviceMetricsOverride", json!({})).await;
    without_strangers(browser, name).await;
}

/// The page has nothing from another origin, nothing inline, and scripts only for passkeys.
async fn without_strangers(browser: &Browser, name: &str) {
    let loaded = browser.value("performance.getEntriesByType('resource').map((it) => it.name)").await;
    let strangers: Vec<&str> = loaded.as_array().unwrap().iter().filter_map(Value::as_str).collect();
    assert!(strangers.iter().all(|url| url.starts_with(&browser.url)), "{name}: {strangers:?}");
    let inline = "document.querySelectorAll('[style], style, script:not([src]), [onclick], [onload]').length";
    assert_eq!(browser.value(inline).await, 0, "{name}");
    let scripts = browser.value("[...document.scripts].map((it) => new URL(it.src).pathname)").await;
    // The policy stops what somebody managed to write into the page.
    let inject = "const script = document.createElement('script'); script.textContent = 'window.isTaken = true'; \
                  document.body.append(script); script.remove(); return window.isTaken === undefined";
    assert_eq!(browser.script(inject).await, true, "{name}");
    let has_passkeys = browser.value("document.querySelector('[data-onclick]') !== null").await == true;
    assert!(has_passkeys || !name.contains("passkey"));
    let expected = if has_passkeys { json!(["/webauthn.js", "/triggers.js"]) } else { json!([]) };
    assert_eq!(scripts, expected, "{name}");
}

#[tokio::test]
async fn pages_for_visitors() {
    visit(async |site, browser| {
        let email = site.person("visitor", json!({})).await;
        for (path, name) in [
            ("/", "welcome"),
            ("/login", "login"),
            ("/registration", "registration"),
            ("/recovery", "recovery"),
            ("/verification", "verification"),
            ("/error?id=stub:500", "error"),
            ("/nowhere", "not-found"),
            ("/oauth2/logged-out", "logged-out"),
        ] {
            browser.open(path).await;
            check(&browser, name).await;
        }
        browser.open("/login").await;
        browser.type_credentials(&email, "wrong-Long-passw0rd!").await;
        browser.reads("The provided credentials are invalid").await;
        check(&browser, "login-refused").await;
        browser.open("/recovery").await;
        browser.fill("Email", &email).await;
        browser.press("Continue").await;
        browser.shows("/recovery", "Check your mail").await;
        check(&browser, "recovery-code").await;
        if !site.is_real {
            browser.open("/mails").await;
            check(&browser, "mails").await;
            site.ory.show_passkeys();
            site.ory.show_providers(["google", "github"]);
            browser.open("/login").await;
            check(&browser, "login-passkey").await;
        }
    })
    .await;
}

#[tokio::test]
async fn pages_for_those_who_are_signed_in() {
    visit(async |site, browser| {
        let email = site.person("member", json!({"metadata_public": {"role": "admin"}})).await;
        browser.sign_in(&email).await;
        Browser::elsewhere(&site, &email, PASSWORD).await;
        browser.open("/").await;
        check(&browser, "overview").await;
        browser.open("/logout").await;
        check(&browser, "logout").await;
        browser.open("/admin").await;
        check(&browser, "admin").await;
        browser.open(&format!("/admin?q={email}")).await;
        browser.press("Open").await;
        browser.press("Make a recovery code").await;
        check(&browser, "admin-account").await;
        browser.open("/settings").await;
        check(&browser, "settings").await;
        browser.press("Generate new backup recovery codes").await;
        browser.press("Confirm backup recovery codes").await;
        browser.press("Reveal backup recovery codes").await;
        browser.shows("/settings", "Settings").await;
        check(&browser, "settings-codes").await;
        let secret = browser.value("document.getElementById('totp-totp_secret_key').textContent").await;
        browser.fill("Verify code", &site.totp(secret.as_str().unwrap())).await;
        browser.press_in("//section[h2='Authenticator app']", "Save").await;
        browser.open("/vault").await;
        check(&browser, "vault").await;
        browser.press("Sign out").await;
        browser.shows("/login", "Sign in").await;
        browser.type_credentials(&email, PASSWORD).await;
        browser.open("/vault").await;
        browser.shows("/login", "One more step").await;
        check(&browser, "second-factor").await;
        browser.fill("Authentication code", &site.totp(secret.as_str().unwrap())).await;
        browser.press("Use Authenticator").await;
        browser.shows("/vault", "The vault").await;
        browser.open("/login?refresh=true").await;
        browser.shows("/login", "Confirm it is you").await;
        check(&browser, "refresh").await;
        if !site.is_real {
            browser.open("/demo").await;
            browser.shows("/oauth2/consent", "Allow access?").await;
            check(&browser, "consent").await;
            browser.press("Allow").await;
            browser.shows("/demo/callback", "Back at the Flower Shop").await;
            check(&browser, "demo").await;
            browser.open(&format!("{}/oauth2/sessions/logout", site.ory.url())).await;
            browser.shows("/oauth2/logout", "Sign out?").await;
            check(&browser, "oauth2-logout").await;
        }
    })
    .await;
}

/// A form of Kratos 26.2 for an identity schema with every type of trait, and what more a form may have.
fn every_type_of_node() -> Value {
    let input = |name: &str, kind: &str, label: &str, more: Value| {
        let mut attributes = json!({"node_type": "input", "name": name, "type": kind, "disabled": false});
        attributes.as_object_mut().unwrap().extend(more.as_object().cloned().unwrap_or_default());
        json!({"type": "input", "group": "default", "attributes": attributes, "meta": {"label": {"id": 1, "text": label, "type": "info"}}})
    };
    let mut wrong = input("traits.site", "url", "Site", json!({"value": "nowhere", "autocomplete": "url"}));
    wrong["messages"] = json!([{"id": 4000001, "type": "error", "text": "\"nowhere\" is not valid \"uri\""}]);
    json!([
        input("traits.email", "email", "E-Mail", json!({"required": true, "autocomplete": "email", "value": "jane@example.org"})),
        input("traits.size", "text", "Size", json!({"options": [{"value": "small"}, {"value": "large"}], "value": "large"})),
        input("traits.tags", "text", "Tags", json!({})),
        input("traits.tags.0", "text", "", json!({"value": "one"})),
        input("traits.tags.1", "text", "", json!({"value": "two"})),
        input("traits.born", "date", "Born", json!({"value": "2000-02-29"})),
        input("traits.at", "datetime-local", "Meeting", json!({"value": "2026-12-01T09:30:00Z"})),
        wrong,
        input("traits.phone", "tel", "Phone", json!({"autocomplete": "tel"})),
        input("traits.height", "number", "Height", json!({"value": 1.75})),
        input("traits.news", "checkbox", "News", json!({"value": true})),
        {"type": "a", "group": "default", "attributes": {"node_type": "a", "id": "terms", "href": "/nowhere", "title": {"id": 1, "text": "The terms", "type": "info"}}},
        {"type": "div", "group": "default", "attributes": {"node_type": "div", "id": "captcha", "class": "captcha", "data": {"key": "k"}}},
        input("method", "submit", "Sign up", json!({"value": "password"})),
    ])
}

#[tokio::test]
async fn every_type_of_field() {
    visit(async |site, browser| {
        if site.is_real {
            return eprintln!("skipped: the schema of a real server cannot be changed");
        }
        let ui = json!({"action": "x", "method": "POST", "nodes": every_type_of_node()});
        let id = "9f425a8d-7efc-4768-8f23-7647a74fdf13";
        let flow = json!({"id": id, "type": "browser", "ui": ui}).to_string();
        let flow = Fault::status(StatusCode::OK).body("application/json", flow);
        site.ory.fail("get_self_service_registration_flow", flow).unwrap();
        browser.open(&format!("/registration?flow={id}")).await;
        browser.shows("/registration", "Create an account").await;
        assert_eq!(browser.value("document.activeElement.name").await, "traits.site");
        check(&browser, "every-type-of-field").await;
        browser.fill("Site", "https://example.org").await;
        browser.script("document.querySelector('[aria-label=\"Tags 1\"]').value = ''").await;
        browser.script("document.querySelector('[aria-label=\"Tags 3\"]').value = 'three'").await;
        browser.press("Sign up").await;
        let calls = site.ory.calls_of("submit_self_service_registration_flow").unwrap();
        let sent: Vec<(String, String)> = parse(calls.last().unwrap().body()).into_owned().collect();
        let value = |name: &str| {
            sent.iter().filter(|(key, _)| key == name).map(|(_, value)| value.as_str()).collect::<Vec<_>>()
        };
        assert_eq!(value("traits.tags"), ["two", "three"]);
        assert_eq!(value("traits.size"), ["large"]);
        assert_eq!(value("traits.at"), ["2026-12-01T09:30:00Z"]);
        assert_eq!(value("traits.news"), ["false", "true"]);
        assert!(value("traits.phone").is_empty(), "{sent:?}");
    })
    .await;
}

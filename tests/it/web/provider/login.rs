//! Who is accepted at the login page, and who signs in first.

use std::time::Duration;

use ory_sdk::flow::FlowKind;
use ory_sdk::web::pages::Pages;
use ory_sdk::web::provider::{LoginStep, Provider};
use serde_json::json;

use super::browser::Browser;
use super::site::{ALL, PASSWORD, Site, allow, claims};

#[tokio::test]
async fn a_person_who_is_signed_in_grants_access() {
    let site = Site::start().await;
    let shop = site.shop().await;
    let person = site.ory.person("ada@example.org").create();
    let browser = Browser::of(&site.ory.sign_in("ada@example.org"));
    let page = browser.open(shop.start("")).await;
    // Straight to the question.
    assert_eq!(page.hops.len(), 3, "{:?}", page.hops);
    assert_eq!(page.hops[1].1, 303);
    assert_eq!(page.headers["cache-control"], "no-store");
    assert_eq!(page.headers["x-frame-options"], "DENY");
    assert!(page.body.contains("Shop &lt;b&gt;&amp;") && !page.body.contains("<b>"), "{}", page.body);
    let page = allow(&browser, &page, &ALL, false).await;
    assert_eq!(page.hops[0].1, 303);
    let tokens = shop.tokens(&page).await;
    assert_eq!(tokens.scope.as_deref(), Some("openid email orders"));
    let token = claims(tokens.id_token.as_ref().unwrap().expose());
    assert_eq!(token["sub"], person.id().to_string());
    assert_eq!(
        (&token["email"], &token["acr"], &token["amr"]),
        (&json!("ada@example.org"), &json!("aal1"), &json!(["pwd"]))
    );
    let access = tokens.access_token.unwrap();
    let known = site.client.admin_introspect_oauth2_token().body_map(|body| body.token(access)).await.unwrap();
    assert_eq!(known.sub.as_deref(), Some(person.id().to_string().as_str()));
    assert_eq!(known.ext.as_ref().unwrap()["client"], shop.id);
    assert_eq!(known.aud, ["https://api.example"]);
}

#[tokio::test]
async fn nobody_signs_in_first() {
    let site = Site::start().await;
    let shop = site.shop().await;
    let person = site.ory.person("ada@example.org").password(PASSWORD).create();
    let browser = Browser::default();
    let page = browser.open(shop.start("")).await;
    let page = site.enter(&browser, &page, "ada@example.org").await;
    page.is(200, "/oauth2/consent");
    let page = allow(&browser, &page, &ALL, false).await;
    assert_eq!(shop.claims(&page).await["sub"], person.id().to_string());
}

#[tokio::test]
async fn a_remembered_person_is_asked_nothing() {
    let site = Site::start().await;
    let shop = site.shop().await;
    let ada = site.ory.sign_in("ada@example.org");
    let browser = Browser::of(&ada);
    let page = browser.open(shop.start("")).await;
    let page = allow(&browser, &page, &ALL, true).await;
    let first = shop.claims(&page).await;
    let page = browser.open(shop.start("")).await;
    let second = shop.claims(&page).await;
    // The same login session, with the claims of this time.
    assert_eq!((&first["sub"], &first["sid"]), (&second["sub"], &second["sid"]));
    assert_eq!(second["email"], "ada@example.org");
    // So is the application that may show nothing.
    let page = browser.open(shop.start("&prompt=none")).await;
    assert!(page.parameter("code").is_some(), "{}", page.url);

    // What Hydra remembers is no replacement for the session.
    site.ory.revoke_session(ada.session_id());
    browser.open(shop.start("")).await.is(200, "/login");
    let page = browser.open(shop.start("&prompt=none")).await;
    assert_eq!(page.parameter("error").as_deref(), Some("login_required"));
}

#[tokio::test]
async fn hydra_remembers_no_longer_than_the_session() {
    for (set, expected) in [(None, 86_400), (Some(600), 600), (Some(1_000_000), 86_400)] {
        let site = Site::start_with(|builder| match set {
            Some(seconds) => builder.remember_login_for(Duration::from_secs(seconds)),
            None => builder,
        })
        .await;
        let browser = Browser::of(&site.ory.sign_in("ada@example.org"));
        browser.open(site.shop().await.start("")).await.is(200, "/oauth2/consent");
        let body = site.ory.calls_of("admin_accept_oauth2_login_request").unwrap()[0].json().unwrap();
        let seconds = body["remember_for"].as_i64().unwrap();
        assert!((expected - 5..=expected).contains(&seconds), "{set:?}: {seconds}");
    }
    let site = Site::start_with(|builder| builder.never_remember_login()).await;
    let browser = Browser::of(&site.ory.sign_in("ada@example.org"));
    browser.open(site.shop().await.start("")).await.is(200, "/oauth2/consent");
    assert!(!browser.has_cookie("ory_hydra_session"));
}

#[tokio::test]
async fn a_sign_in_that_is_too_old_is_done_again() {
    let site = Site::start_with(|builder| builder.fresh_for(Duration::from_secs(1))).await;
    let shop = site.shop().await;
    site.ory.person("ada@example.org").password(PASSWORD).create();
    let browser = Browser::of(&site.ory.sign_in("ada@example.org"));
    tokio::time::sleep(Duration::from_millis(2_100)).await;
    // Nobody minds.
    browser.open(shop.start("")).await.is(200, "/oauth2/consent");
    browser.open(shop.start("&max_age=3600")).await.is(200, "/oauth2/consent");
    for wish in ["&prompt=login", "&max_age=0", "&max_age=1", "&prompt=consent+login"] {
        let page = browser.open(shop.start(wish)).await;
        let kratos = page.visited("/self-service/login/browser");
        assert!(kratos[0].contains("refresh=true"), "{wish}: {kratos:?}");
        let page = site.enter(&browser, &page, "ada@example.org").await;
        let page = allow(&browser, &page, &ALL, false).await;
        assert_eq!(shop.claims(&page).await["email"], "ada@example.org", "{wish}");
        tokio::time::sleep(Duration::from_millis(2_100)).await;
    }
    // There is no form without a word to the person.
    let page = browser.open(shop.start("&prompt=none&max_age=1")).await;
    assert_eq!(page.parameter("error").as_deref(), Some("login_required"), "{}", page.url);
}

#[tokio::test]
async fn a_second_factor_is_added_where_it_is_wanted() {
    let site = Site::start().await;
    let shop = site.shop().await;
    // Kratos wants it.
    site.ory.person("ada@example.org").totp().create();
    let browser = Browser::of(&site.ory.sign_in("ada@example.org"));
    let page = browser.open(shop.start("")).await;
    page.is(200, "/login");
    assert!(page.visited("/self-service/login/browser")[0].contains("aal=aal2"));
    browser.sign_in(&site.ory.sign_in_with_second_factor("ada@example.org"));
    let page = browser.open(shop.start("")).await;
    let page = allow(&browser, &page, &ALL, false).await;
    let token = shop.claims(&page).await;
    assert_eq!((&token["acr"], &token["amr"]), (&json!("aal2"), &json!(["pwd", "otp", "mfa"])));

    // The application wants it.
    let browser = Browser::of(&site.ory.sign_in("bob@example.org"));
    let page = browser.open(shop.start("&acr_values=aal2")).await;
    assert!(page.visited("/self-service/login/browser")[0].contains("aal=aal2"), "{:?}", page.hops);
    browser.open(shop.start("&acr_values=aal2+aal1")).await.is(200, "/oauth2/consent");
}

#[tokio::test]
async fn another_person_than_the_remembered_one_signs_in_anew() {
    let site = Site::start().await;
    let shop = site.shop().await;
    let browser = Browser::of(&site.ory.sign_in("ada@example.org"));
    let page = browser.open(shop.start("")).await;
    let page = allow(&browser, &page, &ALL, true).await;
    let ada = shop.claims(&page).await;

    // Bob takes over the browser. Hydra still remembers Ada, and what she granted.
    let bob = site.ory.person("bob@example.org").create();
    browser.sign_in(&site.ory.sign_in("bob@example.org"));
    let silent = browser.open(shop.start("&prompt=none")).await;
    assert_eq!(silent.parameter("error").as_deref(), Some("login_required"));
    let page = browser.open(shop.start("")).await;
    assert_eq!(page.visited("/oauth2/login").len(), 2, "{:?}", page.hops);
    let page = allow(&browser, &page, &ALL, false).await;
    let token = shop.claims(&page).await;
    assert_eq!((&token["sub"], &token["email"]), (&json!(bob.id().to_string()), &json!("bob@example.org")));
    assert_ne!((&token["sub"], &token["sid"]), (&ada["sub"], &ada["sid"]));
    let accepted = site.ory.calls_of("admin_accept_oauth2_login_request").unwrap();
    let subjects: Vec<_> = accepted.iter().map(|call| call.json().unwrap()["subject"].clone()).collect();
    assert_eq!(subjects, [ada["sub"].clone(), token["sub"].clone()], "nobody was accepted for another");
}

#[tokio::test]
async fn cookies_that_do_not_arrive_are_no_circle() {
    let site = Site::start().await;
    let shop = site.shop().await;
    let mut browser = Browser::of(&site.ory.sign_in("ada@example.org"));
    browser.hidden_from = Some(format!("{}/oauth2", site.url));
    let page = browser.open(shop.start("")).await;
    // Kratos sends a browser back that has a session.
    let kratos = page.visited("/self-service/login/browser")[0].parse::<url::Url>().unwrap();
    let back = kratos.query_pairs().find(|(key, _)| key == "return_to").unwrap().1.into_owned();
    let page = browser.open(back).await;
    page.is(403, "/oauth2/login");
    assert!(page.body.contains("but your session did not reach this page"), "{}", page.body);
    // The same for cookies that reach the login page alone.
    browser.hidden_from = Some(format!("{}/oauth2/consent", site.url));
    let page = browser.open(shop.start("")).await;
    page.is(403, "/oauth2/consent");
    assert!(page.body.contains("Your session has ended"), "{}", page.body);
}

#[tokio::test]
async fn somebody_registers_where_the_application_says_so() {
    let site = Site::start().await;
    let shop = site.shop().await;
    for prompt in ["registration", "create"] {
        let challenge = Browser::default().open(shop.start(&format!("&prompt={prompt}"))).await;
        assert_eq!(challenge.visited("/self-service/registration/browser").len(), 1, "{:?}", challenge.hops);
    }
}

#[tokio::test]
async fn people_sign_in_at_pages_of_their_own() {
    let site = Site::start().await;
    let shop = site.shop().await;
    let pages = Pages::builder(&site.client).public_url("https://id.example/app").page(FlowKind::Login, "/sign-in");
    let provider = Provider::builder(&site.client).login_url(format!("{}/oauth2/login", site.url));
    let provider = provider.pages(&pages.build().unwrap()).build().unwrap();
    let mut session =
        site.client.with_cookies(site.ory.sign_in("ada@example.org").cookie()).to_session().await.unwrap();
    session.authenticated_at = Some(chrono::Utc::now() - Duration::from_secs(3600));
    for (more, visitor, page, parameter) in [
        ("", None, "https://id.example/app/sign-in?", ("aal", None)),
        ("&prompt=registration", None, "https://id.example/app/registration?", ("refresh", None)),
        ("&acr_values=aal2", Some(&*session), "https://id.example/app/sign-in?", ("aal", Some("aal2"))),
        ("&max_age=60", Some(&*session), "https://id.example/app/sign-in?", ("refresh", Some("true"))),
    ] {
        let start = Browser::default().open(shop.start(more)).await;
        let step = provider.login(&start.visited("/oauth2/login")[0].parse().unwrap(), visitor).await.unwrap();
        let LoginStep::SignIn(sign_in) = step else { panic!("{more}: {step:?}") };
        let (url, (name, value)) = (sign_in.url(), parameter);
        assert!(url.as_str().starts_with(page), "{more}: {}", url.as_str());
        assert_eq!(url.query(name).as_deref(), value, "{more}");
        let back = url.query("return_to").unwrap();
        assert!(back.starts_with(&format!("{}/oauth2/login?login_challenge=", site.url)), "{more}: {back}");
    }
}

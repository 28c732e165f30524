//! The authorization code flow, consents and logout, compared with Hydra 26.2.0.

use serde_json::{Value, json};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpListener;

use crate::support::recording::base64;

use super::{App, Replay, Report, consent, grant, sign_in, text};

const LOGIN: &str = "adminGetOAuth2LoginRequest.ok";
const CONSENT: &str = "adminGetOAuth2ConsentRequest.ok";

pub async fn code() -> Report {
    let mut replay = Replay::start("hydra-26.2.0").await;
    let start = "performOAuth2AuthorizationFlow.to-login";
    let audience = json!(["https://api.example.org"]);
    let changes = json!({"client_name": "Code flow", "audience": audience, "metadata": {"tier": 1}});
    let app = App::of_code(&mut replay, start, changes).await;
    replay.same(&[start, LOGIN]).await;
    let accepted = replay.same_but("adminAcceptOAuth2LoginRequest.ok", &[]).await.json();
    let page = replay.follow(&text(&accepted, "redirect_to")).await;
    replay.learn_parameter(CONSENT, "consent_challenge", &page);
    replay.same(&[CONSENT]).await;
    let accepted = replay.same_but("adminAcceptOAuth2ConsentRequest.ok", &[]).await.json();
    let callback = replay.follow(&text(&accepted, "redirect_to")).await;
    let code = super::parameter(&callback, "code").unwrap();
    replay.learn_field("performOAuth2TokenFlow.code", "code", &code);
    replay.learn_header("performOAuth2TokenFlow.code", "Authorization", &app.basic);
    replay.same(&["performOAuth2TokenFlow.code", "adminListOAuth2SubjectConsentSessions.ok"]).await;

    // The person is remembered, and so is what they granted. This time they grant no claims.
    let page = replay.follow(&app.start(&replay, "response_type=code&scope=openid%20offline")).await;
    let page = sign_in(&replay, &page, json!({"subject": "alice@example.org"})).await;
    let reply = consent(&replay, &page, json!({"grant_scope": ["openid", "offline"]})).await;
    let tokens = app.tokens(&replay, reply.header("location").unwrap()).await;
    let bearer = format!("Bearer {}", text(&tokens, "access_token"));
    replay.learn_header("getOidcUserInfo.ok", "Authorization", &bearer);
    replay.same(&["getOidcUserInfo.ok"]).await;
    // The consent of a person who was not asked is not listed.
    replay.same(&["adminListOAuth2SubjectConsentSessions.ok"]).await;
    replay.finish()
}

pub async fn rejected() -> Report {
    let mut replay = Replay::start("hydra-26.2.0").await;
    let app = App::of_code(&mut replay, "performOAuth2AuthorizationFlow.to-login", json!({})).await;
    for (name, at_login) in [("adminRejectOAuth2LoginRequest.ok", true), ("adminRejectOAuth2ConsentRequest.ok", false)]
    {
        let mut page = replay.follow(&app.start(&replay, "response_type=code&scope=openid+offline")).await;
        let mut key = "login_challenge";
        if !at_login {
            page = sign_in(&replay, &page, json!({"subject": "carol@example.org"})).await;
            key = "consent_challenge";
        }
        replay.learn_parameter(name, key, &page);
        let rejected = replay.same_but(name, &[]).await.json();
        let callback = replay.follow(&text(&rejected, "redirect_to")).await;
        let words = "error=access_denied&error_description=The+user+said+no.+Try+again.+Debug+words.";
        assert_eq!(callback, format!("http://127.0.0.1:5555/callback?{words}&state=state-0123456789"));
    }
    replay.finish()
}

pub async fn consents() -> Report {
    let mut replay = Replay::start("hydra-26.2.0").await;
    let list = |case: &str| format!("adminListOAuth2SubjectConsentSessions.{case}");
    // The order is that of random ids, so any consent may come first.
    let free = &["number", "client_name", "request_url"];
    replay.same(&[&list("none")]).await;
    for number in 1..=7 {
        let name = format!("consent-{number}");
        let app = App::of_code(&mut replay, &list("one"), json!({"client_name": name})).await;
        let login = json!({"subject": "pages@example.org", "remember": true});
        let session = json!({"id_token": {"number": number}});
        let granted = json!({"grant_scope": ["openid", "offline"], "remember": true, "session": session});
        grant(&replay, &app.start(&replay, "response_type=code&scope=openid%20offline"), login, granted).await;
        if number == 1 {
            replay.same_but(&list("one"), free).await;
        } else if number == 3 {
            for case in ["size-0", "size-negative", "size-250", "size-1001", "page-per-page"] {
                replay.same_but(&list(case), free).await;
            }
        }
    }
    replay.same_but(&list("seven"), free).await;
    for style in ["", "own-"] {
        for (size, pages) in [(1, 7), (3, 3)] {
            for page in 1..=pages {
                replay.same_but(&list(&format!("{style}size-{size}-page-{page}")), free).await;
            }
        }
    }
    replay
        .same(&[
            "adminRevokeOAuth2ConsentSessions.client",
            "adminRevokeOAuth2LoginSessions.ok",
            "adminDeleteOAuth2Token.ok",
        ])
        .await;
    replay.json("POST", "/admin/clients", &[], &json!({})).await;
    let revoke = "/admin/oauth2/auth/sessions/consent?subject=pages%40example.org&all=true";
    assert_eq!(replay.send("DELETE", revoke, &[], None).await.status, 204);
    replay.same(&[&list("none")]).await;
    replay.finish()
}

pub async fn logout() -> Report {
    let mut replay = Replay::start("hydra-26.2.0").await;
    let (ask, get) = ("performOidcFrontOrBackChannelLogout.to-logout", "adminGetOAuth2LogoutRequest.ok");
    let (accept, reject) = ("adminAcceptOAuth2LogoutRequest.ok", "adminRejectOAuth2LogoutRequest.ok");
    let changes = json!({"client_name": "Logout", "post_logout_redirect_uris": ["http://127.0.0.1:5555/signed-out"]});
    let app = App::of_code(&mut replay, ask, changes).await;
    let login = json!({"subject": "judy@example.org", "remember": true});
    let start = app.start(&replay, "response_type=code&scope=openid+offline");
    let callback = grant(&replay, &start, login, json!({"grant_scope": ["openid", "offline"]})).await;
    let tokens = app.tokens(&replay, &callback).await;
    let hint = super::parameter(&replay.recorded(ask).request.path.clone(), "id_token_hint").unwrap();
    replay.learn(&hint, &text(&tokens, "id_token"));
    replay.same(&[ask, get, reject]).await;
    let page = replay.same_but(ask, &[]).await.header("location").unwrap().to_owned();
    replay.learn_parameter(accept, "logout_challenge", &page);
    let accepted = replay.same_but(accept, &[]).await.json();
    let end = replay.follow(&text(&accepted, "redirect_to")).await;
    assert_eq!(end, "http://127.0.0.1:5555/signed-out?state=logout-state");
    let id = super::parameter(&page, "logout_challenge").unwrap();
    let gone =
        replay.send("GET", &format!("/admin/oauth2/auth/requests/logout?logout_challenge={id}"), &[], None).await;
    assert_eq!(gone.status, 410);
    // The person is signed out, so there is nothing to confirm.
    assert_eq!(replay.follow(&replay.here(&replay.recorded(ask).request.path)).await, end);
    replay.finish()
}

/// Applications that want to hear of a logout.
pub async fn logout_of_applications() -> Report {
    let mut replay = Replay::start("hydra-26.2.0").await;
    let receiver = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let uri = format!("http://{}/one", receiver.local_addr().unwrap());
    replay.learn("http://127.0.0.1:18446/one", &uri);
    let ask = "performOidcFrontOrBackChannelLogout.to-logout";
    let login = || json!({"subject": "bill@example.org", "remember": true});
    for (channel, changes) in [
        (
            "back",
            json!({"client_name": "Back one", "backchannel_logout_uri": uri, "backchannel_logout_session_required": true}),
        ),
        ("front", json!({"client_name": "Front", "frontchannel_logout_uri": "http://127.0.0.1:5555/front?x=y"})),
    ] {
        let mut changes = changes;
        changes["post_logout_redirect_uris"] = json!(["http://127.0.0.1:5555/signed-out"]);
        let app = App::of_code(&mut replay, ask, changes).await;
        let start = app.start(&replay, "response_type=code&scope=openid");
        let callback = grant(&replay, &start, login(), json!({"grant_scope": ["openid"]})).await;
        let hint = text(&app.tokens(&replay, &callback).await, "id_token");
        let target = "http%3A%2F%2F127.0.0.1%3A5555%2Fsigned-out";
        let path = format!("/oauth2/sessions/logout?id_token_hint={hint}&post_logout_redirect_uri={target}");
        let page = replay.follow(&path).await;
        let challenge = super::parameter(&page, "logout_challenge").unwrap();
        let path = format!("/admin/oauth2/auth/requests/logout/accept?logout_challenge={challenge}");
        let end = text(&replay.send("PUT", &path, &[], None).await.json(), "redirect_to");
        if channel == "back" {
            replay.learn_segment("adminGetOAuth2Client.backchannel", 3, &app.id);
            replay.same(&["adminGetOAuth2Client.backchannel"]).await;
            let name = "performOidcFrontOrBackChannelLogout.back-channel-200";
            replay.learn_parameter(name, "logout_verifier", &end);
            replay.same(&[name]).await;
            let claims = told(&receiver).await;
            assert_eq!((&claims["aud"], claims["sid"].is_string()), (&json!([app.id]), true));
            assert_eq!(claims["events"], json!({"http://schemas.openid.net/event/backchannel-logout": {}}));
        } else {
            // The page is the stand-in's own, with the same frame.
            let page = replay.visit(&end).await;
            assert!(page.body.contains("<iframe src=\"http://127.0.0.1:5555/front?iss=http%3A%2F%2F"), "{}", page.body);
        }
    }
    replay.finish()
}

/// The claims of the logout token that a receiver gets.
async fn told(receiver: &TcpListener) -> Value {
    let (mut stream, _) = receiver.accept().await.unwrap();
    let mut text = String::new();
    while !text.contains("logout_token=") || text.rsplit('.').next().unwrap().len() < 342 {
        let mut bytes = [0; 4096];
        let count = stream.read(&mut bytes).await.unwrap();
        assert!(count > 0, "{text}");
        text.push_str(std::str::from_utf8(&bytes[..count]).unwrap());
    }
    stream.write_all(b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n").await.unwrap();
    assert!(text.starts_with("POST /one HTTP/1.1\r\n"), "{text}");
    let token = text.split_once("logout_token=").unwrap().1;
    serde_json::from_slice(&base64(&token.split('.').nth(1).unwrap().replace('-', "+").replace('_', "/"))).unwrap()
}

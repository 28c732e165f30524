//! The example `stand_in`.

#[path = "../../../examples/stand_in.rs"]
#[allow(dead_code)]
mod example;

use ory_sdk::Client;
use ory_sdk::testing::StandIn;
use serde_json::json;

/// Starts it on a free port, and returns what it prints. An error is its text.
async fn start(arguments: &[&str]) -> Result<(StandIn, Vec<String>), String> {
    let arguments = ["--port", "0"].iter().chain(arguments).map(|&argument| argument.to_owned());
    let options = example::options(arguments).map_err(|why| why.to_string())?;
    let mut out = Vec::new();
    let ory = example::start(options, &mut out).await.map_err(|why| why.to_string())?;
    Ok((ory, String::from_utf8(out).unwrap().lines().map(str::to_owned).collect()))
}

#[tokio::test]
async fn serves_the_people_of_a_file() {
    let file = std::env::temp_dir().join(format!("ory-sdk-people-{}.json", std::process::id()));
    let people = json!([
        {"email": "bob@example.org", "password": "a-Long-passw0rd!", "traits": {"age": 7}, "verified": true},
        {"email": "eve@example.org"},
    ]);
    std::fs::write(&file, people.to_string()).unwrap();
    let started = start(&["--seed", file.to_str().unwrap()]).await;
    std::fs::write(&file, "[{}]").unwrap();
    let why = start(&["--seed", file.to_str().unwrap()]).await.unwrap_err();
    assert!(why.ends_with("item 0 has no `email`"), "{why}");
    std::fs::remove_file(&file).unwrap();
    let (_ory, lines) = started.unwrap();
    assert_eq!(lines[2], "bob@example.org can sign in with the password a-Long-passw0rd!");
    assert_eq!(lines[3], "eve@example.org can sign in with a code by mail");

    let url = lines[1].strip_prefix("export ORY_SDK_URL=").unwrap();
    let client = Client::builder().project_url(url).build().unwrap();
    let flow = client.initialize_self_service_login_flow_without_browser().send().await.unwrap();
    let body = json!({"method": "password", "identifier": "bob@example.org", "password": "a-Long-passw0rd!"});
    let done = client.submit_self_service_login_flow().flow(flow.id).json_body(body).send().await.unwrap();
    let identity = done.into_body().session.unwrap().identity.unwrap();
    assert_eq!(identity.traits.unwrap()["age"], 7);
}

#[tokio::test]
async fn warns_where_others_can_reach_it() {
    let (_ory, lines) = start(&["--listen", "0.0.0.0"]).await.unwrap();
    assert!(lines[2].starts_with("WARNING: other machines can reach this"), "{}", lines[2]);
    let (_ory, lines) = start(&[]).await.unwrap();
    assert_eq!(lines[2], "ada@example.org can sign in with the password a-Long-passw0rd!");
}

#[tokio::test]
async fn sends_browsers_to_the_pages_that_it_is_told() {
    let pages = ["--pages", "http://127.0.0.1:8080/account", "--oauth2-pages", "http://127.0.0.1:8080/oauth2/"];
    let (ory, _) = start(&pages).await.unwrap();
    let client = ory.client_builder().build().unwrap();
    let login = client.initialize_self_service_login_flow_for_browsers().header("Accept", "text/html");
    let sent = login.send().await.unwrap_err().location().unwrap().as_str().to_owned();
    assert!(sent.starts_with("http://127.0.0.1:8080/account/login?flow="), "{sent}");
    let made = client.admin_create_oauth2_client().body_map(|body| body.redirect_uris(["http://127.0.0.1:1/"]));
    let id = made.await.unwrap().into_body().client_id.unwrap();
    let asked = client.perform_oauth2_authorization_flow().client_id(id).response_type("code").state("0123456789");
    let sent = asked.await.unwrap().redirect().unwrap().as_str().to_owned();
    assert!(sent.starts_with("http://127.0.0.1:8080/oauth2/login?login_challenge="), "{sent}");
}

#[tokio::test]
async fn says_what_is_wrong_with_its_options() {
    for (arguments, why) in [
        (["--port", "x"].as_slice(), "expected a port, but got \"x\""),
        (&["--listen", "x"], "expected an IP address, but got \"x\""),
        (&["--colour", "x"], "unknown option --colour"),
        (&["--seed"], "--seed needs a value"),
        (&["--seed", "/no/such/file"], "/no/such/file: "),
    ] {
        let said = start(arguments).await.unwrap_err();
        assert!(said.starts_with(why), "{said}");
    }
}

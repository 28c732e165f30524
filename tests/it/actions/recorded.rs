//! Every recorded call is read, and says what its body says.

use std::collections::BTreeSet;

use ory_sdk::actions::{CourierMessage, FlowContext, PasswordMigration, RefreshTokenHook, TokenHook, TokenSession};
use ory_sdk::chrono::{DateTime, Utc};
use serde_json::Value;

use super::{RECORDED, body, named, read, recorded};
use crate::support::recording::Recording;

fn json(recording: &Recording) -> Value {
    serde_json::from_slice(&body(recording)).unwrap()
}

fn time(value: &Value) -> Option<DateTime<Utc>> {
    let text = value.as_str().filter(|text| !text.starts_with("0001-"))?;
    Some(text.parse().unwrap())
}

fn texts(value: &Value) -> Vec<String> {
    let items = value.as_array().cloned().unwrap_or_default();
    items.iter().map(|item| item.as_str().unwrap().to_owned()).collect()
}

/// A text, unless it is empty.
fn text(value: &Value) -> Option<String> {
    value.as_str().filter(|text| !text.is_empty()).map(str::to_owned)
}

/// Bodies that the template `function(ctx) ctx` made.
fn contexts() -> Vec<(&'static str, &'static Recording)> {
    let flows = ["login", "registration", "settings", "recovery", "verification"];
    let operations: BTreeSet<String> =
        flows.iter().flat_map(|flow| [format!("hook.{flow}"), format!("hook.before-{flow}")]).collect();
    let all = RECORDED.iter().filter(|(_, recording)| operations.contains(&recording.operation));
    all.map(|(server, recording)| (server.as_str(), recording)).collect()
}

#[test]
fn every_flow_is_read() {
    let all = contexts();
    assert!(all.len() > 100, "{}", all.len());
    let (mut sessions, mut unstored) = (0, 0);
    for (server, recording) in all {
        let at = format!("{server} {} {}", recording.operation, recording.case);
        let call = read::<FlowContext>(recording).unwrap_or_else(|why| panic!("{at}: {why}"));
        let sent = json(recording);
        let flow = &sent["flow"];
        assert_eq!(flow["id"], call.flow.id.to_string(), "{at}");
        assert_eq!(flow["type"], call.flow.type_, "{at}");
        assert_eq!(flow["request_url"], call.flow.request_url.as_ref().unwrap().as_str(), "{at}");
        assert_eq!(flow.get("transient_payload").unwrap_or(&Value::Null), &call.flow.transient_payload, "{at}");
        assert_eq!(time(&flow["expires_at"]), call.flow.expires_at, "{at}");
        assert_eq!(text(&flow["return_to"]).as_deref(), call.flow.return_to.as_ref().map(|url| url.as_str()), "{at}");
        assert_eq!(sent["request_method"], call.request_method, "{at}");
        assert_eq!(sent["request_url"], call.request_url.as_ref().unwrap().as_str(), "{at}");
        assert_eq!(sent["request_headers"]["User-Agent"][0], call.header("user-agent").unwrap(), "{at}");
        let is_before = recording.operation.starts_with("hook.before-");
        assert_eq!(sent.get("identity").is_some(), call.identity.is_some(), "{at}");
        assert_eq!(is_before, call.identity.is_none(), "{at}");
        if let Some(identity) = &call.identity {
            let known = &sent["identity"];
            let is_new = known["id"] == "00000000-0000-0000-0000-000000000000";
            unstored += usize::from(is_new);
            assert_eq!(identity.id.is_none(), is_new, "{at}");
            assert_eq!(identity.created_at, time(&known["created_at"]), "{at}");
            assert!(is_new || known["id"] == identity.id.unwrap().to_string(), "{at}");
            assert_eq!((&identity.traits, &identity.metadata_public), (&known["traits"], &known["metadata_public"]));
            assert_eq!((&known["schema_id"], &known["state"]), (&identity.schema_id.as_str().into(), &"active".into()));
            let addresses = known["verifiable_addresses"].as_array().unwrap();
            assert_eq!(addresses.len(), identity.verifiable_addresses.len(), "{at}");
            for (sent, read) in addresses.iter().zip(&identity.verifiable_addresses) {
                assert_eq!((&sent["value"], &sent["verified"]), (&read.value.as_str().into(), &read.verified.into()));
                assert_eq!(time(&sent["verified_at"]), read.verified_at, "{at}");
            }
        }
        assert_eq!(sent.get("session").is_some(), call.session.is_some(), "{at}");
        if let Some(session) = &call.session {
            sessions += 1;
            let known = &sent["session"];
            assert_eq!(known["authenticator_assurance_level"], session.authenticator_assurance_level, "{at}");
            let methods = known["authentication_methods"].as_array().map_or(0, Vec::len);
            assert_eq!(methods, session.authentication_methods.len(), "{at}");
            assert_eq!(time(&known["authenticated_at"]), session.authenticated_at, "{at}");
        }
    }
    assert!(sessions > 10 && unstored > 30, "{sessions} {unstored}");
}

#[test]
fn ids_of_a_try_and_of_a_cause() {
    let tries = |server: &str| {
        let of = recorded("hook.registration").filter(|(from, it)| from == server && it.case == "plain-503");
        of.map(|(_, it)| read::<FlowContext>(it).unwrap()).collect::<Vec<_>>()
    };
    // Since 25.4 the cause has an id, the same for every try.
    for (server, has_cause) in [("kratos-26.2.0", true), ("kratos-1.3.1", false)] {
        let tries = tries(server);
        assert_eq!((tries.len(), tries[0].trigger_id().is_some()), (3, has_cause), "{server}");
        assert!(tries.iter().all(|call| call.trigger_id() == tries[0].trigger_id()), "{server}");
        let ids: BTreeSet<_> = tries.iter().map(|call| call.request_id().unwrap()).collect();
        assert_eq!(ids.len(), 3, "{server}");
    }
    // With `emit_analytics_event: false` there is neither.
    let silent = read::<Value>(named("kratos-26.2.0/hook.way-silent.ok")).unwrap();
    assert_eq!((silent.trigger_id(), silent.request_id()), (None, None));
}

/// What a template of the user's own made: any JSON, by any method, and a form.
#[test]
fn bodies_of_own_templates_are_read() {
    #[derive(serde::Deserialize)]
    struct Own {
        email: String,
        #[serde(rename = "type")]
        flow_type: String,
        ua: Vec<String>,
    }
    let mut methods = BTreeSet::new();
    for server in ["kratos-1.3.1", "kratos-26.2.0"] {
        for way in ["api-key", "basic", "cookie", "delete", "get", "headers", "patch", "put", "silent"] {
            let recording = named(&format!("{server}/hook.way-{way}.ok"));
            let call = read::<Own>(recording).unwrap_or_else(|why| panic!("{server} {way}: {why}"));
            assert!(call.email.starts_with("hook-") && call.flow_type == "api", "{server} {way}");
            assert_eq!(call.ua, ["ory-sdk-recorder/1"], "{server} {way}");
            methods.insert(recording.request.method.as_str());
        }
        let list = read::<(i64, f64, Option<bool>, String)>(named(&format!("{server}/hook.way-list.ok"))).unwrap();
        assert_eq!(list.into_body(), (1, 2.5, None, "x".to_owned()));
        assert_eq!(*read::<String>(named(&format!("{server}/hook.way-text.ok"))).unwrap(), "a text");
        #[derive(serde::Deserialize)]
        struct Form {
            name: String,
            empty: String,
        }
        let form = read::<Form>(named(&format!("{server}/hook.way-form.ok"))).unwrap().into_body();
        assert_eq!((form.name.as_str(), form.empty.as_str()), ("Zoë & Co", ""));
    }
    assert_eq!(methods, ["DELETE", "GET", "PATCH", "POST", "PUT"].into());
}

#[test]
fn passwords_are_read_with_and_without_a_template() {
    for (server, recording) in recorded("hook.password-migration") {
        let call = read::<PasswordMigration>(recording).unwrap_or_else(|why| panic!("{server}: {why}"));
        let sent = json(recording);
        assert_eq!(sent["identifier"], call.identifier, "{server}");
        assert_eq!(sent["password"], call.password.expose(), "{server}");
    }
    // This one also has the context of the flow.
    assert!(json(named("kratos-26.2.0/hook.password-migration.template")).get("flow").is_some());
}

#[test]
fn messages_of_the_courier_are_read() {
    for (server, recording) in recorded("hook.courier-email") {
        let call = read::<CourierMessage>(recording).unwrap_or_else(|why| panic!("{server}: {why}"));
        let sent = json(recording);
        assert_eq!(sent["template_type"], call.kind(), "{server}");
        assert_eq!(sent["recipient"], call.recipient, "{server}");
        assert_eq!(text(&sent["to"]), call.to, "{server}");
        assert_eq!(sent["subject"], call.subject.as_ref().unwrap().expose(), "{server}");
        assert_eq!(sent["body"], call.body.as_ref().unwrap().expose(), "{server}");
        let code = text(&sent["recovery_code"]).or(text(&sent["verification_code"]));
        assert_eq!(call.code().map(|code| code.expose().to_owned()), code, "{server} {}", recording.case);
        let url = text(&sent["recovery_url"]).or(text(&sent["verification_url"]));
        assert_eq!(call.url().map(|url| url.expose().to_owned()), url, "{server} {}", recording.case);
        assert!(code.is_some() || url.is_some(), "{server} {}", recording.case);
    }
}

fn check_session(session: &TokenSession, sent: &Value, at: &str) {
    let claims = &sent["id_token"]["id_token_claims"];
    assert_eq!(sent["id_token"]["subject"], session.subject, "{at}");
    assert_eq!(sent["client_id"], session.client_id, "{at}");
    assert_eq!(sent["extra"].as_object().unwrap(), &session.access_token_claims, "{at}");
    let ext = claims["ext"].as_object().cloned().unwrap_or_default();
    assert_eq!(ext, session.id_token_claims, "{at}");
    let challenge = session.consent_challenge.as_ref().map(|challenge| challenge.expose().to_owned());
    assert_eq!(text(&sent["consent_challenge"]), challenge, "{at}");
    assert_eq!((texts(&claims["aud"]), texts(&claims["amr"])), (session.audience.clone(), session.amr.clone()), "{at}");
    assert_eq!((text(&claims["iss"]), text(&claims["acr"])), (session.issuer.clone(), session.acr.clone()), "{at}");
    let nonce = session.nonce.as_ref().map(|nonce| nonce.expose().to_owned());
    assert_eq!(text(&claims["nonce"]), nonce, "{at}");
    assert_eq!(time(&claims["iat"]), session.issued_at, "{at}");
    assert_eq!(time(&claims["rat"]), session.requested_at, "{at}");
    assert_eq!(time(&claims["auth_time"]), session.authenticated_at, "{at}");
    for (kind, ends) in sent["id_token"]["expires_at"].as_object().unwrap() {
        assert_eq!(time(ends).as_ref(), session.expires_at.get(kind), "{at}");
    }
}

#[test]
fn token_hooks_are_read() {
    let (mut grants, mut without_times) = (BTreeSet::new(), 0);
    for (server, recording) in recorded("hook.token") {
        let at = format!("{server} {}", recording.case);
        let call = read::<TokenHook>(recording).unwrap_or_else(|why| panic!("{at}: {why}"));
        let sent = json(recording);
        check_session(&call.session, &sent["session"], &at);
        without_times += usize::from(call.session.authenticated_at.is_none());
        let request = &sent["request"];
        assert_eq!(request["client_id"], call.request.client_id, "{at}");
        assert_eq!(texts(&request["requested_scopes"]), call.request.requested_scopes, "{at}");
        assert_eq!(texts(&request["granted_scopes"]), call.request.granted_scopes, "{at}");
        assert_eq!(texts(&request["granted_audience"]), call.request.granted_audience, "{at}");
        assert!(call.request.has_grant_type(request["grant_types"][0].as_str().unwrap()), "{at}");
        assert!(!call.request.has_grant_type("password"), "{at}");
        for (name, values) in request["payload"].as_object().unwrap() {
            let read: Vec<&str> = call.request.payload[name].iter().map(|value| value.expose()).collect();
            assert_eq!(texts(values), read, "{at} {name}");
        }
        grants.extend(call.request.grant_types.clone());
    }
    assert!(without_times > 5, "{without_times}");
    let known = ["authorization_code", "client_credentials", "refresh_token"].map(str::to_owned);
    let urns = ["device_code", "jwt-bearer"].map(|name| format!("urn:ietf:params:oauth:grant-type:{name}"));
    assert_eq!(grants, known.into_iter().chain(urns).collect());
}

#[test]
fn refresh_token_hooks_are_read() {
    for (server, recording) in recorded("hook.refresh-token") {
        let call = read::<RefreshTokenHook>(recording).unwrap_or_else(|why| panic!("{server}: {why}"));
        let sent = json(recording);
        assert_eq!(sent["subject"], call.subject, "{server}");
        check_session(&call.session, &sent["session"], server);
        assert_eq!(texts(&sent["requester"]["granted_scopes"]), call.requester.granted_scopes, "{server}");
        assert!(call.requester.has_grant_type("refresh_token"), "{server}");
    }
}

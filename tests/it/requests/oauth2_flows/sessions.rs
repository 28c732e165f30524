//! Sessions of users, and trusted issuers of JWTs.

use ory_sdk::types::{AdminTrustOAuth2JwtGrantIssuerBody, JsonWebKey};
use ory_sdk::{Client, ErrorKind};
use serde_json::{Value, json};

use super::time;
use crate::requests::jwk::{EVERY_MEMBER, every_member};
use crate::requests::{ACCESS, JSON, Wire};

pub async fn sessions(wire: &mut Wire, client: &Client) {
    let recorded = wire.replays("hydra-26.2.0/adminListOAuth2SubjectConsentSessions.ok");
    let sessions = client
        .admin_list_oauth2_subject_consent_sessions()
        .subject("alice@example.org")
        .login_session_id("s/1")
        .page_size(500)
        .page_token("t=")
        .send()
        .await
        .unwrap();
    wire.saw(
        "GET /hydra-admin/admin/oauth2/auth/sessions/consent\
         ?subject=alice%40example.org&login_session_id=s%2F1&page_size=500&page_token=t%3D",
        &[ACCESS],
        "",
    );
    assert_eq!(sessions.len(), recorded.as_array().unwrap().len());
    assert_eq!(json!(sessions[0].grant_scope), recorded[0]["grant_scope"]);
    assert_eq!(json!(sessions[0].session), recorded[0]["session"]);
    assert_eq!(json!(sessions[0].handled_at), recorded[0]["handled_at"]);
    let request = sessions[0].consent_request.as_ref().unwrap();
    // The consent request is finished, so it no longer has a challenge.
    assert!(request.challenge.is_empty());
    assert_eq!(json!(request.login_session_id), recorded[0]["consent_request"]["login_session_id"]);

    wire.recorded("adminRevokeOAuth2ConsentSessions");
    let response = client
        .admin_revoke_oauth2_consent_sessions()
        .subject("alice@example.org")
        .client("id 1")
        .consent_request_id("r/1")
        .all(true)
        .send()
        .await
        .unwrap();
    wire.saw(
        "DELETE /hydra-admin/admin/oauth2/auth/sessions/consent\
         ?subject=alice%40example.org&client=id+1&consent_request_id=r%2F1&all=true",
        &[ACCESS],
        "",
    );
    assert_eq!(response.status(), 204);

    wire.recorded("adminRevokeOAuth2LoginSessions");
    let revoke = client.admin_revoke_oauth2_login_sessions().subject("alice@example.org").sid("s/1");
    let response = revoke.send().await.unwrap();
    let line = "DELETE /hydra-admin/admin/oauth2/auth/sessions/login?subject=alice%40example.org&sid=s%2F1";
    wire.saw(line, &[ACCESS], "");
    assert_eq!(response.status(), 204);

    // Either one is enough.
    client.admin_revoke_oauth2_login_sessions().sid("s").await.unwrap();
    wire.saw("DELETE /hydra-admin/admin/oauth2/auth/sessions/login?sid=s", &[ACCESS], "");
    client.admin_revoke_oauth2_login_sessions().subject("a").await.unwrap();
    wire.saw("DELETE /hydra-admin/admin/oauth2/auth/sessions/login?subject=a", &[ACCESS], "");
    let response = client.admin_revoke_oauth2_login_sessions().subject(None::<&str>).await;
    let text = "adminRevokeOAuth2LoginSessions: `subject` or `sid` is missing: set one of them";
    wire.refused(response, ErrorKind::Argument, text);
}

pub async fn issuers(wire: &mut Wire, client: &Client) {
    let recorded = wire.replays("hydra-26.2.0/adminListTrustedOAuth2JwtGrantIssuers.issuer-page-1");
    let issuers = client
        .admin_list_trusted_oauth2_jwt_grant_issuers()
        .issuer("https://odd.example.org")
        .page_size(2)
        .page_token("t=")
        .limit(3)
        .offset(0)
        .max_items(4)
        .default_items(5)
        .send()
        .await
        .unwrap();
    wire.saw(
        "GET /hydra-admin/admin/trust/grants/jwt-bearer/issuers\
         ?issuer=https%3A%2F%2Fodd.example.org&page_size=2&page_token=t%3D&limit=3&offset=0&MaxItems=4&DefaultItems=5",
        &[ACCESS],
        "",
    );
    assert_eq!(json!(*issuers), recorded);
    assert_eq!(issuers[1].public_key.as_ref().unwrap().kid.as_deref(), Some("paging-5"));

    let recorded = wire.replays("hydra-26.2.0/adminTrustOAuth2JwtGrantIssuer.created");
    let body = AdminTrustOAuth2JwtGrantIssuerBody::builder()
        .allow_any_subject(false)
        .expires_at(time("2026-11-23T14:34:06+01:00"))
        .issuer("https://issuer.example.org")
        .jwk(every_member(JsonWebKey::builder()))
        .scope(["openid", "offline"])
        .subject("mike@example.org");
    let created = client.admin_trust_oauth2_jwt_grant_issuer().body(body).send().await.unwrap();
    wire.saw(
        "POST /hydra-admin/admin/trust/grants/jwt-bearer/issuers",
        &[ACCESS, JSON],
        &[
            r#"{"allow_any_subject":false,"expires_at":"2026-11-23T13:34:06Z","issuer":"https://issuer.example.org","#,
            r#""jwk":"#,
            EVERY_MEMBER,
            r#","scope":["openid","offline"],"subject":"mike@example.org"}"#,
        ]
        .concat(),
    );
    assert_eq!(created.status(), 201);
    assert_eq!(json!(*created), recorded);

    // A version 2 response without a list of scopes.
    let recorded = wire.replays("hydra-2.0.3/adminTrustOAuth2JwtGrantIssuer.no-scope");
    let trust = client.admin_trust_oauth2_jwt_grant_issuer();
    let trust = trust.json_body(json!({"issuer": "https://issuer.example.org", "subject": null}));
    let created = trust.send().await.unwrap();
    let line = "POST /hydra-admin/admin/trust/grants/jwt-bearer/issuers";
    wire.saw(line, &[ACCESS, JSON], r#"{"issuer":"https://issuer.example.org","subject":null}"#);
    assert_eq!(recorded["scope"], Value::Null);
    assert!(created.scope.is_empty());

    let recorded = wire.recorded("adminGetTrustedOAuth2JwtGrantIssuer");
    let found = client.admin_get_trusted_oauth2_jwt_grant_issuer().id("i/1").send().await.unwrap();
    wire.saw("GET /hydra-admin/admin/trust/grants/jwt-bearer/issuers/i%2F1", &[ACCESS], "");
    assert_eq!(json!(*found), recorded);

    wire.recorded("adminDeleteTrustedOAuth2JwtGrantIssuer");
    let deleted = client.admin_delete_trusted_oauth2_jwt_grant_issuer().id("i-1").send().await.unwrap();
    wire.saw("DELETE /hydra-admin/admin/trust/grants/jwt-bearer/issuers/i-1", &[ACCESS], "");
    assert_eq!(deleted.status(), 204);
}

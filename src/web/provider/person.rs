//! The person of a session: the few facts that decide.

use std::time::Duration;

use chrono::{DateTime, Utc};
use serde_json::Value;

use crate::generated::types::Session;

/// Who visits a page, if Kratos could say.
pub(super) enum Who<'a> {
    Nobody,
    WithoutSecondFactor,
    Person(Person<'a>),
}

/// A person with a valid session.
pub(super) struct Person<'a> {
    pub session: &'a Session,
    /// The id of the identity: the subject of the tokens.
    pub id: String,
    pub session_id: String,
    pub has_second_factor: bool,
    authenticated_at: Option<DateTime<Utc>>,
    expires_at: Option<DateTime<Utc>>,
    methods: Vec<String>,
}

impl<'a> Person<'a> {
    /// `None` if the session has ended, or has no identity.
    pub(super) fn of(session: &'a Session) -> Option<Self> {
        // The fields have different types in different contracts, and the same JSON in all.
        let json = serde_json::to_value(session).ok()?;
        let text = |value: &Value| value.as_str().filter(|text| !text.is_empty()).map(str::to_owned);
        let time = |name: &str| Some(DateTime::parse_from_rfc3339(json[name].as_str()?).ok()?.to_utc());
        let person = Self {
            session,
            id: text(&json["identity"]["id"])?,
            session_id: text(&json["id"])?,
            has_second_factor: json["authenticator_assurance_level"] == "aal2",
            authenticated_at: time("authenticated_at"),
            expires_at: time("expires_at"),
            methods: json["authentication_methods"]
                .as_array()
                .map_or_else(Vec::new, |methods| methods.iter().filter_map(|method| text(&method["method"])).collect()),
        };
        let is_over = json["active"] == false || person.remaining(Utc::now()) == Some(Duration::ZERO);
        (!is_over).then_some(person)
    }

    /// How long the session still lasts.
    pub(super) fn remaining(&self, now: DateTime<Utc>) -> Option<Duration> {
        self.expires_at.map(|end| (end - now).to_std().unwrap_or_default())
    }

    /// Whether the person signed in within this time. A time in the future is one of a clock that is ahead.
    pub(super) fn signed_in_within(&self, limit: Duration, now: DateTime<Utc>) -> bool {
        self.authenticated_at.is_some_and(|time| (now - time).to_std().unwrap_or_default() <= limit)
    }

    /// The assurance level, for the claim `acr`.
    pub(super) fn acr(&self) -> &'static str {
        if self.has_second_factor { "aal2" } else { "aal1" }
    }

    /// How the person signed in, for the claim `amr`: in the words of RFC 8176 where it has one.
    pub(super) fn amr(&self) -> Vec<&str> {
        let mut words = Vec::new();
        for method in &self.methods {
            let word = match method.as_str() {
                "password" => "pwd",
                "totp" | "code" | "lookup_secret" => "otp",
                other => other,
            };
            if !words.contains(&word) {
                words.push(word);
            }
        }
        if self.has_second_factor {
            words.push("mfa");
        }
        words
    }
}

#[cfg(test)]
mod tests {
    use chrono::TimeDelta;
    use serde_json::json;

    use super::*;

    fn session(changes: Value) -> Session {
        let mut json = json!({
            "id": "5c2b1f4e-8f2e-4f0a-9d0c-2f7a3a0e8b11",
            "active": true,
            "authenticated_at": Utc::now() - TimeDelta::seconds(30),
            "expires_at": Utc::now() + TimeDelta::seconds(100),
            "authenticator_assurance_level": "aal1",
            "authentication_methods": [{"method": "password"}, {"method": "oidc"}, {"method": "code"}, {"method": "totp"}],
            "identity": {
                "id": "9f425a8d-7efc-4768-8f23-7647a74fdf13",
                "schema_id": "default",
                "schema_url": "",
                "traits": {},
            },
        });
        json.as_object_mut().unwrap().extend(changes.as_object().unwrap().clone());
        serde_json::from_value(json).unwrap()
    }

    #[test]
    fn a_session_names_a_person_while_it_lasts() {
        let valid = session(json!({}));
        let person = Person::of(&valid).unwrap();
        assert_eq!(person.id, "9f425a8d-7efc-4768-8f23-7647a74fdf13");
        assert_eq!((person.acr(), person.amr()), ("aal1", vec!["pwd", "oidc", "otp"]));
        let now = Utc::now();
        assert!(person.remaining(now).unwrap() > Duration::from_secs(90));
        assert!(person.signed_in_within(Duration::from_secs(60), now));
        assert!(!person.signed_in_within(Duration::from_secs(20), now));
        // The clock of Kratos is ahead.
        assert!(person.signed_in_within(Duration::ZERO, now - TimeDelta::seconds(60)));
        let ended = json!({"expires_at": Utc::now() - TimeDelta::seconds(1)});
        for over in [json!({"active": false}), ended, json!({"identity": null})] {
            assert!(Person::of(&session(over.clone())).is_none(), "{over}");
        }
        // A server that says less.
        let unknown = session(json!({"active": null, "expires_at": null, "authenticated_at": null}));
        let person = Person::of(&unknown).unwrap();
        assert_eq!(person.remaining(now), None);
        assert!(!person.signed_in_within(Duration::MAX, now), "nobody knows when");
    }
}

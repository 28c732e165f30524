//! The question on the consent page.

use std::fmt;

use http::{Response, StatusCode};

use super::calls::Kind;
use super::requests::ConsentRequest;
use crate::privacy::Secret;
use crate::web::html::{document, escape, hidden};
use crate::web::respond::page;

/// What to ask a person before an application gets access.
///
/// ```
/// use ory_sdk::http::Response;
/// use ory_sdk::web::provider::ConsentQuestion;
///
/// fn respond(question: &ConsentQuestion) -> Response<String> {
///     println!("{} asks for {} scopes", question.client_name(), question.scopes().len());
///     let form = question.form("/oauth2/consent");
///     question.page(format!("<!doctype html><html lang=\"en\"><title>Allow?</title>{form}</html>"))
/// }
/// ```
///
/// Names and URLs are those that the application registered, which may be anybody: escape them as [`form`](Self::form)
/// does.
#[derive(Clone)]
pub struct ConsentQuestion {
    challenge: Secret,
    client_id: String,
    client_name: String,
    logo: Option<String>,
    policy: Option<String>,
    terms: Option<String>,
    subject: String,
    scopes: Vec<String>,
    audience: Vec<String>,
}

impl ConsentQuestion {
    pub(super) fn new(challenge: Secret, request: Box<ConsentRequest>) -> Self {
        let client = request.client;
        let some = |text: Option<String>| text.filter(|text| !text.is_empty());
        Self {
            challenge,
            client_name: client.name().to_owned(),
            client_id: client.client_id,
            logo: some(client.logo_uri),
            policy: some(client.policy_uri),
            terms: some(client.tos_uri),
            subject: request.subject,
            scopes: request.requested_scope,
            audience: request.requested_access_token_audience,
        }
    }

    /// The challenge, for a form of your own. It is as good as the person's word: never log it.
    ///
    /// ```
    /// # fn example(question: &ory_sdk::web::provider::ConsentQuestion) {
    /// assert!(!question.challenge().is_empty());
    /// # }
    /// ```
    pub fn challenge(&self) -> &Secret {
        &self.challenge
    }

    /// The id of the application.
    ///
    /// ```
    /// # fn example(question: &ory_sdk::web::provider::ConsentQuestion) {
    /// println!("asked by {}", question.client_id());
    /// # }
    /// ```
    pub fn client_id(&self) -> &str {
        &self.client_id
    }

    /// The name of the application, or its id if it has none.
    ///
    /// ```
    /// # fn example(question: &ory_sdk::web::provider::ConsentQuestion) {
    /// println!("{} wants access", question.client_name());
    /// # }
    /// ```
    pub fn client_name(&self) -> &str {
        &self.client_name
    }

    /// The URL of the application's logo.
    ///
    /// ```
    /// # fn example(question: &ory_sdk::web::provider::ConsentQuestion) {
    /// println!("a logo: {}", question.logo().is_some());
    /// # }
    /// ```
    pub fn logo(&self) -> Option<&str> {
        self.logo.as_deref()
    }

    /// The URL at which the application says what it does with the data.
    ///
    /// ```
    /// # fn example(question: &ory_sdk::web::provider::ConsentQuestion) {
    /// println!("a policy: {}", question.policy().is_some());
    /// # }
    /// ```
    pub fn policy(&self) -> Option<&str> {
        self.policy.as_deref()
    }

    /// The URL of the application's terms of service.
    ///
    /// ```
    /// # fn example(question: &ory_sdk::web::provider::ConsentQuestion) {
    /// println!("terms: {}", question.terms().is_some());
    /// # }
    /// ```
    pub fn terms(&self) -> Option<&str> {
        self.terms.as_deref()
    }

    /// The person who is asked: the id of their identity.
    ///
    /// ```
    /// # fn example(question: &ory_sdk::web::provider::ConsentQuestion, session: &ory_sdk::types::Session) {
    /// let identity = session.identity.as_ref().map(|identity| identity.id.to_string());
    /// assert_eq!(Some(question.subject()), identity.as_deref());
    /// # }
    /// ```
    pub fn subject(&self) -> &str {
        &self.subject
    }

    /// The scopes that the application asks for.
    ///
    /// ```
    /// # fn example(question: &ory_sdk::web::provider::ConsentQuestion) {
    /// for scope in question.scopes() {
    ///     println!("may it have {scope}?");
    /// }
    /// # }
    /// ```
    pub fn scopes(&self) -> &[String] {
        &self.scopes
    }

    /// The audiences that the application asks for.
    ///
    /// ```
    /// # fn example(question: &ory_sdk::web::provider::ConsentQuestion) {
    /// println!("for {} services", question.audience().len());
    /// # }
    /// ```
    pub fn audience(&self) -> &[String] {
        &self.audience
    }

    /// The question as an HTML form that is posted to `action`. An empty `action` is the URL of the page.
    ///
    /// ```
    /// # fn example(question: &ory_sdk::web::provider::ConsentQuestion) {
    /// let html = question.form("/oauth2/consent");
    /// assert!(html.starts_with("<form method=\"post\" action=\"/oauth2/consent\" class=\"fields\">"));
    /// # }
    /// ```
    ///
    /// It names the scopes of OpenID Connect in words, and links the policy and terms of the application. Its classes are those
    /// of [`forms`](crate::web::forms). [`ConsentAnswer::from_form`](super::ConsentAnswer::from_form) reads it.
    pub fn form(&self, action: &str) -> String {
        let scopes: String = self.scopes.iter().map(|scope| check("scope", scope, meaning(scope), true)).collect();
        let audience: String =
            self.audience.iter().map(|audience| format!("<p>for {}</p>\n", escape(audience))).collect();
        format!(
            "<form method=\"post\" action=\"{}\" class=\"fields\">\n{}<fieldset>\n<legend><strong>{}</strong> wants to:\
             </legend>\n{scopes}</fieldset>\n{audience}{}\
             <button class=\"primary\" name=\"decision\" value=\"accept\">Allow</button>\n\
             <button class=\"secondary\" name=\"decision\" value=\"reject\">Do not allow</button>\n{}</form>",
            escape(action),
            hidden(Kind::Consent.parameter(), self.challenge.expose()),
            escape(&self.client_name),
            check("remember", "true", "Do not ask again", false),
            self.links(),
        )
    }

    /// What the application says about itself. It may have registered anything, such as a script.
    fn links(&self) -> String {
        let links = [("Its privacy policy", self.policy()), ("Its terms of service", self.terms())];
        let is_web = |url: &&str| url.starts_with("https://") || url.starts_with("http://");
        let link = |(text, url): (&str, Option<&str>)| {
            let url = escape(url.filter(is_web)?);
            Some(format!("<p><a href=\"{url}\">{text}</a></p>\n"))
        };
        links.into_iter().filter_map(link).collect()
    }

    /// A response with your page around the question. It is not kept, and no other site can show it inside its own.
    ///
    /// ```
    /// # fn example(question: &ory_sdk::web::provider::ConsentQuestion) {
    /// let response = question.page(format!("<title>Allow?</title>{}", question.form("")));
    /// assert_eq!(response.headers()["x-frame-options"], "DENY");
    /// # }
    /// ```
    pub fn page(&self, html: impl Into<String>) -> Response<String> {
        page(StatusCode::OK, html.into())
    }

    /// A plain page with the question. Its form is posted to the same URL.
    ///
    /// ```
    /// # fn example(question: ory_sdk::web::provider::ConsentQuestion) {
    /// assert_eq!(question.into_response().status(), 200);
    /// # }
    /// ```
    pub fn into_response(self) -> Response<String> {
        self.page(document("Allow access?", &self.form("")))
    }
}

/// A checkbox with its label.
fn check(name: &str, value: &str, label: &str, is_checked: bool) -> String {
    let (value, label) = (escape(value), escape(label));
    let checked = if is_checked { " checked" } else { "" };
    format!(
        "<div class=\"check\"><input type=\"checkbox\" id=\"{name}-{value}\" name=\"{name}\" value=\"{value}\"{checked}>\
         <label for=\"{name}-{value}\">{label}</label></div>\n"
    )
}

/// A scope in the words of a person, if it is one of OpenID Connect.
fn meaning(scope: &str) -> &str {
    match scope {
        "openid" => "Know who you are",
        "profile" => "See your profile",
        "email" => "See your email address",
        "address" => "See your postal address",
        "phone" => "See your phone number",
        "offline" | "offline_access" => "Have access while you are away",
        other => other,
    }
}

impl From<ConsentQuestion> for Response<String> {
    fn from(question: ConsentQuestion) -> Self {
        question.into_response()
    }
}

/// Shows neither the challenge nor the person.
impl fmt::Debug for ConsentQuestion {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ConsentQuestion")
            .field("client_id", &self.client_id)
            .field("client_name", &self.client_name)
            .field("scopes", &self.scopes)
            .field("audience", &self.audience)
            .finish_non_exhaustive()
    }
}

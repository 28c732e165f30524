//! Mails to people. A stand-in sends none: it keeps them, for tests to read.

use uuid::Uuid;

use crate::testing::clock::{Clock, Time};
use crate::testing::random;

#[derive(Debug, Clone)]
pub(crate) struct Mail {
    pub id: Uuid,
    pub recipient: String,
    pub content: MailContent,
    pub created_at: Time,
}

/// What a mail says.
#[derive(Debug, Clone)]
pub(crate) struct MailContent {
    /// What the server calls this kind of mail.
    pub template: &'static str,
    pub subject: String,
    pub body: String,
    pub code: Option<String>,
    pub link: Option<String>,
}

impl MailContent {
    pub(crate) fn login_code(code: String) -> Self {
        Self {
            template: "login_code_valid",
            subject: format!("Use code {code} to log in"),
            body: format!("Login to your account with the following code:\n\n{code}\n\nIt expires in 60 minutes.\n"),
            code: Some(code),
            link: None,
        }
    }

    pub(crate) fn registration_code(code: String) -> Self {
        Self {
            template: "registration_code_valid",
            subject: format!("Use code {code} to complete your account registration"),
            body: format!(
                "Complete your account registration with the following code:\n\n{code}\n\nThis code expires in 60 \
                 minutes.\n"
            ),
            code: Some(code),
            link: None,
        }
    }

    pub(crate) fn recovery_code(code: String) -> Self {
        Self {
            template: "recovery_code_valid",
            subject: format!("Use code {code} to recover access to your account"),
            body: format!(
                "Recover access to your account by entering the following code:\n\n{code}\n\nIf this was not you, do \
                 nothing. This code expires in 60 minutes.\n"
            ),
            code: Some(code),
            link: None,
        }
    }

    pub(crate) fn recovery_link(link: String) -> Self {
        Self {
            template: "recovery_valid",
            subject: "Recover access to your account".to_owned(),
            body: format!(
                "Recover access to your account by clicking the following link:\n\n{link}\n\nIf this was not you, do \
                 nothing. This link expires in 60 minutes.\n"
            ),
            code: None,
            link: Some(link),
        }
    }

    pub(crate) fn verification_code(code: String, link: String) -> Self {
        Self {
            template: "verification_code_valid",
            subject: format!("Use code {code} to verify your account"),
            body: format!(
                "Verify your account with the following code:\n\n{code}\n\nor clicking the following \
                 link:\n\n{link}\n\nIf this was not you, do nothing. This code / link expires in 60 minutes.\n"
            ),
            code: Some(code),
            link: Some(link),
        }
    }

    pub(crate) fn verification_link(link: String) -> Self {
        Self {
            template: "verification_valid",
            subject: "Please verify your email address".to_owned(),
            body: format!(
                "Verify your account by opening the following link:\n\n{link}\n\nIf this was not you, do nothing. This \
                 link expires in 60 minutes.\n"
            ),
            code: None,
            link: Some(link),
        }
    }
}

/// All mails in the order in which they were written.
pub(crate) struct Mails(Vec<Mail>);

impl Mails {
    pub(crate) fn new() -> Self {
        Self(Vec::new())
    }

    pub(crate) fn send(&mut self, clock: &Clock, recipient: String, content: MailContent) {
        self.0.push(Mail { id: random::uuid(), recipient, content, created_at: clock.now() });
    }

    pub(crate) fn get(&self, id: Uuid) -> Option<&Mail> {
        self.0.iter().find(|mail| mail.id == id)
    }

    pub(crate) fn iter(&self) -> impl DoubleEndedIterator<Item = &Mail> {
        self.0.iter()
    }
}

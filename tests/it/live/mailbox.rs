//! A user's mail, read from the courier.

use std::collections::HashSet;

use ory_sdk::types;

use super::run::Run;

pub struct Mailbox {
    email: String,
    seen: HashSet<uuid::Uuid>,
}

impl Mailbox {
    /// Opens the mailbox. Mails that are already there count as read.
    pub async fn open(run: &Run, email: &str) -> Self {
        let mut mailbox = Self { email: email.to_owned(), seen: HashSet::new() };
        mailbox.unread(run).await;
        mailbox
    }

    /// Returns the code in the only new mail since the last look.
    pub async fn code(&mut self, run: &Run) -> String {
        let mails = self.unread(run).await;
        let [mail] = mails.as_slice() else { panic!("{} new mails where one should be", mails.len()) };
        assert_eq!(mail.status, Some(types::CourierMessageStatus::Queued), "nobody sends mail in this test");
        let body = mail.body.as_deref().unwrap();
        // The mail on its own is the same. Nobody has tried to send it.
        let client = &run.client;
        let one = call!(run, client.get_courier_message().id(mail.id.unwrap()) => value);
        assert_eq!((one.body.as_deref(), &one.recipient), (Some(body), &mail.recipient));
        assert!(one.dispatches.is_empty());
        let code = body.split(|c: char| !c.is_ascii_digit()).find(|digits| digits.len() == 6);
        code.unwrap_or_else(|| panic!("no code in the mail: is the courier's text hidden?")).to_owned()
    }

    async fn unread(&mut self, run: &Run) -> Vec<types::Message> {
        let client = &run.client;
        let all = call!(run, client.admin_list_courier_messages().recipient(&self.email).page_size(100) => value);
        let mine = all.into_body().into_iter().filter(|mail| mail.recipient.as_ref() == Some(&self.email));
        mine.filter(|mail| self.seen.insert(mail.id.unwrap())).collect()
    }
}

//! The courier's messages. They stay queued, since a stand-in sends none.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE;
use http::header;
use serde_json::{Value, json};
use uuid::Uuid;

use super::{body, caller};
use crate::testing::clock::rfc3339;
use crate::testing::error::Error;
use crate::testing::http::{HandlerResult, Reply, Request};
use crate::testing::model::Mail;
use crate::testing::page;
use crate::testing::random;
use crate::testing::state::State;

pub(super) fn list(state: &State, request: &Request) -> HandlerResult {
    let size = page::size(request, "page_size", 10, 500).map_err(|why| Error::unexpected(why.0))?;
    let after = request.parameter("page_token").filter(|token| !token.is_empty()).map(read_token).transpose()?;
    let is_queued = match request.parameter("status").unwrap_or_default() {
        "" | "queued" => true,
        "sent" | "processing" | "abandoned" => false,
        _ => return Err(Error::bad_request("Message status is not valid").into()),
    };
    let recipient = request.parameter("recipient").filter(|recipient| !recipient.is_empty());
    let mut rest = state.mails.iter().rev().skip_while(|mail| after.flatten().is_some_and(|id| mail.id != id));
    if after.flatten().is_some() {
        rest.next();
    }
    let rest = rest.filter(|mail| is_queued && recipient.is_none_or(|recipient| mail.recipient == recipient));
    let mut items: Vec<&Mail> = rest.take(size.saturating_add(1)).collect();
    let has_more = items.len() > size;
    items.truncate(size);
    let next = items.last().filter(|_| has_more).map(|last| write_token(Some(last.id)));
    let items: Value = items.into_iter().map(message).collect();
    let links = page::token_links(request, size, &write_token(None), next.as_deref());
    Ok(Reply::ok(&items).header(header::LINK, links))
}

/// A page token names the last mail of its page, or none. The server's are encrypted, so that none is like another.
fn write_token(after: Option<Uuid>) -> String {
    URL_SAFE.encode(format!("{}/{}", random::alphanumeric(8), after.unwrap_or_default()))
}

fn read_token(token: &str) -> Result<Option<Uuid>, Error> {
    let fault = |_| Error::unexpected(format!("decode token: {}", caller::base64_fault(token)));
    let bytes = URL_SAFE.decode(token).map_err(fault)?;
    let id = std::str::from_utf8(&bytes).ok().and_then(|text| text.split_once('/')?.1.parse::<Uuid>().ok());
    let id = id.ok_or_else(|| Error::unexpected("decrypt token: invalid"))?;
    Ok(Some(id).filter(|id| !id.is_nil()))
}

pub(super) fn get(state: &State, id: &str) -> HandlerResult {
    let mail = state.mails.get(body::uuid(id)?).ok_or_else(Error::not_found)?;
    Ok(Reply::ok(&message(mail)))
}

fn message(mail: &Mail) -> Value {
    let at = rfc3339(mail.created_at);
    json!({
        "id": mail.id,
        "status": "queued",
        "type": "email",
        "recipient": mail.recipient,
        "body": mail.content.body,
        "subject": mail.content.subject,
        "template_type": mail.content.template,
        "channel": "email",
        "send_count": 0,
        "created_at": at,
        "updated_at": at,
    })
}

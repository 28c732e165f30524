//! Where a walk through a list stands, as text that can be kept.

use std::fmt;
use std::str::FromStr;

use crate::argument::InvalidArgument;
use crate::walk::{Base, Step};

/// Where a walk through a list goes on: made from what the answers showed, kept as text, resumed in any process.
///
/// ```
/// # #[cfg(feature = "identity")]
/// # async fn example(client: &ory_sdk::Client) -> Result<(), Box<dyn std::error::Error>> {
/// let mut pages = client.admin_list_identities().page_size(100).by_page();
/// let first = pages.next().await;
/// let Some(cursor) = pages.cursor() else { return Ok(()) };
/// let text = cursor.to_string();
///
/// // Later, in another process:
/// let cursor: ory_sdk::Cursor = text.parse()?;
/// let mut pages = client.admin_list_identities().page_size(100).by_page().resume(&cursor)?;
/// # Ok(())
/// # }
/// ```
///
/// It holds only for the list that it came from: the same operation with the same path, filters and page size.
/// [`Pages::resume`](crate::Pages::resume) refuses any other. Hydra from 25.4 and Kratos' courier list from 25.4
/// give tokens that hold for an hour.
#[derive(Clone, PartialEq, Eq)]
pub struct Cursor {
    pub(crate) list: ListMark,
    pub(crate) step: Step,
}

/// Which list a cursor is of.
#[derive(Clone, PartialEq, Eq)]
pub(crate) struct ListMark {
    pub operation: String,
    /// The page size that the caller asked for.
    pub size: Option<u64>,
    /// The fingerprint of path and filters, which may hold what is nobody's business.
    pub print: u64,
}

impl Cursor {
    /// The operation of its list (`adminListIdentities`).
    ///
    /// ```
    /// let cursor: ory_sdk::Cursor = "ory1:listSessions:50:00000000000000aa:number:3:50:one".parse()?;
    /// assert_eq!(cursor.operation(), "listSessions");
    /// # Ok::<(), ory_sdk::InvalidArgument>(())
    /// ```
    pub fn operation(&self) -> &str {
        &self.list.operation
    }

    /// Why it is of another list, if it is.
    pub(crate) fn refuse(&self, list: &ListMark) -> Option<String> {
        let size = |size: Option<u64>| size.map_or("the server's own size".to_owned(), |size| format!("{size} rows"));
        if self.list.operation != list.operation {
            Some(format!("the cursor is of `{}`", self.list.operation))
        } else if self.list.size != list.size {
            Some(format!("the cursor is of pages of {}, not of {}", size(self.list.size), size(list.size)))
        } else if self.list.print != list.print {
            Some("the cursor is of another path or of other filters".to_owned())
        } else {
            None
        }
    }
}

/// A fingerprint that is the same in every process (FNV-1a).
pub(crate) fn print(text: &str) -> u64 {
    text.bytes().fold(0xcbf2_9ce4_8422_2325, |hash, byte| (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3))
}

const VERSION: &str = "ory1";

impl fmt::Display for Cursor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let ListMark { operation, size, print } = &self.list;
        let size = size.map(|size| size.to_string()).unwrap_or_default();
        write!(f, "{VERSION}:{operation}:{size}:{print:016x}:")?;
        let escape = |text: &str| url::form_urlencoded::byte_serialize(text.as_bytes()).collect::<String>();
        match &self.step {
            Step::First => f.write_str("first"),
            Step::Count => f.write_str("count"),
            Step::Follow { key, value } => write!(f, "follow:{}:{}", escape(key), escape(value)),
            Step::Number { page, size, base } => match base {
                Base::Zero => write!(f, "number:{page}:{size}:zero"),
                Base::One => write!(f, "number:{page}:{size}:one"),
                Base::Unknown { first } => write!(f, "number:{page}:{size}:{first:016x}"),
            },
            Step::Offset { offset, size, total } => {
                let total = total.map(|total| total.to_string()).unwrap_or_default();
                write!(f, "offset:{offset}:{size}:{total}")
            }
        }
    }
}

impl FromStr for Cursor {
    type Err = InvalidArgument;

    fn from_str(text: &str) -> Result<Self, InvalidArgument> {
        read(text).ok_or_else(|| InvalidArgument::new("it is no cursor of this crate"))
    }
}

fn read(text: &str) -> Option<Cursor> {
    let parts: Vec<&str> = text.split(':').collect();
    let [VERSION, operation, size, print, step @ ..] = parts.as_slice() else { return None };
    let unescape = |text: &str| {
        let mut pairs = url::form_urlencoded::parse(text.as_bytes());
        pairs.next().map_or(String::new(), |(value, _)| value.into_owned())
    };
    let optional = |text: &str| if text.is_empty() { Some(None) } else { text.parse::<u64>().ok().map(Some) };
    let step = match step {
        ["first"] => Step::First,
        ["count"] => Step::Count,
        ["follow", key, value] => Step::Follow { key: unescape(key), value: unescape(value) },
        ["number", page, size, base] => {
            let base = match *base {
                "zero" => Base::Zero,
                "one" => Base::One,
                first => Base::Unknown { first: u64::from_str_radix(first, 16).ok()? },
            };
            Step::Number { page: page.parse().ok()?, size: size.parse().ok()?, base }
        }
        ["offset", offset, size, total] => {
            let size: u64 = size.parse().ok().filter(|size| *size > 0)?;
            Step::Offset { offset: offset.parse().ok()?, size, total: optional(total)? }
        }
        _ => return None,
    };
    let print = u64::from_str_radix(print, 16).ok()?;
    Some(Cursor { list: ListMark { operation: (*operation).to_owned(), size: optional(size)?, print }, step })
}

/// Only which list it is of: a token may tell more than a log should hold.
impl fmt::Debug for Cursor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Cursor").field("operation", &self.list.operation).finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_and_back() {
        let list = ListMark { operation: "listSessions".to_owned(), size: Some(3), print: print("/sessions?") };
        let steps = [
            Step::First,
            Step::Count,
            Step::Follow { key: "page_token".to_owned(), value: "a:b c+%é=".to_owned() },
            Step::Number { page: 7, size: 3, base: Base::Zero },
            Step::Number { page: 7, size: 3, base: Base::One },
            Step::Number { page: 1, size: 3, base: Base::Unknown { first: print("x") } },
            Step::Offset { offset: 6, size: 3, total: None },
            Step::Offset { offset: 6, size: 3, total: Some(7) },
        ];
        for step in steps {
            for size in [None, Some(3)] {
                let cursor = Cursor { list: ListMark { size, ..list.clone() }, step: step.clone() };
                assert_eq!(cursor.to_string().parse::<Cursor>().unwrap(), cursor, "{cursor}");
            }
        }
        for bad in
            ["", "x", "ory1", "ory1:a:b:c:first", "ory1:a::0:number:1", "ory1:a::0:offset:1:0:", "ory2:a::0:first"]
        {
            assert_eq!(bad.parse::<Cursor>().unwrap_err().to_string(), "it is no cursor of this crate", "{bad}");
        }
    }
}

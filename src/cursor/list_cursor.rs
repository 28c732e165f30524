//! A cursor: the list and the place in it, as text.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Deserializer, Serialize, Serializer, de};

use super::step::{Base, Step};
use crate::input::InvalidArgument;

/// A place in a list, from which a walk can resume in any process. Its text can be stored (`Display`, `FromStr`, serde).
///
/// ```
/// # #[cfg(feature = "identity")]
/// # async fn example(client: &ory_sdk::Client) -> ory_sdk::Result<()> {
/// let mut pages = client.admin_list_identities().page_size(100).by_page();
/// let first = pages.next().await;
/// let Some(cursor) = pages.cursor() else { return Ok(()) };
/// let text = cursor.to_string();
///
/// // Later, in another process:
/// let cursor: ory_sdk::lists::Cursor = text.parse()?;
/// let mut pages = client.admin_list_identities().page_size(100).by_page().resume(&cursor)?;
/// # Ok(())
/// # }
/// ```
///
/// A cursor is valid only for its list: the same operation with the same path, filters and page size.
/// [`Pages::resume`](crate::lists::Pages::resume) refuses it for any other. A cursor from a stranger can do no more than choose
/// the page: `resume` takes the list's own paging parameters and no others. The text contains a hash of the path and filters,
/// not the filters themselves. Whoever guesses a filter can confirm the guess, so do not show a cursor to people who must not
/// know what was filtered for. The page tokens of Hydra since 25.4, and of
/// Kratos' courier messages since 25.4, expire after an hour.
#[derive(Clone, PartialEq, Eq)]
pub struct Cursor {
    pub(crate) list: ListMark,
    pub(crate) step: Step,
}

/// The list that a cursor belongs to.
#[derive(Clone, PartialEq, Eq)]
pub(crate) struct ListMark {
    pub operation: String,
    /// The page size that the caller asked for.
    pub size: Option<u64>,
    /// The fingerprint of path and filters. They may contain personal data, so a cursor does not contain them.
    pub fingerprint: u64,
}

impl Cursor {
    /// The operation of the list (`adminListIdentities`).
    ///
    /// ```
    /// let cursor: ory_sdk::lists::Cursor = "ory1:listSessions:50:00000000000000aa:number:3:50:one".parse()?;
    /// assert_eq!(cursor.operation(), "listSessions");
    /// # Ok::<(), ory_sdk::error::InvalidArgument>(())
    /// ```
    pub fn operation(&self) -> &str {
        &self.list.operation
    }

    /// Why the cursor does not belong to this list, if it does not.
    pub(crate) fn refuse(&self, list: &ListMark) -> Option<String> {
        let size =
            |size: Option<u64>| size.map_or("the server's default size".to_owned(), |size| format!("{size} rows"));
        if self.list.operation != list.operation {
            Some(format!("the cursor belongs to `{}`", self.list.operation))
        } else if self.list.size != list.size {
            Some(format!("the cursor belongs to pages of {}, not of {}", size(self.list.size), size(list.size)))
        } else if self.list.fingerprint != list.fingerprint {
            Some("the cursor belongs to another path or to other filters".to_owned())
        } else {
            None
        }
    }
}

const VERSION: &str = "ory1";
/// Why a text or a cursor is refused.
pub(crate) const NOT_OURS: &str = "not a cursor created by this crate";
/// The longest text of a cursor, in bytes. The page tokens of servers have a few hundred.
const LONGEST: usize = 16 << 10;

impl fmt::Display for Cursor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let ListMark { operation, size, fingerprint } = &self.list;
        let size = size.map(|size| size.to_string()).unwrap_or_default();
        write!(f, "{VERSION}:{operation}:{size}:{fingerprint:016x}:")?;
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

impl Serialize for Cursor {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Cursor {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer)?.parse().map_err(de::Error::custom)
    }
}

impl FromStr for Cursor {
    type Err = InvalidArgument;

    fn from_str(text: &str) -> Result<Self, InvalidArgument> {
        read(text).ok_or_else(|| InvalidArgument::new(NOT_OURS))
    }
}

fn read(text: &str) -> Option<Cursor> {
    if text.len() > LONGEST {
        return None;
    }
    let parts: Vec<&str> = text.split(':').collect();
    let [VERSION, operation, size, fingerprint, step @ ..] = parts.as_slice() else { return None };
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
    let fingerprint = u64::from_str_radix(fingerprint, 16).ok()?;
    Some(Cursor { list: ListMark { operation: (*operation).to_owned(), size: optional(size)?, fingerprint }, step })
}

/// Shows only the operation: a page token may say more than a log should contain.
impl fmt::Debug for Cursor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Cursor").field("operation", &self.list.operation).finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::super::fingerprint;
    use super::*;

    #[test]
    fn text_and_back() {
        let list =
            ListMark { operation: "listSessions".to_owned(), size: Some(3), fingerprint: fingerprint("/sessions?") };
        let steps = [
            Step::First,
            Step::Count,
            Step::Follow { key: "page_token".to_owned(), value: "a:b c+%é=".to_owned() },
            Step::Number { page: 7, size: 3, base: Base::Zero },
            Step::Number { page: 7, size: 3, base: Base::One },
            Step::Number { page: 1, size: 3, base: Base::Unknown { first: fingerprint("x") } },
            Step::Offset { offset: 6, size: 3, total: None },
            Step::Offset { offset: 6, size: 3, total: Some(7) },
        ];
        for step in steps {
            for size in [None, Some(3)] {
                let cursor = Cursor { list: ListMark { size, ..list.clone() }, step: step.clone() };
                assert_eq!(cursor.to_string().parse::<Cursor>().unwrap(), cursor, "{cursor}");
                let json = serde_json::to_string(&cursor).unwrap();
                assert_eq!(serde_json::from_str::<Cursor>(&json).unwrap(), cursor, "{json}");
            }
        }
        for bad in
            ["", "x", "ory1", "ory1:a:b:c:first", "ory1:a::0:number:1", "ory1:a::0:offset:1:0:", "ory2:a::0:first"]
        {
            assert_eq!(bad.parse::<Cursor>().unwrap_err().to_string(), "not a cursor created by this crate", "{bad}");
        }
    }
}

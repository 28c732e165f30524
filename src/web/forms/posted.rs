//! What a form of HTML cannot say as Kratos wants it.

use bytes::Bytes;
use http::HeaderMap;
use url::form_urlencoded::{Serializer, parse};

use crate::wire::header::media_type;

/// Completes what a browser posted, if it is a form that [`FormHtml`](super::FormHtml) drew: without empty traits, and with the
/// zone of times, which browsers leave out.
///
/// ```
/// use ory_sdk::bytes::Bytes;
/// use ory_sdk::flow::FlowKind;
/// use ory_sdk::http::{Response, request::Parts};
/// use ory_sdk::web::forms::{FormHtml, complete};
/// use ory_sdk::web::pages::Pages;
///
/// async fn submit(pages: &Pages, kind: FlowKind, request: &Parts, body: Bytes) -> Response<String> {
///     let answer = pages.post(kind, request, complete(&request.headers, body)).await;
///     answer.draw(|form| FormHtml::new(form).html())
/// }
/// ```
///
/// The times of traits are taken for UTC. Kratos drops empty traits itself, but for lists, in which the field for a new item
/// would become an empty item. So you need it only if your identity schema has lists or times (`date-time`). What is no form
/// is returned as it is.
pub fn complete(headers: &HeaderMap, body: Bytes) -> Bytes {
    if !media_type(headers).eq_ignore_ascii_case("application/x-www-form-urlencoded") {
        return body;
    }
    let mut form = Serializer::new(String::new());
    let is_trait = |name: &str| name.starts_with("traits.");
    for (name, value) in parse(&body).filter(|(name, value)| !(value.is_empty() && is_trait(name))) {
        let zone = if is_trait(&name) && is_local_time(&value) { ":00Z" } else { "" };
        form.append_pair(&name, &format!("{value}{zone}"));
    }
    form.finish().into()
}

/// Whether it is as a browser sends a `datetime-local`: `2026-12-01T09:30`.
fn is_local_time(value: &str) -> bool {
    let shape = value.bytes().map(|byte| if byte.is_ascii_digit() { b'0' } else { byte });
    shape.eq(*b"0000-00-00T00:00")
}

#[cfg(test)]
mod tests {
    use http::header::{CONTENT_TYPE, HeaderValue};

    use super::*;

    #[test]
    fn lists_and_times_are_completed() {
        let kind = HeaderValue::from_static("application/x-www-form-urlencoded; charset=utf-8");
        let headers = HeaderMap::from_iter([(CONTENT_TYPE, kind)]);
        for (posted, expected) in [
            ("traits.tags=a&traits.tags=&traits.name=&x=", "traits.tags=a&x="),
            ("traits.at=2026-12-01T09%3A30", "traits.at=2026-12-01T09%3A30%3A00Z"),
            ("password=2026-12-01T09%3A30&traits.day=2026-12-01", "password=2026-12-01T09%3A30&traits.day=2026-12-01"),
            ("code=&password=a+b%26c", "code=&password=a+b%26c"),
        ] {
            assert_eq!(complete(&headers, posted.into()), expected);
        }
        assert_eq!(complete(&HeaderMap::new(), "traits.tags=".into()), "traits.tags=");
    }
}

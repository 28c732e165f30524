//! `Link` headers (RFC 8288), as servers and the proxies before them write them.

use http::HeaderMap;

use crate::wire::header::value_text;
use crate::wire::json::parse_own;

/// One link: its target and its relations.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Link {
    /// The URL, absolute or relative. Its host and path are never used: behind proxies they are wrong, or hostile.
    pub target: String,
    /// In lower case.
    pub rels: Vec<String>,
}

/// The links of a response, in their order.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Links(Vec<Link>);

impl Links {
    /// The links of all header lines.
    pub(crate) fn read(headers: &HeaderMap) -> Self {
        let lines = headers.get_all(http::header::LINK).iter();
        let lines = lines.map(|value| value_text(value));
        Self(lines.flat_map(|line| parse(&line)).collect())
    }

    /// The links of a response: those of its headers, or the token of the next page in a body that has it beside the rows,
    /// as Keto's and the console's do. Without a token, such a body is the last page.
    pub(crate) fn of(headers: &HeaderMap, body: &[u8]) -> Self {
        #[derive(serde::Deserialize)]
        struct Envelope {
            next_page_token: Option<String>,
        }
        if body.trim_ascii_start().first() != Some(&b'{') {
            return Self::read(headers);
        }
        let envelope = parse_own::<Envelope>(body).ok();
        let token = envelope.and_then(|envelope| envelope.next_page_token).filter(|token| !token.is_empty());
        let link = |target: String, rel: &str| Link { target, rels: vec![rel.to_owned()] };
        Self(vec![match token {
            Some(token) => {
                let token: String = url::form_urlencoded::byte_serialize(token.as_bytes()).collect();
                link(format!("?page_token={token}"), "next")
            }
            None => link(String::new(), "last"),
        }])
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The first link of a relation.
    pub(crate) fn rel(&self, rel: &str) -> Option<&Link> {
        self.0.iter().find(|link| link.rels.iter().any(|known| known == rel))
    }

    /// The values that a query parameter has in the links.
    pub(crate) fn values<'a>(&'a self, key: &'a str) -> impl Iterator<Item = String> + 'a {
        self.0.iter().filter_map(move |link| link.query(key))
    }
}

impl Link {
    /// The first value of a query parameter, decoded.
    pub(crate) fn query(&self, key: &str) -> Option<String> {
        let query = self.target.split('#').next()?.split_once('?')?.1;
        let mut pairs = url::form_urlencoded::parse(query.as_bytes());
        pairs.find(|(name, _)| name == key).map(|(_, value)| value.into_owned())
    }
}

/// More links than any server sends.
const MOST: usize = 64;

/// The links of one header line. Anything else is skipped up to the next comma.
pub(crate) fn parse(line: &str) -> Vec<Link> {
    let mut found = Vec::new();
    let mut rest = line;
    loop {
        rest = rest.trim_start_matches([' ', '\t', ',']);
        if rest.is_empty() || found.len() == MOST {
            return found;
        }
        let Some(inner) = rest.strip_prefix('<') else {
            rest = rest.split_once(',').map_or("", |(_, after)| after);
            continue;
        };
        // Without an end there is no further link either. A search at every `<` would take quadratic time.
        let Some((target, after)) = inner.split_once('>') else { return found };
        let (rels, after) = parameters(after);
        found.push(Link { target: target.trim().to_owned(), rels });
        rest = after;
    }
}

/// The relations among the parameters of a link, and what follows its comma.
fn parameters(mut rest: &str) -> (Vec<String>, &str) {
    let mut rels: Option<Vec<String>> = None;
    loop {
        rest = rest.trim_start_matches([' ', '\t', ';']);
        if rest.is_empty() {
            return (rels.unwrap_or_default(), rest);
        }
        if let Some(after) = rest.strip_prefix(',') {
            return (rels.unwrap_or_default(), after);
        }
        let end = rest.find(['=', ';', ',']).unwrap_or(rest.len());
        let name = rest[..end].trim();
        rest = &rest[end..];
        let Some(after) = rest.strip_prefix('=') else { continue };
        let (value, after) = value(after.trim_start_matches([' ', '\t']));
        rest = after;
        // RFC 8288, section 3.3: ignore a second `rel`.
        if name.eq_ignore_ascii_case("rel") && rels.is_none() {
            rels = Some(value.split_ascii_whitespace().map(str::to_ascii_lowercase).collect());
        }
    }
}

/// The value of a parameter, quoted or not, and what follows it.
fn value(text: &str) -> (String, &str) {
    let Some(quoted) = text.strip_prefix('"') else {
        let end = text.find([';', ',']).unwrap_or(text.len());
        return (text[..end].trim().to_owned(), &text[end..]);
    };
    let mut value = String::new();
    let mut chars = quoted.char_indices();
    while let Some((at, c)) = chars.next() {
        match c {
            '"' => return (value, &quoted[at + 1..]),
            '\\' => value.extend(chars.next().map(|(_, escaped)| escaped)),
            other => value.push(other),
        }
    }
    (value, "")
}

#[cfg(test)]
mod tests {
    use http::HeaderValue;

    use super::*;

    fn next(line: &str) -> Option<String> {
        Links(parse(line)).rel("next").map(|link| link.target.clone())
    }

    #[test]
    fn what_servers_write() {
        let kratos = "<http://127.0.0.1:4434/identities?page=1&per_page=2>; rel=\"next\",<http://127.0.0.1:4434/identities?page=2&per_page=2>; rel=\"last\"";
        assert_eq!(next(kratos).unwrap(), "http://127.0.0.1:4434/identities?page=1&per_page=2");
        let mut headers = HeaderMap::new();
        for line in ["</a?page_size=2&page_token=x%3Dy>; rel=\"first\"", "</a?page_token=z>; rel=\"next\""] {
            headers.append("link", HeaderValue::from_static(line));
        }
        let links = Links::read(&headers);
        assert_eq!(links.values("page_token").collect::<Vec<_>>(), ["x=y", "z"]);
        assert_eq!(links.rel("next").unwrap().query("page_token").unwrap(), "z");
        assert!(links.rel("last").is_none() && !links.is_empty());
    }

    #[test]
    fn tokens_in_the_body() {
        let token = |body: &str| {
            let links = Links::of(&HeaderMap::new(), body.as_bytes());
            links.rel("next").and_then(|link| link.query("page_token"))
        };
        assert_eq!(token(r#"{"relation_tuples": [], "next_page_token": "a b&c=?"}"#).as_deref(), Some("a b&c=?"));
        for body in
            ["", "[]", "{}", r#"{"next_page_token": ""}"#, r#"{"next_page_token": null}"#, r#"{"next_page_token": 1}"#]
        {
            assert_eq!(token(body), None, "{body}");
        }
        // Whoever says that there is no next page says something: the list is not asked for again.
        let links = |body: &[u8]| Links::of(&HeaderMap::new(), body);
        assert!(!links(br#"{"relation_tuples": [], "next_page_token": ""}"#).is_empty() && links(b"[]").is_empty());
    }

    #[test]
    fn forms_of_the_standard() {
        for line in [
            "<u>;rel=next",
            "<u> ; REL = \"Prev NEXT\"",
            "<v>; title=\"a, <b>; rel=next\"; rel=last, <u>; rel=\"next\"",
            "junk, <u>; crossorigin; rel=next; rel=last",
            ",, <u>; title=\"\\\"\"; rel=\"next\",",
            "<x,y>; rel=first , <u>; rel=next",
            "<u>; rel=\"next",
        ] {
            assert_eq!(next(line).as_deref(), Some("u"), "{line}");
        }
        for line in ["", "<u", "u; rel=next", "<u>; rel=last; rel=next", "<u>; title=next", "<u>rel"] {
            assert_eq!(next(line), None, "{line}");
        }
    }

    /// A search that starts again at every `<` would take hours.
    #[test]
    fn long_headers_end() {
        for line in ["<,".repeat(1 << 20), "<x>,".repeat(1 << 20), "<x>;a=\"".repeat(1 << 20), ",<".repeat(1 << 20)] {
            assert!(parse(&line).len() <= MOST);
        }
    }

    /// 100,000 headers: random ones, which must not panic, and well-formed ones, which must come back complete.
    #[test]
    fn random_headers() {
        let mut random = fastrand::Rng::with_seed(8288);
        let pieces = [
            "<",
            ">",
            ";",
            ",",
            "\"",
            "\\",
            " ",
            "\t",
            "=",
            "rel",
            "rel=\"next\"",
            "/a?page=1",
            "é",
            "next",
            "title*",
            "%",
        ];
        for _ in 0..50_000 {
            let line: String = (0..random.usize(..24)).map(|_| pieces[random.usize(..pieces.len())]).collect();
            let links = Links(parse(&line));
            let _ = links.rel("next").and_then(|link| link.query("page"));
        }
        for _ in 0..50_000 {
            let links: Vec<Link> = (0..random.usize(1..5)).map(|_| well_formed(&mut random)).collect();
            let mut line = String::new();
            for link in &links {
                if !line.is_empty() {
                    line.push_str([",", ", ", " ,\t", ", ,"][random.usize(..4)]);
                }
                line.push_str(&written(link, &mut random));
            }
            assert_eq!(parse(&line), links, "{line}");
        }
    }

    fn well_formed(random: &mut fastrand::Rng) -> Link {
        let hosts = ["", "http://127.0.0.1:4434", "https://evil.example", "//x"];
        let mut target = format!("{}/p?page_token=", hosts[random.usize(..4)]);
        target
            .extend((0..random.usize(..12)).map(|_| ['a', '9', ',', ';', '"', '=', '&', '%', '-'][random.usize(..9)]));
        let rels = ["first", "next", "prev", "last"];
        let rels = (0..random.usize(1..4)).map(|_| rels[random.usize(..4)].to_owned()).collect();
        Link { target, rels }
    }

    fn written(link: &Link, random: &mut fastrand::Rng) -> String {
        let more =
            ["", "; title=\"a, b; rel=x \\\"<c>\\\"\"", ";crossorigin", " ; type = text/html"][random.usize(..4)];
        let rel = ["rel", "REL", "Rel"][random.usize(..3)];
        let space = ["", " ", "\t"][random.usize(..3)];
        let rels = link.rels.join(" ");
        let rels = if link.rels.len() == 1 && random.bool() { rels } else { format!("\"{rels}\"") };
        format!("<{}>{more};{space}{rel}={rels}", link.target)
    }
}

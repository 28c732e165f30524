//! Which hosts a request may name.
//!
//! A web page can name any host that it resolves to 127.0.0.1 (DNS rebinding), and a browser would then let it read the
//! responses. A loopback address or `localhost` cannot be resolved by anybody else.

use std::net::IpAddr;

use http::request::Parts;
use http::{StatusCode, header};

use super::refusal::refuse;
use super::reply::HandlerResult;

/// The longest part of a foreign host that is shown.
const SHOWN: usize = 80;

/// The hosts that requests may name.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Hosts {
    /// A loopback address or `localhost`, with this port.
    Loopback(u16),
    /// Any, for a server that other machines can reach under a name of theirs.
    Any,
}

/// Refuses a request that does not name this server, by its `Host` and by its target if that is a whole URL.
pub(super) fn check(head: &Parts, hosts: Hosts) -> HandlerResult<()> {
    let mut named = head.headers.get_all(header::HOST).iter().map(|value| String::from_utf8_lossy(value.as_bytes()));
    let (host, second) = (named.next(), named.next());
    let target = head.uri.authority().map(|authority| authority.as_str().into());
    if second.is_some() {
        return Err(refuse(StatusCode::BAD_REQUEST, "the request has several `Host` headers"));
    }
    if host.is_none() && target.is_none() {
        return Err(refuse(StatusCode::BAD_REQUEST, "the request has no `Host` header"));
    }
    let Hosts::Loopback(port) = hosts else { return Ok(()) };
    match host.into_iter().chain(target).find(|named| !is_own(named, port)) {
        None => Ok(()),
        Some(named) => {
            let named: String = named.chars().take(SHOWN).collect();
            let reason = format!("expected the host 127.0.0.1:{port} or localhost:{port}, but got {named:?}");
            Err(refuse(StatusCode::MISDIRECTED_REQUEST, reason))
        }
    }
}

/// Whether a host with a port is a loopback address or `localhost`, with the port of this server.
fn is_own(named: &str, port: u16) -> bool {
    let Some(host) = named.strip_suffix(&format!(":{port}")) else { return false };
    let address = host.strip_prefix('[').and_then(|host| host.strip_suffix(']')).unwrap_or(host);
    host.eq_ignore_ascii_case("localhost") || address.parse::<IpAddr>().is_ok_and(|address| address.is_loopback())
}

#[cfg(test)]
mod tests {
    use super::is_own;

    #[test]
    fn only_loopback_with_the_own_port() {
        for own in ["127.0.0.1:4000", "localhost:4000", "LocalHost:4000", "[::1]:4000", "127.9.9.9:4000"] {
            assert!(is_own(own, 4000), "{own}");
        }
        for other in [
            "",
            ":4000",
            "127.0.0.1",
            "127.0.0.1:",
            "127.0.0.1:400",
            "127.0.0.1:4000:4000",
            "127.0.0.1:04000",
            "evil.test:4000",
            "localhost.:4000",
            "x.localhost:4000",
            "localhost.evil.test:4000",
            "127.0.0.1.evil.test:4000",
            "user@127.0.0.1:4000",
            "127.1:4000",
            "0x7f000001:4000",
            "2130706433:4000",
            "0.0.0.0:4000",
            "[::]:4000",
            "[::ffff:8.8.8.8]:4000",
            "192.168.0.1:4000",
            "evil.test, 127.0.0.1:4000",
            "[127.0.0.1:4000",
        ] {
            assert!(!is_own(other, 4000), "{other}");
        }
    }
}

//! What a caller adds to one call, beside the arguments of its operation.

use std::time::Duration;

use bytes::Bytes;
use serde_json::Value;

use crate::wire::form::append_pair;

/// The additions. They are boxed, since most calls have none.
#[derive(Clone, Default)]
pub(crate) struct CallOptions {
    more: Option<Box<More>>,
}

#[derive(Clone, Default)]
pub(super) struct More {
    pub(super) query: Vec<(String, String)>,
    pub(super) headers: Vec<(String, String)>,
    pub(super) body: Option<OwnBody>,
    pub(super) timeout: Option<Duration>,
    pub(super) stall_timeout: Option<Duration>,
}

/// A body that replaces the typed one.
#[derive(Clone)]
pub(super) enum OwnBody {
    Json(Value),
    Form(Bytes),
}

impl CallOptions {
    fn more(&mut self) -> &mut More {
        self.more.get_or_insert_default()
    }

    pub(super) fn get(&self) -> Option<&More> {
        self.more.as_deref()
    }

    pub(super) fn get_mut(&mut self) -> Option<&mut More> {
        self.more.as_deref_mut()
    }

    pub(super) fn take(&mut self) -> Option<Box<More>> {
        self.more.take()
    }

    pub(crate) fn query(&mut self, key: String, value: String) {
        self.more().query.push((key, value));
    }

    pub(crate) fn header(&mut self, name: String, value: String) {
        self.more().headers.push((name, value));
    }

    pub(crate) fn json_body(&mut self, body: Value) {
        self.more().body = Some(OwnBody::Json(body));
    }

    pub(crate) fn form_body(&mut self, body: Bytes) {
        self.more().body = Some(OwnBody::Form(body));
    }

    pub(crate) fn form<K: AsRef<str>, V: AsRef<str>>(&mut self, pairs: impl IntoIterator<Item = (K, V)>) {
        let mut form = String::new();
        pairs.into_iter().for_each(|(key, value)| append_pair(&mut form, key.as_ref(), value.as_ref()));
        self.form_body(form.into());
    }

    pub(crate) fn timeout(&mut self, limit: Duration) {
        self.more().timeout = Some(limit);
    }

    pub(crate) fn stall_timeout(&mut self, limit: Duration) {
        self.more().stall_timeout = Some(limit);
    }
}

/// The methods of every builder, for what the contract does not have.
macro_rules! options {
    ($options:ident) => {
        /// Adds a query pair that the contract does not have. It counts as a secret, which is not sent over plain http to
        /// another machine ([`ClientBuilder::allow_insecure_http`](crate::ClientBuilder::allow_insecure_http)).
        #[inline]
        pub fn query(mut self, key: impl Into<String>, value: impl Into<String>) -> Self {
            self.$options.query(key.into(), value.into());
            self
        }

        /// Sets a header that the contract does not have. It replaces a header that the client would set.
        ///
        /// Headers of the connection (`Content-Length`, `Host` and others) are refused when the call is sent. Apart from
        /// usual ones such as `Accept`, a header counts as a secret, which is not sent over plain http to another machine
        /// ([`ClientBuilder::allow_insecure_http`](crate::ClientBuilder::allow_insecure_http)).
        #[inline]
        pub fn header(mut self, name: impl Into<String>, value: impl Into<String>) -> Self {
            self.$options.header(name.into(), value.into());
            self
        }

        /// Sends this JSON instead of the typed body, exactly as it is. The last of `json_body`, `form_body` and `form`
        /// takes precedence, also over a typed body.
        #[inline]
        pub fn json_body(mut self, body: serde_json::Value) -> Self {
            self.$options.json_body(body);
            self
        }

        /// Sends this form (`application/x-www-form-urlencoded`) instead of the typed body, exactly as it is: the body
        /// that a browser posted to your service. Kratos converts its numbers and booleans by the identity schema.
        #[inline]
        pub fn form_body(mut self, body: impl Into<bytes::Bytes>) -> Self {
            self.$options.form_body(body.into());
            self
        }

        /// Like [`form_body`](Self::form_body), with pairs that are encoded for you.
        #[inline]
        pub fn form<K: AsRef<str>, V: AsRef<str>>(mut self, pairs: impl IntoIterator<Item = (K, V)>) -> Self {
            self.$options.form(pairs);
            self
        }

        /// Sets the limit of this whole call instead of the client's
        /// ([`ClientBuilder::timeout`](crate::ClientBuilder::timeout)), including the token provider, every try and every
        /// wait.
        #[inline]
        pub fn timeout(mut self, limit: std::time::Duration) -> Self {
            self.$options.timeout(limit);
            self
        }

        /// Sets how long the server may stay silent in this call, instead of the client's limit
        /// ([`ClientBuilder::stall_timeout`](crate::ClientBuilder::stall_timeout)).
        #[inline]
        pub fn stall_timeout(mut self, limit: std::time::Duration) -> Self {
            self.$options.stall_timeout(limit);
            self
        }
    };
}

pub(crate) use options;

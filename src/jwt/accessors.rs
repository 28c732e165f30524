//! The methods that every checked token has.

/// Methods for the claims of a token that has a field `claims`.
macro_rules! claims_of {
    ($token:ident) => {
        impl $token {
            /// Any claim of the token.
            ///
            /// ```
            #[doc = concat!("# fn example(token: &ory_sdk::jwt::", stringify!($token), ") {")]
            /// let tenant = token.claim("tenant").and_then(|tenant| tenant.as_str());
            /// # let _ = tenant;
            /// # }
            /// ```
            pub fn claim(&self, name: &str) -> Option<&serde_json::Value> {
                self.claims.get(name)
            }

            /// All claims of the token, as the server wrote them.
            ///
            /// ```
            #[doc = concat!("# fn example(token: &ory_sdk::jwt::", stringify!($token), ") {")]
            /// for name in token.claims().keys() {
            ///     println!("{name}");
            /// }
            /// # }
            /// ```
            pub fn claims(&self) -> &serde_json::Map<String, serde_json::Value> {
                &self.claims.0
            }

            /// When the token was issued (`iat`), if it says so.
            ///
            /// ```
            #[doc = concat!("# fn example(token: &ory_sdk::jwt::", stringify!($token), ") {")]
            /// println!("issued at {:?}", token.issued_at());
            /// # }
            /// ```
            pub fn issued_at(&self) -> Option<chrono::DateTime<chrono::Utc>> {
                self.claims.time("iat").ok().flatten()
            }

            /// The id of the token (`jti`), if it has one.
            ///
            /// ```
            #[doc = concat!("# fn example(token: &ory_sdk::jwt::", stringify!($token), ") {")]
            /// println!("token {}", token.id().unwrap_or("without an id"));
            /// # }
            /// ```
            pub fn id(&self) -> Option<&str> {
                self.claims.text("jti").ok().flatten()
            }
        }

        /// Shows that it is a token, and no claim: they are about a person.
        impl std::fmt::Debug for $token {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str(concat!(stringify!($token), "(..)"))
            }
        }
    };
}

pub(super) use claims_of;

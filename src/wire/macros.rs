//! The two kinds of type that the generator cannot make: open enums and tagged unions.

/// An enum of texts that keeps unknown values.
macro_rules! open_enum {
    ($(#[$meta:meta])* $name:ident { $($(#[$vmeta:meta])* $variant:ident = $value:literal,)* }) => {
        $(#[$meta])*
        ///
        /// Open: an unknown value is kept in `Unknown` and sent back unchanged.
        #[derive(Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
        #[non_exhaustive]
        pub enum $name {
            $($(#[$vmeta])* $variant,)*
            /// An unknown value, as the server sent it.
            Unknown(String),
        }

        impl $name {
            /// The known values, as on the wire.
            pub const KNOWN: &'static [&'static str] = &[$($value),*];

            /// The value as on the wire.
            #[inline]
            pub fn as_str(&self) -> &str {
                match self {
                    $(Self::$variant => $value,)*
                    Self::Unknown(value) => value,
                }
            }
        }

        /// The empty text, to which a missing value decodes if the contract requires one.
        impl Default for $name {
            #[inline]
            fn default() -> Self {
                Self::from("")
            }
        }

        impl TryFrom<$name> for crate::input::PathSegment {
            type Error = crate::input::InvalidArgument;

            #[inline]
            fn try_from(value: $name) -> Result<Self, Self::Error> {
                Self::try_from(value.as_str())
            }
        }

        impl From<&str> for $name {
            #[inline]
            fn from(value: &str) -> Self {
                match value {
                    $($value => Self::$variant,)*
                    other => Self::Unknown(other.to_owned()),
                }
            }
        }

        impl From<String> for $name {
            #[inline]
            fn from(value: String) -> Self {
                match value.as_str() {
                    $($value => Self::$variant,)*
                    _ => Self::Unknown(value),
                }
            }
        }

        impl std::str::FromStr for $name {
            type Err = std::convert::Infallible;

            #[inline]
            fn from_str(value: &str) -> Result<Self, Self::Err> {
                Ok(Self::from(value))
            }
        }

        impl std::fmt::Display for $name {
            #[inline]
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str(self.as_str())
            }
        }

        impl std::fmt::Debug for $name {
            #[inline]
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                match self {
                    $(Self::$variant => f.write_str(stringify!($variant)),)*
                    Self::Unknown(value) => write!(f, "Unknown(text of {} bytes)", value.len()),
                }
            }
        }

        impl $crate::privacy::Redact for $name {
            #[inline]
            fn redacted(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                std::fmt::Debug::fmt(self, f)
            }
        }

        impl $crate::wire::text::WireText for $name {
            #[inline]
            fn texts(&self, each: &mut dyn FnMut(&str)) {
                each(self.as_str());
            }
        }

        impl serde::Serialize for $name {
            #[inline]
            fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.serialize_str(self.as_str())
            }
        }

        impl<'de> serde::Deserialize<'de> for $name {
            #[inline]
            fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                deserializer.deserialize_str($crate::wire::lenient::FromText(std::marker::PhantomData))
            }
        }

        impl<'de> $crate::wire::read::Read<'de> for $name {
            #[inline]
            fn read<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                serde::Deserialize::deserialize(deserializer)
            }
        }
    };
}

/// A union with a property that names the variant. With an unknown or missing tag, the JSON is kept.
macro_rules! tagged_union {
    (
        $(#[$meta:meta])* $name:ident by $(#[$tmeta:meta])* $tag:literal
        { $($(#[$vmeta:meta])* $variant:ident($target:ident) = $value:literal,)* }
    ) => {
        $(#[$meta])*
        /// Open: an unknown variant is kept in `Unknown` and sent back unchanged.
        #[derive(Clone, PartialEq, serde::Serialize)]
        #[serde(tag = $tag)]
        #[non_exhaustive]
        pub enum $name {
            $(
                $(#[$vmeta])*
                #[serde(rename = $value)]
                $variant($target),
            )*
            /// An unknown variant, as the server sent it.
            #[serde(untagged)]
            Unknown(serde_json::Map<String, serde_json::Value>),
        }

        impl $name {
            $(#[$tmeta])*
            pub const TAG: &'static str = $tag;

            /// The tag as on the wire. `None` for an unknown variant without a tag.
            #[inline]
            pub fn tag(&self) -> Option<&str> {
                match self {
                    $(Self::$variant(_) => Some($value),)*
                    Self::Unknown(map) => map.get($tag).and_then(serde_json::Value::as_str),
                }
            }
        }

        /// An unknown variant without keys, to which a missing value decodes if the contract requires one.
        impl Default for $name {
            #[inline]
            fn default() -> Self {
                Self::Unknown(serde_json::Map::new())
            }
        }

        impl TryFrom<serde_json::Value> for $name {
            type Error = $crate::input::InvalidArgument;
            #[inline]
            fn try_from(value: serde_json::Value) -> Result<Self, Self::Error> {
                $crate::wire::mismatch::from_json(value)
            }
        }

        impl<'de> serde::Deserialize<'de> for $name {
            #[inline]
            fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                let object = $crate::wire::union::Object::deserialize(deserializer)?;
                match object.text($tag) {
                    $(Some($value) => object.variant(stringify!($name), $tag, $value).map(Self::$variant),)*
                    _ => object.into_map().map(Self::Unknown),
                }
            }
        }

        impl<'de> $crate::wire::read::Read<'de> for $name {
            #[inline]
            fn read<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                serde::Deserialize::deserialize(deserializer)
            }
        }

        impl $crate::privacy::Redact for $name {
            #[inline]
            fn redacted(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                match self {
                    $(Self::$variant(value) => {
                        f.debug_tuple(stringify!($variant)).field(&$crate::privacy::Redacted(value)).finish()
                    })*
                    Self::Unknown(map) => {
                        f.debug_tuple("Unknown").field(&$crate::privacy::Redacted(map)).finish()
                    }
                }
            }
        }

        impl std::fmt::Debug for $name {
            #[inline]
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                $crate::privacy::Redact::redacted(self, f)
            }
        }

    };
}

pub(crate) use {open_enum, tagged_union};

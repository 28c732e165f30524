//! A builder's slot for one value: not set, set, or refused with the reason.

use std::fmt::{self, Display};

/// What a builder holds of one argument or field until it is sent.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) enum Argument<T> {
    #[default]
    Unset,
    Set(T),
    Refused(String),
}

impl<T> Argument<T> {
    /// Any value that converts.
    pub(crate) fn of<V: TryInto<T>>(value: V) -> Self
    where
        V::Error: Display,
    {
        match value.try_into() {
            Ok(value) => Self::Set(value),
            Err(why) => Self::Refused(why.to_string()),
        }
    }

    /// The value if there is one; the error names owner and field.
    pub(crate) fn optional(self, owner: &str, field: &str) -> Result<Option<T>, InvalidArgument> {
        match self {
            Self::Unset => Ok(None),
            Self::Set(value) => Ok(Some(value)),
            Self::Refused(why) => Err(InvalidArgument::new(format!("{owner}: `{field}` is refused: {why}"))),
        }
    }

    /// The value, or an error that says that it is missing.
    pub(crate) fn required(self, owner: &str, field: &str) -> Result<T, InvalidArgument> {
        self.optional(owner, field)?.ok_or_else(|| InvalidArgument::new(format!("{owner}: `{field}` is missing")))
    }

    /// Builds on: what was set goes into the builder, and what the closure gives comes back out.
    pub(crate) fn build<B: Default + From<T>>(self, build: impl FnOnce(B) -> B) -> Self
    where
        T: TryFrom<B, Error = InvalidArgument>,
    {
        let builder = match self {
            Self::Unset => B::default(),
            Self::Set(value) => B::from(value),
            refused @ Self::Refused(_) => return refused,
        };
        Self::of(build(builder))
    }
}

impl<T> Argument<Vec<T>> {
    /// A list of values that convert; the first that does not is refused with its place.
    pub(crate) fn each<V: TryInto<T>>(values: impl IntoIterator<Item = V>) -> Self
    where
        V::Error: Display,
    {
        let mut list = Vec::new();
        for (index, value) in values.into_iter().enumerate() {
            match value.try_into() {
                Ok(value) => list.push(value),
                Err(why) => return Self::Refused(format!("item {index}: {why}")),
            }
        }
        Self::Set(list)
    }
}

impl<T> From<Option<T>> for Argument<T> {
    fn from(value: Option<T>) -> Self {
        value.map_or(Self::Unset, Self::Set)
    }
}

/// Why a value was refused, or that one is missing; nothing was sent.
///
/// ```
/// use ory_sdk::PathSegment;
///
/// let why = PathSegment::try_from("..").unwrap_err();
/// assert_eq!(why.to_string(), "it is a dot segment, which URLs fold away");
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct InvalidArgument(String);

impl InvalidArgument {
    pub(crate) fn new(why: impl Into<String>) -> Self {
        Self(why.into())
    }
}

impl Display for InvalidArgument {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for InvalidArgument {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn says_who_and_what() {
        let missing = Argument::<String>::Unset.required("getThing", "id").unwrap_err();
        assert_eq!(missing.to_string(), "getThing: `id` is missing");
        let refused = Argument::<u8>::of(300_i32).optional("getThing", "n").unwrap_err();
        assert_eq!(refused.to_string(), "getThing: `n` is refused: out of range integral type conversion attempted");
        let list = Argument::<Vec<u8>>::each([1_i32, 300]).optional("x", "l").unwrap_err();
        assert!(list.to_string().contains("item 1"));
    }
}

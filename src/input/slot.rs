//! The value of one argument or field in a builder.

use std::fmt::Display;

use crate::input::InvalidArgument;

/// A value that is not set, set, or refused for a reason.
#[doc(hidden)]
#[derive(Clone, Debug, Default, PartialEq)]
pub enum Slot<T> {
    /// Not set.
    #[default]
    Unset,
    /// Set.
    Set(T),
    /// Refused, for this reason.
    Refused(String),
}

impl<T> Slot<T> {
    /// Converts a value.
    pub(crate) fn of<V: TryInto<T>>(value: V) -> Self
    where
        V::Error: Display,
    {
        match value.try_into() {
            Ok(value) => Self::Set(value),
            Err(why) => Self::Refused(why.to_string()),
        }
    }

    /// Whether a value was given, even one that was refused.
    pub(crate) fn is_set(&self) -> bool {
        !matches!(self, Self::Unset)
    }

    /// Returns the value, if there is one. The error names the owner and the field.
    pub(crate) fn optional(self, owner: &str, field: &str) -> Result<Option<T>, InvalidArgument> {
        match self {
            Self::Unset => Ok(None),
            Self::Set(value) => Ok(Some(value)),
            Self::Refused(why) => Err(InvalidArgument::new(format!("{owner}: `{field}` was refused: {why}"))),
        }
    }

    /// Returns the value, or an error if it is missing.
    pub(crate) fn required(self, owner: &str, field: &str) -> Result<T, InvalidArgument> {
        self.optional(owner, field)?.ok_or_else(|| InvalidArgument::new(format!("{owner}: `{field}` is missing")))
    }

    /// Builds the value in place. The closure gets a builder with what was set before.
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

impl<T> Slot<Vec<T>> {
    /// Converts a list of values. The error names the index of the first that does not convert.
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

impl<T> From<Slot<T>> for Slot<Box<T>> {
    fn from(slot: Slot<T>) -> Self {
        match slot {
            Slot::Unset => Self::Unset,
            Slot::Set(value) => Self::Set(Box::new(value)),
            Slot::Refused(why) => Self::Refused(why),
        }
    }
}

impl<T> From<Option<T>> for Slot<T> {
    fn from(value: Option<T>) -> Self {
        value.map_or(Self::Unset, Self::Set)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn says_who_and_what() {
        let missing = Slot::<String>::Unset.required("getThing", "id").unwrap_err();
        assert_eq!(missing.to_string(), "getThing: `id` is missing");
        let refused = Slot::<u8>::of(300_i32).optional("getThing", "n").unwrap_err();
        assert_eq!(refused.to_string(), "getThing: `n` was refused: out of range integral type conversion attempted");
        let list = Slot::<Vec<u8>>::each([1_i32, 300]).optional("x", "l").unwrap_err();
        assert!(list.to_string().contains("item 1"));
    }
}

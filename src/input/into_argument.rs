//! What the setters of builders take.

use std::fmt::Display;

use serde_json::{Map, Value};
use uuid::Uuid;

use super::slot::Slot;

/// What a setter takes: anything that converts into `T`, or an `Option` of it. `None` sets nothing.
///
/// ```no_run
/// # #[cfg(feature = "identity")]
/// # async fn example(client: &ory_sdk::Client, page_size: Option<i64>, id: uuid::Uuid) -> ory_sdk::Result<()> {
/// let page = client.admin_list_identities().page_size(page_size).await?;
/// let page = client.admin_list_identities().page_size(100).await?;
/// let identity = client.admin_get_identity().id(id).await?;
/// # Ok(())
/// # }
/// ```
///
/// Uuids and numbers go into texts and paths without `to_string()`. A value that does not convert is refused by `send()`,
/// with the name of the argument.
///
/// `By` says which way of converting is used. The compiler infers it; write `None::<&str>` where it cannot infer the type
/// of a `None`.
#[diagnostic::on_unimplemented(message = "`{Self}` does not convert into `{T}`")]
pub trait IntoArgument<T, By> {
    /// The value for the builder.
    #[doc(hidden)]
    fn into_slot(self) -> Slot<T>;
}

/// What the setter of a list takes: anything that iterates over what converts into `T`, or an `Option` of it.
///
/// ```no_run
/// # #[cfg(feature = "identity")]
/// # async fn example(client: &ory_sdk::Client) -> ory_sdk::Result<()> {
/// let identity = client.admin_get_identity().id("an-id").include_credential(["oidc", "totp"]).await?;
/// # Ok(())
/// # }
/// ```
#[diagnostic::on_unimplemented(message = "`{Self}` is not a list of values that convert into `{T}`")]
pub trait IntoArguments<T, By> {
    /// The values for the builder.
    #[doc(hidden)]
    fn into_slot(self) -> Slot<Vec<T>>;
}

/// What the setter of free JSON takes: JSON, a text, number or list, or an `Option` of it. `None` sets nothing;
/// `Value::Null` sends null.
///
/// ```
/// # #[cfg(feature = "identity")]
/// # fn example() -> Result<(), ory_sdk::error::InvalidArgument> {
/// let identity = ory_sdk::types::AdminCreateIdentityBody::builder()
///     .schema_id("default")
///     .traits(serde_json::json!({"email": "jane@example.org"}))
///     .metadata_public(Some("a text"))
///     .build()?;
/// # Ok(())
/// # }
/// ```
#[diagnostic::on_unimplemented(message = "`{Self}` does not convert into JSON")]
pub trait IntoJsonArgument {
    /// The value for the builder.
    #[doc(hidden)]
    fn into_slot(self) -> Slot<Value>;
}

/// Marks conversions by `TryInto`.
#[derive(Debug)]
pub struct ByValue;

/// Marks conversions of an `Option`.
#[derive(Debug)]
pub struct ByOption;

/// Marks conversions into text by `Display`.
#[derive(Debug)]
pub struct ByText;

impl<T, V: TryInto<T>> IntoArgument<T, ByValue> for V
where
    V::Error: Display,
{
    fn into_slot(self) -> Slot<T> {
        Slot::of(self)
    }
}

impl<T, V: TryInto<T>> IntoArgument<T, ByOption> for Option<V>
where
    V::Error: Display,
{
    fn into_slot(self) -> Slot<T> {
        self.map_or(Slot::Unset, Slot::of)
    }
}

macro_rules! by_text {
    ($($ty:ty),*) => {
        $(
            impl IntoArgument<String, ByText> for $ty {
                fn into_slot(self) -> Slot<String> {
                    Slot::Set(self.to_string())
                }
            }

            impl IntoArgument<String, ByText> for Option<$ty> {
                fn into_slot(self) -> Slot<String> {
                    self.map_or(Slot::Unset, |value| Slot::Set(value.to_string()))
                }
            }
        )*
    };
}

by_text!(i32, i64, u32, u64, usize, &Uuid);

impl<T, V: TryInto<T>, I: IntoIterator<Item = V>> IntoArguments<T, ByValue> for I
where
    V::Error: Display,
{
    fn into_slot(self) -> Slot<Vec<T>> {
        Slot::each(self)
    }
}

impl<T, V: TryInto<T>, I: IntoIterator<Item = V>> IntoArguments<T, ByOption> for Option<I>
where
    V::Error: Display,
{
    fn into_slot(self) -> Slot<Vec<T>> {
        self.map_or(Slot::Unset, Slot::each)
    }
}

// A list of concrete types: `Value` itself converts from any `Option`, and makes null of `None`.
macro_rules! json {
    ($($ty:ty),*) => {
        $(impl IntoJsonArgument for $ty {
            fn into_slot(self) -> Slot<Value> {
                Slot::Set(self.into())
            }
        })*
    };
}

json!(Value, Map<String, Value>, String, &str, bool, i32, i64, u32, u64, usize, f32, f64);

impl IntoJsonArgument for &Value {
    fn into_slot(self) -> Slot<Value> {
        Slot::Set(self.clone())
    }
}

impl<V: Into<Value>> IntoJsonArgument for Vec<V> {
    fn into_slot(self) -> Slot<Value> {
        Slot::Set(self.into())
    }
}

impl<V: IntoJsonArgument> IntoJsonArgument for Option<V> {
    fn into_slot(self) -> Slot<Value> {
        self.map_or(Slot::Unset, V::into_slot)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::input::PathSegment;

    fn text<By>(value: impl IntoArgument<String, By>) -> Slot<String> {
        value.into_slot()
    }

    fn number<By>(value: impl IntoArgument<i64, By>) -> Slot<i64> {
        value.into_slot()
    }

    fn path<By>(value: impl IntoArgument<PathSegment, By>) -> Option<String> {
        value.into_slot().optional("op", "id").unwrap().map(|segment| segment.as_str().to_owned())
    }

    fn list<By>(values: impl IntoArguments<String, By>) -> Slot<Vec<String>> {
        values.into_slot()
    }

    #[test]
    fn values_options_numbers_and_uuids() {
        let id = Uuid::from_u128(7);
        let set = |text: &str| Slot::Set(text.to_owned());
        assert_eq!(text("a"), set("a"));
        assert_eq!(text(Some("a")), set("a"));
        assert_eq!(text(None::<&str>), Slot::Unset);
        assert_eq!(text(7), set("7"));
        assert_eq!(text(Some(7_u64)), set("7"));
        assert_eq!(text(id), set(&id.to_string()));
        assert_eq!(text(&id), set(&id.to_string()));
        assert_eq!(text(Some(id)), set(&id.to_string()));
        assert_eq!(number(7), Slot::Set(7));
        assert_eq!(number(Some(7_i32)), Slot::Set(7));
        assert_eq!(path(7), Some("7".to_owned()));
        assert_eq!(path(id), Some(id.to_string()));
        assert_eq!(path(Some("a")), Some("a".to_owned()));
        assert_eq!(path(None::<Uuid>), None);
        assert!(matches!(number(u64::MAX), Slot::Refused(_)));
    }

    #[test]
    fn lists_and_json() {
        assert_eq!(list(["a", "b"]), Slot::Set(vec!["a".to_owned(), "b".to_owned()]));
        assert_eq!(list(Some(vec!["a"])), Slot::Set(vec!["a".to_owned()]));
        assert_eq!(list(None::<Vec<String>>), Slot::Unset);
        assert_eq!(IntoJsonArgument::into_slot(Value::Null), Slot::Set(Value::Null));
        assert_eq!(IntoJsonArgument::into_slot(None::<Value>), Slot::Unset);
        assert_eq!(IntoJsonArgument::into_slot(Some("a")), Slot::Set(Value::from("a")));
    }
}

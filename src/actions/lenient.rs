//! Reads what Go writes for nothing as nothing: null lists, empty texts, the year 1, the id of zeros.

use chrono::{DateTime, Datelike, Utc};
use serde::{Deserialize, Deserializer};
use uuid::Uuid;

use crate::privacy::Secret;
use crate::wire::timestamp::Time;

/// Null as the value that the type has without any.
pub(super) fn or_default<'de, D: Deserializer<'de>, T: Deserialize<'de> + Default>(from: D) -> Result<T, D::Error> {
    Option::deserialize(from).map(Option::unwrap_or_default)
}

/// `0001-01-01T00:00:00Z`, with which Go writes that there is no time, as none.
pub(super) fn time<'de, D: Deserializer<'de>>(from: D) -> Result<Option<DateTime<Utc>>, D::Error> {
    let time = Option::<Time>::deserialize(from)?;
    Ok(time.map(|Time(time)| time).filter(is_set))
}

pub(super) fn is_set(time: &DateTime<Utc>) -> bool {
    time.year() > 1
}

/// The id of zeros, which what is not stored yet has, as none.
pub(super) fn id<'de, D: Deserializer<'de>>(from: D) -> Result<Option<Uuid>, D::Error> {
    Ok(Option::<Uuid>::deserialize(from)?.filter(|id| !id.is_nil()))
}

pub(super) fn text<'de, D: Deserializer<'de>>(from: D) -> Result<Option<String>, D::Error> {
    Ok(Option::<String>::deserialize(from)?.filter(|text| !text.is_empty()))
}

pub(super) fn secret<'de, D: Deserializer<'de>>(from: D) -> Result<Option<Secret>, D::Error> {
    Ok(Option::<Secret>::deserialize(from)?.filter(|text| !text.is_empty()))
}

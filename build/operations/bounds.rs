//! Reads the bounds of a parameter, as far as the client can check them: whole numbers of 64 bits.

use serde_json::Value;

use crate::build::report::Report;

/// The bounds of a parameter. Those of the legacy layout are there where they differ.
#[derive(Debug, Default, PartialEq)]
pub struct Bounds {
    pub minimum: Option<i64>,
    pub maximum: Option<i64>,
    /// The minimum length of a text.
    pub min_length: Option<u64>,
    pub legacy_minimum: Option<i64>,
    pub legacy_maximum: Option<i64>,
}

/// Reads the bounds in a schema and in its `x-legacy`. Bounds that nothing can meet are dropped, and the report says so.
pub fn read(schema: &Value, legacy: &Value, parameter: &str, at: &str, report: &mut Report) -> Bounds {
    let mut bound = |of: &Value, key: &str| -> Option<i64> {
        let value = of.get(key)?;
        let number = whole(value);
        if number.is_none() {
            report.note(at, format!("parameter {parameter}: {key} {value} is not a whole number: not checked"));
        }
        number
    };
    let (minimum, maximum) = (bound(schema, "minimum"), bound(schema, "maximum"));
    let (legacy_minimum, legacy_maximum) = (bound(legacy, "minimum"), bound(legacy, "maximum"));
    let min_length = bound(schema, "minLength").and_then(|length| u64::try_from(length).ok());
    let mut bounds = Bounds { minimum, maximum, min_length, legacy_minimum, legacy_maximum };
    let mut refuse = |least: Option<i64>, most: Option<i64>| match (least, most) {
        (Some(least), Some(most)) if least > most => {
            report.note(at, format!("parameter {parameter}: no number is from {least} to {most}: not checked"));
            true
        }
        _ => false,
    };
    if refuse(minimum, maximum) {
        (bounds.minimum, bounds.maximum) = (None, None);
    }
    if refuse(legacy_minimum.or(bounds.minimum), legacy_maximum.or(bounds.maximum)) {
        (bounds.legacy_minimum, bounds.legacy_maximum) = (None, None);
    }
    bounds
}

/// A whole number, also if it is written as `1.0`.
fn whole(value: &Value) -> Option<i64> {
    // Every smaller whole number has a float of its own.
    const EXACT: f64 = (1_i64 << 53) as f64;
    let float = || value.as_f64().filter(|number| number.fract() == 0.0 && number.abs() <= EXACT);
    value.as_i64().or_else(|| float().map(|number| number as i64))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn bounds(schema: Value) -> (Bounds, String) {
        let mut report = Report::default();
        let legacy = schema.get("x-legacy").cloned().unwrap_or_default();
        (read(&schema, &legacy, "p", "operation x", &mut report), report.to_string())
    }

    #[test]
    fn whole_numbers() {
        let schema = json!({"minimum": i64::MIN, "maximum": i64::MAX, "minLength": 1, "multipleOf": 1e300});
        let (found, report) = bounds(schema);
        assert_eq!((found.minimum, found.maximum, found.min_length), (Some(i64::MIN), Some(i64::MAX), Some(1)));
        let (found, _) = bounds(json!({"minimum": -2.0, "maximum": 1e3, "minLength": 3.0}));
        assert_eq!((found.minimum, found.maximum, found.min_length), (Some(-2), Some(1000), Some(3)));
        assert_eq!(report, "");
    }

    #[test]
    fn what_cannot_be_checked_is_dropped_and_noted() {
        for value in [json!(0.5), json!(1e300), json!(-1e300), json!(u64::MAX), json!("1"), json!(null), json!([1])] {
            let (found, report) = bounds(json!({"minimum": value, "maximum": value, "minLength": value}));
            assert_eq!(found, Bounds::default(), "{value}");
            assert_eq!(report.lines().count(), 3, "{report}");
            let line = format!("operation x: parameter p: minimum {value} is not a whole number: not checked");
            assert_eq!(report.lines().next(), Some(line.as_str()));
        }
        let (found, _) = bounds(json!({"minLength": -1}));
        assert_eq!(found.min_length, None);
    }

    #[test]
    fn bounds_that_nothing_can_meet() {
        let (found, report) = bounds(json!({"minimum": 10, "maximum": 1, "x-legacy": {"maximum": 5}}));
        assert_eq!(found, Bounds { legacy_maximum: Some(5), ..Bounds::default() });
        assert_eq!(report, "operation x: parameter p: no number is from 10 to 1: not checked\n");
        let (found, _) = bounds(json!({"minimum": 10, "maximum": 20, "x-legacy": {"maximum": 5}}));
        assert_eq!(found, Bounds { minimum: Some(10), maximum: Some(20), ..Bounds::default() });
        let (found, _) = bounds(json!({"minimum": 0, "maximum": 0}));
        assert_eq!((found.minimum, found.maximum), (Some(0), Some(0)));
    }
}

//! Reads the bounds of a parameter, as far as the client can check them: whole numbers of 64 bits.

use serde_json::Value;

use crate::build::document::kind_of;
use crate::build::one_line::short;
use crate::build::report::Report;

/// The parameters that say how many rows a page has.
const PAGE_SIZES: [&str; 3] = ["page_size", "per_page", "limit"];

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
            report
                .note(at, format!("parameter {parameter}: {key} {} is not a whole number: not checked", shown(value)));
        }
        number
    };
    let (minimum, maximum) = (bound(schema, "minimum"), bound(schema, "maximum"));
    let (legacy_minimum, legacy_maximum) = (bound(legacy, "minimum"), bound(legacy, "maximum"));
    let min_length = bound(schema, "minLength").and_then(|length| u64::try_from(length).ok());
    let max_length = bound(schema, "maxLength");
    let mut bounds = Bounds { minimum, maximum, min_length, legacy_minimum, legacy_maximum };
    let mut refuse = |what: &str, least: Option<i64>, most: Option<i64>| match (least, most) {
        (Some(least), Some(most)) if least > most => {
            report.note(at, format!("parameter {parameter}: no {what} is from {least} to {most}: not checked"));
            true
        }
        _ => false,
    };
    // No page has less than one row.
    let least = PAGE_SIZES.contains(&parameter).then_some(1);
    if refuse("number", minimum.max(least), maximum) {
        (bounds.minimum, bounds.maximum) = (None, None);
    }
    let legacy_least = legacy_minimum.or(bounds.minimum).max(least);
    if refuse("number", legacy_least, legacy_maximum.or(bounds.maximum)) {
        (bounds.legacy_minimum, bounds.legacy_maximum) = (None, None);
    }
    if refuse("length", min_length.and_then(|length| i64::try_from(length).ok()), max_length) {
        bounds.min_length = None;
    }
    bounds
}

/// A value that is no bound, in words. It may be anything.
fn shown(value: &Value) -> String {
    match value {
        Value::Number(number) => number.to_string(),
        Value::String(text) => format!("{:?}", short(text)),
        other => format!("({})", kind_of(other)),
    }
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
        for (value, shown) in [
            (json!(0.5), "0.5"),
            (json!(1e300), "1e+300"),
            (json!(-1e300), "-1e+300"),
            (json!(u64::MAX), "18446744073709551615"),
            (json!("1e400"), "\"1e400\""),
            (json!(".nan"), "\".nan\""),
            (json!(null), "(null)"),
            (json!([1]), "(a list)"),
        ] {
            let (found, report) = bounds(json!({"minimum": value, "maximum": value, "minLength": value}));
            assert_eq!(found, Bounds::default(), "{value}");
            assert_eq!(report.lines().count(), 3, "{report}");
            let line = format!("operation x: parameter p: minimum {shown} is not a whole number: not checked");
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
        let (found, report) = bounds(json!({"minLength": 3, "maxLength": 2}));
        assert_eq!(
            (found, report.as_str()),
            (Bounds::default(), "operation x: parameter p: no length is from 3 to 2: not checked\n")
        );
        let (found, _) = bounds(json!({"minLength": 2, "maxLength": 2}));
        assert_eq!(found.min_length, Some(2));
    }

    #[test]
    fn a_page_has_a_row() {
        let page_size = |schema: Value| {
            let mut report = Report::default();
            let legacy = schema.get("x-legacy").cloned().unwrap_or_default();
            (read(&schema, &legacy, "page_size", "operation x", &mut report), report.to_string())
        };
        for most in [0, -1, i64::MIN] {
            let (found, report) = page_size(json!({"maximum": most}));
            assert_eq!(found, Bounds::default());
            let line = format!("operation x: parameter page_size: no number is from 1 to {most}: not checked\n");
            assert_eq!(report, line);
            let (found, _) = page_size(json!({"minimum": 0, "maximum": 9, "x-legacy": {"maximum": most}}));
            assert_eq!(found, Bounds { minimum: Some(0), maximum: Some(9), ..Bounds::default() });
        }
        let (found, report) = page_size(json!({"minimum": -5, "maximum": i64::MAX}));
        assert_eq!((found.minimum, found.maximum, report.as_str()), (Some(-5), Some(i64::MAX), ""));
    }
}

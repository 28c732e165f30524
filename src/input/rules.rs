//! Rules of the contract that a request must keep to.

/// How the texts of broken rules begin. They quote nothing.
pub(crate) const RULE: &str = "must have ";

/// Says which rule is broken. `full` are the texts that must not be empty, each with whether it is, and `one` the fields of which
/// exactly one must be set, each with whether it is.
pub(crate) fn check_rules(full: &[(&str, bool)], one: &[(&str, bool)]) -> Result<(), String> {
    if let Some((name, _)) = full.iter().find(|(_, is_empty)| *is_empty) {
        return Err(format!("{RULE}a non-empty `{name}`"));
    }
    if one.is_empty() || one.iter().filter(|(_, is_set)| *is_set).count() == 1 {
        return Ok(());
    }
    let names: Vec<String> = one.iter().map(|(name, _)| format!("`{name}`")).collect();
    Err(format!("{RULE}exactly one of {}", names.join(" and ")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn says_which_rule_is_broken() {
        assert_eq!(check_rules(&[("a", false)], &[("b", true), ("c", false)]), Ok(()));
        assert_eq!(check_rules(&[("a", true)], &[]), Err("must have a non-empty `a`".to_owned()));
        for set in [true, false] {
            let broken = check_rules(&[], &[("b", set), ("c", set)]);
            assert_eq!(broken, Err("must have exactly one of `b` and `c`".to_owned()));
        }
    }
}

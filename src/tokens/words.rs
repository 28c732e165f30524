//! Scopes, audiences and other settings that become text of a request.

use crate::input::InvalidSetting;

/// Collects words for a list that is separated by spaces.
pub(super) fn words(list: impl IntoIterator<Item = impl Into<String>>) -> Vec<String> {
    list.into_iter().map(Into::into).collect()
}

/// Joins the words of a setting. Each must be a word: printable, without a space, quote or backslash (RFC 6749, section
/// 3.3).
pub(super) fn joined(setting: &str, words: &[String]) -> Result<String, InvalidSetting> {
    let is_word = |word: &String| {
        !word.is_empty() && word.bytes().all(|byte| byte.is_ascii_graphic() && byte != b'"' && byte != b'\\')
    };
    match words.iter().find(|word| !is_word(word)) {
        Some(word) => Err(InvalidSetting::new(format!(
            "`{setting}`: expected words of printable ASCII without spaces, quotes or backslashes, not {word:?}"
        ))),
        None => Ok(words.join(" ")),
    }
}

//! Words that look like a key although nothing says that they are one: a slip on the command line, or a portal that
//! reveals too much.
//!
//! This is a guess, so it is applied only to text that stays understandable when a word is masked.

use super::known::MASK;
use super::value::Secret;

/// A shorter word counts as a name.
const SHORTEST: usize = 16;

/// File extensions are no longer than this.
const LONGEST_ENDING: usize = 8;

/// How likely a word must be a key to count as one.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Suspicion {
    /// It may be a name as well, such as `aisle-01-scanner`.
    Slight,
    /// It has a run of letters and digits that no name has.
    Strong,
}

/// Registers words that look like a key as secrets; returns whether there was one.
pub fn suspect(words: impl Iterator<Item = String>, suspicion: Suspicion) -> bool {
    let mut found = false;
    let is_one = |value: &str| looks_like_a_key(value) && (suspicion == Suspicion::Slight || has_long_run(value));
    for word in words {
        // `--option=VALUE`, `-oVALUE`
        let values = [word.as_str(), word.trim_start_matches('-'), word.split_once('=').map_or("", |(_, value)| value)];
        for value in values.into_iter().filter(|value| is_one(value)) {
            drop(Secret::new(value.to_owned()));
            found = true;
        }
    }
    found
}

/// Masks every word that looks like a key.
pub fn mask_suspects(text: &str) -> String {
    masked(text, looks_like_a_key)
}

/// Returns the words of a text that are keys rather than names.
pub fn strong_suspects(text: &str) -> Vec<String> {
    let mut found = Vec::new();
    masked(text, |word| {
        if repeatable(word) == MASK {
            found.push(word.to_owned());
        }
        false
    });
    found
}

/// Masks every word for which `is_one` returns true.
fn masked(text: &str, mut is_one: impl FnMut(&str) -> bool) -> String {
    let is_of_a_word = |letter: char| letter.is_ascii_alphanumeric() || "-_.+/=~:".contains(letter);
    let (mut masked, mut rest) = (String::with_capacity(text.len()), text);
    while let Some(start) = rest.find(is_of_a_word) {
        let end = rest[start..].find(|letter| !is_of_a_word(letter)).map_or(rest.len(), |length| start + length);
        let word = &rest[start..end];
        masked.push_str(&rest[..start]);
        let bare = word.trim_end_matches(['.', ':']);
        match is_one(bare) {
            true => masked.extend([MASK, &word[bare.len()..]]),
            false => masked.push_str(word),
        }
        rest = &rest[end..];
    }
    masked + rest
}

/// Returns true for a run of letters and digits that is longer than in a name or a part of a UUID.
fn has_long_run(word: &str) -> bool {
    word.split(|letter: char| !letter.is_ascii_alphanumeric()).any(|run| {
        run.len() >= SHORTEST
            && run.bytes().any(|byte| byte.is_ascii_digit())
            && run.bytes().any(|byte| byte.is_ascii_alphabetic())
    })
}

/// Returns a word as it can be printed: masked if it is a key rather than a name.
pub fn repeatable(word: &str) -> &str {
    if looks_like_a_key(word) && has_long_run(word) { MASK } else { word }
}

/// Returns true for a long word of letters and digits that is no path, URL, file name or host name.
fn looks_like_a_key(word: &str) -> bool {
    let is_place =
        word.contains("://") || word.starts_with(['/', '~', '-']) || word.starts_with("./") || word.starts_with("../");
    // `report-2026.graphql`, `portal.example:8443/graphql`
    let has_ending = |name: &str| {
        name.rsplit_once('.').is_some_and(|(_, ending)| {
            (1..=LONGEST_ENDING).contains(&ending.len())
                && ending.starts_with(|letter: char| letter.is_ascii_alphabetic())
        })
    };
    let is_named = has_ending(word) || has_ending(word.split([':', '/']).next().unwrap_or_default());
    word.len() >= SHORTEST
        && !is_place
        && !is_named
        && word.bytes().all(|byte| byte.is_ascii_graphic() && !b"{}()<>,;\"'`$*?|&[]\\".contains(&byte))
        && word.bytes().any(|byte| byte.is_ascii_digit())
        && word.bytes().any(|byte| byte.is_ascii_alphabetic())
        && !word.trim_end_matches('=').contains('=')
}

#[cfg(test)]
mod tests {
    use super::{looks_like_a_key, mask_suspects};

    #[test]
    fn a_key_is_distinguished_from_names_paths_and_files() {
        for key in [
            "k7WqB3x-hunter2-PjR5vTn9-LmZx81",
            "3f2b8c1e9d4a4b0c8e7f6a5b4c3d2e1f",
            "a1B2+c3D4/e5F6g7H8==",
            "eyJhbGciOi1.eyJzdWIi2.s5Kf7Qw9Lm3Np1Rt",
            "key_01HXYZABCDEFG.Jd83kLs0QmXz7Tr2",
        ] {
            assert!(looks_like_a_key(key), "{key}");
        }
        for other in [
            "devices",
            "generateApiKeyPayload",
            "https://portal.example/a1b2c3d4e5f6",
            "/home/me/key-2026-01-01",
            "./key-2026-01-01-x",
            "fleet-report-2026-01.graphql",
            "portal.example:8443/graphql",
            "--accept-risk",
            "20261125223000000",
            "name=^ci-[0-9]+$abcdef",
        ] {
            assert!(!looks_like_a_key(other), "{other}");
        }
        assert_eq!(
            mask_suspects("made k7WqB3x-hunter2-PjR5vTn9, `a1B2c3D4e5F6g7H8i9`: but Zürich failed."),
            "made [secret], `[secret]`: but Zürich failed."
        );
    }
}

//! Makes text safe to paste in public: no secret, known or suspected, no home directory, no user name or password of a
//! URL, and no query string.

use std::env;

use crate::secret;

/// Returns the text, safe to paste.
pub fn pasteable(text: &str) -> String {
    let home = env::home_dir().filter(|home| home.is_absolute() && home.parent().is_some());
    let home = home.map(|home| home.to_string_lossy().into_owned());
    // Masking comes first: the steps below could cut a secret apart, and then it would not be recognized.
    without_users(&without_home(&secret::mask_suspects(&secret::mask(text)), home.as_deref()))
}

/// Replaces the home directory by `~`, unless it is only the beginning of a longer name.
fn without_home(text: &str, home: Option<&str>) -> String {
    let Some(home) = home.map(|home| home.trim_end_matches('/')).filter(|home| !home.is_empty()) else {
        return text.to_owned();
    };
    let (mut told, mut rest) = (String::with_capacity(text.len()), text);
    while let Some(at) = rest.find(home) {
        let behind = &rest[at + home.len()..];
        let is_whole = behind.chars().next().is_none_or(|letter| !letter.is_alphanumeric() && !"-_.".contains(letter));
        told.push_str(&rest[..at]);
        told.push_str(if is_whole { "~" } else { home });
        rest = behind;
    }
    told + rest
}

/// Removes user names, passwords and query strings from URLs.
fn without_users(text: &str) -> String {
    const BEFORE: &str = "://";
    let (mut told, mut rest) = (String::with_capacity(text.len()), text);
    while let Some(at) = rest.find(BEFORE) {
        let (before, behind) = rest.split_at(at + BEFORE.len());
        let end =
            behind.find(|letter: char| letter.is_whitespace() || "`'\"<>".contains(letter)).unwrap_or(behind.len());
        let (url, after) = behind.split_at(end);
        let url = url.rsplit_once('@').map_or(url, |(_, host)| host);
        told.push_str(before);
        let url = url.split(['?', '#']).next().unwrap_or_default();
        // Each segment of the path is masked by itself, because a whole URL does not look like a key.
        let parts: Vec<String> = url.split('/').map(secret::mask_suspects).collect();
        told.push_str(&parts.join("/"));
        rest = after;
    }
    told + rest
}

#[cfg(test)]
mod tests {
    use super::{pasteable, without_home, without_users};

    #[test]
    fn the_home_directory_is_a_tilde_and_its_neighbours_are_not() {
        for (text, told) in [
            ("`/home/ada/.config/optra`", "`~/.config/optra`"),
            ("/home/ada", "~"),
            ("/home/adam/x and /home/ada-2 and /home/ada:", "/home/adam/x and /home/ada-2 and ~:"),
        ] {
            assert_eq!(without_home(text, Some("/home/ada/")), told);
        }
        assert_eq!(without_home("/etc/x", Some("/")), "/etc/x");
    }

    #[test]
    fn no_user_no_password_and_no_query_is_left_of_a_url() {
        for (text, told) in [
            ("at `https://ada:pa/ss@word@portal.example/x?token=1#y`, by", "at `https://portal.example/x`, by"),
            ("https://portal.example and http://u@h:1", "https://portal.example and http://h:1"),
            ("ada@portal.example", "ada@portal.example"),
            ("write `https://k7WqB3x-hunter2-PjR5vTn9`", "write `https://[secret]`"),
            (
                "https://portal-2026.example:8443/a/k7WqB3x-hunter2-PjR5vTn9",
                "https://portal-2026.example:8443/a/[secret]",
            ),
        ] {
            assert_eq!(without_users(text), told);
        }
    }

    #[test]
    fn what_looks_like_a_key_is_masked_and_a_moment_is_not() {
        assert_eq!(pasteable("k7WqB3x-hunter2-PjR5vTn9 is"), "[secret] is");
        assert_eq!(pasteable("since 2026-11-23 07:00 UTC"), "since 2026-11-23 07:00 UTC");
    }
}

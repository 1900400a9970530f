//! The line around a secret, safe to show: the secret, and whatever looks like another one, is masked.

use std::ops::Range;

use crate::secret::{MASK, mask_suspects};

/// How many bytes to show before and after a secret.
const BEFORE: usize = 48;
const BEHIND: usize = 24;

/// Returns the masked text around a secret. Of encoded text the whole run is masked, because its letters may also
/// encode the neighbours of the secret.
pub fn context(text: &[u8], secret: Range<usize>) -> String {
    let is_of_run = |byte: &u8| byte.is_ascii_alphanumeric() || b"+/-_%\\".contains(byte);
    let start = text[..secret.start].iter().rposition(|byte| !is_of_run(byte)).map_or(0, |at| at + 1);
    let further = text[secret.end..].iter().position(|byte| !is_of_run(byte) && *byte != b'=');
    let end = further.map_or(text.len(), |at| secret.end + at);
    let from = start.saturating_sub(BEFORE);
    let to = text.len().min(end + BEHIND);
    let before = last_of_line(&text[from..start], from > 0);
    let behind = first_of_line(&text[end..to], to < text.len());
    format!("{before}{MASK}{behind}").trim().to_owned()
}

/// Returns the end of a text, after its last line break. A truncated word may be the end of a key, and is left out.
fn last_of_line(text: &[u8], is_cut: bool) -> String {
    let shown = lossy(text);
    match shown.rfind(is_break) {
        Some(at) => masked(&shown[at..]),
        None if is_cut => masked(shown.find(is_space).map_or("", |at| &shown[at..])),
        None => masked(&shown),
    }
}

fn first_of_line(text: &[u8], is_cut: bool) -> String {
    let shown = lossy(text);
    match shown.find(is_break) {
        Some(at) => masked(&shown[..at]),
        None if is_cut => masked(shown.rfind(is_space).map_or("", |at| &shown[..at])),
        None => masked(&shown),
    }
}

fn lossy(text: &[u8]) -> String {
    String::from_utf8_lossy(text).replace('\0', "")
}

fn is_break(letter: char) -> bool {
    letter == '\n' || letter == '\r'
}

fn is_space(letter: char) -> bool {
    letter.is_whitespace() || letter.is_control()
}

/// Masks each part of `NAME=VALUE` by itself: the whole does not look like a key, but the value may.
fn masked(text: &str) -> String {
    text.trim_start_matches(is_break).split_inclusive(['=', ':', '&', '?', '@']).map(mask_suspects).collect()
}

#[cfg(test)]
mod tests {
    use super::context;

    #[test]
    fn the_line_is_shown_without_keys() {
        let text = b"other line\nexport OPTRA_API_KEY=abcdefghijklmnop # PASSWORD=k7WqB3xhunter2Pj\nnext";
        let at = text.windows(3).position(|window| window == b"abc").unwrap();
        assert_eq!(context(text, at..at + 16), "export OPTRA_API_KEY=[secret] #");
        let short = b"K=abcdefghijklmnop P=k7WqB3xhunter2Pj\n";
        assert_eq!(context(short, 2..18), "K=[secret] P=[secret]");
        assert_eq!(context(b"\"abcdefghijklmnop\"\n", 1..17), "\"[secret]\"");
        assert_eq!(context(b"xabcdefghijklmnopy", 1..17), "[secret]");
    }
}

//! Turns any text into a file name that is valid on every system: it stays in its directory, does not collide on
//! case-insensitive file systems, is not a reserved device name, and is not too long.

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, percent_encode_byte, utf8_percent_encode};
use sha2::{Digest, Sha256};

/// The characters that are not escaped.
const ESCAPED: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'_');

/// Longer names are truncated; file systems allow 255 bytes, and callers add a prefix or an extension.
const LONGEST: usize = 200;

/// Reserved device names on Windows, with any extension.
const DEVICES: [&str; 6] = ["aux", "con", "nul", "prn", "com", "lpt"];

/// Returns a file name for a text. Different texts get different names.
pub fn file_name(text: &str) -> String {
    name_on(text, cfg!(any(windows, target_os = "macos")))
}

/// `folds_case` is true on file systems where `A` and `a` are the same name.
fn name_on(text: &str, folds_case: bool) -> String {
    let mut name = utf8_percent_encode(text, ESCAPED).to_string();
    if folds_case {
        name = escape(&name);
    }
    limited(name)
}

/// Returns the name, or if it is too long, its beginning with a digest of the whole.
pub fn limited(mut name: String) -> String {
    if name.len() <= LONGEST {
        return name;
    }
    let digest: String = Sha256::digest(&name).iter().take(8).map(|byte| format!("{byte:02x}")).collect();
    // The name is ASCII here, so the cut is at a character boundary.
    name.truncate(LONGEST - digest.len() - 1);
    format!("{name}-{digest}")
}

/// Escapes capital letters, except in an escape, and the first letter of a device name.
fn escape(name: &str) -> String {
    let is_device =
        DEVICES.contains(&name.to_ascii_lowercase().trim_end_matches(|letter: char| letter.is_ascii_digit()));
    let (mut escaped, mut in_escape) = (String::new(), 0_u8);
    for (n, byte) in name.bytes().enumerate() {
        let is_special = in_escape == 0 && (byte.is_ascii_uppercase() || (n == 0 && is_device));
        in_escape = if byte == b'%' { 2 } else { in_escape.saturating_sub(1) };
        match is_special {
            true => escaped.push_str(percent_encode_byte(byte)),
            false => escaped.push(char::from(byte)),
        }
    }
    escaped
}

#[cfg(test)]
mod tests {
    use super::{LONGEST, name_on};

    #[test]
    fn no_name_leaves_the_directory_or_collides() {
        for (text, name) in [("a", "a"), ("../x", "%2E%2E%2Fx"), ("Süd", "S%C3%BCd"), ("", ""), ("NUL", "NUL")] {
            assert_eq!(name_on(text, false), name);
        }
        for (text, name) in [
            ("prod", "prod"),
            ("Prod", "%50rod"),
            ("Süd", "%53%C3%BCd"),
            ("nul", "%6Eul"),
            ("Com1", "%43om1"),
            ("a.", "a%2E"),
        ] {
            assert_eq!(name_on(text, true), name);
        }
    }

    #[test]
    fn a_long_text_has_a_unique_valid_name() {
        let (one, other) = (name_on(&"ü".repeat(300), false), name_on(&"ü".repeat(301), false));
        assert!(one.len() <= LONGEST && other.len() <= LONGEST && one != other);
    }
}

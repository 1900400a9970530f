//! The format of a key: one word of printable ASCII, so that an HTTP header can carry it.
//!
//! An error names the problem and its position, never the text.

use zeroize::Zeroizing;

use crate::secret::{SHORTEST, Secret};

/// The longest key that every store can keep: Windows allows 2,560 bytes of UTF-16.
const LONGEST: usize = 1280;

/// Why a text is not a valid key.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Problem {
    #[error("the key is empty")]
    Empty,
    #[error("the key is written in UTF-16; save the file as plain text")]
    Utf16,
    #[error("the key has a line break in it, at character {0}; a key is one word")]
    LineBreak(usize),
    #[error("the key has white space in it, at character {0}; a key is one word")]
    WhiteSpace(usize),
    #[error("the key has a control character in it, at character {0}")]
    Control(usize),
    #[error("the key has a character in it that no HTTP header can carry, at character {0}")]
    NotAscii(usize),
    #[error("the key is shorter than {SHORTEST} characters: it could not be masked in output")]
    TooShort,
    #[error("the key is longer than {LONGEST} characters")]
    TooLong,
}

/// Reads a key that was typed, piped or stored; strips white space around it.
pub fn key(bytes: Vec<u8>) -> Result<Secret, Problem> {
    let bytes = Zeroizing::new(bytes);
    if bytes.starts_with(b"\xff\xfe") || bytes.starts_with(b"\xfe\xff") {
        return Err(Problem::Utf16);
    }
    // Some editors put a byte order mark before every text.
    let trimmed = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(&bytes).trim_ascii();
    if trimmed.is_empty() {
        return Err(Problem::Empty);
    }
    if trimmed.len() > LONGEST {
        return Err(Problem::TooLong);
    }
    if let Some(at) = trimmed.iter().position(|byte| !byte.is_ascii_graphic()) {
        return Err(match trimmed[at] {
            b'\n' | b'\r' => Problem::LineBreak(at + 1),
            byte if byte.is_ascii_whitespace() => Problem::WhiteSpace(at + 1),
            byte if byte.is_ascii_control() => Problem::Control(at + 1),
            _ => Problem::NotAscii(at + 1),
        });
    }
    if trimmed.len() < SHORTEST {
        return Err(Problem::TooShort);
    }
    Ok(Secret::new(trimmed.iter().copied().map(char::from).collect()))
}

#[cfg(test)]
mod tests {
    use super::{Problem, key};

    #[test]
    fn white_space_around_a_key_is_ignored() {
        for text in ["k-1234", "\u{feff}k-1234\r\n", "k-1234\n", "k-1234\r\n", "  k-1234\t\n\n"] {
            assert_eq!(key(text.into()).unwrap().expose(), "k-1234");
        }
    }

    #[test]
    fn an_invalid_key_is_explained() {
        for (text, problem) in [
            (b"".as_slice(), Problem::Empty),
            (b" \r\n", Problem::Empty),
            (b"\xef\xbb\xbf", Problem::Empty),
            (b"\xef\xbb\xbf\xef\xbb\xbfk-1234", Problem::NotAscii(1)),
            (b"k-123", Problem::TooShort),
            (b"k-1\nk-2", Problem::LineBreak(4)),
            (b"k 1", Problem::WhiteSpace(2)),
            (b"k\x1b1", Problem::Control(2)),
            (b"k\x001", Problem::Control(2)),
            ("kä".as_bytes(), Problem::NotAscii(2)),
            (b"\xff\xfek\0", Problem::Utf16),
            (b"\xffk", Problem::NotAscii(1)),
            (&[b'k'; 1281], Problem::TooLong),
        ] {
            assert_eq!(key(text.to_vec()).unwrap_err(), problem, "{text:?}");
        }
    }
}

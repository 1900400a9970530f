//! The type of a secret, which registers it for masking and prints it nowhere.

use std::borrow::Cow;
use std::fmt;

use zeroize::Zeroizing;

use super::marks::{self, Mark};
use super::{known, process};

/// A secret value. [`Secret::expose`] is the only access to its text.
#[derive(Clone, PartialEq, Eq)]
pub struct Secret(Zeroizing<String>);

impl Secret {
    /// Takes the text over; no other copy of it should be left behind.
    pub fn new(text: String) -> Secret {
        process::protect();
        known::remember(&text);
        Secret(Zeroizing::new(text))
    }

    /// Returns the text, for a header, a store, or the place that the user named.
    pub fn expose(&self) -> &str {
        &self.0
    }

    /// Returns a fingerprint that recognizes the secret again with this random key, and reveals nothing to anybody
    /// else.
    pub fn fingerprint(&self, key: &[u8; 64]) -> String {
        marks::fingerprint(self.expose(), key)
    }

    /// Returns the fingerprint with what finds the secret in a large text.
    pub fn mark(&self, key: &[u8; 64]) -> Mark {
        Mark::of(self.expose(), key)
    }

    /// Returns true if the text does not contain the secret.
    pub fn is_not_in(&self, text: &str) -> bool {
        !text.contains(self.expose())
    }

    /// Returns a random text of the same format: letters for letters, digits for digits. Nobody uses it as a secret.
    /// Returns `None` if the system's random number generator fails.
    pub fn random_of_same_format(&self) -> Option<Secret> {
        let mut random = vec![0; self.0.len()];
        getrandom::fill(&mut random).ok()?;
        let drawn = |(letter, random): (char, &u8)| match letter {
            'a'..='z' => char::from(b'a' + random % 26),
            'A'..='Z' => char::from(b'A' + random % 26),
            '0'..='9' => char::from(b'0' + random % 10),
            other => other,
        };
        Some(Secret::new(self.0.chars().zip(&random).map(drawn).collect()))
    }

    /// Returns the last four characters, or `None` if four would be a quarter of the secret or more.
    pub fn last_four(&self) -> Option<&str> {
        let (at, _) = self.0.char_indices().rev().nth(3)?;
        (self.0.len() > 16).then(|| &self.0[at..])
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(known::MASK)
    }
}

/// Masks every known secret in the bytes except `revealed`.
pub fn mask_bytes<'b>(bytes: &'b [u8], revealed: Option<&Secret>) -> Cow<'b, [u8]> {
    known::mask_bytes(bytes, revealed.map(Secret::expose))
}

#[cfg(test)]
mod tests {
    use super::Secret;

    #[test]
    fn debug_prints_a_mask() {
        assert_eq!(format!("{:?}", Secret::new("hunter2".into())), "[secret]");
    }

    #[test]
    fn a_fingerprint_depends_on_the_secret_and_the_key() {
        let of = |text: &str, key: u8| Secret::new(text.into()).fingerprint(&[key; 64]);
        assert_eq!(of("k-1", 1), of("k-1", 1));
        assert!(of("k-1", 1) != of("k-2", 1) && of("k-1", 1) != of("k-1", 2));
        assert!(of("k-1", 1).len() == 64 && !of("k-1", 1).contains("k-1"));
    }

    #[test]
    fn a_random_text_of_the_same_format_differs() {
        let (own, other) = (
            Secret::new("key_Ab12cdefgh".into()),
            Secret::new("key_Ab12cdefgh".into()).random_of_same_format().unwrap(),
        );
        assert!(own != other && own.expose().len() == other.expose().len());
        assert!(
            other.expose().chars().nth(3) == Some('_') && other.expose().chars().nth(4).unwrap().is_ascii_uppercase()
        );
    }

    #[test]
    fn only_a_long_secret_has_a_last_four() {
        assert_eq!(Secret::new("0123456789abcdefWXYZ".into()).last_four(), Some("WXYZ"));
        assert_eq!(Secret::new("0123456789ab".into()).last_four(), None);
    }
}

//! The wrapping of a secret, which takes note of it and shows it to nobody.

use std::borrow::Cow;
use std::fmt;

use zeroize::Zeroizing;

use super::{known, process};

/// A secret value. The one way to its text is [`Secret::expose`].
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

    /// Returns true if the text has nothing of the secret in it.
    pub fn is_not_in(&self, text: &str) -> bool {
        !text.contains(self.expose())
    }

    /// Returns the last four characters, or nothing where four would be a quarter of the secret or more.
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

/// Returns the bytes with every known secret masked, but for the one that may be seen.
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
    fn last_four_is_given_of_a_long_secret_only() {
        assert_eq!(Secret::new("0123456789abcdefWXYZ".into()).last_four(), Some("WXYZ"));
        assert_eq!(Secret::new("0123456789ab".into()).last_four(), None);
    }
}

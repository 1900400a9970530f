//! A string that cannot be printed by accident: an API key, from wherever it came, until the header that carries it.
//!
//! It has no `Display`, no `Serialize` and no `Deref`; its memory is overwritten when it is dropped. This module knows
//! nothing of where secrets come from or go to.

use std::borrow::Cow;
use std::fmt;

use zeroize::Zeroizing;

/// What stands wherever a secret stood.
const MASK: &str = "[secret]";

/// A secret value. The one way to its text is [`Secret::expose`].
#[derive(Clone, PartialEq, Eq)]
pub struct Secret(Zeroizing<String>);

impl Secret {
    /// Takes the text over; no other copy of it should be left behind.
    pub fn new(text: String) -> Secret {
        Secret(Zeroizing::new(text))
    }

    /// Returns the text, for a header, a store, or the place that the user named.
    pub fn expose(&self) -> &str {
        &self.0
    }

    /// Returns the last four characters, or nothing where four would be a quarter of the secret or more.
    pub fn last_four(&self) -> Option<&str> {
        let (at, _) = self.0.char_indices().rev().nth(3)?;
        (self.0.len() > 16).then(|| &self.0[at..])
    }

    /// Returns `text` with the secret masked, for words that somebody else wrote.
    pub fn mask<'t>(&self, text: &'t str) -> Cow<'t, str> {
        if self.0.is_empty() || !text.contains(self.expose()) {
            return Cow::Borrowed(text);
        }
        Cow::Owned(text.replace(self.expose(), MASK))
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(MASK)
    }
}

#[cfg(test)]
mod tests {
    use super::Secret;

    #[test]
    fn debug_prints_a_mask() {
        assert_eq!(format!("{:?}", Secret::new("hunter2".into())), "[secret]");
    }

    #[test]
    fn mask_replaces_the_secret_wherever_it_stands() {
        let secret = Secret::new("k-123".into());
        assert_eq!(secret.mask("no k-123, nor k-123"), "no [secret], nor [secret]");
        assert_eq!(Secret::new(String::new()).mask("as it was"), "as it was");
    }

    #[test]
    fn last_four_is_given_of_a_long_secret_only() {
        assert_eq!(Secret::new("0123456789abcdefWXYZ".into()).last_four(), Some("WXYZ"));
        assert_eq!(Secret::new("0123456789ab".into()).last_four(), None);
    }
}

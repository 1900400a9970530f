//! The throw-away token of a broker: valid only there, and only while the broker runs.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use sha2::{Digest, Sha256};

use crate::secret::Secret;

/// The digest of a token. Only whoever started the broker has the text.
pub struct Token([u8; 32]);

impl Token {
    /// Generates a token.
    pub fn draw() -> Result<(Token, Secret), getrandom::Error> {
        let mut bytes = [0; 32];
        getrandom::fill(&mut bytes)?;
        let text = URL_SAFE_NO_PAD.encode(bytes);
        Ok((Token(digest(text.as_bytes())), Secret::new(text)))
    }

    /// Compares in constant time.
    pub fn is(&self, given: &[u8]) -> bool {
        let given = digest(given);
        self.0.iter().zip(given).fold(0, |differences, (own, theirs)| differences | (own ^ theirs)) == 0
    }
}

fn digest(bytes: &[u8]) -> [u8; 32] {
    Sha256::digest(bytes).into()
}

#[cfg(test)]
mod tests {
    use super::Token;

    #[test]
    fn only_the_token_is_it() {
        let ((token, text), (_, other)) = (Token::draw().unwrap(), Token::draw().unwrap());
        assert!(token.is(text.expose().as_bytes()) && text != other);
        let longer = format!("{}x", text.expose());
        for wrong in ["", other.expose(), &longer, &text.expose()[1..]] {
            assert!(!token.is(wrong.as_bytes()));
        }
    }
}

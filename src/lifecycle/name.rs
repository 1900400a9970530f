//! Names of keys: generated names with a nonce, and the names by which people refer to keys.

use crate::error::{Error, Kind};
use crate::portal::keys::ApiKey;
use crate::text::is_same;

/// The length of a nonce.
const LETTERS: usize = 8;

/// Letters that are not easily confused.
const ALPHABET: &[u8; 32] = b"abcdefghijkmnpqrstuvwxyz23456789";

/// Separates a name from its nonce.
const BEFORE_NONCE: &str = " #";

/// Enclose the nonce of a key for one run.
const BEFORE_RUN: &str = " (run ";
const AFTER_RUN: &str = ")";

/// Returns the name with a new nonce, in place of the one it may have.
fn with_nonce(name: &str) -> Result<String, Error> {
    Ok(format!("{}{BEFORE_NONCE}{}", strip_nonce(name), nonce()?))
}

/// Returns a generated name, for a key without one.
pub fn own() -> Result<String, Error> {
    Ok(format!("optra-{}", nonce()?))
}

/// Returns a name for the key of one run, and its nonce. No person would give that name.
pub fn of_a_run(base: &str) -> Result<(String, String), Error> {
    let nonce = nonce()?;
    Ok((format!("{base}{BEFORE_RUN}{nonce}{AFTER_RUN}"), nonce))
}

/// Returns true for the name of a key for one run.
pub fn is_of_a_run(name: &str) -> bool {
    let nonce = name.strip_suffix(AFTER_RUN).and_then(|name| name.rsplit_once(BEFORE_RUN));
    nonce.is_some_and(|(base, nonce)| !base.is_empty() && is_nonce(nonce))
}

/// Returns the name of a key's successor, and whether it has a nonce.
pub fn successor(wanted: Option<&str>, old: Option<&str>) -> Result<(String, bool), Error> {
    Ok(match (wanted, old) {
        (Some(name), _) => (name.to_owned(), false),
        (None, Some(name)) => (with_nonce(name)?, true),
        (None, None) => (own()?, true),
    })
}

/// Returns a name without its rotation nonce.
pub fn strip_nonce(name: &str) -> &str {
    match name.rsplit_once(BEFORE_NONCE) {
        Some((base, nonce)) if is_nonce(nonce) && !base.is_empty() => base,
        _ => name,
    }
}

fn is_nonce(text: &str) -> bool {
    text.len() == LETTERS && text.bytes().all(|byte| ALPHABET.contains(&byte))
}

/// Returns the name by which somebody may refer to a key: the whole name, or the name without its nonce.
pub fn as_meant<'k>(key: &'k ApiKey, word: &str) -> Option<&'k str> {
    let name = key.name.as_deref()?;
    Some(if is_same(strip_nonce(name), word) { strip_nonce(name) } else { name })
}

/// Returns a new nonce.
pub fn nonce() -> Result<String, Error> {
    let mut bytes = [0; LETTERS];
    getrandom::fill(&mut bytes)
        .map_err(|error| Error::new(Kind::Failed, "the system's random number generator failed").cause(error))?;
    Ok(bytes.iter().map(|byte| char::from(ALPHABET[usize::from(byte % 32)])).collect())
}

#[cfg(test)]
mod tests {
    use super::{is_of_a_run, nonce, of_a_run, strip_nonce, with_nonce};

    #[test]
    fn nonces_differ() {
        let (one, other) = (nonce().unwrap(), nonce().unwrap());
        assert!(one != other && one.len() == 8 && one.chars().all(|letter| letter.is_ascii_alphanumeric()));
    }

    #[test]
    fn a_key_for_one_run_is_known_by_its_name() {
        let (name, nonce) = of_a_run("deploy").unwrap();
        assert!(name == format!("deploy (run {nonce})") && is_of_a_run(&name) && strip_nonce(&name) == name);
        for other in ["deploy", "deploy (run 7)", " (run abcdefgh)", "deploy (run abcdefgh) 2", "deploy #abcdefgh"] {
            assert!(!is_of_a_run(other), "{other}");
        }
    }

    #[test]
    fn a_nonce_is_recognized_and_replaced() {
        let name = with_nonce("ci").unwrap();
        assert!(
            name.starts_with("ci #") && strip_nonce(&name) == "ci" && strip_nonce(&with_nonce(&name).unwrap()) == "ci"
        );
        for plain in ["ci", "build-firmware", "ci #1", "#abcdefgh", " #abcdefgh", "ci #ABCDEFGH"] {
            assert_eq!(strip_nonce(plain), plain);
        }
    }
}

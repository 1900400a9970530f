//! Determines which key is the one in use, for every command in the same way.

use crate::error::{Error, Kind};
use crate::portal::{self, Portal, viewer};

/// What this machine knows of the key in use, without a request.
#[derive(Clone, Debug, Default)]
pub struct Notes {
    /// The id that was stored with the key, or given with it.
    pub noted: Option<String>,
    /// The id under which the ledger has the secret.
    pub known: Option<String>,
    /// Keys that the ledger has with other secrets.
    pub others: Vec<String>,
}

/// The key in use, by its witnesses. The portal takes precedence over the id stored with the key, and that over the
/// ledger.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum KeyInUse {
    Known(String),
    /// Two witnesses disagree: somebody else replaced the key or its record.
    Contradicted {
        first: (Witness, String),
        second: (Witness, String),
    },
    /// No witness knows; `others` are certainly not in use.
    Unknown {
        others: Vec<String>,
    },
}

/// A source that tells which key is in use.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Witness {
    #[error("the portal says")]
    Portal,
    #[error("the note beside the key says")]
    Note,
    #[error("the ledger of this machine says")]
    Ledger,
}

impl KeyInUse {
    /// Asks the portal, if it can tell, and compares the answer with what this machine knows.
    pub fn ask(portal: &Portal, notes: Notes) -> Result<KeyInUse, portal::Error> {
        let told = viewer::show(portal)?.and_then(|viewer| viewer.key).map(|key| key.id);
        Ok(KeyInUse::of(told, notes))
    }

    /// Compares the portal's answer with what this machine knows.
    pub fn of(told: Option<String>, notes: Notes) -> KeyInUse {
        let Notes { noted, known, others } = notes;
        let said = [(Witness::Portal, told), (Witness::Note, noted), (Witness::Ledger, known)];
        let mut said = said.into_iter().filter_map(|(witness, id)| Some((witness, id?)));
        let Some(first) = said.next() else { return KeyInUse::Unknown { others } };
        match said.find(|(_, id)| *id != first.1) {
            Some(second) => KeyInUse::Contradicted { first, second },
            None => KeyInUse::Known(first.1),
        }
    }

    /// Returns the id, for showing it.
    pub fn id(&self) -> Option<&str> {
        match self {
            KeyInUse::Known(id) | KeyInUse::Contradicted { first: (_, id), .. } => Some(id),
            KeyInUse::Unknown { .. } => None,
        }
    }

    /// Returns true unless this is certainly another key.
    pub fn may_be(&self, id: &str) -> bool {
        match self {
            KeyInUse::Known(own) => own == id,
            KeyInUse::Contradicted { .. } => true,
            KeyInUse::Unknown { others } => !others.iter().any(|other| other == id),
        }
    }

    /// Returns an error if the witnesses disagree; changes must call this.
    pub fn certain(self) -> Result<KeyInUse, Error> {
        let KeyInUse::Contradicted { first, second } = self else { return Ok(self) };
        let message =
            format!("{} that the key in use is {}, and {} that it is {}", first.0, first.1, second.0, second.1);
        Err(Error::new(Kind::Declined, message)
            .hint("Note the right one: `optra auth login` with the key that is meant."))
    }
}

#[cfg(test)]
mod tests {
    use super::{KeyInUse, Notes};

    fn of(told: Option<&str>, noted: Option<&str>, known: Option<&str>) -> KeyInUse {
        let text = |text: Option<&str>| text.map(str::to_owned);
        KeyInUse::of(text(told), Notes { noted: text(noted), known: text(known), others: vec!["9".into()] })
    }

    #[test]
    fn the_portal_comes_first_then_the_note_then_the_ledger() {
        for (told, noted, known) in [
            (Some("1"), None, None),
            (Some("1"), Some("1"), Some("1")),
            (None, Some("1"), None),
            (None, None, Some("1")),
        ] {
            assert_eq!(of(told, noted, known).certain().unwrap(), KeyInUse::Known("1".into()));
        }
    }

    #[test]
    fn two_that_say_different_things_stop_what_would_change_something() {
        for (told, noted, known) in
            [(Some("1"), Some("2"), None), (Some("1"), None, Some("2")), (None, Some("1"), Some("2"))]
        {
            let in_use = of(told, noted, known);
            assert_eq!(in_use.id(), Some("1"));
            let error = in_use.certain().unwrap_err().to_string();
            assert!(error.contains("is 1, and ") && error.contains("is 2"), "{error}");
        }
    }

    #[test]
    fn a_key_that_is_known_by_another_secret_is_not_it() {
        let unknown = of(None, None, None);
        assert!(unknown.may_be("1") && !unknown.may_be("9"));
        assert!(!of(Some("1"), None, None).may_be("2"));
    }
}

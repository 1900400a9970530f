//! Which of the keys is the one in use: one answer, for everybody who asks.

use crate::error::{Error, Kind};
use crate::portal::{self, Portal, viewer};

/// Which key is in use, and who says so. The portal's word comes first, then the id that was noted with the key.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum KeyInUse {
    Known(String),
    /// The portal says one thing, and the note another: the key was replaced behind our back, or the note was.
    Contradicted {
        portal: String,
        noted: String,
    },
    Unknown,
}

impl KeyInUse {
    /// Asks the portal, where it can be asked, and compares its word with what was noted.
    pub fn ask(portal: &Portal, noted: Option<String>) -> Result<KeyInUse, portal::Error> {
        let told = viewer::show(portal)?.and_then(|viewer| viewer.key).map(|key| key.id);
        Ok(KeyInUse::of(told, noted))
    }

    fn of(told: Option<String>, noted: Option<String>) -> KeyInUse {
        match (told, noted) {
            (Some(portal), Some(noted)) if portal != noted => KeyInUse::Contradicted { portal, noted },
            (Some(id), _) | (None, Some(id)) => KeyInUse::Known(id),
            (None, None) => KeyInUse::Unknown,
        }
    }

    /// Returns its id, for those who only show it.
    pub fn id(&self) -> Option<&str> {
        match self {
            KeyInUse::Known(id) | KeyInUse::Contradicted { portal: id, .. } => Some(id),
            KeyInUse::Unknown => None,
        }
    }

    /// Returns its id, for those who would change something: a contradiction stops them.
    pub fn certain(self) -> Result<Option<String>, Error> {
        let KeyInUse::Contradicted { portal, noted } = self else { return Ok(self.id().map(str::to_owned)) };
        let message = format!("the portal says that the key in use is {portal}, and the profile noted {noted}");
        Err(Error::new(Kind::Declined, message)
            .hint("Note the right one: `optra auth login` with the key that is meant."))
    }
}

#[cfg(test)]
mod tests {
    use super::KeyInUse;

    #[test]
    fn the_portal_comes_first_and_a_contradiction_stops_what_would_change_something() {
        let of =
            |told: Option<&str>, noted: Option<&str>| KeyInUse::of(told.map(str::to_owned), noted.map(str::to_owned));
        assert_eq!(of(Some("1"), Some("1")).certain().unwrap().as_deref(), Some("1"));
        assert_eq!(of(Some("1"), None).certain().unwrap().as_deref(), Some("1"));
        assert_eq!(of(None, Some("2")).certain().unwrap().as_deref(), Some("2"));
        assert_eq!(of(None, None).certain().unwrap(), None);
        let both = of(Some("1"), Some("2"));
        assert_eq!(both.id(), Some("1"));
        let error = both.certain().unwrap_err().to_string();
        assert!(error.contains("is 1, and the profile noted 2"), "{error}");
    }
}

//! Delivers a secret to all its destinations or to none: one transaction, opened and tested before a key is generated.
//!
//! Reversible steps come first, irreversible ones last, so a failure leaves nothing behind that looks like a delivery.

use std::fs;
use std::path::{Path, PathBuf};

use zeroize::Zeroizing;

use crate::credentials::{self, Store};
use crate::disk::Staged;
use crate::error::{Error, Kind};
use crate::journal::Destination;
use crate::secret::Secret;
use crate::shells;

/// The records of profiles, which are kept outside of this module.
pub trait Profiles {
    /// Returns an error if a profile cannot take a key of this portal.
    fn accepts(&self, profile: &str) -> Result<(), Error>;

    /// Records that a profile's key is in the keyring.
    fn note(&self, profile: &str, key_id: Option<&str>) -> Result<(), Error>;

    /// Records that a profile has another key, in the same store.
    fn succeed(&self, profile: &str, key_id: Option<&str>) -> Result<(), Error>;

    /// Forgets the key of the active profile, which is gone.
    fn forget(&self) -> Result<(), Error>;
}

/// The destinations of one secret, opened and tested.
pub struct Delivery<'d> {
    places: Vec<Place>,
    profiles: &'d dyn Profiles,
}

struct Place {
    /// The name that the user gave.
    called: String,
    destination: Destination,
    inner: Inner,
}

enum Inner {
    /// The caller writes to stdout.
    Stdout,
    Command,
    Keyring {
        profile: String,
        store: Store,
        before: Option<Secret>,
        is_staged: bool,
    },
    File {
        path: PathBuf,
        staged: Option<Staged>,
        /// The former content; restored if another destination fails.
        before: Option<Zeroizing<Vec<u8>>>,
        force: bool,
    },
}

impl<'d> Delivery<'d> {
    /// Opens and tests all destinations; `profile` is the active one. Nothing is overwritten without `force`.
    pub fn open(
        places: &[Destination],
        profile: &str,
        force: bool,
        keyring: &Store,
        profiles: &'d dyn Profiles,
    ) -> Result<Delivery<'d>, Error> {
        let destinations: Vec<Destination> = places.iter().map(|place| place.resolved(profile)).collect();
        let twice = destinations.iter().enumerate().find(|(n, place)| destinations[..*n].contains(place));
        if let Some((_, twice)) = twice {
            return Err(Error::new(Kind::Usage, format!("`{twice}` is named twice")));
        }
        let open = |(place, destination): (&Destination, Destination)| {
            let inner = match &destination {
                Destination::Stdout => Inner::Stdout,
                Destination::Keyring(profile) => open_keyring(profile.as_deref(), force, keyring, profiles)?,
                Destination::File(path) => open_file(path, force)?,
                Destination::Command(words) => {
                    credentials::command::find(words)?;
                    Inner::Command
                }
            };
            Ok(Place { called: place.to_string(), destination, inner })
        };
        Ok(Delivery { places: places.iter().zip(destinations).map(open).collect::<Result<_, Error>>()?, profiles })
    }

    /// Returns the destinations.
    pub fn destinations(&self) -> impl Iterator<Item = &Destination> {
        self.places.iter().map(|place| &place.destination)
    }

    /// Delivers the secret to all destinations, or rolls back those that can be. `print` writes it to stdout.
    pub fn deliver(
        &mut self,
        secret: &Secret,
        key_id: Option<&str>,
        print: &dyn Fn() -> Result<(), Error>,
    ) -> Result<(), Error> {
        let delivered = self.try_deliver(secret, key_id, print);
        delivered.map_err(|error| match self.roll_back() {
            Ok(()) => error,
            Err(left) => error.hint(format!("The former content was not restored: {left}.")),
        })
    }

    fn try_deliver(
        &mut self,
        secret: &Secret,
        key_id: Option<&str>,
        print: &dyn Fn() -> Result<(), Error>,
    ) -> Result<(), Error> {
        self.each(|place, _| place.stage(secret))?;
        self.each(|place, _| place.hand_over(secret))?;
        self.each(|place, _| if let Inner::Stdout = place.inner { print() } else { Ok(()) })?;
        self.each(|place, profiles| place.commit(key_id, profiles))
    }

    fn each(&mut self, mut step: impl FnMut(&mut Place, &dyn Profiles) -> Result<(), Error>) -> Result<(), Error> {
        for place in &mut self.places {
            step(place, self.profiles).map_err(|error| {
                let message = format!("the secret did not reach `{}`", place.called);
                error.reclassify(Kind::StoreFailed, message)
            })?;
        }
        Ok(())
    }

    /// Removes the secret, and restores the former content; continues after a failure.
    fn roll_back(&mut self) -> Result<(), Error> {
        self.places.iter_mut().map(Place::undo).fold(Ok(()), Result::and)
    }
}

fn open_keyring(profile: Option<&str>, force: bool, keyring: &Store, profiles: &dyn Profiles) -> Result<Inner, Error> {
    let profile = profile.unwrap_or_default().to_owned();
    profiles.accepts(&profile)?;
    keyring.probe(&profile)?;
    let before = keyring.read(&profile)?;
    if before.is_some() && !force {
        let message = format!("the keyring has a key of profile `{profile}` already");
        return Err(Error::new(Kind::Declined, message)
            .hint("Name another profile with `--to keyring:NAME`, or replace the key with `--force`."));
    }
    Ok(Inner::Keyring { profile, store: keyring.clone(), before, is_staged: false })
}

fn open_file(path: &Path, force: bool) -> Result<Inner, Error> {
    let name = path.display();
    let declined = |message: String| Error::new(Kind::Declined, message);
    match fs::symlink_metadata(path) {
        Ok(found) if !found.is_file() => {
            return Err(
                declined(format!("`{name}` is there already, and is not a regular file")).hint("Name another file.")
            );
        }
        Ok(_) if !force => {
            let hint = "Name another file, or replace it with `--force`.";
            return Err(declined(format!("`{name}` is there already")).hint(hint));
        }
        _ => {}
    }
    let directory = path.parent().filter(|parent| !parent.as_os_str().is_empty()).unwrap_or(Path::new("."));
    if !directory.is_dir() {
        let message = format!("`{name}` cannot be written: its directory is not there");
        return Err(
            Error::new(Kind::StoreFailed, message).hint(format!("Make it: `{}`.", shells::make_directory(directory)))
        );
    }
    let before = if force { before(path)? } else { None };
    let staged = Staged::new(path).map_err(|source| unusable("write", path, source))?;
    Ok(Inner::File { path: path.to_owned(), staged: Some(staged), before, force })
}

/// Larger than any file with one key.
const LARGEST: u64 = 64 << 10;

/// Returns the content of a file that is to be replaced; `None` if it does not exist, or is too large for a key.
fn before(path: &Path) -> Result<Option<Zeroizing<Vec<u8>>>, Error> {
    match fs::metadata(path) {
        Ok(found) if found.len() <= LARGEST => {
            fs::read(path).map(|bytes| Some(Zeroizing::new(bytes))).map_err(|source| unusable("read", path, source))
        }
        _ => Ok(None),
    }
}

fn unusable(verb: &'static str, path: &Path, source: std::io::Error) -> Error {
    credentials::Error::File { verb, path: path.to_owned(), source }.into()
}

impl Place {
    /// Puts the secret where it can still be removed.
    fn stage(&mut self, secret: &Secret) -> Result<(), Error> {
        match &mut self.inner {
            Inner::Keyring { profile, store, is_staged, .. } => {
                *is_staged = true;
                Ok(store.keep(profile, secret)?)
            }
            Inner::File { path, staged: Some(staged), .. } => {
                staged.write(&[secret.expose().as_bytes(), b"\n"]).map_err(|source| unusable("write", path, source))
            }
            Inner::File { .. } | Inner::Stdout | Inner::Command => Ok(()),
        }
    }

    /// Pipes the secret to a command, which cannot be undone.
    fn hand_over(&self, secret: &Secret) -> Result<(), Error> {
        match &self.destination {
            Destination::Command(words) => Ok(credentials::command::give(words, secret)?),
            _ => Ok(()),
        }
    }

    /// Makes the staged secret visible.
    fn commit(&mut self, key_id: Option<&str>, profiles: &dyn Profiles) -> Result<(), Error> {
        match &mut self.inner {
            Inner::Keyring { profile, .. } => profiles.note(profile, key_id),
            Inner::File { path, staged, force, .. } => {
                let put = staged.take().map_or(Ok(()), |staged| staged.put(*force));
                put.map_err(|source| unusable("write", path, source))
            }
            Inner::Stdout | Inner::Command => Ok(()),
        }
    }

    /// Removes what was staged or committed, and restores the former content.
    fn undo(&mut self) -> Result<(), Error> {
        match &mut self.inner {
            Inner::Keyring { profile, store, before, is_staged: true } => match before {
                Some(before) => Ok(store.keep(profile, before)?),
                None => Ok(store.forget(profile).map(drop)?),
            },
            // Dropping the value has removed a file that was never committed.
            Inner::File { path, staged: None, before, .. } => match before {
                Some(before) => crate::disk::replace(path, before),
                None => crate::disk::remove(path).map(drop),
            }
            .map_err(|source| unusable("put back", path, source)),
            _ => Ok(()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{Delivery, Profiles};
    use crate::credentials::Store;
    use crate::error::{Error, Kind};
    use crate::journal::Destination;
    use crate::secret::Secret;
    use std::fs;
    use std::path::Path;
    use std::time::Duration;

    struct Anything;

    impl Profiles for Anything {
        fn accepts(&self, _: &str) -> Result<(), Error> {
            Ok(())
        }

        fn note(&self, _: &str, _: Option<&str>) -> Result<(), Error> {
            Ok(())
        }

        fn succeed(&self, _: &str, _: Option<&str>) -> Result<(), Error> {
            Ok(())
        }

        fn forget(&self) -> Result<(), Error> {
            Ok(())
        }
    }

    const KEYRING: Store = Store::Keyring { limit: Duration::from_secs(1), origin: None };

    fn file(folder: &Path, name: &str) -> Destination {
        Destination::File(folder.join(name))
    }

    #[test]
    fn where_one_place_fails_none_has_it_and_what_was_there_is_back() {
        let folder = tempfile::tempdir().unwrap();
        let names = |folder: &Path| fs::read_dir(folder).unwrap().count();
        fs::write(folder.path().join("old"), "former").unwrap();
        let places =
            [file(folder.path(), "old"), file(folder.path(), "new"), Destination::Stdout, file(folder.path(), "late")];
        let mut delivery = Delivery::open(&places, "", true, &KEYRING, &Anything).unwrap();
        let secret = Secret::new("k-delivered-0001".into());
        let refused = || Err(Error::new(Kind::Failed, "the reader went away"));
        assert!(delivery.deliver(&secret, Some("1"), &refused).is_err());
        drop(delivery);
        assert_eq!(
            (fs::read_to_string(folder.path().join("old")).unwrap().as_str(), names(folder.path())),
            ("former", 1)
        );
        // A failure at the last step rolls back the other destinations.
        let mut delivery = Delivery::open(&places, "", true, &KEYRING, &Anything).unwrap();
        let spoil = || fs::create_dir(folder.path().join("late")).map_err(|_| Error::new(Kind::Failed, "spoilt"));
        assert!(delivery.deliver(&secret, Some("1"), &spoil).is_err());
        drop(delivery);
        assert_eq!(
            (fs::read_to_string(folder.path().join("old")).unwrap().as_str(), names(folder.path())),
            ("former", 2)
        );
    }

    #[test]
    fn what_no_file_can_be_is_found_out_before_there_is_a_key() {
        let folder = tempfile::tempdir().unwrap();
        for name in ["n".repeat(300), "no/k".to_owned(), "..".to_owned()] {
            assert!(Delivery::open(&[file(folder.path(), &name)], "", true, &KEYRING, &Anything).is_err(), "{name}");
        }
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 0);
    }
}

//! `config.toml`: read and validated as a whole; changed one entry at a time under a lock, and comments survive.
//!
//! Unknown entries stay and cause a warning. The file holds no secret, and must not.

use std::collections::BTreeMap;
use std::fs;
use std::io;
use std::ops::Range;
use std::path::{Path, PathBuf};
use std::time::Duration;

use toml_edit::{Document, DocumentMut, Item, Table, TableLike, value};

use super::error::Error;
use crate::disk::{self, Refused};

/// The format version of the file. A file without one has this version; another version is refused.
const VERSION: u32 = 1;

const KEYS: [&str; 4] = ["version", "profile", "profiles", "accessible"];
const PROFILE_KEYS: [&str; 8] =
    ["portal", "organization", "store", "former_store", "command", "key_id", "read_only", "variables"];
const STORES: &str = "`keyring`, `file`, `command` or `none`";

/// Where a profile's key is kept.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Store {
    /// The operating system's keyring.
    #[default]
    Keyring,
    /// A private key file in our directory.
    File,
    /// A program that prints the key, with its arguments.
    Command(String),
    /// Nowhere: the profile was logged out.
    None,
}

impl Store {
    /// Returns the store's name in the file.
    pub fn as_str(&self) -> &'static str {
        match self {
            Store::Keyring => "keyring",
            Store::File => "file",
            Store::Command(_) => "command",
            Store::None => "none",
        }
    }
}

/// A portal and where its key is stored; the key itself is in the store.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Profile {
    pub portal: Option<String>,
    /// The organization's name in the portal at the time of the login.
    pub organization: Option<String>,
    pub store: Store,
    /// The store that a logged-out profile had, so that a login to the same one can be proposed.
    pub former_store: Option<Store>,
    /// The key's id in the portal, if it is known.
    pub key_id: Option<String>,
    /// True if the profile may change nothing. Only people write this.
    pub read_only: bool,
    /// The values for variables of bindings. They are changed one by one.
    pub variables: BTreeMap<String, String>,
}

impl Profile {
    /// Returns the options of `auth login` that keep the key where it is, or was before the logout.
    pub fn store_option(&self) -> String {
        let store = if self.store == Store::None { self.former_store.as_ref() } else { Some(&self.store) };
        match store {
            Some(Store::File) => " --store file".to_owned(),
            Some(Store::Command(words)) => format!(" --store command --command {}", shell_words::quote(words)),
            Some(Store::Keyring | Store::None) | None => String::new(),
        }
    }
}

/// The contents of the file.
#[derive(Debug, Default)]
pub struct ConfigFile {
    /// The profile in use.
    pub profile: Option<String>,
    pub profiles: BTreeMap<String, Profile>,
    /// Whether nothing may move and rows are printed as blocks. Only people write this.
    pub accessible: bool,
    /// A warning for each unknown entry.
    pub unknown: Vec<String>,
}

/// Reads the file; a missing file is empty.
pub fn read(path: &Path) -> Result<ConfigFile, Error> {
    contents(path, &text(path)?)
}

/// Parses the text of the file.
pub(super) fn contents(path: &Path, text: &str) -> Result<ConfigFile, Error> {
    let reader = Reader { path, text };
    let document = Document::parse(text).map_err(|error| {
        let problem = format!("is not valid TOML: {}", error.message().lines().next().unwrap_or_default());
        reader.error(error.span(), &problem)
    })?;
    reader.contents(document.as_table())
}

/// Saves a profile.
pub fn save(path: &Path, name: &str, profile: &Profile) -> Result<(), Error> {
    change(path, saving(name, profile))
}

/// Returns an edit that writes a profile into a document.
pub(super) fn saving(name: &str, profile: &Profile) -> impl FnOnce(&mut DocumentMut) {
    move |document| {
        let profiles = document.entry("profiles").or_insert_with(|| {
            let mut table = Table::new();
            table.set_implicit(true);
            Item::Table(table)
        });
        let Some(profiles) = profiles.as_table_like_mut() else { return };
        let entry = profiles.entry(name).or_insert_with(|| Item::Table(Table::new()));
        let Some(entry) = entry.as_table_like_mut() else { return };
        let former = profile.former_store.as_ref().filter(|_| profile.store == Store::None);
        let command = match former.unwrap_or(&profile.store) {
            Store::Command(words) => Some(words.as_str()),
            Store::Keyring | Store::File | Store::None => None,
        };
        set(entry, "portal", profile.portal.as_deref());
        set(entry, "organization", profile.organization.as_deref());
        set(entry, "store", Some(profile.store.as_str()));
        set(entry, "former_store", former.map(Store::as_str));
        set(entry, "command", command);
        set(entry, "key_id", profile.key_id.as_deref());
    }
}

/// Sets a variable of an existing profile; `None` removes it.
pub fn save_variable(path: &Path, profile: &str, name: &str, text: Option<&str>) -> Result<(), Error> {
    change(path, saving_variable(profile, name, text))
}

/// Returns an edit that sets or removes a profile's variable.
pub(super) fn saving_variable(profile: &str, name: &str, text: Option<&str>) -> impl FnOnce(&mut DocumentMut) {
    move |document| {
        let entry = document.get_mut("profiles").and_then(|profiles| profiles.get_mut(profile));
        let Some(entry) = entry.and_then(Item::as_table_like_mut) else { return };
        let variables = entry.entry("variables").or_insert_with(|| Item::Table(Table::new()));
        if let Some(variables) = variables.as_table_like_mut() {
            set(variables, name, text);
        }
    }
}

/// Makes a profile the current one.
pub fn select(path: &Path, name: &str) -> Result<(), Error> {
    change(path, |document| set(document.as_table_mut(), "profile", Some(name)))
}

fn set(table: &mut dyn TableLike, key: &str, text: Option<&str>) {
    match (text, table.get_mut(key).and_then(Item::as_value_mut)) {
        (None, _) => drop(table.remove(key)),
        (Some(text), None) => drop(table.insert(key, value(text))),
        (Some(text), Some(old)) => {
            // Keep a comment behind the value.
            let decor = old.decor().clone();
            *old = text.into();
            *old.decor_mut() = decor;
        }
    }
}

/// More than any hand-written configuration.
const LARGEST: u64 = 1 << 20;

/// A change takes milliseconds; whoever holds the lock for longer is doing something else.
const PATIENCE: Duration = Duration::from_secs(10);

/// Reads, changes and replaces the file under a lock, so that concurrent runs wait.
fn change(path: &Path, edit: impl FnOnce(&mut DocumentMut)) -> Result<(), Error> {
    let unusable = |source| Error::Unusable { verb: "write", path: path.to_owned(), source };
    let directory = path.parent().unwrap_or(Path::new("."));
    disk::make_directory(directory).map_err(unusable)?;
    let held = || unusable(io::Error::other("another process has been changing it for 10 s"));
    let _lock = disk::lock(&directory.join(".lock"), PATIENCE, || ()).map_err(unusable)?.ok_or_else(held)?;
    // Do not write to a file that cannot be parsed.
    read(path)?;
    let edited = edited(&text(path)?, edit);
    // Replace the target of a link, not the link: people keep this file in a repository.
    let target = fs::canonicalize(path).unwrap_or_else(|_| path.to_owned());
    disk::replace(&target, edited.as_bytes()).map_err(unusable)
}

/// Returns the text of a file after an edit.
pub(super) fn edited(text: &str, edit: impl FnOnce(&mut DocumentMut)) -> String {
    let mut document: DocumentMut = text.parse().unwrap_or_default();
    edit(&mut document);
    document.to_string()
}

/// Reads the text of the file; a missing file is empty.
pub(super) fn text(path: &Path) -> Result<String, Error> {
    match disk::read_text(path, LARGEST) {
        Err(refused) if refused.is_absent() => Ok(String::new()),
        Err(Refused::Untrusted(untrusted)) => Err(Error::Untrusted(untrusted)),
        text => text.map_err(|refused| Error::Unusable { verb: "read", path: path.to_owned(), source: refused.into() }),
    }
}

/// Converts tables to plain data, and knows the line of every entry for errors.
struct Reader<'f> {
    path: &'f Path,
    text: &'f str,
}

impl Reader<'_> {
    fn contents(&self, root: &Table) -> Result<ConfigFile, Error> {
        self.check_version(root)?;
        let (profile, accessible) = (self.string(root, "", "profile")?, self.flag(root, "", "accessible")?);
        let mut contents = ConfigFile { profile, accessible, ..ConfigFile::default() };
        contents.unknown.extend(self.unknown(root, "", &KEYS));
        let Some(profiles) = root.get("profiles") else { return Ok(contents) };
        for (name, item) in self.table(profiles, "profiles")?.iter() {
            let prefix = format!("profiles.{name}.");
            let table = self.table(item, &format!("profiles.{name}"))?;
            contents.unknown.extend(self.unknown(table, &prefix, &PROFILE_KEYS));
            contents.profiles.insert(name.to_owned(), self.profile(table, &prefix)?);
        }
        Ok(contents)
    }

    fn check_version(&self, root: &Table) -> Result<(), Error> {
        let Some(item) = root.get("version") else { return Ok(()) };
        let found = item.as_integer().and_then(|number| u32::try_from(number).ok());
        let found = found.ok_or_else(|| self.expected(item, "version", "a whole number"))?;
        disk::check_version(found, VERSION)
            .map_err(|other| self.error(item.span(), &format!("is not understood: {other}")))
    }

    fn profile(&self, table: &dyn TableLike, prefix: &str) -> Result<Profile, Error> {
        let command = self.string(table, prefix, "command")?;
        let span = table.get("store").and_then(Item::span);
        // A word that a later version wrote is as good as none here.
        let former_store = match (self.string(table, prefix, "former_store")?.as_deref(), &command) {
            (Some("keyring"), _) => Some(Store::Keyring),
            (Some("file"), _) => Some(Store::File),
            (Some("command"), Some(words)) => Some(Store::Command(words.clone())),
            _ => None,
        };
        let store = match (self.string(table, prefix, "store")?.as_deref(), command) {
            (None | Some("keyring"), _) => Store::Keyring,
            (Some("file"), _) => Store::File,
            (Some("none"), _) => Store::None,
            (Some("command"), Some(words)) => Store::Command(words),
            (Some("command"), None) => {
                return Err(self.error(span, &format!("has a `{prefix}store` of `command`, and no `{prefix}command`")));
            }
            (Some(other), _) => {
                return Err(self.error(span, &format!("has `{other}` for `{prefix}store`; expected {STORES}")));
            }
        };
        let (portal, key_id) = (self.string(table, prefix, "portal")?, self.string(table, prefix, "key_id")?);
        let read_only = self.flag(table, prefix, "read_only")?;
        let variables = self.variables(table, prefix)?;
        let organization = self.string(table, prefix, "organization")?;
        Ok(Profile { portal, organization, store, former_store, key_id, read_only, variables })
    }

    fn variables(&self, table: &dyn TableLike, prefix: &str) -> Result<BTreeMap<String, String>, Error> {
        let Some(item) = table.get("variables") else { return Ok(BTreeMap::new()) };
        let given = self.table(item, &format!("{prefix}variables"))?.iter().map(|(name, item)| {
            // A number or a boolean is taken as its text.
            let plain =
                || item.as_integer().map(|number| number.to_string()).or(item.as_bool().map(|yes| yes.to_string()));
            let text = item.as_str().map(str::to_owned).or_else(plain);
            let text =
                text.ok_or_else(|| self.expected(item, &format!("{prefix}variables.{name}"), "a text in quotes"));
            text.map(|text| (name.to_owned(), text))
        });
        given.collect()
    }

    fn string(&self, table: &dyn TableLike, prefix: &str, key: &str) -> Result<Option<String>, Error> {
        let Some(item) = table.get(key) else { return Ok(None) };
        let text = item.as_str().map(str::to_owned);
        text.map(Some).ok_or_else(|| self.expected(item, &format!("{prefix}{key}"), "a text in quotes"))
    }

    fn flag(&self, table: &dyn TableLike, prefix: &str, key: &str) -> Result<bool, Error> {
        let Some(item) = table.get(key) else { return Ok(false) };
        item.as_bool().ok_or_else(|| self.expected(item, &format!("{prefix}{key}"), "true or false"))
    }

    fn table<'t>(&self, item: &'t Item, name: &str) -> Result<&'t dyn TableLike, Error> {
        item.as_table_like().ok_or_else(|| self.expected(item, name, "a table"))
    }

    fn unknown(&self, table: &dyn TableLike, prefix: &str, known: &[&str]) -> Vec<String> {
        let unknown = table.iter().filter(|(key, _)| !known.contains(key));
        let told = unknown.map(|(key, _)| {
            let nearest = known.iter().map(|known| (strsim::jaro_winkler(key, known), known));
            let nearest = nearest.filter(|(similarity, _)| *similarity > 0.7).max_by(|a, b| a.0.total_cmp(&b.0));
            let hint = nearest.map_or_else(String::new, |(_, known)| format!("; is `{prefix}{known}` meant?"));
            format!("`{}` has an unknown key `{prefix}{key}`{hint}", self.path.display())
        });
        told.collect()
    }

    fn expected(&self, item: &Item, name: &str, what: &str) -> Error {
        self.error(item.span(), &format!("has a `{name}` that is not {what}"))
    }

    fn error(&self, span: Option<Range<usize>>, problem: &str) -> Error {
        let line =
            span.and_then(|span| self.text.get(..span.start)).map_or(1, |before| before.matches('\n').count() + 1);
        let what = format!("`{}`, line {line},", PathBuf::from(self.path).display());
        Error::Invalid { what, problem: problem.to_owned() }
    }
}

#[cfg(test)]
mod tests {
    use super::{Profile, Store, read, save, select};
    use std::fs;
    use std::path::PathBuf;

    fn file(text: &str) -> (tempfile::TempDir, PathBuf) {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("config.toml");
        fs::write(&path, text).unwrap();
        (folder, path)
    }

    #[test]
    fn comments_and_other_entries_stay_as_they_are() {
        let (_folder, path) =
            file("# mine\nprofile = \"a\" # in use\n\n[profiles.a]\nportal = \"https://a.example\" # old\n");
        let portal = Some("https://new.example".to_owned());
        save(&path, "a", &Profile { portal, store: Store::Command("pass show optra".into()), ..Profile::default() })
            .unwrap();
        select(&path, "b").unwrap();
        assert_eq!(
            fs::read_to_string(&path).unwrap(),
            "# mine\nprofile = \"b\" # in use\n\n[profiles.a]\nportal = \"https://new.example\" # old\n\
             store = \"command\"\ncommand = \"pass show optra\"\n"
        );
    }

    #[test]
    fn a_saved_profile_is_read_back() {
        let (_folder, path) = file("");
        for store in [Store::Keyring, Store::File, Store::None, Store::Command("a 'b c'".into())] {
            let profile = Profile {
                portal: Some("https://a.example".into()),
                store,
                key_id: Some("7".into()),
                ..Profile::default()
            };
            save(&path, "eu.west", &profile).unwrap();
            assert_eq!(read(&path).unwrap().profiles["eu.west"], profile);
        }
    }

    #[test]
    fn an_error_names_the_line_and_what_was_expected() {
        for (text, line, said) in [
            ("profile = \n", 1, "is not valid TOML"),
            ("\n\nprofile = 5", 3, "`profile` that is not a text in quotes"),
            ("profiles = 5", 1, "`profiles` that is not a table"),
            ("[profiles]\na = 5", 2, "`profiles.a` that is not a table"),
            ("[profiles.a]\nstore = \"vault\"", 2, "`vault` for `profiles.a.store`; expected `keyring`"),
            ("[profiles.a]\nstore = \"command\"", 2, "no `profiles.a.command`"),
            ("version = 1.5", 1, "`version` that is not a whole number"),
            ("profiles = 5\nversion = 2", 2, "a newer version of optra wrote it"),
        ] {
            let (_folder, path) = file(text);
            let error = read(&path).unwrap_err().to_string();
            assert!(error.contains(&format!("line {line},")) && error.contains(said), "{text}: {error}");
            assert!(save(&path, "b", &Profile::default()).is_err());
            assert_eq!(fs::read_to_string(&path).unwrap(), text);
        }
    }

    #[test]
    fn an_unknown_key_names_the_nearest() {
        let (_folder, path) = file("[profiles.a]\nprotal = \"x\"\nzzz = 1");
        let unknown = read(&path).unwrap().unknown;
        assert!(unknown[0].ends_with("unknown key `profiles.a.protal`; is `profiles.a.portal` meant?"), "{unknown:?}");
        assert!(unknown[1].ends_with("unknown key `profiles.a.zzz`"), "{unknown:?}");
    }
}

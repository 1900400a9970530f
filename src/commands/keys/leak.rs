//! A leaked key: which key it is, where it was found, whether it is still valid, and the command that replaces it. It
//! never holds the secret.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use schemars::JsonSchema;
use serde::Serialize;

use super::repository::Object;
use crate::config::{self, profile_option};
use crate::context::Context;
use crate::error::Error;
use crate::journal::SoughtKey;
use crate::lifecycle::{Inventory, Issuer};
use crate::scan::Hit;
use crate::text::argument;

/// A key that was found.
#[derive(Debug, JsonSchema, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Leak {
    pub portal: String,
    /// None if the id is not known, as it may be for the key in use
    pub key_id: Option<String>,
    pub key_name: Option<String>,
    /// `valid` or `revoked`; `unknown` if the portal was not asked, or does not tell
    pub state: &'static str,
    /// The path with line and column; in the history of git, with the commit before it; in an archive, with `!` and the
    /// member behind it
    pub location: String,
    /// `-` is stdin
    pub path: String,
    pub line: u64,
    /// In bytes, from 1
    pub column: u64,
    /// The first commit that has it at this path
    pub commit: Option<String>,
    /// `plain`, or the encodings, the outermost first
    pub form: String,
    /// The text around it, masked
    pub context: String,
    /// The command that replaces the key; none for a revoked key
    pub rotate: Option<String>,
    /// The path in the archive; with `!` between them, if one archive is in another
    pub member: Option<String>,
}

/// Turns hits of the scanner into findings.
pub struct Leaks<'s> {
    keys: &'s [SoughtKey],
    cx: &'s Context,
    /// The portal that was asked, and its keys.
    told: Option<(String, Inventory)>,
    ignores_revoked: bool,
    /// The directory of key files.
    store: Option<PathBuf>,
    /// How many hits are where the key was delivered, and how many were ignored.
    at_home: usize,
    ignored: usize,
    /// The commands that replace the keys that were found.
    rotate: BTreeSet<String>,
}

impl<'s> Leaks<'s> {
    /// Takes the keys to look for; if `asks`, lists the keys of the run's portal.
    pub fn new(keys: &'s [SoughtKey], asks: bool, ignores_revoked: bool, cx: &'s Context) -> Result<Leaks<'s>, Error> {
        let told = if asks { Some((cx.portal_name()?, cx.portal()?.keys()?)) } else { None };
        let store = config::keys_dir().ok().and_then(|directory| directory.canonicalize().ok());
        Ok(Leaks { keys, cx, told, ignores_revoked, store, at_home: 0, ignored: 0, rotate: BTreeSet::new() })
    }

    /// Reports a hit in a file, unless the key was delivered there.
    pub fn in_file(
        &mut self,
        path: &Path,
        inside: &str,
        hit: Hit,
        found: &mut impl FnMut(Leak) -> Result<(), Error>,
    ) -> Result<(), Error> {
        if self.belongs(path, hit.mark) {
            self.at_home += 1;
            return Ok(());
        }
        // Systems that read findings expect paths relative to the repository.
        let from_top = path.strip_prefix(".").ok().filter(|path| !path.as_os_str().is_empty());
        let shown = from_top.unwrap_or(path).display().to_string();
        self.leak(shown.clone(), shown, None, inside, hit, found)
    }

    /// Reports a hit in a git object.
    pub fn in_git(
        &mut self,
        object: &Object,
        inside: &str,
        hit: Hit,
        found: &mut impl FnMut(Leak) -> Result<(), Error>,
    ) -> Result<(), Error> {
        self.leak(object.name(), object.path.clone(), object.commit.clone(), inside, hit, found)
    }

    fn leak(
        &mut self,
        at: String,
        path: String,
        commit: Option<String>,
        inside: &str,
        hit: Hit,
        found: &mut impl FnMut(Leak) -> Result<(), Error>,
    ) -> Result<(), Error> {
        let Some(key) = self.keys.get(hit.mark) else { return Ok(()) };
        let of_portal = self.told.as_ref().filter(|(portal, _)| *portal == key.portal);
        let state = state(key, of_portal.map(|(_, inventory)| inventory));
        if self.ignores_revoked && state == "revoked" {
            self.ignored += 1;
            return Ok(());
        }
        let at = if inside.is_empty() { at } else { format!("{at}!{inside}") };
        let member = (!inside.is_empty()).then(|| inside.to_owned());
        let rotate = if state == "revoked" { None } else { Some(rotate(key, self.cx)?) };
        self.rotate.extend(rotate.clone());
        found(Leak {
            portal: key.portal.clone(),
            key_id: key.id.clone(),
            key_name: key.name.clone(),
            state,
            location: format!("{at}:{}:{}", hit.line, hit.column),
            path,
            line: hit.line,
            column: hit.column,
            commit,
            form: hit.form,
            context: hit.context,
            rotate,
            member,
        })
    }

    /// Returns true for a file that the key was delivered to; there it is not leaked.
    fn belongs(&self, path: &Path, mark: usize) -> bool {
        let Ok(real) = fs::canonicalize(path) else { return false };
        let place = format!("file:{}", real.display());
        self.store.as_ref().is_some_and(|store| real.starts_with(store))
            || self.keys.get(mark).is_some_and(|key| key.places.contains(&place))
    }

    /// Reports what was ignored, and how to replace the keys that were found.
    pub fn tell(&self) {
        let out = &self.cx.out;
        if self.at_home > 0 {
            out.status(format_args!("Not counted: {} where the key was delivered.", self.at_home));
        }
        if self.ignored > 0 {
            out.status(format_args!("Not counted: {} of revoked keys.", self.ignored));
        }
        for line in &self.rotate {
            out.note(format_args!("To replace it: `{line}`."));
        }
    }
}

fn state(key: &SoughtKey, told: Option<&Inventory>) -> &'static str {
    match (told, &key.id) {
        (Some(inventory), Some(id)) if inventory.has(id) => "valid",
        (Some(inventory), Some(_)) if inventory.is_whole() => "revoked",
        _ if key.is_gone => "revoked",
        _ => "unknown",
    }
}

/// Returns the command that replaces a key: in the store of the profile that uses it, or in a place that holds it.
fn rotate(key: &SoughtKey, cx: &Context) -> Result<String, Error> {
    let Some(id) = &key.id else { return Ok(format!("optra{} keys rotate", cx.config.portal_flags())) };
    if key.portal == "sandbox" {
        return Ok(format!("optra --sandbox keys rotate {}{}", destination(key), argument(id)));
    }
    let of_portal = || -> Result<_, Error> {
        let profiles = &cx.config.file()?.profiles;
        Ok(profiles.iter().filter(|(_, profile)| profile.portal.as_ref() == Some(&key.portal)))
    };
    if let Some((name, _)) = of_portal()?.find(|(_, profile)| profile.key_id.as_ref() == Some(id)) {
        return Ok(format!("optra keys rotate{}", profile_option(name)));
    }
    let by = match of_portal()?.next() {
        Some((name, _)) => profile_option(name),
        None => format!(" --portal {}", shell_words::quote(&key.portal)),
    };
    Ok(format!("optra{by} keys rotate {}{}", destination(key), argument(id)))
}

fn destination(key: &SoughtKey) -> String {
    match key.places.iter().find(|place| place.starts_with("file:")) {
        Some(place) => format!("--to {} --force ", shell_words::quote(place)),
        None => "--to stdout ".to_owned(),
    }
}

//! Which keys to revoke: the named ones, those that meet conditions, or those of a plan.

use std::io::ErrorKind;
use std::path::{Path, PathBuf};

use super::revocation::Outcome;
use crate::commands::input::{id_or_name, text, trusted_text};
use crate::commands::search::Resolver;
use crate::config::path;
use crate::context::Context;
use crate::disk;
use crate::error::{Error, Kind};
use crate::lifecycle::{Applicable, Condition, KeyInUse, Plan, Ternary, judge, name};
use crate::portal::keys::ApiKey;
use crate::text::{argument, counted};

/// Conditions may match at most this many keys, unless `--max` allows more.
const MOST: usize = 10;

/// The arguments that select keys.
#[derive(Debug, clap::Args)]
pub struct Targets {
    /// The keys' ids, or their names where no other key has them; `-` reads them from stdin, one per line
    #[arg(required_unless_present_any = ["conditions", "apply"], value_name = "ID|NAME", value_parser = id_or_name)]
    keys: Vec<String>,

    /// Revoke the keys that meet this: name=PATTERN, unused-for=AGE or older-than=AGE; can be repeated; `optra help
    /// filters`
    #[arg(long = "where", value_name = "CONDITION", conflicts_with_all = ["keys", "apply"])]
    conditions: Vec<String>,

    /// Allow a condition to match up to this many keys [default: 10]
    #[arg(long, value_name = "N", requires = "conditions", conflicts_with_all = ["keys", "apply"], hide_short_help = true)]
    max: Option<usize>,

    /// Treat a missing key as revoked
    #[arg(long, requires = "keys", conflicts_with_all = ["conditions", "apply"])]
    ignore_not_found: bool,

    /// Revoke the keys of this plan, if unchanged
    #[arg(long, value_name = "FILE", conflicts_with = "keys", value_parser = path)]
    apply: Option<PathBuf>,
}

impl Targets {
    /// Returns true if the keys are not named one by one.
    pub fn are_many(&self) -> bool {
        self.keys.is_empty()
    }

    /// Returns true if each key is named by its id, and `keys` has them all.
    pub fn are_ids_of(&self, keys: &[ApiKey]) -> bool {
        !self.are_many() && self.keys.iter().all(|word| keys.iter().any(|key| key.id == *word))
    }

    /// Returns the conditions.
    pub fn conditions(&self) -> &[String] {
        &self.conditions
    }

    /// Parses the conditions, so that a mistake is found before a request is sent.
    pub fn parse(&self) -> Result<Vec<Condition>, Error> {
        let read = self.conditions.iter().map(|text| text.parse::<Condition>());
        read.collect::<Result<_, _>>().map_err(|problem| Error::new(Kind::Usage, format!("`--where`: {problem}")))
    }

    /// Reads the plan to apply, once, with its text.
    pub fn plan(&self) -> Result<Option<(&Path, Plan, String)>, Error> {
        let Some(path) = self.apply.as_deref() else { return Ok(None) };
        let text = trusted_text(path, "the plan")?;
        Ok(Some((path, parse_plan(path, &text)?, text)))
    }

    /// Finds the keys, in the order of the arguments; missing ones get their outcome here.
    pub fn find(
        &self,
        all: &[ApiKey],
        plan: Option<&Plan>,
        cx: &Context,
    ) -> Result<(Vec<ApiKey>, Vec<Outcome>), Error> {
        let found = match plan {
            Some(plan) => planned(plan, all, cx)?,
            None if self.are_many() => self.meant(all, cx)?,
            None => return self.named(all, cx),
        };
        let outcomes = found.iter().map(Outcome::due).collect();
        Ok((found, outcomes))
    }

    /// Returns the ids and names that were given.
    pub fn keys(&self) -> &[String] {
        &self.keys
    }

    fn named(&self, all: &[ApiKey], cx: &Context) -> Result<(Vec<ApiKey>, Vec<Outcome>), Error> {
        let (mut found, mut outcomes): (Vec<ApiKey>, Vec<Outcome>) = Default::default();
        let words = self.words()?;
        for word in &words {
            let search = search(word, all);
            if self.ignore_not_found && search.is_absent() {
                cx.out.status(format_args!("There is no key `{word}`."));
                continue;
            }
            match search.finish() {
                Ok(key) if found.iter().any(|other| other.id == key.id) => {}
                Ok(key) => {
                    outcomes.push(Outcome::due(&key));
                    found.push(key);
                }
                Err(error) if words.len() == 1 => return Err(error),
                Err(error) => outcomes.push(Outcome::missing(word, error)),
            }
        }
        Ok((found, outcomes))
    }

    fn words(&self) -> Result<Vec<String>, Error> {
        let mut words = Vec::new();
        for word in &self.keys {
            if word != "-" {
                words.push(word.clone());
                continue;
            }
            let lines = text(Path::new("-"), "the keys")?;
            words.extend(lines.lines().map(str::trim).filter(|line| !line.is_empty()).map(str::to_owned));
        }
        match words.is_empty() {
            true => Err(Error::new(Kind::Usage, "no key was named")),
            false => Ok(words),
        }
    }

    fn meant(&self, all: &[ApiKey], cx: &Context) -> Result<Vec<ApiKey>, Error> {
        let (conditions, now, most) = (self.parse()?, crate::text::now(), self.max.unwrap_or(MOST));
        let truths: Vec<(&ApiKey, Ternary)> = all.iter().map(|key| (key, judge(&conditions, key, now))).collect();
        let unknown = truths.iter().filter(|(_, truth)| *truth == Ternary::Unknown).count();
        if unknown > 0 {
            cx.out.warn(format_args!(
                "{} may match: the portal does not tell when they were made or used",
                counted(unknown, "more key", "more keys")
            ));
        }
        let yes = truths.into_iter().filter(|(_, truth)| *truth == Ternary::Yes);
        let found: Vec<ApiKey> = yes.map(|(key, _)| key.clone()).collect();
        if found.len() > most {
            let are = counted(found.len(), "key matches", "keys match");
            let message = format!("{are}, which is more than {most}; nothing was revoked");
            let hint = format!("If all of them are to go, say so: `--max {}`.", found.len());
            return Err(Error::new(Kind::Declined, message).hint(hint));
        }
        Ok(found)
    }
}

/// Returns the keys that a plan still asks for; tells which this machine has revoked.
fn planned(plan: &Plan, all: &[ApiKey], cx: &Context) -> Result<Vec<ApiKey>, Error> {
    let base = cx.portal_name()?;
    let is_revoked = |id: &str| Ok(cx.log()?.may_have_revoked(&base, id)?);
    let Applicable { keys, gone } = plan.check(all, &base, crate::text::now(), &is_revoked)?;
    for id in gone {
        cx.out.status(format_args!("The key with id {id} is gone already: this machine revoked it."));
    }
    Ok(keys)
}

fn parse_plan(path: &Path, text: &str) -> Result<Plan, Error> {
    let no_plan =
        |problem: String| Error::new(Kind::Usage, format!("`{}` is not a valid plan: {problem}", path.display()));
    Plan::parse(text).map_err(no_plan)
}

/// Writes a plan to a new file.
pub fn write_plan(plan: &Plan, path: &Path) -> Result<(), Error> {
    disk::create(path, plan.text().as_bytes()).map_err(|cause| {
        let (is_there, file) = (cause.kind() == ErrorKind::AlreadyExists, argument(&path.to_string_lossy()));
        let error = Error::new(Kind::Usage, format!("cannot write the plan to `{}`", path.display())).cause(cause);
        match is_there {
            // An existing file may be a plan that somebody has reviewed, so it is not overwritten.
            true => error
                .hint(format!("If it is the plan that is meant: `optra keys revoke --apply {file}`."))
                .hint(format!("To make it anew: `rm {file}`, then this again.")),
            false => error,
        }
    })
}

/// Finds a key by its id or its unique name.
pub fn find(word: &str, all: &[ApiKey]) -> Result<ApiKey, Error> {
    search(word, all).finish()
}

fn search<'w>(word: &'w str, all: &[ApiKey]) -> Resolver<'w, ApiKey> {
    let mut search = Resolver::new("key", word, |key: &ApiKey| &key.id);
    all.iter().for_each(|key| search.consider(key.clone(), name::as_meant(key, word)));
    search
}

/// Finds the named key; without a name, the key in use.
pub fn find_or_in_use(word: Option<&str>, all: &[ApiKey], in_use: &KeyInUse) -> Result<ApiKey, Error> {
    let Some(word) = word else {
        return all.iter().find(|key| Some(&*key.id) == in_use.id()).cloned().ok_or_else(|| {
            Error::new(Kind::Declined, "which of the keys is the one in use is not known; nothing was rotated")
                .hint("Name the key: `optra keys rotate ID`.")
        });
    };
    find(word, all)
}

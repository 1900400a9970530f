//! The candidates of completions for each kind of value. The caller removes those that do not match what is typed.
//!
//! A portal's name is offered only if it is one line that a terminal shows unchanged; else its id is.

use std::collections::BTreeSet;
use std::env;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};

use strum::VariantArray;

use super::topics::TOPICS;
use super::{query, schema};

use crate::config::{self, Config, Profile};
use crate::context::{Named, Names, names};
use crate::error::Kind;
use crate::lifecycle::name::strip_nonce;
use crate::output::safe;
use crate::portal::{Endpoint, operations};
use crate::shells::{Candidate, Typed};

/// Nobody reads a longer list of files.
const MOST_FILES: usize = 1000;

/// The command line so far, and the settings that it leads to.
pub struct Line {
    pub typed: Typed,
    /// `None` if the settings are invalid.
    pub config: Mutex<Option<Config>>,
    pub tree: fn() -> clap::Command,
}

impl Line {
    /// Returns something from the settings; the default if there are none.
    fn known<T: Default>(&self, read: impl FnOnce(&Config) -> Option<T>) -> T {
        let config = self.config.lock().unwrap_or_else(PoisonError::into_inner);
        config.as_ref().and_then(read).unwrap_or_default()
    }
}

pub fn profiles(typed: &str, line: &Line, _: &[String]) -> Vec<Candidate> {
    let before = typed.rfind(',').map_or("", |at| &typed[..=at]);
    let offer = |(name, profile): (&String, &Profile)| with(format!("{before}{name}"), profile.portal.as_deref());
    line.known(|config| Some(config.file().ok()?.profiles.iter().map(offer).collect()))
}

pub fn portals(_: &str, line: &Line, _: &[String]) -> Vec<Candidate> {
    let portals = |config: &Config| {
        let profiles = config.file().ok()?.profiles.values();
        Some(profiles.filter_map(|profile| profile.portal.clone()).collect::<BTreeSet<_>>())
    };
    line.known(portals).iter().map(plain).collect()
}

/// Offers fields, except those that are in the list already.
pub fn fields(_: &str, line: &Line, fields: &[String]) -> Vec<Candidate> {
    let (_, list) = line.typed.current.rsplit_once('=').unwrap_or(("", &line.typed.current));
    let named: Vec<&str> = list.rsplit_once(',').map_or_else(Vec::new, |(list, _)| list.split(',').collect());
    fields.iter().filter(|field| !named.contains(&field.as_str())).map(plain).collect()
}

/// Offers values of `--only`, except those that are in the list already.
pub fn grants(typed: &str, _: &Line, _: &[String]) -> Vec<Candidate> {
    let before = typed.rfind(',').map_or("", |at| &typed[..=at]);
    let named: Vec<&str> = before.split(',').collect();
    let all = operations().map(|operation| operation.word).chain(["queries", "query:", "mutation:"]);
    all.filter(|word| !named.contains(word)).map(|word| plain(&format!("{before}{word}"))).collect()
}

pub fn keys(typed: &str, line: &Line, _: &[String]) -> Vec<Candidate> {
    let names: Names = line.known(|config| names(config, "keys"));
    named(typed, &names.items, |name| strip_nonce(name).to_owned())
}

pub fn devices(typed: &str, line: &Line, _: &[String]) -> Vec<Candidate> {
    let names: Names = line.known(|config| names(config, "devices"));
    named(typed, &names.items, str::to_owned)
}

/// Offers names that are unique; ids for items without one, or if an id is being typed.
fn named(typed: &str, items: &[Named], as_meant: impl Fn(&str) -> String) -> Vec<Candidate> {
    let mut counted = std::collections::HashMap::<String, usize>::new();
    for name in items.iter().filter_map(|item| item.name.as_deref()) {
        *counted.entry(as_meant(name)).or_default() += 1;
    }
    let is_one = |name: &String| counted.get(name) == Some(&1) && is_typeable(name);
    let mut offered = Vec::new();
    for Named { id, name } in items {
        let meant = name.as_deref().map(&as_meant);
        let shown = name.as_deref().map(safe);
        match meant.filter(is_one) {
            Some(name) => {
                offered.push(with(name, Some(&format!("id {id}"))));
                if !typed.is_empty() && is_typeable(id) {
                    offered.push(with(id.clone(), shown.as_deref()));
                }
            }
            None if is_typeable(id) => offered.push(with(id.clone(), shown.as_deref())),
            None => {}
        }
    }
    offered
}

/// Returns true for a name that a terminal shows unchanged, and that does not look like an option.
fn is_typeable(name: &str) -> bool {
    !name.starts_with('-') && name.trim() == name && safe(name) == name
}

pub fn conditions(typed: &str, line: &Line, fields: &[String]) -> Vec<Candidate> {
    // The rows of `query` are not devices, and their values are not known.
    let is_of_devices = line.typed.words.iter().any(|word| word == "devices");
    let values = |field: &str| {
        let mut names: Names = line.known(|config| names(config, "devices").filter(|_| is_of_devices));
        names.values.remove(field).unwrap_or_default()
    };
    let Some((field, operator)) = operator_in(typed) else {
        // Offer operators behind a complete field.
        let operators = |field: &String| {
            let signs = if is_ordered(field) { &["=", "!=", "<", "<=", ">", ">="][..] } else { &["=", "!=", "~"] };
            signs.iter().map(|sign| plain(&format!("{field}{sign}"))).collect::<Vec<_>>()
        };
        return fields.iter().filter(|field| field.starts_with(typed)).flat_map(operators).collect();
    };
    let before = format!("{field}{operator}");
    match operator {
        "=" | "!=" | "==" => values(field)
            .iter()
            .filter(|value| is_typeable(value))
            .map(|value| plain(&format!("{before}{value}")))
            .collect(),
        "~" => Vec::new(),
        _ if field.ends_with("At") => {
            AGES.iter().map(|(age, help)| with(format!("{before}{age}"), Some(help))).collect()
        }
        _ => Vec::new(),
    }
}

/// Returns true for fields that can be compared with < and >: times and degrees.
fn is_ordered(field: &str) -> bool {
    field.ends_with("At") || field.ends_with("itude")
}

fn operator_in(typed: &str) -> Option<(&str, &'static str)> {
    let at = typed.find(['=', '!', '~', '<', '>'])?;
    let operators = ["!=", "==", "<=", ">=", "=", "~", "<", ">"];
    operators.iter().find(|sign| typed[at..].starts_with(**sign)).map(|sign| (&typed[..at], *sign))
}

pub fn key_conditions(typed: &str, line: &Line, _: &[String]) -> Vec<Candidate> {
    match typed.split_once('=') {
        None => ["name=", "unused-for=", "older-than="].map(|name| plain(&name)).into(),
        Some(("name", rest)) => {
            let names = keys(rest, line, &[]).into_iter();
            // A name with wildcards would be read as a pattern.
            let names = names.filter(|name| !name.value.contains(['*', '?', '[', ']']));
            names.map(|name| Candidate { value: format!("name={}", name.value), ..name }).collect()
        }
        Some((name, _)) => AGES.iter().map(|(age, help)| with(format!("{name}={age}"), Some(help))).collect(),
    }
}

/// Common ages.
const AGES: [(&str, &str); 5] =
    [("1h", "an hour"), ("24h", "a day"), ("7d", "a week"), ("30d", "a month"), ("90d", "a quarter")];

pub fn ages(_: &str, _: &Line, _: &[String]) -> Vec<Candidate> {
    AGES.iter().skip(1).map(|(age, help)| with((*age).to_owned(), Some(help))).collect()
}

pub fn times(_: &str, _: &Line, _: &[String]) -> Vec<Candidate> {
    ["10s", "30s", "1m", "5m", "10m"].map(|time| plain(&time)).into()
}

/// Offers destinations of a secret.
pub fn places(typed: &str, line: &Line, _: &[String]) -> Vec<Candidate> {
    match typed.split_once(':') {
        Some(("file", path)) => files_like(path).map(|path| plain(&format!("file:{path}"))).collect(),
        Some(("keyring", _)) => profiles("", line, &[])
            .into_iter()
            .map(|name| Candidate { value: format!("keyring:{}", name.value), ..name })
            .collect(),
        Some(("command", name)) => {
            programs(name, line, &[]).into_iter().map(|name| plain(&format!("command:{}", name.value))).collect()
        }
        Some(_) => Vec::new(),
        None => [
            ("stdout", "print it"),
            ("keyring", "the keyring, for this profile"),
            ("keyring:", "the keyring, for another profile"),
            ("file:", "a file that its owner alone can read"),
            ("command:", "a program, which reads it from stdin"),
        ]
        .map(|(place, help)| with(place.to_owned(), Some(help)))
        .into(),
    }
}

/// Offers `NAME=env:VARIABLE` and `NAME=file:PATH`; only the user knows NAME.
pub fn header(typed: &str, _: &Line, _: &[String]) -> Vec<Candidate> {
    let Some((name, place)) = typed.split_once('=') else { return Vec::new() };
    let places: Vec<String> = match place.split_once(':') {
        Some(("env", _)) => {
            env::vars_os().filter_map(|(name, _)| name.into_string().ok()).map(|name| format!("env:{name}")).collect()
        }
        Some(("file", path)) => files_like(path).map(|path| format!("file:{path}")).collect(),
        _ => vec!["env:".to_owned(), "file:".to_owned()],
    };
    places.into_iter().map(|place| plain(&format!("{name}={place}"))).collect()
}

/// Offers the operations that have a binding.
pub fn bound(_: &str, line: &Line, _: &[String]) -> Vec<Candidate> {
    let directory: PathBuf = line.known(|config| {
        let endpoint = Endpoint::parse(&config.portal().ok()??.url).ok()?;
        config.bindings_of(&endpoint.base()).ok()?
    });
    let is_bound = |word: &str| directory.join(format!("{word}.graphql")).is_file();
    operations().map(|operation| operation.word).filter(|word| is_bound(word)).map(|word| plain(&word)).collect()
}

/// Offers the variables that the profile has.
pub fn variables(typed: &str, line: &Line, _: &[String]) -> Vec<Candidate> {
    if typed.contains('=') {
        return Vec::new();
    }
    let variables = line.known(|config| Some(config.profile().ok()?.variables));
    variables.keys().map(|name| plain(&format!("{name}="))).collect()
}

/// Offers the codes of errors, for `explain`.
pub fn codes(_: &str, _: &Line, _: &[String]) -> Vec<Candidate> {
    Kind::VARIANTS.iter().map(|kind| kind.spec()).map(|row| with(row.code.to_owned(), Some(row.meaning))).collect()
}

/// Offers the names of documents that have a schema.
pub fn schemas(_: &str, _: &Line, _: &[String]) -> Vec<Candidate> {
    schema::written().map(|one| with(one.name.to_owned(), Some(one.about))).collect()
}

pub fn help(_: &str, line: &Line, _: &[String]) -> Vec<Candidate> {
    let is_help = |word: &String| word == "help" || word == "man";
    let words = line.typed.words.iter().position(is_help).map_or(&[][..], |at| &line.typed.words[at + 1..]);
    let words: Vec<&String> = words.iter().filter(|word| !word.starts_with('-')).collect();
    let tree = (line.tree)();
    let found = words.iter().try_fold(&tree, |command, word| command.find_subcommand(word));
    let Some(command) = found else { return Vec::new() };
    let about = |command: &clap::Command| command.get_about().map(ToString::to_string);
    let offer = |child: &clap::Command| with(child.get_name().to_owned(), about(child).as_deref());
    let mut offered: Vec<Candidate> = command.get_subcommands().map(offer).collect();
    if words == ["query"] {
        offered.extend(query::commands(&query::globals(&tree)).iter().map(offer));
    }
    if words.is_empty() {
        offered.extend(TOPICS.iter().map(|topic| with(topic.name.to_owned(), Some(topic.about))));
    }
    offered
}

pub fn files(typed: &str, _: &Line, _: &[String]) -> Vec<Candidate> {
    files_like(typed).map(|path| plain(&path)).collect()
}

/// Returns the files whose path begins with `typed`; directories end with a separator.
fn files_like(typed: &str) -> impl Iterator<Item = String> {
    let (directory, name) = typed.rfind('/').map_or(("", typed), |at| typed.split_at(at + 1));
    let read = config::path(directory).unwrap_or_default();
    let entries = fs::read_dir(if directory.is_empty() { Path::new(".") } else { &read });
    let entries = entries.into_iter().flatten().flatten();
    let mut found: Vec<String> = entries
        .filter_map(|entry| {
            let own = entry.file_name().into_string().ok()?;
            // Hidden files are offered only behind a leading dot.
            if !own.starts_with(name) || (own.starts_with('.') && !name.starts_with('.')) || safe(&own) != own {
                return None;
            }
            let end = if entry.path().is_dir() { "/" } else { "" };
            Some(format!("{directory}{own}{end}"))
        })
        .take(MOST_FILES)
        .collect();
    found.sort();
    found.into_iter()
}

/// Offers programs on `PATH`, and files where a path is typed.
pub fn programs(typed: &str, _: &Line, _: &[String]) -> Vec<Candidate> {
    if typed.is_empty() || typed.contains('/') {
        return files_like(typed).map(|path| plain(&path)).collect();
    }
    let paths = env::var_os("PATH").unwrap_or_default();
    let entries = env::split_paths(&paths).filter_map(|directory| fs::read_dir(directory).ok()).flatten().flatten();
    let names = entries.filter_map(|entry| entry.file_name().into_string().ok()).filter(|name| name.starts_with(typed));
    names.take(MOST_FILES).collect::<BTreeSet<_>>().iter().map(plain).collect()
}

fn plain(value: &impl ToString) -> Candidate {
    Candidate { value: value.to_string(), help: None }
}

fn with(value: String, help: Option<&str>) -> Candidate {
    Candidate { value, help: help.map(str::to_owned) }
}

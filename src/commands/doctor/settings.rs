//! `config.toml`, and the source of each setting: the one in force, and those that it shadows.
//!
//! Only the settings in [`SHOWN`] are shown with their values; others are reported as set.

use std::collections::BTreeMap;
use std::env;

use clap::parser::ValueSource;

use super::exam::Exam;
use super::record::Row;
use crate::config::{Line, SETTINGS, Setting, config_file, lines, variable};
use crate::portal::Endpoint;
use crate::text::counted;

/// The settings whose values may be public.
const SHOWN: [&str; 12] = [
    "cacert",
    "client-cert",
    "client-key",
    "color",
    "output",
    "portal",
    "profile",
    "read-only",
    "retries",
    "store",
    "store-timeout",
    "timeout",
];

/// Fallback variables of a variable.
const FURTHER: [(&str, &[&str]); 4] = [
    ("OPTRA_PORTAL_URL", &["OPTRA_API_URL"]),
    ("OPTRA_CACERT", &["SSL_CERT_FILE"]),
    ("NO_COLOR", &["CLICOLOR_FORCE"]),
    ("HTTPS_PROXY", &["https_proxy", "ALL_PROXY", "all_proxy"]),
];

/// Checks the file, and variables that cannot be read.
pub fn file(exam: &Exam<'_>) -> Vec<Row> {
    let config = &exam.cx.config;
    let mut rows = Vec::new();
    for problem in &config.problems {
        rows.push(
            Row::fail("settings", problem).why("it counts as not set in this run; every other command ends with 11"),
        );
    }
    let file = match config_file() {
        Ok(file) => file,
        Err(error) => {
            rows.push(Row::of("config", &error.into(), exam.cx));
            return rows;
        }
    };
    let path = file.display();
    match config.file() {
        Err(error) => rows.push(Row::of("config", &error.into(), exam.cx)),
        Ok(_) if config.options.no_config => {
            rows.push(Row::ok("config", format_args!("`{path}` is not read: `--no-config`")))
        }
        Ok(contents) => {
            let in_use = match config.profile_name() {
                Ok(name) if !config.sandbox() => format!("; profile `{name}` is in use"),
                _ => String::new(),
            };
            let profiles = counted(contents.profiles.len(), "profile", "profiles");
            rows.push(match file.exists() {
                false => Row::ok("config", format_args!("there is no `{path}`{in_use}")),
                true => Row::ok("config", format_args!("`{path}`: {profiles}{in_use}")),
            });
            rows.extend(
                contents
                    .unknown
                    .iter()
                    .map(|unknown| Row::warn("config", unknown).why("it means nothing and is passed over")),
            );
        }
    }
    rows
}

/// Returns a row for each setting that is set: its source, and the sources that it shadows.
pub fn settings(exam: &Exam<'_>) -> Vec<Row> {
    let config = &exam.cx.config;
    let typed = (exam.cx.tree)().try_get_matches_from(env::args_os()).ok();
    let is_read = !config.options.no_config && !config.sandbox();
    let entries = config_file().ok().filter(|_| is_read).map(|path| lines(&path)).unwrap_or_default();
    let profile = config.profile_name().unwrap_or_default();
    let is_further = |setting: &&Setting| FURTHER.iter().any(|(_, further)| further.contains(&setting.variable));
    let told = SETTINGS.iter().filter(|setting| !is_further(setting)).filter_map(|setting| {
        let mut sources = by_option(setting, typed.as_ref());
        sources.extend(by_variables(setting));
        sources.extend(by_file(setting, &profile, &entries));
        let mut sources = sources.into_iter();
        let Source { place, value } = sources.next()?;
        let name = name(setting);
        let value = value.and_then(|value| shown(name, &value)).map_or("set".to_owned(), |value| format!("`{value}`"));
        let row = match place == format!("`{name}`") {
            true => Row::ok("setting", format_args!("{place} is {value}")),
            false => Row::ok("setting", format_args!("{name} is {value}, by {place}")),
        };
        let hidden: Vec<String> = sources.map(|source| source.place).collect();
        Some(if hidden.is_empty() {
            row
        } else {
            row.why(format_args!("it takes precedence over {}", hidden.join(" and ")))
        })
    });
    told.collect()
}

/// A source of a setting, and its value.
struct Source {
    place: String,
    value: Option<String>,
}

fn by_option(setting: &Setting, typed: Option<&clap::ArgMatches>) -> Vec<Source> {
    let id = setting.option.trim_start_matches('-').replace('-', "_");
    // clap propagates global options to the subcommand, so the innermost matches have them all.
    let mut matches = typed;
    while let Some((_, below)) = matches.and_then(clap::ArgMatches::subcommand) {
        matches = Some(below);
    }
    let Some(matches) = matches.filter(|_| !id.is_empty()) else { return Vec::new() };
    if !matches!(matches.try_contains_id(&id), Ok(true)) || matches.value_source(&id) != Some(ValueSource::CommandLine)
    {
        return Vec::new();
    }
    let value =
        matches.get_raw(&id).and_then(|mut values| values.next()).map(|value| value.to_string_lossy().into_owned());
    vec![Source { place: format!("`{}`", setting.option), value }]
}

fn by_variables(setting: &Setting) -> Vec<Source> {
    let further =
        FURTHER.iter().filter(|(first, _)| *first == setting.variable).flat_map(|(_, further)| further.iter());
    let names = std::iter::once(&setting.variable).chain(further).filter(|name| !name.is_empty());
    let set = names.filter_map(|name| {
        let value = variable(name).transpose()?;
        Some(Source { place: format!("`{name}`"), value: value.ok() })
    });
    set.collect()
}

fn by_file(setting: &Setting, profile: &str, entries: &BTreeMap<String, Line>) -> Option<Source> {
    let key = setting.key.replace("NAME", profile);
    let Line { number, value } = entries.get(&key)?;
    Some(Source { place: format!("`{key}` (line {number})"), value: value.clone() })
}

/// Returns the name of a setting.
fn name(setting: &Setting) -> &'static str {
    match setting.option.trim_start_matches('-') {
        "" => match setting.key.rsplit('.').next().unwrap_or_default() {
            "" if setting.variable == "OPTRA_STORE_TIMEOUT" => "store-timeout",
            "" => setting.variable,
            key => key,
        },
        option => option,
    }
}

/// Returns a value if it may be shown. A portal's URL is rebuilt from its parsed parts.
fn shown(name: &str, value: &str) -> Option<String> {
    match name {
        "portal" => Endpoint::parse(value).ok().map(|endpoint| endpoint.base()),
        name => SHOWN.contains(&name).then(|| value.to_owned()),
    }
}

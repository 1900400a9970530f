//! What a run was told: options, environment and file, each read once. Everything else gets values from here.
//!
//! It holds no secret but `OPTRA_API_KEY`, and decides nothing about who may have it.

use std::cell::OnceCell;
use std::env;
use std::fs;
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::time::Duration;

use clap::ValueEnum;
use etcetera::BaseStrategy;
use toml_edit::{DocumentMut, Item, Table, value};

use crate::output::{self, Color, Format};
use crate::secret::Secret;

/// The limit of a request that sets none itself.
const TIMEOUT: Duration = Duration::from_secs(30);

/// The profile of a user who never named one.
const DEFAULT_PROFILE: &str = "default";

/// The options that every command has.
#[derive(Clone, Debug, Default, clap::Args)]
#[command(next_help_heading = "Global options")]
pub struct Options {
    /// Use this profile: a portal and its key under one name
    #[arg(long, global = true, value_name = "NAME")]
    pub profile: Option<String>,

    /// Reach the portal at this URL, with or without `/graphql`
    #[arg(long, global = true, value_name = "URL")]
    pub portal: Option<String>,

    /// Use the sandbox: a portal inside this program, which needs no account
    #[cfg(feature = "sandbox")]
    #[arg(long, global = true, conflicts_with = "portal")]
    pub sandbox: bool,

    /// Write the result in this format
    #[arg(short, long, global = true, value_name = "FORMAT")]
    pub output: Option<Format>,

    /// Give up on a request after this long, such as `30` (seconds), `2m`, or `0` for never
    #[arg(long, global = true, value_name = "TIME", value_parser = duration)]
    pub timeout: Option<Duration>,

    /// Trust the certificate authorities in this PEM file instead of the system's
    #[arg(long, global = true, value_name = "FILE")]
    pub cacert: Option<PathBuf>,

    /// Never ask; fail where a question would be asked
    #[arg(long, global = true)]
    pub no_input: bool,

    /// Say nothing but results, warnings and errors
    #[arg(short, long, global = true)]
    pub quiet: bool,

    /// Tell each request on stderr, without its contents
    #[arg(short, long, global = true)]
    pub verbose: bool,

    /// Use colour
    #[arg(long, global = true, value_name = "WHEN")]
    pub color: Option<Color>,
}

/// One line of the table of settings.
pub struct Setting {
    pub option: &'static str,
    pub variable: &'static str,
    /// The key in `config.toml`.
    pub key: &'static str,
    pub meaning: &'static str,
}

/// Every setting, by each of the names it has. The option wins over the variable, the variable over the file.
pub const SETTINGS: [Setting; 14] = [
    setting("", "OPTRA_API_KEY", "", "the key; no keyring is touched"),
    setting("--portal", "OPTRA_PORTAL_URL", "profiles.NAME.portal", "the portal's API base URL"),
    setting("", "OPTRA_API_URL", "", "the same, as the portal sets it inside a skill"),
    setting("--profile", "OPTRA_PROFILE", "profile", "the profile in use"),
    setting("--sandbox", "", "", "the portal inside this program"),
    setting("--output", "OPTRA_OUTPUT", "", "table, json, ndjson or csv"),
    setting("--timeout", "OPTRA_TIMEOUT", "", "the limit of one request"),
    setting("--cacert", "OPTRA_CACERT", "", "the certificate authorities to trust"),
    setting("--no-input", "CI", "", "no questions"),
    setting("--quiet", "", "", "results, warnings and errors only"),
    setting("--verbose", "", "", "each request on stderr"),
    setting("--color", "NO_COLOR", "", "colour; also CLICOLOR_FORCE, and TERM=dumb"),
    setting("", "OPTRA_CONFIG_DIR", "", "where config.toml is"),
    setting("", "HTTPS_PROXY", "", "the proxy; also ALL_PROXY and NO_PROXY"),
];

const fn setting(option: &'static str, variable: &'static str, key: &'static str, meaning: &'static str) -> Setting {
    Setting { option, variable, key, meaning }
}

/// A setting that cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    #[error("{what} {problem}")]
    Invalid { what: String, problem: String },
    #[error("cannot {verb} `{}`", path.display())]
    Unusable { verb: &'static str, path: PathBuf, source: io::Error },
    #[error("there is no home directory, and no variable that says where files go")]
    NoHome,
}

/// Who named a value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Origin {
    Option,
    Variable(&'static str),
    Profile,
}

/// What is known of a profile; the key itself is in a store.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Profile {
    pub portal: Option<String>,
    /// The id of the profile's key in the portal, where it is known.
    pub key_id: Option<String>,
}

/// Everything that a run was told.
pub struct Config {
    pub options: Options,
    pub api_key: Option<Secret>,
    pub timeout: Option<Duration>,
    pub cacert: Option<PathBuf>,
    pub ci: bool,
    pub output: output::Settings,
    file: OnceCell<DocumentMut>,
}

impl Config {
    /// Combines the options with the environment; the file is read when something asks for it.
    pub fn load(options: Options) -> Result<Config, Error> {
        let surroundings = output::Surroundings {
            no_color: variable("NO_COLOR").is_some(),
            force_color: variable("CLICOLOR_FORCE").is_some_and(|value| value != "0"),
            dumb: variable("TERM").is_some_and(|term| term == "dumb"),
            columns: variable("COLUMNS").and_then(|columns| columns.parse().ok()),
        };
        let format = match (options.output, variable("OPTRA_OUTPUT")) {
            (Some(format), _) => format,
            (None, Some(text)) => {
                Format::from_str(&text, false).map_err(|_| invalid("`OPTRA_OUTPUT`", "names no format"))?
            }
            (None, None) => Format::default(),
        };
        let timeout = match (options.timeout, variable("OPTRA_TIMEOUT")) {
            (Some(timeout), _) => timeout,
            (None, Some(text)) => duration(&text).map_err(|problem| invalid("`OPTRA_TIMEOUT`", &problem))?,
            (None, None) => TIMEOUT,
        };
        Ok(Config {
            api_key: variable("OPTRA_API_KEY").map(Secret::new),
            timeout: (!timeout.is_zero()).then_some(timeout),
            cacert: options.cacert.clone().or_else(|| variable("OPTRA_CACERT").map(PathBuf::from)),
            ci: variable("CI").is_some_and(|value| value != "false" && value != "0"),
            output: output::Settings {
                format,
                color: options.color.unwrap_or_default(),
                quiet: options.quiet,
                surroundings,
            },
            file: OnceCell::new(),
            options,
        })
    }

    /// Returns the output settings that can be had although [`Config::load`] failed.
    pub fn fallback_output(options: &Options) -> output::Settings {
        let format = options.output.unwrap_or_default();
        output::Settings { format, color: Color::Never, ..output::Settings::default() }
    }

    /// Returns true if the run is to use the sandbox.
    pub fn sandbox(&self) -> bool {
        #[cfg(feature = "sandbox")]
        return self.options.sandbox;
        #[cfg(not(feature = "sandbox"))]
        false
    }

    /// Returns the portal's URL as it was given, and who gave it.
    pub fn portal(&self) -> Result<Option<(String, Origin)>, Error> {
        if let Some(url) = &self.options.portal {
            return Ok(Some((url.clone(), Origin::Option)));
        }
        if let Some((url, name)) = self.portal_variable() {
            return Ok(Some((url, Origin::Variable(name))));
        }
        Ok(self.profile()?.portal.map(|url| (url, Origin::Profile)))
    }

    /// Returns the URL that the environment names, and in which variable.
    pub fn portal_variable(&self) -> Option<(String, &'static str)> {
        let named = |name| variable(name).map(|url| (url, name));
        named("OPTRA_PORTAL_URL").or_else(|| named("OPTRA_API_URL"))
    }

    /// Returns the name of the profile in use.
    pub fn profile_name(&self) -> Result<String, Error> {
        if let Some(name) = self.options.profile.clone().or_else(|| variable("OPTRA_PROFILE")) {
            return Ok(name);
        }
        let chosen = self.file()?.get("profile").and_then(Item::as_str);
        Ok(chosen.unwrap_or(DEFAULT_PROFILE).to_owned())
    }

    /// Returns what the file says of the profile in use; nothing where it says nothing.
    pub fn profile(&self) -> Result<Profile, Error> {
        let name = self.profile_name()?;
        let text = |key: &str| {
            let item = self.file().ok()?.get("profiles")?.get(&name)?.get(key)?;
            item.as_str().map(str::to_owned)
        };
        self.file()?;
        Ok(Profile { portal: text("portal"), key_id: text("key_id") })
    }

    /// Notes a profile in the file; comments and other entries stay as they are.
    pub fn save_profile(&self, name: &str, profile: &Profile) -> Result<(), Error> {
        let path = config_dir()?.join("config.toml");
        let mut document = read(&path)?;
        let profiles = document.entry("profiles").or_insert_with(|| {
            let mut table = Table::new();
            table.set_implicit(true);
            Item::Table(table)
        });
        let problem = || invalid(&format!("`{}`", path.display()), "has a `profiles` that is no table");
        let profiles = profiles.as_table_like_mut().ok_or_else(problem)?;
        let entry = profiles.entry(name).or_insert_with(|| Item::Table(Table::new()));
        let entry = entry.as_table_like_mut().ok_or_else(problem)?;
        for (key, text) in [("portal", &profile.portal), ("key_id", &profile.key_id)] {
            match text {
                Some(text) => drop(entry.insert(key, value(text))),
                None => drop(entry.remove(key)),
            }
        }
        write(&path, &document.to_string())
    }

    fn file(&self) -> Result<&DocumentMut, Error> {
        if let Some(file) = self.file.get() {
            return Ok(file);
        }
        let file = read(&config_dir()?.join("config.toml"))?;
        Ok(self.file.get_or_init(|| file))
    }
}

/// Returns the directory of files that outlive a run and are not written by hand.
#[cfg(feature = "sandbox")]
pub fn state_dir() -> Result<PathBuf, Error> {
    let places = places()?;
    Ok(places.state_dir().unwrap_or_else(|| places.data_dir()).join("optra"))
}

fn config_dir() -> Result<PathBuf, Error> {
    match variable("OPTRA_CONFIG_DIR") {
        Some(path) => Ok(PathBuf::from(path)),
        None => Ok(places()?.config_dir().join("optra")),
    }
}

fn places() -> Result<impl BaseStrategy, Error> {
    etcetera::base_strategy::choose_native_strategy().map_err(|_| Error::NoHome)
}

/// Returns a variable that is set and not empty.
fn variable(name: &str) -> Option<String> {
    env::var(name).ok().filter(|value| !value.is_empty())
}

fn read(path: &Path) -> Result<DocumentMut, Error> {
    let text = match fs::read_to_string(path) {
        Ok(text) => text,
        Err(error) if error.kind() == io::ErrorKind::NotFound => String::new(),
        Err(source) => return Err(Error::Unusable { verb: "read", path: path.to_owned(), source }),
    };
    text.parse().map_err(|error: toml_edit::TomlError| {
        let line = error.span().map_or(1, |span| text[..span.start].lines().count().max(1));
        invalid(&format!("`{}`, line {line},", path.display()), &format!("is no TOML: {}", error.message()))
    })
}

/// Replaces a file as a whole, so that no reader ever sees half of it.
fn write(path: &Path, text: &str) -> Result<(), Error> {
    let unusable = |source| Error::Unusable { verb: "write", path: path.to_owned(), source };
    let directory = path.parent().unwrap_or(Path::new("."));
    fs::create_dir_all(directory).map_err(unusable)?;
    let mut file = tempfile::NamedTempFile::new_in(directory).map_err(unusable)?;
    file.write_all(text.as_bytes()).map_err(unusable)?;
    file.persist(path).map_err(|error| unusable(error.error))?;
    Ok(())
}

fn invalid(what: &str, problem: &str) -> Error {
    Error::Invalid { what: what.to_owned(), problem: problem.to_owned() }
}

/// Reads a time such as `30` (seconds), `500ms` or `2m`.
fn duration(text: &str) -> Result<Duration, String> {
    let wrong = || "is no time such as `30` (seconds), `500ms` or `2m`".to_owned();
    if let Ok(seconds) = text.parse() {
        return Duration::try_from_secs_f64(seconds).map_err(|_| wrong());
    }
    let span: jiff::SignedDuration = text.parse().map_err(|_| wrong())?;
    Duration::try_from(span).map_err(|_| wrong())
}

#[cfg(test)]
mod tests {
    use super::duration;
    use std::time::Duration;

    #[test]
    fn times_are_read_as_people_write_them() {
        for (text, millis) in [
            ("30", 30_000),
            ("0", 0),
            ("1.5", 1_500),
            ("30s", 30_000),
            ("500ms", 500),
            ("2m", 120_000),
            ("1m 30s", 90_000),
        ] {
            assert_eq!(duration(text), Ok(Duration::from_millis(millis)), "{text}");
        }
        for text in ["", "soon", "-1", "-5s", "NaN", "1e300"] {
            assert!(duration(text).is_err(), "{text}");
        }
    }
}

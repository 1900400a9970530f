//! Merges options, environment and file: an option overrides a variable, and a variable overrides the file.

use std::cell::OnceCell;
use std::io::{self, IsTerminal};
use std::path::{Path, PathBuf};
use std::time::Duration;

use super::ci::{CiSystem, ci_system};
use super::error::Error;
use super::file::{self, ConfigFile, Profile};
use super::header::{Header, headers_variable};
use super::options::Options;
use super::places::{config_dir, state_dir};
use super::variable::{
    duration_variable, flag_variable, foreign_flag, foreign_variable, format_variable, number_variable, pager_variable,
    path_variable, profile_variable, variable,
};
use crate::disk;
use crate::output::{self, Color, Format, Pager};
use crate::secret::Secret;

/// The default time limit of a request.
const TIMEOUT: Duration = Duration::from_secs(30);

/// The default number of retries of a read.
const RETRIES: u32 = 3;

/// The default time limit of one call to a keyring or to a key's command.
const STORE_TIMEOUT: Duration = Duration::from_secs(5);

/// The name of the profile if the user never named one.
const DEFAULT_PROFILE: &str = "default";

/// Where a value was set.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Origin {
    Option,
    Variable(&'static str),
    Profile,
}

/// A portal's URL as it was given, and where it was set.
#[derive(Clone, Debug)]
pub struct Named {
    pub url: String,
    pub by: Origin,
}

/// All settings of a run.
pub struct Config {
    pub options: Options,
    pub api_key: Option<Secret>,
    /// The id of that key, if the environment has it.
    pub api_key_id: Option<String>,
    /// The URL in the environment, and its variable.
    pub portal_variable: Option<Named>,
    pub timeout: Option<Duration>,
    /// How often a failed read is retried.
    pub retries: u32,
    pub store_timeout: Duration,
    pub cacert: Option<PathBuf>,
    pub client_cert: Option<PathBuf>,
    pub client_key: Option<PathBuf>,
    /// The user's own headers; their values are read when a portal is connected.
    pub headers: Vec<Header>,
    pub ci: bool,
    /// The CI system that runs this job, if it is a known one.
    pub ci_system: Option<CiSystem>,
    pub output: output::Settings,
    /// Invalid settings in the environment; only a diagnostic command continues with any.
    pub problems: Vec<Error>,
    read_only_variable: bool,
    profile_variable: Option<String>,
    file: OnceCell<ConfigFile>,
}

impl Config {
    /// Combines the options with the environment; the file is read on first use. An invalid setting counts as unset
    /// and is added to the problems.
    pub fn load(options: Options) -> Config {
        let mut problems = Vec::new();
        let terminal_env = output::TerminalEnv {
            no_color: foreign_variable("NO_COLOR").is_some(),
            force_color: foreign_variable("CLICOLOR_FORCE").is_some_and(|value| value != "0"),
            dumb: foreign_variable("TERM").is_some_and(|term| term == "dumb"),
            columns: foreign_variable("COLUMNS").and_then(|columns| columns.parse().ok()),
        };
        let given = usable(format_variable(), &mut problems);
        let said = options.output.or(given);
        let format = usable(filtered(&options, said), &mut problems);
        let color = options.color.unwrap_or_default();
        let timeout = match options.timeout {
            Some(timeout) => timeout,
            None => usable(duration_variable("OPTRA_TIMEOUT"), &mut problems).unwrap_or(TIMEOUT),
        };
        let retries = match options.retries {
            Some(retries) => retries,
            None => usable(number_variable("OPTRA_RETRIES"), &mut problems).unwrap_or(RETRIES),
        };
        let store_timeout = usable(duration_variable("OPTRA_STORE_TIMEOUT"), &mut problems).unwrap_or(STORE_TIMEOUT);
        let headers = match options.header.is_empty() {
            true => usable(headers_variable("OPTRA_HEADERS"), &mut problems),
            false => options.header.clone(),
        };
        let profile_variable = usable(profile_variable(), &mut problems);
        let mut path = |name| usable(path_variable(name), &mut problems);
        // The variable that OpenSSL, and most programs that use it, reads.
        let cacert = path("OPTRA_CACERT").or_else(|| path("SSL_CERT_FILE"));
        let (client_cert, client_key) = (path("OPTRA_CLIENT_CERT"), path("OPTRA_CLIENT_KEY"));
        let mut text = |name| usable(variable(name), &mut problems);
        let mut named = |name| text(name).map(|url| Named { url, by: Origin::Variable(name) });
        let portal_variable = named("OPTRA_PORTAL_URL").or_else(|| named("OPTRA_API_URL"));
        let (api_key, api_key_id) = (text("OPTRA_API_KEY").map(Secret::new), text("OPTRA_API_KEY_ID"));
        let ci = foreign_flag("CI");
        let accessible = usable(flag_variable("OPTRA_ACCESSIBLE"), &mut problems);
        // `doctor` goes on where it cannot be read, and must not change anything then.
        let read_only_variable = flag_variable("OPTRA_READ_ONLY").map_or_else(
            |problem| {
                problems.push(problem);
                true
            },
            Option::unwrap_or_default,
        );
        let pager = if options.no_pager { Pager::Off } else { usable(pager_variable(), &mut problems) };
        let mut config = Config {
            api_key,
            api_key_id,
            portal_variable,
            timeout: (!timeout.is_zero()).then_some(timeout),
            retries,
            store_timeout,
            cacert: options.cacert.clone().or(cacert),
            // A private key from the environment belongs to the certificate in the environment.
            client_key: options.client_key.clone().or(client_key.filter(|_| options.client_cert.is_none())),
            client_cert: options.client_cert.clone().or(client_cert),
            headers,
            ci_system: ci_system(),
            ci,
            output: output::Settings {
                format,
                color,
                jq: options.jq.clone(),
                template: options.template.clone(),
                is_for_people: options.template.is_some() && said.is_none(),
                quiet: options.quiet,
                no_headers: options.no_headers,
                ci,
                accessible: accessible.unwrap_or(false),
                pager,
                terminal_env,
            },
            read_only_variable,
            profile_variable,
            file: OnceCell::new(),
            options,
            problems,
        };
        // For this setting, the file is read only at a terminal; whoever needs the file reports its errors.
        if accessible.is_none() && (io::stdout().is_terminal() || io::stderr().is_terminal()) {
            config.output.accessible = config.file().is_ok_and(|contents| contents.accessible);
        }
        // A pager redraws the screen; who wants one anyway sets `OPTRA_PAGER`.
        if config.output.accessible && !matches!(config.output.pager, Pager::Named { by: "OPTRA_PAGER", .. }) {
            config.output.pager = Pager::Off;
        }
        config
    }

    /// Returns output settings for reporting an error before the settings are valid.
    pub fn fallback_output(format: Option<Format>) -> output::Settings {
        let format = format.or_else(|| format_variable().ok()?).unwrap_or_default();
        output::Settings { format, color: Color::Never, ..output::Settings::default() }
    }

    /// Returns true if the run uses the sandbox.
    pub fn sandbox(&self) -> bool {
        #[cfg(feature = "sandbox")]
        return self.options.sandbox;
        #[cfg(not(feature = "sandbox"))]
        false
    }

    /// Returns what makes this run read-only: the option, the variable, or the current profile; `None` if it may
    /// write.
    pub fn read_only(&self) -> Result<Option<String>, Error> {
        if self.options.read_only {
            return Ok(Some("`--read-only`".to_owned()));
        }
        if self.read_only_variable {
            return Ok(Some("`OPTRA_READ_ONLY`".to_owned()));
        }
        // A run that gets everything from the environment does not use a profile.
        let by_environment =
            self.api_key.is_some() && self.portal_variable.is_some() && self.requested_profile().is_none();
        let is_said = !self.sandbox() && !by_environment && self.profile()?.read_only;
        is_said.then(|| Ok(format!("`read_only` of the profile `{}`", self.profile_name()?))).transpose()
    }

    /// Returns the directory of the journal; the sandbox has its own, so that its keys do not mix with others.
    pub fn journal_dir(&self) -> Result<PathBuf, Error> {
        let [portals, sandbox] = Config::journal_dirs()?;
        Ok(if self.sandbox() { sandbox } else { portals })
    }

    /// Returns the directories of the journals of portals and of the sandbox.
    pub fn journal_dirs() -> Result<[PathBuf; 2], Error> {
        let state = state_dir()?;
        Ok([state.join("journal"), state.join("sandbox").join("journal")])
    }

    /// Returns the portal of this run; the profile has the lowest precedence.
    pub fn portal(&self) -> Result<Option<Named>, Error> {
        let option = self.options.portal.clone().map(|url| Named { url, by: Origin::Option });
        match option.or_else(|| self.portal_variable.clone()) {
            Some(named) => Ok(Some(named)),
            None => Ok(self.profile()?.portal.map(|url| Named { url, by: Origin::Profile })),
        }
    }

    /// Returns the options that chose the portal, for hints to repeat.
    pub fn portal_flags(&self) -> String {
        let sandbox = if self.sandbox() { " --sandbox" } else { "" };
        let option = |name: &str, value: &Option<String>| {
            value.as_ref().map_or_else(String::new, |value| format!(" {name} {}", shell_words::quote(value)))
        };
        let (profile, portal) = (&self.options.profile, &self.options.portal);
        format!("{sandbox}{}{}", option("--profile", profile), option("--portal", portal))
    }

    /// Returns the name of the profile that an option or a variable requests.
    pub fn requested_profile(&self) -> Option<&str> {
        self.options.profile.as_deref().or(self.profile_variable.as_deref())
    }

    /// Returns the requested profile if it does not exist. The default profile always exists, even if the file has
    /// none.
    pub fn missing_profile(&self) -> Result<Option<&str>, Error> {
        let Some(name) = self.requested_profile().filter(|name| *name != DEFAULT_PROFILE) else { return Ok(None) };
        Ok(if self.file()?.profiles.contains_key(name) { None } else { Some(name) })
    }

    /// Returns the name of the current profile.
    pub fn profile_name(&self) -> Result<String, Error> {
        let name = match self.requested_profile() {
            Some(name) => name,
            None => self.file()?.profile.as_deref().unwrap_or(DEFAULT_PROFILE),
        };
        Ok(name.to_owned())
    }

    /// Returns the current profile from the file; an empty one if the file has none.
    pub fn profile(&self) -> Result<Profile, Error> {
        let name = self.profile_name()?;
        Ok(self.file()?.profiles.get(&name).cloned().unwrap_or_default())
    }

    /// Returns the contents of the file.
    pub fn file(&self) -> Result<&ConfigFile, Error> {
        if let Some(contents) = self.file.get() {
            return Ok(contents);
        }
        let contents = if self.options.no_config { ConfigFile::default() } else { file::read(&config_file()?)? };
        Ok(self.file.get_or_init(|| contents))
    }

    /// Returns a warning for each unknown entry of the file, if the file was read.
    pub fn unknown_keys(&self) -> &[String] {
        self.file.get().map_or(&[], |contents| &contents.unknown)
    }

    /// Saves a profile in the file; comments and other entries stay.
    pub fn save_profile(&self, name: &str, profile: &Profile) -> Result<(), Error> {
        file::save(&self.writable_file()?, name, profile)
    }

    /// Makes a profile the current one.
    pub fn select_profile(&self, name: &str) -> Result<(), Error> {
        file::select(&self.writable_file()?, name)
    }

    /// Fails if the file may not be written, for a check before the work that has to be recorded.
    pub fn can_save(&self) -> Result<(), Error> {
        self.writable_file().map(drop)
    }

    /// Returns the directory of the bindings for a portal, by its base URL; `None` if there are none.
    pub fn bindings_of(&self, portal: &str) -> Result<Option<PathBuf>, Error> {
        if self.options.no_config || self.sandbox() {
            return Ok(None);
        }
        Ok(self.bindings_path(portal).ok().filter(|directory| directory.is_dir()))
    }

    /// Returns the path of the bindings directory for a portal, by its base URL, whether it exists or not.
    pub fn bindings_path(&self, portal: &str) -> Result<PathBuf, Error> {
        // Named after the host, as people know it: `portal.example`.
        let name = portal.strip_prefix("https://").unwrap_or(portal);
        let parts: Vec<String> = name.split('.').map(|part| self.as_file_name(part)).collect();
        Ok(config_dir()?.join("bindings").join(parts.join(".")))
    }

    /// Sets a profile's value for a variable of bindings; `None` removes it.
    pub fn save_variable(&self, profile: &str, name: &str, value: Option<&str>) -> Result<(), Error> {
        file::save_variable(&self.writable_file()?, profile, name, value)
    }

    /// Returns a text escaped for a file name.
    pub fn as_file_name(&self, text: &str) -> String {
        disk::file_name(text)
    }

    fn writable_file(&self) -> Result<PathBuf, Error> {
        if self.options.no_config { Err(Error::NoConfig) } else { config_file() }
    }
}

/// Returns the option that names a profile, for hints to repeat; empty for the default profile.
pub fn profile_option(name: &str) -> String {
    if name == DEFAULT_PROFILE { String::new() } else { format!(" --profile {}", shell_words::quote(name)) }
}

/// Returns the path of the file, whether it exists or not.
pub fn config_file() -> Result<PathBuf, Error> {
    Ok(config_dir()?.join(Path::new("config.toml")))
}

/// Returns the value of a setting; if it is invalid, returns the default and records the problem.
fn usable<T: Default>(read: Result<T, Error>, problems: &mut Vec<Error>) -> T {
    read.unwrap_or_else(|problem| {
        problems.push(problem);
        T::default()
    })
}

/// A filter reads JSON, so the format becomes JSON.
fn filtered(options: &Options, format: Option<Format>) -> Result<Format, Error> {
    let chosen = if options.jq.is_some() { "`--jq`" } else { "`--template`" };
    match (&options.jq, &options.template, format) {
        (None, None, format) => Ok(format.unwrap_or_default()),
        (.., Some(Format::Csv | Format::Tsv | Format::Yaml | Format::Geojson | Format::Sarif)) => Err(Error::Invalid {
            what: chosen.to_owned(),
            problem: "reads JSON: leave out the other format".to_owned(),
        }),
        (Some(_), _, Some(Format::Ndjson)) | (None, ..) => Ok(Format::Ndjson),
        (Some(_), ..) => Ok(Format::Json),
    }
}

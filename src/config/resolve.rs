//! Options, environment and file in one: an option wins over a variable, and a variable over the file.

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
    duration_variable, flag_variable, foreign_variable, format_variable, number_variable, pager_variable,
    path_variable, profile_variable, variable,
};
use crate::disk;
use crate::output::{self, Color, Format, Pager};
use crate::secret::Secret;

/// The limit of a request that sets none itself.
const TIMEOUT: Duration = Duration::from_secs(30);

/// How often a read is asked for again by those who do not say.
const RETRIES: u32 = 3;

/// The limit of one call of a keyring or of a key's command.
const STORE_TIMEOUT: Duration = Duration::from_secs(5);

/// The profile of a user who never named one.
const DEFAULT_PROFILE: &str = "default";

/// Who named a value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Origin {
    Option,
    Variable(&'static str),
    Profile,
}

/// A portal's URL as it was given, and who gave it.
#[derive(Clone, Debug)]
pub struct Named {
    pub url: String,
    pub by: Origin,
}

/// Everything that a run was told.
pub struct Config {
    pub options: Options,
    pub api_key: Option<Secret>,
    /// The id of that key, where the environment tells it.
    pub api_key_id: Option<String>,
    /// The URL that the environment names, and in which variable.
    pub portal_variable: Option<Named>,
    pub timeout: Option<Duration>,
    /// How often a read is asked for again.
    pub retries: u32,
    pub store_timeout: Duration,
    pub cacert: Option<PathBuf>,
    pub client_cert: Option<PathBuf>,
    pub client_key: Option<PathBuf>,
    /// The headers of the user's own; their values are read where a portal is asked.
    pub headers: Vec<Header>,
    pub ci: bool,
    /// The system that runs the job, where it is a known one.
    pub ci_system: Option<CiSystem>,
    pub output: output::Settings,
    /// What of the environment cannot be used; only a run that looks for such things goes on with any.
    pub problems: Vec<Error>,
    read_only_variable: bool,
    profile_variable: Option<String>,
    file: OnceCell<ConfigFile>,
}

impl Config {
    /// Combines the options with the environment; the file is read when something asks for it. What cannot be used counts as
    /// not said, and is among the problems.
    pub fn load(options: Options) -> Config {
        let mut problems = Vec::new();
        let surroundings = output::TerminalEnv {
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
        // What OpenSSL, and with it most other programs, is told.
        let cacert = path("OPTRA_CACERT").or_else(|| path("SSL_CERT_FILE"));
        let (client_cert, client_key) = (path("OPTRA_CLIENT_CERT"), path("OPTRA_CLIENT_KEY"));
        let mut text = |name| usable(variable(name), &mut problems);
        let mut named = |name| text(name).map(|url| Named { url, by: Origin::Variable(name) });
        let portal_variable = named("OPTRA_PORTAL_URL").or_else(|| named("OPTRA_API_URL"));
        let (api_key, api_key_id) = (text("OPTRA_API_KEY").map(Secret::new), text("OPTRA_API_KEY_ID"));
        let mut flag = |name| usable(flag_variable(name), &mut problems);
        let ci = foreign_variable("CI").is_some_and(|value| value != "false" && value != "0");
        let accessible = flag("OPTRA_ACCESSIBLE");
        let read_only_variable = flag("OPTRA_READ_ONLY").unwrap_or(false);
        let pager = if options.no_pager { Pager::Off } else { usable(pager_variable(), &mut problems) };
        let mut config = Config {
            api_key,
            api_key_id,
            portal_variable,
            timeout: (!timeout.is_zero()).then_some(timeout),
            retries,
            store_timeout,
            cacert: options.cacert.clone().or(cacert),
            // A key belongs to the certificate that it was named with.
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
                surroundings,
            },
            read_only_variable,
            profile_variable,
            file: OnceCell::new(),
            options,
            problems,
        };
        // The file is opened for this only where a person is there; what is wrong with it is told by who needs it.
        if accessible.is_none() && (io::stdout().is_terminal() || io::stderr().is_terminal()) {
            config.output.accessible = config.file().is_ok_and(|contents| contents.accessible);
        }
        // A pager redraws; who wants one all the same names it to this program.
        if config.output.accessible && !matches!(config.output.pager, Pager::Named { by: "OPTRA_PAGER", .. }) {
            config.output.pager = Pager::Off;
        }
        config
    }

    /// Returns the output settings that can be had although [`Config::load`] failed.
    pub fn fallback_output(format: Option<Format>) -> output::Settings {
        let format = format.or_else(|| format_variable().ok()?).unwrap_or_default();
        output::Settings { format, color: Color::Never, ..output::Settings::default() }
    }

    /// Returns true if the run is to use the sandbox.
    pub fn sandbox(&self) -> bool {
        #[cfg(feature = "sandbox")]
        return self.options.sandbox;
        #[cfg(not(feature = "sandbox"))]
        false
    }

    /// Returns what says that this run is read-only: the option, the variable, or the profile in use; none where it is not.
    pub fn read_only(&self) -> Result<Option<String>, Error> {
        if self.options.read_only {
            return Ok(Some("`--read-only`".to_owned()));
        }
        if self.read_only_variable {
            return Ok(Some("`OPTRA_READ_ONLY`".to_owned()));
        }
        // A run that has all from the environment has nothing to do with a profile.
        let by_environment =
            self.api_key.is_some() && self.portal_variable.is_some() && self.requested_profile().is_none();
        let is_said = !self.sandbox() && !by_environment && self.profile()?.read_only;
        is_said.then(|| Ok(format!("`read_only` of the profile `{}`", self.profile_name()?))).transpose()
    }

    /// Returns the directory of what this machine notes of keys; the sandbox's keys are not mixed with others.
    pub fn journal_dir(&self) -> Result<PathBuf, Error> {
        let state = state_dir()?;
        Ok(if self.sandbox() { state.join("sandbox").join("journal") } else { state.join("journal") })
    }

    /// Returns the portal of this run; the profile is asked last.
    pub fn portal(&self) -> Result<Option<Named>, Error> {
        let option = self.options.portal.clone().map(|url| Named { url, by: Origin::Option });
        match option.or_else(|| self.portal_variable.clone()) {
            Some(named) => Ok(Some(named)),
            None => Ok(self.profile()?.portal.map(|url| Named { url, by: Origin::Profile })),
        }
    }

    /// Returns the options that say which portal is meant, as a hint has to repeat them.
    pub fn portal_flags(&self) -> String {
        let sandbox = if self.sandbox() { " --sandbox" } else { "" };
        let option = |name: &str, value: &Option<String>| {
            value.as_ref().map_or_else(String::new, |value| format!(" {name} {}", shell_words::quote(value)))
        };
        let (profile, portal) = (&self.options.profile, &self.options.portal);
        format!("{sandbox}{}{}", option("--profile", profile), option("--portal", portal))
    }

    /// Returns the name of the profile that an option or a variable asks for.
    pub fn requested_profile(&self) -> Option<&str> {
        self.options.profile.as_deref().or(self.profile_variable.as_deref())
    }

    /// Returns the profile that is asked for and is not there. Who never made one has the default one, whatever is noted.
    pub fn missing_profile(&self) -> Result<Option<&str>, Error> {
        let Some(name) = self.requested_profile().filter(|name| *name != DEFAULT_PROFILE) else { return Ok(None) };
        Ok(if self.file()?.profiles.contains_key(name) { None } else { Some(name) })
    }

    /// Returns the name of the profile in use.
    pub fn profile_name(&self) -> Result<String, Error> {
        let name = match self.requested_profile() {
            Some(name) => name,
            None => self.file()?.profile.as_deref().unwrap_or(DEFAULT_PROFILE),
        };
        Ok(name.to_owned())
    }

    /// Returns what is noted of the profile in use; an empty profile where there is no note.
    pub fn profile(&self) -> Result<Profile, Error> {
        let name = self.profile_name()?;
        Ok(self.file()?.profiles.get(&name).cloned().unwrap_or_default())
    }

    /// Returns what the file says.
    pub fn file(&self) -> Result<&ConfigFile, Error> {
        if let Some(contents) = self.file.get() {
            return Ok(contents);
        }
        let contents = if self.options.no_config { ConfigFile::default() } else { file::read(&config_file()?)? };
        Ok(self.file.get_or_init(|| contents))
    }

    /// Returns what the file says that means nothing, if it was read at all.
    pub fn unknown_keys(&self) -> &[String] {
        self.file.get().map_or(&[], |contents| &contents.unknown)
    }

    /// Notes a profile in the file; comments and other entries stay as they are.
    pub fn save_profile(&self, name: &str, profile: &Profile) -> Result<(), Error> {
        file::save(&self.writable_file()?, name, profile)
    }

    /// Makes a profile the one in use from now on.
    pub fn select_profile(&self, name: &str) -> Result<(), Error> {
        file::select(&self.writable_file()?, name)
    }

    /// Fails where nothing may be noted, before anything has been done that would have to be.
    pub fn can_save(&self) -> Result<(), Error> {
        self.writable_file().map(drop)
    }

    /// Returns the directory of the bindings for a portal, by its base URL; none where nobody has any.
    pub fn bindings_of(&self, portal: &str) -> Result<Option<PathBuf>, Error> {
        if self.options.no_config || self.sandbox() {
            return Ok(None);
        }
        Ok(self.bindings_path(portal).ok().filter(|directory| directory.is_dir()))
    }

    /// Returns where the bindings for a portal are, by its base URL, whether there are any or not.
    pub fn bindings_path(&self, portal: &str) -> Result<PathBuf, Error> {
        // As people know it: `portal.example`.
        let name = portal.strip_prefix("https://").unwrap_or(portal);
        let parts: Vec<String> = name.split('.').map(|part| self.as_file_name(part)).collect();
        Ok(config_dir()?.join("bindings").join(parts.join(".")))
    }

    /// Notes what a profile gives to a variable of bindings; nothing forgets it.
    pub fn save_variable(&self, profile: &str, name: &str, value: Option<&str>) -> Result<(), Error> {
        file::save_variable(&self.writable_file()?, profile, name, value)
    }

    /// Returns a text as it stands in the names of files.
    pub fn as_file_name(&self, text: &str) -> String {
        disk::file_name(text)
    }

    fn writable_file(&self) -> Result<PathBuf, Error> {
        if self.options.no_config { Err(Error::NoConfig) } else { config_file() }
    }
}

/// Returns the option that names a profile, as a hint has to repeat it; nothing for the default one.
pub fn profile_option(name: &str) -> String {
    if name == DEFAULT_PROFILE { String::new() } else { format!(" --profile {}", shell_words::quote(name)) }
}

/// Returns where the file is, or would be.
pub fn config_file() -> Result<PathBuf, Error> {
    Ok(config_dir()?.join(Path::new("config.toml")))
}

/// Takes what can be used of a setting, and takes note of what is wrong with it.
fn usable<T: Default>(read: Result<T, Error>, problems: &mut Vec<Error>) -> T {
    read.unwrap_or_else(|problem| {
        problems.push(problem);
        T::default()
    })
}

/// A filter reads JSON, so that is what it gets.
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

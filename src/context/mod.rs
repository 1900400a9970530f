//! What a verb may use: the settings, the output, the prompt, and the portal on first use.
//!
//! Only here does a key meet an address: a key for one origin is not sent to another.

mod names;
mod profiles;
mod reachability;
mod recording;
mod trace;
mod who;

pub use names::{Named, Names, names};
pub use recording::{LEDGER, Rationale};

use std::cell::OnceCell;
use std::path::PathBuf;
use std::sync::Arc;

use crate::config::{self, Config, Origin, Profile, profile_option};
use crate::credentials::{self, Credential, Source, Store};
use crate::error::{Error, Kind};
use crate::journal::{Lease, Ledger, Log};
use crate::lifecycle::Notes;
use crate::output::Output;
use crate::portal::{self, Endpoint, Portal, TraceContext};
use crate::prompt::{Interactivity, Prompt};
#[cfg(feature = "sandbox")]
use crate::sandbox::Sandbox;
use crate::secret::Secret;

/// How long an idle connection is kept for other programs.
#[cfg(feature = "server")]
const IDLE_FOR_OTHERS: std::time::Duration = std::time::Duration::from_secs(30);

/// All that a connection needs. Opening it takes time, so the thread that uses it opens it.
pub struct Connection {
    pub endpoint: Endpoint,
    pub credential: Credential,
    options: portal::Options,
}

impl Connection {
    /// Builds the client; sends nothing yet.
    pub fn open(self) -> Result<Portal, portal::Error> {
        Portal::new(self.endpoint, &self.credential.secret, self.options)
    }
}

/// The context of a verb.
pub struct Context {
    pub config: Config,
    pub out: Arc<Output>,
    pub prompt: Prompt,
    /// The command tree, for commands that print it.
    pub tree: fn() -> clap::Command,
    portal: OnceCell<Portal>,
    /// The key in use: its source, and its recorded id.
    used: OnceCell<Credential>,
    /// The trace that the run is part of, set once a portal is needed.
    trace: OnceCell<Option<TraceContext>>,
    #[cfg(feature = "sandbox")]
    sandbox: OnceCell<Sandbox>,
}

impl Context {
    /// Takes the settings; opens nothing yet.
    pub fn new(config: Config, out: Arc<Output>, tree: fn() -> clap::Command) -> Context {
        let prompt = Prompt::new(Interactivity::here(config.options.no_input, config.ci, out.is_machine()));
        Context {
            config,
            out,
            prompt,
            tree,
            portal: OnceCell::new(),
            used: OnceCell::new(),
            trace: OnceCell::new(),
            #[cfg(feature = "sandbox")]
            sandbox: OnceCell::new(),
        }
    }

    /// Returns the portal of this run, connected with its key.
    pub fn portal(&self) -> Result<&Portal, Error> {
        if let Some(portal) = self.portal.get() {
            return Ok(portal);
        }
        let endpoint = self.endpoint()?;
        let credential = self.credential(&endpoint)?.ok_or_else(|| self.no_key(&endpoint))?;
        let portal = self.connect(endpoint, credential.clone())?;
        self.used.get_or_init(|| credential);
        Ok(self.portal.get_or_init(|| portal))
    }

    /// Connects to a portal with a key that the caller chose.
    pub fn connect(&self, endpoint: Endpoint, credential: Credential) -> Result<Portal, Error> {
        let options = self.portal_options(&endpoint, &credential.secret, || self.home_profile(&endpoint))?;
        Ok(Connection { endpoint, credential, options }.open()?)
    }

    /// Connects to a portal for another program, which decides itself what to send, when to retry, how long to wait.
    #[cfg(feature = "server")]
    pub fn portal_for_others(&self, endpoint: &Endpoint, key: &Secret) -> Result<Portal, Error> {
        let mut options = self.portal_options(endpoint, key, || self.home_profile(endpoint))?;
        options.transport.idle = Some(IDLE_FOR_OTHERS);
        // One retry, in case the portal has closed an idle connection, which is not the program's fault.
        options.retries = options.retries.min(1);
        options.observers = portal::Observers::default();
        Ok(Portal::new(endpoint.clone(), key, options)?)
    }

    /// Prepares a connection with a profile's key, to be opened on any thread; `None` if the profile has no key.
    pub fn connection_of(
        &self,
        name: &str,
        profile: &Profile,
        endpoint: &Endpoint,
    ) -> Result<Option<Connection>, Error> {
        let Some(credential) = self.stored_credential(name, profile, endpoint)? else { return Ok(None) };
        // A header that admits us to one portal must not be sent to another.
        if let Some(header) = self.config.headers.first() {
            let message = format!("the header `{}` is for one portal, and several are asked", header.name);
            return Err(Error::new(Kind::Usage, message).hint("Ask them one by one: `--profile NAME`."));
        }
        let options = self.portal_options(endpoint, &credential.secret, || Ok(Some(name.to_owned())))?;
        Ok(Some(Connection { endpoint: endpoint.clone(), credential, options }))
    }

    /// Fails if the run is read-only, before any request is sent.
    pub fn ensure_writable(&self) -> Result<(), Error> {
        match self.config.read_only()? {
            None => Ok(()),
            Some(by) => Err(Error::new(Kind::Declined, "this run is read-only").read_only_by(&by)),
        }
    }

    /// Returns the log of what this machine did to keys.
    pub fn log(&self) -> Result<Log, Error> {
        Ok(Log::new(self.config.journal_dir()?.join("keys.log")))
    }

    /// Returns the directory of the leases, the records of keys for one run.
    pub fn leases(&self) -> Result<PathBuf, Error> {
        Ok(self.config.journal_dir()?.join(Lease::OF_RUNS))
    }

    /// Returns the directory of leases for keys that a file's destinations get; the sweep of leases skips it.
    pub fn leases_of_places(&self) -> Result<PathBuf, Error> {
        Ok(self.config.journal_dir()?.join("made"))
    }

    /// Returns the portal's name in plans and the ledger: its base URL, or `sandbox`, whose address varies.
    pub fn portal_name(&self) -> Result<String, Error> {
        if self.config.sandbox() { Ok("sandbox".to_owned()) } else { Ok(self.endpoint()?.base()) }
    }

    /// Returns the ledger of this portal's keys; `None` if there is no directory for it.
    pub fn ledger(&self) -> Option<Ledger> {
        Some(Ledger::new(&self.config.journal_dir().ok()?, self.portal_name().ok()?))
    }

    /// Returns what this machine knows of the key in use, once it was read.
    pub fn notes(&self) -> Notes {
        let Some(Credential { secret, key_id, .. }) = self.used.get() else { return Notes::default() };
        let (known, others) = self.known(secret);
        Notes { noted: key_id.clone(), known, others }
    }

    /// Warns of unknown entries in the config file, if the file was read.
    pub fn warn_of_unknown_keys(&self) {
        self.config.unknown_keys().iter().for_each(|unknown| self.out.warn(unknown));
    }

    /// Returns the portal's options from the settings, with its bindings and the profile's variables for them.
    fn portal_options(
        &self,
        endpoint: &Endpoint,
        key: &Secret,
        profile: impl FnOnce() -> Result<Option<String>, config::Error>,
    ) -> Result<portal::Options, Error> {
        // The sandbox's address changes with each run, and it needs no cache.
        let cache = if self.config.sandbox() { None } else { config::cache_dir().ok() };
        let cache = cache.map(|directory| directory.join("fits").join(portal::cache_name(endpoint, key)));
        let bindings = self.config.bindings_of(&endpoint.base())?;
        // Only bindings have variables.
        let variables = match bindings.is_some().then(profile).transpose()?.flatten() {
            Some(name) => self.config.file()?.profiles.get(&name).map(|profile| profile.variables.clone()),
            None => None,
        };
        let read_only = self.config.read_only()?;
        let transport = self.transport(endpoint)?;
        Ok(portal::Options {
            transport,
            read_only,
            retries: self.config.retries,
            cache,
            bindings,
            variables: variables.unwrap_or_default(),
            observers: trace::observers(self.config.options.verbose, &self.out),
        })
    }

    /// Returns the transport options of a portal.
    fn transport(&self, endpoint: &Endpoint) -> Result<portal::Transport, Error> {
        let headers = self.config.headers.iter().map(|header| Ok((header.name.clone(), header.value()?)));
        Ok(portal::Transport {
            timeout: self.config.timeout,
            idle: None,
            cacert: self.config.cacert.clone(),
            client_cert: self.config.client_cert.clone(),
            client_key: self.config.client_key.clone(),
            headers: headers.collect::<Result<_, config::Error>>()?,
            trace: self.trace.get_or_init(|| trace::context(self.config.options.verbose, &self.out)).clone(),
            proxy: endpoint.url().host_str().filter(|_| endpoint.is_https()).and_then(config::proxy_for),
        })
    }

    /// Returns the current profile, unless it is known to be for another portal.
    fn home_profile(&self, endpoint: &Endpoint) -> Result<Option<String>, config::Error> {
        let home = self.config.profile()?.portal.and_then(|url| Endpoint::parse(&url).ok());
        let is_home = home.is_none_or(|home| home.origin() == endpoint.origin());
        if is_home { self.config.profile_name().map(Some) } else { Ok(None) }
    }

    /// Returns the source of the key in use, once the key was read.
    pub fn source(&self) -> Option<Source> {
        self.used.get().map(|used| used.source)
    }

    /// Removes the key in use from its store, after it was revoked.
    pub fn forget_key(&self) -> Result<(), Error> {
        let stored = self.source().is_some_and(|source| matches!(source, Source::Keyring | Source::File));
        if !stored {
            return Ok(());
        }
        let (name, profile) = (self.config.profile_name()?, self.config.profile()?);
        if let Some(store) = self.store(&profile)? {
            store.forget(&name)?;
            self.know_taken(&profile, &store.place(&name));
        }
        self.config.save_profile(&name, &Profile { store: config::Store::None, key_id: None, ..profile })?;
        self.out.status(format_args!("It was the key of profile `{name}`, which is now logged out."));
        Ok(())
    }

    /// Returns the store of a profile's key; `None` if the profile is logged out.
    pub fn store(&self, profile: &Profile) -> Result<Option<Store>, Error> {
        let limit = self.config.store_timeout;
        let origin = profile.portal.as_deref().and_then(|url| Endpoint::parse(url).ok()).map(|home| home.origin());
        Ok(match &profile.store {
            config::Store::None => None,
            config::Store::Keyring => Some(Store::Keyring { limit, origin }),
            config::Store::File => Some(Store::File { directory: config::keys_dir()?, origin }),
            config::Store::Command(words) => Some(Store::Command { words: words.clone(), limit }),
        })
    }

    /// Returns the file of a profile's key; `None` if the key is not in a file.
    pub fn key_file(&self, name: &str, profile: &Profile) -> Option<String> {
        let store = self.store(profile).ok().flatten()?;
        matches!(store, Store::File { .. }).then(|| store.location(name))
    }

    /// Returns the address of this run's portal.
    pub fn endpoint(&self) -> Result<Endpoint, Error> {
        #[cfg(feature = "sandbox")]
        if self.config.sandbox() {
            return Ok(Endpoint::parse(self.sandbox()?.url())?);
        }
        let Some(named) = self.config.portal()? else { return Err(self.no_portal()?) };
        let endpoint = Endpoint::parse(&named.url).map_err(|invalid| {
            let error = Error::from(invalid);
            match named.by {
                Origin::Option => error.reclassify(Kind::Usage, "`--portal` cannot be used"),
                Origin::Variable(name) => error.reclassify(Kind::Config, format!("`{name}` cannot be used")),
                Origin::Profile => error.reclassify(Kind::Config, "the profile's portal cannot be used"),
            }
        })?;
        self.check_conflict(&endpoint, named.by)?;
        Ok(endpoint)
    }

    /// Returns the key for an address, from the first source that has one: the environment, then the profile's store.
    pub fn credential(&self, endpoint: &Endpoint) -> Result<Option<Credential>, Error> {
        #[cfg(feature = "sandbox")]
        if self.config.sandbox() {
            let secret = self.sandbox()?.key().clone();
            return Ok(Some(Credential { secret, source: Source::Sandbox, key_id: None }));
        }
        if let Some(secret) = self.environment_key()? {
            self.check_environment_key(endpoint)?;
            let key_id = self.config.api_key_id.clone();
            return Ok(Some(Credential { secret, source: Source::Environment, key_id }));
        }
        self.stored_credential(&self.config.profile_name()?, &self.config.profile()?, endpoint)
    }

    /// Returns the key in the environment, if there is one.
    pub fn environment_key(&self) -> Result<Option<Secret>, Error> {
        let key = self.config.api_key.as_ref().map(|secret| credentials::key(secret.expose().into()));
        key.transpose().map_err(|problem| Error::new(Kind::Config, "`OPTRA_API_KEY` cannot be used").cause(problem))
    }

    /// Returns a profile's key for an address; `None` if it has none.
    pub fn stored_credential(
        &self,
        name: &str,
        profile: &Profile,
        endpoint: &Endpoint,
    ) -> Result<Option<Credential>, Error> {
        let Some(home) = profile.portal.as_deref().and_then(|url| Endpoint::parse(url).ok()) else { return Ok(None) };
        if home.origin() != endpoint.origin() {
            let (theirs, asked) = (home.origin(), endpoint.origin());
            let message = format!("the key of profile `{name}` is for {theirs} and is not sent to {asked}");
            let hint = format!("Log in there: `optra auth login --profile NAME --portal {asked}`.");
            return Err(Error::new(Kind::Declined, message).hint(hint));
        }
        let Some(store) = self.store(profile)? else { return Ok(None) };
        let key_id = profile.key_id.clone();
        Ok(store.read(name)?.map(|secret| Credential { secret, source: store.source(), key_id }))
    }

    /// Returns the sandbox of this run, and starts it on first use.
    #[cfg(feature = "sandbox")]
    fn sandbox(&self) -> Result<&Sandbox, Error> {
        use crate::sandbox::{Options, State, start};
        if let Some(sandbox) = self.sandbox.get() {
            return Ok(sandbox);
        }
        let state = State::Directory(config::state_dir()?.join("sandbox"));
        let sandbox = start(Options { state, ..Options::default() })?;
        Ok(self.sandbox.get_or_init(|| sandbox))
    }

    /// `--portal` may be a slip, so the key in the environment is sent only where the environment or the profile says.
    fn check_environment_key(&self, endpoint: &Endpoint) -> Result<(), Error> {
        if let Some(name) = self.config.missing_profile()? {
            return Err(self.no_profile(Kind::Config, name, ", and the key in `OPTRA_API_KEY` is of none"));
        }
        let Some(Origin::Option) = self.config.portal()?.map(|named| named.by) else { return Ok(()) };
        let by_variable = self.config.portal_variable.as_ref().map(|named| named.url.clone());
        let by_profile = || Ok::<_, Error>(self.config.profile()?.portal);
        if let Some(url) = by_variable.map_or_else(by_profile, |url| Ok(Some(url)))?
            && Endpoint::parse(&url).is_ok_and(|named| named.origin() == endpoint.origin())
        {
            return Ok(());
        }
        let asked = endpoint.origin();
        let message = format!("the key in `OPTRA_API_KEY` was not given for {asked}, and is not sent there");
        let hint = format!("If it is for that portal, say so beside the key: `OPTRA_PORTAL_URL={}`.", endpoint.base());
        Err(Error::new(Kind::Declined, message).hint(hint))
    }

    /// A requested profile and a variable that name different portals are an error, not a guess.
    fn check_conflict(&self, endpoint: &Endpoint, by: Origin) -> Result<(), Error> {
        let (Origin::Variable(variable), Some(name)) = (by, self.config.requested_profile()) else { return Ok(()) };
        let Some(url) = self.config.profile()?.portal else { return Ok(()) };
        match Endpoint::parse(&url) {
            Ok(home) if home.origin() != endpoint.origin() => {
                let (theirs, ours) = (home.origin(), endpoint.origin());
                let message = format!("profile `{name}` is for {theirs}, but `{variable}` says {ours}");
                Err(Error::new(Kind::Config, message).hint(format!("Leave one of the two out: `unset {variable}`.")))
            }
            _ => Ok(()),
        }
    }

    fn no_portal(&self) -> Result<Error, Error> {
        let name = self.config.profile_name()?;
        let profiles = &self.config.file()?.profiles;
        if let Some(name) = self.config.missing_profile()? {
            return Ok(self.no_profile(Kind::Config, name, ", and no portal is configured"));
        }
        let option = profile_option(&name);
        let error = Error::new(Kind::Config, "no portal is configured");
        let known: Vec<String> = profiles.keys().map(|name| format!("`{name}`")).collect();
        let error = match known.as_slice() {
            [] => error,
            [one] => error.hint(format!("There is {one}: `optra auth switch {}`.", one.trim_matches('`'))),
            _ => {
                error.hint(format!("There is {}: say `--profile NAME`, or `optra auth switch NAME`.", known.join(", ")))
            }
        };
        Ok(error
            .hint(format!("Log in with `optra auth login{option} --portal URL`, or set `OPTRA_PORTAL_URL`."))
            .hint("To try without an account: `optra --sandbox devices list`."))
    }

    /// Returns the error for a missing profile; `rest` continues the sentence.
    pub fn no_profile(&self, kind: Kind, name: &str, rest: &str) -> Error {
        profiles::missing(&self.config, kind, name, rest)
    }

    /// Returns the error for a missing key, with a hint on how to get one.
    pub fn no_key(&self, endpoint: &Endpoint) -> Error {
        let option = self.config.profile_name().map(|name| profile_option(&name)).unwrap_or_default();
        let (base, store) = (endpoint.base(), self.config.profile().unwrap_or_default().store_option());
        let hint = format!("Log in with `optra auth login{option} --portal {base}{store}`, or set `OPTRA_API_KEY`.");
        Error::new(Kind::Unauthenticated, format!("there is no key for {}", endpoint.origin())).hint(hint)
    }
}

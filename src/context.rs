//! What a verb may use: what the run was told, the output, the prompt, and the portal on first use.
//!
//! Here alone a key meets an address; a key given for one origin is not sent to another.

use std::cell::OnceCell;
use std::rc::Rc;

use crate::config::{Config, Origin};
use crate::credentials::{self, Credential, Source, keyring};
use crate::error::{Error, Kind};
use crate::output::Output;
use crate::portal::{self, Endpoint, Exchange, Portal};
use crate::prompt::{Circumstances, Prompt};
#[cfg(feature = "sandbox")]
use crate::sandbox::Sandbox;

/// The surroundings of a verb.
pub struct Context {
    pub config: Config,
    pub out: Rc<Output>,
    pub prompt: Prompt,
    /// The command tree, for those who print it.
    pub tree: fn() -> clap::Command,
    portal: OnceCell<Portal>,
    /// Where the portal's key came from, and its noted id.
    used: OnceCell<(Source, Option<String>)>,
    #[cfg(feature = "sandbox")]
    sandbox: OnceCell<Sandbox>,
}

impl Context {
    /// Takes what the run was told; nothing is opened yet.
    pub fn new(config: Config, out: Rc<Output>, tree: fn() -> clap::Command) -> Context {
        let prompt = Prompt::new(Circumstances::here(config.options.no_input, config.ci, out.is_machine()));
        Context {
            config,
            out,
            prompt,
            tree,
            portal: OnceCell::new(),
            used: OnceCell::new(),
            #[cfg(feature = "sandbox")]
            sandbox: OnceCell::new(),
        }
    }

    /// Returns the portal of this run, ready to be asked.
    pub fn portal(&self) -> Result<&Portal, Error> {
        if let Some(portal) = self.portal.get() {
            return Ok(portal);
        }
        let endpoint = self.endpoint()?;
        let credential = self.credential(&endpoint)?.ok_or_else(|| self.no_key(&endpoint))?;
        let used = (credential.source, credential.key_id.clone());
        let portal = self.connect(endpoint, credential)?;
        self.used.get_or_init(|| used);
        Ok(self.portal.get_or_init(|| portal))
    }

    /// Connects to a portal with a key that the caller has chosen.
    pub fn connect(&self, endpoint: Endpoint, credential: Credential) -> Result<Portal, Error> {
        let options = portal::Options { timeout: self.config.timeout, cacert: self.config.cacert.clone() };
        let out = Rc::clone(&self.out);
        let tell = move |exchange: &Exchange<'_>| {
            let Exchange { operation, url, status, bytes, took } = exchange;
            out.status(format_args!("{operation}: POST {url}: HTTP {status}, {bytes} bytes, {} ms", took.as_millis()));
        };
        let observer = self.config.options.verbose.then(|| Box::new(tell) as portal::Observer);
        Ok(Portal::new(endpoint, credential.secret, &options, observer)?)
    }

    /// Returns the id of the key in use, where the profile has a note of it.
    pub fn noted_key_id(&self) -> Option<String> {
        self.used.get()?.1.clone()
    }

    /// Removes the key in use from the store that it came from, after it was revoked.
    pub fn forget_key(&self) -> Result<(), Error> {
        if let Some((Source::Keyring, _)) = self.used.get() {
            keyring::delete(&self.config.profile_name()?)?;
            self.out.status("It was this profile's own key, which is now removed from the keyring.");
        }
        Ok(())
    }

    /// Returns the address of the portal of this run.
    pub fn endpoint(&self) -> Result<Endpoint, Error> {
        #[cfg(feature = "sandbox")]
        if self.config.sandbox() {
            return Ok(Endpoint::parse(self.sandbox()?.url())?);
        }
        let Some((url, origin)) = self.config.portal()? else {
            return Err(Error::new(Kind::Config, "no portal is named")
                .hint("Log in with `optra auth login --portal https://…`, or set `OPTRA_PORTAL_URL`.")
                .hint("To try without an account: `optra --sandbox devices list`."));
        };
        Endpoint::parse(&url).map_err(|invalid| {
            let error = Error::from(invalid);
            match origin {
                Origin::Option => error.within(Kind::Usage, "`--portal` cannot be used"),
                Origin::Variable(name) => error.within(Kind::Config, format!("`{name}` cannot be used")),
                Origin::Profile => error.within(Kind::Config, "the profile's portal cannot be used"),
            }
        })
    }

    /// Returns the key for an address, from the first source that has one: environment, then the profile's store.
    pub fn credential(&self, endpoint: &Endpoint) -> Result<Option<Credential>, Error> {
        #[cfg(feature = "sandbox")]
        if self.config.sandbox() {
            let secret = self.sandbox()?.key().clone();
            return Ok(Some(Credential { secret, source: Source::Sandbox, key_id: None }));
        }
        if let Some(secret) = &self.config.api_key {
            let secret = credentials::key(secret.expose().into())
                .map_err(|problem| Error::new(Kind::Config, "`OPTRA_API_KEY` cannot be used").cause(problem))?;
            self.check_environment_key(endpoint)?;
            return Ok(Some(Credential { secret, source: Source::Environment, key_id: None }));
        }
        let (name, profile) = (self.config.profile_name()?, self.config.profile()?);
        let Some(home) = profile.portal.and_then(|url| Endpoint::parse(&url).ok()) else { return Ok(None) };
        if home.origin() != endpoint.origin() {
            let (theirs, asked) = (home.origin(), endpoint.origin());
            return Err(Error::new(
                Kind::Declined,
                format!("the key of profile `{name}` is for {theirs} and is not sent to {asked}"),
            )
            .hint(format!("Log in there: `optra auth login --profile NAME --portal {asked}`.")));
        }
        let secret = keyring::read(&name)?;
        Ok(secret.map(|secret| Credential { secret, source: Source::Keyring, key_id: profile.key_id }))
    }

    /// Returns the sandbox of this run, started on first use.
    #[cfg(feature = "sandbox")]
    fn sandbox(&self) -> Result<&Sandbox, Error> {
        use crate::sandbox::{Options, State, start};
        if let Some(sandbox) = self.sandbox.get() {
            return Ok(sandbox);
        }
        let state = State::Directory(crate::config::state_dir()?.join("sandbox"));
        let sandbox = start(Options { state, ..Options::default() })?;
        Ok(self.sandbox.get_or_init(|| sandbox))
    }

    /// An option may be a slip of the tongue; the key in the environment goes where the environment or the profile says.
    fn check_environment_key(&self, endpoint: &Endpoint) -> Result<(), Error> {
        let Some((_, Origin::Option)) = self.config.portal()? else { return Ok(()) };
        let by_variable = self.config.portal_variable().map(|(url, _)| url);
        let by_profile = self.config.profile()?.portal;
        let named = |url: String| Endpoint::parse(&url).is_ok_and(|named| named.origin() == endpoint.origin());
        if by_variable.into_iter().chain(by_profile).any(named) {
            return Ok(());
        }
        let asked = endpoint.origin();
        let message = format!("the key in `OPTRA_API_KEY` was not given for {asked}, and is not sent there");
        let hint = format!("If it is for that portal, say so beside the key: `OPTRA_PORTAL_URL={}`.", endpoint.base());
        Err(Error::new(Kind::Declined, message).hint(hint))
    }

    /// Says that there is no key for an address, and how to get one.
    pub fn no_key(&self, endpoint: &Endpoint) -> Error {
        let base = endpoint.base();
        Error::new(Kind::Unauthenticated, format!("there is no key for {}", endpoint.origin()))
            .hint(format!("Log in with `optra auth login --portal {base}`, or set `OPTRA_API_KEY`."))
    }
}

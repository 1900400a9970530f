//! `optra auth login`: reads a key, proves it and stores it, in that order, and never shows it.

use std::path::PathBuf;

use super::identity::{identify, prove};
use super::keeping;
use super::key_proof;
use super::record::Login;
use crate::commands::input::id_or_name;
use crate::commands::standing;
use crate::config::path;
use crate::config::{self, Profile};
use crate::context::Context;
use crate::credentials::{self, Source, Store, file};
use crate::error::{Error, Kind};
use crate::portal::Endpoint;
use crate::secret::Secret;

/// Store a portal's API key under a profile
///
/// Asks for the key without echo, proves it with a query, stores it and reads it back. The profile records the store,
/// and no other store ever stands in for it.
#[derive(Debug, clap::Args)]
#[command(before_long_help = "\
Examples:
  optra auth login --portal https://portal.example
  optra auth login --portal https://portal.example --key-file ~/key.txt
  pass show optra | optra auth login --portal https://portal.example --key-file -
  optra auth login --portal https://portal.example --store command --command 'pass show optra'")]
pub struct Args {
    /// Read the key from this file, which only its owner may be able to read; `-` is stdin
    #[arg(long, value_name = "PATH", conflicts_with = "command", value_parser = path)]
    key_file: Option<PathBuf>,

    /// Keep the key in the keyring, in a file for its owner only, or have a command print it; default: the profile's
    /// store
    #[arg(long, value_enum)]
    store: Option<Place>,

    /// Run this program for the key each time; its words are split as the system splits them, and no shell runs it
    #[arg(long, value_name = "COMMAND", required_if_eq("store", "command"))]
    command: Option<String>,

    /// Say which of the portal's keys this is, by id or name, where the portal does not tell
    #[arg(long, value_name = "ID|NAME", value_parser = id_or_name)]
    key_id: Option<String>,

    /// Where nothing else proves the key, send a made-up one once, to see whether the portal refuses that
    #[arg(long)]
    try_wrong_key: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
enum Place {
    Keyring,
    File,
    Command,
}

pub fn run(args: &Args, cx: &Context) -> Result<(), Error> {
    if cx.config.sandbox() {
        return Err(Error::new(Kind::Usage, "the sandbox needs no login; it has a key of its own")
            .hint("Try `optra --sandbox devices list`."));
    }
    if args.command.is_some() && args.store != Some(Place::Command) {
        return Err(Error::new(Kind::Usage, "`--command` goes with `--store command`"));
    }
    let endpoint = cx.endpoint()?;
    if args.key_file.is_none() && args.store.is_none() && cx.config.api_key.is_some() {
        return environment(args, &endpoint, cx);
    }
    let name = cx.config.profile_name()?;
    cx.config.can_save()?;
    standing::refuse_during(cx)?;
    let mut profile = Profile { portal: Some(endpoint.base()), store: args.place(cx)?, ..Profile::default() };
    let Some(store) = cx.store(&profile)? else {
        return Err(Error::new(Kind::Usage, "the profile has no store for the key"));
    };
    if args.key_file.is_none() && store.source() != Source::Command {
        let hint = "Name a file that holds the key with `--key-file PATH`, or `-` for stdin.";
        cx.prompt.available().map_err(|error| Error::from(error).context("no key was given").hint(hint))?;
    }
    // Ask for the key only once a place for it is certain.
    store.probe(&name).map_err(|error| keeping::suggest_other_stores(error.into(), &name, &endpoint))?;
    let secret = take(args, &store, &name, &endpoint, cx)?;
    let (portal, proof) = prove(&endpoint, secret.clone(), store.source(), cx)?;
    let proven_by = key_proof::describe(&proof, &secret, &endpoint, args.try_wrong_key, cx)?;
    let viewer = proof.viewer;
    let told = viewer.key.as_ref().map(|key| key.id.clone());
    let id = identify(told, args.key_id.as_deref(), &secret, &portal, cx)?;
    // Some portals use the key itself as its id; such an id must not be written to the profile.
    profile.key_id = id.filter(|id| secret.is_not_in(id));
    profile.organization = viewer.organization_name();
    keeping::keep(&name, &profile, &store, &secret, cx)?;
    if let Some(id) = &profile.key_id {
        let called = viewer.key.as_ref().and_then(|key| key.name.as_deref());
        cx.know(&secret, id, called, &store.place(&name));
    }
    let login = Login::of(Some(name), &endpoint, viewer, profile.key_id, store.source());
    tell(Login { proven_by, ..login }, store.source(), cx)?;
    if cx.config.api_key.is_some() {
        cx.out.warn("`OPTRA_API_KEY` is set and takes precedence over the stored key");
    }
    Ok(())
}

impl Args {
    /// The requested store, else the profile's, else the keyring.
    fn place(&self, cx: &Context) -> Result<config::Store, Error> {
        Ok(match self.store {
            Some(Place::Keyring) => config::Store::Keyring,
            Some(Place::File) => config::Store::File,
            Some(Place::Command) => config::Store::Command(self.command.clone().unwrap_or_default()),
            None => match cx.config.profile()?.store {
                config::Store::None => config::Store::Keyring,
                store => store,
            },
        })
    }
}

/// With a key in the environment nothing is stored: scripts log in before they work, and that must not fail.
fn environment(args: &Args, endpoint: &Endpoint, cx: &Context) -> Result<(), Error> {
    let Some(credential) = cx.credential(endpoint)? else { return Ok(()) };
    let source = credential.source;
    let (_, proof) = prove(endpoint, credential.secret.clone(), source, cx)?;
    let proven_by = key_proof::describe(&proof, &credential.secret, endpoint, args.try_wrong_key, cx)?;
    let viewer = proof.viewer;
    let id = viewer.key.as_ref().map(|key| key.id.clone());
    tell(Login { proven_by, ..Login::of(None, endpoint, viewer, id, source) }, source, cx)?;
    cx.out.status("`OPTRA_API_KEY` is set and is used as it is; nothing was stored.");
    Ok(())
}

fn take(args: &Args, store: &Store, name: &str, endpoint: &Endpoint, cx: &Context) -> Result<Secret, Error> {
    if let Some(path) = &args.key_file {
        return Ok(file::read(path)?);
    }
    if let Store::Command { .. } = store {
        return store.read(name)?.ok_or_else(|| Error::new(Kind::StoreFailed, "the command printed no key"));
    }
    let typed = cx.prompt.secret(&format!("API key for {}", endpoint.base()))?;
    Ok(credentials::key(typed.expose().into()).map_err(credentials::Error::Text)?)
}

fn tell(login: Login, source: Source, cx: &Context) -> Result<(), Error> {
    let of = login.organization.as_ref().map_or_else(String::new, |name| format!(" as `{name}`"));
    let kept = match &login.profile {
        Some(name) if source == Source::Command => format!("; profile `{name}` asks the command for the key"),
        Some(name) => format!("; the key is in the {}, profile `{name}`", source.as_str()),
        None => String::new(),
    };
    let proven = match login.proven_by.as_str() {
        "nothing" => "which nothing proves yet".to_owned(),
        by => format!("proven by {by}"),
    };
    let sentence = format!("Logged in to {}{of}, {proven}{kept}.", login.portal);
    Ok(cx.out.done(sentence, &login)?)
}

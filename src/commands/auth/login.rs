//! `optra auth login`: a key is taken, proven and kept, in that order, and never shown.

use std::path::PathBuf;

use serde::Serialize;

use crate::config::Profile;
use crate::context::Context;
use crate::credentials::{self, Credential, Source, file, keyring};
use crate::error::{Error, Kind};
use crate::output::{Column, Record, Value};
use crate::portal::Endpoint;
use crate::portal::viewer::{self, Viewer};
use crate::secret::Secret;

/// Keep a portal's API key in the keyring
///
/// The key is asked for without echo, proven with a query, stored under the profile and read back.
#[derive(Debug, clap::Args)]
#[command(before_long_help = "\
Examples:
  optra auth login --portal https://portal.example
  optra auth login --portal https://portal.example --key-file ~/key.txt
  pass show optra | optra auth login --portal https://portal.example --key-file -")]
pub struct Args {
    /// Take the key from this file, which its owner alone can read; `-` is stdin
    #[arg(long, value_name = "PATH")]
    key_file: Option<PathBuf>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Login {
    profile: String,
    portal: String,
    organization: Option<String>,
    source: &'static str,
    key_id: Option<String>,
}

impl Record for Login {
    const NOUN: (&'static str, &'static str) = ("login", "logins");
    const COLUMNS: &'static [Column<Login>] = &[
        Column::whole("profile", |login| login.profile.cell()),
        Column::whole("portal", |login| login.portal.cell()),
        Column::whole("organization", |login| login.organization.cell()),
        Column::whole("source", |login| login.source.cell()),
        Column::whole("keyId", |login| login.key_id.cell()),
    ];
}

pub fn run(args: &Args, cx: &Context) -> Result<(), Error> {
    if cx.config.sandbox() {
        return Err(Error::new(Kind::Usage, "the sandbox needs no login; it has a key of its own")
            .hint("Try `optra --sandbox devices list`."));
    }
    let endpoint = cx.endpoint()?;
    if args.key_file.is_none() && cx.config.api_key.is_some() {
        return environment(endpoint, cx);
    }
    let profile = cx.config.profile_name()?;
    if args.key_file.is_none() {
        cx.prompt
            .available()
            .map_err(|error| Error::from(error).hint("Name a file with `--key-file PATH`, or `-`."))?;
    }
    // Without a place for it the key is not asked for.
    keyring::probe(&profile)?;
    let secret = match &args.key_file {
        Some(path) => file::read(path)?,
        None => ask(&endpoint, cx)?,
    };
    let viewer = prove(&endpoint, secret.clone(), Source::Keyring, cx)?;
    keyring::store(&profile, &secret)?;
    let key_id = viewer.key.as_ref().map(|key| key.id.clone());
    cx.config.save_profile(&profile, &Profile { portal: Some(endpoint.base()), key_id })?;
    tell(profile, &endpoint, viewer, Source::Keyring, cx)?;
    if cx.config.api_key.is_some() {
        cx.out.warn("`OPTRA_API_KEY` is set and goes before the keyring");
    }
    Ok(())
}

/// With a key in the environment there is nothing to keep: scripts log in before they work, and that must not fail.
fn environment(endpoint: Endpoint, cx: &Context) -> Result<(), Error> {
    let Some(credential) = cx.credential(&endpoint)? else { return Ok(()) };
    let viewer = prove(&endpoint, credential.secret, credential.source, cx)?;
    tell(cx.config.profile_name()?, &endpoint, viewer, credential.source, cx)?;
    cx.out.status("`OPTRA_API_KEY` is set and is used as it is; nothing was stored.");
    Ok(())
}

fn ask(endpoint: &Endpoint, cx: &Context) -> Result<Secret, Error> {
    let typed = cx.prompt.secret(&format!("API key for {}", endpoint.base()))?;
    Ok(credentials::key(typed.expose().into()).map_err(credentials::Error::Text)?)
}

fn prove(endpoint: &Endpoint, secret: Secret, source: Source, cx: &Context) -> Result<Viewer, Error> {
    let portal = cx.connect(endpoint.clone(), Credential { secret, source, key_id: None })?;
    viewer::prove(&portal).map_err(|error| {
        let error = Error::from(error);
        match (error.kind(), source) {
            (_, Source::Environment) => error,
            (Kind::Unauthenticated, _) => error.so("the key was not stored: the portal rejects it"),
            _ => error.so("the key was not stored: it could not be proven"),
        }
    })
}

fn tell(profile: String, endpoint: &Endpoint, viewer: Viewer, source: Source, cx: &Context) -> Result<(), Error> {
    let Viewer { organization, key } = viewer;
    let organization = organization.map(|organization| organization.name.unwrap_or(organization.id));
    let of = organization.as_ref().map_or_else(String::new, |name| format!(" as `{name}`"));
    let portal = endpoint.base();
    let sentence = format!("Logged in to {portal}{of}; the key is from the {}, profile `{profile}`.", source.words());
    let login = Login { profile, portal, organization, source: source.words(), key_id: key.map(|key| key.id) };
    Ok(cx.out.done(sentence, &login)?)
}

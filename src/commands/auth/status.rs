//! `optra auth status`: which portal, which key, from where, and whether it is valid. Safe to paste.

use super::profiles;
use super::record::{State, Status};
use crate::config::{Store, profile_option};
use crate::context::Context;
use crate::credentials::{Credential, Source};
use crate::error::{Error, Kind};
use crate::output::Fields;
use crate::portal::{self, Proof};

/// Show the portal, the key in use and whether the portal accepts it
///
/// Exits with 0 for a valid key, 4 for a missing or invalid one, 8 if that cannot be known now.
#[derive(Debug, clap::Args)]
#[command(before_long_help = "\
Examples:
  optra auth status
  optra auth status --all
  optra auth status -o json | jq -r .state")]
pub struct Args {
    /// Check the keys of all profiles, in parallel
    #[arg(long)]
    all: bool,
}

pub fn run(args: &Args, cx: &Context) -> Result<(), Error> {
    if args.all { profiles::check(cx) } else { one(cx) }
}

fn one(cx: &Context) -> Result<(), Error> {
    let endpoint = cx.endpoint()?;
    let credential = cx.credential(&endpoint)?.ok_or_else(|| cx.no_key(&endpoint))?;
    let stored = matches!(credential.source, Source::Keyring | Source::File | Source::Command);
    let profile = if stored { Some(cx.config.profile_name()?) } else { None };
    let (base, option) = (endpoint.base(), profile.as_deref().map(profile_option).unwrap_or_default());
    let store = cx.config.profile().unwrap_or_default().store_option();
    let way_out = |state, source| match (state, source) {
        (State::Invalid, Source::Environment) => "Check `OPTRA_API_KEY`.".to_owned(),
        (State::Invalid, _) => format!("Log in anew with `optra auth login{option} --portal {base}{store}`."),
        _ => format!("Check that {base} is the portal's API base URL, and can be reached from here."),
    };
    let mut status = Status::of(profile, &endpoint, &credential);
    status.shadowed = shadowed(&credential, cx);
    if credential.source == Source::File {
        status.file = cx.key_file(&cx.config.profile_name()?, &cx.config.profile()?);
    }
    let source = credential.source;
    let portal = cx.connect(endpoint, credential)?;
    status.judge(portal::prove(&portal).and_then(Proof::strong));
    cx.out.item(&status, &Fields::all())?;
    match status.failure {
        None => Ok(()),
        // The portal answers, but no operation of ours fits it yet, so nothing can prove the key.
        Some(error) if error.kind() == Kind::Unsupported => {
            Err(error
                .replace_hints(format!("Fit the commands to it: `optra{} portal adopt`.", cx.config.portal_flags())))
        }
        Some(error) => Err(error.replace_hints(way_out(status.state, source))),
    }
}

/// Returns the source that would be used if the environment held no key, without touching a store.
fn shadowed(credential: &Credential, cx: &Context) -> Vec<String> {
    if credential.source != Source::Environment {
        return Vec::new();
    }
    // A file that cannot be read shadows nothing, and its error does not belong here.
    let (Ok(name), Ok(profile)) = (cx.config.profile_name(), cx.config.profile()) else { return Vec::new() };
    if profile.portal.is_none() || profile.store == Store::None {
        return Vec::new();
    }
    vec![format!("{} (profile {name})", profile.store.as_str())]
}

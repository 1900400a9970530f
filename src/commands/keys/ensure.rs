//! `optra keys ensure`: makes sure that a key of this name exists; it is idempotent, and safe to run concurrently.

use std::path::Path;
use std::thread;
use std::time::Duration;

use super::existing;
use super::issuing::{self, IssueRequest, Namesakes};
use super::places::{self, place};
use crate::commands::completeness::AllowPartial;
use crate::commands::input::new_name;
use crate::commands::reason::Reason;
use crate::context::Context;
use crate::disk::Lock;
use crate::error::{Error, Kind};
use crate::journal::{self, Destination};
use crate::lifecycle::{Inventory, Issuer, name};
use crate::portal::Portal;
use crate::portal::keys::ApiKey;
use crate::text::is_same;

/// Make sure that a key of this name exists
///
/// If there is none, generates it and delivers its secret, as `keys generate` does. If there is one, changes nothing
/// and delivers nothing: a secret is given only once.
#[derive(Debug, clap::Args)]
#[command(before_long_help = "\
Examples:
  optra keys ensure --name report --to file:report.key
  optra keys ensure --name ci --to command:'gh secret set OPTRA_API_KEY'")]
pub struct Args {
    /// The name of the key
    #[arg(long, value_parser = new_name)]
    name: String,

    /// Deliver the secret to stdout, keyring, keyring:PROFILE, file:PATH or command:'CMD ARGS'; can be repeated
    #[arg(long, value_name = "PLACE", default_value = "stdout", value_parser = place)]
    to: Vec<Destination>,

    #[command(flatten)]
    allow_partial: AllowPartial,

    #[command(flatten)]
    reason: Reason,
}

/// How long to wait for the lock: another run sends only a few requests.
const PATIENCE: Duration = Duration::from_secs(120);

pub fn run(args: &Args, cx: &Context) -> Result<(), Error> {
    cx.ensure_writable()?;
    let portal = cx.portal()?;
    // Concurrent runs on this machine wait for a lock; a run on another machine is detected once the key exists.
    // Without a home directory there is no lock.
    let _lock = match cx.config.journal_dir() {
        Ok(directory) => Some(wait(&directory, cx)?),
        Err(_) => None,
    };
    let mut same = namesakes(args, portal, cx)?;
    // A run on another machine that made a duplicate is about to revoke it, or to see that its own was first.
    for _ in 0..LOOKS {
        if same.len() < 2 {
            break;
        }
        thread::sleep(BLINK);
        same = namesakes(args, portal, cx)?;
    }
    match same.as_slice() {
        [] => {
            let delivery = places::open(&args.to, false, cx)?;
            let (command, name, namesakes) = ("keys ensure", Some(&*args.name), Namesakes::Raced);
            issuing::issue(IssueRequest { command, name, delivery, namesakes, reason: args.reason.given(cx)? }, cx)
        }
        [key] => existing::is_there(key, &args.name, &args.to, cx),
        several => {
            let ids: Vec<&str> = several.iter().map(|key| key.id.as_str()).collect();
            let message = format!("{} keys are called `{}`: {}", several.len(), args.name, ids.join(", "));
            Err(Error::new(Kind::NotFound, message).hint(format!(
                "See which of them is used before one goes: `optra{} keys list --name {}`.",
                cx.config.portal_flags(),
                shell_words::quote(&format!("{}*", args.name))
            )))
        }
    }
}

/// How often duplicates are looked at again, and after how long.
const LOOKS: u32 = 3;
const BLINK: Duration = Duration::from_millis(300);

/// Returns the keys of this name.
fn namesakes(args: &Args, portal: &Portal, cx: &Context) -> Result<Vec<ApiKey>, Error> {
    let Inventory { keys, completeness } = portal.keys()?;
    args.allow_partial.ensure(&completeness, "keys", cx)?;
    let has_name = |key: &ApiKey| key.name.as_deref().is_some_and(|name| is_same(name::strip_nonce(name), &args.name));
    Ok(keys.into_iter().filter(has_name).collect())
}

/// Waits for other runs of `keys ensure` at the same portal.
fn wait(directory: &Path, cx: &Context) -> Result<Lock, Error> {
    let portal = cx.config.as_file_name(&cx.endpoint()?.base());
    let tell = || cx.out.status("waiting for another `keys ensure` at this portal");
    journal::lock(&directory.join(format!("ensure-{portal}.lock")), PATIENCE, tell)?.ok_or_else(|| {
        let message = format!("another `keys ensure` at this portal has been under way for {} s", PATIENCE.as_secs());
        Error::new(Kind::Declined, message)
    })
}

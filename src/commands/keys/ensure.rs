//! `optra keys ensure`: a key of this name is there afterwards, made once, however often and however many at once ask for it.

use std::path::Path;
use std::thread;
use std::time::Duration;

use jiff::SignedDuration;

use super::issuing::{self, IssueRequest, IssuedKey, Namesakes};
use super::places::{self, place};
use super::users::whereabouts;
use crate::commands::completeness::AllowPartial;
use crate::commands::input::new_name;
use crate::commands::reason::Reason;
use crate::context::Context;
use crate::disk::Lock;
use crate::error::{Error, Kind};
use crate::journal::{self, Destination};
use crate::lifecycle::{Inventory, Issuer, name, timestamp};
use crate::output::Fields;
use crate::portal::Portal;
use crate::portal::keys::ApiKey;
use crate::text::argument;
use crate::text::is_same;

/// Make sure that there is a key of this name
///
/// If there is none, it is made and its secret is delivered, as `keys generate` does it. If there is one, nothing is
/// changed, and nothing is delivered: a secret is given only once.
#[derive(Debug, clap::Args)]
#[command(before_long_help = "\
Examples:
  optra keys ensure --name report --to file:report.key
  optra keys ensure --name ci --to command:'gh secret set OPTRA_API_KEY'")]
pub struct Args {
    /// The name that the key has
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

/// So long one waits for the others: each asks the portal a few times.
const PATIENCE: Duration = Duration::from_secs(120);

pub fn run(args: &Args, cx: &Context) -> Result<(), Error> {
    cx.ensure_writable()?;
    let portal = cx.portal()?;
    // Two at once on this machine wait for each other; those on others are told apart once the key is there.
    // Where there is no home, they are told apart as if they were on others.
    let _lock = match cx.config.journal_dir() {
        Ok(directory) => Some(wait(&directory, cx)?),
        Err(_) => None,
    };
    let mut same = namesakes(args, portal, cx)?;
    // Who made one at the same moment on another machine is about to take it back, or to see that it is the first.
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
        [key] => is_there(key, args, cx),
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

/// How often several of a name are looked at again, and after how long.
const LOOKS: u32 = 3;
const BLINK: Duration = Duration::from_millis(300);

/// Returns the keys that have this name.
fn namesakes(args: &Args, portal: &Portal, cx: &Context) -> Result<Vec<ApiKey>, Error> {
    let Inventory { keys, completeness } = portal.keys()?;
    args.allow_partial.ensure(&completeness, "keys", cx)?;
    let has_name = |key: &ApiKey| key.name.as_deref().is_some_and(|name| is_same(name::base(name), &args.name));
    Ok(keys.into_iter().filter(has_name).collect())
}

/// A key that is younger may be one that somebody is taking into use right now.
const YOUNG: SignedDuration = SignedDuration::from_hours(1);

/// Waits for those who make sure of a key at the same portal.
fn wait(directory: &Path, cx: &Context) -> Result<Lock, Error> {
    let portal = cx.config.as_file_name(&cx.endpoint()?.base());
    let tell = || cx.out.status("waiting for another `keys ensure` at this portal");
    journal::lock(&directory.join(format!("ensure-{portal}.lock")), PATIENCE, tell)?.ok_or_else(|| {
        let message = format!("another `keys ensure` at this portal has been under way for {} s", PATIENCE.as_secs());
        Error::new(Kind::Declined, message)
    })
}

/// Returns true where a run of this machine was cut off while it made a key of this name: it left a line in the log that has
/// no sequel, or a key in the ledger that never arrived anywhere. One that a rotation has in hand is not such a key.
fn was_cut_off(id: &str, name: &str, cx: &Context) -> Result<bool, Error> {
    let base = cx.endpoint()?.base();
    let is_in_rotation = whereabouts(&base, cx)?.of(Some(id)).iter().any(|place| place.kind == "rotation");
    let never_arrived = || cx.ledger().map_or(Ok(false), |ledger| ledger.never_arrived(id));
    Ok(!is_in_rotation && (never_arrived()? || cx.log()?.is_cut_off(&base, name)?))
}

fn is_there(key: &ApiKey, args: &Args, cx: &Context) -> Result<(), Error> {
    let (name, id) = (&args.name, &key.id);
    if let Some(gone) = args.to.iter().find(|place| place.is_known_to_be_empty()) {
        let message = format!("key `{name}` (id {id}) is there, but its secret is not at `{gone}`");
        if was_cut_off(id, name, cx).unwrap_or(false) {
            return Err(Error::new(Kind::Declined, message).hint(format!(
                "A run on this machine was cut off while it made one. If nobody else has made this key, nobody has its \
                 secret: `optra{} keys revoke {}`, then this again.",
                cx.config.portal_flags(),
                argument(id)
            )));
        }
        let error = Error::new(Kind::Declined, message).hint(
            "A secret is given only once, and whoever made the key has it. Take another name for a key of your own.",
        );
        let age = timestamp(key.created_at.as_ref()).map(|made| crate::text::now().duration_since(made));
        // What could end a key that another has just made is not proposed.
        return Err(match age {
            Some(age) if age > YOUNG => error.hint(format!(
                "If nobody has it any more, replace it: `optra{} keys rotate --to {} {}`.",
                cx.config.portal_flags(),
                shell_words::quote(&gone.to_string()),
                argument(id)
            )),
            _ => error,
        });
    }
    if cx.out.is_machine() {
        let made = IssuedKey {
            id: Some(id.clone()),
            name: key.name.clone(),
            created_at: key.created_at.clone(),
            changed: false,
        };
        cx.out.item(&made, &Fields::all())?;
    }
    cx.out.status(format_args!("Key `{name}` (id {id}) is there already; nothing was changed or delivered."));
    Ok(())
}

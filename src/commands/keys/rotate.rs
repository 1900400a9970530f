//! `optra keys rotate`: replaces a key by a new one, with a working key at every moment.

use std::time::Duration;

use super::confirmation::{called, confirm_rotation};
use super::custody;
use super::home::{ensure_place, home, tell_of_logout};
use super::places::{place, resolved};
use super::targets;
use crate::commands::input::{id_or_name, new_name};
use crate::commands::repeat;
use crate::commands::{completeness::AllowPartial, reason::Reason, risk::AcceptRisk, standing};
use crate::context::Context;
use crate::error::{Error, Kind};
use crate::journal::{Destination, Rotation};
use crate::lifecycle::{Issuer, KeyInUse, name};
use crate::text::duration;

/// Replace an API key by a new one, and revoke the old one
///
/// Generates the new key, delivers it, reads it back and proves it; runs the hook, waits for the grace period, revokes
/// the old key and verifies that it is dead. A journal without secrets makes it safe to resume after any crash.
#[derive(Debug, clap::Args)]
#[command(group = clap::ArgGroup::new("begun").multiple(true)
    .args(["key", "name", "to", "force", "hook", "hook_limit", "grace"]))]
#[command(mut_arg("reason", |reason| reason.hide_short_help(true)), before_long_help = "\
Examples:
  optra keys rotate                                  the key of this profile, in its own store
  optra keys rotate ci --to command:'gh secret set OPTRA_API_KEY' --grace 10m
  optra keys rotate --status
  optra keys rotate --resume                         after a crash")]
pub struct Args {
    /// The key to replace, by id or name; the key in use if left out
    #[arg(value_name = "ID|NAME", value_parser = id_or_name)]
    key: Option<String>,

    /// Name the new key; default: the old key's name
    #[arg(long, value_parser = new_name)]
    name: Option<String>,

    /// Deliver the secret here instead of the profile's own store; can be repeated
    ///
    /// A place is stdout, keyring, keyring:PROFILE, file:PATH or command:'CMD ARGS'.
    #[arg(long, value_name = "PLACE", value_parser = place)]
    to: Vec<Destination>,

    /// Overwrite an existing file or keyring entry
    #[arg(long, hide_short_help = true)]
    force: bool,

    /// Run this before the old key is revoked
    ///
    /// The hook runs without a shell; write `sh -c 'COMMAND'` for one. Its environment has OPTRA_OLD_KEY_ID, OPTRA_NEW_KEY_ID, OPTRA_PORTAL_URL and OPTRA_PROFILE.
    #[arg(long, value_name = "CMD")]
    hook: Option<String>,

    /// Stop the hook after this long; the rotation can be resumed
    #[arg(long, value_name = "TIME", default_value = "10m", value_parser = duration, hide_short_help = true)]
    hook_limit: Duration,

    /// Keep both keys valid for this long, such as `10m`, before revoking the old one
    #[arg(long, value_name = "TIME", default_value = "0s", value_parser = duration)]
    grace: Duration,

    /// Rotate without asking
    #[arg(short, long)]
    yes: bool,

    #[command(flatten)]
    accept_risk: AcceptRisk,

    #[command(flatten)]
    allow_partial: AllowPartial,

    #[command(flatten)]
    reason: Reason,

    /// Resume the interrupted rotation
    #[arg(long, conflicts_with_all = ["abort", "status", "begun"])]
    resume: bool,

    /// Roll back the interrupted rotation; the old key stays
    #[arg(long, conflicts_with_all = ["status", "begun"])]
    abort: bool,

    /// Forget a rotation that can be neither resumed nor rolled back, and say what it leaves behind; nothing is revoked
    #[arg(long, hide_short_help = true, requires = "abort", conflicts_with_all = ["resume", "status", "begun"])]
    force_forget: bool,

    /// Show the unfinished rotation
    #[arg(long, conflicts_with = "begun")]
    status: bool,
}

pub fn run(args: &Args, cx: &Context) -> Result<(), Error> {
    if args.status {
        return standing::tell(cx);
    }
    cx.ensure_writable()?;
    let journal = standing::journal(cx)?;
    let _lock = standing::lock(cx)?;
    if args.force_forget {
        return standing::forget(&journal, cx);
    }
    let reason = args.reason.given(cx)?;
    match custody::under_way(&journal, reason.as_deref(), cx)? {
        Some(under_way) if args.abort => custody::abort(under_way, &journal, args.allow_partial, cx),
        Some(under_way) if args.resume => custody::resume(under_way, &journal, args.allow_partial, cx),
        Some(under_way) => Err(standing::already(&under_way, cx)),
        None if args.resume || args.abort => Err(Error::new(Kind::NotFound, "no rotation is under way")),
        None => custody::begin(Rotation { reason, ..begin(args, cx)? }, args.force, &journal, cx),
    }
}

/// Checks everything that can be checked before there is a new key.
fn begin(args: &Args, cx: &Context) -> Result<Rotation, Error> {
    let undone = |error: Error| error.context("nothing was rotated");
    if !args.yes {
        cx.prompt.available().map_err(|error| {
            undone(error.into())
                .hint(format!("In a script, confirm with: `{}`.", repeat::line(&["--yes"], args.key.as_slice(), cx)))
        })?;
    }
    let portal = cx.portal()?;
    let inventory = portal.keys()?;
    let in_use = KeyInUse::ask(portal, cx.notes())?.certain().map_err(undone)?;
    // For the id of a listed key, an incomplete listing is enough.
    if !args.key.as_deref().or(in_use.id()).is_some_and(|id| inventory.has(id)) {
        args.allow_partial.ensure(&inventory.completeness, "keys", cx)?;
    }
    let old = targets::find_or_in_use(args.key.as_deref(), &inventory.keys, &in_use)?;
    // If the portal does not tell whether this is the key in use, assume it may be.
    let own = in_use.may_be(&old.id);
    let (to, mark, home) = (resolved(&args.to, cx)?, name::nonce()?, home(cx)?);
    ensure_place(home.as_ref(), own, &to, &mark, cx)?;
    if own && !to.is_empty() {
        args.accept_risk.ensure_elsewhere(&called(&old), in_use.id().is_some(), args.key.as_slice(), cx)?;
    }
    let (name, marked) = name::successor(args.name.as_deref(), old.name.as_deref())?;
    let rotation = Rotation {
        own,
        name,
        marked,
        before: inventory.keys.into_iter().map(|key| key.id).collect(),
        to,
        hook: args.hook.clone(),
        hook_limit_s: args.hook_limit.as_secs(),
        grace_s: args.grace.as_secs(),
        old_name: old.name.clone(),
        old_id: old.id.clone(),
        ..Rotation::begun(cx.endpoint()?.base(), mark, crate::text::now())
    };
    // Test the destinations and the hook before asking the user.
    custody::probe(&rotation, args.force, cx)?;
    if !args.yes {
        confirm_rotation(&old, &args.to, cx)?;
    }
    tell_of_logout(home.as_ref(), own, &rotation.to, cx);
    Ok(rotation)
}

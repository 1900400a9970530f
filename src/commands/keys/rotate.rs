//! `optra keys rotate`: a new key in the place of an old one, with a working key in hand at every moment.

use jiff::SignedDuration;

use super::confirmation::{called, confirm_rotation};
use super::destination::{self, Destination, Ready};
use super::risk::AcceptRisk;
use super::rotation::{self, Rotating};
use super::{orphan, targets};
use crate::commands::age::age;
use crate::commands::completeness::AllowPartial;
use crate::commands::{input::id_or_name, standing};
use crate::context::Context;
use crate::error::{Error, Kind};
use crate::journal::Rotation;
use crate::lifecycle::{Inventory, KeyInUse};

/// Replace an API key by a new one, and revoke the old one
///
/// The new key is made, delivered, read back and proven; the hook runs, the time of grace passes, the old key is revoked
/// and proven dead. A journal without secrets makes it safe to go on after a crash at any moment.
#[derive(Debug, clap::Args)]
#[command(before_long_help = "\
Examples:
  optra keys rotate                                  the key of this profile, in its own store
  optra keys rotate ci --to command:'gh secret set OPTRA_API_KEY' --grace 10m
  optra keys rotate --status
  optra keys rotate --resume                         after a crash")]
pub struct Args {
    /// The key to replace, by its id or its name; the key in use if left out
    #[arg(value_name = "ID|NAME", value_parser = id_or_name)]
    key: Option<String>,

    /// What the new key is called; as the old one, with a mark by which it is known again, if left out
    #[arg(long, value_parser = id_or_name)]
    name: Option<String>,

    /// Deliver the secret to stdout, keyring, keyring:PROFILE, file:PATH or command:'CMD ARGS' instead of the profile's own
    /// store; can be repeated
    #[arg(long, value_name = "PLACE")]
    to: Vec<Destination>,

    /// Replace a file or a key in the keyring that is there already
    #[arg(long)]
    force: bool,

    /// Run this before the old key is revoked; it finds the ids in OPTRA_OLD_KEY_ID and OPTRA_NEW_KEY_ID
    #[arg(long, value_name = "CMD")]
    hook: Option<String>,

    /// Leave both keys working for so long, such as `10m`, before the old one is revoked
    #[arg(long, value_name = "TIME", default_value = "0s", value_parser = age)]
    grace: SignedDuration,

    /// Rotate without asking
    #[arg(short, long)]
    yes: bool,

    #[command(flatten)]
    accept_risk: AcceptRisk,

    #[command(flatten)]
    allow_partial: AllowPartial,

    /// Go on with the rotation that broke off
    #[arg(long, conflicts_with_all = ["abort", "status"])]
    resume: bool,

    /// Take back the rotation that broke off; the old key stays
    #[arg(long, conflicts_with = "status")]
    abort: bool,

    /// Show the rotation under way
    #[arg(long)]
    status: bool,
}

pub fn run(args: &Args, cx: &Context) -> Result<(), Error> {
    if args.status {
        return standing::tell(cx);
    }
    cx.may_change()?;
    let journal = standing::journal(cx)?;
    let _lock = standing::lock(cx)?;
    let under_way = journal.read()?;
    match under_way {
        Some(under_way) if args.resume || args.abort => {
            let rotating = Rotating::resume(under_way, journal, cx)?.look_back(args.abort, args.allow_partial)?;
            if args.abort { rotating.abort() } else { rotating.go() }
        }
        Some(under_way) => Err(standing::already(&under_way, cx)),
        None if args.resume || args.abort => Err(Error::new(Kind::NotFound, "no rotation is under way")),
        None => begin(args, cx).and_then(|(rotation, places)| Rotating::begin(rotation, places, journal, cx)?.go()),
    }
}

const UNDONE: &str = "nothing was rotated";

/// Finds out everything that can fail before there is a new key.
fn begin(args: &Args, cx: &Context) -> Result<(Rotation, Vec<Ready>), Error> {
    if !args.yes {
        cx.prompt
            .available()
            .map_err(|error| Error::from(error).so(UNDONE).hint("Where nobody can be asked, say so: `--yes`."))?;
    }
    let Inventory { keys: all, completeness } = Inventory::read(cx.portal()?)?;
    let in_use = KeyInUse::ask(cx.portal()?, cx.noted_key_id())?.certain().map_err(|error| error.so(UNDONE))?;
    // Who names an id that is there need not see the others.
    let id = args.key.as_ref().or(in_use.as_ref());
    if !all.iter().any(|key| Some(&key.id) == id) {
        args.allow_partial.ensure(&completeness, "keys", cx)?;
    }
    let old = match &args.key {
        Some(word) => targets::find(word, &all)?,
        None => all.iter().find(|key| Some(&key.id) == in_use.as_ref()).cloned().ok_or_else(|| {
            Error::new(Kind::Declined, "which of the keys is the one in use is not known; nothing was rotated")
                .hint("Name the key: `optra keys rotate ID`.")
        })?,
    };
    // Where neither profile nor portal tells, the user does, by naming it.
    let own = in_use.as_ref().is_none_or(|id| *id == old.id);
    rotation::has_a_place(own, &args.to, &old, cx)?;
    if own && !args.to.is_empty() {
        let what = format!("key {} is the one in use, and its place is not where the new one goes", called(&old));
        let instead = "Where it is in a store of ours, leave `--to` out: then the new one takes its place.".to_owned();
        args.accept_risk.ensure(what, instead, &args.line(cx))?;
    }
    let places = destination::prepare(&args.to, args.force, cx)?;
    if !args.yes {
        confirm_rotation(&old, &args.to, cx)?;
    }
    rotation::tell_of_logout(own, &args.to, cx)?;
    let (name, marked) = orphan::new_name(args.name.as_deref(), old.name.as_deref())?;
    let rotation = Rotation {
        old_id: old.id,
        old_name: old.name,
        own,
        name,
        marked,
        before: all.into_iter().map(|key| key.id).collect(),
        to: args.to.iter().map(|place| place.absolute().to_string()).collect(),
        hook: args.hook.clone(),
        grace_s: args.grace.as_secs().unsigned_abs(),
        ..Rotation::begun(cx.endpoint()?.base())
    };
    Ok((rotation, places))
}

impl Args {
    /// The command line as a shell takes it, for a hint.
    fn line(&self, cx: &Context) -> String {
        let yes = if self.yes { " --yes" } else { "" };
        let key = self.key.iter().map(|key| format!(" {}", shell_words::quote(key)));
        let to = self.to.iter().map(|place| format!(" --to {}", shell_words::quote(&place.to_string())));
        format!("optra{} keys rotate{}{yes}", cx.config.chosen_portal(), key.chain(to).collect::<String>())
    }
}

//! `optra auth logout`: forgets keys on this machine. Without `--revoke` the portal still accepts them.

use super::forgetting::logout;
use super::record::Logout;
use crate::commands::repeat;
use crate::commands::risk::RISK;
use crate::commands::{reason::Reason, risk::AcceptRisk, session, standing, typed::ensure_typed};
use crate::config::{Profile, Store};
use crate::context::Context;
use crate::error::{Error, Kind};
use crate::interrupt;
use crate::lifecycle::{self, KeyInUse, RevokeTarget};
use crate::output::Fields;
use crate::portal::{self, viewer};
use crate::text::counted;

/// Forget the profile's key on this machine
///
/// The key itself stays valid, unless `--revoke` ends it first.
#[derive(Debug, clap::Args)]
#[command(mut_arg("reason", |reason| reason.requires("revoke").conflicts_with("all")), before_long_help = "\
Examples:
  optra auth logout
  optra auth logout --profile staging
  optra auth logout --all
  optra auth logout --revoke                         and end the key itself")]
pub struct Args {
    /// Forget the keys of all profiles
    #[arg(long)]
    all: bool,

    /// Revoke the key first; forget it once the portal rejects it
    #[arg(long, conflicts_with = "all")]
    revoke: bool,

    /// Revoke without asking; also needs `--accept-risk lose-access`
    #[arg(short, long, requires = "revoke", conflicts_with = "all")]
    yes: bool,

    #[command(flatten)]
    accept_risk: AcceptRisk,

    #[command(flatten)]
    reason: Reason,
}

pub fn run(args: &Args, cx: &Context) -> Result<(), Error> {
    if cx.config.sandbox() {
        return Err(Error::new(Kind::Usage, "the sandbox has no login to forget"));
    }
    cx.config.can_save()?;
    if !args.all {
        standing::refuse_during(cx)?;
    }
    if args.revoke {
        end(args, cx)?;
    }
    let known = &cx.config.file()?.profiles;
    let profiles: Vec<(String, Profile)> = if args.all {
        known.iter().map(|(name, profile)| (name.clone(), profile.clone())).collect()
    } else {
        let name = cx.config.profile_name()?;
        let logged_out = Profile { store: Store::None, ..Profile::default() };
        vec![(name.clone(), known.get(&name).cloned().unwrap_or(logged_out))]
    };
    let mut logouts: Vec<Logout> = profiles.into_iter().map(|(name, profile)| logout(name, profile, cx)).collect();
    tell(&logouts, args.all, args.revoke, cx)?;
    if cx.config.api_key.is_some() {
        cx.out.warn("`OPTRA_API_KEY` is still set and will be used");
    }
    let failed = logouts.iter().filter(|logout| logout.failure.is_some()).count();
    match (failed, logouts.len()) {
        (0, _) => Ok(()),
        (1, 1) => Err(logouts.remove(0).failure.unwrap_or_else(|| Error::new(Kind::StoreFailed, "it failed"))),
        (failed, all) => {
            let keys = counted(failed, &format!("of {all} keys was"), &format!("of {all} keys were"));
            Err(Error::new(Kind::Partial, format!("{keys} not forgotten")))
        }
    }
}

const UNDONE: &str = "nothing was revoked or forgotten";

/// Revokes the profile's key and verifies that the portal rejects it; only then may it be forgotten.
fn end(args: &Args, cx: &Context) -> Result<(), Error> {
    cx.ensure_writable()?;
    let undone = |error: Error| error.context(UNDONE);
    if cx.config.api_key.is_some() {
        let message = "`OPTRA_API_KEY` is set, so it is not the profile's key that would be revoked";
        return Err(Error::new(Kind::Declined, message).hint("Unset it first: `unset OPTRA_API_KEY`."));
    }
    let viewer = viewer::show(cx.portal()?)?;
    let is_proven = viewer.is_some();
    let told = viewer.and_then(|viewer| viewer.key).map(|key| key.id);
    let in_use = KeyInUse::of(told, cx.notes()).certain().map_err(undone)?;
    let Some(id) = in_use.id().map(str::to_owned) else {
        return Err(Error::new(Kind::Declined, format!("the id of this key is not known; {UNDONE}"))
            .hint("Revoke it by its id: `optra keys revoke ID --accept-risk lose-access`."));
    };
    // A rejection after the revocation proves something only if the portal accepted the key before.
    if !is_proven {
        portal::prove(cx.portal()?).map_err(|error| undone(error.into()))?;
    }
    if args.yes {
        let what = format!("key {id} is the one in use; revoking it ends this access");
        let instead = format!("To replace it: `optra{} keys rotate`.", cx.config.portal_flags());
        args.accept_risk.ensure(what, instead, &[], cx).map_err(undone)?;
    } else {
        let can_ask = cx.prompt.available().map_err(Error::from);
        let say_so = format!("In a script, confirm with: `{}`.", repeat::line(&["--yes", RISK], &[], cx));
        can_ask.map_err(|error| undone(error.hint(say_so)))?;
        let question = format!("Type the id of the key, {id}, to revoke it and lose this access");
        ensure_typed(&question, |typed| typed == id, "that is not its id", UNDONE, cx)?;
    }
    let _hold = interrupt::hold("Interrupted while revoking the key: see whether it is with `optra auth status`.");
    session::run("auth logout", args.reason.given(cx)?.as_deref(), cx, |session| {
        let target = RevokeTarget { id: &id, name: None, is_in_use: true, was_listed: false };
        let ended = lifecycle::revoke(session, target);
        let so = if ended.is_unseen() {
            "nothing was forgotten, and whether the key was revoked is not known"
        } else {
            UNDONE
        };
        ended.into_result().map_err(|error| error.context(so))
    })
}

fn tell(logouts: &[Logout], all: bool, revoked: bool, cx: &Context) -> Result<(), Error> {
    match logouts {
        _ if !cx.out.is_machine() => {}
        [logout] if !all => cx.out.item(logout, &Fields::all())?,
        several => {
            let mut rows = cx.out.rows(&Fields::all());
            several.iter().try_for_each(|logout| rows.push(logout))?;
            rows.finish()?;
        }
    }
    if logouts.is_empty() && !cx.out.is_machine() {
        cx.out.status("no profiles");
    }
    for logout in logouts {
        let name = &logout.profile;
        match (&logout.error, logout.removed) {
            (Some(error), _) if logouts.len() > 1 => cx.out.warn(error),
            (Some(_), _) => {}
            (None, true) if revoked => cx.out.status(format_args!("Forgot the key of profile `{name}`.")),
            (None, true) => cx.out.status(format_args!(
                "Forgot the key of profile `{name}`. The portal still accepts it, until an Admin revokes it."
            )),
            (None, false) => match &logout.command {
                Some(command) => cx.out.status(format_args!(
                    "Profile `{name}` asks `{command}` any more. The key is still there, and the portal still accepts it."
                )),
                None => cx.out.status(format_args!("There was no key of profile `{name}`.")),
            },
        }
    }
    Ok(())
}

//! `optra keys sweep`: revokes the keys of runs that have ended, and no others.

use jiff::SignedDuration;

use super::confirmation::confirm_all;
use super::revocation::{self, Outcome};
use crate::commands::completeness::AllowPartial;
use crate::commands::session;
use crate::config::Config;
use crate::context::{Context, Rationale};
use crate::error::Error;
use crate::interrupt;
use crate::journal::{Held, Lease};
use crate::lifecycle::{Elsewhere, Issuer, UNDER_WAY, abandoned};
use crate::portal::keys::ApiKey;
use crate::text::age;

/// What Ctrl-C says about an unfinished request.
const LEFT: &str = "Interrupted while revoking keys: `optra keys sweep` goes on.";

/// Revoke the keys that killed runs have left
///
/// `optra run --ephemeral` writes a lease on this machine before it generates the key, and locks it while it runs. For
/// runs elsewhere only the name of the key shows this: it ends in ` (run ` and a nonce; `--older-than` takes those. The
/// key of a run that is alive on this machine stays, whatever its age.
#[derive(Debug, clap::Args)]
#[command(before_long_help = "\
Examples:
  optra keys sweep
  optra keys sweep --older-than 1d --dry-run
  optra keys sweep --older-than 1d --yes            in a script")]
pub struct Args {
    /// Also take keys of runs on other machines, if they are older than this
    #[arg(long, value_name = "AGE", value_parser = age)]
    older_than: Option<SignedDuration>,

    /// Show what would be revoked, and revoke nothing
    #[arg(long)]
    dry_run: bool,

    /// Revoke keys of runs on other machines without asking
    #[arg(short, long)]
    yes: bool,

    #[command(flatten)]
    allow_partial: AllowPartial,
}

/// Returns the runs that are alive on this machine, those of the sandbox too: it has a journal of its own, and what such a run
/// starts sees it as a portal with an address.
fn alive() -> Result<Vec<Lease>, Error> {
    let mut alive = Vec::new();
    for journal in Config::journal_dirs()? {
        alive.extend(Held::alive(&journal.join(Lease::OF_RUNS))?);
    }
    Ok(alive)
}

pub fn run(args: &Args, cx: &Context) -> Result<(), Error> {
    if !args.dry_run {
        cx.ensure_writable()?;
    }
    let (leases, portal) = (cx.leases()?, cx.portal_name()?);
    let left = Held::left(&leases, &portal)?;
    let now = crate::text::now();
    let inventory = cx.portal()?.keys()?;
    args.allow_partial.ensure(&inventory.completeness, "keys", cx)?;
    let elsewhere = |older_than| Ok::<_, Error>(Elsewhere { older_than, alive: alive()? });
    let found = abandoned(left, inventory, args.older_than.map(elsewhere).transpose()?, now)?;
    if !args.dry_run {
        Held::remove_unused_locks(&leases, UNDER_WAY)?;
    }
    let mut outcomes: Vec<Outcome> = found.iter().map(|left| Outcome::due(&left.key)).collect();
    if found.is_empty() {
        cx.out.status(match Held::left(&leases, &portal)?.len() {
            0 => "No run has left a key.",
            _ => "No key of a killed run was found, but one may still appear: sweep again in five minutes.",
        });
        return revocation::tell(&outcomes, cx);
    }
    if args.dry_run {
        return revocation::tell_plan(&outcomes, None, false, cx);
    }
    let elsewhere = found.iter().filter(|left| !left.is_of_this_machine()).map(|left| left.key.clone());
    let elsewhere: Vec<ApiKey> = elsewhere.collect();
    if !elsewhere.is_empty() && !args.yes {
        confirm_all(&elsewhere, false, cx)?;
    }
    let _hold = interrupt::hold(LEFT);
    session::run("keys sweep", Rationale::default(), cx, |session| {
        for (outcome, left) in outcomes.iter_mut().zip(found) {
            outcome.end(left.end(session));
        }
        Ok(())
    })?;
    revocation::tell(&outcomes, cx)?;
    revocation::into_result(outcomes)
}

//! `optra keys apply`: makes the keys those of a file; it is idempotent, and resumes after a killed run.

use super::keys_file::FileArg;
use super::plan;
use super::situation::Snapshot;
use super::steps::{self, Executor};
use crate::commands::completeness::AllowPartial;
use crate::commands::reason::Reason;
use crate::commands::repeat;
use crate::commands::risk::AcceptRisk;
use crate::commands::standing;
use crate::commands::typed::ensure_typed;
use crate::context::Context;
use crate::error::{Error, Kind};
use crate::lifecycle::{Action, Allowed, Step};
use crate::output::Fields;
use crate::text::counted;

/// Generate, rotate and revoke keys until they match a file
///
/// `keys plan` shows the steps first, and its help the form of the file. Each secret is delivered to its places; keys
/// that the file does not name stay, unless `--prune` is given. The next run resumes one that was killed.
#[derive(Debug, clap::Args)]
#[command(before_long_help = "\
Examples:
  optra keys plan -f keys.toml
  optra keys apply -f keys.toml
  optra keys apply -f keys.toml --prune --yes        in a script")]
pub struct Args {
    #[command(flatten)]
    file: FileArg,

    /// Also revoke the keys that the file does not name
    #[arg(long)]
    prune: bool,

    /// Let up to N keys be revoked without a replacement, instead of 10
    #[arg(long, value_name = "N", default_value_t = 10, hide_default_value = true)]
    max: usize,

    /// Show the steps, as `keys plan` does, and change nothing
    #[arg(long)]
    dry_run: bool,

    /// Change the keys without asking
    #[arg(short, long)]
    yes: bool,

    #[command(flatten)]
    accept_risk: AcceptRisk,

    #[command(flatten)]
    allow_partial: AllowPartial,

    #[command(flatten)]
    reason: Reason,
}

pub fn run(args: &Args, cx: &Context) -> Result<(), Error> {
    let file = args.file.read(cx)?;
    let allowed = Allowed { prune: args.prune, lose_access: args.accept_risk.is_taken() };
    if args.dry_run {
        return plan::tell(&Snapshot::take(&file, args.allow_partial, cx)?.decide(&file, allowed), &Fields::all(), cx);
    }
    cx.ensure_writable()?;
    let undone = |error: Error| error.context("nothing was changed");
    if !args.yes {
        let hint = format!("In a script, confirm with: `{}`.", repeat::line(&["--yes"], &[], cx));
        cx.prompt.available().map_err(|error| undone(error.into()).hint(hint))?;
    }
    let _locks = (steps::lock(cx)?, standing::lock(cx)?);
    let mut snapshot = Snapshot::take(&file, args.allow_partial, cx)?;
    snapshot.in_use = snapshot.in_use.certain().map_err(undone)?;
    let mut steps = snapshot.decide(&file, allowed);
    steps.sort_by_key(Step::rank);
    let changes: Vec<&Step> = steps.iter().filter(|step| step.action.is_change()).collect();
    args.ensure_few(&changes)?;
    if !changes.is_empty() && !args.yes {
        confirm(&changes, cx)?;
    }
    let goes_on = repeat::line(&[], &[], cx);
    let executor = Executor {
        file: &file,
        goes_on: &goes_on,
        accept_risk: args.accept_risk,
        allow: args.allow_partial,
        reason: args.reason.given(cx)?,
    };
    let outcomes = executor.all(&steps, snapshot, cx);
    steps::tell(&outcomes, cx)?;
    steps::into_result(outcomes)
}

impl Args {
    /// Refuses to revoke more keys at once than `--max`.
    fn ensure_few(&self, changes: &[&Step]) -> Result<(), Error> {
        let ends = changes.iter().filter(|step| step.action == Action::Revoke).count();
        if ends <= self.max {
            return Ok(());
        }
        let keys = counted(ends, "key", "keys");
        let message = format!("{keys} would be revoked, which is more than {}; nothing was changed", self.max);
        Err(Error::new(Kind::Declined, message).hint(format!("If all of them are to go, say so: `--max {ends}`.")))
    }
}

/// Shows all steps, then asks the user to type the number of keys.
fn confirm(changes: &[&Step], cx: &Context) -> Result<(), Error> {
    for step in changes {
        let called = steps::called(step);
        cx.out.status(format_args!("{} {called}: {}.", capital(step.action.as_str()), step.reason));
    }
    if changes.iter().any(|step| step.action == Action::Revoke) {
        cx.out.status("What uses a revoked key stops working at once, and it cannot be brought back.");
    }
    let count = changes.len().to_string();
    let question = format!("Type {count} to do it");
    ensure_typed(&question, |typed| typed == count, "that is not the number of keys", "nothing was changed", cx)
}

fn capital(word: &str) -> String {
    let (first, rest) = word.split_at(word.len().min(1));
    format!("{}{rest}", first.to_uppercase())
}

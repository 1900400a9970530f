//! `optra keys revoke`: finds what was named, shows it, and wants it typed before anything is revoked.

use std::path::PathBuf;

use super::approval::Approval;
use super::confirmation::{called, confirm, confirm_all, tell_whose};
use super::revocation::{self, Outcome};
use super::targets::{Targets, write_plan};
use crate::commands::completeness::AllowPartial;
use crate::commands::reason::Reason;
use crate::commands::repeat;
use crate::commands::risk::{AcceptRisk, RISK};
use crate::config::path;
use crate::context::{Context, Rationale};
use crate::error::{Error, Kind};
use crate::lifecycle::{Inventory, Issuer, KeyInUse, Plan};
use crate::portal::keys::ApiKey;

/// Revoke API keys, immediately and for good
#[derive(Debug, clap::Args)]
#[command(before_long_help = "\
Examples:
  optra keys revoke 371650114937032704
  optra keys revoke old-dashboard old-report
  optra keys revoke --where unused-for=90d --where name='ci-*' --dry-run
  optra keys revoke --where unused-for=90d --plan plan.json
  optra keys revoke --apply plan.json --yes          in a script")]
pub struct Args {
    #[command(flatten)]
    targets: Targets,

    /// Write the plan to this file, and revoke nothing
    #[arg(long, value_name = "FILE", conflicts_with_all = ["apply", "yes"], value_parser = path)]
    plan: Option<PathBuf>,

    /// Show what would be revoked, and revoke nothing
    #[arg(long)]
    dry_run: bool,

    /// Revoke without asking
    #[arg(short, long)]
    yes: bool,

    #[command(flatten)]
    accept_risk: AcceptRisk,

    #[command(flatten)]
    allow_partial: AllowPartial,

    #[command(flatten)]
    approval: Approval,

    #[command(flatten)]
    reason: Reason,
}

pub fn run(args: &Args, cx: &Context) -> Result<(), Error> {
    args.targets.parse()?;
    let reason = args.reason.given(cx)?;
    let only_told = args.dry_run || args.plan.is_some();
    if !only_told {
        cx.ensure_writable()?;
    }
    if !args.yes && !only_told {
        let hint = format!("In a script, confirm with: `{}`.", repeat::line(&["--yes"], args.targets.keys(), cx));
        cx.prompt.available().map_err(|error| Error::from(error).context("nothing was revoked").hint(hint))?;
    }
    let plan = args.targets.plan()?;
    let approval = match &plan {
        Some((path, plan, text)) => args.approval.ensure(plan, text, path, cx)?,
        None => None,
    };
    let Inventory { keys: all, completeness } = cx.portal()?.keys()?;
    // Who names ids that are there need not see the others.
    if !args.targets.are_ids_of(&all) {
        args.allow_partial.ensure(&completeness, "keys", cx)?;
    }
    let (found, mut outcomes) = args.targets.find(&all, plan.as_ref().map(|(_, plan, _)| plan), cx)?;
    for missing in outcomes.iter().filter_map(Outcome::miss) {
        cx.out.warn(missing);
        missing.hints().iter().for_each(|hint| cx.out.hint(hint));
    }
    if let Some(path) = &args.plan {
        if found.is_empty() {
            let no_key = if args.targets.are_many() { "There is no such key; no" } else { "No" };
            cx.out.status(format_args!("{no_key} plan was written."));
            return revocation::tell(&outcomes, cx);
        }
        let (portal, now) = (cx.portal_name()?, crate::text::now());
        let plan = Plan::new(&found, args.targets.conditions(), portal, now, args.approval.writer());
        write_plan(&plan, path)?;
    }
    if only_told {
        let in_use = KeyInUse::ask(cx.portal()?, cx.notes())?;
        revocation::tell_plan(&outcomes, in_use.id(), args.plan.is_some() || !args.targets.are_many(), cx)?;
        args.plan.iter().for_each(|path| args.approval.tell_next(path, cx));
        return Ok(());
    }
    if outcomes.is_empty() {
        match &plan {
            Some(_) => cx.out.status("Nothing is left to revoke."),
            None if args.targets.are_many() => cx.out.status("There is no such key; nothing was revoked."),
            // Each name was told to be missing.
            None => {}
        }
        return revocation::tell(&outcomes, cx);
    }
    let in_use = key_in_use(args, &found, cx)?;
    let own = found.iter().find(|key| Some(&key.id) == in_use.as_ref());
    if let Some(own) = own {
        let what = format!("key {} is the one in use; revoking it ends this access", called(own));
        let instead = match cx.config.sandbox() {
            true => "The sandbox has no other key of yours: generate one, and revoke that.".to_owned(),
            false => format!("To replace it: `optra{} keys rotate`.", cx.config.portal_flags()),
        };
        args.accept_risk.ensure(what, instead, args.targets.keys(), cx)?;
    }
    tell_whose(&found, cx)?;
    match args.yes {
        true => {}
        false if args.targets.are_many() => confirm_all(&found, own.is_some(), cx)?,
        false => found.iter().try_for_each(|key| confirm(key, Some(&key.id) == in_use.as_ref(), cx))?,
    }
    let rationale = Rationale { reason: reason.as_deref(), approval: approval.as_ref() };
    revocation::run(&mut outcomes, in_use.as_deref(), rationale, cx)?;
    revocation::tell(&outcomes, cx)?;
    if outcomes.iter().any(|outcome| outcome.revoked && outcome.id.is_some() && outcome.id == in_use) {
        cx.forget_key()?;
    }
    revocation::into_result(outcomes)
}

/// Returns the id of the key in use, as far as it matters for these. Where nobody tells it, it is asked for and never assumed.
fn key_in_use(args: &Args, found: &[ApiKey], cx: &Context) -> Result<Option<String>, Error> {
    let in_use = KeyInUse::ask(cx.portal()?, cx.notes())?.certain();
    let in_use = in_use.map_err(|error| error.context("nothing was revoked"))?;
    // Of these it is certain that none is the one.
    let is_none_of_them = !found.iter().any(|key| in_use.may_be(&key.id));
    if in_use.id().is_some() || is_none_of_them || args.accept_risk.is_taken() {
        return Ok(in_use.id().map(str::to_owned));
    }
    let unknown = "which of the keys is the one in use is not known";
    if args.yes {
        return Err(Error::new(Kind::Declined, format!("{unknown}; nothing was revoked"))
            .hint(format!("Say which: `optra auth login{} --key-id ID`.", cx.config.portal_flags()))
            .hint(format!("If it may go with the others: `{}`.", repeat::line(&[RISK], args.targets.keys(), cx))));
    }
    cx.out.warn(unknown);
    let typed = cx.prompt.typed("Type its id, or `no` if it is none of those that are to be revoked");
    let typed = typed.map_err(|error| Error::from(error).context("nothing was revoked"))?;
    Ok(Some(typed).filter(|typed| typed != "no"))
}

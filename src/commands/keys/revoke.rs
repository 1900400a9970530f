//! `optra keys revoke`: shows what it will revoke, wants it typed, goes on after a failure, and looks afterwards.

use std::collections::HashSet;

use serde::Serialize;

use crate::commands::id_or_name;
use crate::commands::search::Search;
use crate::context::Context;
use crate::error::{Error, Kind};
use crate::output::{Cell, Column, Fields, Record};
use crate::portal::keys::{self, ApiKey};
use crate::portal::{Portal, viewer};

/// Revoke API keys, at once and for ever
#[derive(Debug, clap::Args)]
#[command(before_long_help = "\
Examples:
  optra keys revoke 371650114937032704
  optra keys revoke old-dashboard old-report
  optra keys revoke 371650114937032704 --yes         in a script")]
pub struct Args {
    /// The keys' ids, or their names where no other key has them
    #[arg(required = true, value_name = "ID|NAME", value_parser = id_or_name)]
    keys: Vec<String>,

    /// Revoke without asking
    #[arg(short, long)]
    yes: bool,

    /// Revoke even the key in use, and so lose access with it
    #[arg(long, value_name = "RISK")]
    accept_risk: Option<Risk>,
}

#[derive(Clone, Copy, Debug, clap::ValueEnum)]
enum Risk {
    LoseAccess,
}

/// What became of one key.
#[derive(Serialize)]
struct Outcome {
    id: Option<String>,
    name: Option<String>,
    revoked: bool,
    error: Option<String>,
    #[serde(skip)]
    failure: Option<Error>,
}

impl Record for Outcome {
    const NOUN: (&'static str, &'static str) = ("key", "keys");
    const COLUMNS: &'static [Column<Outcome>] = &[
        Column::whole("id", |outcome| Cell::text(outcome.id.as_deref())),
        Column::shown("name", 0, |outcome| Cell::text(outcome.name.as_deref())),
        Column::shown("revoked", 0, |outcome| Cell::Flag(outcome.revoked)),
        Column::shown("error", 0, |outcome| Cell::text(outcome.error.as_deref())),
    ];
}

pub fn run(args: &Args, cx: &Context) -> Result<(), Error> {
    if !args.yes {
        let words = args.keys.join(" ");
        let hint = format!("Where nobody can be asked, say so: `optra keys revoke {words} --yes`.");
        cx.prompt.available().map_err(|error| Error::from(error).so("nothing was revoked").hint(hint))?;
    }
    let portal = cx.portal()?;
    let (mut found, mut outcomes) = find(&args.keys, portal)?;
    let in_use = key_in_use(cx)?;
    if let Some(own) = found.iter().position(|key| Some(&key.id) == in_use.as_ref()) {
        if args.accept_risk.is_none() {
            return Err(refuse_own(&found[own]));
        }
        // The others cannot be revoked any more without it.
        let own = found.remove(own);
        found.push(own);
    }
    for key in found.iter().filter(|_| !args.yes) {
        confirm(key, cx)?;
    }
    outcomes.extend(revoke_all(found, in_use.as_deref(), cx)?);
    tell(&outcomes, cx)?;
    conclude(outcomes)
}

/// Finds what was named; what is not there has its outcome already.
fn find(wanted: &[String], portal: &Portal) -> Result<(Vec<ApiKey>, Vec<Outcome>), Error> {
    let mut all = Vec::new();
    for page in keys::list(portal) {
        all.extend(page?.items);
    }
    let (mut found, mut missing): (Vec<ApiKey>, Vec<Outcome>) = Default::default();
    for word in wanted {
        let mut search = Search::new("key", word, |key: &ApiKey| &key.id);
        all.iter().for_each(|key| search.see(key.clone(), key.name.as_deref()));
        match search.one() {
            Ok(key) if found.iter().any(|other| other.id == key.id) => {}
            Ok(key) => found.push(key),
            Err(error) => missing.push(Outcome {
                id: None,
                name: Some(word.clone()),
                revoked: false,
                error: Some(error.to_string()),
                failure: Some(error),
            }),
        }
    }
    if let (true, [Outcome { failure, .. }]) = (found.is_empty(), &mut missing[..]) {
        return Err(failure.take().unwrap_or_else(|| Error::new(Kind::NotFound, "there is no such key")));
    }
    Ok((found, missing))
}

/// Returns the id of the key in use, as the portal tells it, else as the profile noted it.
fn key_in_use(cx: &Context) -> Result<Option<String>, Error> {
    let told = viewer::show(cx.portal()?)?.and_then(|viewer| viewer.key).map(|key| key.id);
    let known = told.or_else(|| cx.noted_key_id());
    if known.is_none() {
        cx.out.warn("which of the keys is the one in use is not known");
    }
    Ok(known)
}

fn refuse_own(key: &ApiKey) -> Error {
    let id = &key.id;
    Error::new(Kind::Declined, format!("key {} is the one in use; revoking it ends this access", called(key)))
        .hint(format!("If that is what you want: `optra keys revoke {id} --accept-risk lose-access`."))
}

/// Asks for the name or the id to be typed: a slip of one finger revokes nothing.
fn confirm(key: &ApiKey, cx: &Context) -> Result<(), Error> {
    let created = Cell::from(key.created_at.as_ref()).exact();
    let used = Cell::from(key.last_used_at.as_ref()).exact();
    let by = key.created_by.as_deref().unwrap_or("unknown");
    let or_unknown = |text: &str| if text.is_empty() { "unknown".to_owned() } else { text.to_owned() };
    cx.out.status(format_args!(
        "Revoke key {}\n  generated {} by {by}, last used {}\nWhat uses it stops working at once, and it cannot be brought back.",
        called(key),
        or_unknown(&created),
        or_unknown(&used),
    ));
    let what = if key.name.is_some() { "its name or id" } else { "its id" };
    let typed = cx.prompt.typed(&format!("Type {what} to revoke it"))?;
    if typed == key.id || Some(&typed) == key.name.as_ref() {
        return Ok(());
    }
    Err(Error::new(Kind::Declined, "that is neither its name nor its id; nothing was revoked"))
}

fn revoke_all(keys: Vec<ApiKey>, in_use: Option<&str>, cx: &Context) -> Result<Vec<Outcome>, Error> {
    let portal = cx.portal()?;
    let mut outcomes = Vec::new();
    let mut stopped = false;
    let mut own_is_gone = false;
    for key in keys {
        let result = match stopped {
            true => Err(Error::new(Kind::Failed, "not tried, after the failure before it")),
            false => keys::revoke(portal, &key.id).map_err(Error::from),
        };
        // What refuses this key refuses them all.
        let refuses_all = |error: &Error| {
            matches!(error.kind(), Kind::Unauthenticated | Kind::Forbidden | Kind::FeatureDisabled | Kind::RateLimited)
        };
        stopped |= result.as_ref().is_err_and(refuses_all);
        own_is_gone |= result.is_ok() && in_use == Some(&key.id);
        let failure = result.err();
        let error = failure.as_ref().map(Error::to_string);
        outcomes.push(Outcome { id: Some(key.id), name: key.name, revoked: failure.is_none(), error, failure });
    }
    if own_is_gone {
        cx.forget_key()?;
    } else if outcomes.iter().any(|outcome| outcome.revoked) {
        verify(&mut outcomes, portal)?;
    }
    Ok(outcomes)
}

/// Looks whether the keys are gone; the portal's word alone is not enough.
fn verify(outcomes: &mut [Outcome], portal: &Portal) -> Result<(), Error> {
    let mut left = HashSet::new();
    for page in keys::list(portal) {
        let page = page.map_err(|error| {
            let message = "the portal took the revocation, but whether the keys are gone cannot be seen";
            Error::from(error).within(Kind::Partial, message)
        })?;
        left.extend(page.items.into_iter().map(|key| key.id));
    }
    for outcome in outcomes.iter_mut().filter(|outcome| outcome.revoked) {
        if outcome.id.as_ref().is_some_and(|id| left.contains(id)) {
            let failure = Error::new(Kind::Failed, "the portal took the revocation, but still lists the key");
            outcome.revoked = false;
            outcome.error = Some(failure.to_string());
            outcome.failure = Some(failure);
        }
    }
    Ok(())
}

fn tell(outcomes: &[Outcome], cx: &Context) -> Result<(), Error> {
    if cx.out.is_machine() {
        let mut rows = cx.out.rows(&Fields::all());
        outcomes.iter().try_for_each(|outcome| rows.push(outcome))?;
        rows.finish()?;
    }
    for outcome in outcomes {
        let name = outcome.name.as_deref().or(outcome.id.as_deref()).unwrap_or_default();
        match (&outcome.error, outcomes.len()) {
            (None, _) => cx.out.status(format_args!("Revoked key {}.", labelled(outcome))),
            (Some(_), 1) => {}
            (Some(error), _) => cx.out.warn(format_args!("key `{name}` was not revoked: {error}")),
        }
    }
    Ok(())
}

fn conclude(mut outcomes: Vec<Outcome>) -> Result<(), Error> {
    let (all, failed) = (outcomes.len(), outcomes.iter().filter(|outcome| !outcome.revoked).count());
    match failed {
        0 => Ok(()),
        _ if all == 1 => {
            Err(outcomes.remove(0).failure.unwrap_or_else(|| Error::new(Kind::Failed, "it was not revoked")))
        }
        _ => Err(Error::new(Kind::Partial, format!("{failed} of {all} keys were not revoked"))),
    }
}

fn called(key: &ApiKey) -> String {
    match &key.name {
        Some(name) => format!("`{name}` (id {})", key.id),
        None => format!("without a name (id {})", key.id),
    }
}

fn labelled(outcome: &Outcome) -> String {
    let id = outcome.id.as_deref().unwrap_or("unknown");
    outcome.name.as_ref().map_or_else(|| id.to_owned(), |name| format!("`{name}` (id {id})"))
}

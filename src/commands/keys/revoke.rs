//! `optra keys revoke`: finds what was named, shows it, and wants it typed before anything is revoked.

use super::revocation::{self, Outcome};
use crate::commands::id_or_name;
use crate::commands::search::Search;
use crate::context::Context;
use crate::error::{Error, Kind};
use crate::portal::keys::ApiKey;
use crate::portal::scalars::DateTime;
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

pub fn run(args: &Args, cx: &Context) -> Result<(), Error> {
    if !args.yes {
        let hint = format!("Where nobody can be asked, say so: `{} --yes`.", line(args, cx));
        cx.prompt.available().map_err(|error| Error::from(error).so("nothing was revoked").hint(hint))?;
    }
    let (found, mut outcomes) = find(&args.keys, cx.portal()?)?;
    let in_use = key_in_use(cx)?;
    let own = found.iter().find(|key| Some(&key.id) == in_use.as_ref());
    if let (Some(own), None) = (own, args.accept_risk) {
        return Err(refuse_own(own, args, cx));
    }
    for missing in outcomes.iter().filter_map(Outcome::miss) {
        cx.out.warn(missing);
        missing.hints().iter().for_each(|hint| cx.out.hint(hint));
    }
    for key in found.iter().filter(|_| !args.yes) {
        confirm(key, Some(&key.id) == in_use.as_ref(), cx)?;
    }
    revocation::run(&mut outcomes, in_use.as_deref(), cx)?;
    revocation::tell(&outcomes, cx)?;
    if outcomes.iter().any(|outcome| outcome.revoked && outcome.id.is_some() && outcome.id == in_use) {
        cx.forget_key()?;
    }
    revocation::conclude(outcomes)
}

/// Finds what was named, in the order of naming; what is not there has its outcome already.
fn find(wanted: &[String], portal: &Portal) -> Result<(Vec<ApiKey>, Vec<Outcome>), Error> {
    let all = super::all(portal)?;
    let (mut found, mut outcomes): (Vec<ApiKey>, Vec<Outcome>) = Default::default();
    for word in wanted {
        let mut search = Search::new("key", word, |key: &ApiKey| &key.id);
        all.iter().for_each(|key| search.see(key.clone(), key.name.as_deref()));
        match search.one() {
            Ok(key) if found.iter().any(|other| other.id == key.id) => {}
            Ok(key) => {
                outcomes.push(Outcome::due(&key));
                found.push(key);
            }
            Err(error) if wanted.len() == 1 => return Err(error),
            Err(error) => outcomes.push(Outcome::missing(word, error)),
        }
    }
    Ok((found, outcomes))
}

/// The command line as a shell takes it, for a hint: to the same portal, and names that may hold anything.
fn line(args: &Args, cx: &Context) -> String {
    let risk = if args.accept_risk.is_some() { " --accept-risk lose-access" } else { "" };
    format!("optra{} keys revoke {}{risk}", cx.config.chosen_portal(), shell_words::join(&args.keys))
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

fn refuse_own(key: &ApiKey, args: &Args, cx: &Context) -> Error {
    let yes = if args.yes { " --yes" } else { "" };
    let line = format!("{}{yes} --accept-risk lose-access", line(args, cx));
    Error::new(Kind::Declined, format!("key {} is the one in use; revoking it ends this access", called(key)))
        .hint(format!("If that is what you want: `{line}`."))
}

/// Asks for the name or the id to be typed: a slip of one finger revokes nothing.
fn confirm(key: &ApiKey, is_own: bool, cx: &Context) -> Result<(), Error> {
    let or_unknown = |text: Option<String>| text.unwrap_or_else(|| "unknown".to_owned());
    let time = |moment: &Option<DateTime>| or_unknown(moment.as_ref().map(DateTime::to_string));
    let (created, used, by) = (time(&key.created_at), time(&key.last_used_at), or_unknown(key.created_by.clone()));
    cx.out.status(format_args!("Revoke key {}, generated {created} by {by}, last used {used}.", called(key)));
    cx.out.status("What uses it stops working at once, and it cannot be brought back.");
    if is_own {
        cx.out.status("It is the key in use: you lose this access.");
    }
    let what = if key.name.is_some() { "its name or id" } else { "its id" };
    let typed = cx.prompt.typed(&format!("Type {what} to revoke it"));
    let typed = typed.map_err(|error| Error::from(error).so("nothing was revoked"))?;
    if typed == key.id || Some(&typed) == key.name.as_ref() {
        return Ok(());
    }
    Err(Error::new(Kind::Declined, "that is neither its name nor its id; nothing was revoked"))
}

fn called(key: &ApiKey) -> String {
    match &key.name {
        Some(name) => format!("`{name}` (id {})", key.id),
        None => format!("without a name (id {})", key.id),
    }
}

//! `optra keys scan`

use std::path::PathBuf;

use super::leak::{Leak, Leaks};
use super::repository::{Repository, What};
use super::sarif;
use super::search::Search;
use super::walk::Walk;
use crate::context::Context;
use crate::error::{Error, Kind};
use crate::journal::{Ledger, Sought};
use crate::output::{Fields, Record};
use crate::text::counted;

/// Find leaked keys in files, logs and the history of git
///
/// Looks for every key that this machine ever had, by fingerprints, in files of any kind, in gzip and tar, and encoded:
/// as Base64, hexadecimal, in URLs, in JSON and as UTF-16. No portal is asked and no store opened, unless an option says
/// so. A key that this machine never had is not found; neither is one that is split, or encoded in another way.
#[derive(Debug, clap::Args)]
#[command(before_long_help = "\
Examples:
  optra keys scan src deploy.log.gz
  kubectl logs deploy/report | optra keys scan -
  optra keys scan --git                              all objects of this repository
  optra keys scan --git=main..HEAD --check
  optra keys scan --staged                           before a commit
  optra keys scan . -o sarif > leaks.sarif")]
pub struct Args {
    /// Files and directories, or `-` for stdin; repositories with --git and --staged
    #[arg(value_name = "PATH", default_value = ".")]
    paths: Vec<PathBuf>,

    /// Scan all objects of a repository, or those that are new in a range
    #[arg(long, value_name = "RANGE", num_args = 0..=1, require_equals = true, default_missing_value = "")]
    git: Option<String>,

    /// Scan the files that the next commit changes
    #[arg(long, conflicts_with = "git")]
    staged: bool,

    /// Also look for the key in use, wherever it comes from
    #[arg(long)]
    in_use: bool,

    /// Ask the portal which of the keys that were found are valid
    #[arg(long)]
    check: bool,

    /// Ignore keys that are known to be revoked
    #[arg(long)]
    ignore_revoked: bool,

    #[command(flatten)]
    fields: Fields<Leak>,
}

pub fn run(args: &Args, cx: &Context) -> Result<(), Error> {
    let mut sought = Ledger::new(&cx.config.journal_dir()?, String::new()).sought()?;
    if args.in_use {
        add_key_in_use(&mut sought, cx)?;
    }
    if sought.keys.is_empty() && args.staged {
        // A hook must not stop the commits of people whose machine never had a key.
        cx.out.warn("this machine knows no key, so the commit was not scanned");
        return Ok(());
    }
    if sought.keys.is_empty() {
        return Err(Error::new(Kind::NotFound, "this machine knows no key to look for")
            .hint(format!("Look for the key in use: `optra{} keys scan --in-use`.", cx.config.portal_flags()))
            .hint("A key is known once it was generated here, or with `optra auth login`."));
    }
    let marks = sought.marks();
    let mut leaks = Leaks::new(&sought.keys, args.check, args.ignore_revoked, cx)?;
    let is_sarif = cx.out.is_sarif();
    let (mut all, mut count) = (Vec::new(), 0);
    cx.out.page();
    let mut rows = (!is_sarif).then(|| cx.out.rows(&args.fields));
    let mut found = |leak: Leak| -> Result<(), Error> {
        count += 1;
        match &mut rows {
            Some(rows) => rows.push(&leak)?,
            None => all.push(leak),
        }
        Ok(())
    };
    let mut search = Search::new(&marks, cx);
    let scanned = match args.what() {
        None => Walk::new(&mut search)
            .all(&args.paths, &mut |path, inside, hit| leaks.in_file(path, inside, hit, &mut found)),
        Some(what) => args.paths.iter().try_for_each(|path| {
            Repository::new(path)
                .look(&what, &mut search, &mut |object, inside, hit| leaks.in_git(object, inside, hit, &mut found))
        }),
    };
    let unread = search.finish();
    match rows {
        Some(rows) if scanned.is_err() => rows.finish_partial()?,
        // That there are none would be said of what was not read too.
        Some(_) if unread > 0 && !cx.out.is_machine() && count == 0 => {}
        Some(rows) => rows.finish()?,
        None => cx.out.text(&sarif::leaks(&all))?,
    }
    leaks.tell();
    scanned?;
    into_result(count, unread, if args.what().is_some() { ["object", "objects"] } else { ["file", "files"] })
}

impl Args {
    fn what(&self) -> Option<What<'_>> {
        match (&self.git, self.staged) {
            (_, true) => Some(What::Staged),
            (Some(range), _) if range.is_empty() => Some(What::All),
            (Some(range), _) => Some(What::Range(range)),
            (None, false) => None,
        }
    }
}

fn add_key_in_use(sought: &mut Sought, cx: &Context) -> Result<(), Error> {
    let endpoint = cx.endpoint()?;
    let credential = cx.credential(&endpoint)?.ok_or_else(|| cx.no_key(&endpoint))?;
    sought.add(&credential.secret, cx.portal_name()?, credential.key_id);
    Ok(())
}

/// Unread input may hold more keys than those found, so it is the stronger result.
fn into_result(count: usize, unread: usize, [one, several]: [&str; 2]) -> Result<(), Error> {
    let unread_items = || counted(unread, one, several);
    match (count, unread) {
        (0, 0) => Ok(()),
        (_, 0) => Err(Error::new(Kind::Findings, Leak::counted(count))),
        (0, _) => Err(Error::new(Kind::Partial, format!("{} could not be read", unread_items()))),
        _ => {
            let message = format!("{}, and {} could not be read", Leak::counted(count), unread_items());
            Err(Error::new(Kind::Partial, message))
        }
    }
}

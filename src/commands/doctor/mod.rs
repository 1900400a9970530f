//! `optra doctor`: checks everything that a run depends on, and says what is wrong and what fixes it.
//!
//! A check is one function and one entry in [`CHECKS`]. A failed check does not stop the others. All output goes
//! through `paste`, so it is safe to paste. Nothing is changed without `--fix`.

mod access;
mod bus;
mod cache;
mod directories;
mod exam;
mod files;
mod fit;
mod fix;
mod keys;
mod leftovers;
mod network;
mod paste;
mod record;
mod rotations;
mod settings;
mod store;
mod version;

use self::exam::Exam;
use self::record::State;
use crate::commands::paragraph::paragraph;
use crate::context::Context;
use crate::error::{self, Error, Kind};
use crate::output::Fields;

pub use self::record::Row;

/// A check; it returns any number of rows.
type Check = fn(&Exam<'_>) -> Vec<Row>;

/// The checks, in the order of their rows: this machine first, the portal last.
const CHECKS: &[Check] = &[
    version::check,
    settings::file,
    settings::settings,
    directories::check,
    // Before any key is looked for: what `files` fixes may stand in its way.
    files::check,
    rotations::check,
    leftovers::check,
    cache::check,
    keys::check,
    store::check,
    bus::check,
    network::proxy,
    network::portal,
    network::certificate,
    network::clock,
    access::check,
    fit::check,
];

/// Diagnose problems and show fixes
///
/// Checks settings, keys, files, the network and the portal, and changes nothing. The output is safe to paste: no key,
/// no value of a header, no user name of a URL. Exits with 1 if a check fails; warnings are not failures.
#[derive(Debug, clap::Args)]
#[command(before_long_help = "\
Examples:
  optra doctor
  optra doctor --fix                                 mend what is safe to mend
  optra doctor -o json | jq '.[] | select(.state != \"ok\")'")]
pub struct Args {
    /// Fix what is safe to fix: modes of files, leftovers of killed runs, a stale cache
    #[arg(long)]
    fix: bool,
}

impl Args {
    /// Returns true if the run may change something.
    pub fn mends(&self) -> bool {
        self.fix
    }
}

pub fn run(args: &Args, cx: &Context) -> Result<(), Error> {
    // From here on, whatever on the command line looks like a key is masked.
    error::register_typed_keys(crate::secret::Suspicion::Slight);
    // If the settings are broken, `read_only` is unknown; then the checks run and report that.
    if args.fix && cx.config.read_only().is_ok() {
        cx.ensure_writable()?;
    }
    let exam = Exam::new(cx);
    let mut rows = cx.out.rows(&Fields::all());
    let (mut count, mut failed) = (0_usize, 0_usize);
    for check in CHECKS {
        for mut row in check(&exam) {
            if args.fix {
                row.mend();
            }
            count += 1;
            failed += usize::from(row.state == State::Fail);
            if cx.out.is_machine() { rows.push(&row)? } else { cx.out.text(&shown(&row, cx))? }
        }
        if cx.out.is_machine() {
            rows.flush()?;
        }
    }
    if cx.out.is_machine() {
        rows.finish()?;
    }
    match failed {
        0 => Ok(()),
        failed => Err(Error::new(Kind::Findings, format!("{failed} of {count} checks failed"))),
    }
}

/// On a narrower terminal an indent would leave no room for words.
const NARROW: usize = 60;

/// Formats a row for people: side by side, or as a block where columns mean nothing or have no room.
fn shown(row: &Row, cx: &Context) -> String {
    match cx.out.columns() {
        // Who hears lines has them broken nowhere.
        _ if cx.out.is_accessible() => block(row, usize::MAX),
        width if width < NARROW => block(row, width),
        width => beside(row, width),
    }
}

/// Formats a row as lines with a label each.
fn block(row: &Row, width: usize) -> String {
    let reasons = row.why.iter().flat_map(|why| why.lines()).map(|why| ("why", why));
    let lines = [("check", row.check), ("state", row.state.as_str()), ("what", row.what.as_str())].into_iter();
    let mut text: String =
        lines.chain(reasons).map(|(label, line)| paragraph(&format!("{label}: "), line, width)).collect();
    if let Some(mend) = &row.mend {
        text.push_str(&format!("run: {mend}\n"));
    }
    if let Some(fixed) = &row.fixed {
        text.push_str(&paragraph("done: ", fixed, width));
    }
    text.push('\n');
    text
}

/// Formats the finding, and below it the reason and the fix.
fn beside(row: &Row, width: usize) -> String {
    let mut text = paragraph(&format!("{:<4}  {:<11}  ", row.state.as_str(), row.check), &row.what, width);
    let below = " ".repeat(19);
    for why in row.why.iter().flat_map(|why| why.lines()) {
        text.push_str(&paragraph(&below, why, width));
    }
    if let Some(mend) = &row.mend {
        // The command is meant to be pasted, so it is not wrapped.
        text.push_str(&format!("{below}run: {mend}\n"));
    }
    if let Some(fixed) = &row.fixed {
        text.push_str(&paragraph(&format!("{below}done: "), fixed, width));
    }
    text
}

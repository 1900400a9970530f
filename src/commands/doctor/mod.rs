//! `optra doctor`: looks at everything that a run depends on, and says what is wrong and what mends it.
//!
//! A check is a function of its own and one entry in [`CHECKS`]. None stops another, whatever is broken; what they say is safe
//! to paste by construction, because all of it goes through `paste`. Nothing is changed without `--fix`.

mod access;
mod bus;
mod cache;
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

/// A check; it says how what it looked at is, in any number of rows.
type Check = fn(&Exam<'_>) -> Vec<Row>;

/// The checks, in the order in which they are told: this machine first, the portal last.
const CHECKS: &[Check] = &[
    version::check,
    settings::file,
    settings::settings,
    // Before a key is looked for: what is mended here may be in its way.
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
/// Looks at settings, keys, files, the network and the portal, and changes nothing. What it prints is safe to paste: no key, no
/// value of a header, no user name of a URL. Exits with 1 if anything fails; warnings are no failure.
#[derive(Debug, clap::Args)]
#[command(before_long_help = "\
Examples:
  optra doctor
  optra doctor --fix                                 mend what is safe to mend
  optra doctor -o json | jq '.[] | select(.state != \"ok\")'")]
pub struct Args {
    /// Mend what is safe to mend: modes of files, what a killed run left, a stale cache
    #[arg(long)]
    fix: bool,
}

impl Args {
    /// Returns true where something may be changed.
    pub fn mends(&self) -> bool {
        self.fix
    }
}

pub fn run(args: &Args, cx: &Context) -> Result<(), Error> {
    // Whatever looks like a key where none belongs is told by nothing that follows.
    error::know_what_was_typed(crate::secret::Suspicion::Slight);
    // Where that cannot be told, because the settings are broken, it is what has to be found out.
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
            if cx.out.is_machine() { rows.push(&row)? } else { cx.out.text(&told(&row, cx.out.columns()))? }
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

/// Writes a row for people: what was found, and below it why and what mends it.
fn told(row: &Row, width: usize) -> String {
    let mut text = paragraph(&format!("{:<4}  {:<11}  ", row.state.as_str(), row.check), &row.what, width);
    let below = " ".repeat(19);
    for why in row.why.iter().flat_map(|why| why.lines()) {
        text.push_str(&paragraph(&below, why, width));
    }
    if let Some(mend) = &row.mend {
        // It is pasted, so it stays on one line.
        text.push_str(&format!("{below}run: {mend}\n"));
    }
    if let Some(fixed) = &row.fixed {
        text.push_str(&paragraph(&format!("{below}done: "), fixed, width));
    }
    text
}

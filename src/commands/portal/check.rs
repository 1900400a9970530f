//! `optra portal check`

use unicode_width::UnicodeWidthStr;

use super::record::Check;
use crate::context::Context;
use crate::error::{ADOPT_PASTED, Error, Kind};
use crate::output::Fields;
use crate::portal::{Suggestion, Verdict};

/// Check which operations fit this portal, without running any
///
/// Each is asked in a form that the portal validates and does not run, so this is safe with any key. What fits is
/// remembered; what does not is told in short, and with `-v` in full, with the bindings that may mend it where the portal shows
/// its schema.
#[derive(Debug, clap::Args)]
#[command(before_long_help = "\
Examples:
  optra portal check
  optra portal check --strict -o json
  optra --sandbox portal check")]
pub struct Args {
    /// Exit with 9 if an operation does not fit, or only with fewer fields
    #[arg(long)]
    strict: bool,

    #[command(flatten)]
    fields: Fields<Check>,
}

pub fn run(args: &Args, cx: &Context) -> Result<(), Error> {
    let checks: Vec<Check> = cx.portal()?.check()?.into_iter().map(Check::from).collect();
    let mut rows = cx.out.rows(&args.fields);
    for check in &checks {
        rows.push(check)?;
    }
    rows.finish()?;
    tell(&checks, cx)?;
    let lacking = checks.iter().filter(|check| check.lacks()).count();
    if !args.strict || lacking == 0 {
        return Ok(());
    }
    let message = format!("something is missing for {lacking} of {} operations", checks.len());
    Err(Error::new(Kind::Unsupported, message))
}

/// A person at a terminal of this width has each operation in a line or two.
const WIDTH: usize = 80;

/// Says what the table has no room for: in short for a person, who asks for more with `-v`, and all of it for a program.
fn tell(checks: &[Check], cx: &Context) -> Result<(), Error> {
    let is_full = cx.out.speaks_json() || cx.config.options.verbose > 0;
    let (room, mut is_cut) = (if is_full { usize::MAX } else { WIDTH }, false);
    for check in checks {
        lines(check, room, &mut is_cut).iter().for_each(|line| cx.out.status(line));
        if let Some(document) = check.proposal.as_ref().filter(|_| is_full) {
            let line = Suggestion::new(&check.operation, document).line(&cx.config.portal_flags());
            cx.out.hint(format_args!("If this means the same, bind it: `{line}`"));
        }
    }
    if is_full { Ok(()) } else { hint(checks, is_cut, cx) }
}

/// Says where there is more.
fn hint(checks: &[Check], is_cut: bool, cx: &Context) -> Result<(), Error> {
    let portal = cx.config.portal_flags();
    let proposed = checks.iter().any(|check| check.proposal.is_some());
    if proposed {
        cx.out.hint(format_args!("`optra{portal} portal adopt` shows bindings that may mend this, and asks."));
    } else if checks.iter().any(|check| check.verdict == Verdict::Unsupported.into() && !check.missing.is_empty())
        && !cx.portal()?.shows_schema()
    {
        cx.out.hint(format_args!(
            "It refused introspection. Copy a request of its web page as curl into `request.sh`: `optra{portal} {ADOPT_PASTED}`."
        ));
    }
    if proposed || is_cut {
        let bindings = if proposed { ", and bindings as lines to paste" } else { "" };
        cx.out.hint(format_args!("All names{bindings}: `optra{portal} portal check -v`."));
    }
    Ok(())
}

/// Returns what is wrong with an operation: what it goes without, and what it has not got.
fn lines(check: &Check, room: usize, is_cut: &mut bool) -> Vec<String> {
    let Check { operation, missing, alike, gap, .. } = check;
    let (mut lines, is_missing) = (Vec::new(), check.verdict != Verdict::Unsupported.into() && !missing.is_empty());
    if is_missing {
        lines.push(some(&format!("`{operation}`: without "), missing, room, is_cut));
    }
    if let Some(gap) = gap {
        let line = format!("`{operation}`: {gap}");
        lines.push(if alike.is_empty() { line } else { some(&format!("{line}; it has "), alike, room, is_cut) });
    }
    lines
}

/// Returns as many of these names behind a text as a line has room for, and how many more there are.
fn some(before: &str, names: &[String], room: usize, is_cut: &mut bool) -> String {
    let line = |count: usize| match names.len() - count {
        0 => format!("{before}{}", names.join(", ")),
        more => format!("{before}{} and {more} more", names[..count].join(", ")),
    };
    let fitting = (1..=names.len()).rev().map(line).find(|line| line.width() <= room);
    *is_cut |= names.len() > 1 && line(names.len()).width() > room;
    fitting.unwrap_or_else(|| line(1))
}

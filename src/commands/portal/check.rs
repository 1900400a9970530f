//! `optra portal check`

use super::record::Check;
use crate::context::Context;
use crate::error::{Error, Kind};
use crate::output::Fields;
use crate::portal::{Suggestion, Verdict};

/// Check which operations fit this portal, without running any
///
/// Each is asked in a form that the portal validates and does not run, so this is safe with any key. What fits is
/// remembered; what does not is told, with a binding that may mend it where the portal shows its schema.
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
    checks.iter().for_each(|check| explain(check, cx));
    let lacking = checks.iter().filter(|check| check.lacks()).count();
    if !args.strict || lacking == 0 {
        return Ok(());
    }
    let message = format!("something is missing for {lacking} of {} operations", checks.len());
    Err(Error::new(Kind::Unsupported, message))
}

/// Says what the table has no room for.
fn explain(check: &Check, cx: &Context) {
    let operation = &check.operation;
    match (&check.why, check.missing.as_slice()) {
        (Some(why), _) if check.verdict == Verdict::Unsupported.into() => {
            let of = if why.contains(operation.as_str()) { String::new() } else { format!("`{operation}`: ") };
            let has = match check.alike.as_slice() {
                [] => String::new(),
                alike => format!("; it has {}", alike.join(", ")),
            };
            cx.out.status(format_args!("{of}{why}{has}"));
        }
        (why, missing) => {
            if !missing.is_empty() {
                cx.out.status(format_args!("`{operation}` goes without {}", missing.join(", ")));
            }
            if let Some(why) = why {
                cx.out.status(format_args!("`{operation}`: {why}"));
            }
        }
    }
    if let Some(document) = &check.proposal {
        let line = Suggestion::new(operation, document).line(&cx.config.portal_flags());
        cx.out.hint(format_args!("If this means the same, bind it: {line}"));
    }
}

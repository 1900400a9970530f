//! `optra keys log`

use crate::context::Context;
use crate::error::Error;
use crate::journal::Entry;
use crate::output::Fields;
use crate::text::counted;

/// Show what this machine did to keys
///
/// The log is a file that is only ever added to, for its owner alone, without secrets. It knows nothing of what others did. Who did
/// it, on which machine and in which job of a CI system is what the environment says; `requestId` is what the portal's support asks for.
#[derive(Debug, clap::Args)]
#[command(before_long_help = "\
Examples:
  optra keys log
  optra keys log --limit 5 -o json
  optra keys log --fields time,action,ids,result,reason,user,host,job,requestId")]
pub struct Args {
    /// Show only the last N entries
    #[arg(long, value_name = "N")]
    limit: Option<usize>,

    #[command(flatten)]
    fields: Fields<Entry>,
}

pub fn run(args: &Args, cx: &Context) -> Result<(), Error> {
    let (entries, broken) = cx.log()?.read()?;
    cx.out.page();
    let mut rows = cx.out.rows(&args.fields);
    let skipped = args.limit.map_or(0, |limit| entries.len().saturating_sub(limit));
    entries.iter().skip(skipped).try_for_each(|entry| rows.push(entry))?;
    rows.finish()?;
    if broken > 0 {
        cx.out.warn(format_args!("{} of the log cannot be read", counted(broken, "line", "lines")));
    }
    Ok(())
}

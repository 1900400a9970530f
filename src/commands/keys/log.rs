//! `optra keys log`: what this machine did to keys, and whether the log was changed since.

use crate::context::Context;
use crate::error::{Error, Kind};
use crate::journal::{Entry, parse_head};
use crate::output::Fields;
use crate::text::counted;

/// Show what this machine did to keys
///
/// The log is an append-only file, for its owner only, without secrets. It knows nothing of what others did. The user,
/// the machine and the CI job of an entry come from the environment; the portal's support may ask for its `requestId`.
///
/// `--verify` exits with 1 if an entry was changed, moved or dropped. The chain alone cannot detect entries dropped
/// from the end, nor a log that was rewritten as a whole: keep the head elsewhere, and give it with `--head`.
#[derive(Debug, clap::Args)]
#[command(before_long_help = "\
Examples:
  optra keys log
  optra keys log --limit 5 -o json
  optra keys log --fields time,action,ids,result,reason,user,host,job,requestId
  optra keys log --verify --jq .head >> heads        kept on another machine
  optra keys log --verify --head \"$(tail -n 1 heads)\"")]
pub struct Args {
    /// Show only the last N entries
    #[arg(long, value_name = "N")]
    limit: Option<usize>,

    /// Check that no entry was changed, moved or dropped, and print the head
    #[arg(long, conflicts_with_all = ["limit", "fields"])]
    pub verify: bool,

    /// Check that this head, which `--verify` printed, is still there
    #[arg(long, value_name = "HASH", requires = "verify", conflicts_with_all = ["limit", "fields"], value_parser = parse_head)]
    head: Option<String>,

    #[command(flatten)]
    fields: Fields<Entry>,
}

pub fn run(args: &Args, cx: &Context) -> Result<(), Error> {
    if args.verify {
        return verify(args.head.as_deref(), cx);
    }
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

fn verify(head: Option<&str>, cx: &Context) -> Result<(), Error> {
    let chain = cx.log()?.verify(head)?;
    cx.out.item(&chain, &Fields::all())?;
    if chain.not_chained > 0 {
        let lines = counted(chain.not_chained, "line has", "lines have");
        let were = "an older version of optra wrote it so, or a hash was taken away: nothing vouches for what it says";
        cx.out.warn(format_args!("{lines} no hash: {were}"));
    }
    match (&chain.head, head) {
        _ if !chain.faults.is_empty() => {}
        (None, _) => cx.out.status("No entry is chained yet: the next change of a key begins the chain."),
        (Some(_), Some(_)) => cx.out.status("The log is intact, and it has the given head."),
        (Some(head), None) => {
            cx.out.status("The chain is intact. It cannot detect entries that were dropped from the end.");
            let later = format!("optra{} keys log --verify --head {head}", cx.config.portal_flags());
            cx.out.hint(format_args!("Keep the head elsewhere, and check later: `{later}`."));
        }
    }
    chain.faults.iter().for_each(|fault| cx.out.warn(fault));
    match chain.faults.len() {
        0 => Ok(()),
        1 => Err(Error::new(Kind::Findings, "the log has 1 fault")),
        count => Err(Error::new(Kind::Findings, format!("the log has {count} faults"))),
    }
}

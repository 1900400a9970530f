//! `optra keys audit`

use jiff::{SignedDuration, Timestamp};

use super::finding::{self, Finding, Limits, Rule};
use super::sarif;
use crate::commands::age::age;
use crate::context::Context;
use crate::error::{Error, Kind};
use crate::output::Fields;

/// Look for keys that should be rotated, revoked or named
///
/// What the portal does not tell is a finding too, and never taken for fine.
#[derive(Debug, clap::Args)]
#[command(before_long_help = "\
Examples:
  optra keys audit
  optra keys audit --max-age 180d --max-unused 60d --require-name
  optra keys audit --fail-on old,unnamed -o sarif > keys.sarif")]
pub struct Args {
    /// Keys older than this are to be rotated
    #[arg(long, value_name = "AGE", default_value = "90d", value_parser = age)]
    max_age: SignedDuration,

    /// Keys that nothing used for so long are to be revoked
    #[arg(long, value_name = "AGE", default_value = "30d", value_parser = age)]
    max_unused: SignedDuration,

    /// Keys have names
    #[arg(long)]
    require_name: bool,

    /// Fail for these findings only, separated by commas; for all if left out
    #[arg(long, value_name = "RULES", value_delimiter = ',')]
    fail_on: Option<Vec<Rule>>,

    #[command(flatten)]
    fields: Fields<Finding>,
}

pub fn run(args: &Args, cx: &Context) -> Result<(), Error> {
    let keys = super::all(cx.portal()?)?;
    let asks_for_names = args.fail_on.as_ref().is_some_and(|rules| rules.contains(&Rule::Unnamed));
    let name = args.require_name || asks_for_names;
    let limits = Limits { age: args.max_age, unused: args.max_unused, name };
    let findings = finding::find(&keys, &limits, Timestamp::now());
    if cx.out.is_sarif() {
        cx.out.text(&sarif::write(&findings, &cx.endpoint()?.base()))?;
    } else {
        let mut rows = cx.out.rows(&args.fields);
        findings.iter().try_for_each(|finding| rows.push(finding))?;
        rows.finish()?;
    }
    let counts = |finding: &&Finding| args.fail_on.as_ref().is_none_or(|rules| rules.contains(&finding.rule));
    match findings.iter().filter(counts).count() {
        0 => Ok(()),
        1 => Err(Error::new(Kind::Findings, "1 finding")),
        count => Err(Error::new(Kind::Findings, format!("{count} findings"))),
    }
}

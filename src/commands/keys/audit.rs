//! `optra keys audit`

use jiff::SignedDuration;

use super::sarif;
use super::users::whereabouts;
use crate::commands::completeness::AllowPartial;
use crate::commands::multi_profile::{self, Profiles};
use crate::context::Context;
use crate::error::{Error, Kind};
use crate::lifecycle::{AuditPolicy, Finding, Inventory, Issuer, Rule, find};
use crate::output::{Fields, Record};
use crate::portal::keys::ApiKey;
use crate::portal::{Completeness, Portal};
use crate::text::age;

/// Look for keys that should be rotated, revoked or named
///
/// What the portal does not tell is a finding too, and never taken for fine.
#[derive(Debug, clap::Args)]
#[command(before_long_help = "\
Examples:
  optra keys audit
  optra keys audit --max-age 180d --max-unused 60d --require-name
  optra keys audit --all-profiles
  optra keys audit --fail-on old,unnamed -o sarif > keys.sarif")]
pub struct Args {
    /// Report keys older than this
    #[arg(long, value_name = "AGE", default_value = "90d", value_parser = age)]
    max_age: SignedDuration,

    /// Report keys unused for longer than this
    #[arg(long, value_name = "AGE", default_value = "30d", value_parser = age)]
    max_unused: SignedDuration,

    /// Report keys without a name
    #[arg(long)]
    require_name: bool,

    /// Fail for these findings only, separated by commas; for all if left out
    #[arg(long, value_name = "RULES", value_delimiter = ',')]
    fail_on: Option<Vec<Rule>>,

    #[command(flatten)]
    allow_partial: AllowPartial,

    #[command(flatten)]
    profiles: Profiles,

    #[command(flatten)]
    fields: Fields<Finding>,
}

pub fn run(args: &Args, cx: &Context) -> Result<(), Error> {
    let (findings, failed) = match args.profiles.several(cx)? {
        None => {
            let told = told(cx.portal()?)?;
            args.allow_partial.ensure(&told.completeness, "keys", cx)?;
            (args.find(&told, None, cx), Ok(()))
        }
        Some(profiles) => {
            let (told, mut failures) = multi_profile::each(&profiles, cx, told);
            let mut findings = Vec::new();
            for (profile, told) in told {
                match args.allow_partial.ensure(&told.completeness, "keys", cx) {
                    Ok(()) => findings.extend(args.find(&told, Some(&profile), cx)),
                    Err(error) => failures.fail(profile, error),
                }
            }
            (findings, failures.verdict(cx))
        }
    };
    if cx.out.is_sarif() {
        cx.out.text(&sarif::write(&findings))?;
    } else {
        let fields = if findings.iter().any(|finding| finding.profile.is_some()) {
            &args.fields.with_origin()
        } else {
            &args.fields
        };
        cx.out.page();
        let mut rows = cx.out.rows(fields);
        findings.iter().try_for_each(|finding| rows.push(finding))?;
        rows.finish()?;
    }
    let counts = |finding: &&Finding| args.fail_on.as_ref().is_none_or(|rules| rules.contains(&finding.rule));
    let count = findings.iter().filter(counts).count();
    let found = Finding::counted(count);
    // What was not looked at may be worse than what was found.
    failed.map_err(
        |error: Error| {
            if count > 0 { error.context(format!("{found}, and not all were looked at")) } else { error }
        },
    )?;
    if count > 0 { Err(Error::new(Kind::Findings, found)) } else { Ok(()) }
}

/// The keys of one portal.
struct Told {
    portal: String,
    keys: Vec<ApiKey>,
    completeness: Completeness,
}

fn told(portal: &Portal) -> Result<Told, Error> {
    let Inventory { keys, completeness } = portal.keys()?;
    Ok(Told { portal: portal.endpoint().base(), keys, completeness })
}

impl Args {
    fn find(&self, told: &Told, profile: Option<&str>, cx: &Context) -> Vec<Finding> {
        let asks_for_names = self.fail_on.as_ref().is_some_and(|rules| rules.contains(&Rule::Unnamed));
        let name = self.require_name || asks_for_names;
        let limits = AuditPolicy { age: self.max_age, unused: self.max_unused, name };
        // What this machine knows of places is more than what there is to be found.
        let whereabouts = whereabouts(&told.portal, cx).ok();
        let places = |id: &str| whereabouts.as_ref().map(|all| all.places(id)).unwrap_or_default();
        let mut findings = find(&told.keys, &told.portal, &limits, &places, crate::text::now());
        findings.iter_mut().for_each(|finding| finding.profile = profile.map(str::to_owned));
        findings
    }
}

//! `optra devices watch`: looks at the fleet again and again, and says what changed.

use std::thread;
use std::time::Duration;

use super::change::{Fleet, compare};
use crate::commands::choice::Choice;
use crate::commands::completeness::AllowPartial;
use crate::commands::listing::Filter;
use crate::context::Context;
use crate::error::{Error, Kind};
use crate::output::Fields;
use crate::portal::devices::{self, Device};
use crate::portal::{ListQuery, Projection};
use crate::text::duration;

/// However long the portal is away, it is looked for this often.
const LONGEST: Duration = Duration::from_secs(300);

/// Watch the devices, and mark what changes
///
/// At a terminal the list is shown anew each time, what changed first. In a pipe each change is one line of JSON, for
/// ever: `event` is online, offline, status (another one), new or gone; `was` is the status before.
#[derive(Debug, clap::Args)]
#[command(before_long_help = "\
Examples:
  optra devices watch
  optra devices watch --interval 10s --where location=Rotterdam
  optra devices watch --jq 'select(.event == \"offline\") | .device.name' | while read -r name; do notify \"$name\"; done")]
pub struct Args {
    /// Look so often, such as `30` (seconds) or `5m`
    #[arg(long, value_name = "TIME", default_value = "30s", value_parser = duration)]
    interval: Duration,

    #[command(flatten)]
    choice: Choice<Device>,

    #[command(flatten)]
    allow_partial: AllowPartial,
}

pub fn run(args: &Args, cx: &Context) -> Result<(), Error> {
    let mut before = look(args, true, cx)?;
    if !cx.out.is_watched() {
        let every = args.interval.as_secs_f64();
        cx.out.status(format_args!("watching {} devices, every {every} s", before.len()));
    }
    show(&Fleet::new(), &before, true, cx)?;
    let mut wait = args.interval;
    while !cx.out.is_over() {
        thread::sleep(wait);
        match look(args, false, cx) {
            Ok(now) => {
                if wait > args.interval {
                    cx.out.status("the portal is back");
                }
                wait = args.interval;
                show(&before, &now, false, cx)?;
                before = now;
            }
            Err(error) if is_passing(&error) => {
                wait = (wait * 2).min(LONGEST.max(args.interval));
                cx.out.warn(format_args!("the portal is away: {error}; looking again in {} s", wait.as_secs_f64()));
            }
            Err(error) => return Err(error),
        }
    }
    Ok(())
}

fn is_passing(error: &Error) -> bool {
    matches!(error.kind(), Kind::Unreachable | Kind::Timeout | Kind::RateLimited)
}

fn look(args: &Args, is_first: bool, cx: &Context) -> Result<Fleet, Error> {
    let mut filter = args.choice.start(crate::text::now());
    let predicates = filter.predicates();
    let fields = predicates.iter().map(|predicate| predicate.field.clone()).collect();
    let projection = Projection { fields, exclusive: false };
    let query = ListQuery { projection, predicates, ..ListQuery::default() };
    let (devices, completeness) = devices::list(cx.portal()?, &query)?.collect_all()?;
    // A device that is in the missing part is not gone.
    if is_first || !args.allow_partial.permits(&completeness) {
        args.allow_partial.ensure(&completeness, "devices", cx)?;
    }
    let wanted = devices.into_iter().filter(|device| filter.takes(device));
    Ok(wanted.map(|device| (device.id.clone(), device)).collect())
}

/// Shows the list to a person, and the changes to a program; what was there at the first look is no change.
fn show(before: &Fleet, now: &Fleet, is_first: bool, cx: &Context) -> Result<(), Error> {
    let mut changes = compare(if is_first { now } else { before }, now, crate::text::now());
    if cx.out.is_watched() && !cx.out.is_machine() {
        let mut rows = cx.out.rows(&Fields::all());
        cx.out.clear_screen()?;
        // What does not fit would push what changed out of sight.
        changes.sort_by_key(|change| change.event.is_none());
        let most = cx.out.height().map_or(usize::MAX, |height| height.saturating_sub(3).max(1));
        changes.iter().take(most).try_for_each(|change| rows.push(change))?;
        rows.finish()?;
        if changes.len() > most {
            cx.out.status(format_args!("and {} more, unchanged or further down", changes.len() - most));
        }
        return Ok(());
    }
    changes.retain(|change| change.event.is_some());
    Ok(changes.iter().try_for_each(|change| cx.out.line(change))?)
}

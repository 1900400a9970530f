//! `optra devices wait`: polls some devices until all conditions are true of all of them. `fetch` fetches them.

use std::thread;
use std::time::{Duration, Instant};

use super::fetch::{Fetcher, called};
use super::interval::interval;
use crate::commands::completeness::AllowPartial;
use crate::commands::filter::{Conditions, FieldCondition, condition};
use crate::commands::input::id_or_name;
use crate::commands::listing::Filter;
use crate::context::Context;
use crate::error::{Error, Kind};
use crate::interrupt;
use crate::output::Fields;
use crate::portal::devices::Device;
use crate::text::duration;

/// Wait until devices meet conditions, such as being online
///
/// Exits with 0 once all conditions are true of all the devices, and with 8 if they are not by the deadline. While the
/// portal is unreachable, polling goes on; a device that is missing at the first poll, or gone at a later one, ends it
/// with 6.
#[derive(Debug, clap::Args)]
#[command(before_long_help = "\
Examples:
  optra devices wait dock-01-camera --for status=ONLINE
  optra devices wait dock-01-camera gate-01-monitor --for status=ONLINE --deadline 30m
  optra devices wait dock-01-camera --for 'lastSeenAt newer-than 5m' --interval 30s -q && deploy.sh")]
pub struct Args {
    /// The devices' ids, or their names where no other device has them
    #[arg(required = true, value_name = "ID|NAME", value_parser = id_or_name)]
    devices: Vec<String>,

    /// Wait for this condition, as `--where` of `devices list` takes it; can be repeated
    #[arg(long = "for", required = true, value_name = "CONDITION", value_parser = condition::<Device>)]
    conditions: Vec<FieldCondition>,

    /// Give up after this long, or `0` for never; `--timeout` is the limit of one request
    #[arg(long, value_name = "TIME", default_value = "10m", value_parser = duration)]
    deadline: Duration,

    /// Poll at this interval, such as `30` (seconds) or `5m`
    #[arg(long, value_name = "TIME", default_value = "10s", value_parser = interval)]
    interval: Duration,

    #[command(flatten)]
    allow_partial: AllowPartial,

    #[command(flatten)]
    fields: Fields<Device>,
}

pub fn run(args: &Args, cx: &Context) -> Result<(), Error> {
    interrupt::install();
    let conditions = Conditions::of(args.conditions.clone());
    let (begun, mut fetcher) = (Instant::now(), Fetcher::new(&conditions, args.allow_partial, cx));
    let mut found = fetcher.resolve(&args.devices)?;
    let progress = cx.out.waiting();
    let (mut told, mut is_first, mut away) = (0, true, None::<Error>);
    loop {
        let mut filter = conditions.start(crate::text::now());
        let unmet: Vec<&Device> = found.iter().filter(|device| !filter.matches(device)).collect();
        if is_first {
            filter.warn(cx);
        }
        if unmet.is_empty() {
            drop(progress);
            let mut rows = cx.out.rows(&args.fields);
            found.iter().try_for_each(|device| rows.push(device))?;
            return Ok(rows.finish()?);
        }
        let there = found.len() - unmet.len();
        let waits: Vec<String> = unmet.iter().map(|device| conditions.told(called(device), device)).collect();
        progress.say(&format!("{there} of {}; not yet: {}", found.len(), waits.join(", ")));
        if (is_first || there != told) && !progress.is_shown() {
            cx.out.status(format_args!("not yet: {}", waits.join(", ")));
        }
        (told, is_first) = (there, false);
        let left = args.deadline.checked_sub(begun.elapsed()).unwrap_or_default();
        if !args.deadline.is_zero() && left.is_zero() {
            drop(progress);
            let after = args.deadline.as_secs_f64();
            let message = match found.len() {
                1 => format!("after {after} s the device does not meet the conditions"),
                all => format!("after {after} s {} of {all} devices do not meet the conditions", unmet.len()),
            };
            let seen = waits.join(", ");
            // What was seen before the portal was gone says nothing of now.
            return Err(match away {
                Some(error) => {
                    let message = format!("after {after} s the portal does not answer; last seen: {seen}");
                    Error::new(Kind::Timeout, message).cause(error).hint("Find out why: `optra doctor`.")
                }
                None => Error::new(Kind::Timeout, message)
                    .cause(Error::new(Kind::Timeout, seen))
                    .hint("Give it more time with `--deadline`, or see how all are: `optra devices list`."),
            });
        }
        thread::sleep(if args.deadline.is_zero() { args.interval } else { args.interval.min(left) });
        match fetcher.refetch(&found) {
            Ok(now) => (found, away) = (now, None),
            Err(error) if is_passing(&error) => {
                progress.aside(|| cx.out.warn(format_args!("{error}; retrying")));
                away = Some(error);
            }
            Err(error) => return Err(error),
        }
    }
}

/// Returns true for errors that the next poll may not have: an unreachable portal, a partial listing.
fn is_passing(error: &Error) -> bool {
    matches!(error.kind(), Kind::Unreachable | Kind::Timeout | Kind::RateLimited | Kind::Partial)
}

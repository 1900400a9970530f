//! `optra devices wait`: looks at some devices again and again, until all are as they should be.
//!
//! A look that shows a part only says nothing of a device that is not in it.

use std::thread;
use std::time::{Duration, Instant};

use jiff::Timestamp;

use crate::commands::choice::{Choice, Test, condition};
use crate::commands::completeness::AllowPartial;
use crate::commands::input::id_or_name;
use crate::commands::listing::Filter;
use crate::commands::search::Search;
use crate::context::Context;
use crate::error::{Error, Kind};
use crate::interrupt;
use crate::lifecycle::{ensure_no_holes, incomplete};
use crate::output::Fields;
use crate::portal::devices::{self, Device};
use crate::portal::{self, ListQuery, Projection, Shown};
use crate::text::duration;

/// Wait until devices are as they should be, such as online
///
/// Exits with 0 once all conditions are true of all the devices, and with 8 if they are not by the deadline. A portal that is
/// away meanwhile is looked for again; a device that is not there at the first look, or is gone at a later one, ends it with 6.
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

    /// Wait for this to be true, as `--where` of `devices list` takes it; can be repeated
    #[arg(long = "for", required = true, value_name = "CONDITION", value_parser = condition::<Device>)]
    conditions: Vec<Test>,

    /// Give up after this long, or `0` for never; `--timeout` is the limit of one request
    #[arg(long, value_name = "TIME", default_value = "10m", value_parser = duration)]
    deadline: Duration,

    /// Look so often, such as `30` (seconds) or `5m`
    #[arg(long, value_name = "TIME", default_value = "10s", value_parser = duration)]
    interval: Duration,

    #[command(flatten)]
    allow_partial: AllowPartial,

    #[command(flatten)]
    fields: Fields<Device>,
}

pub fn run(args: &Args, cx: &Context) -> Result<(), Error> {
    interrupt::install();
    let choice = Choice::of(args.conditions.clone());
    let (begun, mut look) = (Instant::now(), Look { choice: &choice, by_id: true, cx });
    let mut found = look.first(args)?;
    let progress = cx.out.waiting();
    let (mut told, mut is_first) = (0, true);
    loop {
        let mut filter = choice.start(Timestamp::now());
        let unmet: Vec<&Device> = found.iter().filter(|device| !filter.takes(device)).collect();
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
        let waits: Vec<String> = unmet.iter().map(|device| choice.told(called(device), device)).collect();
        progress.say(&format!("{there} of {}; waiting for {}", found.len(), waits.join(", ")));
        if (is_first || there != told) && !progress.is_shown() {
            cx.out.status(format_args!("waiting for {}", waits.join(", ")));
        }
        (told, is_first) = (there, false);
        let left = args.deadline.checked_sub(begun.elapsed()).unwrap_or_default();
        if !args.deadline.is_zero() && left.is_zero() {
            drop(progress);
            let after = args.deadline.as_secs_f64();
            let message = match found.len() {
                1 => format!("after {after} s the device is not as it should be"),
                all => format!("after {after} s {} of {all} devices are not as they should be", unmet.len()),
            };
            return Err(Error::new(Kind::Timeout, message)
                .cause(Error::new(Kind::Timeout, waits.join(", ")))
                .hint("Give it more time with `--deadline`, or see how all are: `optra devices list`."));
        }
        thread::sleep(if args.deadline.is_zero() { args.interval } else { args.interval.min(left) });
        match look.again(&found) {
            Ok(now) => found = now,
            Err(error) if is_passing(&error) => progress.aside(|| cx.out.warn(format_args!("{error}; looking again"))),
            Err(error) => return Err(error),
        }
    }
}

/// What may be otherwise at the next look: a portal that is away, and a listing that was not all.
fn is_passing(error: &Error) -> bool {
    matches!(error.kind(), Kind::Unreachable | Kind::Timeout | Kind::RateLimited | Kind::Partial)
}

fn called(device: &Device) -> &str {
    device.name.as_deref().unwrap_or(&device.id)
}

/// How the devices are looked at: one by one where the portal can be asked so, else by a listing.
struct Look<'l> {
    choice: &'l Choice<Device>,
    by_id: bool,
    cx: &'l Context,
}

impl Look<'_> {
    /// Finds the devices that are meant, each once.
    fn first(&mut self, args: &Args) -> Result<Vec<Device>, Error> {
        let mut searches: Vec<Search<'_, Device>> =
            args.devices.iter().map(|word| Search::new("device", word, |device: &Device| &device.id)).collect();
        let completeness = self.each(|device| {
            searches.iter_mut().for_each(|search| search.see(device.clone(), device.name.as_deref()));
        })?;
        ensure_no_holes(&completeness, "devices")?;
        if searches.iter().any(|search| !search.has_id()) {
            args.allow_partial.ensure(&completeness, "devices", self.cx)?;
        }
        let mut found: Vec<Device> = Vec::new();
        for search in searches {
            let device = search.one()?;
            if found.iter().all(|other| other.id != device.id) {
                found.push(device);
            }
        }
        Ok(found)
    }

    /// Looks at the same devices again.
    fn again(&mut self, before: &[Device]) -> Result<Vec<Device>, Error> {
        if self.by_id {
            let shown: Result<Option<Vec<Device>>, Error> = before.iter().map(|device| self.show(&device.id)).collect();
            if let Some(found) = shown? {
                return Ok(found);
            }
        }
        let mut found: Vec<Option<Device>> = before.iter().map(|_| None).collect();
        let completeness = self.each(|device| {
            if let Some(n) = before.iter().position(|other| other.id == device.id) {
                found[n] = Some(device);
            }
        })?;
        // All are there, so it is the portal that does not show one by its id.
        self.by_id &= found.iter().any(Option::is_none);
        let found = before.iter().zip(found).map(|(before, found)| {
            found.ok_or_else(|| match incomplete(&completeness, "devices") {
                Some(error) => error,
                None => Error::new(Kind::NotFound, format!("device `{}` (id {}) is gone", called(before), before.id)),
            })
        });
        found.collect()
    }

    fn show(&self, id: &str) -> Result<Option<Device>, Error> {
        let Some(Shown { item, omitted }) = devices::show(self.cx.portal()?, id)? else { return Ok(None) };
        self.refuse(&omitted)?;
        // What is not what was asked for is no answer.
        Ok(Some(item).filter(|device| device.id == id))
    }

    /// Goes through all devices, whatever they are like, and says whether these are all.
    fn each(&self, mut see: impl FnMut(Device)) -> Result<portal::Completeness, Error> {
        let projection = Projection { fields: self.choice.fields(), exclusive: false };
        let query = ListQuery { projection, ..ListQuery::default() };
        let mut pages = devices::list(self.cx.portal()?, &query)?;
        while let Some(page) = pages.next() {
            let page = page?;
            pages.prefetch();
            self.refuse(page.facts.omitted())?;
            page.items.into_iter().for_each(&mut see);
        }
        Ok(pages.completeness().clone())
    }

    /// What the portal does not give never becomes true.
    fn refuse(&self, omitted: &[String]) -> Result<(), Error> {
        let asked = Projection { fields: self.choice.fields(), exclusive: true };
        Ok(portal::Error::not_given(asked.missing(omitted))?)
    }
}

//! `optra devices watch`: polls the fleet, and reports what changed.

use std::time::{Duration, Instant};

use super::board::{Board, Order};
use super::change::{Fleet, compare};
use super::interval::interval;
use super::poller::{Poll, Poller, poll};
use crate::commands::completeness::AllowPartial;
use crate::commands::filter::Conditions;
use crate::commands::listing::Filter;
use crate::context::Context;
use crate::error::Error;
use crate::output::{Event, Fields, Record, Screen};
use crate::portal::devices::Device;
use crate::portal::{ListQuery, Projection};

/// A change stays marked for this long, or for two polls.
const MARKED: Duration = Duration::from_secs(60);

/// Watch the devices, and mark what changes
///
/// At a terminal the list fills the screen: arrows, j, k, PgUp and PgDn scroll, s changes the order, q quits. A change
/// stays marked for a minute, or for two polls. In a pipe each change is one line of JSON, without an end: `event` is
/// online, offline, status (any other change of it), new or gone; `was` is the former status.
#[derive(Debug, clap::Args)]
#[command(before_long_help = "\
Examples:
  optra devices watch
  optra devices watch --interval 10s --where location=Rotterdam
  optra devices watch --jq 'select(.event == \"offline\") | .device.name' | while read -r name; do notify \"$name\"; done")]
pub struct Args {
    /// Poll at this interval, such as `30` (seconds) or `5m`
    #[arg(long, value_name = "TIME", default_value = "30s", value_parser = interval)]
    interval: Duration,

    /// Show the devices in this order
    #[arg(long, value_name = "ORDER", default_value = "changed")]
    sort: Order,

    #[command(flatten)]
    conditions: Conditions<Device>,

    #[command(flatten)]
    allow_partial: AllowPartial,
}

pub fn run(args: &Args, cx: &Context) -> Result<(), Error> {
    let (portal, query) = (cx.portal()?.clone(), args.query());
    let first = args.take(poll(&portal, &query)?, true, cx)?;
    let screen = cx.out.screen();
    let poller = Poller::start(portal, query, args.interval, screen.as_ref().and_then(Screen::waker));
    match screen {
        Some(screen) => args.on_screen(&screen, first, poller, cx),
        None => args.in_lines(first, poller, cx),
    }
}

impl Args {
    fn query(&self) -> ListQuery {
        let predicates = self.conditions.start(crate::text::now()).predicates();
        let fields = predicates.iter().map(|predicate| predicate.field.clone()).collect();
        ListQuery { projection: Projection { fields, exclusive: false }, predicates, ..ListQuery::default() }
    }

    /// Returns the devices that match the filter.
    fn take(&self, (devices, completeness): Poll, is_first: bool, cx: &Context) -> Result<Fleet, Error> {
        // A device in the missing part of a listing is not gone.
        if is_first || !self.allow_partial.permits(&completeness) {
            self.allow_partial.ensure(&completeness, "devices", cx)?;
        }
        let mut filter = self.conditions.start(crate::text::now());
        let wanted = devices.into_iter().filter(|device| filter.matches(device));
        Ok(wanted.map(|device| (device.id.clone(), device)).collect())
    }

    /// Prints the changes as they come: JSON for a program, sentences for a person without a full screen.
    fn in_lines(&self, first: Fleet, mut poller: Poller, cx: &Context) -> Result<(), Error> {
        let (out, mut before) = (&cx.out, first);
        let is_for_person = out.is_watched() && !out.is_machine();
        if is_for_person {
            let mut rows = out.rows(&Fields::all());
            compare(&before, &before, crate::text::now()).iter().try_for_each(|row| rows.push(row))?;
            rows.finish()?;
        }
        let watched = Device::counted(before.len());
        out.status(format_args!("watching {watched}, every {} s", self.interval.as_secs_f64()));
        while !out.is_over() {
            match poller.wait().and_then(|seen| self.take(seen, false, cx)) {
                Ok(now) => {
                    if poller.request_next() {
                        out.status("the portal is back");
                    }
                    let changes = compare(&before, &now, crate::text::now());
                    for change in changes.iter().filter(|change| change.event.is_some()) {
                        match change.sentence().filter(|_| is_for_person) {
                            Some(sentence) => out.text(&format!("{}\n", out.words(&sentence)))?,
                            None => out.line(change)?,
                        }
                    }
                    before = now;
                }
                Err(error) => out.warn(poller.back_off(error)?),
            }
        }
        Ok(())
    }

    /// Shows the list full-screen until the user quits.
    fn on_screen(&self, screen: &Screen<'_>, first: Fleet, mut poller: Poller, cx: &Context) -> Result<(), Error> {
        let mut board = Board::new(first, self.sort, MARKED.max(self.interval * 2));
        let (mut trouble, mut seen) = (None::<String>, crate::text::now());
        while !cx.out.is_over() {
            board.expire(Instant::now());
            let (columns, height) = screen.size();
            let lines = board.lines(columns, |rows| cx.out.lines(rows.iter(), columns));
            let (count, shown) = (lines.lines.len(), height.saturating_sub(1 + lines.heading.iter().len()).max(1));
            let top = board.scroll_to_fit(count, shown);
            let state = trouble.as_ref().map_or_else(
                || format!("{}, every {} s", seen.strftime("%H:%M:%SZ"), self.interval.as_secs_f64()),
                |trouble| cx.out.words(trouble),
            );
            let keys = format!("q quit  s order: {}  j k scroll", board.order());
            let lost =
                if lines.lost.is_empty() { String::new() } else { format!("  no room: {}", lines.lost.join(", ")) };
            let foot = format!("{keys}  {}  {state}{lost}", Device::counted(board.len()));
            screen.draw(lines.heading.as_deref(), lines.lines.get(top..).unwrap_or_default(), &foot)?;
            match screen.next(board.next_to_expire(Instant::now())) {
                Event::Closed => break,
                Event::Keys(keys) => {
                    if !keys.into_iter().all(|key| board.press(key, count, shown)) {
                        break;
                    }
                }
                Event::Passed | Event::Woken => {}
            }
            match poller.seen().map(|seen| seen.and_then(|seen| self.take(seen, false, cx))) {
                None => {}
                Some(Ok(now)) => {
                    poller.request_next();
                    (trouble, seen) = (None, crate::text::now());
                    board.update(now, seen, Instant::now());
                }
                Some(Err(error)) => trouble = Some(poller.back_off(error)?),
            }
        }
        Ok(())
    }
}

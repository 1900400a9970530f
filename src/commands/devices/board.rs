//! The state of the full-screen device list: its order, recent changes, and scroll position.
//!
//! It must not send requests, and it draws nothing itself.

use std::collections::BTreeMap;
use std::rc::Rc;
use std::time::{Duration, Instant};

use clap::ValueEnum;
use jiff::Timestamp;

use super::change::{Change, Event, Fleet, compare};
use crate::output::{Column, Key, Lines, Record};
use crate::portal::scalars::Text;

/// The order in which devices are shown.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
#[value(rename_all = "camelCase")]
pub enum Order {
    /// The latest change first
    #[default]
    Changed,
    Id,
    Name,
    Status,
    Location,
    LastSeenAt,
}

impl Order {
    /// Returns the order after this one, wrapping around.
    fn next(self) -> Order {
        let all = Order::value_variants();
        let at = all.iter().position(|order| *order == self).unwrap_or(0);
        all[(at + 1) % all.len()]
    }

    /// Returns the name, as the option spells it.
    fn as_str(self) -> String {
        self.to_possible_value().map_or_else(String::new, |value| value.get_name().to_owned())
    }
}

/// A recent change of a device.
struct Mark {
    change: Change,
    until: Instant,
}

/// The fleet as the screen shows it.
pub struct Board {
    order: Order,
    /// The first visible line.
    top: usize,
    /// The lines of all devices, cached for a width until something changes.
    lines: Option<(usize, Rc<Lines>)>,
    fleet: Fleet,
    marks: BTreeMap<Text, Mark>,
    /// How long a change stays marked.
    mark: Duration,
}

impl Board {
    pub fn new(fleet: Fleet, order: Order, mark: Duration) -> Board {
        Board { order, top: 0, lines: None, fleet, marks: BTreeMap::new(), mark }
    }

    /// Replaces the fleet, and marks what changed.
    pub fn update(&mut self, now: Fleet, time: Timestamp, instant: Instant) {
        let changed = compare(&self.fleet, &now, time).into_iter().filter(|change| change.event.is_some());
        for change in changed {
            let mark = Mark { change, until: instant + self.mark };
            self.marks.insert(mark.change.device.id.clone(), mark);
        }
        self.fleet = now;
        self.lines = None;
    }

    /// Removes the marks that have expired.
    pub fn expire(&mut self, instant: Instant) {
        let count = self.marks.len();
        self.marks.retain(|_, mark| mark.until > instant);
        if self.marks.len() < count {
            self.lines = None;
        }
    }

    /// Returns the time until the next mark expires.
    pub fn next_to_expire(&self, instant: Instant) -> Option<Duration> {
        self.marks.values().map(|mark| mark.until.saturating_duration_since(instant)).min()
    }

    /// Returns the name of the order, as the option spells it.
    pub fn order(&self) -> String {
        self.order.as_str()
    }

    /// Returns the lines of all devices; calls `draw` only if something changed since they were last drawn for this
    /// width.
    pub fn lines(&mut self, width: usize, draw: impl FnOnce(&[Change]) -> Lines) -> Rc<Lines> {
        match &self.lines {
            Some((drawn, lines)) if *drawn == width => Rc::clone(lines),
            _ => {
                let lines = Rc::new(draw(&self.rows(crate::text::now())));
                self.lines = Some((width, Rc::clone(&lines)));
                lines
            }
        }
    }

    /// Limits scrolling to `lines` lines, of which `shown` are visible; returns the first visible line.
    pub fn scroll_to_fit(&mut self, lines: usize, shown: usize) -> usize {
        self.top = self.top.min(lines.saturating_sub(shown));
        self.top
    }

    pub fn len(&self) -> usize {
        self.fleet.len()
    }

    /// Returns the devices in order, with those that are gone while their mark lasts.
    fn rows(&self, time: Timestamp) -> Vec<Change> {
        let here = self.fleet.values().map(|device| {
            let (time, event, was) = match self.marks.get(&device.id) {
                Some(Mark { change, .. }) => (change.time, change.event, change.was.clone()),
                None => (time, None, None),
            };
            Change { time, event, was, device: device.clone() }
        });
        let gone = self.marks.values().map(|mark| &mark.change).filter(|change| change.event == Some(Event::Gone));
        let gone = gone.filter(|change| !self.fleet.contains_key(&change.device.id));
        let gone = gone.map(|change| Change {
            time: change.time,
            event: change.event,
            was: change.was.clone(),
            device: change.device.clone(),
        });
        let mut rows: Vec<Change> = here.chain(gone).collect();
        let word = self.order.as_str();
        match Change::COLUMNS.iter().find(|column| column.name == word) {
            Some(column) => sort(&mut rows, column),
            None => rows.sort_by_key(|row| (row.event.is_none(), row.event.map(|_| std::cmp::Reverse(row.time)))),
        }
        rows
    }

    /// Handles a key, where `shown` of `lines` lines are visible; returns false for the key that quits.
    pub fn press(&mut self, key: Key, lines: usize, shown: usize) -> bool {
        let last = lines.saturating_sub(shown);
        self.top = match key {
            Key::Letter('q' | 'Q') => return false,
            Key::Letter('s') => {
                self.order = self.order.next();
                self.lines = None;
                0
            }
            Key::Down | Key::Letter('j') => self.top + 1,
            Key::Up | Key::Letter('k') => self.top.saturating_sub(1),
            Key::PageDown => self.top + shown,
            Key::PageUp => self.top.saturating_sub(shown),
            Key::Home | Key::Letter('g') => 0,
            Key::End | Key::Letter('G') => last,
            Key::Letter(_) => self.top,
        }
        .min(last);
        true
    }
}

fn sort(rows: &mut [Change], column: &Column<Change>) {
    rows.sort_by(|one, other| column.cell(one).order(&column.cell(other)));
}

#[cfg(test)]
mod tests {
    use std::time::{Duration, Instant};

    use super::super::change::Fleet;
    use super::{Board, Order};
    use crate::output::Key;
    use crate::portal::devices::Device;

    fn fleet(devices: &[(&str, &str)]) -> Fleet {
        let device = |(id, status): &(&str, &str)| {
            let device = Device { id: (*id).into(), status: Some((*status).into()), ..Device::default() };
            ((*id).into(), device)
        };
        devices.iter().map(device).collect()
    }

    fn shown(board: &Board) -> Vec<String> {
        let rows = board.rows("2026-11-20T08:10:00Z".parse().unwrap());
        rows.iter().map(|row| format!("{} {}", row.device.id, row.event.map_or("-", super::Event::as_str))).collect()
    }

    #[test]
    fn changes_stay_marked_for_a_while_and_the_last_comes_first() {
        let start = Instant::now();
        let time = |minute: u8| format!("2026-11-20T08:{minute:02}:00Z").parse().unwrap();
        let after = |seconds| start + Duration::from_secs(seconds);
        let mut board = Board::new(
            fleet(&[("1", "ONLINE"), ("2", "ONLINE"), ("3", "ONLINE")]),
            Order::Changed,
            Duration::from_secs(60),
        );
        assert_eq!(shown(&board), ["1 -", "2 -", "3 -"]);
        board.update(fleet(&[("1", "ONLINE"), ("2", "OFFLINE"), ("3", "ONLINE")]), time(1), after(0));
        board.update(fleet(&[("1", "ONLINE"), ("2", "OFFLINE")]), time(2), after(30));
        assert_eq!(shown(&board), ["3 gone", "2 went offline", "1 -"]);
        assert_eq!(board.next_to_expire(after(30)), Some(Duration::from_secs(30)));
        board.expire(after(60));
        assert_eq!(shown(&board), ["3 gone", "1 -", "2 -"]);
        board.expire(after(90));
        assert_eq!((shown(&board), board.next_to_expire(after(90))), (vec!["1 -".to_owned(), "2 -".to_owned()], None));
    }

    #[test]
    fn keys_scroll_within_what_is_there() {
        let mut board = Board::new(Fleet::new(), Order::Changed, Duration::from_secs(60));
        let mut press = |key| {
            let goes_on = board.press(key, 50, 20);
            (goes_on, board.top, board.order)
        };
        for (key, top) in [
            (Key::Up, 0),
            (Key::Down, 1),
            (Key::PageDown, 21),
            (Key::PageDown, 30),
            (Key::Letter('k'), 29),
            (Key::PageUp, 9),
            (Key::End, 30),
            (Key::Home, 0),
        ] {
            assert_eq!(press(key), (true, top, Order::Changed), "{key:?}");
        }
        assert_eq!(press(Key::Letter('s')), (true, 0, Order::Id));
        assert!(!press(Key::Letter('q')).0);
    }

    #[test]
    fn every_order_but_the_first_is_a_column() {
        let mut board = Board::new(fleet(&[("1", "b"), ("2", "a")]), Order::Status, Duration::from_secs(60));
        assert_eq!(shown(&board), ["2 -", "1 -"]);
        board.order = Order::LastSeenAt;
        assert_eq!(board.order.next(), Order::Changed);
        assert_eq!(board.order.as_str(), "lastSeenAt");
    }
}

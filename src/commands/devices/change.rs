//! What changed of a fleet between two looks at it.

use std::collections::BTreeMap;

use jiff::Timestamp;
use serde::Serialize;

use crate::output::{Cell, Column, Record, Value};
use crate::portal::devices::Device;

/// What happened to a device.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Event {
    Online,
    Offline,
    /// Another status that is neither of the two.
    Status,
    New,
    Gone,
}

/// A device and what happened to it.
#[derive(Debug, Serialize)]
pub struct Change {
    pub time: Timestamp,
    /// None for a device that is as it was.
    pub event: Option<Event>,
    pub device: Device,
}

impl Event {
    fn word(self) -> &'static str {
        match self {
            Event::Online => "came online",
            Event::Offline => "went offline",
            Event::Status => "changed",
            Event::New => "new",
            Event::Gone => "gone",
        }
    }
}

impl Record for Change {
    const NOUN: (&'static str, &'static str) = ("device", "devices");
    const COLUMNS: &'static [Column<Change>] = &[
        Column::whole("id", |change| change.device.id.cell()),
        Column::shown("name", 0, |change| change.device.name.cell()),
        Column::shown("status", 1, |change| change.device.status.cell()),
        Column::shown("location", 4, |change| change.device.location.cell()),
        Column::shown("lastSeenAt", 3, |change| change.device.last_seen_at.cell()),
        Column::shown("event", 2, |change| change.event.map_or(Cell::Nothing, |event| event.word().cell())),
    ];
}

/// Devices by their ids.
pub type Fleet = BTreeMap<String, Device>;

/// Returns every device of now, and those that are gone, each with what happened to it since before.
pub fn compare(before: &Fleet, now: &Fleet, time: Timestamp) -> Vec<Change> {
    let here = now.values().map(|device| {
        let event = match before.get(&device.id) {
            None => Some(Event::New),
            Some(old) if old.status == device.status => None,
            Some(old) => Some(turn(old, device)),
        };
        Change { time, event, device: device.clone() }
    });
    let gone = before.values().filter(|device| !now.contains_key(&device.id));
    here.chain(gone.map(|device| Change { time, event: Some(Event::Gone), device: device.clone() })).collect()
}

fn turn(old: &Device, new: &Device) -> Event {
    let is_online =
        |device: &Device| device.status.as_ref().is_some_and(|status| status.eq_ignore_ascii_case("online"));
    match (is_online(old), is_online(new)) {
        (false, true) => Event::Online,
        (true, false) => Event::Offline,
        _ => Event::Status,
    }
}

//! What changed in a fleet between two polls.

use std::collections::BTreeMap;

use jiff::Timestamp;
use schemars::JsonSchema;
use serde::Serialize;

use crate::output::{Cell, Column, Record, Value};
use crate::portal::devices::Device;
use crate::portal::scalars::Text;

/// What happened to a device.
#[derive(Clone, Copy, Debug, PartialEq, Eq, JsonSchema, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Event {
    Online,
    Offline,
    /// Any other change of the status.
    Status,
    New,
    Gone,
}

/// A device and what happened to it.
#[derive(Debug, JsonSchema, Serialize)]
pub struct Change {
    pub time: Timestamp,
    /// `None` for an unchanged device.
    pub event: Option<Event>,
    /// The former status, if it changed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub was: Option<Text>,
    pub device: Device,
}

impl Event {
    pub fn as_str(self) -> &'static str {
        match self {
            Event::Online => "came online",
            Event::Offline => "went offline",
            Event::Status => "changed",
            Event::New => "new",
            Event::Gone => "gone",
        }
    }
}

impl Change {
    /// Says in a few words what happened, and when.
    fn told(&self, event: Event) -> String {
        let was = self.was.as_ref().filter(|_| event == Event::Status);
        let was = was.map_or_else(String::new, |was| format!(" from {was}"));
        format!("{}{was} {}", event.as_str(), self.time.strftime("%H:%M:%SZ"))
    }

    /// Says in a sentence what happened; `None` for an unchanged device.
    pub fn sentence(&self) -> Option<String> {
        let (event, device) = (self.event?, &self.device);
        let name = device.name.as_ref().map_or_else(String::new, |name| format!("`{name}` "));
        Some(format!("device {name}(id {}): {}", device.id, self.told(event)))
    }
}

impl Record for Change {
    const NOUN: (&'static str, &'static str) = ("device", "devices");
    const COLUMNS: &'static [Column<Change>] = &[
        Column::pinned("id", |change| change.device.id.cell()),
        Column::priority("name", 0, |change| change.device.name.cell()),
        Column::priority("status", 1, |change| change.device.status.cell()),
        Column::priority("location", 4, |change| change.device.location.cell()),
        Column::priority("lastSeenAt", 3, |change| change.device.last_seen_at.cell()),
        Column::vital("event", |change| {
            change.event.map_or(Cell::Nothing, |event| Cell::Text(change.told(event).into()))
        }),
    ];
}

/// Devices by their ids.
pub type Fleet = BTreeMap<Text, Device>;

/// Returns every device of `now` and those that are gone, each with what happened to it since `before`.
pub fn compare(before: &Fleet, now: &Fleet, time: Timestamp) -> Vec<Change> {
    let here = now.values().map(|device| {
        let (event, was) = match before.get(&device.id) {
            None => (Some(Event::New), None),
            Some(old) if old.status == device.status => (None, None),
            Some(old) => (Some(turn(device)), old.status.clone()),
        };
        Change { time, event, was, device: device.clone() }
    });
    let gone = before.values().filter(|device| !now.contains_key(&device.id));
    here.chain(gone.map(|device| Change { time, event: Some(Event::Gone), was: None, device: device.clone() }))
        .collect()
}

/// Returns the event that a new status means.
fn turn(device: &Device) -> Event {
    let is = |word: &str| device.status.as_ref().is_some_and(|status| status.eq_ignore_ascii_case(word));
    match () {
        () if is("online") => Event::Online,
        () if is("offline") => Event::Offline,
        () => Event::Status,
    }
}

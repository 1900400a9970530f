//! How a device is shown.

use crate::output::{Cell, Column, Record, Value};
use crate::portal::devices::{Device, Location, Tag};

impl Record for Device {
    const NOUN: (&'static str, &'static str) = ("device", "devices");
    const COLUMNS: &'static [Column<Device>] = &[
        Column::origin("profile", |device| device.profile.cell()),
        Column::whole("id", |device| device.id.cell()),
        Column::shown("name", 0, |device| device.name.cell()),
        Column::asked("serialNumber", |device| device.serial_number.cell()),
        Column::shown("model", 4, |device| device.model.cell()),
        Column::shown("status", 1, |device| device.status.cell()),
        Column::asked("enabled", |device| device.enabled.cell()),
        Column::asked("firmwareVersion", |device| device.firmware_version.cell()),
        Column::asked("ipAddress", |device| device.ip_address.cell()),
        Column::asked("macAddress", |device| device.mac_address.cell()),
        Column::asked("timezone", |device| device.timezone.cell()),
        Column::shown("tags", 5, |device| device.tags.cell()),
        Column::shown("location", 3, |device| device.location.cell()),
        Column::shown("lastSeenAt", 2, |device| device.last_seen_at.cell()),
        Column::asked("createdAt", |device| device.created_at.cell()),
        Column::part("location.id", |device| place(device).map_or(Cell::Nothing, |place| place.id.cell())),
        Column::part("location.name", |device| place(device).map_or(Cell::Nothing, |place| place.name.cell())),
        Column::part("location.address", |device| place(device).map_or(Cell::Nothing, |place| place.address.cell())),
        Column::part("location.latitude", |device| degrees(place(device).and_then(|place| place.latitude))),
        Column::part("location.longitude", |device| degrees(place(device).and_then(|place| place.longitude))),
        Column::part("tags.id", |device| Cell::names(device.tags.iter().flatten().map(|tag| tag.id.as_str()))),
        Column::part("tags.name", |device| {
            Cell::names(device.tags.iter().flatten().filter_map(|tag| tag.name.as_deref()))
        }),
    ];

    fn place(&self) -> Option<(f64, f64)> {
        place(self).and_then(|place| Some((place.longitude?, place.latitude?)))
    }
}

/// A place goes by its name.
impl Value for Location {
    fn cell(&self) -> Cell<'_> {
        self.name.as_ref().unwrap_or(&self.id).cell()
    }
}

impl Value for Vec<Tag> {
    fn cell(&self) -> Cell<'_> {
        Cell::names(self.iter().map(|tag| tag.name.as_deref().unwrap_or(&tag.id)))
    }
}

fn place(device: &Device) -> Option<&Location> {
    device.location.as_ref()
}

fn degrees(degrees: Option<f64>) -> Cell<'static> {
    degrees.map_or(Cell::Nothing, Cell::Number)
}

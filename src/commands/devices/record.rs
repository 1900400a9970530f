//! How a device is shown.

use crate::output::{Cell, Column, Record, Value};
use crate::portal::devices::{Device, Location, Tag};

impl Record for Device {
    const NOUN: (&'static str, &'static str) = ("device", "devices");
    const COLUMNS: &'static [Column<Device>] = &[
        Column::profile("profile", |device| device.profile.cell()),
        Column::pinned("id", |device| device.id.cell()),
        Column::priority("name", 0, |device| device.name.cell()),
        Column::on_request("serialNumber", |device| device.serial_number.cell()),
        Column::priority("model", 4, |device| device.model.cell()),
        Column::priority("status", 1, |device| device.status.cell()),
        Column::on_request("enabled", |device| device.enabled.cell()),
        Column::on_request("firmwareVersion", |device| device.firmware_version.cell()),
        Column::on_request("ipAddress", |device| device.ip_address.cell()),
        Column::on_request("macAddress", |device| device.mac_address.cell()),
        Column::on_request("timezone", |device| device.timezone.cell()),
        Column::priority("tags", 5, |device| device.tags.cell()),
        Column::priority("location", 3, |device| device.location.cell()),
        Column::priority("lastSeenAt", 2, |device| device.last_seen_at.cell()),
        Column::on_request("createdAt", |device| device.created_at.cell()),
        Column::nested("location.id", |device| place(device).map_or(Cell::Nothing, |place| place.id.cell())),
        Column::nested("location.name", |device| place(device).map_or(Cell::Nothing, |place| place.name.cell())),
        Column::nested("location.address", |device| place(device).map_or(Cell::Nothing, |place| place.address.cell())),
        Column::nested("location.latitude", |device| degrees(place(device).and_then(|place| place.latitude))),
        Column::nested("location.longitude", |device| degrees(place(device).and_then(|place| place.longitude))),
        Column::nested("tags.id", |device| Cell::names(device.tags.iter().flatten().map(|tag| tag.id.as_str()))),
        Column::nested("tags.name", |device| {
            Cell::names(device.tags.iter().flatten().filter_map(|tag| tag.name.as_deref()))
        }),
    ];

    fn place(&self) -> Option<(f64, f64)> {
        place(self).and_then(|place| Some((place.longitude?, place.latitude?)))
    }
}

/// A location is shown by its name.
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

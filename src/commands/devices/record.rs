//! How a device is shown.

use crate::output::{Cell, Column, Record};
use crate::portal::devices::{Device, Tag};

impl Record for Device {
    const NOUN: (&'static str, &'static str) = ("device", "devices");
    const COLUMNS: &'static [Column<Device>] = &[
        Column::whole("id", |device| Cell::text(Some(&device.id))),
        Column::shown("name", 0, |device| Cell::text(device.name.as_deref())),
        Column::asked("serialNumber", |device| Cell::text(device.serial_number.as_deref())),
        Column::shown("model", 4, |device| Cell::text(device.model.as_deref())),
        Column::shown("status", 1, |device| Cell::text(device.status.as_deref())),
        Column::asked("enabled", |device| Cell::flag(device.enabled)),
        Column::asked("firmwareVersion", |device| Cell::text(device.firmware_version.as_deref())),
        Column::asked("ipAddress", |device| Cell::text(device.ip_address.as_deref())),
        Column::asked("macAddress", |device| Cell::text(device.mac_address.as_deref())),
        Column::asked("timezone", |device| Cell::text(device.timezone.as_deref())),
        Column::shown("tags", 5, |device| tags(device.tags.as_deref())),
        Column::shown("location", 3, |device| {
            let location = device.location.as_ref();
            Cell::text(location.and_then(|location| location.name.as_deref().or(Some(&location.id))))
        }),
        Column::shown("lastSeenAt", 2, |device| Cell::from(device.last_seen_at.as_ref())),
        Column::asked("createdAt", |device| Cell::from(device.created_at.as_ref())),
    ];
}

fn tags(tags: Option<&[Tag]>) -> Cell<'_> {
    match tags {
        None | Some([]) => Cell::Nothing,
        Some(tags) => {
            let names: Vec<&str> = tags.iter().map(|tag| tag.name.as_deref().unwrap_or(&tag.id)).collect();
            Cell::Text(names.join(", ").into())
        }
    }
}

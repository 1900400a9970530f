//! Devices: list the fleet, or show one device.

use schemars::JsonSchema;
use serde::Serialize;

use super::error::{Certainty, Error};
use super::execute::{Call, FoundItem};
use super::graphql::Reason;
use super::handle::Portal;
use super::operation::operations;
use super::pages::Pages;
use super::query::ListQuery;
use super::scalars::{DateTime, Text};

/// An edge device. All but `id` and `name` is assumed, and absent where the portal does not give it.
#[derive(Clone, Debug, JsonSchema, Serialize)]
#[cfg_attr(test, derive(Default))]
#[serde(rename_all = "camelCase")]
pub struct Device {
    pub id: Text,
    pub name: Option<Text>,
    pub serial_number: Option<Text>,
    pub model: Option<Text>,
    /// Text, not an enum: skills may set it.
    pub status: Option<Text>,
    pub enabled: Option<bool>,
    pub firmware_version: Option<Text>,
    pub ip_address: Option<Text>,
    pub mac_address: Option<Text>,
    /// An IANA name.
    pub timezone: Option<Text>,
    pub tags: Option<Vec<Tag>>,
    pub location: Option<Location>,
    pub last_seen_at: Option<DateTime>,
    pub created_at: Option<DateTime>,
    /// The profile that it was listed for, where there are several.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub profile: Option<Text>,
}

/// A label that an organization puts on its devices.
#[derive(Clone, Debug, JsonSchema, Serialize)]
pub struct Tag {
    pub id: Text,
    pub name: Option<Text>,
}

/// A place that devices stand at; latitude and longitude in degrees.
#[derive(Clone, Debug, JsonSchema, Serialize)]
pub struct Location {
    pub id: Text,
    pub name: Option<Text>,
    pub address: Option<Text>,
    pub latitude: Option<f64>,
    pub longitude: Option<f64>,
}

operations! {
    DevicesList "devices.list" "graphql/devices/list.graphql";
    DevicesShow "devices.show" "graphql/devices/show.graphql";
}

use documents::{DevicesList, DevicesShow, devices_list, devices_show};

/// Implements the conversion from an operation's generated type to [`Device`]. A shared fragment would name a type of
/// the contract, which a portal may name differently.
macro_rules! device_from {
    ($($type:path),*) => {$(
        impl From<$type> for Device {
            fn from(device: $type) -> Device {
                Device {
                    id: device.id,
                    name: device.name,
                    serial_number: device.serial_number,
                    model: device.model,
                    status: device.status,
                    enabled: device.enabled,
                    firmware_version: device.firmware_version,
                    ip_address: device.ip_address,
                    mac_address: device.mac_address,
                    timezone: device.timezone,
                    tags: device.tags.map(|tags| {
                        let tags = tags.into_iter().flatten();
                        tags.map(|tag| Tag { id: tag.id, name: tag.name }).collect()
                    }),
                    location: device.location.map(|location| Location {
                        id: location.id,
                        name: location.name,
                        address: location.address,
                        latitude: location.latitude,
                        longitude: location.longitude,
                    }),
                    last_seen_at: device.last_seen_at,
                    created_at: device.created_at,
                    profile: None,
                }
            }
        }
    )*};
}

device_from!(devices_list::DevicesListDevicesData, devices_show::DevicesShowDevice);

/// Lists the devices. Requests only the fields and rows that the query needs, as far as the portal supports that.
pub fn list(portal: &Portal, query: &ListQuery) -> Result<Pages<Device>, Error> {
    let call = Call::<DevicesList>::listing(portal, query)?;
    Ok(Pages::new(
        call,
        query,
        |device| &device.id,
        |call, first, after| {
            let answer = call.execute(devices_list::Variables { first, after: after.map(Into::into) })?;
            answer.page(|data| data.devices.map(|page| (page.data, page.after, page.total)))
        },
    ))
}

/// Returns the device with this id; `None` if there is none, or if the portal does not support the query.
pub fn show(portal: &Portal, id: &str) -> Result<Option<FoundItem<Device>>, Error> {
    let variables = devices_show::Variables { id: id.into() };
    let answer = Call::<DevicesShow>::new(portal)?.execute(variables);
    let answer: Result<Option<FoundItem<Device>>, Error> = answer.and_then(|answer| answer.one(|data| data.device));
    match answer {
        Ok(Some(shown)) if !shown.item.id.eq_ignore_ascii_case(id) => match shown.item.name.as_deref() == Some(id) {
            // This portal also finds devices by name, and does not say how many have this name; the caller's listing
            // will.
            true => Ok(None),
            false => Err(Error::bad_answer(
                portal.endpoint().origin(),
                "it is about another device than the requested one",
                Certainty::Executed,
            )),
        },
        Ok(shown) => Ok(shown),
        // The portal may refuse an id in a format unlike its own, or lack the query; the caller's listing decides.
        Err(error) if matches!(error.reason(), Some(Reason::NotFound | Reason::Invalid | Reason::Other)) => Ok(None),
        Err(error) => Err(error),
    }
}

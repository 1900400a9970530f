//! Devices: listing the fleet, and one of it.

use serde::Serialize;

use super::error::{Error, Reason};
use super::operations::operation;
use super::scalars::DateTime;
use super::send::{Root, Shown};
use super::{Page, Pages, Portal, Wanted};

/// An edge device. All but `id` and `name` is assumed, and absent where the portal does not give it.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Device {
    pub id: String,
    pub name: Option<String>,
    pub serial_number: Option<String>,
    pub model: Option<String>,
    /// Text, not an enum: skills may set it.
    pub status: Option<String>,
    pub enabled: Option<bool>,
    pub firmware_version: Option<String>,
    pub ip_address: Option<String>,
    pub mac_address: Option<String>,
    /// An IANA name.
    pub timezone: Option<String>,
    pub tags: Option<Vec<Tag>>,
    pub location: Option<Location>,
    pub last_seen_at: Option<DateTime>,
    pub created_at: Option<DateTime>,
    /// The profile that it was listed for, where there are several.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub profile: Option<String>,
}

/// A label that an organization puts on its devices.
#[derive(Clone, Debug, Serialize)]
pub struct Tag {
    pub id: String,
    pub name: Option<String>,
}

/// A place that devices stand at; latitude and longitude in degrees.
#[derive(Clone, Debug, Serialize)]
pub struct Location {
    pub id: String,
    pub name: Option<String>,
    pub address: Option<String>,
    pub latitude: Option<f64>,
    pub longitude: Option<f64>,
}

/// The documents as `graphql_client` compiles them. What it calls `String` is our lenient text in here.
mod documents {
    use crate::portal::scalars::{DateTime, Text as String};
    use graphql_client::GraphQLQuery;

    #[derive(GraphQLQuery)]
    #[graphql(
        schema_path = "graphql/schema.graphql",
        query_path = "graphql/devices/list.graphql",
        skip_serializing_none
    )]
    pub struct DevicesList;

    #[derive(GraphQLQuery)]
    #[graphql(
        schema_path = "graphql/schema.graphql",
        query_path = "graphql/devices/show.graphql",
        skip_serializing_none
    )]
    pub struct DevicesShow;
}

use documents::{DevicesList, DevicesShow};

/// Makes a [`Device`] of each operation's own type for it. A shared fragment would name a type of the contract, which a
/// portal may call something else.
macro_rules! device_from {
    ($($type:path),*) => {$(
        impl From<$type> for Device {
            fn from(device: $type) -> Device {
                Device {
                    id: device.id.0,
                    name: device.name.map(|text| text.0),
                    serial_number: device.serial_number.map(|text| text.0),
                    model: device.model.map(|text| text.0),
                    status: device.status.map(|text| text.0),
                    enabled: device.enabled,
                    firmware_version: device.firmware_version.map(|text| text.0),
                    ip_address: device.ip_address.map(|text| text.0),
                    mac_address: device.mac_address.map(|text| text.0),
                    timezone: device.timezone.map(|text| text.0),
                    tags: device.tags.map(|tags| {
                        let tags = tags.into_iter().flatten();
                        tags.map(|tag| Tag { id: tag.id.0, name: tag.name.map(|text| text.0) }).collect()
                    }),
                    location: device.location.map(|location| Location {
                        id: location.id.0,
                        name: location.name.map(|text| text.0),
                        address: location.address.map(|text| text.0),
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

device_from!(documents::devices_list::DevicesListDevicesData, documents::devices_show::DevicesShowDevice);

/// Lists the devices, and asks for no more of them than is wanted, where the portal can be told.
pub fn list(portal: &Portal, wanted: Wanted) -> Pages<'_, Device> {
    let (ahead, needed) = (wanted.clone(), wanted.clone());
    let variables = |first, after: Option<String>| documents::devices_list::Variables {
        first: i64::try_from(first).ok(),
        after: after.map(Into::into),
    };
    let pages = Pages::new(portal.endpoint.origin(), move |first, after| {
        let Root { found, errors, left_out, paging } = portal
            .send_narrow::<DevicesList>(&wanted, || variables(first, after.clone()))?
            .root(|data| data.devices)?;
        let list = portal.list_of(found.data, &errors)?;
        let page: Page<Device> = Page::new(list, found.after.map(|text| text.0), found.total);
        Ok(Page { errors, left_out, paging, ..page })
    });
    let pages = pages.unique(|device| &device.id).needing(needed).doubt(|count| portal.doubt("devices.list", count));
    pages.foresee(move |first, after| portal.foresee::<DevicesList>(&ahead, variables(first, Some(after.to_owned()))))
}

/// Returns the fields by which the user's binding, if there is one, has the portal choose.
pub fn filters(portal: &Portal) -> Result<Vec<String>, Error> {
    let binding = operation("devices.list").map(|operation| portal.bindings.recall(operation)).transpose()?.flatten();
    Ok(binding.into_iter().flat_map(|binding| binding.filters).map(|filter| filter.field).collect())
}

/// Returns the device with this id; none where there is none, or where the portal cannot be asked for it.
pub fn show(portal: &Portal, id: &str) -> Result<Option<Shown<Device>>, Error> {
    let variables = documents::devices_show::Variables { id: id.into() };
    match portal.send::<DevicesShow>(variables).and_then(|answer| answer.one(|data| data.device)) {
        Ok(shown) => Ok(shown),
        // A portal may refuse an id that looks unlike its own, or know no such query; the list will tell.
        Err(error) if matches!(error.reason(), Some(Reason::NotFound | Reason::Invalid | Reason::Other)) => Ok(None),
        Err(error) => Err(error),
    }
}

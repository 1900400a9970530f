//! Properties of conditions on rows, for any input; and a re-export of the nouns' properties.

use jiff::Timestamp;

use super::filter::Conditions;
use super::listing::Filter;
pub use super::portal::properties::{curl, import};
pub use super::query::properties::shape;
use crate::draw::Draw;
use crate::output::Record;
use crate::portal::devices::{Device, Location, Tag};
use crate::portal::scalars::DateTime;

/// Any condition is parsed or rejected. For each row, either a condition or its negation is true, never both; a
/// condition that equals a row's value matches the row.
pub fn filter(bytes: &[u8]) {
    let mut draw = Draw::of(bytes);
    let device = device(&mut draw);
    let takes = |condition: &str| {
        let conditions = Conditions::typed(condition, Device::COLUMNS).ok()?;
        let mut choosing = conditions.start(Timestamp::UNIX_EPOCH);
        Some(choosing.matches(&device))
    };
    let names: Vec<&str> = Device::COLUMNS.iter().map(|column| column.name).collect();
    let (name, value) = (draw.pick(&names), draw.text(10));
    // A value that starts with `=` would make `==`, which means `=`.
    if !value.starts_with('=') {
        let (is, is_not) = (takes(&format!("{name}={value}")), takes(&format!("{name}!={value}")));
        assert!(is.is_some() && is != is_not, "{name} {value:?} {device:?}");
    }
    for (sign, contrary) in [("<", ">="), (">", "<=")] {
        let (one, other) = (takes(&format!("{name}{sign}{value}")), takes(&format!("{name}{contrary}{value}")));
        assert!(one.is_some() == other.is_some() || value.starts_with('='), "{name}{sign}{value}");
        assert!(one != Some(true) || other != Some(true), "{name}{sign}{value} {device:?}");
    }
    let is_plain = |text: &str| text.trim() == text && !text.starts_with(['=', '"']);
    if is_plain(&device.id) {
        assert_eq!(takes(&format!("id={}", device.id)), Some(true), "{device:?}");
    }
    if let Some(model) =
        device.model.as_deref().filter(|model| is_plain(model) && !model.contains(['*', '?', '[', ']']))
    {
        assert_eq!(takes(&format!("model~{model}")), Some(true), "{device:?}");
    }
    let _ = takes(&draw.rest());
}

fn device(draw: &mut Draw<'_>) -> Device {
    let text = |draw: &mut Draw<'_>| draw.flag().then(|| draw.text(8).into());
    let tags = (0..draw.below(3)).map(|n| Tag { id: n.to_string().into(), name: text(draw) }).collect();
    let last_seen_at = match draw.below(3) {
        0 => None,
        1 => Timestamp::from_millisecond(draw.number()).ok().map(DateTime::At),
        _ => Some(DateTime::Text(draw.text(6))),
    };
    #[expect(clippy::cast_precision_loss, reason = "any number will do")]
    let degrees = |draw: &mut Draw<'_>| draw.flag().then(|| draw.number() as f64 / 7.0);
    let location = draw.flag().then(|| Location {
        id: "l".into(),
        name: text(draw),
        address: text(draw),
        latitude: degrees(draw),
        longitude: degrees(draw),
    });
    Device {
        id: draw.text(6).into(),
        name: text(draw),
        serial_number: None,
        model: text(draw),
        status: text(draw),
        enabled: draw.flag().then(|| draw.flag()),
        firmware_version: None,
        ip_address: None,
        mac_address: None,
        timezone: None,
        tags: draw.flag().then_some(tags),
        location,
        last_seen_at,
        created_at: None,
        profile: None,
    }
}

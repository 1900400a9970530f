//! The devices of the sandbox: made up, but reproducible. Device 7 is the same in every sandbox on every day, so that
//! examples in documentation can be tried and compared.
//!
//! It reads no clock and uses no random numbers.

use jiff::Timestamp;
use serde::Serialize;

use super::ids;

/// The time of the fleet's last status: 2026-11-20T08:15:00Z.
const SNAPSHOT: i64 = 1_795_162_500;
const DAY: u64 = 86_400;

const ZONES: [&str; 6] = ["dock", "gate", "aisle", "belt", "yard", "ramp"];
const DUTIES: [&str; 5] = ["camera", "scanner", "counter", "reader", "monitor"];
const MODELS: [&str; 6] = ["vz1000", "vz5000", "vz5100", "vz6000", "vz6100", "cx2000"];
const FIRMWARE: [&str; 4] = ["3.2.0", "3.4.1", "3.5.0", "3.5.2"];

const TAGS: [&str; 5] = ["indoor", "outdoor", "cold-chain", "night-shift", "pilot"];

/// Name, address, latitude, longitude and timezone of each location.
const SITES: [(&str, &str, f64, f64, &str); 8] = [
    ("Rotterdam", "Europaweg 910", 51.9561, 4.0372, "Europe/Amsterdam"),
    ("Hamburg Süd", "Indiastraße 3", 53.5312, 9.9987, "Europe/Berlin"),
    ("Gdańsk", "Kontenerowa 7", 54.3815, 18.7106, "Europe/Warsaw"),
    ("Memphis", "3131 Democrat Road", 35.0633, -89.9519, "America/Chicago"),
    ("Newark", "100 Port Street", 40.7003, -74.1502, "America/New_York"),
    ("São Paulo", "Avenida Jaguaré 818", -23.5475, -46.7461, "America/Sao_Paulo"),
    ("Singapore", "12 Tuas South Avenue", 1.2966, 103.6362, "Asia/Singapore"),
    ("大阪", "住之江区南港東 4", 34.6387, 135.4301, "Asia/Tokyo"),
];

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Device {
    id: String,
    name: String,
    serial_number: String,
    model: &'static str,
    status: &'static str,
    enabled: bool,
    firmware_version: &'static str,
    ip_address: String,
    mac_address: String,
    timezone: &'static str,
    tags: Vec<Tag>,
    location: Option<Location>,
    last_seen_at: Option<String>,
    created_at: String,
}

#[derive(Serialize)]
struct Tag {
    id: String,
    name: &'static str,
}

#[derive(Serialize)]
struct Location {
    id: String,
    name: &'static str,
    address: &'static str,
    latitude: f64,
    longitude: f64,
    #[serde(skip)]
    timezone: &'static str,
}

/// Returns the JSON object of device `number`, counted from 1.
pub(super) fn device(number: i64) -> serde_json::Result<String> {
    let index = number.unsigned_abs().saturating_sub(1);
    let mut dice = Dice(index);
    let serial = dice.next();
    let duty = dice.pick(&DUTIES);
    let (status, seen_ago) = match dice.roll(20) {
        0 => ("OFFLINE", None),
        1 | 2 => ("OFFLINE", Some(DAY + dice.roll(60 * DAY))),
        3 => ("UNHEALTHY", Some(dice.roll(DAY / 4))),
        _ => ("ONLINE", Some(dice.roll(300))),
    };
    let location = (dice.roll(8) > 0).then(|| location(dice.roll(SITES.len() as u64)));
    serde_json::to_string(&Device {
        id: ids::DEVICES.id(number),
        // Zone and number make each name unique.
        name: format!("{}-{:02}-{duty}", ZONES[(index % 6) as usize], index / 6 + 1),
        serial_number: base36(serial),
        model: dice.pick(&MODELS),
        status,
        enabled: dice.roll(15) > 0,
        firmware_version: dice.pick(&FIRMWARE),
        ip_address: format!("10.{}.{}.{}", index / 63_500 % 256, index / 254 % 250, index % 254 + 1),
        mac_address: mac(index),
        timezone: location.as_ref().map_or("UTC", |location| location.timezone),
        tags: tags(&mut dice),
        location,
        last_seen_at: seen_ago.map(before_snapshot),
        // A device is created before its first activity.
        created_at: before_snapshot(62 * DAY + dice.roll(700 * DAY)),
    })
}

fn location(index: u64) -> Location {
    let (name, address, latitude, longitude, timezone) = SITES[index as usize];
    let id = ids::LOCATIONS.id(index as i64 + 1);
    Location { id, name, address, latitude, longitude, timezone }
}

fn tags(dice: &mut Dice) -> Vec<Tag> {
    let all = (1..).zip(TAGS).map(|(number, name)| Tag { id: ids::TAGS.id(number), name });
    all.filter(|_| dice.roll(3) == 0).collect()
}

/// Deterministic pseudo-random numbers: splitmix64, seeded with a device's number.
struct Dice(u64);

impl Dice {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut word = self.0;
        word = (word ^ (word >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        word = (word ^ (word >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        word ^ (word >> 31)
    }

    fn roll(&mut self, sides: u64) -> u64 {
        self.next() % sides
    }

    fn pick<T: Copy>(&mut self, choices: &[T]) -> T {
        choices[self.roll(choices.len() as u64) as usize]
    }
}

/// Encodes a number in 13 characters, which is just enough for 64 bits.
fn base36(mut word: u64) -> String {
    const DIGITS: &[u8; 36] = b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ";
    let mut text = [b'0'; 13];
    for place in text.iter_mut().rev() {
        *place = DIGITS[(word % 36) as usize];
        word /= 36;
    }
    text.into_iter().map(char::from).collect()
}

/// Returns a locally administered MAC address, which no real device has.
fn mac(index: u64) -> String {
    let [.., a, b, c, d] = index.to_be_bytes();
    format!("02:6f:{a:02x}:{b:02x}:{c:02x}:{d:02x}")
}

fn before_snapshot(seconds: u64) -> String {
    let moment = SNAPSHOT.saturating_sub_unsigned(seconds);
    Timestamp::from_second(moment).unwrap_or_default().to_string()
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use serde_json::Value;

    fn fleet(size: i64) -> Vec<Value> {
        (1..=size).map(|number| serde_json::from_str(&super::device(number).unwrap()).unwrap()).collect()
    }

    #[test]
    fn devices_differ_in_what_must_be_unique() {
        let fleet = fleet(5_000);
        for property in ["id", "name", "serialNumber", "ipAddress", "macAddress"] {
            let values: HashSet<_> = fleet.iter().map(|device| device[property].as_str().unwrap()).collect();
            assert_eq!(values.len(), fleet.len(), "{property}");
        }
        assert!(fleet.iter().all(|device| device["serialNumber"].as_str().unwrap().len() == 13));
    }

    #[test]
    fn devices_show_every_case_a_client_must_handle() {
        let fleet = fleet(50);
        let some = |test: &dyn Fn(&Value) -> bool| fleet.iter().any(test) && !fleet.iter().all(test);
        assert!(some(&|device| device["location"].is_null()));
        assert!(some(&|device| device["tags"].as_array().unwrap().is_empty()));
        assert!(some(&|device| device["enabled"] == false));
        assert!(some(&|device| device["lastSeenAt"].is_null()));
        assert!(some(&|device| device["status"] == "UNHEALTHY"));
        assert!(fleet.iter().all(|device| device["location"].is_object() || device["timezone"] == "UTC"));
    }
}

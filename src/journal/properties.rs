//! Properties of the files of the journal, for any content.

use jiff::Timestamp;

use super::ledger::{KnownKey, PASSED_ON, keys};
use super::log::{Entry, Who, entries};
use super::rotation::Rotation;
use crate::draw::Draw;

/// A rotation's file is parsed or rejected, and writing what was parsed yields an equal rotation.
pub fn journal(bytes: &[u8]) {
    let Ok(rotation) = Rotation::parse(bytes) else { return };
    let written = rotation.text().unwrap_or_default();
    assert_eq!(Rotation::parse(written.as_bytes()).ok(), Some(rotation), "{written}");
}

/// Of the lines that a crash or an editor left, exactly the complete ones are read; a place holds one key, and a key
/// has one entry.
pub fn lines(bytes: &[u8]) {
    let mut draw = Draw::of(bytes);
    let wanted: Vec<Entry> = (0..draw.below(4)).map(|_| entry(&mut draw)).collect();
    let mut text = draw.text(20).into_bytes();
    let (before, broken) = entries(&text);
    for entry in &wanted {
        text.push(b'\n');
        text.extend(serde_json::to_vec(entry).unwrap_or_default());
    }
    assert_eq!(entries(&text), ([&before[..], &wanted[..]].concat(), broken));
    let notes: Vec<String> = (0..draw.below(24)).map(|_| note(&mut draw)).collect();
    holds(&keys(notes.join("\n").as_bytes(), "p"));
    let rest = draw.bytes();
    let _ = entries(rest);
    holds(&keys(rest, "p"));
}

fn holds(known: &[KnownKey]) {
    for (n, key) in known.iter().enumerate() {
        for other in &known[n + 1..] {
            assert!(key.id != other.id, "{known:?}");
            assert!(key.places.iter().all(|place| place == PASSED_ON || !other.places.contains(place)), "{known:?}");
        }
    }
}

fn entry(draw: &mut Draw<'_>) -> Entry {
    let time = Timestamp::from_millisecond(draw.number()).unwrap_or(Timestamp::UNIX_EPOCH);
    let (portal, command, name) = (draw.text(9), draw.text(5), draw.flag().then(|| draw.text(9)));
    let ids = (0..draw.below(3)).map(|_| draw.text(4)).collect();
    let who = Who { user: draw.flag().then(|| draw.text(5)), ..Who::default() };
    let (action, result) = ("revoke".into(), "done".into());
    let (request_id, reason) = (draw.flag().then(|| draw.text(5)), draw.flag().then(|| draw.text(5)));
    Entry { time, portal, profile: None, command, action, ids, name, result, request_id, reason, who }
}

/// Returns a line of the ledger, often one that contradicts another.
fn note(draw: &mut Draw<'_>) -> String {
    let note = draw.pick(&["known", "put", "taken", "gone"]);
    let (id, portal) = (draw.pick(&["1", "2", "3"]), draw.pick(&["p", "p", "p", "q"]));
    let (place, fingerprint) = (draw.pick(&["file:/k", "keyring:a", PASSED_ON]), draw.pick(&["aa", "bb", "cc"]));
    let time = Timestamp::UNIX_EPOCH;
    serde_json::json!({
        "note": note, "time": time, "portal": portal, "id": id, "name": null, "place": place, "fingerprint": fingerprint
    })
    .to_string()
}

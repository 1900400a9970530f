//! Properties of the files of the journal, for any content.

use std::io::Cursor;

use jiff::Timestamp;

use super::chain;
use super::ledger::{KnownKey, PASSED_ON, keys};
use super::log::{Approval, Entry, Who, entries};
use super::rotation::Rotation;
use crate::draw::Draw;

/// A rotation's file is parsed or rejected, and writing what was parsed yields an equal rotation.
pub fn journal(bytes: &[u8]) {
    let Ok(rotation) = Rotation::parse(bytes) else { return };
    let written = rotation.text().unwrap_or_default();
    assert_eq!(Rotation::parse(written.as_bytes()).ok(), Some(rotation), "{written}");
}

/// A log that was only added to is whole. Who kept its head finds whatever else was done to it.
pub fn chain(bytes: &[u8]) {
    let mut draw = Draw::of(bytes);
    let (older, added) = (draw.below(3), 1 + draw.below(4));
    let mut log: Vec<u8> = (0..older).flat_map(|n| format!("{{\"older\":{n}}}\n").into_bytes()).collect();
    for _ in 0..added {
        let entry = serde_json::to_string(&entry(&mut draw)).unwrap_or_default();
        let line = chain::line(&entry, &mut Cursor::new(&log)).unwrap_or_default();
        log.extend(line);
    }
    let whole = chain::verify(&log, None);
    assert!(whole.faults.is_empty(), "{whole:?}");
    assert_eq!((whole.not_chained, whole.entries), (older, added));
    let changed = changed(&log, &mut draw);
    let without_end = |log: &[u8]| log.strip_suffix(b"\n").unwrap_or(log).to_vec();
    if without_end(&changed) != without_end(&log) {
        let found = chain::verify(&changed, whole.head.as_deref());
        assert!(!found.faults.is_empty(), "{}", String::from_utf8_lossy(&changed));
    }
    let _ = chain::verify(draw.bytes(), None);
}

/// Does something to a log that nobody should do.
fn changed(log: &[u8], draw: &mut Draw<'_>) -> Vec<u8> {
    let mut lines: Vec<&[u8]> = log.split_inclusive(|byte| *byte == b'\n').collect();
    let (one, other, at) = (draw.below(lines.len()), draw.below(lines.len()), draw.below(log.len()));
    match draw.below(5) {
        0 => drop(lines.remove(one)),
        1 => lines.swap(one, other),
        2 => lines.insert(one, lines[other]),
        3 => return [&log[..at], draw.text(9).as_bytes(), &log[at..]].concat(),
        _ => {
            let mut log = log.to_vec();
            log[at] ^= u8::try_from(1 + draw.below(255)).unwrap_or(1);
            return log;
        }
    }
    lines.concat()
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
    let approval = match draw.flag() {
        true => Approval::new(draw.text(4).as_bytes(), &draw.text(5), vec![draw.text(5)]),
        false => Approval::default(),
    };
    Entry { time, portal, profile: None, command, action, ids, name, result, request_id, reason, approval, who }
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

//! Properties of streams with any content: a secret is found in every form, at every position and across windows, with
//! its line and column, and in every member of an archive; a stream without a secret has no hit.

use std::collections::BTreeSet;
use std::io::Write;

use base64::Engine;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};

use flate2::Compression;
use flate2::write::GzEncoder;

use super::{Finding, Hit, Scanner, Unpacker};
use crate::draw::Draw;
use crate::secret::{Mark, Marks, Secret};

const KEY: [u8; 64] = [5; 64];

/// A secret with every character that encodings change, and one of letters and digits.
const SECRETS: [&str; 2] = ["q7+Z/w2%N~d\"K&=y8Rt0-_", "mB4tR6wPc3sZq7vN2xK9"];

/// Plants a secret, and looks for it.
pub fn planted(bytes: &[u8]) {
    let mut draw = Draw::of(bytes);
    let marks: Vec<Mark> = SECRETS.iter().map(|secret| Secret::new((*secret).into()).mark(&KEY)).collect();
    let marks = Marks::new(&KEY, &marks);
    let mark = draw.below(SECRETS.len());
    let (form, stands) = in_form(&mut draw, SECRETS[mark]);
    let (before, behind) = (surroundings(&mut draw), surroundings(&mut draw));
    assert!(hits(&marks, &[&before[..], &behind[..]].concat(), 700).is_empty(), "of {before:?} and {behind:?}");
    let stream = [&before[..], &stands[..], &behind[..]].concat();
    for size in [700, 701 + draw.below(64), 1 << 14] {
        let hits = hits(&marks, &stream, size);
        let marks: Vec<usize> = hits.iter().map(|hit| hit.mark).collect();
        assert_eq!(marks, [mark], "{form} at {} of {:?}", before.len(), String::from_utf8_lossy(&stream));
        let hit = &hits[0];
        let lines = before.iter().filter(|byte| **byte == b'\n').count() as u64;
        let last = stands.iter().filter(|byte| **byte == b'\n').count() as u64;
        assert!((lines + 1..=lines + 1 + last).contains(&hit.line), "{form}: {hit:?}");
        for secret in SECRETS {
            assert!(!hit.context.contains(secret), "{hit:?}");
        }
    }
}

/// Packs a secret in gzip and tar, in each other, and finds it in the right member; then it damages the archive.
pub fn packed(bytes: &[u8]) {
    let mut draw = Draw::of(bytes);
    let mark = Secret::new(SECRETS[1].into()).mark(&KEY);
    let marks = Marks::new(&KEY, &[mark]);
    let mut stream = [b"line\n".repeat(draw.below(300)), SECRETS[1].into()].concat();
    let (mut inside, long) = (Vec::new(), "long-".repeat(60));
    for _ in 0..draw.below(5) {
        if draw.flag() {
            stream = gzip(&stream);
            continue;
        }
        let name = ["deploy.log", "a/b c", "\u{e4}\u{1b}[2J", &long][draw.below(4)];
        stream = [tar("before", b"\x1f\x8b\x08"), tar(name, &stream), vec![0; 512 * draw.below(4)]].concat();
        inside.insert(0, name.to_owned());
    }
    let hits = unpacked(&marks, &stream);
    let members: Vec<&str> = hits.iter().map(|(member, ..)| member.as_str()).collect();
    assert_eq!(members, [inside.join("!")], "in {} bytes", stream.len());
    let at = draw.below(stream.len());
    match draw.flag() {
        true => stream[at] = stream[at].wrapping_add(1 + u8::try_from(draw.below(255)).unwrap_or_default()),
        false => stream.truncate(at),
    }
    // Damaged data may unpack to the secret at several places.
    let hits = unpacked(&marks, &stream);
    let places: BTreeSet<_> = hits.iter().collect();
    assert_eq!(places.len(), hits.len(), "{hits:?}");
    assert!(unpacked(&marks, bytes).is_empty());
}

/// Returns the member, the line and the column of each hit.
fn unpacked(marks: &Marks, stream: &[u8]) -> Vec<(String, u64, u64)> {
    let mut hits = Vec::new();
    Unpacker::new(marks).scan(stream, &mut |inside, finding| {
        if let Finding::Hit(hit) = finding {
            hits.push((inside.to_owned(), hit.line, hit.column));
        }
    });
    hits
}

fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::fast());
    let packed = encoder.write_all(bytes).and_then(|()| encoder.finish());
    packed.unwrap_or_default()
}

/// Returns a member, and no end of an archive.
fn tar(name: &str, content: &[u8]) -> Vec<u8> {
    let mut archive = tar::Builder::new(Vec::new());
    let mut header = tar::Header::new_gnu();
    header.set_size(content.len() as u64);
    let appended = archive.append_data(&mut header, name, content);
    let mut bytes = appended.and_then(|()| archive.into_inner()).unwrap_or_default();
    bytes.truncate(bytes.len().saturating_sub(1024));
    bytes
}

fn hits(marks: &Marks, stream: &[u8], size: usize) -> Vec<Hit> {
    let mut scanner = Scanner::new(marks);
    (scanner.size, scanner.overlap) = (size, 640);
    let mut hits = Vec::new();
    assert!(scanner.scan(stream, |hit| hits.push(hit)).is_ok());
    hits
}

/// Returns text for the neighbourhood of a secret, often of letters that encodings use.
fn surroundings(draw: &mut Draw<'_>) -> Vec<u8> {
    match draw.below(4) {
        0 => draw.text(40).into_bytes(),
        1 => draw.joined(&["x", "\n", "=", "%", "\\", "00", "4", " ", "\\u00", "\0", "Zm9v", "/"], 30).into_bytes(),
        2 => {
            let word = draw.joined(&["a", "F", "9", "+", "\n", "lorem ipsum "], 8);
            word.repeat(draw.below(200)).into_bytes()
        }
        _ => Vec::new(),
    }
}

fn each(secret: &str, of: impl Fn(u8) -> String) -> Vec<u8> {
    secret.bytes().map(of).collect::<String>().into_bytes()
}

/// Returns a secret in one of its forms.
fn in_form(draw: &mut Draw<'_>, secret: &str) -> (&'static str, Vec<u8>) {
    let beside = &"abc"[..draw.below(4)];
    let among = format!("{beside}{secret}{}", &"xyz"[..draw.below(4)]);
    let utf16: Vec<u8> = secret.bytes().flat_map(|byte| [byte, 0]).collect();
    match draw.below(14) {
        0 => ("plain", secret.into()),
        1 => ("base64", STANDARD.encode(&among).into_bytes()),
        2 => ("base64url", URL_SAFE_NO_PAD.encode(&among).into_bytes()),
        3 => ("hex", each(secret, |byte| format!("{byte:02x}"))),
        4 => ("HEX", each(secret, |byte| format!("{byte:02X}"))),
        5 => ("all of a URL", each(secret, |byte| format!("%{byte:02X}"))),
        6 => {
            let reserved = |byte: u8| byte.is_ascii_alphanumeric() || b"-_.~".contains(&byte);
            ("url", each(secret, |byte| if reserved(byte) { char::from(byte).into() } else { format!("%{byte:02x}") }))
        }
        7 => ("json", serde_json::to_vec(&among).unwrap_or_default()),
        8 => {
            let json = serde_json::to_string(&among).unwrap_or_default();
            ("json in json", serde_json::to_vec(&json).unwrap_or_default())
        }
        // Without the quote, an odd number of backslashes before it would be one with its first escape.
        9 => ("all of a JSON text", [b"\"", &each(secret, |byte| format!("\\u{byte:04x}"))[..], b"\""].concat()),
        10 => ("utf-16", utf16),
        11 => ("base64 of utf-16", STANDARD.encode(utf16).into_bytes()),
        12 => ("base64 of base64", STANDARD.encode(STANDARD.encode(&among)).into_bytes()),
        _ => {
            let lines: Vec<String> = STANDARD
                .encode(format!("{}{among}", "-".repeat(draw.below(50))))
                .as_bytes()
                .chunks(19)
                .map(|line| String::from_utf8_lossy(line).into_owned())
                .collect();
            ("base64 in lines", lines.join(if draw.flag() { "\n" } else { "\r\n" }).into_bytes())
        }
    }
}

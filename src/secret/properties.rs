//! What must hold of masking for any text: a known secret passes in no encoding, and everything else passes unchanged.

use base64::Engine;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};

use super::{Secret, mask, mask_bytes, mask_suspects, mask_whole};
use crate::draw::Draw;

/// Secrets in various formats, registered in every run of this property.
const SECRETS: [&str; 5] = [
    "Wm4kTz8pQv2yLr6nXb9s",
    "kQ+/8\"z%fuzzing?masks~wTP",
    "key_02HXYZFUZZED.Rd73kLs0QmXz7Tv5",
    "pR9-vx!",
    "ключ-Øß-zMq41vTx8",
];

/// Texts around a secret, which share nothing with one.
const AROUND: [&str; 14] =
    [" ", "\n", "\t", "", "x", "xxxxxxxxxxxxxxxxxxx", "é倉", "\"", "{", "}", "[", "]: ", ", ", "\\"];

/// A text with a known secret in a random encoding never passes; a text without one passes unchanged; masking is
/// idempotent.
pub fn masking(bytes: &[u8]) {
    let mut draw = Draw::of(bytes);
    let known = SECRETS.map(|secret| Secret::new(secret.to_owned()));
    let secret = draw.pick(&SECRETS);
    let (before, after) = (draw.joined(&AROUND, 6), draw.joined(&AROUND, 6));
    let plain = format!("{before}{after}");
    assert_eq!(mask(&plain), plain, "other text is masked");
    assert_eq!(mask_whole(&plain), plain, "other text is masked");
    let form = form(secret, &mut draw);
    let text = format!("{before}{form}{after}");
    for masked in [mask(&text), mask_whole(&text)] {
        assert!(!masked.contains(&form) && masked.contains("[secret]"), "{text:?} passes as {masked:?}");
        assert!(text.is_char_boundary(before.len()) && masked.len() <= text.len() + "[secret]".len());
    }
    let once = mask(&text).into_owned();
    assert_eq!(mask(&once), once, "masking is not idempotent");
    // The secret that was asked for is not masked, and all others are.
    let other = draw.pick(&SECRETS);
    let both = format!("{before}{secret}{{}}{other}{after}");
    let revealed = known.iter().zip(SECRETS).find(|(_, text)| *text == secret).map(|(secret, _)| secret);
    let shown = String::from_utf8_lossy(&mask_bytes(both.as_bytes(), revealed)).into_owned();
    assert!(shown.contains(secret) && (other == secret || !shown.contains(other)), "{both:?} is shown as {shown:?}");
    let rest = draw.rest();
    for text in [mask(&rest).into_owned(), mask_whole(&rest).into_owned()] {
        assert!(SECRETS.iter().all(|secret| !text.contains(secret)));
        assert_eq!(mask_whole(&text), text);
    }
    let suspects = mask_suspects(&rest);
    assert_eq!(mask_suspects(&suspects), suspects);
}

/// Writes a secret in some form: encoded, escaped, in another case, or with separators between its characters.
fn form(secret: &str, draw: &mut Draw<'_>) -> String {
    let is_long = secret.len() >= 12;
    let json = |text: &str| serde_json::to_string(text).unwrap_or_default().trim_matches('"').to_owned();
    match draw.below(11) {
        0 => secret.to_uppercase(),
        1 => secret.to_lowercase(),
        2 => json(secret),
        3 => json(&json(secret)),
        4 => utf8_percent_encode(secret, NON_ALPHANUMERIC).to_string(),
        5 => secret.bytes().map(|byte| format!("{byte:02x}")).collect(),
        6 => secret.bytes().map(|byte| format!("{byte:02X}")).collect(),
        7 => coded(secret, draw, |text| STANDARD.encode(text)),
        8 => coded(secret, draw, |text| URL_SAFE_NO_PAD.encode(text)),
        9 if is_long && secret.is_ascii() => {
            let (between, every) = (draw.pick(&[" ", "\n", "-", "_", ", ", "\u{200b}"]), 1 + draw.below(6));
            let parts = secret.as_bytes().chunks(every).map(String::from_utf8_lossy);
            parts.collect::<Vec<_>>().join(between)
        }
        _ => secret.to_owned(),
    }
}

/// Encodes a secret with other bytes before it, and returns the inner characters; those at both ends share bits with
/// the neighbours.
fn coded(secret: &str, draw: &mut Draw<'_>, code: fn(&[u8]) -> String) -> String {
    let before = draw.below(3);
    let text = [&b"::"[..before], secret.as_bytes()].concat();
    let (first, last) = ((before * 8).div_ceil(6), text.len() * 8 / 6);
    code(&text)[first..last].to_owned()
}

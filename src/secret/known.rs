//! Every secret of this run, in the encodings in which it could be printed, and the functions that mask them.
//!
//! Masking goes by value: where a secret came from, and the name of its header or member, do not matter.

use std::borrow::Cow;
use std::ops::Range;
use std::sync::{Mutex, MutexGuard, PoisonError};

use aho_corasick::{AhoCorasick, AhoCorasickKind, MatchKind};
use base64::Engine;
use base64::engine::general_purpose::{STANDARD_NO_PAD, URL_SAFE_NO_PAD};
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use zeroize::Zeroizing;

use super::pieces::Pieces;

/// What replaces a secret.
pub const MASK: &str = "[secret]";

/// The shortest secret, in bytes. Shorter texts occur by chance in other words, so no key may be that short.
pub const SHORTEST: usize = 6;

/// The characters that RFC 3986 does not escape in a URL.
const UNRESERVED: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'_').remove(b'.').remove(b'~');

/// The characters that JavaScript's `encodeURIComponent` does not escape.
const COMPONENT: &AsciiSet = &NON_ALPHANUMERIC
    .remove(b'-')
    .remove(b'_')
    .remove(b'.')
    .remove(b'!')
    .remove(b'~')
    .remove(b'*')
    .remove(b'\'')
    .remove(b'(')
    .remove(b')');

/// The characters that an HTML form does not escape.
const FORM: &AsciiSet = &NON_ALPHANUMERIC.remove(b'*').remove(b'-').remove(b'.').remove(b'_');

static KNOWN: Mutex<Known> = Mutex::new(Known::NONE);

struct Known {
    secrets: Vec<Zeroizing<String>>,
    /// Finds whole encodings, and has the index of the secret of each. It is built only when `pieces` does not rule out that
    /// a text has one, which is rare.
    matcher: Option<(AhoCorasick, Vec<usize>)>,
    /// Finds parts of secrets, and rules out for most texts that they contain one.
    pieces: Option<Pieces>,
}

impl Known {
    const NONE: Known = Known { secrets: Vec::new(), matcher: None, pieces: None };

    /// Returns the automaton that finds whole encodings, the longest first: a shorter one may be a part of it.
    fn matcher(&mut self) -> Option<&(AhoCorasick, Vec<usize>)> {
        if self.matcher.is_none() {
            let secrets = self.secrets.iter().enumerate();
            let forms =
                secrets.flat_map(|(owner, secret)| encodings(secret).into_iter().map(move |form| (form, owner)));
            let (forms, owners): (Vec<_>, Vec<_>) = forms.unzip();
            // It searches few texts, so the kind that is fastest to build is best.
            let kind = Some(AhoCorasickKind::NoncontiguousNFA);
            let patterns = forms.iter().map(|form: &Zeroizing<String>| form.as_bytes());
            let matcher = AhoCorasick::builder().match_kind(MatchKind::LeftmostLongest).kind(kind).build(patterns);
            self.matcher = matcher.ok().map(|matcher| (matcher, owners));
        }
        self.matcher.as_ref()
    }

    /// Returns the ranges of whole secrets to mask, and the ranges of the secret that may be shown.
    fn whole(&mut self, bytes: &[u8], asked_for: Option<usize>) -> (Vec<Range<usize>>, Vec<Range<usize>>) {
        let Some((matcher, owners)) = self.matcher() else { return (Vec::new(), Vec::new()) };
        let (mut masked, mut revealed) = (Vec::new(), Vec::new());
        for found in matcher.find_iter(bytes) {
            let is_asked_for = Some(owners[found.pattern().as_usize()]) == asked_for;
            if is_asked_for { &mut revealed } else { &mut masked }.push(found.range());
        }
        (masked, revealed)
    }

    /// Returns the ranges of parts of secrets, or with `whole` of complete ones; `None` if the text certainly has no
    /// secret.
    fn parts(&mut self, bytes: &[u8], whole: bool) -> Option<Vec<(Range<usize>, usize)>> {
        let secrets = &self.secrets;
        let pieces = self.pieces.get_or_insert_with(|| {
            Pieces::new(secrets.iter().enumerate().map(|(owner, secret)| {
                let secret = private_part(secret);
                (owner, secret.len(), encodings(secret))
            }))
        });
        let parts = pieces.find(bytes, whole);
        (!parts.is_empty() || !pieces.finds_every_form()).then_some(parts)
    }
}

/// Registers a secret.
pub fn remember(secret: &str) {
    let mut known = known();
    if secret.len() < SHORTEST || known.secrets.iter().any(|other| **other == *secret) {
        return;
    }
    known.secrets.push(Zeroizing::new(secret.to_owned()));
    (known.matcher, known.pieces) = (None, None);
}

/// Forgets all secrets once there are more than a run ever has: a fuzzer runs forever in one process.
#[cfg(fuzzing)]
pub fn forget() {
    let mut known = known();
    if known.secrets.len() > 64 {
        *known = Known::NONE;
    }
}

/// Masks every known secret in a text, and every part of one that is long enough to be a leak.
pub fn mask(text: &str) -> Cow<'_, str> {
    as_text(text, mask_bytes(text.as_bytes(), None))
}

/// Masks every known secret in a text, but no part of one: a key that was recorded has to be found again, and the id
/// of a key may be part of its secret.
pub fn mask_whole(text: &str) -> Cow<'_, str> {
    let mut known = known();
    let Some(parts) = known.parts(text.as_bytes(), true) else { return Cow::Borrowed(text) };
    let (mut masked, _) = known.whole(text.as_bytes(), None);
    masked.extend(parts.into_iter().map(|(range, _)| range));
    as_text(text, replace(text.as_bytes(), masked))
}

fn as_text<'t>(text: &'t str, masked: Cow<'_, [u8]>) -> Cow<'t, str> {
    match masked {
        Cow::Borrowed(_) => Cow::Borrowed(text),
        Cow::Owned(masked) => Cow::Owned(String::from_utf8_lossy(&masked).into_owned()),
    }
}

/// Masks every known secret except the one that the user asked for.
pub fn mask_bytes<'b>(bytes: &'b [u8], asked_for: Option<&str>) -> Cow<'b, [u8]> {
    let mut known = known();
    let Some(parts) = known.parts(bytes, false) else { return Cow::Borrowed(bytes) };
    let asked_for = known.secrets.iter().position(|secret| asked_for.is_some_and(|other| other == **secret));
    let (mut masked, revealed) = known.whole(bytes, asked_for);
    let parts = parts.into_iter().filter(|(_, owner)| Some(*owner) != asked_for);
    // Two keys from one issuer may begin alike: the one that was asked for stays unmasked.
    let parts = parts.map(|(part, _)| part).filter(|part| !revealed.iter().any(|range| overlap(part, range)));
    masked.extend(parts);
    replace(bytes, masked)
}

fn overlap(one: &Range<usize>, other: &Range<usize>) -> bool {
    one.start < other.end && other.start < one.end
}

/// Replaces these ranges by the mask.
fn replace(bytes: &[u8], mut ranges: Vec<Range<usize>>) -> Cow<'_, [u8]> {
    if ranges.is_empty() {
        return Cow::Borrowed(bytes);
    }
    ranges.sort_unstable_by_key(|range| range.start);
    let (mut masked, mut end) = (Vec::with_capacity(bytes.len()), 0);
    for range in ranges {
        // A range that overlaps the one before belongs to the same secret.
        if range.start >= end {
            masked.extend_from_slice(&bytes[end..range.start]);
            masked.extend_from_slice(MASK.as_bytes());
        }
        end = end.max(range.end);
    }
    masked.extend_from_slice(&bytes[end..]);
    Cow::Owned(masked)
}

fn known() -> MutexGuard<'static, Known> {
    KNOWN.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Many keys begin with their id, which is not secret and has to stay visible: `ID.SECRET`.
fn private_part(secret: &str) -> &str {
    match secret.split_once(['.', ':']) {
        Some((_, rest)) if rest.len() >= 2 * SHORTEST => rest,
        _ => secret,
    }
}

/// Returns the secret as it is, in hexadecimal, as URLs, CSV and JSON of various writers escape it, and as a part of
/// any Base64 text.
fn encodings(secret: &str) -> Vec<Zeroizing<String>> {
    let hex = secret.bytes().map(|byte| format!("{byte:02x}")).collect();
    let mut forms = vec![secret.to_owned(), secret.replace('"', "\"\""), hex];
    // Parts of longer secrets are found in any case anyway.
    if secret.len() < 2 * SHORTEST {
        forms.extend([secret.to_uppercase(), secret.to_lowercase(), forms[2].to_uppercase()]);
    }
    for set in [NON_ALPHANUMERIC, UNRESERVED, COMPONENT, FORM] {
        let text = utf8_percent_encode(secret, set).to_string();
        forms.extend([lower_escapes(&text), text]);
    }
    let plain = json(secret, "");
    let slashes = plain.replace('/', "\\/");
    for text in [plain, slashes, json(secret, "&<>"), json(secret, "&<>+=/'")] {
        // Logs contain JSON strings that contain JSON.
        let within = json(&text, "");
        forms.extend([json(&within, ""), within, text]);
    }
    // The bytes before the secret decide the alignment of its bits; the characters at both ends share bits with the
    // neighbours.
    for before in 0..3 {
        let padded = [&b"\0\0"[..before], secret.as_bytes()].concat();
        let (first, last) = ((before * 8).div_ceil(6), (padded.len() * 8) / 6);
        for text in [STANDARD_NO_PAD.encode(&padded), URL_SAFE_NO_PAD.encode(&padded)] {
            forms.push(text[first..last].to_owned());
        }
    }
    forms.retain(|form| form.len() >= SHORTEST);
    forms.sort();
    forms.dedup();
    forms.into_iter().map(Zeroizing::new).collect()
}

/// Escapes a text for a JSON string; some writers escape more characters, `escaped`.
fn json(text: &str, escaped: &str) -> String {
    let quoted = serde_json::to_string(text).unwrap_or_default();
    let inner = quoted.strip_prefix('"').and_then(|rest| rest.strip_suffix('"')).unwrap_or(text);
    let escape = |letter: char| match escaped.contains(letter) {
        true => format!("\\u{:04x}", u32::from(letter)),
        false => letter.to_string(),
    };
    inner.chars().map(escape).collect()
}

fn lower_escapes(text: &str) -> String {
    let mut escaped = 0;
    let lower = |letter: char| {
        escaped = if letter == '%' { 3 } else { escaped - i32::from(escaped > 0) };
        if escaped > 0 { letter.to_ascii_lowercase() } else { letter }
    };
    text.chars().map(lower).collect()
}

#[cfg(test)]
mod tests {
    use super::{mask, mask_bytes, mask_whole, remember};
    use crate::secret::Secret;
    use base64::Engine;
    use base64::engine::general_purpose::{STANDARD, URL_SAFE};

    #[test]
    fn a_secret_is_masked_in_every_form() {
        let secret = "kA+/9\"z%canary?known~tests";
        remember(secret);
        let quoted = serde_json::to_string(&format!("<{secret}>")).unwrap();
        let url = "kA%2B%2F9%22z%25canary%3Fknown%7Etests";
        for text in [
            secret.to_owned(),
            format!("a{secret}b"),
            quoted,
            format!("https://x.example/?k={url}&b"),
            url.to_lowercase().replace("ka%", "kA%"),
        ] {
            let masked = mask(&text);
            assert!(masked.contains("[secret]") && !masked.contains("canary"), "{text}: {masked}");
        }
        for before in ["", "u", "us", "use:"] {
            let text = format!("{before}{secret}:more");
            for encoded in [STANDARD.encode(&text), URL_SAFE.encode(&text)] {
                let masked = mask(&encoded);
                assert!(masked.contains("[secret]") && masked.len() < encoded.len() - 20, "{encoded}: {masked}");
            }
        }
    }

    #[test]
    fn a_part_is_masked_in_any_case_and_with_any_separators() {
        let secret = "Zq7vN2xK9mB4tR6wPc3s";
        remember(secret);
        let hex: String = secret.bytes().map(|byte| format!("{byte:02X}")).collect();
        let spaced = |text: &str, every: usize, between: &str| -> String {
            let parts = text.as_bytes().chunks(every).map(|part| String::from_utf8_lossy(part).into_owned());
            parts.collect::<Vec<_>>().join(between)
        };
        let mut texts =
            vec![secret.to_uppercase(), secret.to_lowercase(), hex.clone(), spaced(&hex, 2, ":"), spaced(&hex, 4, " ")];
        for between in [" ", "-", "\n", ", ", "_", "\u{200b}"] {
            texts.extend([spaced(secret, 1, between), spaced(secret, 4, between), spaced(&secret[3..15], 3, between)]);
        }
        texts.extend((0..=secret.len() - 12).map(|at| secret[at..at + 12].to_owned()));
        texts.extend([STANDARD.encode(&secret[2..16]), spaced(&STANDARD.encode(format!("u:{secret}")), 7, "\r\n")]);
        for text in texts {
            let masked = mask(&format!("before <{text}> after")).into_owned();
            let left = masked.replace("[secret]", "");
            assert!(masked.contains("[secret]") && left.len() < 27, "{text}: {masked}");
        }
        for text in [&secret[..11], &secret[9..]] {
            assert_eq!(mask(text), text);
        }
        // JSON stays valid.
        let json = serde_json::json!({ "a": [&secret[..10], &secret[10..]], "b": format!("\\{}", &secret[1..14]) })
            .to_string();
        assert!(serde_json::from_str::<serde_json::Value>(&mask(&json)).is_ok(), "{}", mask(&json));
    }

    #[test]
    fn the_id_in_a_key_is_not_secret_and_the_requested_key_is_shown() {
        remember("key_01HXYZABCDEFG.Jd83kLs0QmXz7Tr2");
        assert_eq!(mask("id key_01HXYZABCDEFG"), "id key_01HXYZABCDEFG");
        assert_eq!(mask("Jd83kLs0QmXz7"), "[secret]");
        assert_eq!(mask_whole("key_01HXYZABCDEFG.Jd83kLs0QmXz7Tr2 Jd83kLs0QmXz7"), "[secret] Jd83kLs0QmXz7");
        let (old, new) =
            (Secret::new("tenantA_live_prod_0001aa".into()), Secret::new("tenantA_live_prod_0002bb".into()));
        let text = format!("{} {}", old.expose(), new.expose());
        let shown = mask_bytes(text.as_bytes(), Some(new.expose()));
        assert_eq!(String::from_utf8_lossy(&shown), format!("[secret] {}", new.expose()));
    }

    #[test]
    fn only_the_requested_secret_is_shown() {
        let (one, other) = (Secret::new("the-one-of-known".into()), Secret::new("the-other-of-known".into()));
        let text = format!("{} {}", one.expose(), other.expose());
        assert_eq!(*mask_bytes(text.as_bytes(), Some(one.expose())), *b"the-one-of-known [secret]");
    }

    #[test]
    fn a_short_secret_is_masked_in_any_case() {
        remember("Sh0rt-k");
        let hex: String = "Sh0rt-k".bytes().map(|byte| format!("{byte:02X}")).collect();
        assert_eq!(mask(&format!("SH0RT-K sh0rt-k {hex}")), "[secret] [secret] [secret]");
    }

    #[test]
    fn other_text_is_unchanged() {
        remember("tiny");
        assert_eq!(mask("a tiny text"), "a tiny text");
    }
}

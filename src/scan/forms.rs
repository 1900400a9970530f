//! Finds known secrets in text: plain and encoded, also in nested encodings.
//!
//! Most text is skipped: a run that is shorter than the shortest secret holds none. It is pure: bytes in, places out.

use std::collections::HashMap;
use std::ops::Range;

use memchr::{memchr, memchr2};

use crate::secret::{Marks, Secret};

/// A secret that was found.
#[derive(Debug)]
pub struct Found {
    /// Its place in the text, in encoded form.
    pub range: Range<usize>,
    /// The index of its mark.
    pub mark: usize,
    /// `plain`, or the encodings, the outermost first: `base64+utf-16`.
    pub form: String,
}

/// Tools produce no deeper nesting than JSON in JSON in Base64.
const DEEPEST: usize = 3;

/// The lengths to try for secrets whose length is unknown.
const UNMEASURED: std::ops::RangeInclusive<usize> = 16..=128;

type Class = [bool; 256];

const GRAPHIC: Class = class(b"!\"#$%&'()*+,-./:;<=>?@[\\]^_`{|}~");
const WORD: Class = class(b"-_");
const NAME: Class = class(b"-_.~+/");
/// Encoders wrap lines, so line breaks are part of a run.
const BASE64: Class = class(b"+/-_\r\n");

const HEX: Class = {
    let (mut hex, mut byte) = ([false; 256], 0);
    while byte < 256 {
        hex[byte] = (byte as u8).is_ascii_hexdigit();
        byte += 1;
    }
    hex
};

/// Returns the class of letters, digits, and `further`.
const fn class(further: &[u8]) -> Class {
    let (mut class, mut byte) = ([false; 256], 0);
    while byte < 256 {
        class[byte] = (byte as u8).is_ascii_alphanumeric();
        byte += 1;
    }
    let mut n = 0;
    while n < further.len() {
        class[further[n] as usize] = true;
        n += 1;
    }
    class
}

/// Returns the secrets in a text, in order; one that is found in several ways is returned once.
pub fn find(text: &[u8], marks: &Marks) -> Vec<Found> {
    let shortest = marks.widths().first().map(|width| width.length());
    let unmeasured = marks.has_unmeasured().then_some(*UNMEASURED.start());
    let Some(least) = shortest.into_iter().chain(unmeasured).min() else { return Vec::new() };
    Search { marks, least }.all(text, 0)
}

struct Search<'m> {
    marks: &'m Marks,
    /// The length of the shortest secret.
    least: usize,
}

impl Search<'_> {
    fn all(&self, text: &[u8], depth: usize) -> Vec<Found> {
        let mut found = Vec::new();
        if text.len() < self.least {
            return found;
        }
        self.plain(text, &mut found);
        if depth < DEEPEST {
            self.escaped(text, depth, &mut found);
            self.base64(text, depth, &mut found);
            self.hexadecimal(text, depth, &mut found);
            self.utf16(text, depth, &mut found);
        }
        once_each(&mut found);
        found
    }

    fn plain(&self, text: &[u8], found: &mut Vec<Found>) {
        for width in self.marks.widths() {
            runs(text, &GRAPHIC, width.length(), |run| {
                width.each(&text[run.clone()], |at| {
                    let start = run.start + at;
                    self.known(text, start..start + width.length(), found);
                });
            });
        }
        if self.marks.has_unmeasured() {
            runs(text, &NAME, *UNMEASURED.start(), |run| {
                let words = &text[run.clone()];
                runs(words, &WORD, *UNMEASURED.start(), |word| {
                    self.guessed(text, run.start + word.start..run.start + word.end, found);
                });
                self.guessed(text, run.clone(), found);
                let padding = text[run.end..].iter().take_while(|byte| **byte == b'=').count();
                if padding > 0 {
                    self.guessed(text, run.start..run.end + padding, found);
                }
            });
        }
    }

    /// Fingerprints are slow, so words without a digit are not tried.
    fn guessed(&self, text: &[u8], range: Range<usize>, found: &mut Vec<Found>) {
        let word = &text[range.clone()];
        if UNMEASURED.contains(&word.len()) && word.iter().any(u8::is_ascii_digit) {
            self.known(text, range, found);
        }
    }

    fn known(&self, text: &[u8], range: Range<usize>, found: &mut Vec<Found>) {
        let candidate = &text[range.clone()];
        let Some(mark) = self.marks.which(candidate) else { return };
        // From here on the secret is masked in all output.
        drop(Secret::new(String::from_utf8_lossy(candidate).into_owned()));
        found.push(Found { range, mark, form: "plain".to_owned() });
    }

    /// Searches decoded text, and maps the results to places in the original text.
    fn within(
        &self,
        decoded: &[u8],
        encoding: &str,
        depth: usize,
        found: &mut Vec<Found>,
        place: impl Fn(Range<usize>) -> Range<usize>,
    ) {
        for inner in self.all(decoded, depth + 1) {
            let form = if inner.form == "plain" { encoding.to_owned() } else { format!("{encoding}+{}", inner.form) };
            found.push(Found { range: place(inner.range), form, ..inner });
        }
    }

    /// Decodes `%2B` of URLs, and `\u002b`, `\x2b` or `\/` of JSON and many languages.
    fn escaped(&self, text: &[u8], depth: usize, found: &mut Vec<Found>) {
        runs(text, &GRAPHIC, self.least, |run| {
            let escaped = &text[run.clone()];
            if memchr2(b'%', b'\\', escaped).is_none() {
                return;
            }
            for (encoding, step) in [("url", percent as Step), ("json", backslash)] {
                let decoded = unescape(escaped, step);
                if decoded.len() < escaped.len() {
                    let place = |at: usize| run.start + before(escaped, step, at);
                    self.within(&decoded, encoding, depth, found, |inner| place(inner.start)..place(inner.end));
                }
            }
        });
    }

    fn base64(&self, text: &[u8], depth: usize, found: &mut Vec<Found>) {
        runs(text, &BASE64, self.least * 8 / 6, |run| {
            let encoded = &text[run.clone()];
            let is_letter = |byte: &&u8| !matches!(**byte, b'\r' | b'\n');
            let letters: Vec<u8> = encoded.iter().filter(is_letter).map(|byte| SEXTETS[usize::from(*byte)]).collect();
            // The encoding may begin inside the run: after `key=`, or at the border of a window.
            for offset in 0..4.min(letters.len()) {
                let decoded = sextets(&letters[offset..]);
                let place = |letter: usize| {
                    let mut letters = encoded.iter().enumerate().filter(|(_, byte)| is_letter(byte));
                    letters.nth(letter).map_or(run.end, |(at, _)| run.start + at)
                };
                self.within(&decoded, "base64", depth, found, |inner| {
                    let last = offset + (inner.end * 8).div_ceil(6) - 1;
                    place(offset + inner.start * 8 / 6)..(place(last) + 1).min(run.end)
                });
            }
        });
    }

    fn hexadecimal(&self, text: &[u8], depth: usize, found: &mut Vec<Found>) {
        runs(text, &HEX, self.least * 2, |run| {
            for start in [run.start, run.start + 1] {
                let pairs = text[start..run.end].chunks_exact(2);
                let decoded: Vec<u8> = pairs.filter_map(byte).collect();
                self.within(&decoded, "hex", depth, found, |inner| start + 2 * inner.start..start + 2 * inner.end);
            }
        });
    }

    /// Decodes UTF-16 of either byte order: ASCII letters alternating with zeros.
    fn utf16(&self, text: &[u8], depth: usize, found: &mut Vec<Found>) {
        let mut at = 0;
        while let Some(zero) = memchr(0, &text[at..]) {
            let zero = at + zero;
            let Some(start) = zero.checked_sub(1).filter(|start| GRAPHIC[usize::from(text[*start])]) else {
                at = zero + text[zero..].iter().position(|byte| *byte != 0).unwrap_or(text.len() - zero);
                // Continue behind a zero that precedes its letter.
                continue;
            };
            let pairs = text[start + 1..].chunks_exact(2);
            let further = pairs.take_while(|pair| pair[0] == 0 && GRAPHIC[usize::from(pair[1])]).map(|pair| pair[1]);
            let letters: Vec<u8> = std::iter::once(text[start]).chain(further).collect();
            at = zero.max(start + 2 * letters.len() - 1);
            if letters.len() >= self.least {
                let place = |inner: Range<usize>| start + 2 * inner.start..start + 2 * inner.end - 1;
                self.within(&letters, "utf-16", depth, found, place);
            }
            at = (at + 1).min(text.len());
        }
    }
}

/// Of overlapping finds of one secret keeps the first, which has the simplest form.
fn once_each(found: &mut Vec<Found>) {
    found.sort_by_key(|found| found.range.start);
    let mut ends: HashMap<usize, usize> = HashMap::new();
    found.retain(|found| {
        let is_new = ends.get(&found.mark).is_none_or(|end| found.range.start >= *end);
        if is_new {
            ends.insert(found.mark, found.range.end);
        }
        is_new
    });
}

/// Calls `each` with every run of bytes of a class that has at least `least` bytes. Skips ahead by testing where a run
/// would end.
fn runs(text: &[u8], class: &Class, least: usize, mut each: impl FnMut(Range<usize>)) {
    let (least, mut at) = (least.max(1), 0);
    while let Some(window) = text.get(at..at + least) {
        if let Some(breaks) = window.iter().rposition(|byte| !class[usize::from(*byte)]) {
            at += breaks + 1;
            continue;
        }
        let further = text[at + least..].iter().position(|byte| !class[usize::from(*byte)]);
        let end = further.map_or(text.len(), |further| at + least + further);
        each(at..end);
        at = end + 1;
    }
}

/// Decodes one byte of an escaped text, and returns it with the number of bytes consumed.
type Step = fn(&[u8]) -> (u8, usize);

fn unescape(text: &[u8], step: Step) -> Vec<u8> {
    let (mut decoded, mut rest) = (Vec::with_capacity(text.len()), text);
    while !rest.is_empty() {
        let (byte, taken) = step(rest);
        decoded.push(byte);
        rest = &rest[taken..];
    }
    decoded
}

/// Returns the offset in an escaped text of the byte that is decoded to position `decoded`.
fn before(text: &[u8], step: Step, decoded: usize) -> usize {
    (0..decoded).fold(0, |at, _| at + text.get(at..).filter(|rest| !rest.is_empty()).map_or(0, |rest| step(rest).1))
}

fn percent(text: &[u8]) -> (u8, usize) {
    let escaped = || Some((byte(text.strip_prefix(b"%")?.get(..2)?)?, 3));
    escaped().unwrap_or((text[0], 1))
}

fn backslash(text: &[u8]) -> (u8, usize) {
    let escaped = || {
        let rest = text.strip_prefix(b"\\")?;
        Some(match rest.first()? {
            b'u' | b'U' if rest.get(1..3) == Some(b"00") => (byte(rest.get(3..5)?)?, 6),
            b'x' => (byte(rest.get(1..3)?)?, 4),
            b'n' | b'r' | b't' | b'b' | b'f' => (b'\n', 2),
            other => (*other, 2),
        })
    };
    escaped().unwrap_or((text[0], 1))
}

/// Parses two hexadecimal digits.
fn byte(pair: &[u8]) -> Option<u8> {
    let digit = |byte: u8| char::from(byte).to_digit(16);
    match pair {
        [high, low] => u8::try_from(digit(*high)? << 4 | digit(*low)?).ok(),
        _ => None,
    }
}

/// The six bits of each letter, in both Base64 alphabets.
const SEXTETS: [u8; 256] = {
    let letters = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let (mut sextets, mut n) = ([0; 256], 0);
    while n < 64 {
        sextets[letters[n] as usize] = n as u8;
        n += 1;
    }
    sextets[b'-' as usize] = 62;
    sextets[b'_' as usize] = 63;
    sextets
};

fn sextets(letters: &[u8]) -> Vec<u8> {
    let mut decoded = Vec::with_capacity(letters.len() / 4 * 3 + 2);
    let mut groups = letters.chunks_exact(4);
    for group in &mut groups {
        if let [a, b, c, d] = *group {
            decoded.extend_from_slice(&[a << 2 | b >> 4, b << 4 | c >> 2, c << 6 | d]);
        }
    }
    match *groups.remainder() {
        [a, b] => decoded.push(a << 2 | b >> 4),
        [a, b, c] => decoded.extend_from_slice(&[a << 2 | b >> 4, b << 4 | c >> 2]),
        _ => {}
    }
    decoded
}

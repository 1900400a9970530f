//! Every secret of this run, in the forms in which it could be printed, and the one function that masks them.
//!
//! Masking goes by value: where a secret came from, and what its header or member is called, does not matter.

use std::borrow::Cow;
use std::sync::{Mutex, MutexGuard, PoisonError};

use aho_corasick::{AhoCorasick, AhoCorasickKind, MatchKind};
use base64::Engine;
use base64::engine::general_purpose::{STANDARD_NO_PAD, URL_SAFE_NO_PAD};
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use zeroize::Zeroizing;

/// What stands wherever a secret stood.
pub const MASK: &str = "[secret]";

/// Shorter ones would be found by chance, in words that are none of them.
pub const SHORTEST: usize = 6;

/// What the standard leaves as it is in a URL.
const UNRESERVED: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'_').remove(b'.').remove(b'~');

/// What JavaScript leaves as it is in a part of a URL.
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

/// What a form leaves as it is.
const FORM: &AsciiSet = &NON_ALPHANUMERIC.remove(b'*').remove(b'-').remove(b'.').remove(b'_');

/// So much has been looked through before it pays to make a finder that is quicker at it.
const MUCH: usize = 1 << 18;

static KNOWN: Mutex<Known> =
    Mutex::new(Known { secrets: Vec::new(), forms: Vec::new(), finder: None, searched: 0, is_quick: false });

struct Known {
    secrets: Vec<Zeroizing<String>>,
    /// Each form, and which of the secrets it is one of.
    forms: Vec<(Zeroizing<String>, usize)>,
    finder: Option<AhoCorasick>,
    /// How many bytes have been looked through.
    searched: usize,
    /// True once the finder is one that is quick to use, and not to make.
    is_quick: bool,
}

impl Known {
    /// Makes the finder anew. A longer form is found first: the shorter one may be a part of it.
    fn make_finder(&mut self) {
        let patterns = self.forms.iter().map(|(form, _)| form.as_bytes());
        // Most runs print little, so the quickest to make is the best to begin with.
        let kind = if self.is_quick { None } else { Some(AhoCorasickKind::NoncontiguousNFA) };
        self.finder = AhoCorasick::builder().match_kind(MatchKind::LeftmostLongest).kind(kind).build(patterns).ok();
    }

    /// Takes note that so much is about to be looked through.
    fn expect(&mut self, bytes: usize) {
        self.searched += bytes;
        if !self.is_quick && self.searched > MUCH && self.finder.is_some() {
            self.is_quick = true;
            self.make_finder();
        }
    }
}

/// Takes note of a secret.
pub fn remember(secret: &str) {
    let mut known = known();
    if secret.len() < SHORTEST || known.secrets.iter().any(|other| **other == *secret) {
        return;
    }
    let owner = known.secrets.len();
    known.secrets.push(Zeroizing::new(secret.to_owned()));
    known.forms.extend(forms(secret).into_iter().map(|form| (form, owner)));
    known.make_finder();
}

/// Returns the text with every known secret masked.
pub fn mask(text: &str) -> Cow<'_, str> {
    match mask_bytes(text.as_bytes(), None) {
        Cow::Borrowed(_) => Cow::Borrowed(text),
        Cow::Owned(masked) => Cow::Owned(String::from_utf8_lossy(&masked).into_owned()),
    }
}

/// Returns the bytes with every known secret masked, but for the one that the user asked for.
pub fn mask_bytes<'b>(bytes: &'b [u8], asked_for: Option<&str>) -> Cow<'b, [u8]> {
    let mut known = known();
    known.expect(bytes.len());
    let Some(finder) = &known.finder else { return Cow::Borrowed(bytes) };
    let asked_for = known.secrets.iter().position(|secret| asked_for.is_some_and(|other| other == **secret));
    let mut masked = Vec::new();
    let mut end = 0;
    for found in finder.find_iter(bytes) {
        if Some(known.forms[found.pattern().as_usize()].1) != asked_for {
            masked.extend_from_slice(&bytes[end..found.start()]);
            masked.extend_from_slice(MASK.as_bytes());
            end = found.end();
        }
    }
    if end == 0 {
        return Cow::Borrowed(bytes);
    }
    masked.extend_from_slice(&bytes[end..]);
    Cow::Owned(masked)
}

fn known() -> MutexGuard<'static, Known> {
    KNOWN.lock().unwrap_or_else(PoisonError::into_inner)
}

/// The secret as it is, as URLs, CSV and JSON of several makes write it, and as the part of any text in Base64.
fn forms(secret: &str) -> Vec<Zeroizing<String>> {
    let mut forms = vec![secret.to_owned(), secret.replace('"', "\"\"")];
    for set in [NON_ALPHANUMERIC, UNRESERVED, COMPONENT, FORM] {
        let text = utf8_percent_encode(secret, set).to_string();
        forms.extend([lower_escapes(&text), text]);
    }
    let plain = json(secret, "");
    let slashes = plain.replace('/', "\\/");
    for text in [plain, slashes, json(secret, "&<>"), json(secret, "&<>+=/'")] {
        // Logs hold JSON in strings of JSON.
        let within = json(&text, "");
        forms.extend([json(&within, ""), within, text]);
    }
    // What stands before decides how its bits fall on the letters; the letters at both ends are shared with others.
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

/// A text inside a JSON string, where some writers escape further letters.
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
    use super::{mask, mask_bytes, remember};
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
    fn one_that_was_asked_for_is_let_through_and_no_other() {
        let (one, other) = (Secret::new("the-one-of-known".into()), Secret::new("the-other-of-known".into()));
        let text = format!("{} {}", one.expose(), other.expose());
        assert_eq!(*mask_bytes(text.as_bytes(), Some(one.expose())), *b"the-one-of-known [secret]");
    }

    #[test]
    fn what_is_no_secret_stays_as_it_is() {
        remember("tiny");
        assert_eq!(mask("a tiny text"), "a tiny text");
    }
}

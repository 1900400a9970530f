//! Every secret of this run, in the forms in which it could be printed, and the one function that masks them.
//!
//! Masking goes by value: where a secret came from, and what its header or member is called, does not matter.

use std::borrow::Cow;
use std::sync::{Mutex, MutexGuard, PoisonError};

use base64::Engine;
use base64::engine::general_purpose::{STANDARD_NO_PAD, URL_SAFE_NO_PAD};
use memchr::memmem;
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use zeroize::Zeroizing;

use super::MASK;

/// Shorter ones would be found by chance, in words that are none of them.
const SHORTEST: usize = 6;

static KNOWN: Mutex<Vec<Zeroizing<String>>> = Mutex::new(Vec::new());

/// Takes note of a secret.
pub fn remember(secret: &str) {
    let mut known = known();
    if secret.len() < SHORTEST || known.iter().any(|form| **form == *secret) {
        return;
    }
    let mut forms = forms(secret);
    forms.retain(|form| form.len() >= SHORTEST && !known.contains(form));
    known.extend(forms);
    // A longer form is looked for first: the shorter one may be a part of it.
    known.sort_by_key(|form| std::cmp::Reverse(form.len()));
}

/// Returns the text with every known secret masked.
pub fn mask(text: &str) -> Cow<'_, str> {
    match mask_bytes(text.as_bytes()) {
        Cow::Borrowed(_) => Cow::Borrowed(text),
        Cow::Owned(masked) => Cow::Owned(String::from_utf8_lossy(&masked).into_owned()),
    }
}

/// Returns the bytes with every known secret masked.
pub fn mask_bytes(bytes: &[u8]) -> Cow<'_, [u8]> {
    let mut masked = Cow::Borrowed(bytes);
    for form in known().iter() {
        let found: Vec<usize> = memmem::find_iter(&masked, form.as_bytes()).collect();
        if found.is_empty() {
            continue;
        }
        let mut text = Vec::with_capacity(masked.len());
        let mut end = 0;
        for at in found {
            text.extend_from_slice(&masked[end..at]);
            text.extend_from_slice(MASK.as_bytes());
            end = at + form.len();
        }
        text.extend_from_slice(&masked[end..]);
        masked = Cow::Owned(text);
    }
    masked
}

fn known() -> MutexGuard<'static, Vec<Zeroizing<String>>> {
    KNOWN.lock().unwrap_or_else(PoisonError::into_inner)
}

/// The secret as it is, as URLs, CSV and JSON write it, and as the part of any text in Base64.
fn forms(secret: &str) -> Vec<Zeroizing<String>> {
    let mut forms = vec![secret.to_owned(), utf8_percent_encode(secret, NON_ALPHANUMERIC).to_string()];
    // What stands before decides how its bits fall on the letters; the letters at both ends are shared with others.
    for before in 0..3 {
        let padded = [&b"\0\0"[..before], secret.as_bytes()].concat();
        let first = (before * 8).div_ceil(6);
        let last = (padded.len() * 8) / 6;
        for text in [STANDARD_NO_PAD.encode(&padded), URL_SAFE_NO_PAD.encode(&padded)] {
            forms.push(text[first..last].to_owned());
        }
    }
    forms.push(secret.replace('"', "\"\""));
    if let Ok(json) = serde_json::to_string(secret) {
        forms.push(json.trim_matches('"').to_owned());
    }
    forms.sort();
    forms.dedup();
    forms.into_iter().map(Zeroizing::new).collect()
}

#[cfg(test)]
mod tests {
    use super::{mask, remember};
    use base64::Engine;
    use base64::engine::general_purpose::{STANDARD, URL_SAFE};

    #[test]
    fn a_secret_is_masked_in_every_form() {
        let secret = "kA+/9\"z%canary?known~tests";
        remember(secret);
        let quoted = serde_json::to_string(&format!("<{secret}>")).unwrap();
        let url = "kA%2B%2F9%22z%25canary%3Fknown%7Etests";
        for text in [secret.to_owned(), format!("a{secret}b"), quoted, format!("https://x.example/?k={url}&b")] {
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
    fn what_is_no_secret_stays_as_it_is() {
        remember("tiny");
        assert_eq!(mask("a tiny text"), "a tiny text");
    }
}

//! Finds secrets in a large text by what was recorded of them: length, rolling hash and fingerprint. Both hashes are
//! keyed with the random key of this machine.
//!
//! The rolling hash is cheap and compared at every position; the fingerprint decides. This module reads no files and
//! keeps no secret.

use std::collections::HashMap;

use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;

/// What is recorded of one secret.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mark {
    pub fingerprint: String,
    /// The length and the rolling hash; `None` if only the fingerprint was recorded.
    pub measure: Option<(usize, u32)>,
}

/// The secrets to search for.
pub struct Marks {
    mac: Hmac<Sha256>,
    by_fingerprint: HashMap<String, usize>,
    widths: Vec<Width>,
    has_unmeasured: bool,
}

impl Marks {
    /// Takes the random key of this machine and the marks made with it.
    pub fn new(key: &[u8; 64], marks: &[Mark]) -> Marks {
        let mut by_length: HashMap<usize, Vec<u32>> = HashMap::new();
        for (length, number) in marks.iter().filter_map(|mark| mark.measure) {
            by_length.entry(length).or_default().push(number);
        }
        let base = base(key);
        let mut widths: Vec<Width> =
            by_length.into_iter().map(|(length, numbers)| Width::new(base, length, numbers)).collect();
        widths.sort_unstable_by_key(|width| width.length);
        Marks {
            mac: Hmac::<Sha256>::new(key.into()),
            by_fingerprint: marks.iter().enumerate().map(|(n, mark)| (mark.fingerprint.clone(), n)).collect(),
            widths,
            has_unmeasured: marks.iter().any(|mark| mark.measure.is_none()),
        }
    }

    /// Returns the lengths to search for, the shortest first.
    pub fn widths(&self) -> &[Width] {
        &self.widths
    }

    /// Returns true if some mark has no length, so that its secret can only be guessed from its surroundings.
    pub fn has_unmeasured(&self) -> bool {
        self.has_unmeasured
    }

    /// Returns the index of the mark whose fingerprint these bytes have.
    pub fn which(&self, bytes: &[u8]) -> Option<usize> {
        let mut mac = self.mac.clone();
        mac.update(bytes);
        self.by_fingerprint.get(&hexadecimal(&mac.finalize().into_bytes())).copied()
    }
}

impl Mark {
    /// Computes the mark of a text with the random key of this machine.
    pub(super) fn of(text: &str, key: &[u8; 64]) -> Mark {
        let base = base(key);
        let number = finish(text.bytes().fold(0, |rolled, byte| roll(rolled, base, byte)));
        Mark { fingerprint: fingerprint(text, key), measure: Some((text.len(), number)) }
    }
}

/// All secrets of one length.
pub struct Width {
    length: usize,
    base: u64,
    /// What each byte value contributes to the hash when it leaves the window.
    leaving: Box<[u64; 256]>,
    /// A bit set indexed by the upper half of the hash, which rules out nearly all windows.
    bits: Box<[u64; 1024]>,
    numbers: Vec<u32>,
}

impl Width {
    fn new(base: u64, length: usize, numbers: Vec<u32>) -> Width {
        let mut bits = Box::new([0; 1024]);
        for number in &numbers {
            bits[(number >> 22) as usize] |= 1 << (number >> 16 & 63);
        }
        let top = (0..length).fold(1, |power: u64, _| power.wrapping_mul(base));
        let mut leaving = Box::new([0; 256]);
        for (of_byte, byte) in leaving.iter_mut().zip(1u64..) {
            *of_byte = byte.wrapping_mul(top);
        }
        Width { length, base, leaving, bits, numbers }
    }

    /// Returns the length in bytes.
    pub fn length(&self) -> usize {
        self.length
    }

    /// Calls `may_be_one` with the offset of every window that may be a secret. `run` holds only bytes that occur in
    /// secrets.
    pub fn each(&self, run: &[u8], mut may_be_one: impl FnMut(usize)) {
        if self.length == 0 || run.len() < self.length {
            return;
        }
        let (first, rest) = run.split_at(self.length);
        let mut rolled = first.iter().fold(0, |rolled, byte| roll(rolled, self.base, *byte));
        if self.has(rolled) {
            may_be_one(0);
        }
        for (at, (entering, leaving)) in rest.iter().zip(run).enumerate() {
            rolled = roll(rolled, self.base, *entering).wrapping_sub(self.leaving[usize::from(*leaving)]);
            if self.has(rolled) {
                may_be_one(at + 1);
            }
        }
    }

    fn has(&self, rolled: u64) -> bool {
        let number = finish(rolled);
        self.bits[(number >> 22) as usize] >> (number >> 16 & 63) & 1 == 1 && self.numbers.contains(&number)
    }
}

fn roll(rolled: u64, base: u64, byte: u8) -> u64 {
    rolled.wrapping_mul(base).wrapping_add(u64::from(byte) + 1)
}

/// Mixes the bits: the low bits of the rolling hash depend on few of the bytes.
fn finish(rolled: u64) -> u32 {
    ((rolled ^ (rolled >> 31)).wrapping_mul(0x9e37_79b9_7f4a_7c15) >> 32) as u32
}

/// Returns the multiplier of the rolling hash on this machine. It is odd, so that every byte keeps its influence.
fn base(key: &[u8; 64]) -> u64 {
    let mut mac = Hmac::<Sha256>::new(key.into());
    mac.update(b"what a window of a text is rolled with");
    mac.finalize().into_bytes().iter().take(8).fold(0, |base, byte| base << 8 | u64::from(*byte)) | 5
}

/// Returns the fingerprint of a text: the same for whoever has this random key, and useless to anybody else.
pub(super) fn fingerprint(text: &str, key: &[u8; 64]) -> String {
    let mut mac = Hmac::<Sha256>::new(key.into());
    mac.update(text.as_bytes());
    hexadecimal(&mac.finalize().into_bytes())
}

fn hexadecimal(bytes: &[u8]) -> String {
    const DIGITS: &[u8; 16] = b"0123456789abcdef";
    let digits = bytes.iter().flat_map(|byte| [byte >> 4, byte & 15]);
    digits.map(|digit| char::from(DIGITS[usize::from(digit)])).collect()
}

#[cfg(test)]
mod tests {
    use super::{Mark, Marks};

    #[test]
    fn a_window_is_found_at_every_offset_and_only_there() {
        let key = [7; 64];
        let secret = "Rolling-Window_0123456789-abcdef";
        let marks = Marks::new(&key, &[Mark::of(secret, &key)]);
        for before in 0..70 {
            let text = format!("{}{secret}{}", "x".repeat(before), "y".repeat(70 - before));
            let mut found = Vec::new();
            marks.widths()[0].each(text.as_bytes(), |at| found.push(at));
            assert_eq!(found, [before]);
            assert_eq!(marks.which(&text.as_bytes()[before..before + secret.len()]), Some(0));
            assert_eq!(marks.which(text.as_bytes()), None);
        }
    }
}

//! Pieces of a secret in a text: 12 characters of it or more, in letters of any case, with anything between them.
//!
//! A text is looked at as the letters and digits that are in it. Every stretch of four in a form of a secret is known, so only
//! each fifth stretch of the text is looked up: the shortest piece, which has eight, holds one of them.

use std::collections::HashMap;
use std::ops::Range;

use zeroize::Zeroizing;

/// So many characters of a secret are a leak by themselves.
const PIECE: usize = 12;

/// Fewer letters and digits are found by chance.
const FEWEST: usize = 8;

/// The length of a stretch that is looked up, and how far those lie apart.
const STRETCH: usize = 4;
const STEP: usize = FEWEST - STRETCH + 1;

/// A stretch that stands more often in one form is looked up at no more places: nobody's key repeats itself like that, and a word
/// that was typed by mistake, such as a letter a hundred thousand times, is not compared with itself at each of its letters.
const MOST_PLACES: usize = 32;

/// What a byte counts as; 0 for what may stand between two others. Quotes and brackets count, so that no piece reaches from one
/// text of a JSON document into the next.
const COUNTED: [u8; 256] = counted();

const fn counted() -> [u8; 256] {
    let mut counted = [0; 256];
    let mut byte: u8 = 0;
    while byte < 128 {
        if byte.is_ascii_alphanumeric() || matches!(byte, b'"' | b'[' | b']' | b'{' | b'}') {
            counted[byte as usize] = byte.to_ascii_lowercase();
        }
        byte += 1;
    }
    counted
}

/// What is looked for.
pub struct Pieces {
    forms: Vec<Form>,
    /// Where each stretch stands: in which form, and at which place.
    stretches: HashMap<u32, Vec<(usize, usize)>>,
    /// A bit for each stretch, which most of a text does not have.
    bits: Vec<u64>,
    /// True where a form is too poor in letters and digits, or its secret too short, to be found by them.
    passes_over: bool,
}

struct Form {
    text: Zeroizing<Vec<u8>>,
    /// So many letters and digits of it are a piece.
    least: usize,
    owner: usize,
    /// True where a stretch stands in it at more places than are looked at.
    repeats: bool,
}

impl Pieces {
    /// Takes the forms of each secret, with the secret's length.
    pub fn new<'s>(secrets: impl Iterator<Item = (usize, usize, Vec<Zeroizing<String>>)> + 's) -> Pieces {
        let (forms, stretches) = (Vec::new(), HashMap::new());
        let mut pieces = Pieces { forms, stretches, bits: vec![0; 1 << 10], passes_over: false };
        for (owner, length, forms) in secrets {
            let first = pieces.forms.len();
            for form in forms {
                let text = Zeroizing::new(counted_of(form.as_bytes()));
                let is_known = pieces.forms[first..].iter().any(|known| known.text == text);
                if length < PIECE || text.len() < FEWEST {
                    pieces.passes_over = true;
                } else if !is_known {
                    let least = least(form.as_bytes(), length);
                    pieces.add(Form { text, least, owner, repeats: false });
                }
            }
        }
        pieces
    }

    /// Returns true where no form of a secret stands in a text in which no piece was found.
    pub fn finds_every_form(&self) -> bool {
        !self.passes_over
    }

    fn add(&mut self, mut form: Form) {
        let own = self.forms.len();
        for (at, stretch) in form.text.windows(STRETCH).enumerate() {
            let key = key(stretch);
            self.bits[bit(key) / 64] |= 1 << (bit(key) % 64);
            let places = self.stretches.entry(key).or_default();
            match places.iter().rev().nth(MOST_PLACES - 1) {
                Some((of, _)) if *of == own => form.repeats = true,
                _ => places.push((own, at)),
            }
        }
        self.forms.push(form);
    }

    /// Returns where pieces stand in a text, in order, each with whose it is; or, of those, the ones that are all of a secret.
    pub fn find(&self, text: &[u8], whole: bool) -> Vec<(Range<usize>, usize)> {
        if self.forms.is_empty() {
            return Vec::new();
        }
        // What is looked through is about to be printed, so its copy needs no overwriting.
        let letters = counted_of(text);
        let mut found: Vec<(Range<usize>, usize)> = Vec::new();
        // How far a form is found already where it lies against the text like this: what follows is the same piece. One that
        // repeats itself lies in too many ways.
        let mut covered: HashMap<(usize, usize), usize> = HashMap::new();
        for at in (0..letters.len().saturating_sub(STRETCH - 1)).step_by(STEP) {
            let key = key(&letters[at..at + STRETCH]);
            if self.bits[bit(key) / 64] >> (bit(key) % 64) & 1 == 0 {
                continue;
            }
            for (form, place) in self.stretches.get(&key).into_iter().flatten() {
                let Form { text, least, owner, repeats } = &self.forms[*form];
                let lies = (*form, if *repeats { 0 } else { at.wrapping_sub(*place) });
                if covered.get(&lies).is_some_and(|end| at + STRETCH <= *end) {
                    continue;
                }
                let before = same(letters[..at].iter().rev(), text[..*place].iter().rev());
                let after = same(letters[at..].iter(), text[*place..].iter());
                if before + after >= if whole { text.len() } else { *least } {
                    found.push((at - before..at + after, *owner));
                    let end = covered.entry(lies).or_default();
                    *end = (*end).max(at + after);
                }
            }
        }
        found.sort_unstable_by_key(|(range, owner)| (range.start, range.end, *owner));
        found.dedup();
        in_text(text, found)
    }
}

fn counted_of(text: &[u8]) -> Vec<u8> {
    let (mut letters, mut count) = (vec![0; text.len()], 0);
    // Every result goes through here, so nothing is decided for a byte: one that does not count is written over.
    for byte in text {
        let letter = COUNTED[usize::from(*byte)];
        letters[count] = letter;
        count += usize::from(letter != 0);
    }
    letters.truncate(count);
    letters
}

/// Returns how many letters and digits the poorest piece of a form has.
fn least(form: &[u8], length: usize) -> usize {
    // A piece that is encoded shares letters with what stands beside it.
    let window = if form.len() == length { PIECE } else { (PIECE * form.len() / length).saturating_sub(2) };
    let counted = |window: &[u8]| window.iter().filter(|byte| COUNTED[usize::from(**byte)] != 0).count();
    form.windows(window.clamp(1, form.len())).map(counted).min().unwrap_or(window).max(FEWEST)
}

fn key(stretch: &[u8]) -> u32 {
    match stretch {
        [a, b, c, d] => u32::from_be_bytes([*a, *b, *c, *d]),
        _ => 0,
    }
}

/// Returns the bit of a stretch, of 65,536.
fn bit(key: u32) -> usize {
    (key.wrapping_mul(0x9e37_79b1) >> 16) as usize
}

fn same<'b>(one: impl Iterator<Item = &'b u8>, other: impl Iterator<Item = &'b u8>) -> usize {
    one.zip(other).take_while(|(one, other)| one == other).count()
}

/// Returns the same ranges in the text itself. A backslash before one goes with it: it would escape something else.
fn in_text(text: &[u8], found: Vec<(Range<usize>, usize)>) -> Vec<(Range<usize>, usize)> {
    if found.is_empty() {
        return found;
    }
    let places = text.iter().enumerate().filter(|(_, byte)| COUNTED[usize::from(**byte)] != 0);
    let places: Vec<usize> = places.map(|(place, _)| place).collect();
    let place = |(range, owner): (Range<usize>, usize)| {
        let (start, end) = (places[range.start], places[range.end - 1] + 1);
        let escapes = text[..start].iter().rev().take_while(|byte| **byte == b'\\').count();
        (start - escapes..end, owner)
    };
    found.into_iter().map(place).collect()
}

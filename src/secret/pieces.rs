//! Finds pieces of a secret in a text: at least 12 of its characters, in any case, with any separators between them.
//!
//! Only the letters and digits of a text are compared. Every four-character n-gram of each encoding is indexed, so
//! only every fifth n-gram of the text is looked up: the shortest piece has eight characters and contains one of them.

use std::collections::HashMap;
use std::ops::Range;

use zeroize::Zeroizing;

/// The number of characters of a secret that are a leak by themselves.
const PIECE: usize = 12;

/// Fewer letters and digits than this match by chance.
const MIN_LETTERS: usize = 8;

/// The length of an indexed n-gram, and the distance between lookups in the text.
const NGRAM: usize = 4;
const STEP: usize = MIN_LETTERS - NGRAM + 1;

/// The most indexed places of an n-gram in one form. No real key repeats itself more often; a typed word such as a letter a
/// hundred thousand times would be compared with itself at each of its letters.
const MOST_PLACES: usize = 32;

/// What a byte is compared as; 0 if the byte is a separator. Quotes and brackets are compared, so that no piece
/// reaches from one JSON string into the next.
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

/// An index of the secrets to find.
pub struct Pieces {
    forms: Vec<Form>,
    /// The positions of each n-gram: the index of the form, and the offset in it.
    ngrams: HashMap<u32, Vec<(usize, usize)>>,
    /// A bit set of the n-grams, which rules out most of a text.
    bits: Vec<u64>,
    /// True if some form has too few letters and digits, or its secret is too short, to be found.
    has_unfindable: bool,
}

struct Form {
    text: Zeroizing<Vec<u8>>,
    /// The number of letters and digits that make a piece.
    least: usize,
    owner: usize,
    /// True where a stretch stands in it at more places than are looked at.
    repeats: bool,
}

impl Pieces {
    /// Takes the index, the length and the encodings of each secret.
    pub fn new<'s>(secrets: impl Iterator<Item = (usize, usize, Vec<Zeroizing<String>>)> + 's) -> Pieces {
        let (forms, ngrams) = (Vec::new(), HashMap::new());
        let mut pieces = Pieces { forms, ngrams, bits: vec![0; 1 << 10], has_unfindable: false };
        for (owner, length, forms) in secrets {
            let first = pieces.forms.len();
            for form in forms {
                let text = Zeroizing::new(counted_of(form.as_bytes()));
                let is_known = pieces.forms[first..].iter().any(|known| known.text == text);
                if length < PIECE || text.len() < MIN_LETTERS {
                    pieces.has_unfindable = true;
                } else if !is_known {
                    let least = least(form.as_bytes(), length);
                    pieces.add(Form { text, least, owner, repeats: false });
                }
            }
        }
        pieces
    }

    /// Returns true if a text without a piece is certain to contain no secret.
    pub fn finds_every_form(&self) -> bool {
        !self.has_unfindable
    }

    fn add(&mut self, mut form: Form) {
        let own = self.forms.len();
        for (at, stretch) in form.text.windows(NGRAM).enumerate() {
            let key = key(stretch);
            self.bits[bit(key) / 64] |= 1 << (bit(key) % 64);
            let places = self.ngrams.entry(key).or_default();
            match places.iter().rev().nth(MOST_PLACES - 1) {
                Some((of, _)) if *of == own => form.repeats = true,
                _ => places.push((own, at)),
            }
        }
        self.forms.push(form);
    }

    /// Returns the ranges of pieces in a text, in order, each with its owner; with `whole`, only pieces that are a
    /// complete form.
    pub fn find(&self, text: &[u8], whole: bool) -> Vec<(Range<usize>, usize)> {
        if self.forms.is_empty() {
            return Vec::new();
        }
        // The text is about to be printed, so its copy needs no zeroizing.
        let letters = counted_of(text);
        let mut found: Vec<(Range<usize>, usize)> = Vec::new();
        // How far a form has been matched at an offset against the text: later n-grams up to there belong to the same
        // piece. A repeating form matches at too many offsets, so it has one entry.
        let mut covered: HashMap<(usize, usize), usize> = HashMap::new();
        for at in (0..letters.len().saturating_sub(NGRAM - 1)).step_by(STEP) {
            let key = key(&letters[at..at + NGRAM]);
            if self.bits[bit(key) / 64] >> (bit(key) % 64) & 1 == 0 {
                continue;
            }
            for (form, place) in self.ngrams.get(&key).into_iter().flatten() {
                let Form { text, least, owner, repeats } = &self.forms[*form];
                let lies = (*form, if *repeats { 0 } else { at.wrapping_sub(*place) });
                if covered.get(&lies).is_some_and(|end| at + NGRAM <= *end) {
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
    // Every output passes through here, so the loop has no branch: a separator is overwritten by the next byte.
    for byte in text {
        let letter = COUNTED[usize::from(*byte)];
        letters[count] = letter;
        count += usize::from(letter != 0);
    }
    letters.truncate(count);
    letters
}

/// Returns how many letters and digits any piece of a form has at least.
fn least(form: &[u8], length: usize) -> usize {
    // The characters at both ends of an encoded piece share bits with their neighbours.
    let window = if form.len() == length { PIECE } else { (PIECE * form.len() / length).saturating_sub(2) };
    let counted = |window: &[u8]| window.iter().filter(|byte| COUNTED[usize::from(**byte)] != 0).count();
    form.windows(window.clamp(1, form.len())).map(counted).min().unwrap_or(window).max(MIN_LETTERS)
}

fn key(ngram: &[u8]) -> u32 {
    match ngram {
        [a, b, c, d] => u32::from_be_bytes([*a, *b, *c, *d]),
        _ => 0,
    }
}

/// Returns the index of an n-gram's bit, below 65,536.
fn bit(key: u32) -> usize {
    (key.wrapping_mul(0x9e37_79b1) >> 16) as usize
}

fn same<'b>(one: impl Iterator<Item = &'b u8>, other: impl Iterator<Item = &'b u8>) -> usize {
    one.zip(other).take_while(|(one, other)| one == other).count()
}

/// Maps the ranges back to the text. A range takes the backslashes before it along: they would escape something else.
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

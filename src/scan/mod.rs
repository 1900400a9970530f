//! Finds known secrets in a stream of any length, and in what is packed in it: the position of each, its form, and the line
//! around it.
//!
//! It is pure, except that a found secret is registered, so that it is masked in all output. It opens no file and knows
//! no key: the caller passes marks. It holds one window of the stream, however long a line is.

mod context;
mod forms;
#[cfg(any(test, fuzzing))]
pub mod properties;
mod unpack;

use std::collections::HashMap;
use std::io::{self, ErrorKind, Read};

use memchr::{memchr_iter, memrchr};

use crate::secret::Marks;
use context::context;
use forms::find;
pub use unpack::{Finding, Unpacker};

/// How much of a stream is searched at once.
const WINDOW: usize = 1 << 20;

/// How much of a window is searched again with the next one: longer than the longest key in any form.
const OVERLAP: usize = 1 << 15;

/// A secret that was found in a stream.
#[derive(Debug)]
pub struct Hit {
    /// The index of its mark.
    pub mark: usize,
    /// `plain`, or the encodings, the outermost first: `base64+utf-16`.
    pub form: String,
    /// From 1.
    pub line: u64,
    /// In bytes, from 1.
    pub column: u64,
    /// The line around it, with the secret and whatever looks like another key masked.
    pub context: String,
}

/// Searches streams one after another.
struct Scanner<'m> {
    marks: &'m Marks,
    /// Allocated for the first stream; tests choose a smaller size.
    window: Vec<u8>,
    filled: usize,
    size: usize,
    overlap: usize,
    /// The window's offset in the stream, its line number, and the offset of that line.
    start: u64,
    line: u64,
    line_start: u64,
    /// The end of the last hit of each mark: the next window may find it again.
    ends: HashMap<usize, u64>,
}

impl<'m> Scanner<'m> {
    /// Takes the marks to look for.
    fn new(marks: &'m Marks) -> Scanner<'m> {
        let (size, overlap, ends) = (WINDOW, OVERLAP, HashMap::new());
        Scanner { marks, window: Vec::new(), filled: 0, size, overlap, start: 0, line: 1, line_start: 0, ends }
    }

    /// Calls `hit` for each secret in a stream, in order. A read error comes after the hits before it.
    fn scan(&mut self, mut from: impl Read, mut hit: impl FnMut(Hit)) -> io::Result<()> {
        self.begin();
        loop {
            let (fault, is_end) = match self.fill(&mut from) {
                Ok(is_end) => (None, is_end),
                Err(error) => (Some(error), true),
            };
            self.search(&mut hit);
            if is_end {
                return fault.map_or(Ok(()), Err);
            }
            self.pass();
        }
    }

    /// Begins another stream.
    fn begin(&mut self) {
        self.window.resize(self.size, 0);
        (self.filled, self.start, self.line, self.line_start) = (0, 0, 1, 0);
        self.ends.clear();
    }

    /// Takes the next bytes of a stream that another reads; `search` at its end completes it.
    fn push(&mut self, mut bytes: &[u8], mut hit: impl FnMut(Hit)) {
        while !bytes.is_empty() {
            if self.filled == self.size {
                self.search(&mut hit);
                self.pass();
            }
            let (taken, rest) = bytes.split_at(bytes.len().min(self.size - self.filled));
            self.window[self.filled..self.filled + taken.len()].copy_from_slice(taken);
            (self.filled, bytes) = (self.filled + taken.len(), rest);
        }
    }

    /// Searches the window.
    fn search(&mut self, mut hit: impl FnMut(Hit)) {
        let (start, window) = (self.start, &self.window[..self.filled]);
        // Lines are counted from one hit to the next.
        let (mut counted, mut lines) = (0, 0);
        for found in find(window, self.marks) {
            let (first, end) = (start + found.range.start as u64, start + found.range.end as u64);
            // Hits of the same secret do not overlap.
            if self.ends.get(&found.mark).is_some_and(|earlier| first < *earlier) {
                continue;
            }
            self.ends.insert(found.mark, end);
            let before = &window[..found.range.start];
            lines += count_lines(&before[counted..]);
            counted = before.len();
            let own_start = memrchr(b'\n', before).map_or(self.line_start, |at| start + at as u64 + 1);
            hit(Hit {
                mark: found.mark,
                form: found.form,
                line: self.line + lines,
                column: first - own_start + 1,
                context: context(window, found.range),
            });
        }
    }

    /// Makes room in the window, and keeps its end.
    fn pass(&mut self) {
        let passed = self.filled - self.overlap;
        let window = &self.window[..passed];
        self.line += count_lines(window);
        self.line_start = memrchr(b'\n', window).map_or(self.line_start, |at| self.start + at as u64 + 1);
        self.start += passed as u64;
        self.window.copy_within(passed..self.filled, 0);
        self.filled = self.overlap;
    }

    /// Fills the window; returns true at the end of the stream.
    fn fill(&mut self, from: &mut impl Read) -> io::Result<bool> {
        while self.filled < self.size {
            match from.read(&mut self.window[self.filled..]) {
                Ok(0) => return Ok(true),
                Ok(read) => self.filled += read,
                Err(error) if error.kind() == ErrorKind::Interrupted => {}
                Err(error) => return Err(error),
            }
        }
        Ok(false)
    }
}

fn count_lines(text: &[u8]) -> u64 {
    memchr_iter(b'\n', text).count() as u64
}

//! Collects what a scan finds in files or objects: hits are passed on; what was not searched is counted, and warned of.

use std::fmt::Display;
use std::io::{self, Read};

use crate::context::Context;
use crate::error::Error;
use crate::scan::{Finding, Hit, Unpacker};
use crate::secret::Marks;

/// A scan under way.
pub struct Search<'s> {
    unpacker: Unpacker<'s>,
    tally: Tally<'s>,
}

/// What was not searched.
struct Tally<'s> {
    cx: &'s Context,
    unread: usize,
    sealed: usize,
    first_sealed: Option<String>,
}

/// Called for each hit; the text is the path of the member, if it is in an archive.
pub type Tell<'t> = dyn FnMut(&str, Hit) -> Result<(), Error> + 't;

impl<'s> Search<'s> {
    /// Takes the marks of the keys to look for.
    pub fn new(marks: &'s Marks, cx: &'s Context) -> Search<'s> {
        let tally = Tally { cx, unread: 0, sealed: 0, first_sealed: None };
        Search { unpacker: Unpacker::new(marks), tally }
    }

    /// Returns true once nobody reads the output any more.
    pub fn is_over(&self) -> bool {
        self.tally.cx.out.is_over()
    }

    /// Searches a stream of this name.
    pub fn stream(&mut self, name: &dyn Display, from: impl Read, tell: &mut Tell<'_>) -> Result<(), Error> {
        let mut result = Ok(());
        self.learn(name);
        self.unpacker.scan(from, &mut |inside, finding| {
            if result.is_ok() {
                result = self.tally.take(name, inside, finding, tell);
            }
        });
        result
    }

    /// Searches a stream whose name is found out only if there is something to tell.
    pub fn unnamed(&mut self, from: impl Read) -> Findings {
        let mut all = Vec::new();
        self.unpacker.scan(from, &mut |inside, finding| all.push((inside.to_owned(), finding)));
        Findings(all)
    }

    /// Takes the findings of a stream, now that it has a name.
    pub fn named(&mut self, name: &str, findings: Findings, tell: &mut Tell<'_>) -> Result<(), Error> {
        self.learn(&name);
        findings.0.into_iter().try_for_each(|(inside, finding)| self.tally.take(&name, &inside, finding, tell))
    }

    pub fn warn(&self, message: impl Display) {
        self.tally.cx.out.warn(message);
    }

    /// Searches a name, so that a key in it is masked wherever the name is shown.
    pub fn learn(&mut self, name: &dyn Display) {
        self.unpacker.learn(name.to_string().as_bytes());
    }

    /// Counts what cannot be read.
    pub fn unread(&mut self, name: impl Display, error: &io::Error) {
        self.learn(&name);
        self.tally.unread(&name, error);
    }

    /// Counts what is not there.
    pub fn unread_many(&mut self, count: usize, message: impl Display) {
        self.tally.unread += count;
        self.warn(message);
    }

    /// Warns once of what was not unpacked, and returns how many files or members could not be read.
    pub fn finish(self) -> usize {
        let Tally { cx, unread, sealed, first_sealed } = self.tally;
        if let Some(first) = first_sealed {
            let further = if sealed == 1 { String::new() } else { format!(" and {} more", sealed - 1) };
            cx.out.warn(format_args!("{first}{further} cannot be unpacked, so keys inside are not found"));
        }
        unread
    }
}

/// What was found in one stream, each with the path of the member.
#[derive(Default)]
pub struct Findings(Vec<(String, Finding)>);

impl Findings {
    /// Returns the findings of what cannot be read.
    pub fn unread(why: &str) -> Findings {
        Findings(vec![(String::new(), Finding::Unread(io::Error::other(why)))])
    }

    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

impl Tally<'_> {
    fn take(&mut self, name: &dyn Display, inside: &str, finding: Finding, tell: &mut Tell<'_>) -> Result<(), Error> {
        let full_name = || if inside.is_empty() { name.to_string() } else { format!("{name}!{inside}") };
        match finding {
            Finding::Hit(hit) => return tell(inside, hit),
            Finding::Unread(error) => self.unread(&full_name(), &error),
            Finding::Sealed(format) => {
                self.sealed += 1;
                self.first_sealed.get_or_insert_with(|| format!("`{}` ({format})", full_name()));
            }
        }
        Ok(())
    }

    fn unread(&mut self, name: &dyn Display, error: &io::Error) {
        self.unread += 1;
        self.cx.out.warn(format_args!("cannot read `{name}`: {error}"));
    }
}

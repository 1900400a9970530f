//! The one way to the terminal. The result goes to stdout; everything else a verb has to say goes to stderr.
//!
//! Format, colour, width and quiet are decided once, when the handle is made; a verb cannot ask for them. Text that
//! came from outside is made safe for a terminal in every human sink, and left as it was in machine formats. Every known
//! secret is masked in all that leaves, unless a verb reveals it because the user asked for it.

mod cell;
mod fields;
mod jq;
mod progress;
mod record;
mod reveal;
mod rows;
mod safe;
mod settings;
mod table;
mod template;

use std::cell::RefCell;
use std::fmt::Display;
use std::io::{self, IsTerminal, Write};

use crate::secret::{self, Secret};
use anstyle::{AnsiColor, Style};
use serde::Serialize;

pub use cell::{Cell, Value};
pub use fields::Fields;
pub use jq::check as check_filter;
pub use record::{Column, Rank, Record};
pub use rows::Rows;
pub use safe::safe;
pub use settings::{Color, Format, Settings, Surroundings};
pub use template::check as check_template;

/// A result that could not be written.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The reader of the pipe went away, as `head` does.
    #[error("nobody reads the output")]
    Closed,
    /// The filter of the user failed.
    #[error("{0}")]
    Filter(String),
    #[error("cannot write the output")]
    Failed(#[source] io::Error),
}

impl From<io::Error> for Error {
    fn from(error: io::Error) -> Error {
        if error.kind() == io::ErrorKind::BrokenPipe { Error::Closed } else { Error::Failed(error) }
    }
}

impl From<serde_json::Error> for Error {
    fn from(error: serde_json::Error) -> Error {
        io::Error::from(error).into()
    }
}

impl From<csv::Error> for Error {
    fn from(error: csv::Error) -> Error {
        match error.into_kind() {
            csv::ErrorKind::Io(error) => error.into(),
            other => Error::Failed(io::Error::other(format!("{other:?}"))),
        }
    }
}

/// One side of the output and what is known about it.
struct Stream {
    to: RefCell<Box<dyn Write>>,
    color: bool,
    terminal: bool,
}

/// So much of the result is held back before it is written: few writes, and no secret that falls between two.
const ENOUGH: usize = 1 << 16;

/// What a result goes through before it leaves.
enum Filter {
    Jq(jq::Filter),
    Template(template::Template),
}

impl Filter {
    /// Takes what a run chose; it was checked before.
    fn of(settings: &Settings) -> Option<Filter> {
        let jq = || Some(Filter::Jq(jq::Filter::new(settings.jq.as_deref()?).ok()?));
        let template = || Some(Filter::Template(template::Template::new(settings.template.as_deref()?).ok()?));
        jq().or_else(template)
    }

    fn run(&self, json: &[u8], to: &mut Vec<u8>) -> Result<(), String> {
        match self {
            Filter::Jq(filter) => filter.run(json, to),
            Filter::Template(template) => template.run(json, to),
        }
    }
}

/// The handle that verbs write through.
pub struct Output {
    format: Format,
    quiet: bool,
    out: Stream,
    err: Stream,
    /// True where nothing may move: in CI, and on a terminal that cannot.
    still: bool,
    /// What a result goes through.
    filter: Option<Filter>,
    /// What has not left for stdout yet.
    held: RefCell<Vec<u8>>,
    /// The one secret that may leave for stdout now.
    revealed: RefCell<Option<Secret>>,
    /// Why stdout failed where nobody could be told; the next who writes there is.
    broken: RefCell<Option<Error>>,
    /// The width of the terminal that a table has to fit; none in a pipe.
    width: Option<usize>,
}

impl Output {
    /// Takes the process's own stdout and stderr.
    pub fn new(settings: &Settings) -> Output {
        let (out, err) = (io::stdout(), io::stderr());
        let (out_terminal, err_terminal) = (out.is_terminal(), err.is_terminal());
        // Standard output's own buffer would write every line by itself.
        let out = Stream::new(unbuffered(out), out_terminal, settings);
        let err = Stream::new(Box::new(err), err_terminal, settings);
        let width = || table::terminal_width().or(settings.surroundings.columns).unwrap_or(80);
        let width = (out_terminal && settings.format == Format::Table).then(width);
        let (format, quiet) = (settings.format, settings.quiet);
        let (held, broken) = (RefCell::default(), RefCell::default());
        let still = settings.ci || settings.surroundings.dumb;
        let filter = Filter::of(settings);
        Output { format, quiet, still, filter, out, err, held, revealed: RefCell::default(), broken, width }
    }

    /// Returns true where the result is read by a program.
    pub fn is_machine(&self) -> bool {
        self.format != Format::Table
    }

    /// Returns true where a map is wanted.
    pub fn is_map(&self) -> bool {
        self.format == Format::Geojson
    }

    /// Returns true where rows are wanted that other programs read.
    pub fn is_csv(&self) -> bool {
        self.format == Format::Csv
    }

    /// Returns true where each item is wanted in a line of its own.
    pub fn is_lines(&self) -> bool {
        self.format == Format::Ndjson
    }

    /// Returns true where findings are wanted for a system that keeps lists of them.
    pub fn is_sarif(&self) -> bool {
        self.format == Format::Sarif
    }

    /// Returns true where a document has to be whole before it can leave.
    fn waits_for_the_whole(&self) -> bool {
        self.filter.is_some() && self.format == Format::Json
    }

    /// Returns true where a person watches stdout.
    pub fn is_watched(&self) -> bool {
        self.out.terminal
    }

    /// Returns how many lines the terminal has; none in a pipe.
    pub fn height(&self) -> Option<usize> {
        table::terminal_height().filter(|_| self.out.terminal)
    }

    /// Returns true where stdout is the null device: a closed one becomes that when a program starts.
    pub fn goes_nowhere(&self) -> bool {
        goes_nowhere()
    }

    /// Starts a listing.
    pub fn rows<R: Record>(&self, fields: &Fields<R>) -> Rows<'_, R> {
        Rows::new(self, fields)
    }

    /// Writes one record: a card for people, an object or a row for machines.
    pub fn item<R: Record>(&self, record: &R, fields: &Fields<R>) -> Result<(), Error> {
        match self.format {
            Format::Table => self.text(&table::card(record, fields, self)),
            Format::Json | Format::Sarif => self.write(|out| {
                fields.write_pretty(record, &mut *out)?;
                Ok(out.write_all(b"\n")?)
            }),
            Format::Ndjson | Format::Csv | Format::Geojson => {
                let mut rows = self.rows(fields);
                rows.push(record)?;
                rows.finish()
            }
        }
    }

    /// Writes a record as one line of JSON, whatever the format, and sees it off.
    pub fn line(&self, record: &impl Serialize) -> Result<(), Error> {
        self.write(|out| {
            serde_json::to_writer(&mut *out, record)?;
            out.push(b'\n');
            Ok(())
        })?;
        self.flush()
    }

    /// Makes room for what is shown anew, where a person watches.
    pub fn clear_screen(&self) -> Result<(), Error> {
        if self.out.terminal && !self.still { self.text("\x1b[H\x1b[2J") } else { Ok(()) }
    }

    /// Says what was changed: a sentence for people, the record for machines.
    pub fn done<R: Record>(&self, sentence: impl Display, record: &R) -> Result<(), Error> {
        if self.is_machine() {
            self.item(record, &Fields::all())?;
        }
        self.status(sentence);
        Ok(())
    }

    /// Writes text to stdout as it is, whatever the format.
    pub fn text(&self, text: &str) -> Result<(), Error> {
        self.bytes(text.as_bytes())
    }

    /// Writes bytes to stdout as they are, whatever the format, and sees them off.
    pub fn bytes(&self, bytes: &[u8]) -> Result<(), Error> {
        self.write(|out| Ok(out.write_all(bytes)?))?;
        self.flush()
    }

    /// Tells a person how things stand; nothing with `--quiet`.
    pub fn status(&self, sentence: impl Display) {
        if !self.quiet {
            self.say(None, &sentence.to_string());
        }
    }

    /// Warns, even with `--quiet`.
    pub fn warn(&self, sentence: impl Display) {
        self.say(Some(("warning", AnsiColor::Yellow)), &sentence.to_string());
    }

    /// Names an error, and under it its causes.
    pub fn error(&self, sentence: impl Display, causes: &[String]) {
        self.say(Some(("error", AnsiColor::Red)), &sentence.to_string());
        for cause in causes {
            let mut indent = "  because: ";
            for line in cause.lines() {
                self.say(None, &format!("{indent}{line}"));
                indent = "           ";
            }
        }
    }

    /// Names the way out of an error.
    pub fn hint(&self, sentence: impl Display) {
        self.say(Some(("hint", AnsiColor::Cyan)), &sentence.to_string());
    }

    /// Writes a line of JSON to stderr: an error for a program.
    pub fn error_json(&self, value: &impl Serialize) {
        self.flush_before();
        if let Ok(line) = serde_json::to_string(value) {
            let _ = writeln!(self.err.to.borrow_mut(), "{}", secret::mask(&line));
        }
    }

    /// Sees everything off that was written to stdout.
    pub fn flush(&self) -> Result<(), Error> {
        if let Some(error) = self.broken.take() {
            return Err(error);
        }
        let mut held = self.held.borrow_mut();
        if let Some(filter) = &self.filter {
            let json = std::mem::take(&mut *held);
            filter.run(&json, &mut held).map_err(Error::Filter)?;
        }
        let mut out = self.out.to.borrow_mut();
        let masked = secret::mask_bytes(&held, self.revealed.borrow().as_ref());
        let written = out.write_all(&masked).and_then(|()| out.flush());
        drop(masked);
        // What could not be written now will not be written later either.
        held.clear();
        Ok(written?)
    }

    /// Forgets what has not left yet.
    fn drop_held(&self) {
        self.held.borrow_mut().clear();
    }

    /// What was written before must stand before, where both streams are one terminal.
    fn flush_before(&self) {
        if let Err(error) = self.flush() {
            self.broken.replace(Some(error));
        }
    }

    /// One line on stderr, whatever it holds: words of others must not look like lines of ours. That it may get lost is no
    /// reason to fail, since there is nobody left to tell.
    fn say(&self, label: Option<(&str, AnsiColor)>, sentence: &str) {
        self.flush_before();
        let mut err = self.err.to.borrow_mut();
        let masked = secret::mask(sentence);
        let sentence = safe(&masked);
        let _ = match label {
            Some((label, color)) if self.err.color => {
                let style = Style::new().bold().fg_color(Some(color.into()));
                writeln!(err, "{style}{label}:{style:#} {sentence}")
            }
            Some((label, _)) => writeln!(err, "{label}: {sentence}"),
            None => writeln!(err, "{sentence}"),
        };
    }

    /// Returns a heading, bold where stdout has colour.
    fn bold(&self, heading: &str) -> String {
        let style = Style::new().bold();
        if self.out.color { format!("{style}{heading}{style:#}") } else { heading.to_owned() }
    }

    fn write(&self, with: impl FnOnce(&mut Vec<u8>) -> Result<(), Error>) -> Result<(), Error> {
        with(&mut self.held.borrow_mut())?;
        if self.held.borrow().len() < ENOUGH || self.filter.is_some() { Ok(()) } else { self.flush() }
    }
}

impl Stream {
    fn new(to: Box<dyn Write>, terminal: bool, settings: &Settings) -> Stream {
        let color = settings::is_colored(settings.color, &settings.surroundings, terminal);
        Stream { to: RefCell::new(to), color, terminal }
    }
}

#[cfg(unix)]
fn unbuffered(out: io::Stdout) -> Box<dyn Write> {
    use std::os::fd::AsFd;
    match out.as_fd().try_clone_to_owned() {
        Ok(descriptor) => Box::new(std::fs::File::from(descriptor)),
        Err(_) => Box::new(out),
    }
}

#[cfg(unix)]
fn goes_nowhere() -> bool {
    use std::os::fd::AsFd;
    use std::os::unix::fs::MetadataExt;
    let own =
        io::stdout().as_fd().try_clone_to_owned().and_then(|descriptor| std::fs::File::from(descriptor).metadata());
    match (own, std::fs::metadata("/dev/null")) {
        (Ok(own), Ok(null)) => own.rdev() == null.rdev() && own.rdev() != 0,
        _ => false,
    }
}

#[cfg(not(unix))]
fn goes_nowhere() -> bool {
    false
}

#[cfg(not(unix))]
fn unbuffered(out: io::Stdout) -> Box<dyn Write> {
    Box::new(out)
}

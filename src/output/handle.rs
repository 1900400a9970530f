//! The handle that every verb writes through, on whichever thread it is: two streams, and what was decided about them.
//!
//! It knows bytes and sentences, and nothing of records.

use std::fmt::Display;
use std::io::{self, IsTerminal, Write};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};

use anstyle::{AnsiColor, Style};
use serde::Serialize;

use super::error::Error;
use super::safe::safe;
use super::settings::{self, Format, Settings};
use super::{jq, template};
use crate::secret::{self, Secret};

/// One side of the output and what is known about it.
pub(super) struct Stream {
    pub(super) to: Mutex<Box<dyn Write + Send>>,
    color: bool,
    pub(super) terminal: bool,
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

    fn run(&self, json: &[u8], to: &mut Vec<u8>, said: &mut String) -> Result<jq::Ending, String> {
        match self {
            Filter::Jq(filter) => filter.run(json, to, said),
            Filter::Template(template) => template.run(json, to).map(|()| jq::Ending::GoesOn),
        }
    }
}

/// The handle that verbs write through.
pub struct Output {
    pub(super) format: Format,
    pub(super) quiet: bool,
    pub(super) out: Stream,
    pub(super) err: Stream,
    /// True where nothing may move: in CI, and on a terminal that cannot.
    pub(super) still: bool,
    /// What a result goes through.
    filter: Option<Filter>,
    /// What has not left for stdout yet.
    pub(super) held: Mutex<Vec<u8>>,
    /// The one secret that may leave for stdout now.
    pub(super) revealed: Mutex<Option<Secret>>,
    /// True once the filter wants no more.
    halted: AtomicBool,
    /// Why stdout failed where nobody could be told; the next who writes there is.
    broken: Mutex<Option<Error>>,
    /// The width of the terminal that a table has to fit; none in a pipe.
    pub(super) width: Option<usize>,
}

impl Output {
    /// Takes the process's own stdout and stderr.
    pub fn new(settings: &Settings) -> Output {
        let (out, err) = (io::stdout(), io::stderr());
        let (out_terminal, err_terminal) = (out.is_terminal(), err.is_terminal());
        // Standard output's own buffer would write every line by itself.
        let out = Stream::new(unbuffered(out), out_terminal, settings);
        let err = Stream::new(Box::new(err), err_terminal, settings);
        let width = || terminal_width().or(settings.surroundings.columns).unwrap_or(80);
        let width = (out_terminal && settings.format == Format::Table).then(width);
        let (format, quiet) = (settings.format, settings.quiet);
        let (held, broken) = (Mutex::default(), Mutex::default());
        let still = settings.ci || settings.surroundings.dumb;
        let filter = Filter::of(settings);
        Output {
            format,
            quiet,
            still,
            filter,
            out,
            err,
            held,
            revealed: Mutex::default(),
            halted: AtomicBool::new(false),
            broken,
            width,
        }
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
    pub(super) fn waits_for_the_whole(&self) -> bool {
        self.filter.is_some() && self.format == Format::Json
    }

    /// Returns true where a person watches stdout.
    pub fn is_watched(&self) -> bool {
        self.out.terminal
    }

    /// Returns how many lines the terminal has; none in a pipe.
    pub fn height(&self) -> Option<usize> {
        terminal_height().filter(|_| self.out.terminal)
    }

    /// Returns true where stdout is the null device: a closed one becomes that when a program starts.
    pub fn goes_nowhere(&self) -> bool {
        goes_nowhere()
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

    /// Writes paragraphs of our own to stderr, in colour where there is any.
    pub fn paragraphs(&self, plain: &str, colored: &str) {
        self.flush_before();
        let text = secret::mask(if self.err.color { colored } else { plain });
        let _ = lock(&self.err.to).write_all(text.as_bytes());
    }

    /// Writes a line of JSON to stderr: an error for a program.
    pub fn error_json(&self, value: &impl Serialize) {
        self.flush_before();
        if let Ok(line) = serde_json::to_string(value) {
            let _ = writeln!(lock(&self.err.to), "{}", secret::mask(&line));
        }
    }

    /// Sees everything off that was written to stdout.
    pub fn flush(&self) -> Result<(), Error> {
        if let Some(error) = lock(&self.broken).take() {
            return Err(error);
        }
        let (mut held, mut said, mut ending) = (lock(&self.held), String::new(), Ok(jq::Ending::GoesOn));
        if let Some(filter) = &self.filter {
            let json = std::mem::take(&mut *held);
            ending = filter.run(&json, &mut held, &mut said);
        }
        let mut out = lock(&self.out.to);
        let masked = secret::mask_bytes(&held, lock(&self.revealed).as_ref());
        let written = out.write_all(&masked).and_then(|()| out.flush());
        drop(masked);
        // What could not be written now will not be written later either.
        held.clear();
        drop((held, out));
        said.lines().for_each(|line| self.write_line(None, line));
        written?;
        match ending {
            Ok(jq::Ending::GoesOn) => Ok(()),
            Ok(jq::Ending::Halted) => {
                self.halted.store(true, Ordering::Relaxed);
                Ok(())
            }
            Err(problem) => Err(Error::Filter(problem)),
        }
    }

    /// Returns true once a filter wants no more.
    pub fn is_halted(&self) -> bool {
        self.halted.load(Ordering::Relaxed)
    }

    /// Forgets what has not left yet.
    pub(super) fn drop_held(&self) {
        lock(&self.held).clear();
    }

    /// What was written before must stand before, where both streams are one terminal.
    pub(super) fn flush_before(&self) {
        if self.waits_for_the_whole() {
            return;
        }
        if let Err(error) = self.flush() {
            *lock(&self.broken) = Some(error);
        }
    }

    /// One line on stderr, whatever it holds: words of others must not look like lines of ours. That it may get lost is no
    /// reason to fail, since there is nobody left to tell.
    fn say(&self, label: Option<(&str, AnsiColor)>, sentence: &str) {
        self.flush_before();
        self.write_line(label, sentence);
    }

    fn write_line(&self, label: Option<(&str, AnsiColor)>, sentence: &str) {
        let mut err = lock(&self.err.to);
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
    pub(super) fn bold(&self, heading: &str) -> String {
        let style = Style::new().bold();
        if self.out.color { format!("{style}{heading}{style:#}") } else { heading.to_owned() }
    }

    pub(super) fn write(&self, with: impl FnOnce(&mut Vec<u8>) -> Result<(), Error>) -> Result<(), Error> {
        // A filter that wants no more is as a reader that went away.
        if self.is_halted() {
            return Err(Error::Closed);
        }
        let length = {
            let mut held = lock(&self.held);
            with(&mut held)?;
            held.len()
        };
        if length < ENOUGH || self.filter.is_some() { Ok(()) } else { self.flush() }
    }
}

impl Stream {
    fn new(to: Box<dyn Write + Send>, terminal: bool, settings: &Settings) -> Stream {
        let color = settings::is_colored(settings.color, &settings.surroundings, terminal);
        Stream { to: Mutex::new(to), color, terminal }
    }
}

#[cfg(unix)]
fn unbuffered(out: io::Stdout) -> Box<dyn Write + Send> {
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
fn unbuffered(out: io::Stdout) -> Box<dyn Write + Send> {
    Box::new(out)
}

/// What a thread that panicked left behind is written all the same.
pub(super) fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Returns the width of the terminal that stdout is.
fn terminal_width() -> Option<usize> {
    let (width, _) = terminal_size::terminal_size_of(io::stdout())?;
    Some(usize::from(width.0)).filter(|columns| *columns > 0)
}

fn terminal_height() -> Option<usize> {
    let (_, height) = terminal_size::terminal_size_of(io::stdout())?;
    Some(usize::from(height.0)).filter(|lines| *lines > 0)
}

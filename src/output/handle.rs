//! The handle that every verb writes through, on whichever thread it is: two streams, and what was decided about them.
//!
//! It knows bytes and sentences, and nothing of records.

use std::io::{self, IsTerminal, Write};
use std::ops::ControlFlow;
use std::path::Path;
use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, Ordering};

use anstyle::Style;
use serde::Serialize;

use super::error::Error;
use super::file::ResultFile;
use super::filter::Filter;
use super::pager::{Delivery, Paging};
use super::safe::safe;
use super::settings::{Format, Settings};
use super::stream::{self, Stream, lock};
use super::{filter, jq, yaml};
use crate::secret::{self, Secret};

/// So much of the result is held back before it is written: few writes, and no secret that falls between two.
const ENOUGH: usize = 1 << 16;

/// Paragraphs are no wider than that.
const WIDEST: usize = 80;

/// The handle that verbs write through.
pub struct Output {
    pub(super) format: Format,
    pub(super) quiet: bool,
    /// True where rows come without a header.
    pub(super) no_headers: bool,
    pub(super) out: Stream,
    pub(super) err: Stream,
    /// True where nothing may move: in CI, on a terminal that cannot, and for who hears what stands there.
    pub(super) still: bool,
    /// True for who hears or feels what stands there, and sees no columns.
    pub(super) accessible: bool,
    /// What a result goes through.
    filter: Option<Filter>,
    /// What has not left for stdout yet.
    pub(super) held: Mutex<Vec<u8>>,
    /// The one secret that may leave for stdout now.
    pub(super) revealed: Mutex<Option<Secret>>,
    /// True once the filter wants no more.
    halted: AtomicBool,
    /// True where what is written can be had but once, so that no filter may lose or quote it.
    pub(super) unrepeatable: AtomicBool,
    /// True once the revealed secret left, in whatever form.
    pub(super) has_left: AtomicBool,
    /// Why stdout failed. It is told once, at the end: no fault of the output stands in for what a command found out.
    fault: Mutex<Option<Error>>,
    /// The width of the terminal that a table has to fit; none in a pipe.
    pub(super) width: Option<usize>,
    pub(super) paging: Paging,
    /// True where nobody asked for a format that programs read.
    is_for_people: bool,
    /// The file that takes the place of stdout.
    file: Option<ResultFile>,
}

impl Output {
    /// Takes the process's own stdout and stderr.
    pub fn new(settings: &Settings) -> Output {
        let (out, err) = (io::stdout(), io::stderr());
        let (out_terminal, err_terminal) = (out.is_terminal(), err.is_terminal());
        #[cfg(windows)]
        stream::understand_sequences();
        // Standard output's own buffer would write every line by itself.
        let out = Stream::new(stream::unbuffered(out), out_terminal, settings);
        let err = Stream::new(stream::patient(err), err_terminal, settings);
        let width = || stream::terminal_width().or(settings.surroundings.columns).unwrap_or(80);
        let width = (out_terminal && settings.format == Format::Table).then(width);
        let (format, quiet) = (settings.format, settings.quiet);
        let (held, fault) = (Mutex::default(), Mutex::default());
        let accessible = settings.accessible;
        let cannot_move = settings.ci || settings.surroundings.dumb;
        let still = cannot_move || accessible;
        let filter = Filter::of(settings);
        Output {
            format,
            quiet,
            no_headers: settings.no_headers,
            still,
            accessible,
            filter,
            out,
            err,
            held,
            revealed: Mutex::default(),
            halted: AtomicBool::new(false),
            unrepeatable: AtomicBool::new(false),
            has_left: AtomicBool::new(false),
            fault,
            is_for_people: settings.is_for_people,
            paging: Paging::new(settings, width.is_some() && !cannot_move),
            width,
            file: None,
        }
    }

    /// Has the result go to a file instead of stdout.
    pub fn into_file(mut self, path: &Path, settings: &Settings) -> Result<Output, Error> {
        let (file, writer) = ResultFile::open(path)?;
        (self.out, self.width, self.file) = (Stream::new(writer, false, settings), None, Some(file));
        Ok(self)
    }

    /// Puts that file in its place, once all that belongs in it is there.
    pub fn put_file(&self) -> Result<(), Error> {
        self.file.as_ref().map_or(Ok(()), ResultFile::put)
    }

    /// Returns that file, if it has not been put.
    pub fn missed_file(&self) -> Option<&Path> {
        self.file.as_ref()?.missed()
    }

    /// Returns true where the result is read by a program.
    pub fn is_machine(&self) -> bool {
        self.format != Format::Table
    }

    /// Returns true where a program reads what stands on stderr.
    pub fn speaks_json(&self) -> bool {
        self.is_machine() && !(self.is_for_people && self.err.terminal)
    }

    /// Returns true where a map is wanted.
    pub fn is_map(&self) -> bool {
        self.format == Format::Geojson
    }

    /// Returns true where rows are wanted that other programs read.
    pub fn is_csv(&self) -> bool {
        matches!(self.format, Format::Csv | Format::Tsv)
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

    /// Returns the width for paragraphs: that of a terminal, but no more than is read easily.
    pub fn columns(&self) -> usize {
        self.width.unwrap_or(WIDEST).min(WIDEST)
    }

    /// Returns how many lines the terminal has; none in a pipe.
    pub fn height(&self) -> Option<usize> {
        stream::terminal_height().filter(|_| self.out.terminal)
    }

    /// Returns true where stdout is the null device: a closed one becomes that when a program starts.
    pub fn is_null_device(&self) -> bool {
        stream::is_null_device()
    }

    /// Writes a record as one line of JSON, or as one document of YAML, and sees it off.
    pub fn line(&self, record: &impl Serialize) -> Result<(), Error> {
        self.write(|out| {
            if self.format == Format::Yaml {
                out.extend_from_slice(b"---\n");
                return yaml::document(&serde_json::to_vec(record)?, out);
            }
            serde_json::to_writer(&mut *out, record)?;
            out.push(b'\n');
            Ok(())
        })?;
        self.flush()
    }

    /// Writes a JSON text as it came, unless YAML is wanted, and sees it off.
    pub fn document(&self, json: &[u8]) -> Result<(), Error> {
        if self.format != Format::Yaml {
            return self.bytes(json);
        }
        let mut text = Vec::new();
        match yaml::document(json, &mut text) {
            // JSON is better than nothing of what can be had but once.
            Err(_) if self.unrepeatable.load(Ordering::Relaxed) => self.bytes(json),
            written => written.and_then(|()| self.bytes(&text)),
        }
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

    /// Sees everything off that was written to stdout. What goes wrong there is kept for [`Output::finish`], and all later words
    /// are dropped, unless it is a secret that has to arrive.
    pub fn flush(&self) -> Result<(), Error> {
        let flushed = self.try_flush();
        if lock(&self.revealed).is_some() {
            return flushed;
        }
        if let Err(fault) = flushed {
            lock(&self.fault).get_or_insert(fault);
        }
        Ok(())
    }

    /// Sees the rest off, waits until a pager was left, and returns what was wrong with stdout.
    pub fn finish(&self) -> Result<(), Error> {
        let flushed = self.flush();
        self.end_paging();
        flushed?;
        lock(&self.fault).take().map_or(Ok(()), Err)
    }

    /// Fails where nothing reaches stdout any more.
    pub fn ensure_open(&self) -> Result<(), Error> {
        match &*lock(&self.fault) {
            Some(Error::Failed(error)) => Err(Error::Failed(error.kind().into())),
            Some(Error::BrokenPipe | Error::Filter(_) | Error::File { .. }) => Err(Error::BrokenPipe),
            None if self.is_halted() => Err(Error::BrokenPipe),
            None => Ok(()),
        }
    }

    /// Returns true once nobody takes any more: the reader went away, the disk is full, or a filter has enough.
    pub fn is_over(&self) -> bool {
        self.ensure_open().is_err()
    }

    fn try_flush(&self) -> Result<(), Error> {
        let mut held = lock(&self.held);
        let (mut said, mut ending, mut sent) = (String::new(), Ok(jq::Ending::GoesOn), Ok(()));
        if let Some(filter) = &self.filter {
            let json = std::mem::take(&mut *held);
            let is_once = self.unrepeatable.load(Ordering::Relaxed);
            if is_once || lock(&self.revealed).is_some() {
                ending = filter.run_whole(&json, &mut held, &mut said);
            } else {
                ending = filter.run(&json, &mut held, &mut said, &mut |made, said| {
                    let leaving = filter::leaving(made);
                    sent = self.send(&made[..leaving]);
                    made.drain(..leaving);
                    self.pass_on(&std::mem::take(said));
                    if sent.is_ok() { ControlFlow::Continue(()) } else { ControlFlow::Break(()) }
                });
            }
            if ending.is_err() && is_once {
                // What a filter says may quote a value, and this may hold a secret that nobody knows of yet.
                (*held, said) = (json, String::new());
                ending = Err("the filter fails on the answer, which is written as it came".to_owned());
            }
        }
        let sent = sent.and_then(|()| self.send(&held));
        // What could not be written now will not be written later either.
        held.clear();
        drop(held);
        self.pass_on(&said);
        sent?;
        match ending {
            Ok(jq::Ending::GoesOn) => Ok(()),
            Ok(jq::Ending::Halted) => {
                self.halted.store(true, Ordering::Relaxed);
                Ok(())
            }
            Err(problem) => Err(Error::Filter(problem)),
        }
    }

    /// Writes bytes to stdout, with every secret masked but for the one that may leave.
    fn send(&self, bytes: &[u8]) -> io::Result<()> {
        let mut out = lock(&self.out.to);
        let revealed = lock(&self.revealed).clone();
        let masked = secret::mask_bytes(bytes, revealed.as_ref());
        if revealed.is_some() && secret::mask_bytes(bytes, None) != masked {
            self.has_left.store(true, Ordering::Relaxed);
        }
        let screen = (self.width.unwrap_or(usize::MAX), self.height());
        let Delivery { written, problem } = self.paging.deliver(&masked, &mut **out, screen);
        drop(out);
        self.tell_of_pager(problem);
        written
    }

    /// Writes to stderr what a filter says: its author wants to read it there.
    fn pass_on(&self, said: &str) {
        said.lines().for_each(|line| self.write_err(format!("{}\n", safe(&secret::mask(line))).as_bytes()));
    }

    /// Says that what is written from now on can be had but once, such as the answer to what changed something.
    pub fn is_unrepeatable(&self) {
        self.unrepeatable.store(true, Ordering::Relaxed);
    }

    /// Returns true where a filter decides what is written.
    pub(super) fn has_filter(&self) -> bool {
        self.filter.is_some()
    }

    /// Returns true once a filter wants no more.
    fn is_halted(&self) -> bool {
        self.halted.load(Ordering::Relaxed)
    }

    /// Forgets what has not left yet.
    pub(super) fn drop_held(&self) {
        lock(&self.held).clear();
    }

    /// What was written before must stand before, where both streams are one terminal.
    pub(super) fn flush_before(&self) {
        if self.waits_for_the_whole() || self.paging.veil.is_drawn() {
            return;
        }
        if let Err(fault) = self.try_flush() {
            lock(&self.fault).get_or_insert(fault);
        }
    }

    /// Returns a heading, bold where stdout has colour.
    pub(super) fn bold(&self, heading: &str) -> String {
        let style = Style::new().bold();
        if self.out.color { format!("{style}{heading}{style:#}") } else { heading.to_owned() }
    }

    pub(super) fn write(&self, with: impl FnOnce(&mut Vec<u8>) -> Result<(), Error>) -> Result<(), Error> {
        if self.is_over() {
            return if lock(&self.revealed).is_some() { self.ensure_open() } else { Ok(()) };
        }
        let length = {
            let mut held = lock(&self.held);
            with(&mut held)?;
            held.len()
        };
        if length < ENOUGH || self.filter.is_some() { Ok(()) } else { self.flush() }
    }
}

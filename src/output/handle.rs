//! The handle that every verb writes through, from any thread: two streams, and the decisions about them.
//!
//! It handles bytes and sentences, and knows nothing of records.

use std::collections::BTreeSet;
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

/// How much of the result is buffered: this saves writes, and no secret is split between two of them.
const ENOUGH: usize = 1 << 16;

/// The widest line of a paragraph.
const WIDEST: usize = 80;

/// The handle that verbs write through.
pub struct Output {
    pub(super) format: Format,
    pub(super) quiet: bool,
    /// True if rows are printed without a header.
    pub(super) no_headers: bool,
    pub(super) out: Stream,
    pub(super) err: Stream,
    /// True if nothing may move: in CI, on a dumb terminal, and for a screen reader.
    pub(super) no_animation: bool,
    /// True for a user of a screen reader or a Braille display, to whom columns mean nothing.
    pub(super) accessible: bool,
    /// The filter that a result passes through.
    filter: Option<Filter>,
    /// Output that was not written to stdout yet.
    pub(super) buffer: Mutex<Vec<u8>>,
    /// The only secret that may be written to stdout now.
    pub(super) revealed: Mutex<Option<Secret>>,
    /// True once the filter has halted.
    halted: AtomicBool,
    /// What was warned of once, by topic.
    pub(super) warned: Mutex<BTreeSet<&'static str>>,
    /// True if the output cannot be produced again, so that no filter may lose or quote it.
    pub(super) unrepeatable: AtomicBool,
    /// True once the revealed secret was written, in any encoding.
    pub(super) secret_written: AtomicBool,
    /// Why stdout failed. It is reported once, at the end: an output failure does not replace the result of the
    /// command.
    fault: Mutex<Option<Error>>,
    /// The terminal's width, which a table has to fit; `None` for a pipe.
    pub(super) width: Option<usize>,
    pub(super) paging: Paging,
    /// True if the user requested no machine format.
    is_for_people: bool,
    /// The file that replaces stdout.
    file: Option<ResultFile>,
}

impl Output {
    /// Takes the process's own stdout and stderr.
    pub fn new(settings: &Settings) -> Output {
        let (out, err) = (io::stdout(), io::stderr());
        let (out_terminal, err_terminal) = (out.is_terminal(), err.is_terminal());
        #[cfg(windows)]
        stream::understand_sequences();
        // The buffer of `Stdout` would write every line separately.
        let out = Stream::new(stream::unbuffered(out), out_terminal, settings);
        let err = Stream::new(stream::blocking(err), err_terminal, settings);
        let width = || stream::terminal_width().or(settings.terminal_env.columns).unwrap_or(80);
        let width = (out_terminal && settings.format == Format::Table).then(width);
        let (format, quiet) = (settings.format, settings.quiet);
        let (buffer, fault) = (Mutex::default(), Mutex::default());
        let accessible = settings.accessible;
        let cannot_move = settings.ci || settings.terminal_env.dumb;
        let no_animation = cannot_move || accessible;
        let filter = Filter::of(settings);
        Output {
            format,
            quiet,
            no_headers: settings.no_headers,
            no_animation,
            accessible,
            filter,
            out,
            err,
            buffer,
            revealed: Mutex::default(),
            warned: Mutex::default(),
            halted: AtomicBool::new(false),
            unrepeatable: AtomicBool::new(false),
            secret_written: AtomicBool::new(false),
            fault,
            is_for_people: settings.is_for_people,
            paging: Paging::new(settings, width.is_some() && !cannot_move),
            width,
            file: None,
        }
    }

    /// Redirects the result from stdout to a file.
    pub fn into_file(mut self, path: &Path, settings: &Settings) -> Result<Output, Error> {
        let (file, writer) = ResultFile::open(path)?;
        (self.out, self.width, self.file) = (Stream::new(writer, false, settings), None, Some(file));
        Ok(self)
    }

    /// Gives the file its name, once it is complete.
    pub fn put_file(&self) -> Result<(), Error> {
        self.file.as_ref().map_or(Ok(()), ResultFile::put)
    }

    /// Returns the file's path, if the file was not put there.
    pub fn missed_file(&self) -> Option<&Path> {
        self.file.as_ref()?.missed()
    }

    /// Returns true for a user to whom columns mean nothing.
    pub fn is_accessible(&self) -> bool {
        self.accessible
    }

    /// Returns true if the result is for a program.
    pub fn is_machine(&self) -> bool {
        self.format != Format::Table
    }

    /// Returns true if stderr is for a program.
    pub fn speaks_json(&self) -> bool {
        self.is_machine() && !(self.is_for_people && self.err.terminal)
    }

    /// Returns true if the format is a map.
    pub fn is_map(&self) -> bool {
        self.format == Format::Geojson
    }

    /// Returns true if the format is CSV or TSV.
    pub fn is_csv(&self) -> bool {
        matches!(self.format, Format::Csv | Format::Tsv)
    }

    /// Returns true if the format has one line for each item.
    pub fn is_lines(&self) -> bool {
        self.format == Format::Ndjson
    }

    /// Returns true if the format is SARIF.
    pub fn is_sarif(&self) -> bool {
        self.format == Format::Sarif
    }

    /// Returns true if a document must be complete before it is written.
    pub(super) fn waits_for_the_whole(&self) -> bool {
        self.format == Format::Json && self.filter.as_ref().is_some_and(|filter| !filter.takes_items())
    }

    /// Makes the filter take the list that follows item by item, and returns true, if its outputs are the same then.
    pub(super) fn filter_items(&self) -> bool {
        self.format == Format::Json && self.filter.as_ref().is_some_and(Filter::take_items)
    }

    /// Returns true if stdout is a terminal.
    pub fn is_watched(&self) -> bool {
        self.out.terminal
    }

    /// Returns the width for paragraphs: that of the terminal, up to what is easy to read.
    pub fn columns(&self) -> usize {
        self.width.unwrap_or(WIDEST).min(WIDEST)
    }

    /// Returns the number of lines of the terminal; `None` for a pipe.
    pub fn height(&self) -> Option<usize> {
        if self.out.terminal { stream::terminal_height() } else { None }
    }

    /// Returns true if stdout is the null device; a closed stdout becomes that when a program starts.
    pub fn is_null_device(&self) -> bool {
        stream::is_null_device()
    }

    /// Writes a record as one line of JSON, or as one YAML document, and flushes.
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

    /// Writes a JSON text unchanged, or converted if the format is YAML, and flushes.
    pub fn document(&self, json: &[u8]) -> Result<(), Error> {
        if self.format != Format::Yaml {
            return self.bytes(json);
        }
        let mut text = Vec::new();
        match yaml::document(json, &mut text) {
            // JSON is better than nothing if the output cannot be produced again.
            Err(_) if self.unrepeatable.load(Ordering::Relaxed) => self.bytes(json),
            written => written.and_then(|()| self.bytes(&text)),
        }
    }

    /// Writes text to stdout unchanged, whatever the format.
    pub fn text(&self, text: &str) -> Result<(), Error> {
        self.bytes(text.as_bytes())
    }

    /// Writes bytes to stdout unchanged, whatever the format, and flushes.
    pub fn bytes(&self, bytes: &[u8]) -> Result<(), Error> {
        self.write(|out| Ok(out.write_all(bytes)?))?;
        self.flush()
    }

    /// Flushes stdout. A failure is kept for [`Output::finish`], and later output is dropped, except for a secret:
    /// then the caller has to know.
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

    /// Flushes, waits until the user leaves the pager, and returns what was wrong with stdout.
    pub fn finish(&self) -> Result<(), Error> {
        let flushed = self.flush();
        self.end_paging();
        flushed?;
        lock(&self.fault).take().map_or(Ok(()), Err)
    }

    /// Fails if no output reaches stdout any more.
    pub fn ensure_open(&self) -> Result<(), Error> {
        match &*lock(&self.fault) {
            Some(Error::Failed(error)) => Err(Error::Failed(error.kind().into())),
            Some(Error::BrokenPipe | Error::Filter(_) | Error::File { .. }) => Err(Error::BrokenPipe),
            None if self.is_halted() => Err(Error::BrokenPipe),
            None => Ok(()),
        }
    }

    /// Returns true once output is pointless: the reader has closed the pipe, the disk is full, or the filter has
    /// halted.
    pub fn is_over(&self) -> bool {
        self.ensure_open().is_err()
    }

    fn try_flush(&self) -> Result<(), Error> {
        let mut held = lock(&self.buffer);
        let (mut said, mut ending, mut sent) = (String::new(), Ok(jq::Ending::Continues), Ok(()));
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
                // The filter's error may quote a value, and this one may contain a secret that is not registered yet.
                (*held, said) = (json, String::new());
                ending = Err("the filter fails on the answer, which is written as it came".to_owned());
            }
        }
        let sent = sent.and_then(|()| self.send(&held));
        // Output that could not be written now will not be written later either.
        held.clear();
        drop(held);
        self.pass_on(&said);
        sent?;
        match ending {
            Ok(jq::Ending::Continues) => Ok(()),
            Ok(jq::Ending::Halted) => {
                self.halted.store(true, Ordering::Relaxed);
                Ok(())
            }
            Err(problem) => Err(Error::Filter(problem)),
        }
    }

    /// Writes bytes to stdout, with every secret masked except the revealed one.
    fn send(&self, bytes: &[u8]) -> io::Result<()> {
        let mut out = lock(&self.out.to);
        let revealed = lock(&self.revealed).clone();
        let masked = secret::mask_bytes(bytes, revealed.as_ref());
        if revealed.is_some() && secret::mask_bytes(bytes, None) != masked {
            self.secret_written.store(true, Ordering::Relaxed);
        }
        let screen = (self.width.unwrap_or(usize::MAX), self.height());
        let Delivery { written, problem } = self.paging.deliver(&masked, &mut **out, screen);
        drop(out);
        self.tell_of_pager(problem);
        written
    }

    /// Writes messages of a filter to stderr, for its author.
    fn pass_on(&self, said: &str) {
        said.lines().for_each(|line| self.write_err(format!("{}\n", safe(&secret::mask(line))).as_bytes()));
    }

    /// Declares that the output from now on cannot be produced again, such as the response to a mutation.
    pub fn is_unrepeatable(&self) {
        self.unrepeatable.store(true, Ordering::Relaxed);
    }

    /// Returns true if the result passes through a filter.
    pub(super) fn has_filter(&self) -> bool {
        self.filter.is_some()
    }

    /// Returns true once the filter has halted.
    fn is_halted(&self) -> bool {
        self.halted.load(Ordering::Relaxed)
    }

    /// Drops the buffered output.
    pub(super) fn drop_buffer(&self) {
        lock(&self.buffer).clear();
    }

    /// Writes the buffered output first, so that the order is right if both streams are one terminal.
    pub(super) fn flush_before(&self) {
        if self.waits_for_the_whole() || self.paging.stderr_buffer.is_holding() {
            return;
        }
        if let Err(fault) = self.try_flush() {
            lock(&self.fault).get_or_insert(fault);
        }
    }

    /// Returns a heading, bold if stdout has colour.
    pub(super) fn bold(&self, heading: &str) -> String {
        let style = Style::new().bold();
        if self.out.color { format!("{style}{heading}{style:#}") } else { heading.to_owned() }
    }

    pub(super) fn write(&self, with: impl FnOnce(&mut Vec<u8>) -> Result<(), Error>) -> Result<(), Error> {
        if self.is_over() {
            return if lock(&self.revealed).is_some() { self.ensure_open() } else { Ok(()) };
        }
        let length = {
            let mut buffer = lock(&self.buffer);
            with(&mut buffer)?;
            buffer.len()
        };
        if length < ENOUGH || self.filter.is_some() { Ok(()) } else { self.flush() }
    }
}

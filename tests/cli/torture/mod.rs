//! Every verb, with each of its system calls failing once: a full disk, a lost permission, no memory, no descriptor, a
//! broken connection. Whatever happens, what `look` says holds. A fixed selection by default; `just torture` tries
//! every error at every call of every verb.
//!
//! It needs a C compiler, and a system that lets a process trace its child.

mod errors;
mod look;
mod verbs;
mod world;

use std::collections::BTreeMap;
use std::env;
use std::fs;
use std::panic::{self, AssertUnwindSafe};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Mutex, PoisonError};
use std::thread;
use std::time::{Duration, Instant};

use rustix::process::Signal;
use tempfile::TempDir;

use self::errors::{Call, parse};
use self::look::After;
use self::verbs::{FILES, VERBS, Verb};
use self::world::{Place, Portal, restore};
use crate::harness::Session;

/// A run that takes longer hangs.
const LIMIT: Duration = Duration::from_secs(20);

/// Without `just torture` one of this many runs is made, spread over all calls.
const ONE_OF: usize = 127;

/// The statistics of all runs.
#[derive(Default)]
struct Figures {
    runs: usize,
    /// For each call, how many times it failed.
    calls: BTreeMap<String, usize>,
    wrong: Vec<String>,
}

/// The result of one run: the failed call, the violations, and the output.
#[derive(Default)]
struct Looked {
    call: Option<Call>,
    wrong: Vec<String>,
    told: String,
}

/// The portals of one thread.
struct Torturer {
    contract: Portal,
    relay: Portal,
    reports: TempDir,
}

impl Torturer {
    fn new() -> Torturer {
        let reports = tempfile::tempdir().expect("a directory");
        Torturer { contract: Portal::new(None), relay: Portal::new(Some("relay")), reports }
    }

    fn place(&self, verb: &Verb) -> Place<'_> {
        let portal = if verb.shape.is_some() { &self.relay } else { &self.contract };
        Place::new(portal, verb.logged_in, FILES, verb.before)
    }

    /// Runs a verb in its place, with one call failing.
    fn run<'p>(&self, place: &'p Place<'p>, verb: &'static Verb, at: usize, error: i32) -> After<'p> {
        restore(&place.home, &place.before);
        place.portal.js.restore_keys(false);
        let line = verb.line.replace("URL", &place.portal.js.url);
        let run =
            place.home.line(&line).with_call_failing(at, error, &self.reports.path().join("calls")).time_limit(LIMIT);
        let session = match verb.ends_after {
            None => run.run(),
            Some(after) => ended(run.start(), Duration::from_millis(after)),
        };
        After::new(place, verb, session)
    }

    fn calls(&self) -> Vec<Call> {
        let report = fs::read(self.reports.path().join("calls")).unwrap_or_default();
        String::from_utf8_lossy(&report).lines().filter_map(parse).collect()
    }

    /// Returns the call that failed; its number may belong to another call in each run.
    fn failed(&self) -> Option<Call> {
        self.calls().into_iter().find(|call| call.failed)
    }

    /// Runs a verb with a call failing, resumes it, and returns the call with the violations.
    fn look<'p>(&self, place: &'p Place<'p>, verb: &'static Verb, usual: &After<'p>, at: usize, error: i32) -> Looked {
        let after = self.run(place, verb, at, error);
        // Another run may have made another call at this number, or fewer calls.
        let Some(call) = self.failed().filter(|call| call.errors().contains(&error)) else { return Looked::default() };
        let mut wrong = after.wrong_verdict(usual, &call);
        let told = after.session.to_string();
        match verb.resume.filter(|_| after.session.code != Some(0)) {
            None => wrong.extend(after.wrong_files(usual, &call)),
            Some(line) => {
                let resumed = place.home.run(line);
                if !matches!(resumed.code, Some(0 | 6)) {
                    wrong.push(format!("`{line}` leads nowhere: {resumed}"));
                }
                wrong.extend(After::new(place, verb, after.session).wrong_files(usual, &call));
            }
        }
        Looked { call: Some(call), wrong, told }
    }

    fn torture(&self, verb: &'static Verb, number: usize, figures: &Mutex<Figures>) {
        let place = self.place(verb);
        let usual = self.run(&place, verb, 0, 0);
        let calls = self.calls();
        let told = "this test needs a system that lets a process trace its child (ptrace)";
        assert!(calls.len() > 4, "{told}: `{}` made {} calls", verb.line, calls.len());
        let is_success =
            verb.ends_after.is_some() || usual.session.code == Some(0) || verb.line.starts_with("keys audit");
        assert!(is_success, "`{}`: {}", verb.line, usual.session);
        let (part, parts) = part();
        let faults =
            calls.iter().enumerate().flat_map(|(n, call)| call.errors().iter().map(move |error| (n + 1, *error)));
        let chosen =
            faults.enumerate().filter(|(n, _)| (n + part + number * 7).is_multiple_of(parts)).map(|(_, fault)| fault);
        for (at, error) in chosen {
            let looked = panic::catch_unwind(AssertUnwindSafe(|| self.look(&place, verb, &usual, at, error)));
            let mut figures = figures.lock().unwrap_or_else(PoisonError::into_inner);
            figures.runs += 1;
            match looked {
                Ok(Looked { call, wrong, told }) => {
                    let Some(call) = call else { continue };
                    *figures.calls.entry(call.name.clone()).or_default() += 1;
                    let what = format!("`{}`, error {error} at call {at}, {} {}", verb.line, call.name, call.about);
                    figures.wrong.extend(wrong.iter().map(|wrong| format!("{what}: {wrong}\n{told}")));
                }
                Err(panicked) => {
                    let words = panicked.downcast_ref::<String>().cloned().unwrap_or_default();
                    figures.wrong.push(format!("`{}`, error {error} at call {at}: {words}", verb.line));
                }
            }
        }
    }
}

/// Returns which part of the runs to make, and of how many: `OPTRA_TORTURE=1/1` is all of them, `2/8` the second of
/// eight.
fn part() -> (usize, usize) {
    let Ok(text) = env::var("OPTRA_TORTURE") else { return (0, ONE_OF) };
    let parsed = text.split_once('/').and_then(|(part, parts)| Some((part.parse().ok()?, parts.parse().ok()?)));
    parsed.unwrap_or_else(|| panic!("OPTRA_TORTURE={text} is no part such as 1/1 or 2/8"))
}

/// Interrupts a program that does not end by itself. A shell that runs the tests with `&` makes them ignore Ctrl-C, and
/// the program too; one with job control (`set -m`) does not.
fn ended(run: crate::harness::Background, after: Duration) -> Session {
    thread::sleep(after);
    run.try_signal(Signal::INT);
    run.end()
}

#[test]
fn whatever_call_fails_no_key_is_lost_and_no_verdict_is_wrong() {
    let (next, figures, start) = (AtomicUsize::new(0), Mutex::new(Figures::default()), Instant::now());
    let only = env::var("OPTRA_TORTURE_ONLY").unwrap_or_default();
    let threads = thread::available_parallelism().map_or(2, Into::into);
    thread::scope(|scope| {
        for _ in 0..threads {
            scope.spawn(|| {
                let torturer = Torturer::new();
                loop {
                    let number = next.fetch_add(1, Ordering::Relaxed);
                    let Some(verb) = VERBS.get(number) else { return };
                    if verb.line.contains(&only) {
                        torturer.torture(verb, number, &figures);
                    }
                }
            });
        }
    });
    let figures = figures.into_inner().unwrap_or_else(PoisonError::into_inner);
    let told = format!("{} runs of {} lines in {:?}: {:?}", figures.runs, VERBS.len(), start.elapsed(), figures.calls);
    fs::write(concat!(env!("CARGO_TARGET_TMPDIR"), "/torture.txt"), format!("{told}\n{}", figures.wrong.join("\n")))
        .unwrap();
    assert!(figures.wrong.is_empty(), "{told}\n{} are wrong:\n{}", figures.wrong.len(), figures.wrong.join("\n"));
}

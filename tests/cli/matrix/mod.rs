//! The fault matrix: every command that sends requests, at every request, under every fault. The rows are in `faults`,
//! `bodies`, `commands` and `typed`, the expected results in `verdicts`; nothing is expected here.
//!
//! A test run takes a fixed selection: every fault at one command, every request of every command with one fault of
//! each kind, and every place of every answer with one value of each kind. `OPTRA_MATRIX=all` takes everything.

mod bodies;
mod commands;
mod faults;
mod memory;
mod portal;
mod statuses;
mod table;
mod typed;
mod verdicts;

use std::fs;
use std::path::PathBuf;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::{Duration, Instant};

use commands::{Command, Key};
use faults::{Act, FINE, Fault};
use portal::{Portal, Stage, Upstream};

use crate::harness::{Certificates, Home, Session};

/// The command that meets every fault.
const ONE: &str = "devices list -o json";

/// More concurrent cells than processors, because many of them wait.
const AT_A_TIME: usize = 8;

/// One cell: a command, and a fault that strikes one of its requests.
struct Cell {
    command: &'static Command,
    stage: Stage,
    fault: Arc<Fault>,
}

/// The result of a cell.
struct Outcome {
    session: Session,
    took: Duration,
    asked: Vec<String>,
    /// False if the fault never struck.
    struck: bool,
    /// The new keys: id, name, secret.
    strays: Vec<(String, Option<String>, String)>,
    /// The files in which a secret may have been delivered.
    delivered: Vec<String>,
    old_lives: bool,
}

/// What all cells share.
struct World {
    certificates: Certificates,
    upstream: Upstream,
}

impl World {
    fn folder(&self) -> PathBuf {
        self.certificates.authority().parent().expect("a folder").to_owned()
    }
}

fn run(cell: &Cell, world: &World) -> Outcome {
    let folder = world.folder();
    let portal = Portal::start(&cell.fault, &world.upstream, &folder);
    let mut home = Home::new();
    let url = if let Act::Address(other) = cell.fault.act { other } else { &portal.url };
    home.set("OPTRA_CACERT", folder.join("ca.pem"));
    home.set("OPTRA_TIMEOUT", if cell.fault.group == "slow or without end" { "1" } else { "20" });
    let run = commands::prepare(cell.command, &mut home, url);
    portal.arm(cell.stage, &cell.fault);
    let begun = Instant::now();
    let session = run.time_limit(Duration::from_secs(60)).run();
    let took = begun.elapsed();
    let state = portal.state();
    let strays = state.keys.iter().skip(2).filter(|key| key.is_alive);
    // A rotation keeps the new key beside the old one.
    let kept = fs::read_dir(home.path("config/optra/keys")).into_iter().flatten().flatten().map(|file| file.path());
    let delivered = kept.chain([home.path("home/new.key")]).filter_map(|file| fs::read_to_string(file).ok()).collect();
    Outcome {
        session,
        took,
        asked: state.asked.clone(),
        struck: state.has_struck(),
        strays: strays.map(|key| (key.id.clone(), key.name.clone(), key.secret.clone())).collect(),
        delivered,
        old_lives: state.keys[1].is_alive,
    }
}

/// Returns true for an impossible cell. Every exclusion is listed here.
fn is_none(command: &Command, stage: Stage, fault: &Fault) -> bool {
    // A stored key is for one address, and is sent to no other.
    let other_address = matches!(fault.act, Act::Address(_)) && command.key == Key::Stored;
    // A server that executed the request and proves the contrary lies.
    let lie = fault.is_proof && stage.done;
    // A command that runs forever if nothing fails.
    let endless = !command.ends && fault.read == FINE;
    // A fault before a request is read strikes the first request.
    let later = fault.act.is_before_requests() && stage != command.stages[0];
    // A few commands are enough to see that memory and time are limited.
    let heavy = fault.is_heavy && (command.name != ONE || stage.nth > 1);
    other_address || lie || endless || later || heavy
}

fn cells(all: bool) -> Vec<Cell> {
    let faults: Vec<Arc<Fault>> = faults::all().into_iter().map(Arc::new).collect();
    let mut cells = Vec::new();
    for command in commands::ALL {
        for (fault, stage) in faults.iter().flat_map(|fault| command.stages.iter().map(move |stage| (fault, *stage))) {
            let is_taken = all || fault.is_chosen || command.name == ONE && stage.nth == 1;
            if is_taken && !is_none(command, stage, fault) {
                cells.push(Cell { command, stage, fault: Arc::clone(fault) });
            }
        }
    }
    for place in typed::places() {
        let (operation, name) =
            typed::COMMANDS.iter().find(|(operation, _)| *operation == place.operation).expect("one");
        let command = commands::ALL.iter().find(|command| command.name == *name).expect("a command");
        for value in typed::VALUES.into_iter().filter(|value| all || typed::CHOSEN.contains(value)) {
            let stage = Stage { operation, nth: 1, lasts: false, done: true };
            cells.push(Cell { command, stage, fault: Arc::new(faults::typed(&place, value)) });
        }
    }
    cells
}

#[test]
fn every_fault_of_every_command_comes_to_what_it_should() {
    let home = Home::new();
    let serving = home.line("sandbox --fresh -o ndjson --devices 3").start();
    let access: serde_json::Value = serde_json::from_str(&serving.first_line()).unwrap();
    let text = |member: &str| access[member].as_str().unwrap().to_owned();
    let upstream = Upstream { url: text("url"), key: text("apiKey") };
    let world = World { certificates: Certificates::new(), upstream };
    let asked = |variable: &str| std::env::var(variable).unwrap_or_default();
    let only = asked("OPTRA_MATRIX_ONLY");
    let mut cells = cells(asked("OPTRA_MATRIX") == "all");
    cells.retain(|cell| cell.label().contains(&only));
    let (next, wrong) = (AtomicUsize::new(0), Mutex::new(Vec::new()));
    thread::scope(|scope| {
        for _ in 0..AT_A_TIME {
            scope.spawn(|| {
                while let Some(cell) = cells.get(next.fetch_add(1, Ordering::Relaxed)) {
                    let outcome = run(cell, &world);
                    let problems = verdicts::judge(cell, &outcome);
                    if !problems.is_empty() {
                        wrong.lock().unwrap().push(cell.complaint(&problems, &outcome));
                    }
                }
            });
        }
    });
    let mut wrong = wrong.into_inner().unwrap();
    wrong.sort();
    assert!(wrong.is_empty(), "{} of {} cells are wrong:\n{}", wrong.len(), cells.len(), wrong.join("\n"));
}

impl Cell {
    fn label(&self) -> String {
        format!("{} | {} | {}: {}", self.command.name, self.stage.label(), self.fault.group, self.fault.name)
    }

    fn complaint(&self, problems: &[String], outcome: &Outcome) -> String {
        let short = |text: String| text.chars().take(700).collect::<String>();
        let (out, err) = (short(outcome.session.out()), short(outcome.session.err()));
        format!("{} | {} | {out:?} {err:?} {:?}", self.label(), problems.join("; "), outcome.asked)
    }
}

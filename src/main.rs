//! Parses the command line, builds the context, runs the command, reports, and ends with the exit code.

#![cfg_attr(fuzzing, no_main, allow(dead_code, unused_imports, reason = "the fuzzer has its own main"))]

#[cfg(feature = "server")]
mod broker;
mod cli;
mod commands;
mod config;
mod context;
mod credentials;
mod disk;
#[cfg(any(test, fuzzing))]
mod draw;
mod error;
#[cfg(any(test, fuzzing))]
mod fuzz;
mod interrupt;
mod journal;
mod jq;
mod lifecycle;
#[cfg(feature = "server")]
mod loopback;
mod output;
mod portal;
mod prompt;
#[cfg(feature = "sandbox")]
mod sandbox;
mod scan;
mod secret;
mod shells;
mod text;

use std::io::{self, Write};
use std::panic;
use std::process::{self, ExitCode};
use std::sync::Arc;

use crate::cli::Cli;
use crate::commands::Command;
use crate::config::Config;
use crate::context::Context;
use crate::error::{Error, Kind, report};
use crate::output::Output;

fn main() -> ExitCode {
    panic::set_hook(Box::new(bug));
    if Cli::complete() {
        return ExitCode::SUCCESS;
    }
    ExitCode::from(Cli::read().map_or_else(|stop| error::exit_for_clap(&stop), run))
}

fn run(cli: Cli) -> u8 {
    interrupt::survive_file_size_limit();
    let mut config = Config::load(cli.options.clone());
    if !config.problems.is_empty() && !cli.command.examines() {
        let out = Output::new(&Config::fallback_output(cli.options.output));
        return report(&Error::from(config.problems.remove(0)), &out);
    }
    let out = Output::new(&config.output);
    let out = match &config.options.output_file {
        None => out,
        Some(path) => match out.into_file(path, &config.output) {
            Ok(out) => out,
            Err(error) => return report(&told_apart(error.into(), &cli.command), &Output::new(&config.output)),
        },
    };
    let out = Arc::new(out);
    let cx = Context::new(config, Arc::clone(&out), Cli::tree);
    let result = commands::run(&cli.command, &cx);
    if !cli.command.examines() {
        cx.warn_of_unknown_keys();
    }
    let finished = out.finish();
    if result.is_ok() && matches!(finished, Err(output::Error::BrokenPipe)) && interrupt::is_stopped() {
        return Kind::Interrupted.spec().exit;
    }
    // The verdict of the command comes first; a failure to write its output is only a warning then.
    let result = match (result, finished) {
        (Ok(()), finished) => finished.and_then(|()| out.put_file()).map_err(Error::from),
        // Findings (exit code 1 of an audit) are a complete result, so the output file is written.
        (Err(found), Ok(())) if found.kind() == Kind::Findings => out.put_file().map_err(Error::from).and(Err(found)),
        (Err(verdict), finished) => {
            if let Err(fault @ (output::Error::Failed(_) | output::Error::Filter(_))) = finished {
                out.warn(Error::from(fault));
            }
            Err(verdict)
        }
    };
    let Err(error) = result else { return 0 };
    let error = match out.missed_file() {
        Some(path) => {
            error.not_resumable().hint(format!("`{}` was not written: it is as it was before.", path.display()))
        }
        None => error,
    };
    report(&told_apart(error, &cli.command).for_portal(&cx.config.portal_flags()), &out)
}

/// Tells a failure apart from findings, where both would end with 1.
fn told_apart(error: Error, command: &Command) -> Error {
    debug_assert!(command.finds() || error.kind() != Kind::Findings, "`Command::finds` lacks this command");
    if command.finds() { error.of_a_check() } else { error }
}

/// Ends a run that hit a bug. Prints the source location but not the panic message, which may contain anything, and
/// prints what the step in progress may leave behind, such as a key whose secret was not delivered.
#[expect(clippy::exit, reason = "a panic has no other way to an exit code, on any thread")]
fn bug(info: &panic::PanicHookInfo<'_>) {
    let place = info.location().map_or_else(|| "an unknown place".to_owned(), ToString::to_string);
    let version = env!("CARGO_PKG_VERSION");
    let left = interrupt::held_notice().map_or_else(String::new, |left| format!("{left}\n"));
    let line = format!("error: this is a bug in optra {version}, at {place}; please report it\n{left}");
    interrupt::leave_screen();
    let _ = io::stderr().write_all(line.as_bytes());
    process::exit(i32::from(Kind::Internal.spec().exit));
}

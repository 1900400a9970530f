//! Parses the command line, builds the context, runs the command, reports, and ends with the exit code.

#![cfg_attr(fuzzing, no_main, allow(dead_code, unused_imports, reason = "what looks for faults has a main of its own"))]

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
mod output;
mod portal;
mod prompt;
#[cfg(feature = "sandbox")]
mod sandbox;
mod secret;
mod text;

use std::io::{self, Write};
use std::panic;
use std::process::{self, ExitCode};
use std::sync::Arc;

use crate::cli::Cli;
use crate::config::Config;
use crate::context::Context;
use crate::error::{Error, Kind, report};
use crate::output::Output;

fn main() -> ExitCode {
    panic::set_hook(Box::new(bug));
    if Cli::complete() {
        return ExitCode::SUCCESS;
    }
    ExitCode::from(Cli::read().map_or_else(|stop| error::stop(&stop), run))
}

fn run(cli: Cli) -> u8 {
    let config = match Config::load(cli.options.clone()) {
        Ok(config) => config,
        Err(error) => {
            let out = Output::new(&Config::fallback_output(cli.options.output));
            return report(&Error::from(error), &out);
        }
    };
    let out = Arc::new(Output::new(&config.output));
    let cx = Context::new(config, Arc::clone(&out), Cli::tree);
    let result = commands::run(&cli.command, &cx);
    cx.warn_of_unknown_keys();
    // What a command found out goes before what became of its words.
    let result = match (result, out.finish()) {
        (Ok(()), finished) => finished.map_err(Error::from),
        (Err(verdict), finished) => {
            if let Err(fault @ (output::Error::Failed(_) | output::Error::Filter(_))) = finished {
                out.warn(Error::from(fault));
            }
            Err(verdict)
        }
    };
    result.map_or_else(|error| report(&error.for_portal(&cx.config.chosen_portal()), &out), |()| 0)
}

/// Ends a run that a bug broke. The place is told, the message is not: it may hold anything.
#[expect(clippy::exit, reason = "a panic has no other way to an exit code, on any thread")]
fn bug(info: &panic::PanicHookInfo<'_>) {
    let place = info.location().map_or_else(|| "an unknown place".to_owned(), ToString::to_string);
    let version = env!("CARGO_PKG_VERSION");
    let line = format!("error: this is a bug in optra {version}, at {place}; please report it\n");
    let _ = io::stderr().write_all(line.as_bytes());
    process::exit(i32::from(Kind::Internal.row().exit));
}

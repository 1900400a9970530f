//! `optra sandbox`: serves the sandbox on loopback to other programs, until Ctrl-C.

use std::path::PathBuf;

use schemars::JsonSchema;
use serde::Serialize;

use crate::config;
use crate::config::path;
use crate::context::Context;
use crate::error::Error;
use crate::output::{Column, Fields, Record, Value};
use crate::sandbox::{self, Dialect, Faults, Latency, Options, Role, State};
use crate::shells;

/// Serve a portal on this machine, to try scripts on
///
/// Prints the URL and an admin key as lines that a shell can evaluate. Changes are kept, unless `--fresh`.
#[derive(Debug, clap::Args)]
#[command(before_long_help = "\
Examples:
  optra sandbox
  optra sandbox --fresh --devices 1000 --port 4000
  optra sandbox --fresh --role device-technician     a portal that refuses key management
  optra sandbox --fresh --dialect documented         a portal that knows one query
  optra sandbox --fail 429:0.1,drop:0.01 --seed 7    one that fails, in the same way each time")]
pub struct Args {
    /// Listen on this port instead of a free one
    #[arg(long, default_value_t = 0, hide_default_value = true)]
    port: u16,

    /// Start from scratch and save nothing
    #[arg(long)]
    fresh: bool,

    /// Keep the state in this directory
    #[arg(long, value_name = "DIR", conflicts_with = "fresh", value_parser = path)]
    state: Option<PathBuf>,

    /// Serve this many devices [default: as before, 25 at first]
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(..=1_000_000))]
    devices: Option<u32>,

    /// Give every key this role; only an admin may manage keys
    #[arg(long, value_enum, default_value = "admin", value_name = "ROLE", hide_short_help = true)]
    role: Role,

    /// Enable API keys for the organization
    #[arg(long, value_enum, default_value = "on", value_name = "STATE")]
    api_keys: Switch,

    /// Allow introspection
    #[arg(long, value_enum, default_value = "on", value_name = "STATE")]
    introspection: Switch,

    /// Serve the whole contract, or only the documented query
    #[arg(long, value_enum, default_value = "full", value_name = "WHICH")]
    dialect: Dialect,

    /// Act as a personal account, not an organization
    #[arg(long)]
    personal: bool,

    /// Inject faults, such as `429:0.1,drop:0.01`
    ///
    /// Each fault has a probability. It is an HTTP status from 400 to 599, `drop` or `drop-after`. `drop` closes the
    /// connection without an answer. `drop-after` does so after a mutation has taken effect, so that its outcome is
    /// unknown; queries are answered. A 429 comes with a Retry-After.
    #[arg(long, value_name = "FAULTS")]
    fail: Option<Faults>,

    /// Delay answers, such as `50ms..300ms`
    ///
    /// A time such as `200ms`, or a range. The delay comes after the work.
    #[arg(long, value_name = "TIME")]
    latency: Option<Latency>,

    /// Repeat the faults and delays of an earlier run
    #[arg(long, value_name = "N")]
    seed: Option<u64>,
}

impl Args {
    /// Returns true if faults or delays are random without a seed, so that nobody could repeat this run.
    fn is_left_to_chance(&self) -> bool {
        let varies = self.latency.is_some_and(|latency| latency.shortest != latency.longest);
        self.seed.is_none() && (self.fail.is_some() || varies)
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
enum Switch {
    On,
    Off,
}

/// The sandbox's URL and a key, unmasked because other programs need it.
#[derive(JsonSchema, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Access {
    url: String,
    api_key: String,
}

impl Record for Access {
    const NOUN: (&'static str, &'static str) = ("sandbox", "sandboxes");
    const COLUMNS: &'static [Column<Access>] =
        &[Column::pinned("url", |access| access.url.cell()), Column::pinned("apiKey", |access| access.api_key.cell())];
}

pub fn run(args: &Args, cx: &Context) -> Result<(), Error> {
    let state = match &args.state {
        _ if args.fresh => State::Memory,
        Some(directory) => State::Directory(directory.clone()),
        None => State::Directory(config::state_dir()?.join("sandbox")),
    };
    let sandbox = sandbox::start(Options {
        state,
        port: args.port,
        devices: args.devices.and_then(|count| usize::try_from(count).ok()),
        role: args.role,
        api_keys: args.api_keys == Switch::On,
        introspection: args.introspection == Switch::On,
        dialect: args.dialect,
        personal: args.personal,
        faults: args.fail.clone().unwrap_or_default(),
        latency: args.latency.unwrap_or_default(),
        seed: args.seed,
    })?;
    let access = Access { url: sandbox.url().to_owned(), api_key: sandbox.key().expose().to_owned() };
    cx.out.revealing(sandbox.key(), || match &access {
        access if cx.out.is_machine() => cx.out.item(access, &Fields::all()),
        Access { url, api_key } => {
            let line = |name, value| shells::assignments(&[(name, value)]);
            cx.out.text(&format!("{}\n{}\n", line("OPTRA_PORTAL_URL", url), line("OPTRA_API_KEY", api_key)))
        }
    })?;
    // If nobody can read the URL, nobody can use the sandbox.
    if cx.out.is_over() {
        return Ok(());
    }
    if args.is_left_to_chance() {
        cx.out.status(format_args!("To repeat these faults and delays: `--seed {}`.", sandbox.seed()));
    }
    if !cx.out.is_machine() {
        cx.out.status("The sandbox runs until Ctrl-C. Paste these two lines into another shell to use it there.");
    }
    sandbox.wait();
    Ok(())
}

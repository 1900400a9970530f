//! `optra broker`: serves the portal to other programs on this machine, with less power than the key has, until Ctrl-C.

use schemars::JsonSchema;
use serde::Serialize;

use super::permissions::Permissions;
use crate::broker::Address;
use crate::context::Context;
use crate::error::{Error, Kind};
use crate::output::{Column, Fields, Record, Value};
use crate::shells;

/// Let programs ask the portal with a token instead of the key
///
/// Prints a URL and a token as lines that a shell can evaluate. The broker parses each request, checks it against what
/// is allowed, rewrites it, and sends it to the portal with the key, which stays in the broker. With `--read-only` no
/// mutation is sent. The token ends with the broker. A program that runs as you can still read your store of keys,
/// unless that is locked.
///
/// Programs reach a Unix socket as `http://localhost/graphql` through it: `curl --unix-socket PATH`. `optra` itself
/// does not.
#[derive(Debug, clap::Args)]
#[command(before_long_help = "\
Examples:
  optra broker --read-only
  optra broker --only devices.list,devices.show --per-minute 60 --log asked.ndjson
  optra broker --only queries --listen unix:$XDG_RUNTIME_DIR/optra.sock")]
pub struct Args {
    #[command(flatten)]
    permissions: Permissions,

    /// Listen at 127.0.0.1:PORT or unix:PATH instead of a free port
    #[arg(long, value_name = "ADDRESS")]
    listen: Option<Address>,
}

/// Where a broker listens, and its token, unmasked because other programs need it.
#[derive(JsonSchema, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Access {
    /// The base URL, or `unix:PATH`
    url: String,
    api_key: String,
}

impl Record for Access {
    const NOUN: (&'static str, &'static str) = ("broker", "brokers");
    const COLUMNS: &'static [Column<Access>] =
        &[Column::pinned("url", |access| access.url.cell()), Column::pinned("apiKey", |access| access.api_key.cell())];
}

pub fn run(args: &Args, cx: &Context) -> Result<(), Error> {
    if cx.config.options.output_file.is_none() && cx.out.is_null_device() {
        let message = "the broker was not started: nobody would learn its token, because stdout goes nowhere";
        return Err(Error::new(Kind::Declined, message).hint("Send stdout to a file, or through a pipe."));
    }
    let endpoint = cx.endpoint()?;
    let credential = cx.credential(&endpoint)?.ok_or_else(|| cx.no_key(&endpoint))?;
    let address = args.listen.clone().unwrap_or_default();
    let broker = args.permissions.start(&endpoint, &credential.secret, address, cx)?;
    if !args.permissions.is_restricted() && cx.config.read_only()?.is_none() {
        cx.out.warn(
            "this broker forwards every operation, with all the power of its key; `--only` or `--read-only` limits it",
        );
    }
    let access = Access { url: broker.url().to_owned(), api_key: broker.token().expose().to_owned() };
    cx.out.revealing(broker.token(), || match &access {
        access if cx.out.is_machine() => cx.out.item(access, &Fields::all()),
        Access { url, api_key } => {
            let line = |name, value| shells::assignments(&[(name, value)]);
            cx.out.text(&format!("{}\n{}\n", line("OPTRA_PORTAL_URL", url), line("OPTRA_API_KEY", api_key)))
        }
    })?;
    // If nobody can read the token, nobody can use the broker.
    if cx.out.is_over() {
        return Ok(());
    }
    if !cx.out.is_machine() {
        cx.out.status("The broker runs until Ctrl-C; then the token is invalid.");
    }
    broker.wait();
    Ok(())
}

//! `optra broker`: the portal with less power, for other programs on this machine, until it is interrupted.

use schemars::JsonSchema;
use serde::Serialize;

use super::power::Power;
use crate::broker::Address;
use crate::context::Context;
use crate::error::Error;
use crate::output::{Column, Fields, Record, Value};
use crate::shells;

/// Let programs ask the portal with a token instead of the key
///
/// Prints a URL and a token as lines that a shell can evaluate. What a program sends there is read, held to what is allowed, written
/// anew, and sent to the portal with the key, which stays in here. With `--read-only` no mutation is. The token ends with the broker.
/// A program that runs as you can still read your store of keys, unless that is locked.
///
/// A program reaches a socket of Unix as `http://localhost/graphql` through it: `curl --unix-socket PATH`. `optra` itself does not.
#[derive(Debug, clap::Args)]
#[command(before_long_help = "\
Examples:
  optra broker --read-only
  optra broker --only devices.list,devices.show --per-minute 60 --log asked.ndjson
  optra broker --only queries --listen unix:$XDG_RUNTIME_DIR/optra.sock")]
pub struct Args {
    #[command(flatten)]
    power: Power,

    /// Listen at 127.0.0.1:PORT or unix:PATH instead of a free port
    #[arg(long, value_name = "ADDRESS")]
    listen: Option<Address>,
}

/// Where a broker is, and the token, in the open because that is what it is made for.
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
    let endpoint = cx.endpoint()?;
    let credential = cx.credential(&endpoint)?.ok_or_else(|| cx.no_key(&endpoint))?;
    let address = args.listen.clone().unwrap_or_default();
    let broker = args.power.start(&endpoint, &credential.secret, address, cx)?;
    let access = Access { url: broker.url().to_owned(), api_key: broker.token().expose().to_owned() };
    cx.out.revealing(broker.token(), || match &access {
        access if cx.out.is_machine() => cx.out.item(access, &Fields::all()),
        Access { url, api_key } => {
            let line = |name, value| shells::assignments(&[(name, value)]);
            cx.out.text(&format!("{}\n{}\n", line("OPTRA_PORTAL_URL", url), line("OPTRA_API_KEY", api_key)))
        }
    })?;
    // Where nobody could read it, nobody can ask.
    if cx.out.is_over() {
        return Ok(());
    }
    if !cx.out.is_machine() {
        cx.out.status("The broker runs until Ctrl-C; then the token is worth nothing.");
    }
    broker.wait();
    Ok(())
}

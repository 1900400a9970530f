//! `optra keys generate`: its result is a secret.

use super::issuing::{self, IssueRequest, Namesakes};
use super::places::{self, place};
use crate::commands::input::new_name;
use crate::commands::reason::Reason;
use crate::context::Context;
use crate::error::Error;
use crate::journal::Destination;

/// Generate an API key and deliver its secret
///
/// In a pipe, stdout carries the secret and a newline, and nothing else. Every destination is opened and tested before
/// the portal is asked; if the secret reaches none, the key is revoked.
#[derive(Debug, clap::Args)]
#[command(before_long_help = "\
Examples:
  optra keys generate --name warehouse-dashboard
  KEY=$(optra keys generate --name ci)
  optra keys generate --name ci --to command:'gh secret set OPTRA_API_KEY'
  optra keys generate --name report --to file:report.key --to keyring:report")]
pub struct Args {
    /// Name the key after what it is for, one key per integration; default: a generated name
    #[arg(long, value_parser = new_name)]
    name: Option<String>,

    /// Deliver the secret to stdout, keyring, keyring:PROFILE, file:PATH or command:'CMD ARGS'; can be repeated
    #[arg(long, value_name = "PLACE", default_value = "stdout", value_parser = place)]
    to: Vec<Destination>,

    /// Overwrite an existing file or keyring entry
    #[arg(long)]
    force: bool,

    /// Fail if a key with this name exists, instead of warning
    #[arg(long, requires = "name")]
    unique: bool,

    #[command(flatten)]
    reason: Reason,
}

pub fn run(args: &Args, cx: &Context) -> Result<(), Error> {
    cx.ensure_writable()?;
    let delivery = places::open(&args.to, args.force, cx)?;
    let namesakes = if args.unique { Namesakes::Refused } else { Namesakes::Told };
    let (command, name, reason) = ("keys generate", args.name.as_deref(), args.reason.given(cx)?);
    issuing::issue(IssueRequest { command, name, delivery, namesakes, reason }, cx)
}

//! The root of the command line: the program's name, its global options, its commands.

use clap::Parser;

use crate::commands::Command;
use crate::config::Options;

/// Manage API keys and query devices of the Optra Edge Portal
#[derive(Debug, Parser)]
#[command(
    name = "optra",
    version,
    disable_help_subcommand = true,
    arg_required_else_help = true,
    before_long_help = "\
Examples:
  optra --sandbox devices list                       try it without an account
  optra auth login --portal https://portal.example   keep a key in the keyring
  optra devices list -o json --fields id,name
  KEY=$(optra keys generate --name ci)",
    after_help = "`optra help environment` and `optra help exit-codes` print what scripts need."
)]
pub struct Cli {
    #[command(flatten)]
    pub options: Options,

    #[command(subcommand)]
    pub command: Command,
}

//! The options that every command has, and how a time is read.

use std::path::PathBuf;
use std::time::Duration;

use super::header::{Header, header};
use super::home::path;
use super::profile_name::profile_name;
use crate::output::{Color, Format, check_filter, check_template};
use crate::text::duration;

/// The options that every command has.
#[derive(Clone, Debug, Default, clap::Args)]
#[command(next_help_heading = "Global options")]
pub struct Options {
    /// Use this profile (a portal and its key)
    #[arg(long, global = true, hide_short_help = true, value_name = "NAME", value_parser = profile_name)]
    pub profile: Option<String>,

    /// Use the portal at this URL, with or without `/graphql`
    #[arg(long, global = true, hide_short_help = true, value_name = "URL")]
    pub portal: Option<String>,

    /// Use the sandbox, a portal inside this program that needs no account
    #[cfg(feature = "sandbox")]
    #[arg(long, global = true, hide_short_help = true, conflicts_with_all = ["portal", "profile"])]
    pub sandbox: bool,

    /// Write the result in this format
    #[arg(short, long, global = true, hide_short_help = true, value_name = "FORMAT")]
    pub output: Option<Format>,

    /// Write the result to this file, whole or not at all: after a failure it is what it was
    #[arg(long, global = true, hide_short_help = true, value_name = "FILE", value_parser = path)]
    pub output_file: Option<PathBuf>,

    /// Leave out the header of a table, of CSV and of TSV
    #[arg(long, global = true, hide_short_help = true)]
    pub no_headers: bool,

    /// Filter the JSON result with a jq program; print strings without quotes
    #[arg(long, global = true, hide_short_help = true, value_name = "EXPR", value_parser = check_filter)]
    pub jq: Option<String>,

    /// Format each item with a Jinja template, such as `{{ name }}: {{ status }}`
    #[arg(long, global = true, hide_short_help = true, value_name = "TEXT", value_parser = check_template, conflicts_with = "jq")]
    pub template: Option<String>,

    /// Limit each request to this time, such as `30` (seconds) or `2m`; `0` means no limit
    #[arg(long, global = true, hide_short_help = true, value_name = "TIME", value_parser = duration)]
    pub timeout: Option<Duration>,

    /// Retry failed reads up to N times
    #[arg(long, global = true, hide_short_help = true, value_name = "N")]
    pub retries: Option<u32>,

    /// Trust the certificate authorities in this PEM file instead of the system's
    #[arg(long, global = true, hide_short_help = true, value_name = "FILE", value_parser = path)]
    pub cacert: Option<PathBuf>,

    /// Authenticate with this client certificate (PEM, with or without its private key)
    #[arg(long, global = true, hide_short_help = true, value_name = "FILE", value_parser = path)]
    pub client_cert: Option<PathBuf>,

    /// Read the private key of the client certificate from this PEM file (owner-only)
    #[arg(long, global = true, hide_short_help = true, value_name = "FILE", value_parser = path)]
    pub client_key: Option<PathBuf>,

    /// Add a request header for an access proxy: NAME=env:VARIABLE or NAME=file:PATH; repeatable
    #[arg(long, global = true, hide_short_help = true, value_name = "NAME=PLACE", value_parser = header)]
    pub header: Vec<Header>,

    /// Ignore `config.toml`
    #[arg(long, global = true, hide_short_help = true)]
    pub no_config: bool,

    /// Refuse to send any mutation
    #[arg(long, global = true, hide_short_help = true)]
    pub read_only: bool,

    /// Never prompt; fail instead
    #[arg(long, global = true, hide_short_help = true)]
    pub no_input: bool,

    /// Print only results, warnings and errors
    #[arg(short, long, global = true, hide_short_help = true)]
    pub quiet: bool,

    /// Log each request (-vv: with bodies, secrets masked)
    #[arg(short, long, global = true, hide_short_help = true, action = clap::ArgAction::Count)]
    pub verbose: u8,

    /// Show no pager, however long a list is
    #[arg(long, global = true, hide_short_help = true)]
    pub no_pager: bool,

    /// Use colour
    #[arg(long, global = true, hide_short_help = true, value_name = "WHEN")]
    pub color: Option<Color>,
}

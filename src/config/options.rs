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
    /// Use this profile: a portal and its key under one name
    #[arg(long, global = true, hide_short_help = true, value_name = "NAME", value_parser = profile_name)]
    pub profile: Option<String>,

    /// Reach the portal at this URL, with or without `/graphql`
    #[arg(long, global = true, hide_short_help = true, value_name = "URL")]
    pub portal: Option<String>,

    /// Use the sandbox: a portal inside this program, which needs no account
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

    /// Put the result, as JSON, through this filter in the jq language; text comes out bare
    #[arg(long, global = true, hide_short_help = true, value_name = "EXPR", value_parser = check_filter)]
    pub jq: Option<String>,

    /// Write each item as this template in the Jinja language says, such as `{{ name }}: {{ status }}`
    #[arg(long, global = true, hide_short_help = true, value_name = "TEXT", value_parser = check_template, conflicts_with = "jq")]
    pub template: Option<String>,

    /// Give up on a request after this long, such as `30` (seconds), `2m`, or `0` for never
    #[arg(long, global = true, hide_short_help = true, value_name = "TIME", value_parser = duration)]
    pub timeout: Option<Duration>,

    /// Ask again so often for what is only read, after a fault that may pass
    #[arg(long, global = true, hide_short_help = true, value_name = "N")]
    pub retries: Option<u32>,

    /// Trust the certificate authorities in this PEM file instead of the system's
    #[arg(long, global = true, hide_short_help = true, value_name = "FILE", value_parser = path)]
    pub cacert: Option<PathBuf>,

    /// Show the portal this client certificate, a PEM file; its private key may be in it
    #[arg(long, global = true, hide_short_help = true, value_name = "FILE", value_parser = path)]
    pub client_cert: Option<PathBuf>,

    /// Take the private key of the client certificate from this PEM file, which its owner alone can read
    #[arg(long, global = true, hide_short_help = true, value_name = "FILE", value_parser = path)]
    pub client_key: Option<PathBuf>,

    /// Send a header of your own, for a proxy that guards the portal: NAME=env:VARIABLE or NAME=file:PATH; can be repeated
    #[arg(long, global = true, hide_short_help = true, value_name = "NAME=PLACE", value_parser = header)]
    pub header: Vec<Header>,

    /// Do as if there were no `config.toml`
    #[arg(long, global = true, hide_short_help = true)]
    pub no_config: bool,

    /// Change nothing: let no mutation leave this machine
    #[arg(long, global = true, hide_short_help = true)]
    pub read_only: bool,

    /// Never ask; fail where a question would be asked
    #[arg(long, global = true, hide_short_help = true)]
    pub no_input: bool,

    /// Say nothing but results, warnings and errors
    #[arg(short, long, global = true, hide_short_help = true)]
    pub quiet: bool,

    /// Tell each request on stderr; twice, with its contents, secrets masked
    #[arg(short, long, global = true, hide_short_help = true, action = clap::ArgAction::Count)]
    pub verbose: u8,

    /// Show no pager, however long a list is
    #[arg(long, global = true, hide_short_help = true)]
    pub no_pager: bool,

    /// Use colour
    #[arg(long, global = true, hide_short_help = true, value_name = "WHEN")]
    pub color: Option<Color>,
}

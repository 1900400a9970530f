//! `optra version`: how this program was built. `--version` prints only the number, and faster.

use schemars::JsonSchema;
use serde::Serialize;

use crate::context::Context;
use crate::error::Error;
use crate::output::{Cell, Column, Fields, Record, Value};

/// Print the version, and how this program was built
#[derive(Debug, clap::Args)]
#[command(before_long_help = "\
Examples:
  optra version
  optra version -o json")]
pub struct Args {
    #[command(flatten)]
    fields: Fields<Version>,
}

/// Each feature of `Cargo.toml`, and whether this program has it.
const FEATURES: &[(&str, bool)] = &[("sandbox", cfg!(feature = "sandbox")), ("server", cfg!(feature = "server"))];

/// How the program was built.
#[derive(Debug, JsonSchema, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Version {
    version: &'static str,
    /// `None` for a build without the repository, or not for release.
    commit: Option<&'static str>,
    target: &'static str,
    features: Vec<&'static str>,
    built_with: &'static str,
}

impl Record for Version {
    const NOUN: (&'static str, &'static str) = ("version", "versions");
    const COLUMNS: &'static [Column<Version>] = &[
        Column::pinned("version", |version| version.version.cell()),
        Column::pinned("commit", |version| version.commit.map_or(Cell::Nothing, Value::cell)),
        Column::pinned("target", |version| version.target.cell()),
        Column::pinned("features", |version| Cell::names(version.features.iter().copied())),
        Column::pinned("builtWith", |version| version.built_with.cell()),
    ];
}

pub fn run(args: &Args, cx: &Context) -> Result<(), Error> {
    let version = Version {
        version: env!("CARGO_PKG_VERSION"),
        commit: Some(env!("OPTRA_BUILD_COMMIT")).filter(|commit| !commit.is_empty()),
        target: env!("OPTRA_BUILD_TARGET"),
        features: FEATURES.iter().filter(|(_, is_built)| *is_built).map(|(name, _)| *name).collect(),
        built_with: env!("OPTRA_BUILD_COMPILER"),
    };
    Ok(cx.out.item(&version, &args.fields)?)
}

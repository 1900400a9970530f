//! The command tree with the names that this machine knows, for completions: documents and profiles.
//!
//! It must not ask a portal, touch a store or fail: whoever presses Tab wants to go on typing.

use clap::Command;
use clap_complete::engine::{ArgValueCandidates, CompletionCandidate};

use super::query;
use crate::config;

/// Adds the names to a tree.
pub fn with_live_names(tree: Command) -> Command {
    let documents = query::commands(&query::globals(&tree));
    let tree = tree.mut_arg("profile", |profile| profile.add(ArgValueCandidates::new(profiles)));
    tree.mut_subcommand("query", |query| query.subcommands(documents))
}

fn profiles() -> Vec<CompletionCandidate> {
    config::profile_names().into_iter().map(CompletionCandidate::new).collect()
}

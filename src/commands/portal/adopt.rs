//! `optra portal adopt`: suggests a binding for each operation that does not fit this portal, and asks.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use super::bound::{bindings, operation, tell_doubts};
use super::consent::{agrees, give, types_name};
use super::curl;
use super::proposal::{Proposal, meaning, of_schema};
use super::record::Adopted;
use crate::config::path;
use crate::context::Context;
use crate::error::{Error, Kind};
use crate::output::Fields;
use crate::portal::{Bindings, Operation, Similarity, Suggestion, operation as operation_called, root_field};

/// Fit the commands to this portal, one suggestion after the other
///
/// Each suggestion comes from the portal's own schema, or from a request that you paste; the portal validates it
/// without running it. Queries are confirmed with yes or no; a mutation is confirmed by typing its name, and is never
/// adopted without.
#[derive(Debug, clap::Args)]
#[command(before_long_help = "\
Examples:
  optra portal adopt
  optra portal adopt --yes-queries
  optra portal adopt --from-curl \"$(pbpaste)\"         where the portal refuses introspection
  optra portal adopt --from-curl \"$(cat request.sh)\" --answer answer.json --as devices.list")]
pub struct Args {
    /// Adopt suggestions for queries without asking, unless they are guesses
    #[arg(long)]
    yes_queries: bool,

    /// Make the suggestion from a request that a browser's developer tools copied for curl; `-` reads it from stdin.
    /// Its headers are not used
    #[arg(long, value_name = "COMMAND")]
    from_curl: Option<String>,

    /// Read the portal's answer to that request from this file instead of sending it; `-` is stdin
    #[arg(long, value_name = "PATH", requires = "from_curl", value_parser = path)]
    answer: Option<PathBuf>,

    /// The operation that the request stands for, if its names do not say so
    #[arg(long = "as", value_name = "OPERATION", requires = "from_curl", value_parser = operation())]
    stands_for: Option<Operation>,

    #[command(flatten)]
    fields: Fields<Adopted>,
}

pub fn run(args: &Args, cx: &Context) -> Result<(), Error> {
    let bindings = bindings(cx)?;
    let proposals = match &args.from_curl {
        Some(command) => vec![curl::proposal(command, args.answer.as_deref(), args.stands_for, cx)?],
        None => of_schema(cx)?,
    };
    let all = proposals.len();
    let (mut adopted, mut once) = (Vec::new(), BTreeSet::new());
    for Proposal { operation, suggestion, is_pasted } in proposals {
        // A guess needs a reader.
        let is_sure = is_pasted || suggestion.similarity != Similarity::Guess;
        match consider(operation, &suggestion, args.yes_queries && is_sure, &bindings, cx) {
            Ok((one, wanted)) => {
                adopted.push(one);
                once.extend(wanted);
            }
            Err(error) if matches!(error.kind(), Kind::Unsupported) => {
                cx.out.warn(format_args!("`{}`: {error}", operation.word))
            }
            Err(error) => return Err(error),
        }
    }
    once.iter().try_for_each(|name| give(name, cx))?;
    if cx.out.is_machine() {
        let mut rows = cx.out.rows(&args.fields);
        adopted.iter().try_for_each(|one| rows.push(one))?;
        rows.finish()?;
    }
    conclude(&adopted, all, args.yes_queries, cx);
    Ok(())
}

const UNUSABLE: &str = "that request cannot be used";
const BY_HAND: &str = "Write the document yourself: `optra help bindings`.";

/// Shows a suggestion, and saves it if the user agrees. Also returns the variable that the profile has to give once.
fn consider(
    operation: Operation,
    suggestion: &Suggestion,
    yes_queries: bool,
    bindings: &Bindings,
    cx: &Context,
) -> Result<(Adopted, Vec<String>), Error> {
    let document = &suggestion.pretty();
    // A pasted document may violate a rule of bindings, and then it is unusable.
    let bound = bindings.check(operation, document, Path::new("the proposal"));
    let bound = bound.map_err(|error| Error::from(error).reclassify(Kind::Usage, UNUSABLE).replace_hints(BY_HAND))?;
    let validated = cx.portal()?.validate(operation, &bound)?;
    let missing = validated.absent.clone().unwrap_or_default();
    show(operation, suggestion, document, &missing, cx);
    if bound.may_go_on() {
        cx.out.warn("it is not known whether there is more than one page");
    }
    tell_doubts(&validated, cx);
    let taken = match operation.is_mutation() {
        false => yes_queries || agrees(operation.word, cx)?,
        true => types_name(document, cx)?,
    };
    if taken {
        bindings.keep(operation, document)?;
        cx.out.status(format_args!("Bound `{}`.", operation.word));
    }
    let wanted = if taken { bound.once.iter().map(|once| once.name.clone()).collect() } else { Vec::new() };
    let (word, likeness) = (operation.word.to_owned(), suggestion.similarity.as_str());
    let fragile = validated.fragile;
    Ok((Adopted { operation: word, bound: taken, likeness, document: document.clone(), missing, fragile }, wanted))
}

fn show(operation: Operation, suggestion: &Suggestion, document: &str, missing: &[String], cx: &Context) {
    let sure = match suggestion.similarity {
        Similarity::Same => "it has the same name in this portal",
        Similarity::Alike => "it has a similar name in this portal",
        Similarity::Guess => "a guess: check it",
    };
    cx.out.status("");
    cx.out.status(format_args!("{} ({sure}):", operation.word));
    if let Some(root) = root_field(document) {
        cx.out.status(format_args!("  {}", meaning(operation, &root, suggestion)));
    }
    document.lines().for_each(|line| cx.out.status(format_args!("    {line}")));
    if !missing.is_empty() {
        cx.out.status(format_args!("It lacks {}.", missing.join(", ")));
    }
}

fn conclude(adopted: &[Adopted], all: usize, yes_queries: bool, cx: &Context) {
    let (kept, portal) = (adopted.iter().filter(|one| one.bound).count(), cx.config.portal_flags());
    if all > 0 {
        cx.out.status(format_args!("{kept} of {all} suggestions saved."));
    }
    if adopted.iter().any(|one| !one.bound) && cx.prompt.available().is_err() {
        if !yes_queries {
            cx.out.hint(format_args!("Adopt those that only read with `optra{portal} portal adopt --yes-queries`."));
        }
        let is_change = |one: &&Adopted| operation_called(&one.operation).is_some_and(|ours| ours.is_mutation());
        for one in adopted.iter().filter(|one| !one.bound).filter(is_change) {
            let line = Suggestion::new(&one.operation, &one.document).line(&portal);
            cx.out.hint(format_args!("If this means the same, bind it: `{line}`"));
        }
    }
}

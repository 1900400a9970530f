//! `optra portal import`: saves bindings that somebody shared, once all of them are validated.

use std::path::PathBuf;

use super::bound::{bindings, tell_doubts};
use super::record::Binding;
use crate::commands::input::text;
use crate::commands::typed::ensure_typed;
use crate::config::path;
use crate::context::Context;
use crate::error::{Error, Kind};
use crate::output::Fields;
use crate::portal::{Endpoint, Operation, Validated, operation};

/// Save the bindings of a file that `portal export` printed
///
/// The file names the portal that they are for. Mutations have to be confirmed.
#[derive(Debug, clap::Args)]
#[command(before_long_help = "\
Examples:
  optra portal import portal.graphql
  optra portal import portal.graphql --yes
  optra portal export | ssh host optra portal import - --yes")]
pub struct Args {
    /// The file; `-` is stdin
    #[arg(value_name = "PATH", value_parser = path)]
    file: PathBuf,

    /// Save them without asking
    #[arg(short, long)]
    yes: bool,

    /// Skip validation by the portal
    #[arg(long)]
    unchecked: bool,

    #[command(flatten)]
    fields: Fields<Binding>,
}

/// One binding of the file.
pub(super) struct Part {
    /// The line where its document begins, from 1.
    line: usize,
    pub operation: Operation,
    pub document: String,
}

const UNDONE: &str = "nothing was imported";

pub fn run(args: &Args, cx: &Context) -> Result<(), Error> {
    let bindings = bindings(cx)?;
    let file = text(&args.file, "the bindings")?;
    let named = args.file.display();
    let wrong = |line: usize, problem: String| {
        Error::new(Kind::Usage, format!("line {line} of `{named}`: {problem}; {UNDONE}"))
    };
    let (portal, parts) = read(&file).map_err(|(line, problem)| wrong(line, problem))?;
    let base = cx.endpoint()?.base();
    let theirs = Endpoint::parse(&portal).map_err(|invalid| wrong(1, format!("the portal URL {invalid}")))?;
    if theirs.base() != base {
        let message = format!("these bindings are for {portal}, and this portal is {base}; {UNDONE}");
        let hint = "If both mean the same by each document, change the line `# portal:` of the file.";
        return Err(Error::new(Kind::Declined, message).hint(hint));
    }
    let mut kept = Vec::new();
    for Part { line, operation, document } in &parts {
        let bound = bindings.check(*operation, document, &args.file);
        let bound = bound.map_err(|error| {
            let error = Error::from(error).reclassify(Kind::Usage, format!("{UNDONE}: from line {line} on"));
            error.replace_hints("Fix it in the file; `optra help bindings` has the rules.")
        })?;
        let validated = match args.unchecked {
            true => Validated::unknown(&bound),
            false => cx.portal()?.validate(*operation, &bound).map_err(|error| Error::from(error).context(UNDONE))?,
        };
        tell_doubts(&validated, cx);
        kept.push(validated);
    }
    let changes: Vec<&Part> = parts.iter().filter(|part| part.operation.is_mutation()).collect();
    if !args.yes && !changes.is_empty() {
        for part in &changes {
            cx.out.status(format_args!("{}:", part.operation.word));
            part.document.lines().for_each(|line| cx.out.status(format_args!("    {line}")));
        }
        let question = format!("Type {} to save the mutations for {base}", changes.len());
        let count = changes.len().to_string();
        let asked = ensure_typed(&question, |typed| typed == count, "that is not their number", UNDONE, cx);
        asked.map_err(|error| error.hint("In a script, after reading them: `--yes`."))?;
    }
    let mut rows = cx.out.rows(&args.fields);
    for (part, validated) in parts.iter().zip(kept) {
        let path = bindings.keep(part.operation, &part.document)?.display().to_string();
        let (missing, fragile) = (validated.absent.unwrap_or_default(), validated.fragile);
        let operation = part.operation.word.to_owned();
        rows.push(&Binding { operation, bound: true, path: Some(path), missing, fragile, items: Vec::new() })?;
    }
    Ok(rows.finish()?)
}

/// Returns the operation that a heading line names; its document follows.
pub(super) fn heading(line: &str) -> Option<&str> {
    said(line).filter(|(word, _)| *word == "binding").map(|(_, operation)| operation)
}

fn said(line: &str) -> Option<(&str, &str)> {
    let (word, value) = line.trim_start_matches('#').split_once(':').filter(|_| line.starts_with('#'))?;
    Some((word.trim(), value.trim()))
}

/// Splits a file into the portal that it is for, and its documents.
pub(super) fn read(file: &str) -> Result<(String, Vec<Part>), (usize, String)> {
    let (mut portal, mut parts) = (None, Vec::<Part>::new());
    for (at, line) in file.lines().enumerate() {
        match said(line) {
            Some(("portal", url)) if parts.is_empty() => portal = Some(url.to_owned()),
            Some(("binding", word)) => {
                let operation = operation(word).ok_or_else(|| (at + 1, format!("there is no operation `{word}`")))?;
                if parts.iter().any(|part| part.operation == operation) {
                    return Err((at + 1, format!("`{word}` is bound twice")));
                }
                parts.push(Part { line: at + 2, operation, document: String::new() });
            }
            _ => match parts.last_mut() {
                Some(part) => part.document.extend([line, "\n"]),
                None if line.trim().is_empty() || line.starts_with('#') => {}
                None => return Err((at + 1, "a document stands before the first `# binding:`".to_owned())),
            },
        }
    }
    match portal {
        _ if parts.is_empty() => Err((1, "there is no `# binding: OPERATION` in it".to_owned())),
        Some(portal) => Ok((portal, parts)),
        None => Err((1, "there is no `# portal: URL` in it".to_owned())),
    }
}

//! `optra query`: documents that a user or a project keeps as files, each a command with its variables as options.
//!
//! Only this command reads documents: the named one, or all of them for a list.

mod files;
mod invocation;
mod list;
mod options;
#[cfg(any(test, fuzzing))]
pub mod properties;
mod row;
mod send;
mod shape;

use std::cell::RefCell;
use std::ffi::OsString;

use clap::ArgMatches;

use files::Kept;
use invocation::Invocation;
use shape::Shape;

use crate::context::Context;
use crate::error::{Error, Kind};
use crate::output::Written;
use crate::portal::Document;

/// What is written as JSON, apart from the answers of documents.
pub const WRITTEN: &[Written] = &[Written::of::<Vec<list::Listed>>("query.list", "With `--list`: the documents")];

/// Send a document that is kept as a file, or list all of them
///
/// Documents are kept in `.optra/queries/NAME.graphql` of a project, or in `queries/NAME.graphql` of the configuration
/// directory; the project's take precedence. Variables become options: `optra query NAME --help` shows them. The list
/// in the answer becomes rows, with a column for each field of the document. A mutation asks before it is sent.
#[derive(Debug, clap::Args)]
#[command(
    subcommand_value_name = "NAME",
    before_long_help = "\
Examples:
  optra query --list
  optra query fleet --help
  optra query fleet --status OFFLINE -o csv --fields id,location.name
  optra query fleet --paginate --where 'lastSeenAt>7d' --sort name"
)]
pub struct Args {
    /// List the documents, and where each comes from
    #[arg(long)]
    list: bool,

    #[command(subcommand)]
    named: Option<Named>,

    /// The result of the second parse.
    #[arg(skip)]
    invocation: Option<Box<Invocation>>,

    /// Why the second parse failed; reported once, when the command runs.
    #[arg(skip)]
    failure: RefCell<Option<Error>>,
}

/// The name of a document and its arguments, which only the document can parse.
#[derive(Debug, clap::Subcommand)]
enum Named {
    #[command(external_subcommand)]
    Document(Vec<OsString>),
}

impl Args {
    /// Parses the command line again, in a tree that has the document as a command. Returns `None` if no document is
    /// named, or if it cannot be used, which `run` reports.
    pub fn resolve(&mut self, tree: clap::Command) -> Result<Option<ArgMatches>, clap::Error> {
        let Some(Named::Document(words)) = &self.named else { return Ok(None) };
        let name = words.first().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
        let globals = globals(&tree);
        let (kept, document, shape, command) = match prepare(&name, &globals) {
            Ok(prepared) => prepared,
            Err(error) => {
                *self.failure.borrow_mut() = Some(error);
                return Ok(None);
            }
        };
        // Use the name as it was typed: with its extension it is the same document.
        let name: &'static str = name.leak();
        let matches = tree.mut_subcommand("query", |query| query.subcommand(command.name(name))).try_get_matches()?;
        let own = matches.subcommand_matches("query").and_then(|query| query.subcommand_matches(name));
        self.invocation = own.map(|own| Box::new(invocation::read(kept, document, shape, own)));
        Ok(Some(matches))
    }

    /// Returns true if the named document cannot be used.
    pub fn is_unresolved(&self) -> bool {
        self.failure.borrow().is_some()
    }
}

/// Finds a document and builds its command.
fn prepare(name: &str, globals: &[String]) -> Result<(Kept, Document, Shape, clap::Command), Error> {
    let (kept, document) = files::find(name)?;
    let shape = Shape::of(&document);
    match invocation::command(&kept, &document, &shape, globals) {
        Ok(command) => Ok((kept, document, shape, command)),
        Err(broken) => Err(broken.error(&kept)),
    }
}

/// Returns the tree with a document as a command, by the name that was typed.
pub fn with_document(tree: clap::Command, name: &str) -> Result<clap::Command, Error> {
    let (.., command) = prepare(name, &globals(&tree))?;
    let name: &'static str = name.to_owned().leak();
    Ok(tree.mut_subcommand("query", |query| query.subcommand(command.name(name))))
}

/// Returns the options that every command has.
pub fn globals(tree: &clap::Command) -> Vec<String> {
    let globals = tree.get_arguments().filter_map(clap::Arg::get_long).map(str::to_owned);
    globals.chain(["help", "version"].map(str::to_owned)).collect()
}

/// Returns the documents as commands, for completions. Files that cannot be read are skipped.
pub fn commands(globals: &[String]) -> Vec<clap::Command> {
    let documents = files::all().unwrap_or_default().into_iter().filter_map(|(kept, _)| {
        let document = files::read(&kept).ok()?;
        let shape = Shape::of(&document);
        invocation::command(&kept, &document, &shape, globals).ok()
    });
    documents.collect()
}

pub fn run(args: &Args, cx: &Context) -> Result<(), Error> {
    if let Some(foreign) = files::foreign_dir() {
        let path = foreign.display();
        cx.out.warn(format_args!("`{path}` belongs to another user, so the documents in it are not used"));
    }
    match &args.invocation {
        _ if args.list && args.named.is_some() => {
            Err(Error::new(Kind::Usage, "`--list` lists all documents, and takes no name"))
        }
        Some(invocation) => send::send(invocation, cx),
        None => args.failure.take().map_or_else(|| list::list(cx), Err),
    }
}

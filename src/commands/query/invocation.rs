//! A kept document as a command: builds its options, and parses their values.
//!
//! It reads no file and sends nothing.

use clap::{Arg, ArgAction, ArgMatches, Command};

use super::files::{Broken, Kept};
use super::options;
use super::row::Row;
use super::shape::Shape;
use crate::commands::filter::Conditions;
use crate::commands::paging::Variables;
use crate::commands::view::View;
use crate::portal::Document;

/// The help heading of options about the answer; variables come before.
const HEADING: &str = "Rows";

/// A document to send, with the values from the command line.
#[derive(Debug)]
pub struct Invocation {
    pub kept: Kept,
    pub document: Document,
    pub shape: Shape,
    pub variables: Variables,
    pub conditions: Conditions<Row>,
    pub view: View<Row>,
    pub paginate: bool,
    pub yes: bool,
}

/// Builds the command of a document. `globals` are the options that every command has.
pub fn command(kept: &Kept, document: &Document, shape: &Shape, globals: &[String]) -> Result<Command, Broken> {
    let name: &'static str = kept.name.clone().leak();
    let further = match document.is_mutation {
        true => switch("yes").short('y').help("Send it without asking"),
        // A mutation must not be repeated.
        false => switch("paginate").help("Fetch page after page, until the list ends"),
    };
    let rows = Command::new(name).next_help_heading(HEADING).arg(further).arg(Conditions::option(shape.columns));
    let rows = View::options(rows, shape.columns);
    let own = rows.get_arguments().filter_map(Arg::get_long).map(str::to_owned);
    let taken: Vec<String> = own.chain(globals.iter().cloned()).collect();
    let variables = options::options(document, &taken)?;
    let path = kept.path.display().to_string().replace(char::is_control, "");
    let example = format!("optra query {name}{}", options::example(&variables));
    let further = if document.is_mutation { format!("{example} --yes") } else { format!("{example} -o csv") };
    let about = document.description.first().cloned();
    let about = about.unwrap_or_else(|| format!("Send the {} in `{path}`", document.kind()));
    let long = document.description.get(1..).unwrap_or_default().iter().fold(about.clone(), |mut long, paragraph| {
        long.push_str("\n\n");
        long.push_str(paragraph);
        long
    });
    Ok(Command::new(name)
        .args(variables)
        .args(rows.get_arguments())
        .about(about)
        .long_about(long)
        .before_long_help(format!("Examples:\n  {example}\n  {further}"))
        .after_help(format!("It is the {} in `{path}`.", document.kind())))
}

/// Reads the values of a document's options.
pub fn read(kept: Kept, document: Document, shape: Shape, matches: &ArgMatches) -> Invocation {
    let said = |name: &str| matches.try_get_one::<bool>(name).ok().flatten().copied().unwrap_or_default();
    Invocation {
        variables: options::given(&document, matches),
        conditions: Conditions::read(matches, shape.columns),
        view: View::read(matches, shape.columns),
        paginate: said("paginate"),
        yes: said("yes"),
        kept,
        document,
        shape,
    }
}

fn switch(name: &'static str) -> Arg {
    Arg::new(name).long(name).action(ArgAction::SetTrue)
}

//! `--fields` and `--sort`, for any listing: the columns to show, and the order of rows.

use clap::builder::PossibleValuesParser;
use clap::{Arg, ArgAction, ArgMatches, Command};

use crate::output::{Column, Fields, Record};
use crate::portal::Sort;

/// The columns to show, and the order of rows.
#[derive(Debug)]
pub struct View<R: Record> {
    pub fields: Fields<R>,
    /// `None` for the portal's order.
    pub sort: Option<Sort>,
}

impl<R: Record> View<R> {
    /// Adds the options for rows with these columns.
    pub fn options(command: Command, columns: &'static [Column<R>]) -> Command {
        let sort = Arg::new("sort").long("sort").value_name("FIELD");
        let reverse = Arg::new("reverse").long("reverse").requires("sort").action(ArgAction::SetTrue);
        command
            .arg(
                sort.value_parser(PossibleValuesParser::new(columns.iter().map(|column| column.name)))
                    // `--fields` already lists the values.
                    .hide_possible_values(true)
                    .help("Sort by a field; missing values last")
                    .long_help("Sort by one of the fields, which needs all rows first; missing values last"),
            )
            .arg(reverse.hide_short_help(true).help("Reverse the order"))
            .arg(Fields::option(columns))
    }

    /// Reads the parsed options.
    pub fn read(matches: &ArgMatches, columns: &'static [Column<R>]) -> View<R> {
        let reverse = matches.get_flag("reverse");
        let sort = matches.get_one::<String>("sort").map(|field| Sort { field: field.clone(), reverse });
        View { fields: Fields::read(columns, matches), sort }
    }
}

impl<R: Record> clap::FromArgMatches for View<R> {
    fn from_arg_matches(matches: &ArgMatches) -> Result<Self, clap::Error> {
        Ok(View::read(matches, R::COLUMNS))
    }

    fn update_from_arg_matches(&mut self, matches: &ArgMatches) -> Result<(), clap::Error> {
        *self = View::read(matches, R::COLUMNS);
        Ok(())
    }
}

impl<R: Record> clap::Args for View<R> {
    fn augment_args(command: Command) -> Command {
        View::options(command, R::COLUMNS)
    }

    fn augment_args_for_update(command: Command) -> Command {
        View::options(command, R::COLUMNS)
    }
}

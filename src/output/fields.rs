//! `--fields` for any record: its values and its help come from the columns of the record or of one document.

use std::fmt;

use clap::builder::PossibleValuesParser;
use clap::{Arg, ArgMatches, Command};

use super::error::Error;
use super::json::Json;
use super::record::{Column, Rank, Record};

/// The columns that a run selects; without names, the default ones.
pub struct Fields<R: 'static> {
    /// All selectable columns.
    known: &'static [Column<R>],
    names: Option<Vec<String>>,
    /// True if the rows come from several profiles.
    several: bool,
    /// True if the command has the option.
    is_option: bool,
}

// A derive would require the same traits of the record.
impl<R> fmt::Debug for Fields<R> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.names.fmt(f)
    }
}

impl<R> Clone for Fields<R> {
    fn clone(&self) -> Fields<R> {
        Fields { names: self.names.clone(), ..*self }
    }
}

impl<R: Record> Fields<R> {
    /// Selects the default columns.
    pub fn all() -> Fields<R> {
        Fields { known: R::COLUMNS, names: None, several: false, is_option: false }
    }

    /// Returns the option for these columns.
    pub fn option(known: &'static [Column<R>]) -> Arg {
        Arg::new("fields")
            .long("fields")
            .value_name("NAMES")
            .value_delimiter(',')
            .value_parser(PossibleValuesParser::new(known.iter().map(|column| column.name)))
            .help("Show only these fields, in this order, separated by commas")
    }

    /// Reads the option's value.
    pub fn read(known: &'static [Column<R>], matches: &ArgMatches) -> Fields<R> {
        let names = matches.get_many::<String>("fields").map(|names| {
            let mut unique: Vec<String> = Vec::new();
            for name in names.filter(|name| !name.is_empty()) {
                if !unique.contains(name) {
                    unique.push(name.clone());
                }
            }
            unique
        });
        Fields { known, names, several: false, is_option: true }
    }

    /// Returns the column with this name.
    pub fn column(&self, name: &str) -> Option<&'static Column<R>> {
        self.known.iter().find(|column| column.name == name)
    }

    /// Adds the column of the profile that each row came from.
    pub fn with_origin(&self) -> Fields<R> {
        Fields { several: true, ..self.clone() }
    }

    /// Returns true if the command has `--fields`.
    pub(super) fn is_option(&self) -> bool {
        self.is_option
    }

    /// Returns true if the user named the columns.
    pub fn are_chosen(&self) -> bool {
        self.names.is_some()
    }

    /// Returns the names that the user gave.
    pub fn chosen(&self) -> impl Iterator<Item = &str> {
        self.names.iter().flatten().map(String::as_str)
    }

    /// Returns the named columns in the user's order, or else those whose rank `wanted` accepts.
    pub(super) fn columns(&self, wanted: fn(Rank) -> bool) -> Vec<&'static Column<R>> {
        match &self.names {
            Some(names) => names.iter().filter_map(|name| self.column(name)).collect(),
            None => {
                let has_place = |column: &&Column<R>| match column.rank {
                    Rank::Nested => false,
                    Rank::Profile => self.several,
                    rank => wanted(rank),
                };
                self.known.iter().filter(has_place).collect()
            }
        }
    }

    /// Writes a record as compact JSON: all members, or the named ones in the user's order.
    pub(super) fn write(&self, record: &R, to: &mut Vec<u8>) -> Result<(), Error> {
        match self.pick(record)? {
            Some(picked) => Ok(serde_json::to_writer(to, &picked)?),
            None => Ok(serde_json::to_writer(to, record)?),
        }
    }

    /// Writes a record as indented JSON.
    pub(super) fn write_pretty(&self, record: &R, to: &mut Vec<u8>) -> Result<(), Error> {
        match self.pick(record)? {
            Some(picked) => Ok(serde_json::to_writer_pretty(to, &picked)?),
            None => Ok(serde_json::to_writer_pretty(to, record)?),
        }
    }

    fn pick(&self, record: &R) -> Result<Option<Json>, Error> {
        let Some(names) = &self.names else { return Ok(None) };
        // Goes through text, because parsing a number loses digits.
        let raw = serde_json::value::to_raw_value(record)?;
        let Some(whole @ Json::Object(_)) = Json::of(&raw) else { return Ok(None) };
        Ok(Some(Json::Object(names.iter().map(|name| (name.clone(), whole.part(name))).collect())))
    }
}

impl<R: Record> clap::FromArgMatches for Fields<R> {
    fn from_arg_matches(matches: &ArgMatches) -> Result<Self, clap::Error> {
        Ok(Fields::read(R::COLUMNS, matches))
    }

    fn update_from_arg_matches(&mut self, matches: &ArgMatches) -> Result<(), clap::Error> {
        *self = Self::from_arg_matches(matches)?;
        Ok(())
    }
}

impl<R: Record> clap::Args for Fields<R> {
    fn augment_args(command: Command) -> Command {
        command.arg(Fields::<R>::option(R::COLUMNS))
    }

    fn augment_args_for_update(command: Command) -> Command {
        Self::augment_args(command)
    }
}

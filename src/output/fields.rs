//! `--fields`, for any record: its choices and its help come from the record's columns.

use std::fmt;
use std::marker::PhantomData;

use clap::builder::PossibleValuesParser;
use clap::{Arg, ArgMatches, Command};
use serde_json::Value;

use super::error::Error;
use super::record::{Column, Rank, Record};

/// The columns that a run asks for; none means those that are shown by themselves.
pub struct Fields<R> {
    names: Option<Vec<String>>,
    /// True where the rows come from several profiles.
    several: bool,
    of: PhantomData<R>,
}

// Derives would ask the same of the record.
impl<R> fmt::Debug for Fields<R> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.names.fmt(f)
    }
}

impl<R> Clone for Fields<R> {
    fn clone(&self) -> Fields<R> {
        Fields { names: self.names.clone(), several: self.several, of: PhantomData }
    }
}

impl<R: Record> Fields<R> {
    /// Asks for no column in particular.
    pub fn all() -> Fields<R> {
        Fields { names: None, several: false, of: PhantomData }
    }

    /// Shows the profile that each row came from, too.
    pub fn with_origin(&self) -> Fields<R> {
        Fields { several: true, ..self.clone() }
    }

    /// Returns true if the columns were named by the user.
    pub fn are_chosen(&self) -> bool {
        self.names.is_some()
    }

    /// Returns the names that the user asked for.
    pub fn chosen(&self) -> impl Iterator<Item = &str> {
        self.names.iter().flatten().map(String::as_str)
    }

    /// Returns the chosen columns in the order of asking, else those whose rank `wanted` accepts.
    pub(super) fn columns(&self, wanted: fn(Rank) -> bool) -> Vec<&'static Column<R>> {
        match &self.names {
            Some(names) => {
                let by_name = |name: &String| R::COLUMNS.iter().find(|column| column.name == name);
                names.iter().filter_map(by_name).collect()
            }
            None => {
                let has_place = |column: &&Column<R>| match column.rank {
                    Rank::Part => false,
                    Rank::Origin => self.several,
                    rank => wanted(rank),
                };
                R::COLUMNS.iter().filter(has_place).collect()
            }
        }
    }

    /// Writes a record as compact JSON: all members, or the chosen ones in the order of asking.
    pub(super) fn write(&self, record: &R, to: &mut Vec<u8>) -> Result<(), Error> {
        match self.pick(record)? {
            Some(picked) => Ok(serde_json::to_writer(to, &picked)?),
            None => Ok(serde_json::to_writer(to, record)?),
        }
    }

    /// Does the same on several lines.
    pub(super) fn write_pretty(&self, record: &R, to: &mut Vec<u8>) -> Result<(), Error> {
        match self.pick(record)? {
            Some(picked) => Ok(serde_json::to_writer_pretty(to, &picked)?),
            None => Ok(serde_json::to_writer_pretty(to, record)?),
        }
    }

    fn pick(&self, record: &R) -> Result<Option<Picked>, Error> {
        let Some(names) = &self.names else { return Ok(None) };
        let Value::Object(mut members) = serde_json::to_value(record)? else { return Ok(None) };
        let parts: Vec<(String, Value)> =
            names.iter().filter(|name| name.contains('.')).map(|name| (name.clone(), part(&members, name))).collect();
        let mut pick = |name: &String| match parts.iter().find(|(part, _)| part == name) {
            Some(part) => part.clone(),
            None => (name.clone(), members.remove(name).unwrap_or(Value::Null)),
        };
        Ok(Some(Picked(names.iter().map(&mut pick).collect())))
    }
}

/// Returns what stands at a path; of a list, what stands there in each element.
fn part(members: &serde_json::Map<String, Value>, path: &str) -> Value {
    let (head, rest) = path.split_once('.').unwrap_or((path, ""));
    match members.get(head) {
        Some(Value::Array(items)) => items.iter().map(|item| item[rest].clone()).collect(),
        Some(Value::Object(inner)) if rest.contains('.') => part(inner, rest),
        Some(member) => member[rest].clone(),
        None => Value::Null,
    }
}

/// Chosen members in the order of asking, which a map would lose.
struct Picked(Vec<(String, Value)>);

impl serde::Serialize for Picked {
    fn serialize<S: serde::Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        to.collect_map(self.0.iter().map(|(name, value)| (name, value)))
    }
}

impl<R: Record> clap::FromArgMatches for Fields<R> {
    fn from_arg_matches(matches: &ArgMatches) -> Result<Self, clap::Error> {
        let names = matches.get_many::<String>("fields").map(|names| {
            let mut unique: Vec<String> = Vec::new();
            for name in names.filter(|name| !name.is_empty()) {
                if !unique.contains(name) {
                    unique.push(name.clone());
                }
            }
            unique
        });
        Ok(Fields { names, several: false, of: PhantomData })
    }

    fn update_from_arg_matches(&mut self, matches: &ArgMatches) -> Result<(), clap::Error> {
        *self = Self::from_arg_matches(matches)?;
        Ok(())
    }
}

impl<R: Record> clap::Args for Fields<R> {
    fn augment_args(command: Command) -> Command {
        command.arg(
            Arg::new("fields")
                .long("fields")
                .value_name("NAMES")
                .value_delimiter(',')
                .value_parser(PossibleValuesParser::new(R::COLUMNS.iter().map(|column| column.name)))
                .help("Show only these fields, in this order, separated by commas"),
        )
    }

    fn augment_args_for_update(command: Command) -> Command {
        Self::augment_args(command)
    }
}

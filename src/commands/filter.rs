//! `--where`, for any record: predicates on its columns.

use std::collections::BTreeSet;
use std::fmt;

use clap::{Arg, ArgAction, ArgMatches, Command};
use jiff::Timestamp;

use super::listing::Filter;
use crate::context::Context;
use crate::output::{Cell, Column, Record};
use crate::portal::Predicate;
use crate::secret;
use crate::text::{Clause, Operand, Operator};

/// A condition on one column.
#[derive(Clone, Debug)]
pub struct FieldCondition {
    /// The index of the column in the record's columns.
    column: usize,
    clause: Clause,
}

/// A note names at most this many other values.
const FEW: usize = 8;

/// The help of conditions.
pub const HELP: &str = "\
Conditions for `--where`, and for `--for` of `devices wait`; of several, all
have to be true:

  status=OFFLINE                is exactly this
  status!=OFFLINE               is something else, or not there
  name='dock-*'                 is like this: * anything, ? one letter, [ab] one
                                of these; `name~dock-*` is the same
  name=='dock-*'                is exactly this, whatever is in it
  tags=pilot                    has this tag, by its name
  location.name=Rotterdam       a part of something
  'lastSeenAt older-than 7d'    longer ago than 7 days; also h and w
  'lastSeenAt newer-than 36h'   not so long ago
  'lastSeenAt before 2026-01-31'  before that day began, in UTC
  'lastSeenAt after 2026-01-31'   after that day was over, in UTC
  lastSeenAt=                   is not there
  lastSeenAt!=                  is there
  'location.latitude>=52'       a number; also > < <=

Of a time, `>7d` is older-than, `<7d` newer-than; `>2026-01-31` is after that
day began. What is not there is neither older nor newer, neither less nor more.
Fields are those of `--fields`. Quote what a shell takes for itself: < > * ! and
spaces.

Keys (`keys list`, `keys revoke`) have the fields name, createdAt, lastUsedAt,
and two ages that know what a key is: a key that was never used counts from when
it was made, and one of which the portal does not tell is never meant:

  unused-for=90d                nothing used it for so long
  older-than=90d                made so long ago
";

/// The conditions of a run; all of them have to be true.
pub struct Conditions<R: Record> {
    columns: &'static [Column<R>],
    tests: Vec<FieldCondition>,
}

// A derive would require `R: Debug`.
impl<R: Record> fmt::Debug for Conditions<R> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.tests.fmt(f)
    }
}

impl<R: Record> Conditions<R> {
    /// Returns the option for records with these columns.
    pub fn option(columns: &'static [Column<R>]) -> Arg {
        Arg::new("where")
            .long("where")
            .value_name("CONDITION")
            .action(ArgAction::Append)
            .value_parser(move |text: &str| test(text, columns))
            .help("Show only those that meet this, such as status=OFFLINE; `optra help filters` has the rules")
    }

    /// Returns a filter of conditions from another option.
    pub fn of(tests: Vec<FieldCondition>) -> Conditions<R> {
        Conditions { columns: R::COLUMNS, tests }
    }

    /// Returns the fields that the conditions read.
    pub fn fields(&self) -> Vec<String> {
        self.tests.iter().map(|test| self.columns[test.column].name.to_owned()).collect()
    }

    /// Describes a record by the fields of the conditions: `dock-01 (status=OFFLINE)`.
    pub fn told(&self, name: &str, record: &R) -> String {
        let value = |test: &FieldCondition| {
            let column = &self.columns[test.column];
            format!("{}={}", column.name, column.cell(record).exact())
        };
        format!("{name} ({})", self.tests.iter().map(value).collect::<Vec<_>>().join(", "))
    }

    /// Reads the parsed option.
    pub fn read(matches: &ArgMatches, columns: &'static [Column<R>]) -> Conditions<R> {
        let tests = matches.get_many("where").unwrap_or_default().cloned().collect();
        Conditions { columns, tests }
    }

    /// Parses one condition.
    #[cfg(any(test, fuzzing))]
    pub fn typed(text: &str, columns: &'static [Column<R>]) -> Result<Conditions<R>, String> {
        Ok(Conditions { columns, tests: vec![test(text, columns)?] })
    }

    /// Returns true if there are no conditions.
    pub fn is_empty(&self) -> bool {
        self.tests.is_empty()
    }

    /// Starts filtering; ages are relative to `now`.
    pub fn start(&self, now: Timestamp) -> ConditionFilter<'_, R> {
        let met = vec![Statistics::default(); self.tests.len()];
        ConditionFilter { columns: self.columns, tests: &self.tests, met, seen: 0, now }
    }
}

impl<R: Record> clap::FromArgMatches for Conditions<R> {
    fn from_arg_matches(matches: &ArgMatches) -> Result<Self, clap::Error> {
        Ok(Conditions::read(matches, R::COLUMNS))
    }

    fn update_from_arg_matches(&mut self, matches: &ArgMatches) -> Result<(), clap::Error> {
        *self = Conditions::read(matches, R::COLUMNS);
        Ok(())
    }
}

impl<R: Record> clap::Args for Conditions<R> {
    fn augment_args(command: Command) -> Command {
        command.arg(Conditions::<R>::option(R::COLUMNS))
    }

    fn augment_args_for_update(command: Command) -> Command {
        Self::augment_args(command)
    }
}

/// A filter at work, with its statistics.
pub struct ConditionFilter<'c, R: 'static> {
    columns: &'static [Column<R>],
    tests: &'c [FieldCondition],
    met: Vec<Statistics>,
    seen: usize,
    now: Timestamp,
}

/// What a condition found in all records so far.
#[derive(Clone, Debug, Default)]
struct Statistics {
    is_true: bool,
    /// The number of records whose value has another type: a name is not less than 7 days.
    incomparable: usize,
    /// For an exact condition, some of the values that records have instead.
    others: BTreeSet<String>,
}

impl<R: Record> Filter<R> for ConditionFilter<'_, R> {
    fn predicates(&self) -> Vec<Predicate> {
        let predicate = |test: &FieldCondition| Predicate {
            field: self.columns[test.column].name.to_owned(),
            equals: test.exact().map(str::to_owned),
        };
        self.tests.iter().map(predicate).collect()
    }

    /// A missing value matches nothing.
    fn matches(&mut self, record: &R) -> bool {
        self.seen += 1;
        let mut is_wanted = true;
        for (test, met) in self.tests.iter().zip(self.met.iter_mut()) {
            let column = &self.columns[test.column];
            met.incomparable += usize::from(!test.can_compare(&column.cell(record)));
            let is_true = test.is_true(column.cell(record), self.now);
            met.is_true |= is_true;
            if !is_true && test.exact().is_some() && met.others.len() <= FEW {
                met.others.extend(column.cell(record).values());
            }
            is_wanted &= is_true;
        }
        is_wanted
    }

    /// Warns of values that could not be compared, lists the values that exist where one was never found, and says who
    /// filtered.
    fn tell(&self, pushed: Option<&[String]>, cx: &Context) {
        self.warn(cx);
        let (one, many) = R::NOUN;
        for (test, met) in self.tests.iter().zip(&self.met) {
            let name = self.columns[test.column].name;
            if let (Some(value), false, 1..=FEW) = (test.exact(), met.is_true, met.others.len())
                && !value.is_empty()
            {
                let others: Vec<String> = met.others.iter().map(|other| format!("`{other}`")).collect();
                let value = secret::repeatable(value);
                cx.out.note(format_args!("No {one} has the {name} `{value}`; there is {}.", others.join(", ")));
            }
        }
        let Some(pushed) = pushed.filter(|_| !self.tests.is_empty()) else { return };
        match self.predicates().iter().all(|asked| asked.equals.is_some() && pushed.contains(&asked.field)) {
            true => cx.out.status(format_args!("filtered by the portal, as the binding of `{many}.list` says")),
            false => {
                cx.out.status(format_args!("filtered here among {} {many}: the portal has no such filter", self.seen));
            }
        }
    }
}

impl<R: Record> ConditionFilter<'_, R> {
    /// Warns of values that could not be compared.
    pub fn warn(&self, cx: &Context) {
        for (test, met) in self.tests.iter().zip(&self.met).filter(|(_, met)| met.incomparable > 0) {
            let counted = R::counted(met.incomparable);
            let name = self.columns[test.column].name;
            cx.out.warn(format_args!("`--where` cannot compare `{name}` of {counted} this way"));
        }
    }
}

impl FieldCondition {
    /// Returns false for a value whose type the operand cannot be compared with.
    fn can_compare(&self, cell: &Cell<'_>) -> bool {
        match self.clause.operand {
            Operand::Age(_) | Operand::Time(_) => matches!(cell.value(), Cell::Time(_) | Cell::Nothing),
            Operand::Number(_) => matches!(cell.value(), Cell::Number(_) | Cell::Nothing),
            Operand::Text(_) => true,
        }
    }

    fn is_true(&self, cell: Cell<'_>, now: Timestamp) -> bool {
        let is_not = self.clause.operator == Operator::IsNot;
        match (&self.clause.operand, cell) {
            (Operand::Text(wanted), Cell::Names(names)) => names.iter().any(|name| wanted.is_met_by(name)) != is_not,
            (Operand::Text(wanted), Cell::Nothing) => (wanted.exact() == Some("")) != is_not,
            (Operand::Text(wanted), cell) => wanted.is_met_by(&cell.exact()) != is_not,
            (Operand::Number(number), cell) => match cell.into_value() {
                Cell::Number(found) => self.clause.compares(found.total_cmp(number)),
                _ => false,
            },
            (Operand::Age(_) | Operand::Time(_), cell) => match cell.into_value() {
                Cell::Time(time) => self.clause.is_true_of_time(time, now) == Some(true),
                _ => false,
            },
        }
    }

    /// Returns the text of an exact condition.
    fn exact(&self) -> Option<&str> {
        match &self.clause.operand {
            Operand::Text(wanted) if self.clause.operator == Operator::Is => wanted.exact(),
            _ => None,
        }
    }
}

/// Parses a condition for records of type `R`.
pub fn condition<R: Record>(text: &str) -> Result<FieldCondition, String> {
    test(text, R::COLUMNS)
}

/// Parses a condition such as `status=OFFLINE`.
fn test<R>(text: &str, columns: &[Column<R>]) -> Result<FieldCondition, String> {
    let clause = Clause::parse(text)?;
    let column = columns.iter().position(|column| column.name == clause.field).ok_or_else(|| {
        let names: Vec<&str> = columns.iter().map(|column| column.name).collect();
        format!("there is no field `{}`; there is {}", clause.field, names.join(", "))
    })?;
    Ok(FieldCondition { column, clause })
}

//! `--where`, for any record: which of them are wanted, by what stands in their columns.

use std::collections::BTreeSet;
use std::fmt;

use clap::{Arg, ArgAction, ArgMatches, Command};
use jiff::{SignedDuration, Timestamp};

use super::listing::Filter;
use crate::context::Context;
use crate::output::{Cell, Column, Record};
use crate::portal::Predicate;
use crate::text::{age, is_like, is_same, pattern};

/// What is asked of one column.
#[derive(Clone, Debug)]
struct Test {
    /// Where the column stands among the record's.
    column: usize,
    operator: Operator,
    value: Asked,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Operator {
    Is,
    IsNot,
    Like,
    Less,
    AtMost,
    More,
    AtLeast,
}

#[derive(Clone, Debug)]
enum Asked {
    Text(String),
    Pattern(glob::Pattern),
    Age(SignedDuration),
    Moment(Timestamp),
    Number(f64),
}

/// So many other values are told.
const FEW: usize = 8;

/// The help of conditions.
pub const HELP: &str = "\
Conditions for `--where` of `devices list`, `devices watch` and `query`; of
several, all have to be true:

  status=OFFLINE           is exactly this
  status!=OFFLINE          is something else, or not there
  name~'dock-*'            is like this pattern: * anything, ? one letter
  tags=pilot               has this tag, by its name
  location.name=Rotterdam  a part of something
  lastSeenAt>7d            longer ago than 7 days; also h and w
  lastSeenAt<=36h          not longer ago than 36 hours
  lastSeenAt>2026-01-31    a date: after that day began, in UTC
  location.latitude>=52    a number
  lastSeenAt=              is not there
  lastSeenAt!=             is there

What is not there is neither less nor more than anything. Fields are those of
`--fields`. Quote what a shell would take for itself: < > * ! and spaces.

`keys list`, `keys revoke` have conditions of their own: name=PATTERN,
unused-for=AGE, older-than=AGE.
";

/// The conditions that a run asks for; all of them have to be true.
pub struct Choice<R: Record> {
    columns: &'static [Column<R>],
    tests: Vec<Test>,
}

// A derive would ask the same of the record.
impl<R: Record> fmt::Debug for Choice<R> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.tests.fmt(f)
    }
}

impl<R: Record> Choice<R> {
    /// Returns the option for records with these columns.
    pub fn option(columns: &'static [Column<R>]) -> Arg {
        Arg::new("where")
            .long("where")
            .value_name("CONDITION")
            .action(ArgAction::Append)
            .value_parser(move |text: &str| test(text, columns))
            .help(
                "Only those of which this is true, such as status=OFFLINE or lastSeenAt>7d; can be repeated; `optra help \
                 filters` tells all",
            )
    }

    /// Reads what the option says.
    pub fn read(matches: &ArgMatches, columns: &'static [Column<R>]) -> Choice<R> {
        let tests = matches.get_many("where").unwrap_or_default().cloned().collect();
        Choice { columns, tests }
    }

    /// Makes one of a condition as it is typed.
    #[cfg(any(test, fuzzing))]
    pub fn typed(text: &str, columns: &'static [Column<R>]) -> Result<Choice<R>, String> {
        Ok(Choice { columns, tests: vec![test(text, columns)?] })
    }

    /// Returns true where all are wanted.
    pub fn is_empty(&self) -> bool {
        self.tests.is_empty()
    }

    /// Starts to look at records, at the moment `now`.
    pub fn start(&self, now: Timestamp) -> Choosing<'_, R> {
        let met = vec![Met::default(); self.tests.len()];
        Choosing { columns: self.columns, tests: &self.tests, met, seen: 0, now }
    }
}

impl<R: Record> clap::FromArgMatches for Choice<R> {
    fn from_arg_matches(matches: &ArgMatches) -> Result<Self, clap::Error> {
        Ok(Choice::read(matches, R::COLUMNS))
    }

    fn update_from_arg_matches(&mut self, matches: &ArgMatches) -> Result<(), clap::Error> {
        *self = Choice::read(matches, R::COLUMNS);
        Ok(())
    }
}

impl<R: Record> clap::Args for Choice<R> {
    fn augment_args(command: Command) -> Command {
        command.arg(Choice::<R>::option(R::COLUMNS))
    }

    fn augment_args_for_update(command: Command) -> Command {
        Self::augment_args(command)
    }
}

/// Conditions at work, and what they met.
pub struct Choosing<'c, R: 'static> {
    columns: &'static [Column<R>],
    tests: &'c [Test],
    met: Vec<Met>,
    seen: usize,
    now: Timestamp,
}

/// What a condition met among all that was looked at.
#[derive(Clone, Debug, Default)]
struct Met {
    is_true: bool,
    /// How many could not be compared: a name is not less than 7 days.
    incomparable: usize,
    /// What else there is where it is one thing that was asked for: a few.
    others: BTreeSet<String>,
}

impl<R: Record> Filter<R> for Choosing<'_, R> {
    fn predicates(&self) -> Vec<Predicate> {
        let predicate = |test: &Test| {
            let equals = match (&test.value, test.operator) {
                (Asked::Text(text), Operator::Is) => Some(text.clone()),
                _ => None,
            };
            Predicate { field: self.columns[test.column].name.to_owned(), equals }
        };
        self.tests.iter().map(predicate).collect()
    }

    /// What is not there is not what was asked for.
    fn takes(&mut self, record: &R) -> bool {
        self.seen += 1;
        let mut is_wanted = true;
        for (test, met) in self.tests.iter().zip(self.met.iter_mut()) {
            let column = &self.columns[test.column];
            met.incomparable += usize::from(!test.can_compare(&column.cell(record)));
            let is_true = test.is_true(column.cell(record), self.now);
            met.is_true |= is_true;
            if !is_true && test.operator == Operator::Is && met.others.len() <= FEW {
                met.others.extend(column.cell(record).values());
            }
            is_wanted &= is_true;
        }
        is_wanted
    }

    /// Warns of what could not be compared and was left out, says what there is where a value was never met, and who chose.
    fn tell(&self, pushed: Option<&[String]>, cx: &Context) {
        let (one, many) = R::NOUN;
        for (test, met) in self.tests.iter().zip(&self.met) {
            let name = self.columns[test.column].name;
            if met.incomparable > 0 {
                let (count, noun) = (met.incomparable, if met.incomparable == 1 { one } else { many });
                cx.out.warn(format_args!("`{name}` of {count} {noun} is not something that `--where` can compare so"));
            }
            if let (Asked::Text(value), false, 1..=FEW) = (&test.value, met.is_true, met.others.len())
                && !value.is_empty()
            {
                let others: Vec<String> = met.others.iter().map(|other| format!("`{other}`")).collect();
                cx.out.hint(format_args!("No {one} has the {name} `{value}`; there is {}.", others.join(", ")));
            }
        }
        let Some(pushed) = pushed.filter(|_| !self.tests.is_empty()) else { return };
        match self.predicates().iter().all(|asked| asked.equals.is_some() && pushed.contains(&asked.field)) {
            true => cx.out.status(format_args!("chosen by the portal, as the binding of `{many}.list` says")),
            false => {
                cx.out.status(format_args!("chosen here among {} {many}: the portal has no such filter", self.seen));
            }
        }
    }
}

impl Test {
    /// Returns false for a value of another kind than it is compared with.
    fn can_compare(&self, cell: &Cell<'_>) -> bool {
        match self.value {
            Asked::Age(_) | Asked::Moment(_) => matches!(cell.value(), Cell::Time(_) | Cell::Nothing),
            Asked::Number(_) => matches!(cell.value(), Cell::Number(_) | Cell::Nothing),
            Asked::Text(_) | Asked::Pattern(_) => true,
        }
    }

    fn is_true(&self, cell: Cell<'_>, now: Timestamp) -> bool {
        let cell = match self.value {
            Asked::Age(_) | Asked::Moment(_) | Asked::Number(_) => cell.into_value(),
            Asked::Text(_) | Asked::Pattern(_) => cell,
        };
        match (&self.value, cell) {
            (Asked::Age(age), Cell::Time(time)) => self.compares(now.duration_since(time).cmp(age)),
            (Asked::Moment(moment), Cell::Time(time)) => self.compares(time.cmp(moment)),
            (Asked::Number(number), Cell::Number(found)) => self.compares(found.total_cmp(number)),
            (Asked::Age(_) | Asked::Moment(_) | Asked::Number(_), _) => false,
            (asked, Cell::Names(names)) => {
                let has = names.iter().any(|name| is(asked, name));
                has != (self.operator == Operator::IsNot)
            }
            (Asked::Text(text), Cell::Nothing) => text.is_empty() != (self.operator == Operator::IsNot),
            (_, Cell::Nothing) => self.operator == Operator::IsNot,
            (asked, cell) => is(asked, &cell.exact()) != (self.operator == Operator::IsNot),
        }
    }

    fn compares(&self, order: std::cmp::Ordering) -> bool {
        match self.operator {
            Operator::Less => order.is_lt(),
            Operator::AtMost => order.is_le(),
            Operator::More => order.is_gt(),
            Operator::AtLeast => order.is_ge(),
            Operator::IsNot => order.is_ne(),
            Operator::Is | Operator::Like => order.is_eq(),
        }
    }
}

fn is(asked: &Asked, text: &str) -> bool {
    match asked {
        Asked::Text(wanted) => is_same(wanted, text),
        Asked::Pattern(pattern) => is_like(text, pattern),
        Asked::Age(_) | Asked::Moment(_) | Asked::Number(_) => false,
    }
}

/// Reads a condition such as `status=OFFLINE`.
fn test<R>(text: &str, columns: &[Column<R>]) -> Result<Test, String> {
    let operators = [
        ("!=", Operator::IsNot),
        ("=", Operator::Is),
        ("==", Operator::Is),
        ("~", Operator::Like),
        ("<=", Operator::AtMost),
        (">=", Operator::AtLeast),
        ("<", Operator::Less),
        (">", Operator::More),
    ];
    let found = operators.iter().filter_map(|(sign, operator)| Some((text.find(sign)?, *sign, *operator)));
    // The first sign counts; of two at one place, the longer.
    let (at, sign, operator) = found
        .min_by_key(|(at, sign, _)| (*at, std::cmp::Reverse(sign.len())))
        .ok_or("write it as FIELD=VALUE, FIELD!=VALUE, FIELD~PATTERN, or FIELD<VALUE and FIELD>VALUE with an age, a time or a number")?;
    let (name, value) = (text[..at].trim(), unquoted(text[at + sign.len()..].trim()));
    let column = columns.iter().position(|column: &Column<R>| column.name == name).ok_or_else(|| {
        let names: Vec<&str> = columns.iter().map(|column| column.name).collect();
        format!("there is no field `{name}`; there is {}", names.join(", "))
    })?;
    let value = match operator {
        Operator::Like => Asked::Pattern(pattern(value).map_err(|error| error.to_string())?),
        Operator::Less | Operator::AtMost | Operator::More | Operator::AtLeast => compared(value)?,
        Operator::Is | Operator::IsNot => Asked::Text(value.to_owned()),
    };
    Ok(Test { column, operator, value })
}

/// Reads what something can be less or more than: a moment, an age, or a number.
fn compared(text: &str) -> Result<Asked, String> {
    let day = || text.parse::<jiff::civil::Date>().ok()?.to_zoned(jiff::tz::TimeZone::UTC).ok();
    match (text.parse::<Timestamp>(), day(), text.parse::<f64>()) {
        (Ok(moment), ..) => Ok(Asked::Moment(moment)),
        (_, Some(day), _) => Ok(Asked::Moment(day.timestamp())),
        (.., Ok(number)) => Ok(Asked::Number(number)),
        _ => age(text).map(Asked::Age),
    }
}

fn unquoted(text: &str) -> &str {
    let inner = text.strip_prefix('"').and_then(|text| text.strip_suffix('"'));
    inner.unwrap_or(text)
}

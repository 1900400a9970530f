//! The stable interface as lines: `docs/reference/surface.txt`. The lines are generated from the program itself and
//! compared with the committed file, so that no change goes unnoticed. `docs/stability.md` says what each line
//! promises.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use clap::{Arg, ArgAction, Command};
use serde_json::Value;
use strum::VariantArray;

use super::Cli;
use crate::commands::written;
use crate::config::SETTINGS;
use crate::error::Kind;

const FILE: &str = "docs/reference/surface.txt";

const GONE: &str = "
Scripts rely on each of these lines (docs/stability.md). A deprecated feature keeps working for the time that is promised there: it is
hidden from the help, warns with the name of its replacement, and is listed in CHANGELOG.md under `Deprecated`. If a line really has
to be removed or changed, take it out of the file by hand, and list it in CHANGELOG.md under `Breaking`: `just update` does not do that.";

/// Returns all lines, in the order of the help.
fn surface() -> Vec<String> {
    let mut lines = Vec::new();
    of_command(&Cli::tree(), "optra", &mut lines);
    for row in Kind::VARIANTS.iter().map(|kind| kind.spec()) {
        lines.push(format!("exit {} {}{}", row.exit, row.code, if row.retryable { " retryable" } else { "" }));
    }
    for setting in &SETTINGS {
        let of = if setting.option.is_empty() { String::new() } else { format!(" for {}", setting.option) };
        let named = [("variable", setting.variable), ("config", setting.key)];
        let named = named.into_iter().filter(|(_, name)| !name.is_empty());
        lines.extend(named.map(|(what, name)| format!("{what} {name}{of}")));
    }
    for written in written() {
        let schema = written.schema().to_value();
        of_schema(&schema, &schema, &format!("json {} $", written.name), &mut lines);
    }
    let mut seen = BTreeSet::new();
    lines.retain(|line| seen.insert(line.clone()));
    lines
}

fn of_command(command: &Command, words: &str, lines: &mut Vec<String>) {
    let names =
        std::iter::once(words.to_owned()).chain(command.get_all_aliases().map(|name| format!("{words}, or {name}")));
    lines.extend(names.map(|name| format!("command {name}")));
    command.get_arguments().for_each(|argument| of_argument(argument, words, lines));
    for child in command.get_subcommands() {
        of_command(child, &format!("{words} {}", child.get_name()), lines);
    }
}

fn of_argument(argument: &Arg, words: &str, lines: &mut Vec<String>) {
    let values: String =
        argument.get_value_names().unwrap_or_default().iter().map(|name| format!(" <{name}>")).collect();
    let values = if argument.get_action().takes_values() { values } else { String::new() };
    let is_many = matches!(argument.get_action(), ArgAction::Append | ArgAction::Count)
        || argument.get_num_args().is_some_and(|range| range.max_values() > 1);
    let values = if is_many { format!("{values}...") } else { values };
    let mut name = match argument.get_long() {
        Some(long) => format!("{words} --{long}"),
        None => words.to_owned(),
    };
    let mut line = format!("option {name}{values}");
    if argument.is_required_set() {
        line.push_str(" required");
    }
    let default: Vec<_> = argument.get_default_values().iter().map(|value| value.to_string_lossy()).collect();
    if !default.is_empty() {
        line.push_str(&format!(" default {}", default.join(",")));
    }
    lines.push(line);
    lines.extend(argument.get_short().map(|short| format!("option {words} -{short} is --{}", argument.get_id())));
    let aliases = argument.get_all_aliases().unwrap_or_default();
    lines.extend(aliases.into_iter().map(|alias| format!("option {words} --{alias} is --{}", argument.get_id())));
    name.push_str(&values);
    if argument.get_action().takes_values() {
        lines.extend(argument.get_possible_values().iter().map(|value| format!("value {name} {}", value.get_name())));
    }
}

/// Adds a line for each member that a schema describes, for each member that is required, and for each value of an
/// enum.
fn of_schema(schema: &Value, root: &Value, place: &str, lines: &mut Vec<String>) {
    if let Some(target) = schema["$ref"].as_str().and_then(|target| root.pointer(target.trim_start_matches('#'))) {
        return of_schema(target, root, place, lines);
    }
    let types: Vec<&str> = match &schema["type"] {
        Value::Array(types) => types.iter().filter_map(Value::as_str).collect(),
        one => one.as_str().into_iter().collect(),
    };
    if !types.is_empty() {
        lines.push(format!("{place}: {}", types.join(" or ")));
    }
    lines.extend(schema["enum"].as_array().into_iter().flatten().map(|word| format!("{place} may be {word}")));
    lines.extend(schema.get("const").map(|word| format!("{place} may be {word}")));
    let choices = ["anyOf", "oneOf", "allOf"].iter().filter_map(|kind| schema[kind].as_array());
    choices.flatten().for_each(|choice| of_schema(choice, root, place, lines));
    if schema["items"].is_object() {
        of_schema(&schema["items"], root, &format!("{place}[]"), lines);
    }
    if schema["additionalProperties"].is_object() {
        of_schema(&schema["additionalProperties"], root, &format!("{place}.*"), lines);
    }
    for (name, member) in schema["properties"].as_object().into_iter().flatten() {
        of_schema(member, root, &format!("{place}.{name}"), lines);
    }
    let required = schema["required"].as_array().into_iter().flatten().filter_map(Value::as_str);
    lines.extend(required.map(|name| format!("{place}.{name} is always there")));
}

/// Returns the lines of `of` that are not in `is_in`.
fn missing<'a>(of: &[&'a str], is_in: &[&str]) -> Vec<&'a str> {
    of.iter().copied().filter(|line| !is_in.contains(line)).collect()
}

#[test]
fn no_change_of_the_stable_interface_goes_unnoticed() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(FILE);
    let kept = fs::read_to_string(&path).unwrap_or_default();
    let now = surface();
    let (kept, now): (Vec<&str>, Vec<&str>) = (kept.lines().collect(), now.iter().map(String::as_str).collect());
    let gone = missing(&kept, &now);
    assert!(gone.is_empty(), "{FILE} has lines that the program no longer has:\n{}\n{GONE}", gone.join("\n"));
    if std::env::var("SNAPSHOTS").is_ok_and(|what| what == "overwrite") {
        fs::write(path, format!("{}\n", now.join("\n"))).unwrap();
    } else {
        let new = missing(&now, &kept);
        assert!(new.is_empty(), "once this is released it stays; `just update` adds it to {FILE}:\n{}", new.join("\n"));
    }
}

#[test]
fn a_change_of_the_interface_removes_a_line() {
    fn lines(command: Command) -> Vec<String> {
        let mut lines = Vec::new();
        of_command(&command, "x", &mut lines);
        lines
    }
    let with = |argument: Arg| Command::new("x").subcommand(Command::new("y").arg(argument));
    let gone = |before: &[String], after: &[String]| {
        let text = |lines: &[String]| lines.join("\n");
        let (before, after) = (text(before), text(after));
        missing(&before.lines().collect::<Vec<_>>(), &after.lines().collect::<Vec<_>>()).join("\n")
    };
    let argument = || Arg::new("age").long("age").short('a').value_name("AGE").value_parser(["old", "new"]);
    let before = lines(with(argument()));
    assert_eq!(gone(&before, &lines(with(argument()).arg(Arg::new("more").long("more")))), "");
    assert_eq!(gone(&before, &lines(with(argument().required(true)))), "option x y --age <AGE>");
    assert_eq!(gone(&before, &lines(with(argument().value_parser(["old", "newer"])))), "value x y --age <AGE> new");
    assert_eq!(gone(&before, &lines(Command::new("x"))), before[1..].join("\n"));

    let member = |text: &str| {
        let (schema, mut lines): (Value, Vec<String>) = (serde_json::from_str(text).unwrap(), Vec::new());
        of_schema(&schema, &schema, "", &mut lines);
        lines
    };
    let before = member(r#"{"properties":{"id":{"type":"string"},"is":{"enum":["a","b"]}},"required":["id"]}"#);
    let after = member(r#"{"properties":{"id":{"type":["string","null"]},"is":{"enum":["a"]}}}"#);
    assert_eq!(gone(&before, &after), ".id: string\n.is may be \"b\"\n.id is always there");
}

//! The variables of a document as options, and their values as JSON.
//!
//! Values of built-in types are checked. Other types are known to the schema alone, so their values are sent as text,
//! or as JSON if they are an object or a list.

use clap::builder::{PossibleValuesParser, TypedValueParser};
use clap::{Arg, ArgAction, ArgMatches};
use serde_json::Value;
use serde_json::value::RawValue;

use super::files::Broken;
use crate::commands::paging::Variables;
use crate::portal::{Document, Variable};

/// The prefix for a variable whose option would collide with another option.
const APART: &str = "var-";

/// Returns an option for each variable. `taken` are the other options of the command.
pub fn options(document: &Document, taken: &[String]) -> Result<Vec<Arg>, Broken> {
    Ok(names(document, taken)?.into_iter().map(|(name, variable)| option(name, variable)).collect())
}

/// Returns the name of each option, with its variable.
pub fn names<'d>(document: &'d Document, taken: &[String]) -> Result<Vec<(String, &'d Variable)>, Broken> {
    let mut options: Vec<(String, &Variable)> = Vec::new();
    for variable in &document.variables {
        let name = match option_name(&variable.name) {
            // A variable of underscores alone leaves no name.
            name if name.is_empty() => format!("{APART}{}", variable.name),
            name if taken.contains(&name) => format!("{APART}{name}"),
            name => name,
        };
        if let Some((_, other)) = options.iter().find(|(own, _)| *own == name) {
            let problem = format!("`${}` and `${}` would both be `--{name}`", other.name, variable.name);
            return Err(Broken::in_line(variable.line, problem));
        }
        options.push((name, variable));
    }
    Ok(options)
}

/// Returns the variables that have a value.
pub fn given(document: &Document, matches: &ArgMatches) -> Variables {
    let mut all = Variables::new();
    for variable in &document.variables {
        let Some(values) = matches.get_many::<Box<RawValue>>(&id(variable)) else { continue };
        let values: Vec<&str> = values.map(|value| value.get()).collect();
        let text = if variable.lists > 0 { format!("[{}]", values.join(",")) } else { values.concat() };
        all.extend(RawValue::from_string(text).map(|value| (variable.name.clone(), value)));
    }
    all
}

/// Returns the required options for an example: ` --status TEXT`.
pub fn example(options: &[Arg]) -> String {
    let required = options.iter().filter(|option| option.is_required_set());
    let line = |option: &Arg| {
        let value = option.get_value_names().and_then(<[_]>::first).map_or("VALUE", |name| name.as_str());
        format!(" --{} {value}", option.get_long().unwrap_or_default())
    };
    required.map(line).collect()
}

/// Converts `deviceId`, `device_id` and `DeviceID` to `device-id`.
fn option_name(variable: &str) -> String {
    let letters: Vec<char> = variable.chars().collect();
    let mut name = String::new();
    for (at, letter) in letters.iter().enumerate() {
        let before = at.checked_sub(1).and_then(|before| letters.get(before));
        let is_lower = |at: usize| letters.get(at).is_some_and(char::is_ascii_lowercase);
        // A plural acronym such as `IDs` is one word.
        let is_plural = letters.get(at + 1) == Some(&'s') && !is_lower(at + 2);
        let is_before_lower = is_lower(at + 1) && !is_plural;
        let begins =
            letter.is_ascii_uppercase() && before.is_some_and(|before| !before.is_ascii_uppercase() || is_before_lower);
        if *letter == '_' || begins {
            name.push('-');
        }
        if *letter != '_' {
            name.push(letter.to_ascii_lowercase());
        }
    }
    let words: Vec<&str> = name.split('-').filter(|word| !word.is_empty()).collect();
    words.join("-")
}

/// The `$` keeps ids of variables apart from those of other options.
fn id(variable: &Variable) -> String {
    format!("${}", variable.name)
}

fn option(name: String, variable: &Variable) -> Arg {
    // clap needs names that live as long as the program; leaking those of its one document is fine.
    let (id, name): (&'static str, &'static str) = (id(variable).leak(), name.leak());
    let ty: &'static str = variable.named.clone().leak();
    let option = Arg::new(id).long(name).required(variable.is_required).help(help(variable));
    let option = if variable.lists > 0 { option.action(ArgAction::Append) } else { option };
    match (ty, variable.lists) {
        (_, 2..) => option.value_name("JSON").value_parser(list),
        ("Int", _) => option.value_name("INT").allow_negative_numbers(true).value_parser(int),
        ("Float", _) => option.value_name("NUMBER").allow_negative_numbers(true).value_parser(float),
        ("Boolean", lists) => {
            let option = option.value_name("true|false").hide_possible_values(true);
            // A list of booleans needs explicit values.
            let option = if lists > 0 { option } else { option.num_args(0..=1).default_missing_value("true") };
            option.value_parser(PossibleValuesParser::new(["true", "false"]).map(raw))
        }
        ("String", _) => option.value_name("TEXT").value_parser(text),
        ("ID", _) => option.value_name("ID").value_parser(text),
        _ => option.value_name(ty).value_parser(any),
    }
}

/// The document's description of a variable, and its type.
fn help(variable: &Variable) -> String {
    let several = if variable.lists > 0 { "; can be repeated" } else { "" };
    let default = variable.default.as_ref().map_or_else(String::new, |default| format!(" = {default}"));
    let ty = format!("{}{default}", variable.ty).replace(char::is_control, "");
    match &variable.help {
        Some(said) => format!("{}{several} (`{ty}`)", capital(said)),
        None => format!("`${}: {ty}`{several}", variable.name),
    }
}

/// Help lines start with a capital.
fn capital(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map(|first| first.to_uppercase().chain(letters).collect()).unwrap_or_default()
}

fn int(given: &str) -> Result<Box<RawValue>, String> {
    let number: Result<i32, _> = given.parse();
    number
        .map(|number| raw(number.to_string()))
        .map_err(|_| format!("an `Int` is a whole number from {} to {}", i32::MIN, i32::MAX))
}

fn float(given: &str) -> Result<Box<RawValue>, String> {
    let is_number = |value: &Value| value.as_f64().is_some_and(f64::is_finite);
    let number = serde_json::from_str(given).ok().filter(is_number);
    number.map(|_: Value| raw(given.trim().to_owned())).ok_or_else(|| "a `Float` is a number such as 1.5".to_owned())
}

fn text(given: &str) -> Result<Box<RawValue>, String> {
    Ok(raw(Value::from(given).to_string()))
}

/// Takes an object or a list as JSON, and everything else as text: enum values, and most scalars.
fn any(given: &str) -> Result<Box<RawValue>, String> {
    structure(given, &['{', '[']).map_or_else(|| text(given), Ok)
}

fn list(given: &str) -> Result<Box<RawValue>, String> {
    structure(given, &['[']).ok_or_else(|| "it is a list of lists: write each as JSON, such as [1, 2]".to_owned())
}

fn structure(given: &str, begins: &[char]) -> Option<Box<RawValue>> {
    let given = given.trim();
    given.starts_with(begins).then(|| RawValue::from_string(given.to_owned()).ok()).flatten()
}

/// Wraps text that is known to be JSON.
fn raw(text: String) -> Box<RawValue> {
    RawValue::from_string(text).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::{any, float, int, list, option_name};

    #[test]
    fn options_are_called_like_their_variables() {
        for (variable, name) in [
            ("first", "first"),
            ("deviceId", "device-id"),
            ("device_id", "device-id"),
            ("DeviceID", "device-id"),
            ("deviceIDs", "device-ids"),
            ("IDsOfX", "ids-of-x"),
            ("lastSeenAt2", "last-seen-at2"),
            ("HTTPProxy", "http-proxy"),
            ("_x__y_", "x-y"),
            ("__", ""),
        ] {
            assert_eq!(option_name(variable), name, "{variable}");
        }
    }

    #[test]
    fn values_are_json_of_their_type() {
        let json = |read: fn(&str) -> Result<Box<serde_json::value::RawValue>, String>, text: &str| {
            read(text).map(|value| value.get().to_owned()).unwrap_or_default()
        };
        for (text, expected) in [("5", "5"), ("-7", "-7"), ("+1", "1"), ("2147483648", ""), ("5.0", ""), ("x", "")] {
            assert_eq!(json(int, text), expected, "{text}");
        }
        for (text, expected) in
            [("1.50", "1.50"), ("-2", "-2"), ("1e3", "1e3"), ("NaN", ""), ("1e999", ""), ("true", "")]
        {
            assert_eq!(json(float, text), expected, "{text}");
        }
        for (text, expected) in [
            (" {\"a\": 1.10} ", "{\"a\": 1.10}"),
            ("[1]", "[1]"),
            ("{broken", "\"{broken\""),
            ("OFFLINE", "\"OFFLINE\""),
            ("5", "\"5\""),
            ("null", "\"null\""),
        ] {
            assert_eq!(json(any, text), expected, "{text}");
        }
        assert_eq!((json(list, "[[1]]"), json(list, "1")), ("[[1]]".to_owned(), String::new()));
    }
}

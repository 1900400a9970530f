//! `optra api`: sends any GraphQL document and prints its answer unchanged.

use std::path::{Path, PathBuf};

use serde_json::value::RawValue;
use serde_json::{Number, Value};

use crate::commands::input::text;
use crate::commands::mutation;
use crate::commands::paging::{self, Paged, Variables};
use crate::config::path;
use crate::context::Context;
use crate::error::{Error, Kind};
use crate::portal;

/// Send any GraphQL document and print the answer unchanged
///
/// If the answer has errors, the exit code is not zero; data beside the errors is printed all the same.
#[derive(Debug, clap::Args)]
#[command(before_long_help = "\
Examples:
  optra api '{ devices { data { id name } } }'
  optra api 'query ($n: Int) { devices(first: $n) { total } }' -F n=1
  optra api -f fleet.graphql --variables '{\"first\": 5}'
  optra api --paginate --jq '.data.devices.data[].id' 'query ($after: String) { devices(after: $after) { data { id } after } }'
  echo '{ viewer { organization { name } } }' | optra api -")]
pub struct Args {
    /// The document; `-` reads it from stdin
    #[arg(required_unless_present = "file", conflicts_with = "file")]
    document: Option<String>,

    /// Read the document from this file; `-` is stdin
    #[arg(short, long, value_name = "PATH", value_parser = path)]
    file: Option<PathBuf>,

    /// Set a variable: numbers, true, false and null are typed, `@path` is the content of a file; can be repeated
    #[arg(short = 'F', long = "variable", value_name = "NAME=VALUE")]
    variable: Vec<String>,

    /// Set all variables, as a JSON object
    #[arg(long, value_name = "JSON")]
    variables: Option<String>,

    /// Run this operation, where the document has several
    #[arg(long, value_name = "NAME")]
    operation: Option<String>,

    /// Fetch page after page of every paginated list, or of LIST alone; the document takes the cursor as `$after`; with
    /// `-o ndjson` each item is a line
    #[arg(long, value_name = "LIST", num_args = 0..=1, require_equals = true, default_missing_value = "")]
    paginate: Option<String>,
}

pub fn run(args: &Args, cx: &Context) -> Result<(), Error> {
    let document = document(args)?;
    if document.trim().is_empty() {
        return Err(Error::new(Kind::Usage, "the document is empty"));
    }
    // Text without braces is not a document; it could be a key, so nobody is sent it.
    if !document.contains('{') {
        let hint =
            "A document has its fields in braces: `optra api '{ devices { total } }'`. `-f PATH` reads it from a file.";
        return Err(Error::new(Kind::Usage, "that is not a GraphQL document: it has no braces").hint(hint));
    }
    let variables = variables(args)?;
    let operation = args.operation.as_deref();
    let changes = portal::has_mutation(&document) != Some(false);
    if changes && args.paginate.is_some() {
        let message = "`--paginate` is for queries, and this document is a mutation, or cannot be read";
        return Err(Error::new(Kind::Usage, message));
    }
    if let Some(list) = &args.paginate {
        return paging::paginate(&Paged { document: &document, operation, list, is_asked_for: false }, variables, cx);
    }
    let variables = Some(&variables).filter(|variables| !variables.is_empty());
    let send = || {
        let answer = cx.portal()?.execute_raw(&document, variables, operation)?;
        let mut body = answer.body;
        if !body.ends_with(b"\n") {
            body.push(b'\n');
        }
        cx.out.document(&body)?;
        answer.refusal.map_or(Ok(()), |refusal| Err(paging::refused(refusal, answer.has_data)))
    };
    if changes { mutation::send_once(cx, send) } else { send() }
}

fn document(args: &Args) -> Result<String, Error> {
    match (&args.document, &args.file) {
        (Some(document), _) if document != "-" => Ok(document.clone()),
        (_, Some(path)) => text(path, "the document"),
        (_, None) => text(Path::new("-"), "the document"),
    }
}

fn variables(args: &Args) -> Result<Variables, Error> {
    let document = args.file.as_deref() == Some(Path::new("-")) || args.document.as_deref() == Some("-");
    let given = args.variable.iter().map(|text| named(text)).collect::<Result<Vec<_>, _>>()?;
    let readers = given.iter().filter(|(_, text)| *text == "@-").count() + usize::from(document);
    if readers > 1 {
        return Err(Error::new(Kind::Usage, "stdin can be read for one thing only"));
    }
    let mut all = match &args.variables {
        None => Variables::new(),
        Some(json) => serde_json::from_str(json).map_err(|error| {
            // The error gives the position and not the text: a variable may be a secret.
            let place = format!("line {}, column {}", error.line(), error.column());
            Error::new(Kind::Usage, format!("`--variables` is not a JSON object ({place})"))
        })?,
    };
    for (name, given) in given {
        let value = match given.strip_prefix('@') {
            Some(path) => as_text(&text(Path::new(path), &format!("the variable `{name}`"))?),
            None => typed(given),
        };
        all.insert(name.to_owned(), value);
    }
    Ok(all)
}

/// Types a JSON number, boolean or null as such; all else is text, also integers beyond 64 bits, because they are ids.
fn typed(text: &str) -> Box<RawValue> {
    let is_id = |number: &Number| number.is_f64() && !text.contains(['.', 'e', 'E']);
    match serde_json::from_str(text) {
        Ok(Value::Number(number)) if is_id(&number) => as_text(text),
        Ok(Value::Number(_) | Value::Bool(_) | Value::Null) => {
            RawValue::from_string(text.trim().to_owned()).unwrap_or_else(|_| as_text(text))
        }
        _ => as_text(text),
    }
}

fn as_text(text: &str) -> Box<RawValue> {
    // A JSON string that serde_json wrote is always valid.
    RawValue::from_string(Value::from(text).to_string()).unwrap_or_default()
}

/// Splits `NAME=VALUE`. The error does not repeat the text, which may be a secret.
fn named(text: &str) -> Result<(&str, &str), Error> {
    let parts = text.split_once('=').filter(|(name, _)| !name.is_empty());
    parts.ok_or_else(|| Error::new(Kind::Usage, "a `-F` has no name").hint("Write it as NAME=VALUE: `-F first=5`."))
}

#[cfg(test)]
mod tests {
    use super::typed;
    use serde_json::{Value, json};

    #[test]
    fn variables_are_typed_as_json_is() {
        for (text, value) in [
            ("5", json!(5)),
            ("-1.5", json!(-1.5)),
            ("true", json!(true)),
            ("null", json!(null)),
            ("dock", json!("dock")),
            ("", json!("")),
            ("\"5\"", json!("\"5\"")),
            ("{}", json!("{}")),
            ("01", json!("01")),
            ("371650114937032704", json!(371_650_114_937_032_704_i64)),
            ("123456789012345678901234567890", json!("123456789012345678901234567890")),
        ] {
            assert_eq!(serde_json::from_str::<Value>(typed(text).get()).unwrap(), value);
        }
    }
}

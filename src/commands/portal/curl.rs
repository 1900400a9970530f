//! Parses a request that a browser's developer tools copied for curl: its document and variables.
//!
//! Its headers hold cookies and keys. They are registered as secrets, and not used.

use std::path::Path;

use serde_json::Value;

use super::consent::says_yes;
use super::proposal::Proposal;
use crate::commands::input::text;
use crate::context::Context;
use crate::error::{Error, Kind};
use crate::portal::{self, Document, DocumentError, Operation, operations};
use crate::secret::{self, Secret};

/// A request without its headers.
pub(super) struct Request {
    pub document: String,
    pub variables: Value,
}

/// Makes a suggestion from a pasted command. A query is run once for its answer, unless `answer` has it.
pub fn proposal(
    command: &str,
    answer: Option<&Path>,
    stands_for: Option<Operation>,
    cx: &Context,
) -> Result<Proposal, Error> {
    let wrong = |problem: &str| Error::new(Kind::Usage, format!("that command cannot be used: {problem}"));
    let is_piped = command == "-";
    if is_piped && answer.is_some_and(|path| path.as_os_str() == "-") {
        return Err(wrong("stdin cannot be both the command and its answer"));
    }
    let command = if is_piped { text(Path::new("-"), "the command")? } else { command.to_owned() };
    let Request { document, variables } = read(&command).map_err(|problem| wrong(&problem))?;
    let parsed = Document::parse(&document).map_err(|DocumentError { problem, .. }| wrong(&problem))?;
    let operation = stands_for.or_else(|| portal::operation_of(&document, operations()));
    let operation = operation.ok_or_else(|| {
        let words: Vec<&str> = operations().map(|operation| operation.word).collect();
        wrong("its names do not say what it is for").hint(format!("Say it with `--as`, one of {}.", words.join(", ")))
    })?;
    // This check comes before any request: a mutation is never run for its answer.
    if parsed.is_mutation != operation.is_mutation() {
        return Err(wrong(&format!("it is a {}, and `{}` is not", parsed.kind(), operation.word)));
    }
    let answer = match answer {
        Some(path) => Some(data(&text(path, "the answer")?).ok_or_else(|| wrong("the answer is not JSON"))?),
        None if operation.is_mutation() => None,
        // If stdin is the command, nobody can answer a question.
        None => Some(run_once(&parsed, &variables, cx).map_err(|error| match is_piped {
            true => {
                error.hint("Or leave the terminal to the question: `optra portal adopt --from-curl \"$(pbpaste)\"`.")
            }
            false => error,
        })?),
    };
    let made = portal::of_request(operation, &document, &variables, answer.as_ref());
    let (suggestion, baked) = made.map_err(|problem| wrong(&problem))?;
    if secret::mask(&suggestion.document) != suggestion.document {
        return Err(wrong("a secret of its headers stands in its variables, too, and would be kept in a file"));
    }
    if !baked.is_empty() {
        cx.out.warn(format_args!("written into it as they were in the request: {}", baked.join(", ")));
    }
    Ok(Proposal { operation, suggestion, is_pasted: true })
}

/// Runs the pasted query, if the user agrees.
fn run_once(document: &Document, variables: &Value, cx: &Context) -> Result<Value, Error> {
    let say_so = "Give its answer instead: `--answer FILE`.";
    let asked = says_yes("Run this query once, to see what it gives? Type yes or no", cx);
    if !asked.map_err(|error| Error::from(error).context("the query was not run").hint(say_so))? {
        return Err(Error::new(Kind::Declined, "the query was not run").hint(say_so));
    }
    let answer = cx.portal()?.execute_raw(&document.text, Some(variables), document.name.as_deref())?;
    match answer.refusal {
        Some(refusal) if !answer.has_data => Err(portal::Error::from(refusal).into()),
        _ => data(&String::from_utf8_lossy(&answer.body))
            .ok_or_else(|| Error::new(Kind::BadAnswer, "the answer is not JSON")),
    }
}

/// Returns the data of an answer, or the whole JSON if it has no `data`.
fn data(text: &str) -> Option<Value> {
    let mut answer: Value = serde_json::from_str(text).ok()?;
    match answer.get_mut("data") {
        Some(data) if data.is_object() => Some(data.take()),
        _ => Some(answer),
    }
}

/// Parses a command.
pub(super) fn read(command: &str) -> Result<Request, String> {
    if command.contains("^\"") {
        return Err("it is quoted for another shell: copy it as cURL (bash)".to_owned());
    }
    let words = shell_words::split(&unescaped(command)).map_err(|_| "its quotes do not match".to_owned())?;
    if words.first().is_none_or(|word| !word.ends_with("curl")) {
        return Err("it is not a `curl …` command".to_owned());
    }
    let (mut bodies, mut words) = (Vec::new(), words.into_iter());
    while let Some(word) = words.next() {
        match word.as_str() {
            "-H" | "--header" | "-b" | "--cookie" | "-u" | "--user" => {
                words.next().iter().for_each(|value| hide(value))
            }
            "-d" | "--data" | "--data-raw" | "--data-binary" | "--json" | "--data-ascii" => bodies.extend(words.next()),
            _ => {}
        }
    }
    let body = match bodies.as_slice() {
        [] => return Err("its body is not JSON; copy the request whose body has a `query`".to_owned()),
        [file] if file.starts_with('@') => return Err(format!("its body is in `{}`; paste it instead", &file[1..])),
        [body] => body,
        _ => return Err("it sends several bodies; leave one".to_owned()),
    };
    let body: Value = serde_json::from_str(body).map_err(|_| "its body is not JSON".to_owned())?;
    if body.is_array() {
        return Err("it sends several documents at once; leave one of them, without the brackets around".to_owned());
    }
    let document = body.get("query").and_then(Value::as_str).ok_or("what it sends has no `query`")?.to_owned();
    let variables = body.get("variables").cloned().unwrap_or_default();
    Ok(Request {
        document,
        variables: if variables.is_object() { variables } else { Value::Object(serde_json::Map::new()) },
    })
}

/// Registers the value of a header as a secret, if its name suggests one.
fn hide(header: &str) {
    let (name, value) = header.split_once(':').unwrap_or(("cookie", header));
    let name = name.to_lowercase();
    let is_secret = ["secret", "token", "auth", "cookie", "key", "session"].iter().any(|word| name.contains(word));
    if is_secret && value.trim().len() > 5 {
        drop(Secret::new(value.trim().to_owned()));
    }
}

/// Decodes `$'…'`, which browsers write for text with quotes or line breaks.
fn unescaped(command: &str) -> String {
    let (mut plain, mut rest) = (String::new(), command);
    while let Some(letter) = rest.chars().next() {
        let length = match letter {
            '$' if rest.starts_with("$'") => {
                let (text, length) = escaped(&rest[2..]);
                plain.push_str(&shell_words::quote(&text));
                rest = &rest[2 + length..];
                continue;
            }
            // A line continuation.
            '\\' if rest.starts_with("\\\n") || rest.starts_with("\\\r\n") => {
                plain.push(' ');
                rest = rest.split_once('\n').map_or("", |(_, next)| next);
                continue;
            }
            '\\' => 1 + rest[1..].chars().next().map_or(0, char::len_utf8),
            '\'' => rest[1..].find('\'').map_or(rest.len(), |end| end + 2),
            '"' => closing(rest),
            other => other.len_utf8(),
        };
        let (same, next) = rest.split_at(length);
        plain.push_str(same);
        rest = next;
    }
    plain
}

/// Returns the length of a text in double quotes, including both.
fn closing(quoted: &str) -> usize {
    let mut is_escaped = false;
    for (at, letter) in quoted.bytes().enumerate().skip(1) {
        match letter {
            _ if is_escaped => is_escaped = false,
            b'\\' => is_escaped = true,
            b'"' => return at + 1,
            _ => {}
        }
    }
    quoted.len()
}

/// Decodes the text behind `$'`, and returns it with its length up to the closing quote. Browsers write UTF-16 units,
/// Firefox also the short form `\x21`.
fn escaped(quoted: &str) -> (String, usize) {
    let (mut units, mut rest) = (Vec::new(), quoted);
    while let Some(letter) = rest.chars().next() {
        rest = &rest[letter.len_utf8()..];
        if letter == '\'' {
            break;
        }
        let Some(code) = rest.chars().next().filter(|_| letter == '\\') else {
            units.extend_from_slice(letter.encode_utf16(&mut [0; 2]));
            continue;
        };
        rest = &rest[code.len_utf8()..];
        let digits = match code {
            'u' => 4,
            'x' => 2,
            _ => 0,
        };
        match rest.get(..digits).and_then(|digits| u16::from_str_radix(digits, 16).ok()) {
            Some(unit) => {
                units.push(unit);
                rest = &rest[digits..];
            }
            None => {
                let letter = match code {
                    'n' => '\n',
                    't' => '\t',
                    'r' => '\r',
                    other => other,
                };
                units.extend_from_slice(letter.encode_utf16(&mut [0; 2]));
            }
        }
    }
    (String::from_utf16_lossy(&units), quoted.len() - rest.len())
}

#[cfg(test)]
mod tests {
    use super::read;
    use serde_json::json;

    #[test]
    fn a_command_as_browsers_copy_it_is_taken_apart() {
        let command = "curl 'https://portal.example/graphql' \\\n  -H 'content-type: application/json' \\\n  -H 'cookie: session=abcdefgh' \\\n  --data-raw $'{\"operationName\":\"D\",\"variables\":{\"n\":1},\"query\":\"query D($n: Int) {\\\\n  devices(first: $n) { id }\\\\n  it\\'s }\"}' \\\n  --compressed";
        let request = read(command).unwrap();
        assert_eq!(request.document, "query D($n: Int) {\n  devices(first: $n) { id }\n  it's }");
        assert_eq!(request.variables, json!({"n": 1}));
        assert_eq!(crate::secret::mask("session=abcdefgh"), "[secret]");
    }

    #[test]
    fn escapes_of_all_browsers_are_read_and_what_only_looks_like_one_is_not() {
        for (body, document) in [
            (r#"$'{"query":"{ a(x: \\"\ud83c\udfed\u0021\\") }"}'"#, "{ a(x: \"🏭!\") }"),
            (r#"$'{"query":"{ a(x: \\"it\x27s\x21\\") }"}'"#, "{ a(x: \"it's!\") }"),
            (r#"'{"query":"{ a(x: \"5$'\''\") }"}'"#, "{ a(x: \"5$'\") }"),
            (r#""{\"query\":\"$'{ a }\"}""#, "$'{ a }"),
        ] {
            assert_eq!(read(&format!("curl x -d {body}")).unwrap().document, document, "{body}");
        }
    }

    #[test]
    fn what_is_no_request_of_that_kind_is_named() {
        for (command, problem) in [
            ("wget x", "not a `curl"),
            ("curl 'x", "quotes"),
            ("curl x", "body is not JSON"),
            ("curl x -d a=b", "not JSON"),
            ("curl x -d '{}'", "no `query`"),
            ("curl x -d @body.json", "its body is in `body.json`"),
            ("curl x -d 1 -d 2", "several bodies"),
            ("curl x -d '[{}]'", "several documents"),
            ("curl ^\"x^\" -d ^\"{}^\"", "cURL (bash)"),
        ] {
            assert!(read(command).map(drop).unwrap_err().contains(problem), "{command}");
        }
    }
}

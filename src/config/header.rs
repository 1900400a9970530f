//! A header of the user for a proxy before the portal: its name, and the file or variable that holds its value.
//!
//! The value is as secret as a key, so it is never on the command line.

use std::fs::File;
use std::io::Read;
use std::path::PathBuf;

use super::error::Error;
use super::home::path;
use super::variable::variable;
use crate::disk::{Refused, refuse_readers};
use crate::secret::Secret;

/// More than any server accepts.
const LONGEST: u64 = 16 << 10;

/// Headers that the client sets itself, or that decide where a request goes and ends.
const OURS: [&str; 10] = [
    "api-secret",
    "accept",
    "connection",
    "content-encoding",
    "content-length",
    "content-type",
    "host",
    "te",
    "transfer-encoding",
    "upgrade",
];

/// A header, and the source of its value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Header {
    pub name: String,
    source: Source,
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum Source {
    Variable(String),
    File(PathBuf),
}

/// Reads `NAME=env:VARIABLE` or `NAME=file:PATH`. An error does not repeat other text: it may be the value.
pub fn header(text: &str) -> Result<Header, String> {
    let form =
        || "write NAME=env:VARIABLE or NAME=file:PATH; the value itself must not be on the command line".to_owned();
    let (name, source) = text.split_once('=').ok_or_else(form)?;
    let is_token = |byte: u8| byte.is_ascii_alphanumeric() || b"!#$%&'*+-.^_`|~".contains(&byte);
    if name.is_empty() || !name.bytes().all(is_token) {
        return Err(form());
    }
    if OURS.contains(&name.to_ascii_lowercase().as_str()) {
        return Err(format!("the header `{name}` is the client's own"));
    }
    let source = match source.split_once(':') {
        Some(("env", variable)) if !variable.is_empty() => Source::Variable(variable.to_owned()),
        Some(("file", file)) if !file.is_empty() => Source::File(path(file)?),
        _ => return Err(form()),
    };
    Ok(Header { name: name.to_owned(), source })
}

/// Reads the comma-separated headers in a variable.
pub fn headers_variable(name: &str) -> Result<Vec<Header>, Error> {
    let text = variable(name)?.unwrap_or_default();
    let parts = text.split(',').map(str::trim).filter(|part| !part.is_empty());
    parts
        .map(header)
        .collect::<Result<_, _>>()
        .map_err(|problem| Error::Invalid { what: format!("`{name}`"), problem: format!("cannot be used: {problem}") })
}

impl Header {
    /// Returns the value without its line terminator.
    pub fn value(&self) -> Result<Secret, Error> {
        let what = || format!("the header `{}`", self.name);
        let invalid = |problem: String| Error::Invalid { what: what(), problem };
        let text = match &self.source {
            Source::Variable(name) => {
                variable(name)?.ok_or_else(|| invalid(format!("has no value: `{name}` is not set")))?
            }
            Source::File(path) => read(path).map_err(|refused| match refused {
                Refused::Unusable(source) => Error::Unusable { verb: "read", path: path.clone(), source },
                Refused::Exposed { mode, .. } => invalid(format!(
                    "cannot be used: its file can be read by others (mode {mode:03o}); run `chmod 600 {}`",
                    shell_words::quote(&path.to_string_lossy())
                )),
                refused => invalid(format!("cannot be used: its file {refused}")),
            })?,
        };
        let value = text.trim_end_matches(['\r', '\n']);
        if value.bytes().any(|byte| byte.is_ascii_control()) {
            return Err(invalid("cannot be used: its value has a control character in it".to_owned()));
        }
        Ok(Secret::new(value.to_owned()))
    }
}

fn read(path: &PathBuf) -> Result<String, Refused> {
    let file = File::open(path)?;
    refuse_readers(&file, 0o600)?;
    let mut text = String::new();
    file.take(LONGEST).read_to_string(&mut text)?;
    Ok(text.strip_prefix('\u{feff}').map(str::to_owned).unwrap_or(text))
}

#[cfg(test)]
mod tests {
    use super::header;

    #[test]
    fn a_header_names_the_source_of_its_value_and_is_none_of_ours() {
        for text in ["CF-Access-Client-Secret=env:CF_SECRET", "Cookie=file:/run/secrets/cookie"] {
            assert!(header(text).is_ok(), "{text}");
        }
        for text in ["X: hunter2", "X=hunter2", "X=env:", "=env:A", "X y=env:A", "X=stdin:"] {
            let problem = header(text).unwrap_err();
            assert!(problem.contains("NAME=env:VARIABLE") && !problem.contains("hunter2"), "{text}: {problem}");
        }
        for text in ["api-secret=env:A", "API-Secret=env:A", "Host=env:A", "Content-Length=env:A"] {
            assert!(header(text).unwrap_err().contains("the client's own"), "{text}");
        }
    }
}

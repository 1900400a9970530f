//! What people type, or keep in files: ids, names and texts.

use std::fs;
use std::io::{self, Read};
use std::path::Path;

use crate::error::{Error, Kind};

/// Reads an id or a name: any text but an empty one.
pub fn id_or_name(text: &str) -> Result<String, &'static str> {
    if text.trim().is_empty() { Err("an id or a name must not be empty") } else { Ok(text.to_owned()) }
}

/// Reads a text that the user keeps in a file; `-` is stdin.
pub fn text(path: &Path, what: &str) -> Result<String, Error> {
    let text = if path.as_os_str() == "-" {
        let mut text = String::new();
        io::stdin().lock().read_to_string(&mut text).map(|_| text)
    } else {
        fs::read_to_string(path)
    };
    text.map_err(|cause| Error::new(Kind::Usage, format!("cannot read {what} from `{}`", path.display())).cause(cause))
}

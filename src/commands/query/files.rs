//! Finds and reads kept documents; the project's take precedence over those of the configuration directory.
//!
//! A broken file does not hide the others. A name that is typed must never be used as a path.

use std::env;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use crate::commands::search::Resolver;
use crate::config::{self, config_dir};
use crate::disk::{self, Refused, Untrusted};
use crate::error::{Error, Kind};
use crate::portal::{Document, DocumentError};
use crate::secret;

/// Larger than any document that a person writes.
const LARGEST: u64 = 256 * 1024;

/// The directory in a project.
const OF_A_PROJECT: [&str; 2] = [".optra", "queries"];

/// The file extension.
const ENDING: &str = "graphql";

/// Where a document comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Origin {
    Project,
    Configuration,
}

/// A file with a document.
#[derive(Clone, Debug)]
pub struct Kept {
    /// The file name without its extension.
    pub name: String,
    pub path: PathBuf,
    pub origin: Origin,
}

/// Why a file cannot be used.
#[derive(Debug)]
pub enum Broken {
    /// Another user could have written it.
    Untrusted(Untrusted),
    /// The line counts from 1; `None` if the problem is not in one line.
    Wrong { line: Option<usize>, problem: String, hint: String },
}

impl Origin {
    /// Returns the name, as a list shows it.
    pub fn as_str(self) -> &'static str {
        match self {
            Origin::Project => "project",
            Origin::Configuration => "configuration",
        }
    }
}

/// Returns all files by name, and whether each shadows one of the same name in the configuration directory.
pub fn all() -> Result<Vec<(Kept, bool)>, Error> {
    let mut found: Vec<(Kept, bool)> = Vec::new();
    if let Some(directory) = project_dir() {
        found.extend(files(&directory, Origin::Project)?.into_iter().map(|kept| (kept, false)));
    }
    if let Some(directory) = configuration_dir()? {
        for kept in files(&directory, Origin::Configuration)? {
            match found.iter_mut().find(|(other, _)| other.name == kept.name) {
                Some((_, hides_another)) => *hides_another = true,
                None => found.push((kept, false)),
            }
        }
    }
    found.sort_by(|(one, _), (other, _)| one.name.cmp(&other.name));
    Ok(found)
}

/// Returns the document of this name.
pub fn find(name: &str) -> Result<(Kept, Document), Error> {
    let kept = called(name.strip_suffix(".graphql").unwrap_or(name))?;
    let document = read(&kept).map_err(|broken| broken.error(&kept))?;
    Ok((kept, document))
}

fn called(name: &str) -> Result<Kept, Error> {
    // A project's document needs no home directory, so look there first.
    if let Some(directory) = project_dir()
        && let Some(kept) = files(&directory, Origin::Project)?.into_iter().find(|kept| kept.name == name)
    {
        return Ok(kept);
    }
    let mut search = Resolver::new("document", name, |kept: &Kept| &kept.name);
    for (kept, _) in all()? {
        let own = kept.name.clone();
        search.consider(kept, Some(&own));
    }
    search.finish().map_err(|error| {
        // An unknown name may be a key that was pasted by mistake.
        secret::suspect(std::iter::once(name.to_owned()), secret::Suspicion::Slight);
        error.hint(format!("`optra query --list` lists them. {}", where_to()))
    })
}

/// Says where a document would be looked for.
pub fn where_to() -> String {
    let own = configuration_dir().ok().flatten();
    let own = own.map_or_else(String::new, |directory| format!(", or in `{}`", directory.display()));
    format!("A document is kept as `{}/NAME.{ENDING}` of a project{own}.", OF_A_PROJECT.join("/"))
}

/// Reads a document.
pub fn read(kept: &Kept) -> Result<Document, Broken> {
    if !is_safe(&kept.name) {
        let problem = "the name of the file cannot be typed as a command".to_owned();
        let hint = "Rename it: letters, digits, `-`, `_` and `.`, with a letter or a digit first.".to_owned();
        return Err(Broken::Wrong { line: None, problem, hint });
    }
    let mend = || format!("A file holds one query or one mutation: fix `{}`, or remove it.", kept.path.display());
    let text = disk::read_text(&kept.path, LARGEST).map_err(|refused| match refused {
        Refused::Untrusted(found) => Broken::Untrusted(found),
        refused => Broken::Wrong { line: None, problem: format!("it cannot be read: {refused}"), hint: mend() },
    })?;
    Document::parse(&text).map_err(|DocumentError { line, problem }| Broken::Wrong {
        line: Some(line),
        problem,
        hint: mend(),
    })
}

/// Returns true for a name that needs no quotes in any shell, and does not look like an option.
fn is_safe(name: &str) -> bool {
    name.starts_with(char::is_alphanumeric) && name.chars().all(|c| c.is_alphanumeric() || matches!(c, '-' | '_' | '.'))
}

impl Broken {
    /// Returns an error that names the file.
    pub fn error(self, kept: &Kept) -> Error {
        match self {
            Broken::Untrusted(found) => found.into(),
            Broken::Wrong { line, problem, hint } => {
                let line = line.map_or_else(String::new, |line| format!(", line {line}"));
                Error::new(Kind::Config, format!("`{}`{line}: {problem}", kept.path.display())).hint(hint)
            }
        }
    }

    /// Describes the problem, without the file.
    pub fn told(&self) -> String {
        match self {
            Broken::Untrusted(found) => found.to_string(),
            Broken::Wrong { line: Some(line), problem, .. } => format!("line {line}: {problem}"),
            Broken::Wrong { line: None, problem, .. } => problem.clone(),
        }
    }

    /// Returns the error for a variable that cannot be an option.
    pub fn in_line(line: usize, problem: String) -> Broken {
        Broken::Wrong { line: Some(line), problem, hint: "Rename one of them.".to_owned() }
    }
}

/// Returns the nearest directory of documents above the working directory, if it is trusted.
fn project_dir() -> Option<PathBuf> {
    nearest().filter(|directory| is_trusted(directory))
}

/// Returns that directory if it is ignored because it belongs to another user: whoever can write to a parent directory,
/// as everybody can to `/tmp`, could put a document there that shadows one of ours.
pub fn foreign_dir() -> Option<PathBuf> {
    nearest().filter(|directory| !is_trusted(directory))
}

fn nearest() -> Option<PathBuf> {
    let here = env::current_dir().ok()?;
    let [outer, inner] = OF_A_PROJECT;
    here.ancestors().map(|directory| directory.join(outer).join(inner)).find(|directory| directory.is_dir())
}

fn is_trusted(directory: &Path) -> bool {
    disk::is_ours(directory) && directory.parent().is_none_or(disk::is_ours)
}

/// Returns the directory of the user's own documents; `None` without a home directory.
fn configuration_dir() -> Result<Option<PathBuf>, Error> {
    match config_dir() {
        Ok(directory) => Ok(Some(directory.join("queries"))),
        Err(config::Error::NoHome) => Ok(None),
        Err(error) => Err(error.into()),
    }
}

fn files(directory: &Path, origin: Origin) -> Result<Vec<Kept>, Error> {
    let unreadable = |error: io::Error| {
        Error::new(Kind::Config, format!("cannot look for documents in `{}`", directory.display())).cause(error)
    };
    let entries = match fs::read_dir(directory) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
        entries => entries.map_err(unreadable)?,
    };
    let mut found = Vec::new();
    for entry in entries {
        let path = entry.map_err(unreadable)?.path();
        let name = path.file_stem().map(|stem| stem.to_string_lossy().into_owned()).unwrap_or_default();
        // Hidden files belong to editors.
        if path.extension().is_some_and(|ending| ending == ENDING) && !name.starts_with('.') {
            found.push(Kept { name, path, origin });
        }
    }
    found.sort_by(|one, other| one.path.cmp(&other.path));
    Ok(found)
}

#[cfg(test)]
mod tests {
    use super::is_safe;

    #[test]
    fn a_name_is_one_word_of_a_command_line() {
        for name in ["fleet", "fleet-2", "Übersicht", "a.b_c", "9"] {
            assert!(is_safe(name), "{name}");
        }
        for name in ["", "-x", ".x", "a b", "a/b", "a\nb", "a$b", "*"] {
            assert!(!is_safe(name), "{name}");
        }
    }
}

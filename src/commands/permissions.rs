//! The options that limit what a program with a token may do, and the broker that enforces them.

use std::collections::BTreeSet;
use std::io;
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use crate::broker::{self, Address, Document, Entry, Line, Log, Options, Policy, Root, Running};
use crate::config::path;
use crate::context::Context;
use crate::disk;
use crate::error::{Error, Kind};
use crate::output::Output;
use crate::portal::{Endpoint, Operation, Portal, operation};
use crate::secret::Secret;

/// What a program may do.
#[derive(Clone, Debug, Default, clap::Args)]
pub struct Permissions {
    /// Allow nothing but these: `devices.list`, `queries`, `query:FIELD`, `mutation:FIELD`
    ///
    /// An operation stands for the root fields of the document that would be sent for it. All else is refused.
    #[arg(long, value_name = "OPERATION")]
    pub only: Vec<Grants>,

    /// Also allow introspection, where `--only` limits what is allowed
    #[arg(long, requires = "only")]
    pub introspection: bool,

    /// Answer at most N requests in any minute
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(1..=100_000))]
    pub per_minute: Option<u32>,

    /// Append a line of JSON for each request to this file; `-v` writes it to stderr
    ///
    /// The line is written before the request is sent on, and gets its status with the answer. What cannot be logged is
    /// refused.
    #[arg(long, value_name = "FILE", value_parser = path)]
    pub log: Option<PathBuf>,
}

/// What one value of `--only` allows.
#[derive(Clone, Debug)]
pub enum Grant {
    Operation(Operation),
    /// Every query, and no mutation.
    Queries,
    Field(Root),
}

impl std::str::FromStr for Grant {
    type Err = String;

    fn from_str(word: &str) -> Result<Grant, String> {
        let is_name = |name: &str| {
            let letters = |letter: char| letter.is_ascii_alphanumeric() || letter == '_';
            name.chars().all(letters) && !name.starts_with(|first: char| first.is_ascii_digit()) && !name.is_empty()
        };
        match word.split_once(':') {
            Some(("query", name)) if is_name(name) => return Ok(Grant::Field(Root::query(name))),
            Some(("mutation", name)) if is_name(name) => return Ok(Grant::Field(Root::mutation(name))),
            _ if word == "queries" => return Ok(Grant::Queries),
            _ => {}
        }
        let unknown =
            || "it is an operation (`optra portal check` lists them), `queries`, `query:FIELD` or `mutation:FIELD`";
        operation(word).map(Grant::Operation).ok_or_else(|| unknown().to_owned())
    }
}

/// The grants of one `--only`, separated by commas.
#[derive(Clone, Debug)]
pub struct Grants(Vec<Grant>);

impl std::str::FromStr for Grants {
    type Err = String;

    fn from_str(list: &str) -> Result<Grants, String> {
        let words: Vec<&str> = list.split(',').map(str::trim).filter(|word| !word.is_empty()).collect();
        // A word of a list is named: clap only quotes the whole list.
        let grant = |word: &&str| {
            word.parse().map_err(|why| if words.len() > 1 { format!("`{word}` is unknown: {why}") } else { why })
        };
        match words.is_empty() {
            true => Err("it names nothing".to_owned()),
            false => words.iter().map(grant).collect::<Result<_, _>>().map(Grants),
        }
    }
}

impl Permissions {
    /// Returns all grants.
    fn grants(&self) -> impl Iterator<Item = &Grant> {
        self.only.iter().flat_map(|grants| &grants.0)
    }

    /// Returns true if the program gets less power than the key has.
    pub fn is_restricted(&self) -> bool {
        !self.only.is_empty()
    }

    /// Refuses options that mean nothing without `--only`.
    pub fn needs_only(&self) -> Result<(), Error> {
        let option = match self {
            Permissions { per_minute: Some(_), .. } => "--per-minute",
            Permissions { log: Some(_), .. } => "--log",
            _ => return Ok(()),
        };
        let error =
            Error::new(Kind::Usage, format!("`{option}` is for a program that gets a token instead of the key"));
        Err(error.hint("Say what it may do: `--only devices.list,devices.show`, or `--only queries`."))
    }

    /// Starts a broker that holds this key.
    pub fn start(&self, endpoint: &Endpoint, key: &Secret, address: Address, cx: &Context) -> Result<Running, Error> {
        let portal = cx.portal_for_others(endpoint, key)?;
        let policy = self.policy(&portal, cx)?;
        let options = Options { policy, address: address.clone(), per_minute: self.per_minute, log: self.log(cx)? };
        broker::start(portal, options).map_err(|error| {
            let place = match &address {
                Address::Port(0) => "on this machine".to_owned(),
                Address::Port(port) => format!("on 127.0.0.1:{port}"),
                Address::Socket(path) => format!("on `{}`", path.display()),
            };
            let kind = if matches!(error, broker::Error::Listen(_)) { Kind::Usage } else { Kind::Failed };
            Error::new(kind, format!("the broker cannot run {place}")).cause(error)
        })
    }

    fn policy(&self, portal: &Portal, cx: &Context) -> Result<Policy, Error> {
        let mut roots = BTreeSet::new();
        for grant in self.grants() {
            match grant {
                Grant::Queries => {}
                Grant::Field(root) => drop(roots.insert(root.clone())),
                Grant::Operation(operation) => roots.extend(roots_of(*operation, portal)?),
            }
        }
        let generates = self.grants().any(|grant| matches!(grant, Grant::Operation(one) if one.gives_secret()));
        if generates {
            cx.out.warn("whoever may generate a key has all the power of a key");
        }
        Ok(Policy {
            only: self.is_restricted().then_some(roots),
            queries: self.grants().any(|grant| matches!(grant, Grant::Queries)),
            read_only: cx.config.read_only()?.is_some(),
            introspection: self.introspection,
        })
    }

    /// Returns the log of requests. A file that cannot be written is an error before the broker starts.
    fn log(&self, cx: &Context) -> Result<Option<Box<dyn Log>>, Error> {
        if let Some(path) = self.log.clone() {
            return LogFile::open(path, cx).map(|file| Some(Box::new(file) as Box<dyn Log>));
        }
        let log = || Box::new(Stderr(Arc::clone(&cx.out))) as Box<dyn Log>;
        Ok((cx.config.options.verbose > 0).then(log))
    }
}

/// The log of `-v`.
struct Stderr(Arc<Output>);

impl Log for Stderr {
    fn begin(&self, _: &Entry) -> io::Result<Line> {
        Ok(Line::default())
    }

    fn end(&self, _: Option<&Line>, entry: &Entry) -> io::Result<()> {
        self.0.error_json(entry);
        Ok(())
    }
}

/// The log of `--log`.
struct LogFile {
    path: PathBuf,
    out: Arc<Output>,
    /// True once somebody was told that it cannot be written.
    is_told: AtomicBool,
}

impl LogFile {
    fn open(path: PathBuf, cx: &Context) -> Result<LogFile, Error> {
        let unusable = || Error::new(Kind::Usage, format!("`{}` cannot be written", path.display()));
        let directory = disk::directory_of(&path);
        if !directory.is_dir() {
            let directory = directory.display().to_string();
            let mkdir = format!("Make it: `mkdir -p {}`.", shell_words::quote(&directory));
            return Err(unusable().cause(anyhow::anyhow!("there is no directory `{directory}`")).hint(mkdir));
        }
        disk::add_line(&path, b"").map_err(|error| unusable().cause(error))?;
        Ok(LogFile { path, out: Arc::clone(&cx.out), is_told: AtomicBool::new(false) })
    }

    fn tell(&self, error: &io::Error) {
        if !self.is_told.swap(true, Ordering::SeqCst) {
            let path = self.path.display();
            self.out.warn(format_args!("`{path}` cannot be written, so requests are refused: {error}"));
        }
    }
}

impl Log for LogFile {
    fn begin(&self, entry: &Entry) -> io::Result<Line> {
        let text = line(entry, ROOM)?;
        let start = disk::add_line(&self.path, &text).inspect_err(|error| self.tell(error))?;
        Ok(Line { start, text })
    }

    fn end(&self, begun: Option<&Line>, entry: &Entry) -> io::Result<()> {
        let ended = match begun {
            None => line(entry, 0).and_then(|line| disk::add_line(&self.path, &line).map(drop)),
            Some(Line { start, text }) => {
                let whole = line(entry, 0)?;
                let whole = line(entry, text.len().saturating_sub(whole.len()))?;
                // Another program may have moved the file away: then it gets the line as it is now.
                match disk::replace_line(&self.path, *start, text, &whole) {
                    Ok(false) => disk::add_line(&self.path, &whole).map(drop),
                    replaced => replaced.map(drop),
                }
            }
        };
        ended.inspect_err(|error| self.tell(error))
    }
}

/// Room for the status and the length, which are known at the end.
const ROOM: usize = 24;

/// Returns a line with so many spaces at its end, which are nothing in JSON.
fn line(entry: &Entry, room: usize) -> io::Result<Vec<u8>> {
    let mut line = serde_json::to_vec(entry)?;
    line.resize(line.len() + room, b' ');
    line.push(b'\n');
    Ok(line)
}

/// Returns the root fields of the document that would be sent for an operation.
fn roots_of(operation: Operation, portal: &Portal) -> Result<BTreeSet<Root>, Error> {
    let document = Document::read(&portal.document_for(operation)?);
    let document = document.map_err(|refused| {
        Error::new(Kind::Config, format!("the document of `{}` cannot be allowed", operation.word)).cause(refused)
    })?;
    Ok(document.roots)
}

#[cfg(test)]
mod tests {
    use super::{Grant, Grants, Root};

    #[test]
    fn a_grant_is_an_operation_all_queries_or_a_field() {
        assert!(matches!("devices.list".parse(), Ok(Grant::Operation(one)) if one.name == "DevicesList"));
        assert!(matches!("queries".parse(), Ok(Grant::Queries)));
        assert!(matches!("query:a_1".parse(), Ok(Grant::Field(root)) if root == Root::query("a_1")));
        assert!(matches!("mutation:b".parse(), Ok(Grant::Field(root)) if root == Root::mutation("b")));
        for wrong in
            ["", "devices", "devices.lst", "query:", "query:a b", "query:1", "subscription:a", "devices(first<=100)"]
        {
            assert!(wrong.parse::<Grant>().is_err(), "{wrong}");
        }
    }

    #[test]
    fn grants_are_separated_by_commas_with_or_without_spaces() {
        for list in ["devices.list, queries", "devices.list,queries,", " devices.list ,, queries "] {
            assert_eq!(list.parse::<Grants>().map(|grants| grants.0.len()), Ok(2), "{list}");
        }
        assert!("devices.list,queris".parse::<Grants>().is_err_and(|why| why.starts_with("`queris` is unknown")));
        assert!(["", ",", " "].iter().all(|list| list.parse::<Grants>().is_err()));
    }
}

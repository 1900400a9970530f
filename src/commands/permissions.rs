//! The options that limit what a program with a token may do, and the broker that enforces them.

use std::collections::BTreeSet;
use std::path::PathBuf;
use std::sync::Arc;

use crate::broker::{self, Address, Document, Entry, Log, Options, Policy, Root, Running};
use crate::config::path;
use crate::context::Context;
use crate::disk;
use crate::error::{Error, Kind};
use crate::portal::{Endpoint, Operation, Portal, operation};
use crate::secret::Secret;

/// What a program may do.
#[derive(Clone, Debug, Default, clap::Args)]
pub struct Permissions {
    /// Allow nothing but these: `devices.list`, `queries`, `query:FIELD`, `mutation:FIELD`
    ///
    /// An operation stands for the root fields of the document that would be sent for it. All else is refused.
    #[arg(long, value_name = "OPERATION", value_delimiter = ',')]
    pub only: Vec<Grant>,

    /// Also allow introspection, where `--only` limits what is allowed
    #[arg(long, requires = "only")]
    pub introspection: bool,

    /// Answer at most N requests in any minute
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(1..=100_000))]
    pub per_minute: Option<u32>,

    /// Append a line of JSON for each request to this file; `-v` writes it to stderr
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

impl Permissions {
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
        for grant in &self.only {
            match grant {
                Grant::Queries => {}
                Grant::Field(root) => drop(roots.insert(root.clone())),
                Grant::Operation(operation) => roots.extend(roots_of(*operation, portal)?),
            }
        }
        let generates = self.only.iter().any(|grant| matches!(grant, Grant::Operation(one) if one.gives_secret()));
        if generates {
            cx.out.warn("whoever may generate a key has all the power of a key");
        }
        Ok(Policy {
            only: self.is_restricted().then_some(roots),
            queries: self.only.iter().any(|grant| matches!(grant, Grant::Queries)),
            read_only: cx.config.read_only()?.is_some(),
            introspection: self.introspection,
        })
    }

    /// Returns the log of requests. A file that cannot be written is an error before the broker starts.
    fn log(&self, cx: &Context) -> Result<Option<Log>, Error> {
        if let Some(file) = self.log.clone() {
            let unusable =
                |error| Error::new(Kind::Usage, format!("`{}` cannot be written", file.display())).cause(error);
            disk::append(&file, b"").map_err(unusable)?;
            return Ok(Some(Box::new(move |entry: &Entry| {
                let line = serde_json::to_string(entry).unwrap_or_default();
                // Nobody could be told: the program owns the terminal.
                let _ = disk::append(&file, format!("{line}\n").as_bytes());
            })));
        }
        if cx.config.options.verbose == 0 {
            return Ok(None);
        }
        let out = Arc::clone(&cx.out);
        Ok(Some(Box::new(move |entry: &Entry| out.error_json(entry))))
    }
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
    use super::{Grant, Root};

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
}

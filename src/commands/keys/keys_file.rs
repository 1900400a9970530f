//! Parses the file of desired keys, and rejects the whole file if any part of it is not understood.
//!
//! Whoever can write the file decides what a key does and where it goes, so it must not be writable by others. It holds
//! no secret.

use std::ops::Range;
use std::path::{Path, PathBuf};
use std::time::Duration;

use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use toml_edit::{Document, Item, TableLike};

use super::places::place;
use crate::commands::input::{new_name, trusted_text};
use crate::config;
use crate::context::Context;
use crate::disk;
use crate::error::{Error, Kind};
use crate::journal::Destination;
use crate::lifecycle::{Desired, Expiry, name};
use crate::portal::Endpoint;
use crate::text::{age, duration, is_same, line};

const MEMBERS: [&str; 2] = ["portal", "keys"];
const MEMBERS_OF_KEY: [&str; 6] = ["to", "max_age", "expires", "grace", "hook", "owner"];

/// The argument that names the file.
#[derive(Debug, clap::Args)]
pub struct FileArg {
    /// The file of the keys that should exist; `-` is stdin
    #[arg(short = 'f', long = "file", value_name = "FILE", value_parser = config::path)]
    file: PathBuf,
}

impl FileArg {
    /// Returns the option, quoted for a shell, for a hint.
    pub fn line(&self) -> String {
        format!(" -f {}", shell_words::quote(&self.file.to_string_lossy()))
    }

    /// Reads the file; an error if it is for another portal.
    pub fn read(&self, cx: &Context) -> Result<Vec<Desired>, Error> {
        let text = trusted_text(&self.file, "the keys")?;
        let name = self.file.display();
        let directory = self.file.parent().filter(|_| self.file.as_os_str() != "-").unwrap_or(Path::new(""));
        let wrong = |slip: Slip| {
            let line = slip.at.map_or(1, |at| text[..at].matches('\n').count() + 1);
            Error::new(Kind::Usage, format!("`{name}`, line {line}, {}", slip.problem))
        };
        let file = parse(&text, directory).map_err(wrong)?;
        let portal = cx.portal_name()?;
        if file.portal != portal {
            let message = format!("`{name}` is for {}, and this portal is {portal}", file.portal);
            return Err(Error::new(Kind::Declined, message).hint("Choose the portal with `--profile` or `--portal`."));
        }
        Ok(file.keys)
    }
}

/// The content of the file.
#[derive(Debug)]
struct Contents {
    /// The API base URL, or `sandbox`.
    portal: String,
    keys: Vec<Desired>,
}

/// A mistake, and its byte offset.
#[derive(Debug)]
struct Slip {
    at: Option<usize>,
    problem: String,
}

fn slip(span: Option<Range<usize>>, problem: impl Into<String>) -> Slip {
    Slip { at: span.map(|span| span.start), problem: problem.into() }
}

/// Parses the file. Paths in it are relative to `directory`.
fn parse(text: &str, directory: &Path) -> Result<Contents, Slip> {
    let document = Document::parse(text).map_err(|error| {
        slip(error.span(), format!("is not valid TOML: {}", error.message().lines().next().unwrap_or_default()))
    })?;
    let root = document.as_table();
    refuse_unknown(root, "", &MEMBERS)?;
    let Some((portal, item)) = string(root, "", "portal")? else {
        return Err(slip(None, "has no `portal`; its first line should be `portal = \"https://…\"`"));
    };
    let portal = match portal.as_str() {
        "sandbox" => portal,
        url => {
            Endpoint::parse(url).map_err(|invalid| slip(item.span(), format!("has a `portal` that {invalid}")))?.base()
        }
    };
    let mut keys: Vec<Desired> = Vec::new();
    if let Some(item) = root.get("keys") {
        for (called, item) in table(item, "keys")?.iter() {
            let key = desired(called, item, directory)?;
            let twice = |other: &Desired| key.to.iter().find(|place| other.to.contains(place));
            if let Some((other, place)) = keys.iter().find_map(|other| Some((other, twice(other)?))) {
                let problem = format!("has `{place}` for `keys.{called}`, which is where `keys.{}` goes", other.name);
                return Err(slip(item.span(), problem));
            }
            if keys.iter().any(|other| is_same(&other.name, called)) {
                return Err(slip(item.span(), format!("has `keys.{called}` twice, in two ways of writing it")));
            }
            keys.push(key);
        }
    }
    Ok(Contents { portal, keys })
}

fn desired(called: &str, item: &Item, directory: &Path) -> Result<Desired, Slip> {
    let key = table(item, &format!("keys.{called}"))?;
    let prefix = format!("keys.{called}.");
    let wrong_name = |problem: String| slip(item.span(), format!("has `keys.{called}`: {problem}"));
    let name = new_name(called).map_err(wrong_name)?;
    if name::strip_nonce(&name) != name || name::is_of_a_run(&name) {
        return Err(wrong_name("names with this ending are reserved for rotations and runs".to_owned()));
    }
    refuse_unknown(key, &prefix, &MEMBERS_OF_KEY)?;
    let expires = expiry(key, &prefix)?;
    let max_age = read(key, &prefix, "max_age", age)?;
    if let (Some(_), Some((Expiry::After(_), item))) = (max_age, &expires) {
        let problem = format!("has an age for `{prefix}expires`, which starts anew with each rotation; write a date");
        return Err(slip(item.span(), problem));
    }
    Ok(Desired {
        name,
        to: places(key, &prefix, item, directory)?,
        max_age,
        expires: expires.map(|(expiry, _)| expiry),
        grace: read(key, &prefix, "grace", duration)?.unwrap_or(Duration::ZERO),
        hook: read(key, &prefix, "hook", words)?,
        owner: read(key, &prefix, "owner", line)?,
    })
}

fn places(key: &dyn TableLike, prefix: &str, of: &Item, directory: &Path) -> Result<Vec<Destination>, Slip> {
    let item = key.get("to").ok_or_else(|| {
        slip(of.span(), format!("has no `{prefix}to`, the places of the secret: `to = [\"file:PATH\"]`"))
    })?;
    let list = item.as_array().filter(|list| !list.is_empty());
    let list = list.ok_or_else(|| expected(item, &format!("{prefix}to"), "a list of places"))?;
    let mut places: Vec<Destination> = Vec::new();
    for value in list {
        let wrong = |problem: String| slip(value.span(), format!("has a `{prefix}to` that cannot be used: {problem}"));
        let text = value.as_str().ok_or_else(|| wrong("a place is text in quotes".to_owned()))?;
        let place = match place(text).map_err(wrong)? {
            Destination::Stdout => {
                return Err(wrong("nobody reads stdout; name a file, a keyring or a command".into()));
            }
            Destination::Keyring(None) => return Err(wrong("say whose keyring it is: `keyring:PROFILE`".into())),
            Destination::File(path) => Destination::File(directory.join(path)),
            place => place,
        };
        let place = place.resolved("");
        if places.contains(&place) {
            return Err(wrong(format!("`{place}` is named twice")));
        }
        places.push(place);
    }
    Ok(places)
}

/// Parses a time, an age, or a date, which includes its whole day.
fn expiry<'i>(key: &'i dyn TableLike, prefix: &str) -> Result<Option<(Expiry, &'i Item)>, Slip> {
    let Some(item) = key.get("expires") else { return Ok(None) };
    // TOML has a date type of its own; a quoted date means the same.
    let text = item.as_str().map(str::to_owned).or(item.as_datetime().map(ToString::to_string));
    let at = |text: &str| {
        let end = |date: Date| date.tomorrow().ok()?.to_zoned(TimeZone::UTC).ok().map(|end| end.timestamp());
        text.parse::<Timestamp>().ok().or_else(|| end(text.parse().ok().filter(|_| text.len() == 10)?))
    };
    let read = |text: String| at(&text).map(Expiry::At).or_else(|| age(&text).ok().map(Expiry::After));
    let expiry = text.and_then(read);
    let what = "a date such as `2027-01-31`, a time such as `2027-01-31T12:00:00Z`, or an age such as `90d`";
    expiry.map(|expiry| Some((expiry, item))).ok_or_else(|| expected(item, &format!("{prefix}expires"), what))
}

fn words(text: &str) -> Result<String, String> {
    match disk::words(text) {
        Some(words) if !words.is_empty() => Ok(text.to_owned()),
        Some(_) => Err("is empty".to_owned()),
        None => Err("has a quote that is not closed".to_owned()),
    }
}

/// Parses a string member by `meaning`.
fn read<T>(
    table: &dyn TableLike,
    prefix: &str,
    member: &str,
    meaning: impl Fn(&str) -> Result<T, String>,
) -> Result<Option<T>, Slip> {
    let Some((text, item)) = string(table, prefix, member)? else { return Ok(None) };
    let wrong = |problem| slip(item.span(), format!("has a `{prefix}{member}` that {problem}"));
    meaning(&text).map(Some).map_err(wrong)
}

fn string<'t>(table: &'t dyn TableLike, prefix: &str, member: &str) -> Result<Option<(String, &'t Item)>, Slip> {
    let Some(item) = table.get(member) else { return Ok(None) };
    let text = item.as_str().ok_or_else(|| expected(item, &format!("{prefix}{member}"), "text in quotes"))?;
    Ok(Some((text.to_owned(), item)))
}

fn table<'i>(item: &'i Item, called: &str) -> Result<&'i dyn TableLike, Slip> {
    item.as_table_like().ok_or_else(|| expected(item, called, "a table"))
}

fn expected(item: &Item, called: &str, what: &str) -> Slip {
    slip(item.span(), format!("has a `{called}` that is not {what}"))
}

fn refuse_unknown(table: &dyn TableLike, prefix: &str, known: &[&str]) -> Result<(), Slip> {
    let Some((member, item)) = table.iter().find(|(member, _)| !known.contains(member)) else { return Ok(()) };
    let span = table.get_key_value(member).and_then(|(key, _)| key.span()).or(item.span());
    Err(slip(span, format!("has an unknown member `{prefix}{member}`; known are `{}`", known.join("`, `"))))
}

#[cfg(test)]
mod tests {
    use super::{Contents, Slip, parse};
    use crate::lifecycle::Expiry;
    use std::path::Path;

    fn read(keys: &str) -> Result<Contents, Slip> {
        parse(&format!("portal = \"https://a.example/\"\n{keys}"), Path::new("/d"))
    }

    #[test]
    fn what_is_written_is_meant() {
        let text = "[keys.report]\nto = [\"file:r.key\", \"command:gh secret set K\"]\nmax_age = \"90d\"\n\
                    grace = \"10m\"\nhook = \"true\"\nowner = \"data\"\nexpires = 2026-12-31\n[keys.\"a b\"]\nto = [\"keyring:x\"]\n";
        let file = read(text).unwrap();
        let (report, other) = (&file.keys[0], &file.keys[1]);
        assert_eq!((file.portal.as_str(), other.name.as_str()), ("https://a.example", "a b"));
        let places: Vec<String> = report.to.iter().map(ToString::to_string).collect();
        let file = std::path::absolute("/d/r.key").unwrap();
        assert_eq!(places, [&format!("file:{}", file.display()), "command:gh secret set K"]);
        assert_eq!((report.grace.as_secs(), report.owner.as_deref()), (600, Some("data")));
        let end = Expiry::At("2027-01-01T00:00:00Z".parse().unwrap());
        for expires in ["2026-12-31", "\"2026-12-31\"", "2027-01-01T00:00:00Z", "\"2027-01-01T00:00:00Z\""] {
            let file = read(&format!("[keys.a]\nto = [\"file:a\"]\nexpires = {expires}")).unwrap();
            assert_eq!(file.keys[0].expires, Some(end), "{expires}");
        }
    }

    #[test]
    fn the_example_is_understood() {
        let example = include_str!("../../../docs/how-to/keys.toml");
        let names: Vec<String> =
            parse(example, Path::new("/d")).unwrap().keys.into_iter().map(|key| key.name).collect();
        assert_eq!(names, ["report", "deploy", "trade fair"]);
    }

    #[test]
    fn an_error_names_the_line_and_what_was_expected() {
        for (keys, line, said) in [
            ("x = \n", 2, "is not valid TOML"),
            ("prune = true\n", 2, "unknown member `prune`"),
            ("keys = 5", 2, "`keys` that is not a table"),
            ("[keys.a]\n", 2, "no `keys.a.to`"),
            ("[keys.a]\nto = \"file:a\"\n", 3, "`keys.a.to` that is not a list"),
            ("[keys.a]\nto = []\n", 3, "`keys.a.to` that is not a list"),
            ("[keys.a]\nto = [\n\"file:a\",\n\"stdout\"]\n", 5, "nobody reads stdout"),
            ("[keys.a]\nto = [\"keyring\"]\n", 3, "`keyring:PROFILE`"),
            ("[keys.a]\nto = [\"file:a\", \"file:./a\"]\n", 3, "named twice"),
            ("[keys.a]\nto = [\"file:a\"]\nmax-age = \"9d\"\n", 4, "unknown member `keys.a.max-age`"),
            ("[keys.a]\nto = [\"file:a\"]\nmax_age = 9\n", 4, "not text in quotes"),
            ("[keys.a]\nto = [\"file:a\"]\nmax_age = \"9\"\n", 4, "has no unit"),
            ("[keys.a]\nto = [\"file:a\"]\nexpires = \"soon\"\n", 4, "not a date such as"),
            ("[keys.a]\nto = [\"file:a\"]\nexpires = \"9d\"\nmax_age = \"1d\"\n", 4, "write a date"),
            #[cfg(not(windows))]
            ("[keys.a]\nto = [\"file:a\"]\nhook = \"'\"\n", 4, "not closed"),
            ("[keys.a]\nto = [\"file:a\"]\n[keys.b]\nto = [\"file:a\"]\n", 4, "where `keys.a` goes"),
            ("[keys.\"a #abcdefgh\"]\nto = [\"file:a\"]\n", 2, "reserved for rotations and runs"),
            ("[keys.\"a\\nb\"]\nto = [\"file:a\"]\n", 2, "no control characters"),
        ] {
            let text = format!("portal = \"https://a.example\"\n{keys}");
            let slip = parse(&text, Path::new("/d")).unwrap_err();
            let at = slip.at.map_or(1, |at| text[..at].matches('\n').count() + 1);
            assert!(at == line && slip.problem.contains(said), "{keys}: line {at} {}", slip.problem);
        }
        assert!(parse("", Path::new("")).unwrap_err().problem.contains("has no `portal`"));
        assert!(parse("portal = \"ftp://x\"", Path::new("")).unwrap_err().problem.contains("scheme"));
    }
}

//! `--paginate`: follows the cursors of every list in an answer, for rows or joined into one document.
//!
//! A list that cannot be followed must not look complete: it is an error, which names the member that says so.

use std::collections::{BTreeMap, HashSet};
use std::hash::{DefaultHasher, Hash, Hasher};

use serde_json::value::RawValue;

use super::lists::{self, Joined, List, More, called};
use crate::context::Context;
use crate::error::{Error, Kind};
use crate::portal::{self, PassedVariable, declared_variables, variables_on};

/// Names of the variable or argument that takes the cursor, in lower case.
const TAKING: [&str; 12] = [
    "after",
    "endcursor",
    "cursor",
    "nextcursor",
    "token",
    "pagetoken",
    "nexttoken",
    "page",
    "offset",
    "skip",
    "start",
    "from",
];

/// Fail after this many pages in a row without new items: the cursors are leading nowhere.
const MOST_STALE: usize = 10;

/// Variables by name, as raw JSON.
pub type Variables = BTreeMap<String, Box<RawValue>>;

/// A document to be sent once per page.
pub struct Paged<'p> {
    pub document: &'p str,
    pub operation: Option<&'p str>,
    /// The list to follow, if the answer has several; empty if none was named.
    pub list: &'p str,
    /// True if the document is known to request that list.
    pub is_asked_for: bool,
}

/// A list whose cursor is followed.
struct Followed {
    way: Vec<String>,
    variable: String,
    /// The name of the variable's type.
    ty: String,
    seen: HashSet<String>,
    /// The hashes of the pages so far.
    pages: HashSet<u64>,
    /// How many pages in a row had nothing new.
    stale: usize,
    is_done: bool,
}

/// Turns the errors of an answer into an error.
pub fn refused(refusal: portal::Refusal, has_data: bool) -> Error {
    let error = Error::from(portal::Error::from(refusal));
    match error.kind() {
        Kind::Failed if has_data => error.reclassify(Kind::Partial, "the answer has errors beside its data"),
        _ => error,
    }
}

/// Fetches the pages of a document, following each selected list to its end.
pub struct RawPages<'p> {
    paged: &'p Paged<'p>,
    variables: Variables,
    cx: &'p Context,
    /// The selected lists, as the first page has them.
    pub lists: Vec<List>,
    followed: Vec<Followed>,
    /// The latest page.
    page: Box<RawValue>,
    is_first: bool,
    /// The cursors of that page, for an error.
    at: String,
}

impl<'p> RawPages<'p> {
    /// Fetches the first page, and finds the lists to follow.
    pub fn start(paged: &'p Paged<'p>, variables: Variables, cx: &'p Context) -> Result<RawPages<'p>, Error> {
        if declared_variables(paged.document).is_empty() {
            return Err(Error::new(Kind::Usage, "`--paginate` needs a document that takes the cursor as `$after`")
                .hint("For example: `query ($after: String) { devices(after: $after) { data { id } after } }`."));
        }
        let page = page(paged, &variables, cx)?;
        let lists = choose(paged, &page, cx)?;
        let followed = follow_all(&lists, paged)?;
        let mut pages = RawPages { paged, variables, cx, lists, followed, page, is_first: true, at: String::new() };
        let going_on = pages.lists.iter().filter(|list| matches!(list.more, More::From(_)));
        for (list, followed) in going_on.zip(&mut pages.followed) {
            followed.go_on(&list.more, &mut pages.variables)?;
        }
        Ok(pages)
    }

    /// Returns the latest page.
    pub fn page(&self) -> &RawValue {
        &self.page
    }

    /// Fetches the next page; returns false once every list has ended.
    pub fn go_on(&mut self) -> Result<bool, Error> {
        if !std::mem::take(&mut self.is_first) {
            self.take_cursors()?;
        }
        if self.followed.iter().all(|list| list.is_done) {
            return Ok(false);
        }
        let cursors = self.followed.iter();
        let cursors = cursors.filter_map(|list| Some((&*list.variable, self.variables.get(&list.variable)?.get())));
        let at =
            cursors.map(|(name, cursor)| format!("`${name}` was `{}`", cursor.trim_matches('"'))).collect::<Vec<_>>();
        self.at = at.join(", ");
        self.page = page(self.paged, &self.variables, self.cx).map_err(|error| self.broke_off(error))?;
        let (lists, _) = lists::find(&self.page);
        match self.followed.iter().find(|list| !list.is_done && lists.iter().all(|found| found.way != list.way)) {
            None => Ok(true),
            Some(list) => {
                let message = format!("a page has no list `{}`", called(&list.way));
                Err(self.broke_off(Error::new(Kind::BadAnswer, message)))
            }
        }
    }

    /// Returns the paths of the lists that the latest page continues.
    pub fn ways(&self) -> impl Iterator<Item = &[String]> {
        self.followed.iter().filter(|list| !list.is_done).map(|list| &*list.way)
    }

    fn take_cursors(&mut self) -> Result<(), Error> {
        let (lists, _) = lists::find(&self.page);
        let mut followed = std::mem::take(&mut self.followed);
        for list in followed.iter_mut().filter(|list| !list.is_done) {
            list.expect_more(&self.page).map_err(|error| self.broke_off(error))?;
            let more = lists.iter().find(|found| found.way == list.way).map_or(&More::No, |found| &found.more);
            let gone_on = list.go_on(more, &mut self.variables);
            gone_on.map_err(|error| self.broke_off(error))?;
        }
        self.followed = followed;
        Ok(())
    }

    fn broke_off(&self, error: Error) -> Error {
        error.reclassify(Kind::Partial, format!("pagination failed; {}", self.at))
    }
}

/// Prints all pages as one document, or one item per line. An incomplete result is never printed as a complete
/// document.
pub fn paginate(paged: &Paged<'_>, variables: Variables, cx: &Context) -> Result<(), Error> {
    let mut pages = RawPages::start(paged, variables, cx)?;
    if cx.out.is_lines() && pages.lists.len() > 1 {
        let message = "`-o ndjson` prints one list, and the answer has several that can be paged";
        return Err(Error::new(Kind::Usage, message).hint(name_one(pages.lists.iter().map(|list| &list.way))));
    }
    let mut joined = Joined::new(pages.page());
    pages.lists.iter().try_for_each(|list| tell_lines(&list.way, pages.page(), cx))?;
    while pages.go_on()? {
        for way in pages.ways() {
            match cx.out.is_lines() {
                true => tell_lines(way, pages.page(), cx)?,
                false => drop(joined.append(way, pages.page())),
            }
        }
        if cx.out.is_over() {
            return Ok(());
        }
    }
    if cx.out.is_lines() {
        return Ok(());
    }
    let mut text = String::new();
    joined.write(&mut text);
    text.push('\n');
    Ok(cx.out.document(text.as_bytes())?)
}

/// Fetches a page. Errors in it end the pagination.
fn page(paged: &Paged<'_>, variables: &Variables, cx: &Context) -> Result<Box<RawValue>, Error> {
    let variables = Some(variables).filter(|variables| !variables.is_empty());
    let answer = cx.portal()?.execute_raw(paged.document, variables, paged.operation)?;
    match answer.refusal {
        Some(refusal) => Err(refused(refusal, answer.has_data)),
        None => serde_json::from_slice(answer.readable())
            .map_err(|_| Error::new(Kind::BadAnswer, "the answer cannot be read, so its lists cannot be followed")),
    }
}

/// Returns the selected lists: all, or the named one. Other lists that continue are an error or a warning.
fn choose(paged: &Paged<'_>, first: &RawValue, cx: &Context) -> Result<Vec<List>, Error> {
    let (lists, nested) = lists::find(first);
    if lists.is_empty() && paged.is_asked_for {
        let message = format!("`{}` is not a list with a cursor beside it, and no error says why", paged.list);
        return Err(Error::new(Kind::BadAnswer, message));
    }
    if lists.is_empty() {
        return Err(Error::new(Kind::Usage, "the answer has no list with a cursor beside it")
            .hint("Ask for the cursor too, such as `after`, or `pageInfo { hasNextPage endCursor }`."));
    }
    let goes_on = |list: &List| !matches!(list.more, More::No);
    if paged.list.is_empty() {
        if let Some(nested) = nested.first() {
            let message = format!("`{nested}` continues inside items, where it cannot be followed");
            let hint = format!(
                "If its first page is enough, say which list is meant: `--paginate={}`.",
                called(&lists[0].way)
            );
            return Err(Error::new(Kind::Partial, message).hint(hint));
        }
        return Ok(lists);
    }
    let is_meant = |list: &List| {
        let name = called(&list.way);
        name == paged.list || name.rsplit('.').next() == Some(paged.list)
    };
    let (meant, others): (Vec<List>, Vec<List>) = lists.into_iter().partition(is_meant);
    let left: Vec<String> =
        others.iter().filter(|list| goes_on(list)).map(|list| called(&list.way)).chain(nested).collect();
    match meant.len() {
        1 => {}
        0 => {
            let message = format!("the answer has no list `{}` with a cursor beside it", paged.list);
            return Err(Error::new(Kind::Usage, message).hint(name_one(others.iter().map(|list| &list.way))));
        }
        _ => {
            let message = format!("several lists are called `{}`", paged.list);
            return Err(Error::new(Kind::Usage, message).hint(name_one(meant.iter().map(|list| &list.way))));
        }
    }
    if !left.is_empty() {
        cx.out.warn(format_args!("there is more of `{}`, which was not asked for", left.join("`, `")));
    }
    Ok(meant)
}

fn name_one<'w>(ways: impl Iterator<Item = &'w Vec<String>>) -> String {
    let names: Vec<String> = ways.map(|way| format!("`--paginate={}`", called(way))).collect();
    format!("Say which one: {}.", names.join(" or "))
}

/// Returns how to follow a list; `None` if it has ended.
fn follow(list: &List, paged: &Paged<'_>) -> Result<Option<Followed>, Error> {
    let name = called(&list.way);
    match &list.more {
        More::No => return Ok(None),
        More::WithoutCursor(member) => return Err(unfollowable(&name, member)),
        More::From(_) => {}
    }
    let Some(taken) = cursor_of(paged, &list.way) else {
        let message = format!("there is more of `{name}`, and the document takes no cursor for it");
        return Err(Error::new(Kind::Partial, message)
            .hint(format!("Give `{name}` an argument with a variable of its own, such as `after: $after`.")));
    };
    let (seen, pages) = Default::default();
    let (way, variable, ty) = (list.way.clone(), taken.variable, taken.ty);
    Ok(Some(Followed { way, variable, ty, seen, pages, stale: 0, is_done: false }))
}

/// Returns the variable that takes the cursor of the list at `way`, if the document has one.
pub fn cursor_of(paged: &Paged<'_>, way: &[String]) -> Option<PassedVariable> {
    let way = way.strip_prefix(&["data".to_owned()]).unwrap_or(way);
    let taken = variables_on(paged.document, paged.operation, way);
    taken.into_iter().find(|taken| takes_cursor(&taken.argument) || takes_cursor(&taken.variable))
}

fn unfollowable(name: &str, member: &str) -> Error {
    let message = format!("there is more of `{name}`, as its `{member}` says, but no cursor to continue with");
    Error::new(Kind::Partial, message)
        .hint("Ask for the cursor too, such as `after`, or `pageInfo { hasNextPage endCursor }`.")
}

/// Returns how to follow the lists that continue. Two lists with the same cursor variable cannot be followed at once.
fn follow_all(lists: &[List], paged: &Paged<'_>) -> Result<Vec<Followed>, Error> {
    let mut followed: Vec<Followed> = Vec::new();
    for list in lists {
        followed.extend(follow(list, paged)?);
    }
    let names: HashSet<&str> = followed.iter().map(|list| &*list.variable).collect();
    if names.len() == followed.len() {
        return Ok(followed);
    }
    let message = format!("several lists continue, and share the variable `${}`", followed[0].variable);
    let hint = name_one(followed.iter().map(|list| &list.way));
    Err(Error::new(Kind::Usage, message).hint(hint).hint("Or give each a variable of its own."))
}

fn takes_cursor(name: &str) -> bool {
    TAKING.contains(&name.to_lowercase().replace('_', "").as_str())
}

/// With `-o ndjson`, prints the items of a page.
fn tell_lines(way: &[String], page: &RawValue, cx: &Context) -> Result<(), Error> {
    if !cx.out.is_lines() {
        return Ok(());
    }
    // An item must be one line.
    let line = |item: &RawValue| item.get().replace(['\n', '\r'], " ");
    let items = lists::items(page, way).unwrap_or_default();
    let lines: String = items.into_iter().map(|item| line(item) + "\n").collect();
    Ok(cx.out.text(&lines)?)
}

impl Followed {
    /// Returns an error after too many pages without new items.
    fn expect_more(&mut self, page: &RawValue) -> Result<(), Error> {
        let items = lists::items(page, &self.way).unwrap_or_default();
        let mut hasher = DefaultHasher::new();
        items.iter().for_each(|item| item.get().hash(&mut hasher));
        let is_new = !items.is_empty() && self.pages.insert(hasher.finish());
        self.stale = if is_new { 0 } else { self.stale + 1 };
        if self.stale <= MOST_STALE {
            return Ok(());
        }
        let message = format!("{MOST_STALE} pages of `{}` in a row had nothing new", called(&self.way));
        Err(Error::new(Kind::BadAnswer, message))
    }

    /// Sets the cursor variable for the next page, or ends the list.
    fn go_on(&mut self, more: &More, variables: &mut Variables) -> Result<(), Error> {
        let cursor = match more {
            More::No => {
                self.is_done = true;
                return Ok(());
            }
            More::WithoutCursor(member) => return Err(unfollowable(&called(&self.way), member)),
            More::From(cursor) => cursor,
        };
        if !self.seen.insert(cursor.get().to_owned()) {
            let cursor = cursor.get().trim_matches('"');
            let message = format!("the page after cursor `{cursor}` leads back to an earlier page");
            return Err(Error::new(Kind::BadAnswer, message));
        }
        variables.insert(self.variable.clone(), as_type(cursor, &self.ty));
        Ok(())
    }
}

/// Converts a cursor to the variable's type: `"5"` to 5 for Int, 5 to `"5"` for String.
fn as_type(cursor: &RawValue, ty: &str) -> Box<RawValue> {
    let text = cursor.get();
    let other = match (ty, text.strip_prefix('"').and_then(|text| text.strip_suffix('"'))) {
        ("Int", Some(digits)) if digits.parse::<i64>().is_ok() => digits.to_owned(),
        ("String", None) => format!("\"{text}\""),
        _ => text.to_owned(),
    };
    RawValue::from_string(other).unwrap_or_else(|_| cursor.to_owned())
}

//! Sends a kept document, and shows its answer as rows. A mutation asks first, and is sent once.

use serde_json::value::RawValue;

use super::invocation::Invocation;
use super::row::{Row, Rows};
use crate::commands::lists::{self, More, called};
use crate::commands::paging::{Paged, RawPages, cursor_of, refused};
use crate::commands::repeat;
use crate::commands::source::{PageSource, Sourced};
use crate::commands::typed::ensure_typed;
use crate::commands::{listing, mutation};
use crate::context::Context;
use crate::error::{Error, Kind};
use crate::portal::Page;

/// Pages of rows, each fetched on demand.
struct RowPages<'p> {
    pages: RawPages<'p>,
    way: &'p [String],
    is_first: bool,
}

/// The rows of one answer.
struct OnePage(Option<Vec<Option<Row>>>);

/// Sends a document with its values.
pub fn send(invocation: &Invocation, cx: &Context) -> Result<(), Error> {
    if invocation.document.is_mutation {
        if !invocation.conditions.is_empty() || invocation.view.sort.is_some() {
            return Err(Error::new(
                Kind::Usage,
                "`--where` and `--sort` are for queries: the answer of a mutation is shown in full",
            ));
        }
        confirm(invocation, cx)?;
        return mutation::send_once(cx, || send_once(invocation, cx));
    }
    let sent = if invocation.paginate { send_all(invocation, cx) } else { send_once(invocation, cx) };
    sent.map_err(|error| match error.kind() == Kind::BadAnswer && error.hints().is_empty() {
        true => {
            let path = invocation.kept.path.display().to_string();
            error.hint(format!("See the answer as it came: `optra api -f {}`.", shell_words::quote(&path)))
        }
        false => error,
    })
}

/// Asks before a mutation.
fn confirm(invocation: &Invocation, cx: &Context) -> Result<(), Error> {
    let (name, undone) = (&invocation.kept.name, "nothing was sent");
    if invocation.yes {
        return Ok(());
    }
    cx.ensure_writable()?;
    let hint = format!("In a script, confirm with: `{}`.", repeat::line(&["--yes"], &[], cx));
    cx.prompt.available().map_err(|error| Error::from(error).context(undone).hint(hint))?;
    let calls: Vec<String> = invocation.document.fields.iter().map(|field| format!("`{}`", field.called)).collect();
    let (path, portal) = (invocation.kept.path.display(), cx.endpoint()?.base());
    cx.out.status(format_args!("Send the mutation in `{path}` to {portal}: it calls {}.", calls.join(", ")));
    let question = format!("Type {name} to send it");
    ensure_typed(&question, |typed| typed == name, "that is not its name", undone, cx)
}

fn send_once(invocation: &Invocation, cx: &Context) -> Result<(), Error> {
    let variables = Some(&invocation.variables).filter(|variables| !variables.is_empty());
    let answer = cx.portal()?.execute_raw(&invocation.document.text, variables, invocation.document.name.as_deref())?;
    let printed = match answer.has_data {
        true => print(invocation, answer.readable(), cx).or_else(|error| whole(error, invocation, &answer.body, cx)),
        false => Ok(()),
    };
    let refusal = answer.refusal.map(|refusal| refused(refusal, answer.has_data));
    match (refusal, printed) {
        // The errors explain missing data, so they come first.
        (Some(refusal), _) => Err(refusal),
        (None, printed) => printed,
    }
}

/// Writes the raw answer of a mutation if it cannot be decoded, because it cannot be had again.
fn whole(error: Error, invocation: &Invocation, body: &[u8], cx: &Context) -> Result<(), Error> {
    if invocation.document.is_mutation && error.kind() == Kind::BadAnswer {
        cx.out.bytes(body)?;
    }
    Err(error)
}

fn print(invocation: &Invocation, body: &[u8], cx: &Context) -> Result<(), Error> {
    let body: Box<RawValue> = serde_json::from_slice(body).map_err(|_| unreadable())?;
    match Rows::of(&body, &invocation.shape.way).ok_or_else(unreadable)? {
        Rows::List(rows) => {
            let filter = invocation.conditions.start(crate::text::now());
            listing::print(&invocation.view, filter, OnePage(Some(rows)), cx)?;
            tell_more(invocation, &body, cx);
            Ok(())
        }
        Rows::One(None) if invocation.shape.page.is_some() => Err(no_list(invocation)),
        Rows::One(row) => {
            if invocation.view.sort.is_some() || !invocation.conditions.is_empty() {
                cx.out.warn("`--where` and `--sort` are for lists, and the answer is one object");
            }
            match row {
                Some(row) => Ok(cx.out.item(&row, &invocation.view.fields)?),
                None => Ok(cx.out.nothing(&called(&invocation.shape.way))?),
            }
        }
    }
}

/// Reports that the list continues, when only its first page was requested.
fn tell_more(invocation: &Invocation, body: &RawValue, cx: &Context) {
    let Some(page) = invocation.shape.page.as_ref().filter(|_| !invocation.document.is_mutation) else { return };
    let way = [&["data".to_owned()][..], page].concat();
    let goes_on = |list: &lists::List| list.way == way && !matches!(list.more, More::No);
    if !lists::find(body).0.iter().any(goes_on) {
        return;
    }
    let list = called(&way);
    match cursor_of(&paged(invocation, &list), &way) {
        Some(_) => cx.out.status(format_args!("there is more of `{list}`; `--paginate` asks for all of it")),
        None => cx.out.status(format_args!("there is more of `{list}`, and the document takes no cursor for it")),
    }
}

fn paged<'a>(invocation: &'a Invocation, list: &'a str) -> Paged<'a> {
    Paged {
        document: &invocation.document.text,
        operation: invocation.document.name.as_deref(),
        list,
        is_asked_for: true,
    }
}

fn send_all(invocation: &Invocation, cx: &Context) -> Result<(), Error> {
    let Some(page) = &invocation.shape.page else {
        let message = "`--paginate` needs one list with its cursor beside it, and this document requests none";
        let path = invocation.kept.path.display().to_string();
        let hint = format!("`optra api --paginate -f {}` follows several.", shell_words::quote(&path));
        return Err(Error::new(Kind::Usage, message).hint(hint));
    };
    let list = called(&[&["data".to_owned()][..], page].concat());
    let paged = paged(invocation, &list);
    let path = invocation.kept.path.display().to_string();
    let instead = format!("`optra api --paginate -f {}` follows several.", shell_words::quote(&path));
    let pages = RawPages::start(&paged, invocation.variables.clone(), cx);
    let pages =
        pages.map_err(|error| if error.kind() == Kind::Usage { error.replace_hints(instead) } else { error })?;
    let pages = RowPages { pages, way: &invocation.shape.way, is_first: true };
    listing::print(&invocation.view, invocation.conditions.start(crate::text::now()), pages, cx)
}

fn unreadable() -> Error {
    Error::new(Kind::BadAnswer, "the answer cannot be read, so it has no rows")
}

fn no_list(invocation: &Invocation) -> Error {
    Error::new(Kind::BadAnswer, format!("`{}` is null, and no error says why", called(&invocation.shape.way)))
}

/// Makes a page of rows, and counts the nulls among them.
fn page(rows: Vec<Option<Row>>) -> Page<Row> {
    let length = rows.len();
    let items: Vec<Row> = rows.into_iter().flatten().collect();
    Page { nulls: length - items.len(), items, after: None, total: None, errors: Vec::new(), facts: Default::default() }
}

impl PageSource<Row> for OnePage {
    fn next(&mut self) -> Option<Result<Sourced<Row>, Error>> {
        self.0.take().map(|rows| Ok((None, page(rows))))
    }
}

impl PageSource<Row> for RowPages<'_> {
    fn next(&mut self) -> Option<Result<Sourced<Row>, Error>> {
        if !std::mem::take(&mut self.is_first) {
            match self.pages.go_on() {
                Ok(true) => {}
                Ok(false) => return None,
                Err(error) => return Some(Err(error)),
            }
        }
        Some(match Rows::of(self.pages.page(), self.way) {
            Some(Rows::List(rows)) => Ok((None, page(rows))),
            _ => Err(unreadable()),
        })
    }
}

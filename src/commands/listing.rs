//! Runs every listing, whatever its source: pages in, rows out, and the warnings and notes once at the end.

use std::marker::PhantomData;
use std::sync::Arc;

use super::completeness::AllowPartial;
use super::missing_fields;
use super::multi_profile::Profiles;
use super::source::{PageSource, Source};
use super::view::View;
use crate::context::{Context, Names};
use crate::error::{Error, Kind};
use crate::output::{Fields, Record, Rows};
use crate::portal::{self, Completeness, ListQuery, Missing, Page, Pages, Portal, Predicate, Projection, Sort};

/// The options of every listing.
#[derive(Debug, clap::Args)]
pub struct Listing<R: Record> {
    /// Stop after this many rows
    #[arg(long, value_name = "N", value_parser = count)]
    limit: Option<usize>,

    /// Resume a listing from this cursor
    #[arg(long, value_name = "CURSOR", conflicts_with = "all_profiles", hide_short_help = true)]
    after: Option<String>,

    #[command(flatten)]
    allow_partial: AllowPartial,

    #[command(flatten)]
    profiles: Profiles,

    /// Print only the count
    #[arg(long, conflicts_with_all = ["sort", "limit", "fields"])]
    count: bool,

    #[command(flatten)]
    view: View<R>,
}

fn count(text: &str) -> Result<usize, &'static str> {
    text.parse().ok().filter(|count| *count > 0).ok_or("write a whole number, 1 or more")
}

/// Which rows match, and what to report about the others.
pub trait Filter<R> {
    /// Returns the predicates; none if all rows match.
    fn predicates(&self) -> Vec<Predicate>;

    /// Returns true if rows cannot be filtered without the fields of the predicates.
    fn is_required(&self) -> bool {
        true
    }

    /// Returns true for a row that matches.
    fn matches(&mut self, row: &R) -> bool;

    /// Reports what the rows do not show. `pushed` names the fields that the portal filtered by on every page.
    fn tell(&self, pushed: Option<&[String]>, cx: &Context);
}

/// What is reported after the rows.
#[derive(Default)]
struct Notes {
    nulls: usize,
    total: Option<usize>,
    omitted: Vec<String>,
    /// The fields that the portal filtered by on every page.
    pushed: Option<Vec<String>>,
    left: Left,
}

/// Whether `--limit` left out rows.
#[derive(Clone, Copy, Default)]
enum Left {
    #[default]
    None,
    Some,
    /// The pages behind the last row were not asked for.
    Unknown,
}

/// The matching rows of a page.
struct Part<R> {
    rows: Vec<R>,
    /// The number of elements of the page.
    length: usize,
    has_next: bool,
}

impl Notes {
    /// Collects what a page lacks. The pages of several portals may lack different things.
    fn take<T>(&mut self, page: &Page<T>, is_all: bool) {
        self.nulls += page.nulls;
        // The total does not count what we filter; beside errors it may not count what the portal could not see.
        self.total =
            page.total.filter(|_| is_all && page.errors.is_empty()).and_then(|total| usize::try_from(total).ok());
        let more = page.facts.omitted().iter().filter(|name| !self.omitted.contains(name)).cloned().collect::<Vec<_>>();
        self.omitted.extend(more);
        let pushed = self.pushed.get_or_insert_with(|| page.facts.pushed.clone());
        pushed.retain(|field| page.facts.pushed.contains(field));
    }
}

impl<R: Record> Listing<R> {
    /// Returns true if a field is to be shown.
    pub fn shows(&self, field: &str) -> bool {
        !self.view.fields.are_chosen() || self.view.fields.chosen().any(|chosen| chosen == field)
    }

    /// Returns true if the rows come from several profiles.
    pub fn is_for_several(&self, cx: &Context) -> Result<bool, Error> {
        Ok(self.profiles.several(cx)?.is_some())
    }

    /// Lists the items of `list`, as rows that `row` makes of an item and its profile. Returns the number of rows.
    pub fn run<T: Send + 'static>(
        &self,
        filter: impl Filter<R>,
        list: impl Fn(&Portal, &ListQuery) -> Result<Pages<T>, portal::Error> + Send + Sync + 'static,
        row: impl Fn(T, Option<&Arc<str>>) -> R,
        cx: &Context,
    ) -> Result<usize, Error> {
        let query = self.query(&filter, cx.out.is_map());
        let source = Source::start(&self.profiles, query.clone(), list, cx)?;
        let (fields, allow_partial, notes) = (&self.view.fields, self.allow_partial, Notes::default());
        let seen = (!source.is_several()).then(Names::default);
        let run = Run { fields, allow_partial, query, source, filter, row, notes, seen, cx, item: PhantomData };
        run.print(self.count)
    }

    /// Returns the query: the fields to show, sort by and filter by.
    fn query(&self, filter: &impl Filter<R>, is_map: bool) -> ListQuery {
        let predicates = filter.predicates();
        // A map needs coordinates.
        let place = if is_map { &["location.latitude", "location.longitude"][..] } else { &[] };
        let sort = self.view.sort.as_ref();
        let named = self.view.fields.chosen().chain(sort.map(|sort| &*sort.field)).chain(place.iter().copied());
        let looked_at = predicates.iter().filter(|_| filter.is_required()).map(|predicate| &*predicate.field);
        let fields = named.chain(looked_at).map(str::to_owned).collect();
        ListQuery {
            projection: Projection { fields, exclusive: self.view.fields.are_chosen() },
            predicates,
            sort: self.view.sort.clone(),
            limit: self.limit,
            cursor: self.after.clone(),
        }
    }
}

/// Prints all rows of a source.
pub fn print<R: Record>(
    view: &View<R>,
    filter: impl Filter<R>,
    source: impl PageSource<R>,
    cx: &Context,
) -> Result<(), Error> {
    let query = ListQuery { predicates: filter.predicates(), sort: view.sort.clone(), ..ListQuery::default() };
    let (fields, allow_partial, notes) = (&view.fields, AllowPartial::default(), Notes::default());
    let row = |row, _: Option<&Arc<str>>| row;
    Run { fields, allow_partial, query, source, filter, row, notes, seen: None, cx, item: PhantomData }
        .print(false)
        .map(drop)
}

/// A running listing.
struct Run<'l, R: Record, T, S, F, M> {
    fields: &'l Fields<R>,
    allow_partial: AllowPartial,
    query: ListQuery,
    source: S,
    filter: F,
    /// Makes a row of an item and its profile.
    row: M,
    notes: Notes,
    /// The names for completions; `None` if the rows come from several profiles.
    seen: Option<Names>,
    cx: &'l Context,
    item: PhantomData<T>,
}

impl<R, T, S, F, M> Run<'_, R, T, S, F, M>
where
    R: Record,
    S: PageSource<T>,
    F: Filter<R>,
    M: Fn(T, Option<&Arc<str>>) -> R,
{
    fn print(mut self, only_count: bool) -> Result<usize, Error> {
        let listed = if only_count {
            self.print_count()
        } else {
            self.cx.out.page();
            self.print_rows()
        };
        // Profiles that failed are named, whatever else there is to report.
        let concluded = self.source.verdict(self.cx);
        let pushed = self.notes.pushed.as_deref().filter(|_| listed.is_ok() && self.source.is_ours());
        self.filter.tell(pushed, self.cx);
        if let Some(seen) = self.seen.take() {
            let is_cut = only_count || self.query.limit.is_some() || self.query.cursor.is_some();
            // If the portal filtered, there may be names that this listing has not seen.
            let is_all = !is_cut && self.query.predicates.is_empty() && listed.is_ok() && !self.cx.out.is_over();
            self.cx.remember(R::NOUN.1, seen, is_all && *self.source.completeness() == Completeness::Complete);
        }
        listed.and_then(|count| concluded.map(|()| count))
    }

    /// Returns the matching rows of the next page.
    fn next(&mut self) -> Option<Result<Part<R>, Error>> {
        let (profile, page) = match self.source.next()? {
            Ok(page) => page,
            Err(error) => return Some(Err(error)),
        };
        self.notes.take(&page, self.query.predicates.is_empty());
        let (length, after) = (page.length(), page.after);
        let rows = page.items.into_iter().map(|item| (self.row)(item, profile.as_ref()));
        let rows = rows.inspect(|row| self.seen.iter_mut().for_each(|seen| seen.look(row)));
        let rows = rows.filter(|row| self.filter.matches(row)).collect();
        Some(Ok(Part { rows, length, has_next: after.is_some() }))
    }

    fn print_rows(&mut self) -> Result<usize, Error> {
        let out = &self.cx.out;
        let fields = if self.source.is_several() { &self.fields.with_origin() } else { self.fields };
        let (mut rows, mut held) = (out.rows(fields), Vec::new());
        let mut progress = out.progress(R::NOUN.1);
        let most = self.query.limit.unwrap_or(usize::MAX);
        while let Some(part) = self.next() {
            let has_next = part.as_ref().is_ok_and(|part| part.has_next);
            let mut wanted = match part {
                Ok(part) => part.rows,
                Err(error) if rows.count() == 0 => return Err(error),
                Err(error) => {
                    drop(progress);
                    return Err(broke_off(rows, error)?.resume_after(self.source.cursor()));
                }
            };
            if self.query.sort.is_some() {
                self.source.prefetch();
                held.append(&mut wanted);
            } else {
                let room = most - rows.count();
                let is_enough = wanted.len() >= room;
                self.notes.left = match () {
                    () if wanted.len() > room => Left::Some,
                    () if is_enough && (has_next || self.source.is_several()) => Left::Unknown,
                    () => Left::None,
                };
                wanted.truncate(room);
                if !is_enough && !out.is_over() {
                    self.source.prefetch();
                }
                wanted.iter().try_for_each(|row| rows.push(row))?;
                rows.flush()?;
                if is_enough {
                    break;
                }
                // The reader is gone, so completeness does not matter.
                if has_next && out.is_over() {
                    if out.was_left() {
                        out.status(format_args!("the pager was quit after {} {}", rows.count(), R::NOUN.1));
                    }
                    return Ok(rows.count());
                }
            }
            progress.tell(rows.count() + held.len(), self.notes.total);
        }
        drop(progress);
        if let Some(sort) = &self.query.sort {
            sort_by(&mut held, sort, self.fields);
            self.notes.left = if held.len() > most { Left::Some } else { Left::None };
            held.iter().take(most).try_for_each(|row| rows.push(row))?;
        }
        let count = rows.count();
        let is_limited = count >= most;
        let completeness = match self.source.completeness() {
            // There are enough rows; but a sorted part does not have the first rows of all.
            Completeness::Partial(Missing::OtherPages { .. } | Missing::Uncounted { .. } | Missing::Untold)
            | Completeness::Unknown { .. }
                if is_limited && self.query.sort.is_none() =>
            {
                &Completeness::Complete
            }
            completeness => completeness,
        };
        // A partial result never looks complete.
        let is_whole = self.allow_partial.permits(completeness) && !self.source.has_failures();
        if is_whole {
            rows.finish()?
        } else {
            rows.finish_partial()?
        }
        self.tell(count, is_limited);
        self.ensure(completeness).map(|()| count)
    }

    /// Counts. If the portal tells the total, one request is enough.
    fn print_count(&mut self) -> Result<usize, Error> {
        let (mut count, is_all) = (0, self.query.predicates.is_empty());
        while let Some(part) = self.next() {
            let part = part?;
            // On a single page, counting the rows is more reliable than the portal's total.
            let total = self.notes.total.filter(|total| *total > part.length && part.has_next);
            if let (Some(total), 0, None) = (total, count, &self.query.cursor) {
                self.cx.out.text(&format!("{total}\n"))?;
                return Ok(total);
            }
            self.source.prefetch();
            count += if is_all { part.length } else { part.rows.len() };
        }
        self.ensure(self.source.completeness())?;
        if !self.source.has_failures() {
            self.cx.out.text(&format!("{count}\n"))?;
        }
        Ok(count)
    }

    fn ensure(&self, completeness: &Completeness) -> Result<(), Error> {
        let ensured = self.allow_partial.ensure(completeness, R::NOUN.1, self.cx);
        ensured.map_err(|error| error.lacking(self.notes.omitted.clone()))
    }

    fn tell(&self, count: usize, is_limited: bool) {
        let (many, notes, cx) = (R::NOUN.1, &self.notes, self.cx);
        // Where the portal's total does not say how many there are.
        match notes.left {
            _ if notes.total.is_some() && self.query.cursor.is_none() => {}
            Left::None => {}
            Left::Some => cx.out.status(format_args!("{} of more: `--limit` cut the list", R::counted(count))),
            Left::Unknown => {
                cx.out.status(format_args!("{}, and there may be more behind `--limit`", R::counted(count)));
            }
        }
        if let Some(total) = notes.total.filter(|total| self.query.cursor.is_none() && *total > count + notes.nulls) {
            match is_limited {
                true => cx.out.status(format_args!("{count} of {total} {many}")),
                // Items come and go during a listing, so this is only a warning.
                false => cx.out.warn(format_args!("the portal counts {total} {many}, but returned {count}")),
            }
        }
        if notes.nulls > 0 {
            cx.out.warn(format_args!("the portal gave {} as null, not shown here", R::counted(notes.nulls)));
        }
        missing_fields::warn(self.fields, &notes.omitted, cx);
    }
}

/// Ends the rows of a listing that failed midway, and says how many there were.
fn broke_off<R: Record>(rows: Rows<'_, R>, error: Error) -> Result<Error, Error> {
    let count = rows.count();
    rows.finish_partial()?;
    Ok(error.reclassify(Kind::Partial, format!("the listing stopped after {}", R::counted(count))))
}

fn sort_by<R: Record>(rows: &mut [R], sort: &Sort, fields: &Fields<R>) {
    let Some(column) = fields.column(&sort.field) else { return };
    rows.sort_by(|one, other| {
        let (one, other) = (column.cell(one), column.cell(other));
        let known = !one.is_nothing() && !other.is_nothing();
        if sort.reverse && known { other.order(&one) } else { one.order(&other) }
    });
}

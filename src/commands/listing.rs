//! How every listing goes: pages in, rows out, and what the rows do not say is said once at the end.

use clap::builder::PossibleValuesParser;

use crate::commands::lacking;
use crate::commands::several::{Failures, Profiles};
use crate::context::Context;
use crate::error::{Error, Kind};
use crate::output::{Fields, Record};
use crate::portal::error::GraphQlError;
use crate::portal::{Pages, Paging, Wanted};

/// The options of every listing.
#[derive(Debug, clap::Args)]
pub struct Listing<R: Record> {
    /// Stop after this many
    #[arg(long, value_name = "N", value_parser = count)]
    limit: Option<usize>,

    /// Go on where a listing broke off: the cursor that its error told
    #[arg(long, value_name = "CURSOR", conflicts_with = "all_profiles")]
    after: Option<String>,

    /// Take one page for the whole, where the portal has a paging that does not fit
    #[arg(long)]
    allow_partial: bool,

    #[command(flatten)]
    profiles: Profiles,

    /// Sort by this field, which needs all of them first; what is not there comes last
    #[arg(long, value_name = "FIELD", value_parser = PossibleValuesParser::new(R::COLUMNS.iter().map(|column| column.name)))]
    sort: Option<String>,

    /// Sort the other way round
    #[arg(long, requires = "sort")]
    reverse: bool,

    /// Print how many there are, and nothing else
    #[arg(long, conflicts_with_all = ["sort", "limit", "fields"])]
    count: bool,

    #[command(flatten)]
    fields: Fields<R>,
}

fn count(text: &str) -> Result<usize, &'static str> {
    text.parse().ok().filter(|count| *count > 0).ok_or("write a whole number, 1 or more")
}

/// What the rows do not say.
#[derive(Default)]
struct Notes {
    nulls: usize,
    total: Option<usize>,
    left_out: Vec<String>,
    paging: Paging,
    errors: Vec<GraphQlError>,
}

impl Notes {
    /// Adds what a page lacks. The pages of several portals may lack different things, and none of it gets lost.
    fn take(&mut self, left_out: Vec<String>, paging: Paging, errors: Vec<GraphQlError>) {
        let more = left_out.into_iter().filter(|name| !self.left_out.contains(name)).collect::<Vec<_>>();
        self.left_out.extend(more);
        if !matches!(paging, Paging::Ours | Paging::None) {
            self.paging = paging;
        }
        self.errors.extend(errors);
    }
}

impl<R: Record> Listing<R> {
    /// Returns true if a field is to be shown.
    pub fn shows(&self, field: &str) -> bool {
        !self.fields.are_chosen() || self.fields.chosen().any(|chosen| chosen == field)
    }

    /// Returns the profiles to list for, where there are several.
    pub fn profiles(&self, cx: &Context) -> Result<Option<Vec<String>>, Error> {
        self.profiles.several(cx)
    }

    /// Prints the pages of several profiles, each row with its own.
    pub fn print_several(
        &self,
        profiles: &[String],
        pages: Pages<'_, R>,
        failures: &Failures,
        cx: &Context,
    ) -> Result<(), Error> {
        let printed = self.print_as(&self.fields.with_origin(), pages, cx);
        // Those that failed are named, whatever else there is to say.
        let concluded = failures.conclude(profiles.len(), cx);
        printed.and(concluded)
    }

    /// Returns what the run cannot do without: what is shown, sorted by, or looked at `besides`.
    pub fn wanted(&self, besides: Vec<String>, is_map: bool) -> Wanted {
        // A map needs to know where.
        let place = if is_map { &["location.latitude", "location.longitude"][..] } else { &[] };
        let named = self.fields.chosen().chain(self.sort.as_deref()).chain(place.iter().copied()).map(str::to_owned);
        let (fields, only) = (named.chain(besides).collect(), self.fields.are_chosen());
        Wanted { fields, only, equal: Vec::new() }
    }

    /// Prints all pages; what is missing is warned about, and an incomplete result is an error.
    pub fn print(&self, pages: Pages<'_, R>, cx: &Context) -> Result<(), Error> {
        self.print_as(&self.fields, pages, cx)
    }

    fn print_as(&self, fields: &Fields<R>, pages: Pages<'_, R>, cx: &Context) -> Result<(), Error> {
        if self.count {
            return self.print_count(pages, cx);
        }
        let order = self.sort.as_ref().and_then(|name| R::COLUMNS.iter().find(|column| column.name == name));
        let mut rows = cx.out.rows(fields);
        let mut notes = Notes::default();
        let mut held = Vec::new();
        let mut progress = cx.out.progress(R::NOUN.1);
        let mut pages = pages.after(self.after.clone()).limit(self.limit.filter(|_| order.is_none()));
        while let Some(page) = pages.next() {
            let page = match page {
                Ok(page) => page,
                Err(error) if rows.count() == 0 => return Err(error.into()),
                Err(error) => {
                    let noun = if rows.count() == 1 { R::NOUN.0 } else { R::NOUN.1 };
                    let message = format!("the listing broke off after {} {noun}", rows.count());
                    drop(progress);
                    rows.break_off()?;
                    let error = Error::from(error).within(Kind::Partial, message);
                    return Err(error.go_on_after(pages.cursor()));
                }
            };
            if order.is_some() {
                held.extend(page.items);
            } else {
                page.items.iter().try_for_each(|item| rows.push(item))?;
                rows.flush()?;
            }
            progress.tell(rows.count() + held.len(), page.total);
            notes.total = page.total.and_then(|total| usize::try_from(total).ok());
            notes.nulls += page.nulls;
            notes.take(page.left_out, page.paging, page.errors);
        }
        drop(progress);
        if let Some(order) = order {
            held.sort_by(|one, other| {
                let (one, other) = ((order.cell)(one), (order.cell)(other));
                let known = !one.is_nothing() && !other.is_nothing();
                if self.reverse && known { other.order(&one) } else { one.order(&other) }
            });
            held.iter().take(self.limit.unwrap_or(usize::MAX)).try_for_each(|item| rows.push(item))?;
        }
        let count = rows.count();
        rows.finish()?;
        let limited = self.limit.is_some_and(|limit| count >= limit);
        self.tell(&notes, count, limited, cx);
        self.judge(notes, limited)
    }

    /// Counts; where the portal tells the number of all, one request is enough.
    fn print_count(&self, pages: Pages<'_, R>, cx: &Context) -> Result<(), Error> {
        let (mut count, mut notes) = (0, Notes::default());
        for page in pages.after(self.after.clone()) {
            let page = page?;
            let length = page.items.len() + page.nulls;
            // Where there is no other page, the rows themselves are better than what the portal counts.
            let total = page.total.and_then(|total| usize::try_from(total).ok()).filter(|total| *total > length);
            if let (Some(total), 0, None, Some(_)) = (total, count, &self.after, &page.after) {
                return Ok(cx.out.text(&format!("{total}\n"))?);
            }
            count += length;
            notes.take(page.left_out, page.paging, page.errors);
        }
        cx.out.text(&format!("{count}\n"))?;
        self.judge(notes, false)
    }

    fn tell(&self, notes: &Notes, count: usize, limited: bool, cx: &Context) {
        let (one, many) = R::NOUN;
        if let Some(total) = notes.total.filter(|total| self.after.is_none() && *total > count + notes.nulls) {
            match limited {
                true => cx.out.status(format_args!("{count} of {total} {many}")),
                // Things come and go while they are listed, so this is no failure yet.
                false => cx.out.warn(format_args!("the portal counts {total} {many}, and gave {count}")),
            }
        }
        if notes.nulls > 0 {
            let noun = if notes.nulls == 1 { one } else { many };
            cx.out.warn(format_args!("the portal gave {} {noun} as null, not shown here", notes.nulls));
        }
        lacking::tell(&self.fields, &notes.left_out, cx);
        lacking::tell_part(many, &notes.paging, cx);
    }

    /// One page never passes for the whole where the portal shows a paging of its own.
    fn judge(&self, notes: Notes, limited: bool) -> Result<(), Error> {
        let many = R::NOUN.1;
        lacking::refuse_holes(many, &notes.errors).map_err(|error| error.lacking(notes.left_out.clone()))?;
        if self.allow_partial || limited {
            return Ok(());
        }
        let refuse =
            |error: Error| error.lacking(notes.left_out).hint("To take one page for the whole, say `--allow-partial`.");
        lacking::refuse_part(many, &notes.paging).map_err(refuse)
    }
}

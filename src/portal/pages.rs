//! Cursor paging: fetches pages on demand, or prefetches one page on another thread.
//!
//! It must not know what is on a page, nor who reads it.

use std::collections::HashSet;
use std::sync::Arc;

use super::completeness::Completeness;
use super::error::{Certainty, Error, Failure};
use super::execute::Call;
use super::graphql::{GraphQlError, Reason};
use super::operation::Typed;
use super::page::Page;
use super::prefetch::Prefetch;
use super::query::{ListQuery, Projection};
use super::recent_ids::RecentIds;

/// The number of rows that one request asks for (assumed to be acceptable; a portal may return fewer).
const PAGE_SIZE: usize = 500;

/// A page size that many portals allow.
const USUAL_PAGE: usize = 100;

/// The most consecutive pages without a new row; more than that is taken for a loop.
const MOST_EMPTY: usize = 10;

/// A source of pages.
pub(super) trait Source<T>: Send + Sync {
    fn fetch(&self, size: usize, cursor: Option<String>) -> Result<Page<T>, Error>;
    /// Returns true if a list of this length, although taken for complete, may be a page.
    fn may_be_page(&self, count: usize) -> bool;
    /// Records the largest page size that is allowed.
    fn limit_page(&self, size: usize);
}

/// An operation of the portal that has pages.
struct Operation<Q, F> {
    call: Call<Q>,
    page: F,
}

impl<T, Q: Typed, F> Source<T> for Operation<Q, F>
where
    F: Fn(&Call<Q>, Option<i64>, Option<String>) -> Result<Page<T>, Error> + Send + Sync,
{
    fn fetch(&self, size: usize, cursor: Option<String>) -> Result<Page<T>, Error> {
        (self.page)(&self.call, i64::try_from(size).ok(), cursor)
    }

    fn may_be_page(&self, count: usize) -> bool {
        self.call.may_be_page(count)
    }

    fn limit_page(&self, size: usize) {
        self.call.limit_page(size);
    }
}

/// The size of a page, and its cursor.
type PageRequest = (usize, Option<String>);

/// The next step of the iterator.
enum Next {
    /// Request the page at a cursor, or the first page.
    At(Option<String>),
    /// Receive the page at a cursor, which was requested already.
    Requested(Option<String>),
    End,
}

/// The pages of a listing; after an error there is no further page.
pub struct Pages<T> {
    origin: String,
    source: Arc<dyn Source<T>>,
    next: Next,
    ahead: Option<Prefetch<PageRequest, Result<Page<T>, Error>>>,
    /// The cursor of the last requested page.
    at: Option<String>,
    /// The most rows that one request asks for.
    largest: usize,
    /// True if the portal numbers its pages: with another size, the same number means other rows.
    needs_one_size: bool,
    /// The number of elements received.
    received: usize,
    is_from_the_start: bool,
    /// The number of rows still wanted.
    wanted: usize,
    projection: Projection,
    id: fn(&T) -> &str,
    recent: RecentIds,
    cursors: HashSet<String>,
    /// The number of consecutive pages without a row.
    empty: usize,
    /// False once it was checked whether a list that was taken for complete is a page.
    may_recheck: bool,
    completeness: Completeness,
}

impl<T: Send + 'static> Pages<T> {
    /// Creates the pages of an operation: `page` requests one, given its size and its cursor.
    pub(super) fn new<Q: Typed + 'static>(
        call: Call<Q>,
        query: &ListQuery,
        id: fn(&T) -> &str,
        page: impl Fn(&Call<Q>, Option<i64>, Option<String>) -> Result<Page<T>, Error> + Send + Sync + 'static,
    ) -> Pages<T> {
        let (origin, largest) = (call.origin(), call.page_size().unwrap_or(PAGE_SIZE));
        let needs_one_size = call.needs_one_size();
        Pages { needs_one_size, ..Pages::of(origin, largest, query, id, Arc::new(Operation { call, page })) }
    }

    pub(super) fn of(
        origin: String,
        largest: usize,
        query: &ListQuery,
        id: fn(&T) -> &str,
        source: Arc<dyn Source<T>>,
    ) -> Pages<T> {
        Pages {
            origin,
            source,
            next: Next::At(query.cursor.clone()),
            ahead: None,
            at: None,
            largest,
            needs_one_size: false,
            received: 0,
            is_from_the_start: query.cursor.is_none(),
            wanted: query.row_limit().unwrap_or(usize::MAX),
            projection: query.projection.clone(),
            id,
            recent: RecentIds::default(),
            cursors: HashSet::new(),
            empty: 0,
            may_recheck: true,
            completeness: Completeness::Complete,
        }
    }

    /// Requests the next page, if there is one, while the caller processes the last one.
    pub fn prefetch(&mut self) {
        let Next::At(cursor) = &self.next else { return };
        let (size, cursor) = (self.size(), cursor.clone());
        let source = Arc::clone(&self.source);
        let start = || Prefetch::start(move |(size, cursor)| source.fetch(size, cursor));
        let Some(ahead) = self.ahead.take().or_else(start) else { return };
        if ahead.ask((size, cursor.clone())) {
            self.next = Next::Requested(cursor);
        }
        self.ahead = Some(ahead);
    }

    /// Returns the cursor of the last requested page; `None` for the first page.
    pub fn cursor(&self) -> Option<&str> {
        self.at.as_deref()
    }

    /// Returns whether the pages so far, and those to come, are complete.
    pub fn completeness(&self) -> &Completeness {
        &self.completeness
    }

    /// Returns the items of all pages, and whether they are complete.
    pub fn collect_all(mut self) -> Result<(Vec<T>, Completeness), Error> {
        let mut items = Vec::new();
        while let Some(page) = self.next() {
            items.extend(page?.items);
            self.prefetch();
        }
        Ok((items, self.completeness))
    }

    /// Returns the page at a cursor, from a request in flight or a new one.
    fn fetch(&mut self, cursor: Option<String>, requested: bool) -> Result<Page<T>, Error> {
        let size = self.size();
        let ahead = self.ahead.as_ref().filter(|_| requested);
        let page = match ahead.and_then(Prefetch::answer) {
            Some(page) => page,
            None => self.source.fetch(size, cursor.clone()),
        };
        let page = match page {
            // Retry with a smaller page, which asks for the same rows; if that fails too, the size was not the reason.
            Err(error) => {
                let may_be_smaller = !self.needs_one_size || cursor.is_none();
                let smaller = smaller_page(&error, size).filter(|_| may_be_smaller);
                let Some(smaller) = smaller else { return Err(error) };
                let page = self.source.fetch(smaller, cursor.clone()).map_err(|_| error)?;
                self.largest = smaller;
                self.source.limit_page(smaller);
                page
            }
            Ok(page) => page,
        };
        if self.may_recheck && page.looks_like_full_page() {
            self.may_recheck = false;
            if self.source.may_be_page(page.length()) {
                return self.source.fetch(size, cursor);
            }
        }
        Ok(page)
    }

    fn page(&mut self, cursor: Option<String>, requested: bool) -> Result<Page<T>, Error> {
        self.at.clone_from(&cursor);
        let mut page = self.fetch(cursor, requested)?;
        Error::ensure_given(self.projection.missing(page.facts.omitted()))?;
        let facts = &page.facts;
        let judged =
            Completeness::of_page(facts.document.as_deref(), &page.errors, page.length(), page.total, facts.more);
        self.completeness = std::mem::take(&mut self.completeness).and(judged);
        self.received += page.length();
        // A user's binding may page wrongly; the count shows it.
        if facts.has_own_pager() && page.after.is_none() && self.is_from_the_start {
            let judged = Completeness::of_all(self.received, page.total);
            self.completeness = std::mem::take(&mut self.completeness).and(judged);
        }
        page.items.retain(|item| self.recent.is_new((self.id)(item)));
        self.check(&page)?;
        page.items.truncate(self.wanted);
        self.wanted -= page.items.len();
        if let Some(cursor) = page.after.clone().filter(|_| self.wanted > 0) {
            self.next = Next::At(Some(cursor));
        }
        Ok(page)
    }

    /// Refuses pages that lead nowhere.
    fn check(&mut self, page: &Page<T>) -> Result<(), Error> {
        self.empty = if page.items.is_empty() { self.empty + 1 } else { 0 };
        let what = match &page.after {
            Some(cursor) if !self.cursors.insert(cursor.clone()) => {
                format!("the page after cursor `{cursor}` leads back to an earlier page")
            }
            _ if self.empty > MOST_EMPTY => {
                format!("{MOST_EMPTY} consecutive pages have no new row, and more are announced")
            }
            _ => return Ok(()),
        };
        Err(Error::bad_answer(self.origin.clone(), what, Certainty::Executed))
    }

    fn size(&self) -> usize {
        // With numbered pages, another size means other rows.
        if self.needs_one_size { self.largest } else { self.wanted.min(self.largest) }
    }
}

impl<T: Send + 'static> Iterator for Pages<T> {
    type Item = Result<Page<T>, Error>;

    fn next(&mut self) -> Option<Self::Item> {
        match std::mem::replace(&mut self.next, Next::End) {
            Next::End => None,
            Next::At(cursor) => Some(self.page(cursor, false)),
            Next::Requested(cursor) => Some(self.page(cursor, true)),
        }
    }
}

/// Returns a page size to try after one of `size` was refused: the largest suitable number in the portal's message, or
/// else a usual one; `None` if the message is about something else.
fn smaller_page(error: &Error, size: usize) -> Option<usize> {
    let Failure::Refused(refusal) = error.failure() else { return None };
    if refusal.reason() != Reason::Other {
        return None;
    }
    let is_of_size = |error: &&GraphQlError| {
        let message = error.message.to_lowercase();
        ["first", "large", "limit", "many", "most", "page", "size"].iter().any(|word| message.contains(word))
    };
    let error = refusal.errors.iter().find(is_of_size)?;
    let numbers = error.message.split(|letter: char| !letter.is_ascii_digit()).filter_map(|word| word.parse().ok());
    let numbers: Vec<usize> = numbers.filter(|number| (1..size).contains(number)).collect();
    // Ignore a number that looks like an HTTP status, if there is another one.
    let sizes = numbers.iter().filter(|number| !(400..600).contains(*number)).max();
    let named = sizes.or(numbers.iter().max()).copied();
    named.or_else(|| (error.code.as_deref() == Some("BAD_USER_INPUT") && size > USUAL_PAGE).then_some(USUAL_PAGE))
}

#[cfg(test)]
mod tests {
    use super::{Pages, Source};
    use crate::portal::error::Error;
    use crate::portal::page::Page;
    use crate::portal::query::ListQuery;
    use std::sync::{Arc, Mutex};

    type Asked = Arc<Mutex<Vec<(usize, Option<String>)>>>;

    /// Pages from a function of the cursor; records the requests.
    struct Made<F>(F, Asked);

    impl<F: Fn(Option<&str>) -> Page<String> + Send + Sync> Source<String> for Made<F> {
        fn fetch(&self, size: usize, cursor: Option<String>) -> Result<Page<String>, Error> {
            self.1.lock().unwrap().push((size, cursor.clone()));
            Ok((self.0)(cursor.as_deref()))
        }

        fn may_be_page(&self, _: usize) -> bool {
            false
        }

        fn limit_page(&self, _: usize) {}
    }

    fn pages(
        limit: Option<usize>,
        page: impl Fn(Option<&str>) -> Page<String> + Send + Sync + 'static,
    ) -> (Pages<String>, Asked) {
        let (asked, query) = (Asked::default(), ListQuery { limit, ..ListQuery::default() });
        let source = Arc::new(Made(page, Arc::clone(&asked)));
        (Pages::of("https://portal.example".into(), 500, &query, |item| item, source), asked)
    }

    /// Ten numbers in pages of three.
    fn ten(cursor: Option<&str>) -> Page<String> {
        let start: usize = cursor.map_or(0, |cursor| cursor.parse().unwrap());
        let end = (start + 3).min(10);
        let items: Vec<Option<String>> = (start..end).map(|number| Some(number.to_string())).collect();
        Page::new(items, (end < 10).then(|| end.to_string()), Some(10))
    }

    fn numbers(range: std::ops::Range<usize>) -> Vec<String> {
        range.map(|number| number.to_string()).collect()
    }

    #[test]
    fn all_pages_are_read_in_order() {
        let (pages, asked) = pages(None, ten);
        assert_eq!(pages.collect_all().unwrap().0, numbers(0..10));
        assert_eq!(asked.lock().unwrap().len(), 4);
    }

    #[test]
    fn a_page_past_the_limit_is_not_asked_for() {
        let (pages, asked) = pages(Some(6), ten);
        assert_eq!(pages.collect_all().unwrap().0, numbers(0..6));
        assert_eq!(*asked.lock().unwrap(), [(6, None), (3, Some("3".to_owned()))]);
    }

    #[test]
    fn a_page_is_not_asked_for_before_it_is_wanted() {
        let (mut pages, asked) = pages(None, ten);
        assert_eq!(pages.next().unwrap().unwrap().items, ["0", "1", "2"]);
        assert_eq!(asked.lock().unwrap().len(), 1);
        pages.prefetch();
        pages.prefetch();
        assert_eq!(pages.next().unwrap().unwrap().items, ["3", "4", "5"]);
        assert_eq!(asked.lock().unwrap().len(), 2);
    }

    #[test]
    fn a_cursor_that_loops_is_an_error_and_the_end() {
        let (mut pages, _) = pages(None, |_| Page::new(vec![Some("1")], Some("again".into()), None));
        assert!(pages.next().unwrap().is_ok());
        let error = pages.next().unwrap().unwrap_err();
        assert!(error.to_string().contains("`again`"), "{error}");
        assert!(pages.next().is_none());
    }

    #[test]
    fn empty_pages_without_end_are_an_error() {
        let (pages, _) = pages(None, |cursor| {
            let next = cursor.map_or(1, |cursor| cursor.parse::<u32>().unwrap() + 1);
            Page::new(Vec::<Option<String>>::new(), Some(next.to_string()), None)
        });
        let pages: Vec<_> = pages.collect();
        assert!(pages.len() == 11 && pages[10].is_err());
    }

    #[test]
    fn a_row_that_moves_to_another_page_comes_once_and_repeated_pages_are_an_error() {
        let (pages, _) = pages(None, |cursor| {
            let page: u64 = cursor.map_or(0, |cursor| cursor.parse().unwrap());
            let rows = vec![Some(page.min(2).to_string()), Some("moved".to_owned())];
            Page::new(rows, Some((page + 1).to_string()), None)
        });
        let pages: Vec<_> = pages.collect();
        let rows: Vec<&String> = pages.iter().flatten().flat_map(|page| &page.items).collect();
        assert_eq!(rows, ["0", "moved", "1", "2"]);
        assert!(pages.len() == 14 && pages[13].is_err());
    }
}

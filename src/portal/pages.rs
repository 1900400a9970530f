//! Cursor paging, written once: an iterator that asks for the next page only when it is wanted.

use std::collections::{HashSet, VecDeque};
use std::hash::{BuildHasher, RandomState};

use super::Wanted;
use super::error::{Error, GraphQlError, Reason};
use super::fit::Paging;

/// How many rows one request asks for (assumed to be acceptable; a portal may return fewer).
const PAGE_SIZE: usize = 500;

/// What many portals allow on a page.
const USUAL_PAGE: usize = 100;

/// So many pages without a new row may come before the one that has some; more of them lead nowhere.
const MOST_EMPTY: usize = 10;

/// So many of the last rows are remembered, so that one that moves from page to page meanwhile comes once, in bounded memory.
const REMEMBERED: usize = 16_384;

/// One page of a listing.
#[derive(Debug)]
pub struct Page<T> {
    pub items: Vec<T>,
    /// The cursor of the next page; none on the last.
    pub after: Option<String>,
    /// How many there are on all pages, where the portal tells.
    pub total: Option<i64>,
    /// How many elements of the list were null.
    pub nulls: usize,
    /// The fields of the contract that this portal could not be asked for.
    pub left_out: Vec<String>,
    /// What became of the paging, where the portal has not ours.
    pub paging: Paging,
    /// The errors that came beside the data.
    pub errors: Vec<GraphQlError>,
}

impl<T> Page<T> {
    /// Makes a page of a list as it came, nulls among it.
    pub(super) fn new(data: Vec<Option<impl Into<T>>>, after: Option<String>, total: Option<i64>) -> Page<T> {
        let length = data.len();
        let items: Vec<T> = data.into_iter().flatten().map(Into::into).collect();
        // Some servers end with an empty cursor instead of null.
        let after = after.filter(|cursor| !cursor.is_empty());
        let (left_out, paging, errors) = Default::default();
        Page { nulls: length - items.len(), items, after, total, left_out, paging, errors }
    }
}

impl<T> Page<T> {
    /// Makes a last page with nothing on it.
    pub fn empty() -> Page<T> {
        Page::new(Vec::<Option<T>>::new(), None, None)
    }

    /// Returns true where a portal that is taken to have no paging gives as many as a page may have, which a portal that
    /// has begun to page would do too.
    fn looks_cut(&self) -> bool {
        let length = self.items.len() + self.nulls;
        self.paging == Paging::None && length >= 10 && (length.is_multiple_of(5) || length.is_power_of_two())
    }

    /// Makes something else of each item.
    pub fn map<U>(self, make: impl FnMut(T) -> U) -> Page<U> {
        let Page { items, after, total, nulls, left_out, paging, errors } = self;
        Page { items: items.into_iter().map(make).collect(), after, total, nulls, left_out, paging, errors }
    }
}

/// The ids of the last rows, as hashes: that two of so few are the same by chance is less likely than a fault of the machine.
#[derive(Default)]
struct RecentIds {
    seen: HashSet<u64>,
    order: VecDeque<u64>,
    hasher: RandomState,
}

impl RecentIds {
    /// Returns true for an id that was not seen lately.
    fn is_new(&mut self, id: &str) -> bool {
        let hash = self.hasher.hash_one(id);
        if !self.seen.insert(hash) {
            return false;
        }
        self.order.push_back(hash);
        if self.order.len() > REMEMBERED
            && let Some(oldest) = self.order.pop_front()
        {
            self.seen.remove(&oldest);
        }
        true
    }
}

type Doubt<'p> = dyn FnMut(usize) -> bool + 'p;
type Foresight<'p> = dyn FnMut(usize, &str) + 'p;
type Choice<'p, T> = dyn FnMut(&T) -> bool + 'p;
type Fetch<'p, T> = dyn FnMut(usize, Option<String>) -> Result<Page<T>, Error> + 'p;

/// The pages of a listing; after an error there is no further page.
pub struct Pages<'p, T> {
    origin: String,
    fetch: Box<Fetch<'p, T>>,
    /// The cursor to go on with; none when all has been read.
    next: Option<Option<String>>,
    /// Which of the items are wanted.
    choice: Option<Box<Choice<'p, T>>>,
    /// What the run cannot do without.
    needed: Wanted,
    /// Forgets that this portal has no paging; false where that is certain.
    doubt: Option<Box<Doubt<'p>>>,
    /// Is told of the page that will be wanted next.
    foresight: Option<Box<Foresight<'p>>>,
    seen: HashSet<String>,
    /// How many pages without a row came one after the other.
    empty: usize,
    wanted: usize,
    /// The most rows that one request asks for.
    largest: usize,
    /// The cursor of the page that was asked for last.
    at: Option<String>,
}

impl<'p, T> Pages<'p, T> {
    /// Makes the pages that `fetch` brings, given a page size and a cursor.
    pub fn of(origin: String, fetch: impl FnMut(usize, Option<String>) -> Result<Page<T>, Error> + 'p) -> Self {
        Pages::new(origin, fetch)
    }

    /// Does the same for the portal's own.
    pub(super) fn new(origin: String, fetch: impl FnMut(usize, Option<String>) -> Result<Page<T>, Error> + 'p) -> Self {
        Pages {
            origin,
            fetch: Box::new(fetch),
            next: Some(None),
            choice: None,
            needed: Wanted::default(),
            doubt: None,
            foresight: None,
            seen: HashSet::new(),
            empty: 0,
            wanted: usize::MAX,
            largest: PAGE_SIZE,
            at: None,
        }
    }

    /// Leaves out a row that came before: things move from page to page while they are listed.
    pub(super) fn unique(mut self, id: fn(&T) -> &str) -> Self
    where
        T: 'p,
    {
        let (mut fetch, mut recent) = (self.fetch, RecentIds::default());
        let mut start: Option<Option<String>> = None;
        self.fetch = Box::new(move |first, after| {
            // The first page may be asked for anew, and is no repetition then.
            if *start.get_or_insert_with(|| after.clone()) == after {
                recent = RecentIds::default();
            }
            let mut page = fetch(first, after)?;
            page.items.retain(|item| recent.is_new(id(item)));
            Ok(page)
        });
        self
    }

    /// Has somebody told of the page that will be wanted next, while this one is still being looked at.
    pub(super) fn foresee(mut self, foresight: impl FnMut(usize, &str) + 'p) -> Self {
        self.foresight = Some(Box::new(foresight));
        self
    }

    /// Fails where the portal does not give a field that is wanted.
    pub fn needing(mut self, wanted: Wanted) -> Self {
        self.needed = wanted;
        self
    }

    /// Has what was learned of the paging looked at anew, once, where a list of so many looks as if it went on.
    pub(super) fn doubt(mut self, doubt: impl FnMut(usize) -> bool + 'p) -> Self {
        self.doubt = Some(Box::new(doubt));
        self
    }

    /// Begins where a cursor points to.
    pub fn after(mut self, cursor: Option<String>) -> Self {
        self.next = Some(cursor);
        self
    }

    /// Returns the cursor of the page that was asked for last; none for the first.
    pub fn cursor(&self) -> Option<&str> {
        self.at.as_deref()
    }

    /// Stops after `limit` items.
    pub fn limit(mut self, limit: Option<usize>) -> Self {
        self.wanted = limit.unwrap_or(usize::MAX);
        self
    }

    /// Leaves out what is not wanted.
    pub fn choose(mut self, wanted: impl FnMut(&T) -> bool + 'p) -> Self {
        self.choice = Some(Box::new(wanted));
        self
    }

    /// Makes something else of each item, before anything is left out.
    pub fn map<U>(self, mut make: impl FnMut(T) -> U + 'p) -> Pages<'p, U>
    where
        T: 'p,
    {
        let mut fetch = self.fetch;
        let (needed, doubt, foresight) = (self.needed, self.doubt, self.foresight);
        let pages = Pages::new(self.origin, move |first, after| Ok(fetch(first, after)?.map(&mut make)));
        Pages { needed, doubt, foresight, ..pages }
    }

    fn page(&mut self, cursor: Option<String>) -> Result<Page<T>, Error> {
        self.at.clone_from(&cursor);
        let size = self.size();
        let mut page = match (self.fetch)(size, cursor.clone()) {
            Err(error) => match smaller_page(&error, size) {
                // A smaller page is no other question; where it is refused too, the first answer was about something else.
                Some(smaller) => {
                    self.largest = smaller;
                    (self.fetch)(smaller, cursor.clone()).map_err(|_| error)?
                }
                None => return Err(error),
            },
            Ok(page) => page,
        };
        if page.looks_cut() && self.doubt.take().is_some_and(|mut doubt| doubt(page.items.len() + page.nulls)) {
            page = (self.fetch)(size, cursor)?;
        }
        let fields = self.needed.missing(&page.left_out);
        if !fields.is_empty() {
            return Err(Error::NotGiven { fields });
        }
        if let Some(cursor) = &page.after
            && !self.seen.insert(cursor.clone())
        {
            let what = format!("the page after cursor `{cursor}` leads back to one that was read before");
            return Err(Error::BadAnswer { origin: self.origin.clone(), what });
        }
        self.empty = if page.items.is_empty() { self.empty + 1 } else { 0 };
        if self.empty > MOST_EMPTY {
            let what = format!("{MOST_EMPTY} pages without a new row lead on and on");
            return Err(Error::BadAnswer { origin: self.origin.clone(), what });
        }
        if let Some(choice) = &mut self.choice {
            page.items.retain(|item| choice(item));
            page.total = None;
        }
        page.items.truncate(self.wanted);
        self.wanted -= page.items.len();
        self.next = page.after.clone().filter(|_| self.wanted > 0).map(Some);
        let size = self.size();
        if let (Some(foresight), Some(Some(cursor))) = (&mut self.foresight, &self.next) {
            foresight(size, cursor);
        }
        Ok(page)
    }

    /// So much one request asks for; where not all of it may be wanted, it is not less than usual.
    fn size(&self) -> usize {
        if self.choice.is_some() { self.largest } else { self.wanted.min(self.largest) }
    }
}

/// Returns a page size that may be taken where one of `size` was refused: the largest number that the portal names, else a
/// usual one; none where its words are about something else.
fn smaller_page(error: &Error, size: usize) -> Option<usize> {
    let Error::Refused(refusal) = error else { return None };
    if refusal.reason() != Reason::Other || !refusal.without_data {
        return None;
    }
    let is_of_size = |error: &&GraphQlError| {
        let message = error.message.to_lowercase();
        ["first", "large", "limit", "many", "most", "page", "size"].iter().any(|word| message.contains(word))
    };
    let error = refusal.errors.iter().find(is_of_size)?;
    let numbers = error.message.split(|letter: char| !letter.is_ascii_digit()).filter_map(|word| word.parse().ok());
    let named = numbers.filter(|number| (1..size).contains(number)).max();
    named.or_else(|| (error.code.as_deref() == Some("BAD_USER_INPUT") && size > USUAL_PAGE).then_some(USUAL_PAGE))
}

impl<T> Iterator for Pages<'_, T> {
    type Item = Result<Page<T>, Error>;

    fn next(&mut self) -> Option<Self::Item> {
        let cursor = self.next.take()?;
        Some(self.page(cursor))
    }
}

#[cfg(test)]
mod tests {
    use super::{Page, Pages};
    use std::cell::RefCell;

    /// Ten numbers in pages of three; notes what was asked.
    fn ten(asked: &RefCell<Vec<(usize, Option<String>)>>) -> Pages<'_, i64> {
        Pages::new("https://portal.example".into(), |first, after| {
            asked.borrow_mut().push((first, after.clone()));
            let start: i64 = after.map_or(0, |cursor| cursor.parse().unwrap());
            let items: Vec<Option<i64>> = (start..10).take(3).map(Some).collect();
            let end = start + items.len() as i64;
            Ok(Page::new(items, (end < 10).then(|| end.to_string()), Some(10)))
        })
    }

    fn items(pages: Pages<'_, i64>) -> Vec<i64> {
        pages.flat_map(|page| page.unwrap().items).collect()
    }

    #[test]
    fn all_pages_are_read_in_order() {
        let asked = RefCell::default();
        assert_eq!(items(ten(&asked)), (0..10).collect::<Vec<_>>());
        assert_eq!(asked.borrow().len(), 4);
    }

    #[test]
    fn a_page_past_the_limit_is_not_asked_for() {
        let asked = RefCell::default();
        assert_eq!(items(ten(&asked).limit(Some(6))), (0..6).collect::<Vec<_>>());
        assert_eq!(*asked.borrow(), [(6, None), (3, Some("3".to_owned()))]);
    }

    #[test]
    fn a_page_is_not_asked_for_before_it_is_wanted() {
        let asked = RefCell::default();
        assert_eq!(ten(&asked).next().unwrap().unwrap().items, [0, 1, 2]);
        assert_eq!(asked.borrow().len(), 1);
    }

    #[test]
    fn a_cursor_that_loops_is_an_error_and_the_end() {
        let fetch = |_, _| Ok(Page::new(vec![Some(1)], Some("again".into()), None));
        let mut pages: Pages<'_, i64> = Pages::new("https://portal.example".into(), fetch);
        assert!(pages.next().unwrap().is_ok());
        let error = pages.next().unwrap().unwrap_err();
        assert!(error.to_string().contains("`again`"), "{error}");
        assert!(pages.next().is_none());
    }

    #[test]
    fn empty_pages_without_end_are_an_error() {
        let mut cursor = 0;
        let fetch = move |_, _| {
            cursor += 1;
            Ok(Page::new(Vec::<Option<i64>>::new(), Some(cursor.to_string()), None))
        };
        let pages: Pages<'_, i64> = Pages::new("https://portal.example".into(), fetch);
        let pages: Vec<_> = pages.collect();
        assert!(pages.len() == 11 && pages[10].is_err());
    }

    #[test]
    fn a_row_that_moves_to_another_page_comes_once_and_repeated_pages_end() {
        let fetch = |_, after: Option<String>| {
            let page: u64 = after.map_or(0, |cursor| cursor.parse().unwrap());
            Ok(Page::new(
                vec![Some(page.min(2).to_string()), Some("moved".to_owned())],
                Some((page + 1).to_string()),
                None,
            ))
        };
        let pages: Pages<'_, String> = Pages::new("https://portal.example".into(), fetch);
        let pages: Vec<_> = pages.unique(|row| row).collect();
        let rows: Vec<&String> = pages.iter().flatten().flat_map(|page| &page.items).collect();
        assert_eq!(rows, ["0", "moved", "1", "2"]);
        assert!(pages.len() == 14 && pages[13].is_err());
    }

    #[test]
    fn nulls_are_counted_and_an_empty_cursor_ends() {
        let page: Page<i64> = Page::new(vec![Some(1), None, Some(2)], Some(String::new()), None);
        assert_eq!((page.items, page.nulls, page.after), (vec![1, 2], 1, None));
    }
}

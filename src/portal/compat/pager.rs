//! How to request a portal's pages in sequence: by cursor, by offset, or by page number.
//!
//! Our cursor is whatever continues after a page, in each of these modes. Nothing here ends a listing early: a short
//! page proves nothing, because a portal may cap its pages.

use serde_json::Value;

/// The variables for the position and the size of a page.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Pager {
    by: By,
    variable: String,
    /// The variable for the page size, if the document declares it.
    size: String,
}

/// The meaning of the position.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum By {
    /// The portal's own cursor.
    Cursor,
    /// The number of items before the page.
    Offset,
    /// The number of the page; the first page has the number `first`.
    Page { first: i64 },
}

/// What a response says about its page.
#[derive(Debug, Default)]
pub struct PageInfo {
    /// The number of items, including nulls.
    pub items: usize,
    pub next: Option<String>,
    /// Whether there are more pages, if the portal says so.
    pub more: Option<bool>,
    /// The total count, if the portal returns it.
    pub total: Option<i64>,
}

impl Pager {
    /// Returns our own paging: by `$after`, with `$first`.
    pub fn ours() -> Pager {
        Pager { by: By::Cursor, variable: "after".to_owned(), size: "first".to_owned() }
    }

    /// Parses `cursor $after`, `offset $skip`, `page $number`, or `page $number from 0`; each may end with `size
    /// $limit`.
    pub fn parse(text: &str) -> Result<Pager, String> {
        let wrong = || {
            format!(
                "`{text}` is not a paging mode such as `none`, `cursor $after`, `offset $skip size $limit` or `page $number from 0`"
            )
        };
        let variable =
            |text: &str| text.strip_prefix('$').filter(|name| !name.is_empty()).map(str::to_owned).ok_or_else(wrong);
        let mut words = text.split_whitespace().peekable();
        let (mut by, usual) = match words.next() {
            Some("cursor") => (By::Cursor, "after"),
            Some("offset") => (By::Offset, "offset"),
            Some("page") => (By::Page { first: 1 }, "page"),
            _ => return Err(wrong()),
        };
        let named = words.next_if(|word| word.starts_with('$')).map(variable).transpose()?;
        let mut pager = Pager { by, variable: named.unwrap_or_else(|| usual.to_owned()), size: "first".to_owned() };
        while let Some(word) = words.next() {
            let value = words.next().ok_or_else(wrong)?;
            match (word, &mut by) {
                ("size", _) => pager.size = variable(value)?,
                ("from", By::Page { first }) => *first = value.parse().map_err(|_| wrong())?,
                _ => return Err(wrong()),
            }
        }
        Ok(Pager { by, ..pager })
    }

    /// Returns true for our own paging.
    pub fn is_ours(&self) -> bool {
        *self == Pager::ours()
    }

    /// Returns true if the next position is computed from the number of items.
    pub fn counts_items(&self) -> bool {
        !self.is_by_cursor()
    }

    /// Returns true if the portal itself returns the next position.
    pub fn is_by_cursor(&self) -> bool {
        self.by == By::Cursor
    }

    /// Returns the variable for the position.
    pub fn variable(&self) -> &str {
        &self.variable
    }

    /// Returns the variable for the page size.
    pub fn size(&self) -> &str {
        &self.size
    }

    /// Returns true if a page number means other items once the page size changes.
    pub fn needs_one_size(&self) -> bool {
        matches!(self.by, By::Page { .. })
    }

    /// Converts a cursor to the value of the variable; fails if it is invalid.
    pub fn value(&self, cursor: Option<&str>) -> Result<Value, String> {
        let number = |start: i64| match cursor {
            None => Ok(Value::from(start)),
            Some(cursor) => match cursor.parse::<i64>() {
                Ok(number) if number >= 0 => Ok(Value::from(number)),
                _ => Err(format!("the portal pages by number, and `{cursor}` is none")),
            },
        };
        match self.by {
            By::Cursor => Ok(cursor.map_or(Value::Null, Value::from)),
            By::Offset => number(0),
            By::Page { first } => number(first),
        }
    }

    /// Returns the cursor of the next page; `None` on the last page.
    pub fn next(&self, cursor: Option<&str>, seen: PageInfo) -> Result<Option<String>, String> {
        let items = i64::try_from(seen.items).unwrap_or(i64::MAX);
        let at = |start: i64| cursor.and_then(|cursor| cursor.parse().ok()).unwrap_or(start);
        // Without a total or a flag, only an empty page ends the listing. A total may be the count of the page only,
        // so it is not believed for the first page.
        let goes_on = |before: i64| match (seen.more, seen.total) {
            (Some(more), _) => more,
            (None, Some(total)) if before > 0 => items > 0 && before.saturating_add(items) != total,
            (None, _) => items > 0,
        };
        match self.by {
            By::Cursor if seen.more == Some(false) => Ok(None),
            By::Cursor => match seen.next.filter(|next| !next.is_empty()) {
                None if seen.more == Some(true) => Err("it says that there is more, and gives no cursor".to_owned()),
                next => Ok(next),
            },
            By::Offset => {
                let offset = at(0);
                Ok(goes_on(offset).then(|| offset.saturating_add(items).to_string()))
            }
            By::Page { first } => {
                let page = at(first);
                // Assumes that all earlier pages were as long as this one. If they were longer, one more request
                // returns an empty page.
                let before = page.saturating_sub(first).saturating_mul(items);
                Ok(goes_on(before).then(|| page.saturating_add(1).to_string()))
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{By, PageInfo, Pager};

    /// Follows a pager over `all` items in pages of at most `cap`; `says` is what the portal returns for a page.
    fn walk(pager: &str, all: usize, cap: usize, says: impl Fn(usize, usize) -> PageInfo) -> Vec<usize> {
        let pager = Pager::parse(pager).unwrap();
        let (mut cursor, mut pages) = (None, Vec::new());
        loop {
            let at = usize::try_from(pager.value(cursor.as_deref()).unwrap().as_i64().unwrap()).unwrap();
            let start = match pager.by {
                By::Page { first } => (at - usize::try_from(first).unwrap()) * cap,
                _ => at,
            };
            let (start, end) = (start.min(all), (start + cap).min(all));
            pages.push(end - start);
            cursor = pager.next(cursor.as_deref(), PageInfo { items: end - start, ..says(end, all) }).unwrap();
            if cursor.is_none() {
                return pages;
            }
        }
    }

    #[test]
    fn no_page_is_skipped_whatever_the_portal_says() {
        let nothing = |_, _| PageInfo::default();
        let total = |_, all| PageInfo { total: i64::try_from(all).ok(), ..PageInfo::default() };
        let more = |end, all| PageInfo { more: Some(end < all), ..PageInfo::default() };
        for pager in ["offset $skip", "page $page", "page $page from 0"] {
            for all in 0..12 {
                for cap in 1..6 {
                    assert_eq!(walk(pager, all, cap, nothing).iter().sum::<usize>(), all, "{pager} {all} {cap}");
                    assert_eq!(walk(pager, all, cap, total).iter().sum::<usize>(), all, "{pager} {all} {cap}");
                    let pages = walk(pager, all, cap, more);
                    assert_eq!((pages.iter().sum::<usize>(), pages.len()), (all, all.div_ceil(cap).max(1)), "{pager}");
                }
            }
        }
        // The count of the page is not the total.
        let of_the_page = |end: usize, _| PageInfo { total: i64::try_from(end.min(3)).ok(), ..PageInfo::default() };
        assert_eq!(walk("offset", 7, 3, of_the_page).iter().sum::<usize>(), 7);
        assert_eq!(walk("offset", 6, 3, total), [3, 3]);
        assert_eq!(walk("page", 6, 3, total), [3, 3]);
    }

    #[test]
    fn a_cursor_ends_where_the_portal_says_so() {
        let pager = Pager::parse("cursor").unwrap();
        let seen = |next: Option<&str>, more| PageInfo { next: next.map(str::to_owned), more, ..PageInfo::default() };
        assert_eq!(pager.next(None, seen(Some("a"), Some(true))), Ok(Some("a".into())));
        assert_eq!(pager.next(None, seen(Some("a"), Some(false))), Ok(None));
        assert_eq!(pager.next(None, seen(Some(""), None)), Ok(None));
        assert!(pager.next(None, seen(None, Some(true))).is_err());
    }

    #[test]
    fn the_options_of_paging_come_in_any_order() {
        let pager = Pager::parse("page $n size $limit from 0").unwrap();
        assert_eq!(pager, Pager { by: By::Page { first: 0 }, variable: "n".into(), size: "limit".into() });
        assert_eq!(Pager::parse("page $n from 0 size $limit").unwrap(), pager);
        assert!(Pager::parse("cursor").unwrap().is_ours());
    }

    #[test]
    fn an_invalid_paging_is_named() {
        for text in [
            "",
            "none",
            "by hand",
            "cursor after",
            "page $p from x",
            "offset $o from 1",
            "page $p to 3",
            "offset $",
            "page $p size 3",
            "cursor from",
        ] {
            assert!(Pager::parse(text).is_err(), "{text}");
        }
        assert!(Pager::parse("offset").unwrap().value(Some("abc")).is_err());
        assert!(Pager::parse("page").unwrap().value(Some("-1")).is_err());
    }
}

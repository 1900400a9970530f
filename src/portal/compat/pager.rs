//! How a portal's pages are asked for, one after the other: by a cursor, by an offset, or by number.
//!
//! A cursor of ours is what goes on from where a page ended, whichever kind it is. Nothing here ends a listing that may go
//! on: a short page proves nothing, since a portal may cap its pages.

use serde_json::Value;

/// Which variable carries what comes next.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Pager {
    /// The portal's own cursor.
    Cursor { variable: String },
    /// How many items come before.
    Offset { variable: String },
    /// The number of the page; the first one has this.
    Page { variable: String, first: i64 },
}

/// What an answer shows of its page.
#[derive(Debug, Default)]
pub struct Seen {
    /// How many items it has, nulls among them.
    pub items: usize,
    pub next: Option<String>,
    /// Whether there are more pages, where the portal says so.
    pub more: Option<bool>,
    /// The count of all, where the portal says so.
    pub total: Option<i64>,
}

impl Pager {
    /// Reads `cursor $after`, `offset $skip`, `page $number`, or `page $number from 0`.
    pub fn parse(text: &str) -> Result<Pager, String> {
        let wrong = || {
            format!("`{text}` is no paging such as `none`, `cursor $after`, `offset $skip` or `page $number from 0`")
        };
        let words: Vec<&str> = text.split_whitespace().collect();
        let (kind, variable, rest) = match words.as_slice() {
            [kind] => (*kind, None, &[][..]),
            [kind, variable, rest @ ..] => (*kind, Some(variable.strip_prefix('$').ok_or_else(wrong)?), rest),
            [] => return Err(wrong()),
        };
        let named = |usual: &str| variable.unwrap_or(usual).to_owned();
        match (kind, rest) {
            ("cursor", []) => Ok(Pager::Cursor { variable: named("after") }),
            ("offset", []) => Ok(Pager::Offset { variable: named("offset") }),
            ("page", []) => Ok(Pager::Page { variable: named("page"), first: 1 }),
            ("page", ["from", first]) => {
                Ok(Pager::Page { variable: named("page"), first: first.parse().map_err(|_| wrong())? })
            }
            _ => Err(wrong()),
        }
    }

    /// Returns the variable that carries it.
    pub fn variable(&self) -> &str {
        match self {
            Pager::Cursor { variable } | Pager::Offset { variable } | Pager::Page { variable, .. } => variable,
        }
    }

    /// Returns true where a page means another part of the whole once its size changes.
    pub fn needs_one_size(&self) -> bool {
        matches!(self, Pager::Page { .. })
    }

    /// Returns the value of the variable for a cursor of ours; an error where it cannot be one.
    pub fn value(&self, cursor: Option<&str>) -> Result<Value, String> {
        let number = |start: i64| match cursor {
            None => Ok(Value::from(start)),
            Some(cursor) => match cursor.parse::<i64>() {
                Ok(number) if number >= 0 => Ok(Value::from(number)),
                _ => Err(format!("the portal pages by number, and `{cursor}` is none")),
            },
        };
        match self {
            Pager::Cursor { .. } => Ok(cursor.map_or(Value::Null, Value::from)),
            Pager::Offset { .. } => number(0),
            Pager::Page { first, .. } => number(*first),
        }
    }

    /// Returns the cursor of the next page; none on the last one.
    pub fn next(&self, cursor: Option<&str>, seen: Seen) -> Result<Option<String>, String> {
        let items = i64::try_from(seen.items).unwrap_or(i64::MAX);
        let at = |start: i64| cursor.and_then(|cursor| cursor.parse().ok()).unwrap_or(start);
        // Where nothing says whether there is more, only an empty page does.
        let goes_on = |before: i64| match (seen.more, seen.total) {
            (Some(more), _) => more,
            (None, Some(total)) => items > 0 && before.saturating_add(items) < total,
            (None, None) => items > 0,
        };
        match self {
            Pager::Cursor { .. } if seen.more == Some(false) => Ok(None),
            Pager::Cursor { .. } => match seen.next.filter(|next| !next.is_empty()) {
                None if seen.more == Some(true) => Err("it says that there is more, and gives no cursor".to_owned()),
                next => Ok(next),
            },
            Pager::Offset { .. } => {
                let offset = at(0);
                Ok(goes_on(offset).then(|| offset.saturating_add(items).to_string()))
            }
            Pager::Page { first, .. } => {
                let page = at(*first);
                // As if all pages before had been as long as this one: where that is too few, one request more comes out empty.
                let before = page.saturating_sub(*first).saturating_mul(items);
                Ok(goes_on(before).then(|| page.saturating_add(1).to_string()))
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{Pager, Seen};

    /// Follows a pager over a list of so many in pages of at most `cap`; `says` tells what the portal says of a page.
    fn walk(pager: &str, all: usize, cap: usize, says: impl Fn(usize, usize) -> Seen) -> Vec<usize> {
        let pager = Pager::parse(pager).unwrap();
        let (mut cursor, mut pages) = (None, Vec::new());
        loop {
            let at = usize::try_from(pager.value(cursor.as_deref()).unwrap().as_i64().unwrap()).unwrap();
            let start = match &pager {
                Pager::Page { first, .. } => (at - usize::try_from(*first).unwrap()) * cap,
                _ => at,
            };
            let (start, end) = (start.min(all), (start + cap).min(all));
            pages.push(end - start);
            cursor = pager.next(cursor.as_deref(), Seen { items: end - start, ..says(end, all) }).unwrap();
            if cursor.is_none() {
                return pages;
            }
        }
    }

    #[test]
    fn no_page_is_left_out_whatever_the_portal_says() {
        let nothing = |_, _| Seen::default();
        let total = |_, all| Seen { total: i64::try_from(all).ok(), ..Seen::default() };
        let more = |end, all| Seen { more: Some(end < all), ..Seen::default() };
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
        assert_eq!(walk("offset", 6, 3, total), [3, 3]);
        assert_eq!(walk("page", 6, 3, total), [3, 3]);
    }

    #[test]
    fn a_cursor_ends_where_the_portal_says_so() {
        let pager = Pager::parse("cursor").unwrap();
        let seen = |next: Option<&str>, more| Seen { next: next.map(str::to_owned), more, ..Seen::default() };
        assert_eq!(pager.next(None, seen(Some("a"), Some(true))), Ok(Some("a".into())));
        assert_eq!(pager.next(None, seen(Some("a"), Some(false))), Ok(None));
        assert_eq!(pager.next(None, seen(Some(""), None)), Ok(None));
        assert!(pager.next(None, seen(None, Some(true))).is_err());
    }

    #[test]
    fn what_is_no_paging_is_named() {
        for text in ["", "none", "by hand", "cursor after", "page $p from x", "offset $o from 1", "page $p to 3"] {
            assert!(Pager::parse(text).is_err(), "{text}");
        }
        assert!(Pager::parse("offset").unwrap().value(Some("abc")).is_err());
        assert!(Pager::parse("page").unwrap().value(Some("-1")).is_err());
    }
}

//! What must hold of anything that a portal sends, and of the cache; and the properties of the layers below,
//! re-exported for the list.

use std::sync::Arc;

use serde::de::DeserializeOwned;
use serde_json::Value;

use super::compat;
pub use super::compat::properties::{binding, coerce, introspection, mapping, negotiation, pager, refusal, suggestion};
use super::completeness::Completeness;
use super::document::Document;
use super::error::{Certainty, Error};
pub use super::graphql::properties::{envelope, repair};
use super::operation::Operation;
use super::operations::operations;
use super::page::Page;
use super::pages::{Pages, Source};
use super::query::ListQuery;
use super::schema_cache;
use super::{devices, keys, viewer};
use crate::draw::Draw;

/// Any text is parsed as a document or refused with an existing line number; parsing is idempotent.
pub fn document(bytes: &[u8]) {
    let text = String::from_utf8_lossy(bytes);
    match Document::parse(&text) {
        Ok(document) => {
            let again = Document::parse(&document.text);
            assert!(
                again.is_ok_and(|again| again.fields == document.fields && again.name == document.name),
                "{text:?}"
            );
            assert!(document.variables.iter().all(|variable| variable.ty.contains(&variable.named)));
        }
        Err(wrong) => {
            assert!(wrong.line >= 1 && wrong.line <= text.lines().count().max(1) + 1, "{} of {text:?}", wrong.line);
        }
    }
}

/// Any data that passes coercion can be decoded as the response to its operation.
pub fn answer(bytes: &[u8]) {
    let mut draw = Draw::of(bytes);
    let all: Vec<Operation> = operations().collect();
    let operation = draw.pick(&all);
    let mut data = compat::properties::typed_by_contract(operation, &mut draw);
    assert!(is_read(operation, data.clone()), "{data}");
    for _ in 0..draw.below(3) {
        compat::properties::change(&mut data, &mut draw);
    }
    let mut coerced = data.clone();
    if compat::coerce(&mut coerced, operation).is_ok() {
        assert!(is_read(operation, coerced.clone()), "{data} became {coerced}");
    }
}

fn is_read(operation: Operation, data: Value) -> bool {
    fn read<D: DeserializeOwned>(data: Value) -> bool {
        serde_json::from_value::<D>(data).is_ok()
    }
    match operation.word {
        "devices.list" => read::<devices::documents::devices_list::ResponseData>(data),
        "devices.show" => read::<devices::documents::devices_show::ResponseData>(data),
        "keys.list" => read::<keys::documents::keys_list::ResponseData>(data),
        "keys.generate" => read::<keys::documents::keys_generate::ResponseData>(data),
        "keys.revoke" => read::<keys::documents::keys_revoke::ResponseData>(data),
        _ => read::<viewer::documents::auth_viewer::ResponseData>(data),
    }
}

/// A portal that cuts its rows into pages of arbitrary sizes.
struct Cut {
    rows: Vec<String>,
    /// The size of each page.
    pages: Vec<usize>,
    leads_back: Option<usize>,
    nulls: bool,
    total: Option<i64>,
}

impl Source<String> for Cut {
    fn fetch(&self, size: usize, cursor: Option<String>) -> Result<Page<String>, Error> {
        let (page, start) = cursor.as_deref().and_then(|cursor| cursor.split_once('@')).unwrap_or(("0", "0"));
        let (page, start): (usize, usize) = (page.parse().unwrap_or(0), start.parse().unwrap_or(0));
        let length = self.pages.get(page).copied().unwrap_or(self.rows.len()).min(size);
        let end = (start + length).min(self.rows.len());
        let mut data: Vec<Option<String>> = self.rows[start..end].iter().cloned().map(Some).collect();
        if self.nulls {
            data.push(None);
        }
        let back = self.leads_back.filter(|at| *at == page).map(|_| "0@0".to_owned());
        let next = (end < self.rows.len()).then(|| format!("{}@{end}", page + 1));
        Ok(Page::new(data, back.or(next), self.total))
    }

    fn may_be_page(&self, _: usize) -> bool {
        false
    }

    fn limit_page(&self, _: usize) {}
}

/// The same rows arrive in the same order, however they are paged; a cursor that leads back is an error, and no row is
/// skipped silently.
pub fn pages(bytes: &[u8]) {
    let mut draw = Draw::of(bytes);
    let rows: Vec<String> = (0..draw.below(200)).map(|row| format!("row {row}")).collect();
    let limit = draw.flag().then(|| draw.below(220));
    let leads_back = draw.once_in(4).then(|| draw.below(6));
    let (nulls, total, ahead) = (draw.once_in(4), draw.flag().then(|| draw.number()), draw.once_in(16));
    let pages: Vec<usize> = (0..60).map(|_| draw.pick(&[0, 1, 2, 3, 7, 10, 50, 100, 500])).collect();
    let mut empty = 0;
    let has_gap = pages.iter().any(|length| {
        empty = if *length == 0 { empty + 1 } else { 0 };
        empty > 10
    });
    let wanted = limit.unwrap_or(usize::MAX);
    let cut = Cut { rows: rows.clone(), pages, leads_back, nulls, total };
    let query = ListQuery { limit, ..ListQuery::default() };
    let mut listing = Pages::of("https://portal.example".into(), 500, &query, |row| row, Arc::new(cut));
    let (mut came, mut failed, mut count) = (Vec::new(), None, 0);
    while let Some(page) = listing.next() {
        count += 1;
        assert!(count < 300, "a listing does not end");
        match page {
            Ok(page) => came.extend(page.items),
            Err(error) => failed = Some(error),
        }
        if ahead {
            listing.prefetch();
        }
    }
    assert!(came.iter().zip(&rows).all(|(came, row)| came == row) && came.len() <= rows.len().min(wanted));
    match failed {
        None => assert_eq!(came.len(), rows.len().min(wanted), "rows are missing without an error"),
        Some(error) => {
            assert!(leads_back.is_some() || has_gap, "{error}");
            assert_eq!(error.certainty(), Certainty::Executed);
        }
    }
    assert!(*listing.completeness() == Completeness::Complete || total.is_some());
}

/// Any cache file is either read or ignored, and what is written is read back.
pub fn cache(bytes: &[u8]) {
    let Some(text) = schema_cache::rewritten(bytes) else { return };
    assert_eq!(schema_cache::rewritten(text.as_bytes()).as_ref(), Some(&text));
}

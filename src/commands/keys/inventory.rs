//! The keys that there are, and which of them is the one in use.

use crate::commands::completeness;
use crate::context::Context;
use crate::error::{Error, Kind};
use crate::portal::keys::{self, ApiKey};
use crate::portal::{Completeness, ListQuery, Portal, viewer};

/// Returns the id of the key in use, as the profile noted it, else as the portal tells it; none where neither does.
pub fn noted_or_told(cx: &Context) -> Option<String> {
    let told = || viewer::show(cx.portal().ok()?).ok()??.key.map(|key| key.id);
    cx.noted_key_id().or_else(told)
}

/// Returns the keys that the portal shows, and whether they are all there are. A list with holes is an error.
pub fn shown(portal: &Portal) -> Result<(Vec<ApiKey>, Completeness), Error> {
    let (mut pages, mut all) = (keys::list(portal, &ListQuery::default())?, Vec::new());
    while let Some(page) = pages.next() {
        let page = page?;
        pages.prefetch();
        if page.nulls > 0 && page.errors.is_empty() {
            return Err(Error::new(Kind::Partial, "the portal gave some of the keys as null"));
        }
        all.extend(page.items);
    }
    completeness::ensure_no_holes(pages.completeness(), "keys")?;
    Ok((all, pages.completeness().clone()))
}

//! The source of a listing's pages: one portal, or several at once. Only this file knows which. Other kinds of pages
//! implement [`PageSource`].

use std::sync::Arc;

use super::multi_profile::{self, Answers, Profiles};
use crate::context::Context;
use crate::error::Error;
use crate::portal::{self, Completeness, ListQuery, Page, Pages, Portal};

/// A page, and its profile if there are several.
pub type Sourced<T> = (Option<Arc<str>>, Page<T>);

/// A source of pages.
pub trait PageSource<T> {
    /// Returns the next page, with its profile. The failure of one profile among several is kept until the end.
    fn next(&mut self) -> Option<Result<Sourced<T>, Error>>;

    /// Returns true if the rows come from several profiles.
    fn is_several(&self) -> bool {
        false
    }

    /// Returns true for an operation of ours, for which it is known what the portal filtered by.
    fn is_ours(&self) -> bool {
        false
    }

    /// Requests the next page while the current one is being processed.
    fn prefetch(&mut self) {}

    /// Returns the cursor of the latest request; `None` for the first page, and for several profiles.
    fn cursor(&self) -> Option<&str> {
        None
    }

    /// Returns whether the pages so far are complete.
    fn completeness(&self) -> &Completeness {
        &Completeness::Complete
    }

    /// Returns true if a profile failed or was cut short.
    fn has_failures(&self) -> bool {
        false
    }

    /// Warns of every profile that failed, and returns an error if there is one.
    fn verdict(&self, _cx: &Context) -> Result<(), Error> {
        Ok(())
    }
}

/// The pages of one portal, or of several profiles.
pub enum Source<T> {
    One(Box<Pages<T>>),
    Several { answers: Answers<(Page<T>, Completeness)>, completeness: Completeness },
}

impl<T: Send + 'static> Source<T> {
    /// Starts a listing at the active portal, or at the portals of the requested profiles.
    pub fn start(
        profiles: &Profiles,
        query: ListQuery,
        list: impl Fn(&Portal, &ListQuery) -> Result<Pages<T>, portal::Error> + Send + Sync + 'static,
        cx: &Context,
    ) -> Result<Source<T>, Error> {
        let Some(profiles) = profiles.several(cx)? else {
            return Ok(Source::One(Box::new(list(cx.portal()?, &query)?)));
        };
        let answers = multi_profile::start(&profiles, cx, move |portal, sender| {
            let mut pages = match list(portal, &query) {
                Ok(pages) => pages,
                Err(error) => {
                    let _ = sender.send(Err(error.into()));
                    return;
                }
            };
            while let Some(page) = pages.next() {
                pages.prefetch();
                let completeness = pages.completeness().clone();
                // The receiver is dropped once enough rows are read.
                if !sender.send(page.map(|page| (page, completeness)).map_err(Error::from)) {
                    return;
                }
            }
        });
        Ok(Source::Several { answers, completeness: Completeness::Complete })
    }
}

impl<T: Send + 'static> PageSource<T> for Source<T> {
    fn is_ours(&self) -> bool {
        true
    }

    fn is_several(&self) -> bool {
        matches!(self, Source::Several { .. })
    }

    fn next(&mut self) -> Option<Result<Sourced<T>, Error>> {
        match self {
            Source::One(pages) => Some(pages.next()?.map(|page| (None, page)).map_err(Error::from)),
            Source::Several { answers, completeness } => {
                let (profile, (page, judged)) = answers.next()?;
                *completeness = std::mem::take(completeness).and(judged);
                Some(Ok((Some(profile), Page { total: None, ..page })))
            }
        }
    }

    fn prefetch(&mut self) {
        if let Source::One(pages) = self {
            pages.prefetch();
        }
    }

    fn cursor(&self) -> Option<&str> {
        match self {
            Source::One(pages) => pages.cursor(),
            Source::Several { .. } => None,
        }
    }

    fn completeness(&self) -> &Completeness {
        match self {
            Source::One(pages) => pages.completeness(),
            Source::Several { completeness, .. } => completeness,
        }
    }

    fn has_failures(&self) -> bool {
        matches!(self, Source::Several { answers, .. } if answers.has_failures())
    }

    fn verdict(&self, cx: &Context) -> Result<(), Error> {
        match self {
            Source::One(_) => Ok(()),
            Source::Several { answers, .. } => answers.verdict(cx),
        }
    }
}

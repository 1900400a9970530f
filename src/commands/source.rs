//! Where the pages of a listing come from: one portal, or several at once. It is chosen here, and nobody else can
//! tell. Who has pages of another kind says how they are read.

use std::sync::Arc;

use super::multi_profile::{self, Answers, Profiles};
use crate::context::Context;
use crate::error::Error;
use crate::portal::{self, Completeness, ListQuery, Page, Pages, Portal};

/// A page, and the profile that it came from, where there are several.
pub type Sourced<T> = (Option<Arc<str>>, Page<T>);

/// Where pages come from.
pub trait PageSource<T> {
    /// Returns the next page, with its profile. What fails at one of several is kept until the end.
    fn next(&mut self) -> Option<Result<Sourced<T>, Error>>;

    /// Returns true where rows of several profiles come together.
    fn is_several(&self) -> bool {
        false
    }

    /// Returns true where an operation of ours is asked, so that it is known what the portal chose by.
    fn is_ours(&self) -> bool {
        false
    }

    /// Has the next page requested while the last one is still being looked at.
    fn prefetch(&mut self) {}

    /// Returns the cursor of the page that was asked for last; none for the first, or for several portals.
    fn cursor(&self) -> Option<&str> {
        None
    }

    /// Says whether the pages so far are all there is.
    fn completeness(&self) -> &Completeness {
        &Completeness::Complete
    }

    /// Returns true where a profile gave nothing, or not all.
    fn has_failures(&self) -> bool {
        false
    }

    /// Names every profile that failed, and makes an error of them if there are any.
    fn verdict(&self, _cx: &Context) -> Result<(), Error> {
        Ok(())
    }
}

/// The pages of a listing, each with the profile that it came from, where there are several.
pub enum Source<T> {
    One(Box<Pages<T>>),
    Several { answers: Answers<(Page<T>, Completeness)>, completeness: Completeness },
}

impl<T: Send + 'static> Source<T> {
    /// Starts a listing at the portal in use, or at those of the profiles that were asked for.
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
                // Nobody listens any more once enough has been read.
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

//! Whether a listing is complete. This module derives it from the pages; the caller decides what follows from it.

use super::compat::{CompatDocument, Paging, Suggestion};
use super::graphql::GraphQlError;

/// Whether a listing is complete.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Completeness {
    #[default]
    Complete,
    /// Something is missing.
    Partial(Missing),
    /// The portal took no cursor and refused introspection, so one page may be all there is, or not. The portal
    /// accepts this document, which the user might bind.
    Unknown { document: Option<String> },
}

/// What is missing from a listing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Missing {
    /// The portal refused a part of it, in its own words.
    Refused(GraphQlError),
    /// All pages but one: the portal pages by these arguments, which differ from ours.
    OtherPages { arguments: Vec<String>, suggestion: Option<Suggestion> },
    /// The portal has no paging that fits, and its count is higher than what it returned.
    Uncounted { total: i64 },
    /// The portal has no paging that fits, and says that there are more pages.
    Untold,
    /// All pages that a binding requests arrived, and the portal's count is higher.
    Short { total: i64, received: usize },
}

impl Completeness {
    /// Returns the completeness of one page with `length` items.
    pub fn of_page(
        document: Option<&CompatDocument>,
        errors: &[GraphQlError],
        length: usize,
        total: Option<i64>,
        more: Option<bool>,
    ) -> Completeness {
        if let Some(first) = errors.first() {
            return Completeness::Partial(Missing::Refused(first.clone()));
        }
        let Some(document) = document else { return Completeness::Complete };
        match (&document.paging, total) {
            (Paging::Ours, _) => Completeness::Complete,
            (Paging::Other { arguments, suggestion }, _) => {
                let (arguments, suggestion) = (arguments.clone(), suggestion.clone());
                Completeness::Partial(Missing::OtherPages { arguments, suggestion })
            }
            // A higher count decides, whatever is known of the paging.
            (_, Some(total)) if is_more(total, length) => Completeness::Partial(Missing::Uncounted { total }),
            _ if more == Some(true) => Completeness::Partial(Missing::Untold),
            (Paging::None, _) | (Paging::Counted | Paging::Unknown, Some(_)) => Completeness::Complete,
            _ => Completeness::Unknown { document: document.line() },
        }
    }

    /// Returns the completeness of all pages that a binding requested, after the last one.
    pub fn of_all(received: usize, total: Option<i64>) -> Completeness {
        match total {
            Some(total) if is_more(total, received) => Completeness::Partial(Missing::Short { total, received }),
            _ => Completeness::Complete,
        }
    }

    /// Returns the worse of the two; a refusal is the worst.
    #[must_use]
    pub fn and(self, other: Completeness) -> Completeness {
        let badness = |one: &Completeness| match one {
            Completeness::Complete => 0,
            Completeness::Unknown { .. } => 1,
            Completeness::Partial(Missing::Refused(_)) => 3,
            Completeness::Partial(_) => 2,
        };
        if badness(&other) > badness(&self) { other } else { self }
    }
}

fn is_more(total: i64, than: usize) -> bool {
    usize::try_from(total).is_ok_and(|total| total > than)
}

#[cfg(test)]
mod tests {
    use super::{Completeness, Missing};
    use crate::portal::compat::{CompatDocument, Evidence, Paging};

    fn document(paging: Paging) -> CompatDocument {
        CompatDocument {
            document: "{\n  devices\n}".into(),
            name: None,
            variables: vec![],
            omitted: vec![],
            paging,
            evidence: Evidence::Refusal,
            pushdowns: vec![],
            numbers: vec![],
            once: vec![],
            mapping: None,
            is_projection: false,
        }
    }

    fn unknown() -> Completeness {
        Completeness::Unknown { document: Some("{ devices }".into()) }
    }

    #[test]
    fn a_count_decides_where_there_is_one() {
        let judge = |paging, total| Completeness::of_page(Some(&document(paging)), &[], 25, total, None);
        assert_eq!(judge(Paging::Ours, Some(60)), Completeness::Complete);
        assert_eq!(judge(Paging::Counted, Some(25)), Completeness::Complete);
        assert_eq!(judge(Paging::Counted, Some(60)), Completeness::Partial(Missing::Uncounted { total: 60 }));
        assert_eq!(judge(Paging::Counted, None), unknown());
        assert_eq!(judge(Paging::Unknown, None), unknown());
    }

    #[test]
    fn a_claim_of_more_pages_is_believed_whatever_else_is_known() {
        let judge = |paging, more| Completeness::of_page(Some(&document(paging)), &[], 25, None, more);
        assert_eq!(judge(Paging::None, Some(true)), Completeness::Partial(Missing::Untold));
        assert_eq!(judge(Paging::Unknown, Some(true)), Completeness::Partial(Missing::Untold));
        // `Some(false)` proves nothing if no cursor was requested.
        assert_eq!(judge(Paging::Unknown, Some(false)), unknown());
        let counted = Completeness::of_page(Some(&document(Paging::None)), &[], 25, Some(60), None);
        assert_eq!(counted, Completeness::Partial(Missing::Uncounted { total: 60 }));
        assert_eq!(Completeness::of_all(60, Some(60)), Completeness::Complete);
        let short = Missing::Short { total: 13, received: 8 };
        assert_eq!(Completeness::of_all(8, Some(13)), Completeness::Partial(short));
    }

    #[test]
    fn the_worse_of_two_decides() {
        let partial = || Completeness::Partial(Missing::Uncounted { total: 1 });
        assert_eq!(unknown().and(partial()), partial());
        assert_eq!(partial().and(unknown()), partial());
        assert_eq!(Completeness::Complete.and(unknown()), unknown());
    }
}

//! Whether a listing is all there is. It is known here, from what came with the pages; what follows from it is decided by
//! those who asked.

use super::compat::{CompatDocument, Paging, Suggestion};
use super::graphql::GraphQlError;

/// Whether a listing is all there is.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Completeness {
    #[default]
    Complete,
    /// Something is missing.
    Partial(Missing),
    /// The portal took no cursor and refused introspection, so that one page may be all or not. It accepts this document, which
    /// might be bound.
    Unknown { document: Option<String> },
}

/// What is missing from a listing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Missing {
    /// What the portal could not give, in its own words.
    Refused(GraphQlError),
    /// All pages but one: the portal pages by these arguments, which are not ours.
    OtherPages { arguments: Vec<String>, suggestion: Option<Suggestion> },
    /// The portal has no paging that fits, and counts more than it gave.
    Uncounted { total: i64 },
}

impl Completeness {
    /// Judges one page of so many items.
    pub fn of_page(
        document: Option<&CompatDocument>,
        errors: &[GraphQlError],
        length: usize,
        total: Option<i64>,
    ) -> Completeness {
        if let Some(first) = errors.first() {
            return Completeness::Partial(Missing::Refused(first.clone()));
        }
        let Some(document) = document else { return Completeness::Complete };
        match (&document.paging, total) {
            (Paging::Ours | Paging::None, _) => Completeness::Complete,
            (Paging::Counted | Paging::Unknown, Some(total)) => {
                match usize::try_from(total).is_ok_and(|total| total > length) {
                    true => Completeness::Partial(Missing::Uncounted { total }),
                    false => Completeness::Complete,
                }
            }
            (Paging::Other { arguments, suggestion }, _) => {
                let (arguments, suggestion) = (arguments.clone(), suggestion.clone());
                Completeness::Partial(Missing::OtherPages { arguments, suggestion })
            }
            (Paging::Counted | Paging::Unknown, _) => Completeness::Unknown { document: document.line() },
        }
    }

    /// Returns the worse of two: of what is missing, what was refused comes first.
    #[must_use]
    pub fn and(self, other: Completeness) -> Completeness {
        let badness = |one: &Completeness| match one {
            Completeness::Complete => 0,
            Completeness::Unknown { .. } => 1,
            Completeness::Partial(Missing::Uncounted { .. } | Missing::OtherPages { .. }) => 2,
            Completeness::Partial(Missing::Refused(_)) => 3,
        };
        if badness(&other) > badness(&self) { other } else { self }
    }
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
        let judge = |paging, total| Completeness::of_page(Some(&document(paging)), &[], 25, total);
        assert_eq!(judge(Paging::Ours, Some(60)), Completeness::Complete);
        assert_eq!(judge(Paging::Counted, Some(25)), Completeness::Complete);
        assert_eq!(judge(Paging::Counted, Some(60)), Completeness::Partial(Missing::Uncounted { total: 60 }));
        assert_eq!(judge(Paging::Counted, None), unknown());
        assert_eq!(judge(Paging::Unknown, None), unknown());
    }

    #[test]
    fn the_worse_of_two_counts() {
        let partial = || Completeness::Partial(Missing::Uncounted { total: 1 });
        assert_eq!(unknown().and(partial()), partial());
        assert_eq!(partial().and(unknown()), partial());
        assert_eq!(Completeness::Complete.and(unknown()), unknown());
    }
}

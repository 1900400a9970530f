//! Why an incomplete listing cannot be relied on.

use crate::error::{Error, Kind};
use crate::portal::{Completeness, GraphQlError, Missing};

/// Returns an error unless a listing of `many` is known to be complete.
pub fn incomplete(completeness: &Completeness, many: &str) -> Option<Error> {
    let error = |message: String| Error::new(Kind::Partial, message);
    Some(match completeness {
        Completeness::Complete => return None,
        Completeness::Unknown { .. } => {
            error(format!("whether there are more {many} than on this page cannot be told")).cause(anyhow::Error::msg(
                "the portal does not take our cursor, and it is not known whether it paginates in another way",
            ))
        }
        Completeness::Partial(Missing::Refused(first)) => error(format!("the portal could not give all of the {many}"))
            .cause(anyhow::Error::msg(words(first)))
            .of_request(first.request_id.clone()),
        Completeness::Partial(Missing::Uncounted { total }) => {
            error(format!("this is one page of {total} {many}, and the portal takes no cursor"))
        }
        Completeness::Partial(Missing::Short { total, received }) => error(format!(
            "the portal counts {total} {many}, and gave {received} on all pages that its binding asks for"
        )),
        Completeness::Partial(Missing::Untold) => error(format!(
            "this is one page of the {many}: the portal says that there are more, and how to ask for them is not known"
        )),
        Completeness::Partial(Missing::OtherPages { arguments, suggestion }) => {
            let error = error(format!("this is one page of the {many}; the portal paginates in its own way"));
            error.hint(match suggestion {
                Some(suggestion) => format!("If this means the same, bind it: `{suggestion}`"),
                None => format!("Its `{}` can be used with `optra api`.", arguments.join("`, `")),
            })
        }
    })
}

/// Returns an error if the portal refused a part of the listing.
pub fn ensure_no_holes(completeness: &Completeness, many: &str) -> Result<(), Error> {
    match completeness {
        Completeness::Partial(Missing::Refused(_)) => incomplete(completeness, many).map_or(Ok(()), Err),
        _ => Ok(()),
    }
}

fn words(error: &GraphQlError) -> String {
    match error.path.as_str() {
        "" => error.message.clone(),
        path => format!("{} (at `{path}`)", error.message),
    }
}

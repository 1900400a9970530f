//! Suggestions of bindings, from a portal's schema.

use crate::context::Context;
use crate::error::{ADOPT_PASTED, Error, Kind};
use crate::portal::{Operation, Suggestion, Verdict};

/// A binding that the user may save.
pub struct Proposal {
    pub operation: Operation,
    pub suggestion: Suggestion,
    /// True for a document that the user pasted: it is meant, whatever its names are.
    pub is_pasted: bool,
}

/// Checks all operations, and suggests bindings for those that do not fit.
pub fn of_schema(cx: &Context) -> Result<Vec<Proposal>, Error> {
    let (mut proposals, mut lacks) = (Vec::new(), false);
    for checked in cx.portal()?.check()? {
        lacks |= checked.verdict == Verdict::Unsupported;
        let Some(operation) = crate::portal::operation(&checked.operation) else { continue };
        match (checked.suggestion, checked.verdict) {
            (Some(suggestion), _) => proposals.push(Proposal { operation, suggestion, is_pasted: false }),
            (None, Verdict::Unsupported) if cx.portal()?.shows_schema() => {
                cx.out.status(format_args!("`{}`: nothing similar was found.", operation.word));
            }
            (None, _) => {}
        }
    }
    if proposals.is_empty() && !lacks {
        cx.out.status("This portal can do every operation.");
    } else if proposals.is_empty() && cx.portal()?.shows_schema() {
        cx.out.status("The commands that need that do not work here; all others do.");
    } else if proposals.is_empty() {
        // A network failure says nothing about whether the portal allows introspection.
        let fault = cx.portal()?.take_schema_fault().map(Error::from);
        if let Some(error) = fault.filter(|error| matches!(error.kind(), Kind::Unreachable | Kind::Timeout)) {
            return Err(error.context("the portal's schema could not be read"));
        }
        cx.out.status("This portal refused introspection, so no binding can be suggested.");
        let portal = cx.config.portal_flags();
        cx.out.hint(format_args!(
            "Copy a request of its own web page as curl into `request.sh`: `optra{portal} {ADOPT_PASTED}`."
        ));
    }
    Ok(proposals)
}

/// Says in a sentence what a suggestion does.
pub fn meaning(operation: Operation, root: &str, suggestion: &Suggestion) -> String {
    let pages = if suggestion.pages() { "page after page" } else { "in one page" };
    match operation.word.split_once('.') {
        Some((noun, "list")) => format!("It lists {noun} by the portal's `{root}`, {pages}."),
        Some((_, "generate")) => {
            format!("It makes a key by the portal's `{root}`, and takes the secret out of what that gives.")
        }
        Some((_, "revoke")) => format!("It ends a key, at once and for ever, by the portal's `{root}`."),
        _ => format!("It asks the portal's `{root}`."),
    }
}

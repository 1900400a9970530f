//! Whether each operation of ours fits the portal, by the verdicts of `portal check`, which executes none of them.
//!
//! What a portal cannot do is no fault of this machine, so it is a warning.

use super::access::missing;
use super::exam::Exam;
use super::record::Row;
use crate::error::{ADOPT_PASTED, Error};
use crate::portal::{Checked, Portal, Verdict};

pub fn check(exam: &Exam<'_>) -> Vec<Row> {
    let portal = match exam.portal() {
        // The row before tells why there is no portal.
        Some(Err(_)) => return Vec::new(),
        None => return vec![Row::warn("operation", "none was tried").why(missing(exam))],
        Some(Ok(portal)) => portal,
    };
    match portal.check() {
        Ok(checked) => checked.iter().map(|one| row(one, portal, exam)).collect(),
        Err(error) => vec![Row::of("operation", &Error::from(error), exam.cx)],
    }
}

fn row(checked: &Checked, portal: &Portal, exam: &Exam<'_>) -> Row {
    let Checked { operation, verdict, missing, why, suggestion, .. } = checked;
    let row = match verdict {
        Verdict::Works => return Row::ok("operation", format_args!("`{operation}` works")),
        Verdict::Bound => return Row::ok("operation", format_args!("`{operation}` works by a binding of yours")),
        Verdict::Partial => Row::warn("operation", format_args!("`{operation}` works with less")),
        Verdict::Unsupported => Row::warn("operation", format_args!("`{operation}` does not fit this portal")),
    };
    let row = match missing.as_slice() {
        // The reason names the missing fields.
        fields if !fields.is_empty() && *verdict == Verdict::Partial => {
            row.why(format_args!("missing: {}", fields.join(", ")))
        }
        _ => row,
    };
    let row = why.iter().fold(row, |row, why| row.why(why));
    let flags = exam.cx.config.portal_flags();
    match suggestion {
        Some(_) => row.mended_by(format_args!("optra{flags} portal adopt")),
        None if *verdict == Verdict::Unsupported && !portal.shows_schema() => {
            row.mended_by(format_args!("optra{flags} {ADOPT_PASTED}"))
        }
        // Nothing in this portal is similar, so there is nothing to adopt.
        None => row,
    }
}

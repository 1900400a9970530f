//! Whether each operation of ours fits the portal, by the verdicts of `portal check`. Nothing is executed for that.
//!
//! What a portal cannot do is a limit of the portal and no fault of this machine, so it is a warning.

use super::access::missing;
use super::exam::Exam;
use super::record::Row;
use crate::error::Error;
use crate::portal::{Checked, Verdict};

pub fn check(exam: &Exam<'_>) -> Vec<Row> {
    let portal = match exam.portal() {
        // Why there is none is told in the row before.
        Some(Err(_)) => return Vec::new(),
        None => return vec![Row::warn("operation", "none was tried").why(missing(exam))],
        Some(Ok(portal)) => portal,
    };
    match portal.check() {
        Ok(checked) => checked.iter().map(|one| row(one, exam)).collect(),
        Err(error) => vec![Row::of("operation", &Error::from(error), exam.cx)],
    }
}

fn row(checked: &Checked, exam: &Exam<'_>) -> Row {
    let Checked { operation, verdict, missing, why, .. } = checked;
    let row = match verdict {
        Verdict::Works => return Row::ok("operation", format_args!("`{operation}` works")),
        Verdict::Bound => return Row::ok("operation", format_args!("`{operation}` works by a binding of yours")),
        Verdict::Partial => Row::warn("operation", format_args!("`{operation}` works with less")),
        Verdict::Unsupported => Row::warn("operation", format_args!("`{operation}` does not fit this portal")),
    };
    let row = match missing.as_slice() {
        // Why it does not fit says what is missing.
        fields if !fields.is_empty() && *verdict == Verdict::Partial => {
            row.why(format_args!("missing: {}", fields.join(", ")))
        }
        _ => row,
    };
    let row = why.iter().fold(row, |row, why| row.why(why));
    row.mended_by(format_args!("optra{} portal adopt", exam.cx.config.portal_flags()))
}

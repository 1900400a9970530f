//! A mutation in the user's own document: its answer cannot be had twice, so somebody has to receive it.

use crate::context::Context;
use crate::error::{Error, Kind};
use crate::interrupt;
use crate::output;

/// Sends a mutation by `send`, which writes its answer. Refuses to, if the answer would be lost; Ctrl-C waits until the
/// answer is written.
pub fn send_once(cx: &Context, send: impl FnOnce() -> Result<(), Error>) -> Result<(), Error> {
    if cx.config.options.output_file.is_some() {
        let message = "`--output-file` is for queries, and this is a mutation; nothing was sent";
        return Err(Error::new(Kind::Usage, message).hint("Have the shell write stdout to a file: `> FILE`."));
    }
    if cx.out.is_null_device() {
        let message = "the answer would be lost, and it may hold what is given only once; nothing was sent";
        return Err(Error::new(Kind::Declined, message).hint("Send stdout somewhere: to a file, or through a pipe."));
    }
    cx.out.is_unrepeatable();
    let _hold = interrupt::hold(
        "Interrupted while sending a mutation: it may have been executed. Check before you send it again.",
    );
    send().map_err(Error::of_a_mutation)?;
    // A reader who is gone does not learn that the mutation was executed, so this must be an error.
    cx.out.finish().map_err(|fault| {
        let error = match fault {
            output::Error::BrokenPipe => Error::new(Kind::Failed, "nobody read the answer of the mutation"),
            fault => Error::from(fault),
        };
        error.not_retryable().hint("It was sent: check its effect before you send it again.")
    })
}

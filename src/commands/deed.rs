//! A mutation of the user's own: what it gives is not to be had again, so there has to be somebody who takes it.

use crate::context::Context;
use crate::error::{Error, Kind};
use crate::interrupt;
use crate::output;

/// Sends a mutation by `send`, which writes its answer. It is refused where the answer would go nowhere, and finished before
/// Ctrl-C ends the run.
pub fn once(cx: &Context, send: impl FnOnce() -> Result<(), Error>) -> Result<(), Error> {
    if cx.config.options.output_file.is_some() {
        let message = "`--output-file` is for what changes nothing, and this is a mutation; nothing was sent";
        return Err(Error::new(Kind::Usage, message).hint("Say where stdout goes: `optra … > FILE`."));
    }
    if cx.out.is_null_device() {
        let message = "the answer would go nowhere, and it may hold what is given only once; nothing was sent";
        return Err(Error::new(Kind::Declined, message).hint("Send stdout somewhere: to a file, or through a pipe."));
    }
    cx.out.is_unrepeatable();
    let _hold =
        interrupt::hold("Interrupted while sending a mutation: it may have been done. Look before you send it again.");
    send().map_err(Error::of_a_mutation)?;
    // Who would read that it was done all the same is nobody that reads stdout.
    cx.out.finish().map_err(|fault| {
        let error = match fault {
            output::Error::BrokenPipe => Error::new(Kind::Failed, "nobody read what the mutation gave"),
            fault => Error::from(fault),
        };
        error.not_retryable().hint("It was sent: look what came of it before you send it again.")
    })
}

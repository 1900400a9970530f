//! Makes a `lifecycle::Session` of the context: the portal, the log, the ledger, the clock, and the reporting of
//! events.

use crate::context::{Context, LEDGER, Rationale};
use crate::error::Error;
use crate::interrupt;
use crate::lifecycle::{Attempt, Event, Session, SystemClock};
use crate::text::arguments;

/// Runs a change of keys, as `command`, with a rationale for the log.
pub fn run<'w, T>(
    command: &str,
    rationale: impl Into<Rationale<'w>>,
    cx: &Context,
    change: impl FnOnce(Session<'_>) -> Result<T, Error>,
) -> Result<T, Error> {
    let rationale = rationale.into();
    let (portal, ledger, options) = (cx.portal()?, cx.ledger(), cx.config.portal_flags());
    change(Session {
        issuer: portal,
        clock: &SystemClock,
        note: &|deed: &Attempt<'_>| cx.note_deed(command, rationale, deed),
        ledger: ledger.as_ref(),
        tell: &|event| tell(&event, cx),
        is_stopped: &interrupt::is_pending,
        options: &options,
    })
}

/// Reports an event.
pub fn tell(event: &Event, cx: &Context) {
    match event {
        Event::NotKnownAgain(_) => drop(cx.out.warn_once(LEDGER, event)),
        _ if event.is_warning() => cx.out.warn(event),
        _ => cx.out.status(event),
    }
    if let Event::Ambiguous { ids, .. } = event {
        let option = cx.config.portal_flags();
        let ids = arguments(ids.iter().map(String::as_str));
        cx.out.hint(format_args!("If it is nobody else's, nobody has its secret: `optra{option} keys revoke {ids}`."));
    }
}

//! Ctrl-C: ends a run at once and puts the terminal back; but while a step is held, the first one waits for its end.

use std::io::{self, Write};
use std::process;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, Once, PoisonError};

/// The exit code of a run that Ctrl-C ended.
const INTERRUPTED: i32 = 130;

/// The words for whoever does not want to wait, while a step is held.
static HELD: Mutex<Option<String>> = Mutex::new(None);

/// True after a Ctrl-C that was held back.
static PENDING: AtomicBool = AtomicBool::new(false);

/// A step that is finished before Ctrl-C ends the run.
#[must_use]
pub struct Hold(());

/// Holds Ctrl-C back until the value is dropped; a second one ends the run all the same, with these words.
pub fn hold(left_at_once: &str) -> Hold {
    install();
    *HELD.lock().unwrap_or_else(PoisonError::into_inner) = Some(left_at_once.to_owned());
    Hold(())
}

impl Drop for Hold {
    fn drop(&mut self) {
        *HELD.lock().unwrap_or_else(PoisonError::into_inner) = None;
    }
}

/// Returns true if a Ctrl-C was held back and the run should end now.
pub fn is_pending() -> bool {
    PENDING.load(Ordering::SeqCst)
}

/// Sees to it that Ctrl-C is ours, and that the terminal is as it was after it.
pub fn install() {
    static ONCE: Once = Once::new();
    ONCE.call_once(|| {
        let restore = terminal_state();
        // Without a handler Ctrl-C still ends the process, only less tidily.
        let _ = ctrlc::set_handler(move || interrupted(&restore));
    });
}

#[expect(clippy::exit, reason = "a signal handler has no caller to return an exit code to")]
fn interrupted(restore: &impl Fn()) {
    let held = HELD.lock().unwrap_or_else(PoisonError::into_inner).clone();
    let mut err = io::stderr();
    match held {
        Some(_) if !PENDING.swap(true, Ordering::SeqCst) => {
            let _ = err.write_all(b"\nInterrupted. This step is finished first; once more, and it is left at once.\n");
        }
        held => {
            restore();
            let _ = err.write_all(b"\x1b[?25h\n");
            if let Some(words) = held {
                let _ = err.write_all(format!("{words}\n").as_bytes());
            }
            process::exit(INTERRUPTED);
        }
    }
}

#[cfg(unix)]
fn terminal_state() -> impl Fn() + Send + 'static {
    use rustix::termios::{OptionalActions, tcgetattr, tcsetattr};
    let before = tcgetattr(io::stdin()).ok();
    move || {
        if let Some(before) = &before {
            let _ = tcsetattr(io::stdin(), OptionalActions::Now, before);
        }
    }
}

#[cfg(not(unix))]
fn terminal_state() -> impl Fn() + Send + 'static {
    || ()
}

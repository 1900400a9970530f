//! Ctrl-C, and whatever else asks a run to end: at once, with the terminal put back; but while a step is held, the first one
//! waits for its end. What was ignored when the run began stays ignored: `nohup` means what it says.

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

/// Returns what the step that is held may leave behind, for a run that a bug ends. It waits for nobody.
pub fn left_at_once() -> Option<String> {
    HELD.try_lock().ok().and_then(|held| held.clone())
}

/// Has a file that may not grow any more be an error like a full disk, and no reason to die with a key in hand.
pub fn outlive_limits() {
    #[cfg(unix)]
    {
        let unheard = std::sync::Arc::new(AtomicBool::new(false));
        // Without it such a limit ends the run, as it does by itself.
        let _ = signal_hook::flag::register(signal_hook::consts::SIGXFSZ, unheard);
    }
}

/// Sees to it that Ctrl-C is ours, and that the terminal is as it was after it.
pub fn install() {
    static ONCE: Once = Once::new();
    ONCE.call_once(|| {
        let restore = terminal::restorer();
        // Without a handler Ctrl-C still ends the process, only less tidily.
        let _ = signals::listen(move || interrupted(&restore));
    });
}

#[expect(clippy::exit, reason = "who hears of a signal has no caller to return an exit code to")]
fn interrupted(restore: &impl Fn()) {
    let held = HELD.lock().unwrap_or_else(PoisonError::into_inner).clone();
    let mut err = io::stderr();
    match held {
        Some(_) if !PENDING.swap(true, Ordering::SeqCst) => {
            let _ = err.write_all(b"\nInterrupted. This step is finished first; once more, and it is left at once.\n");
        }
        held => {
            restore();
            let words = held.map_or_else(String::new, |words| format!("{words}\n"));
            let _ = err.write_all(format!("\x1b[?25h\n{words}").as_bytes());
            process::exit(INTERRUPTED);
        }
    }
}

/// Keeps the terminal in order while what is typed is hidden: whoever stops or quits the run there has an echo again, and
/// whoever comes back types unseen. Ends when it is dropped.
#[must_use]
pub struct HiddenInput {
    #[cfg(unix)]
    signals: Option<signal_hook::iterator::Handle>,
}

impl HiddenInput {
    /// Begins before the input is hidden.
    pub fn begin() -> HiddenInput {
        install();
        #[cfg(unix)]
        return HiddenInput { signals: terminal::keep_in_order() };
        #[cfg(not(unix))]
        HiddenInput {}
    }
}

impl Drop for HiddenInput {
    fn drop(&mut self) {
        #[cfg(unix)]
        if let Some(signals) = &self.signals {
            signals.close();
        }
    }
}

/// Returns those of these signals that this run was not told to ignore by whoever began it.
#[cfg(unix)]
pub fn not_ignored(signals: &[i32]) -> Vec<i32> {
    // Only Linux tells it without unsafe code; elsewhere nothing counts as ignored.
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let mask = status.lines().find_map(|line| line.strip_prefix("SigIgn:"));
    let mask = mask.and_then(|mask| u64::from_str_radix(mask.trim(), 16).ok()).unwrap_or(0);
    signals.iter().copied().filter(|signal| mask >> (signal - 1) & 1 == 0).collect()
}

#[cfg(unix)]
mod signals {
    use std::{io, thread};

    use signal_hook::consts::{SIGHUP, SIGINT, SIGTERM};
    use signal_hook::iterator::Signals;

    /// Calls on each signal that asks the run to end.
    pub fn listen(heard: impl Fn() + Send + 'static) -> io::Result<()> {
        let mut signals = Signals::new(super::not_ignored(&[SIGHUP, SIGINT, SIGTERM]))?;
        thread::Builder::new().spawn(move || signals.forever().for_each(|_| heard())).map(drop)
    }
}

#[cfg(not(unix))]
mod signals {
    /// Calls on each signal that asks the run to end.
    pub fn listen(heard: impl Fn() + Send + 'static) -> Result<(), ctrlc::Error> {
        ctrlc::set_handler(heard)
    }
}

#[cfg(unix)]
mod terminal {
    use std::{io, thread};

    use rustix::termios::{LocalModes, OptionalActions, Termios, tcgetattr, tcsetattr};
    use signal_hook::consts::{SIGQUIT, SIGTSTP};
    use signal_hook::iterator::{Handle, Signals};
    use signal_hook::low_level::emulate_default_handler;

    fn set(modes: &Termios) {
        let _ = tcsetattr(io::stdin(), OptionalActions::Now, modes);
    }

    /// Returns what puts the terminal back as it is now.
    pub fn restorer() -> impl Fn() + Send + 'static {
        let before = tcgetattr(io::stdin()).ok();
        move || before.iter().for_each(set)
    }

    /// Puts the terminal back before the run is stopped or quit, and hides the input again when it goes on.
    pub fn keep_in_order() -> Option<Handle> {
        let before = tcgetattr(io::stdin()).ok()?;
        let mut hidden = before.clone();
        hidden.local_modes.remove(LocalModes::ECHO);
        let mut signals = Signals::new(super::not_ignored(&[SIGQUIT, SIGTSTP])).ok()?;
        let handle = signals.handle();
        let watch = move || {
            for signal in signals.forever() {
                set(&before);
                let _ = emulate_default_handler(signal);
                set(&hidden);
            }
        };
        thread::Builder::new().spawn(watch).ok()?;
        Some(handle)
    }
}

#[cfg(not(unix))]
mod terminal {
    /// Returns what puts the terminal back as it is now.
    pub fn restorer() -> impl Fn() + Send + 'static {
        || ()
    }
}

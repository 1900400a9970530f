//! Ctrl-C and the other signals that ask a run to end. They end it at once and restore the terminal; while a step
//! holds them, the first signal waits until that step is done. A signal that was ignored when the run began stays
//! ignored, as `nohup` expects.

mod at_end;

use std::io::{self, IsTerminal, Write};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, Once, PoisonError};
use std::{process, thread};

pub use at_end::AtEnd;

/// The exit code of a run that Ctrl-C ended.
const INTERRUPTED: i32 = 130;

/// What to print if the user does not wait for the held step.
static HELD: Mutex<Option<String>> = Mutex::new(None);

/// True after a Ctrl-C that was held back.
static PENDING: AtomicBool = AtomicBool::new(false);

/// True while another process, not this run, handles the signals.
static DELEGATED: AtomicBool = AtomicBool::new(false);

/// The process id of the program that has the terminal for now.
static LENT: Mutex<Option<u32>> = Mutex::new(None);

/// True after a Ctrl-C while a program had the terminal.
static STOPPED: AtomicBool = AtomicBool::new(false);

/// True once the run is ending while a program has the terminal.
static ENDING: AtomicBool = AtomicBool::new(false);

/// A step that finishes before Ctrl-C ends the run.
#[must_use]
pub struct Hold(());

/// Holds Ctrl-C back until the guard is dropped. A second Ctrl-C ends the run anyway and prints `left_at_once`.
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

/// While this guard lives, signals that ask the run to end are left to a child process and end nothing here.
#[must_use]
pub struct DelegatedSignals(());

/// Leaves the signals to a child process until the guard is dropped.
pub fn delegate_signals() -> DelegatedSignals {
    DELEGATED.store(true, Ordering::SeqCst);
    DelegatedSignals(())
}

impl Drop for DelegatedSignals {
    fn drop(&mut self) {
        DELEGATED.store(false, Ordering::SeqCst);
    }
}

/// Keeps something to do when the run ends: when a signal ends it, or when the guard is dropped.
#[cfg_attr(not(all(unix, feature = "server")), expect(dead_code, reason = "only a socket is removed at the end"))]
pub fn at_end(farewell: impl FnOnce() + Send + 'static) -> AtEnd {
    install();
    at_end::keep(farewell)
}

/// Returns true if a Ctrl-C was held back and the run should end now.
pub fn is_pending() -> bool {
    PENDING.load(Ordering::SeqCst)
}

/// The terminal, lent to a program such as a pager. Ctrl-C then only stops the work that feeds the program; any other
/// signal ends the program first, so that it can restore the terminal. Dropping the guard takes the terminal back.
#[must_use]
pub struct Lent(());

/// Lends the terminal to the process with this id.
pub fn lend(process: u32) -> Lent {
    install();
    *LENT.lock().unwrap_or_else(PoisonError::into_inner) = Some(process);
    Lent(())
}

impl Drop for Lent {
    fn drop(&mut self) {
        *LENT.lock().unwrap_or_else(PoisonError::into_inner) = None;
    }
}

/// Returns true once Ctrl-C was pressed while the terminal was lent.
pub fn is_stopped() -> bool {
    STOPPED.load(Ordering::SeqCst)
}

/// Blocks forever if the run is ending, so that only the signal handler continues; otherwise returns.
pub fn wait_if_ending() {
    while ENDING.load(Ordering::SeqCst) {
        thread::park();
    }
}

/// Ends a read-only run whose output nobody reads any more.
#[expect(clippy::exit, reason = "the thread that does the reading waits for a portal")]
pub fn abandon() {
    process::exit(if is_stopped() { INTERRUPTED } else { 0 })
}

/// Returns what the held step may leave behind, for a panic. Does not wait for the lock.
pub fn held_notice() -> Option<String> {
    HELD.try_lock().ok().and_then(|held| held.clone())
}

/// Makes a write beyond the file size limit fail like one to a full disk, instead of killing a run that holds a new
/// key.
pub fn survive_file_size_limit() {
    #[cfg(unix)]
    {
        let unheard = std::sync::Arc::new(AtomicBool::new(false));
        // If this fails, SIGXFSZ kills the run, which is the default.
        let _ = signal_hook::flag::register(signal_hook::consts::SIGXFSZ, unheard);
    }
}

/// Installs the handler for Ctrl-C, which restores the terminal.
pub fn install() {
    static ONCE: Once = Once::new();
    ONCE.call_once(|| {
        let restore = terminal::restorer();
        // Without a handler Ctrl-C still ends the process, only less tidily.
        let _ = signals::listen(move |is_ctrl_c| interrupted(is_ctrl_c, &restore));
    });
}

#[expect(clippy::exit, reason = "a signal handler has no caller to return an exit code to")]
fn interrupted(is_ctrl_c: bool, restore: &impl Fn()) {
    if DELEGATED.load(Ordering::SeqCst) {
        return;
    }
    let lent = *LENT.lock().unwrap_or_else(PoisonError::into_inner);
    match lent {
        Some(_) if is_ctrl_c => return STOPPED.store(true, Ordering::SeqCst),
        Some(process) => {
            ENDING.store(true, Ordering::SeqCst);
            terminal::end(process);
        }
        None => {}
    }
    let held = HELD.lock().unwrap_or_else(PoisonError::into_inner).clone();
    let mut err = io::stderr();
    match held {
        Some(_) if !PENDING.swap(true, Ordering::SeqCst) => {
            let _ = err.write_all(b"\nInterrupted. This step is finished first; press Ctrl-C again to abort it.\n");
        }
        held => {
            at_end::run();
            restore();
            let words = held.map_or_else(String::new, |words| format!("{words}\n"));
            // Progress hides the cursor at a terminal.
            let cursor = if err.is_terminal() { "\x1b[?25h" } else { "" };
            let _ = err.write_all(format!("{cursor}\n{words}").as_bytes());
            process::exit(INTERRUPTED);
        }
    }
}

/// The alternate screen and raw keys of the terminal. However the run ends or is stopped, the terminal is restored.
#[cfg(unix)]
#[must_use]
pub struct FullScreen(terminal::TakenScreen);

#[cfg(unix)]
impl FullScreen {
    /// Enters the alternate screen. A byte arrives on `wake` when the screen has to be redrawn.
    pub fn begin(wake: &std::os::unix::net::UnixStream) -> io::Result<FullScreen> {
        install();
        terminal::take(wake).map(FullScreen)
    }
}

/// Leaves the alternate screen, for a run that ends abnormally.
pub fn leave_screen() {
    #[cfg(unix)]
    terminal::leave();
}

#[cfg(unix)]
impl Drop for FullScreen {
    fn drop(&mut self) {
        terminal::give_back(&self.0);
    }
}

/// Guards hidden input: if the run is stopped or quit at the prompt, the shell gets its echo back, and the echo is off
/// again when the run continues. Dropping it ends that.
#[must_use]
pub struct HiddenInput {
    #[cfg(unix)]
    signals: Option<signal_hook::iterator::Handle>,
}

impl HiddenInput {
    /// Call this before the input is hidden.
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

/// Returns the given signals without those that the parent process set to ignored.
#[cfg(unix)]
pub fn not_ignored(signals: &[i32]) -> Vec<i32> {
    // Only Linux reports this without unsafe code; elsewhere no signal counts as ignored.
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

    /// Calls `heard` for each signal that asks the run to end, with true for Ctrl-C.
    pub fn listen(heard: impl Fn(bool) + Send + 'static) -> io::Result<()> {
        let mut signals = Signals::new(super::not_ignored(&[SIGHUP, SIGINT, SIGTERM]))?;
        let listen = move || signals.forever().for_each(|signal| heard(signal == SIGINT));
        thread::Builder::new().spawn(listen).map(drop)
    }
}

#[cfg(not(unix))]
mod signals {
    /// Calls `heard` for each signal that asks the run to end, with true for Ctrl-C.
    pub fn listen(heard: impl Fn(bool) + Send + 'static) -> Result<(), ctrlc::Error> {
        ctrlc::set_handler(move || heard(true))
    }
}

#[cfg(unix)]
mod terminal {
    use std::io::{self, Write};
    use std::os::unix::net::UnixStream;
    use std::sync::{Mutex, PoisonError};
    use std::thread;
    use std::time::{Duration, Instant};

    use rustix::process::{Pid, Signal, kill_process, test_kill_process};
    use rustix::termios::{LocalModes, OptionalActions, Termios, tcgetattr, tcsetattr};
    use signal_hook::SigId;
    use signal_hook::consts::{SIGQUIT, SIGTSTP, SIGWINCH};
    use signal_hook::iterator::{Handle, Signals};
    use signal_hook::low_level::{emulate_default_handler, pipe, unregister};

    /// How long a program may take to restore the terminal.
    const GRACE: Duration = Duration::from_millis(500);

    /// Enters and leaves the alternate screen; the cursor is hidden there.
    const ENTER: &[u8] = b"\x1b[?1049h\x1b[?25l";
    const LEAVE: &[u8] = b"\x1b[?25h\x1b[?1049l";

    /// The terminal modes before the alternate screen was entered; `None` outside it.
    static BEFORE: Mutex<Option<Termios>> = Mutex::new(None);

    /// The handlers to remove when the alternate screen is left.
    pub struct TakenScreen {
        stops: Handle,
        resizes: SigId,
    }

    fn show(sequence: &[u8]) {
        let mut out = io::stdout();
        let _ = out.write_all(sequence).and_then(|()| out.flush());
    }

    /// Enters the alternate screen with unbuffered keys; leaves both while the run is stopped.
    pub fn take(wake: &UnixStream) -> io::Result<TakenScreen> {
        let before = tcgetattr(io::stdin())?;
        let mut keys = before.clone();
        keys.local_modes.remove(LocalModes::ECHO | LocalModes::ICANON);
        let mut signals = Signals::new(super::not_ignored(&[SIGQUIT, SIGTSTP]))?;
        let (stops, waker, shell) = (signals.handle(), wake.try_clone()?, before.clone());
        let resizes = pipe::register(SIGWINCH, wake.try_clone()?)?;
        set(&keys);
        *BEFORE.lock().unwrap_or_else(PoisonError::into_inner) = Some(before);
        show(ENTER);
        let watch = move || {
            for signal in signals.forever() {
                show(LEAVE);
                set(&shell);
                let _ = emulate_default_handler(signal);
                set(&keys);
                show(ENTER);
                let _ = (&waker).write_all(b"!");
            }
        };
        let taken = TakenScreen { stops, resizes };
        match thread::Builder::new().spawn(watch) {
            Ok(_) => Ok(taken),
            Err(error) => {
                give_back(&taken);
                Err(error)
            }
        }
    }

    pub fn give_back(taken: &TakenScreen) {
        taken.stops.close();
        unregister(taken.resizes);
        leave();
    }

    /// Leaves the alternate screen if it is active.
    pub fn leave() {
        let before = BEFORE.lock().unwrap_or_else(PoisonError::into_inner).take();
        if let Some(before) = before {
            show(LEAVE);
            set(&before);
        }
    }

    fn set(modes: &Termios) {
        let _ = tcsetattr(io::stdin(), OptionalActions::Now, modes);
    }

    /// Returns a closure that restores the terminal to its present state.
    pub fn restorer() -> impl Fn() + Send + 'static {
        let before = tcgetattr(io::stdin()).ok();
        move || {
            leave();
            before.iter().for_each(set);
        }
    }

    /// Terminates a program that has the terminal, and waits a moment for it to restore the terminal.
    pub fn end(process: u32) {
        let pid = i32::try_from(process).ok().and_then(Pid::from_raw);
        let Some(pid) = pid.filter(|pid| kill_process(*pid, Signal::TERM).is_ok()) else { return };
        let deadline = Instant::now() + GRACE;
        while test_kill_process(pid).is_ok() && Instant::now() < deadline {
            thread::sleep(Duration::from_millis(5));
        }
    }

    /// Restores the terminal before the run is stopped or quit, and hides the input again when the run continues.
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
    /// Does nothing: the system itself ends a program that has the terminal.
    pub fn end(_: u32) {}

    /// Returns a closure that restores the terminal; there is nothing to restore here.
    pub fn restorer() -> impl Fn() + Send + 'static {
        || ()
    }
}

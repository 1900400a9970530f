//! Ctrl-C, and whatever else asks a run to end: at once, with the terminal put back; but while a step is held, the first one
//! waits for its end. What was ignored when the run began stays ignored: `nohup` means what it says.

use std::io::{self, Write};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, Once, PoisonError};
use std::{process, thread};

/// The exit code of a run that Ctrl-C ended.
const INTERRUPTED: i32 = 130;

/// The words for whoever does not want to wait, while a step is held.
static HELD: Mutex<Option<String>> = Mutex::new(None);

/// True after a Ctrl-C that was held back.
static PENDING: AtomicBool = AtomicBool::new(false);

/// True while a program beside this run has the signals.
static LEFT_TO_OTHERS: AtomicBool = AtomicBool::new(false);

/// The program that has the terminal for now, by its process id.
static LENT: Mutex<Option<u32>> = Mutex::new(None);

/// True after a Ctrl-C that such a program saw too.
static STOPPED: AtomicBool = AtomicBool::new(false);

/// True once the run is ended while such a program has the terminal.
static ENDING: AtomicBool = AtomicBool::new(false);

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

/// While it lives, a signal that asks the run to end is for a program beside it, and ends nothing here.
#[must_use]
pub struct Elsewhere(());

/// Leaves the signals to a program beside this run until the value is dropped.
pub fn leave_to_others() -> Elsewhere {
    LEFT_TO_OTHERS.store(true, Ordering::SeqCst);
    Elsewhere(())
}

impl Drop for Elsewhere {
    fn drop(&mut self) {
        LEFT_TO_OTHERS.store(false, Ordering::SeqCst);
    }
}

/// Returns true if a Ctrl-C was held back and the run should end now.
pub fn is_pending() -> bool {
    PENDING.load(Ordering::SeqCst)
}

/// The terminal, lent to a program: Ctrl-C there only stops what is done for it, and whatever else ends the run ends the
/// program first, so that it can put the terminal back. Ours again when this is dropped.
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

/// Returns unless the run is being ended; then only the handler of the signal goes on.
pub fn wait_if_ending() {
    while ENDING.load(Ordering::SeqCst) {
        thread::park();
    }
}

/// Ends a run that only reads, and that nobody waits for any more.
#[expect(clippy::exit, reason = "the thread that does the reading waits for a portal")]
pub fn abandon() {
    process::exit(if is_stopped() { INTERRUPTED } else { 0 })
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
        let _ = signals::listen(move |is_ctrl_c| interrupted(is_ctrl_c, &restore));
    });
}

#[expect(clippy::exit, reason = "who hears of a signal has no caller to return an exit code to")]
fn interrupted(is_ctrl_c: bool, restore: &impl Fn()) {
    if LEFT_TO_OTHERS.load(Ordering::SeqCst) {
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

/// The whole screen of the terminal and each of its keys, for as long as this lives; on whatever way the run ends or stops, the
/// terminal is as it was before.
#[cfg(unix)]
#[must_use]
pub struct FullScreen(terminal::Taken);

#[cfg(unix)]
impl FullScreen {
    /// Takes the screen. What is written to `wake` says that the screen has to be drawn anew.
    pub fn begin(wake: &std::os::unix::net::UnixStream) -> io::Result<FullScreen> {
        install();
        terminal::take(wake).map(FullScreen)
    }
}

/// Gives the screen back, for a run that ends without a last word.
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

    /// Calls on each signal that asks the run to end, with true for Ctrl-C.
    pub fn listen(heard: impl Fn(bool) + Send + 'static) -> io::Result<()> {
        let mut signals = Signals::new(super::not_ignored(&[SIGHUP, SIGINT, SIGTERM]))?;
        let listen = move || signals.forever().for_each(|signal| heard(signal == SIGINT));
        thread::Builder::new().spawn(listen).map(drop)
    }
}

#[cfg(not(unix))]
mod signals {
    /// Calls on each signal that asks the run to end, with true for Ctrl-C.
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

    /// So long a program may take to put the terminal back.
    const MOMENT: Duration = Duration::from_millis(500);

    /// Another screen than that of the shell, and back; no cursor on it.
    const ENTER: &[u8] = b"\x1b[?1049h\x1b[?25l";
    const LEAVE: &[u8] = b"\x1b[?25h\x1b[?1049l";

    /// What the terminal was like before its screen was taken; none while it is not.
    static BEFORE: Mutex<Option<Termios>> = Mutex::new(None);

    /// What belongs to a screen that is taken.
    pub struct Taken {
        stops: Handle,
        resizes: SigId,
    }

    fn show(sequence: &[u8]) {
        let mut out = io::stdout();
        let _ = out.write_all(sequence).and_then(|()| out.flush());
    }

    /// Takes the screen, and the keys as they are pressed; gives both back while the run is stopped.
    pub fn take(wake: &UnixStream) -> io::Result<Taken> {
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
        let taken = Taken { stops, resizes };
        match thread::Builder::new().spawn(watch) {
            Ok(_) => Ok(taken),
            Err(error) => {
                give_back(&taken);
                Err(error)
            }
        }
    }

    pub fn give_back(taken: &Taken) {
        taken.stops.close();
        unregister(taken.resizes);
        leave();
    }

    /// Gives the screen back if it is taken.
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

    /// Returns what puts the terminal back as it is now.
    pub fn restorer() -> impl Fn() + Send + 'static {
        let before = tcgetattr(io::stdin()).ok();
        move || {
            leave();
            before.iter().for_each(set);
        }
    }

    /// Ends a program that has the terminal, and gives it a moment to put that back.
    pub fn end(process: u32) {
        let pid = i32::try_from(process).ok().and_then(Pid::from_raw);
        let Some(pid) = pid.filter(|pid| kill_process(*pid, Signal::TERM).is_ok()) else { return };
        let deadline = Instant::now() + MOMENT;
        while test_kill_process(pid).is_ok() && Instant::now() < deadline {
            thread::sleep(Duration::from_millis(5));
        }
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
    /// Ends a program that has the terminal: it is told by the system itself.
    pub fn end(_: u32) {}

    /// Returns what puts the terminal back as it is now.
    pub fn restorer() -> impl Fn() + Send + 'static {
        || ()
    }
}

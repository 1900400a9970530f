//! Protects the process that holds a secret: it dumps no core, and the user's other processes cannot read its memory.

use std::sync::Once;

/// Protects the process once the first secret exists, as well as the system can.
#[cfg(any(target_os = "linux", target_os = "android"))]
pub fn protect() {
    use rustix::process::{DumpableBehavior, set_dumpable_behavior};
    static ONCE: Once = Once::new();
    // If the kernel refuses, the run goes on: the key is still needed. A child process gets the default back when it
    // executes a program.
    ONCE.call_once(|| {
        let _ = set_dumpable_behavior(DumpableBehavior::NotDumpable);
    });
}

/// Protects the process once the first secret exists, as well as the system can.
#[cfg(all(unix, not(any(target_os = "linux", target_os = "android"))))]
pub fn protect() {
    use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};
    static ONCE: Once = Once::new();
    ONCE.call_once(|| {
        let limit = getrlimit(Resource::Core);
        let _ = setrlimit(Resource::Core, Rlimit { current: Some(0), ..limit });
    });
}

/// Protects the process once the first secret exists, as well as the system can.
#[cfg(not(unix))]
pub fn protect() {
    static ONCE: Once = Once::new();
    ONCE.call_once(|| ());
}

#[cfg(all(test, target_os = "linux"))]
mod tests {
    use rustix::process::{DumpableBehavior, dumpable_behavior};

    #[test]
    fn no_core_is_dumped_once_there_is_a_secret() {
        let _secret = crate::secret::Secret::new("a secret of some length".into());
        assert_eq!(dumpable_behavior().unwrap(), DumpableBehavior::NotDumpable);
    }
}

//! The process that holds a secret: no core dump of it, and no other process of the user may look into it.

use std::sync::Once;

/// Protects the process from the first secret on, as well as the system can.
#[cfg(any(target_os = "linux", target_os = "android"))]
pub fn protect() {
    use rustix::process::{DumpableBehavior, set_dumpable_behavior};
    static ONCE: Once = Once::new();
    // A kernel that refuses leaves things as they were; the key is still needed. A child that is started gets its own
    // behaviour back.
    ONCE.call_once(|| {
        let _ = set_dumpable_behavior(DumpableBehavior::NotDumpable);
    });
}

/// Protects the process from the first secret on, as well as the system can.
#[cfg(all(unix, not(any(target_os = "linux", target_os = "android"))))]
pub fn protect() {
    use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};
    static ONCE: Once = Once::new();
    ONCE.call_once(|| {
        let limit = getrlimit(Resource::Core);
        let _ = setrlimit(Resource::Core, Rlimit { current: Some(0), ..limit });
    });
}

/// Protects the process from the first secret on, as well as the system can.
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

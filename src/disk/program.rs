//! The user's programs: how a command splits into words, how its name resolves to a program, and how a slow one is
//! killed.

use std::ffi::{OsStr, OsString};
use std::process::Child;

/// Splits a command into words as a shell does; returns `None` if a quote is not closed. No shell runs the command.
#[cfg(not(windows))]
pub fn words(command: &str) -> Option<Vec<String>> {
    shell_words::split(command).ok()
}

/// Splits a command into words as Windows programs do (`CommandLineToArgvW`): a backslash is part of a path, and only
/// double quotes keep words together, up to the end of the command if the second one is missing.
#[cfg(windows)]
pub fn words(command: &str) -> Option<Vec<String>> {
    Some(winsplit::split(command))
}

/// Returns the program to start for a name, so that the program that was checked before a key exists is the one that
/// runs. Windows does not find a `.cmd` by name, so there this is the resolved path, or the name if nothing is found:
/// the system then says why. Elsewhere both searches agree, and the name stays, because a program sees it as its own
/// name.
pub fn started_as(name: impl AsRef<OsStr>) -> OsString {
    let name = name.as_ref();
    if cfg!(windows) { which::which(name).map_or_else(|_| name.to_owned(), Into::into) } else { name.to_owned() }
}

/// Kills a program, which may have just ended. On Windows its children are killed too: a `.cmd` does its work in
/// children.
pub fn end(child: &mut Child) {
    #[cfg(windows)]
    if matches!(child.try_wait(), Ok(None)) {
        use std::process::{Command, Stdio};
        let mut tree = Command::new("taskkill");
        tree.args(["/t", "/f", "/pid", &child.id().to_string()]);
        let _ = tree.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null()).status();
    }
    let _ = child.kill();
}

#[cfg(test)]
mod tests {
    use super::words;

    #[test]
    fn a_command_is_split_as_on_its_system() {
        let path = if cfg!(windows) { r"C:\tools\give.cmd" } else { "/tools/give" };
        let split = words(&format!(r#"{path} "two words" a"#)).unwrap();
        assert_eq!(split, [path, "two words", "a"]);
        assert_eq!(words(" ").unwrap_or_default(), [""; 0]);
        assert_eq!(words(r#"give "open"#).is_some(), cfg!(windows));
    }
}

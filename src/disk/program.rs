//! Programs of the user's: which words a command has, what its name stands for, and how one that takes too long is ended.

use std::ffi::{OsStr, OsString};
use std::process::Child;

/// Splits a command into its words, as a shell does; none where a quote is not closed. No shell runs them.
#[cfg(not(windows))]
pub fn words(command: &str) -> Option<Vec<String>> {
    shell_words::split(command).ok()
}

/// Splits a command into its words, as programs do on Windows (`CommandLineToArgvW`): a backslash is a part of a path, and only
/// double quotes keep words together, to the end of the command where there is no second one.
#[cfg(windows)]
pub fn words(command: &str) -> Option<Vec<String>> {
    Some(winsplit::split(command))
}

/// Returns the program that a name stands for: what is looked for before there is a key is what is started afterwards. Windows by
/// itself passes over a `.cmd`, so there it is the path that was found, or the name where there is none: the system then says why.
/// Elsewhere both look in the same places, and the name stays, because a program is told it.
pub fn started_as(name: impl AsRef<OsStr>) -> OsString {
    let name = name.as_ref();
    if cfg!(windows) { which::which(name).map_or_else(|_| name.to_owned(), Into::into) } else { name.to_owned() }
}

/// Ends a program, which may have ended by itself in this moment. On Windows what it started ends with it: a `.cmd` does nothing by
/// itself.
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
    fn a_command_is_split_as_its_system_does() {
        let path = if cfg!(windows) { r"C:\tools\give.cmd" } else { "/tools/give" };
        let split = words(&format!(r#"{path} "two words" a"#)).unwrap();
        assert_eq!(split, [path, "two words", "a"]);
        assert_eq!(words(" ").unwrap_or_default(), [""; 0]);
        assert_eq!(words(r#"give "open"#).is_some(), cfg!(windows));
    }
}

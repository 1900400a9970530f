//! Checks files that control the client: settings, documents, journals, plans, hooks. Whoever can write one decides
//! what a key does and where it goes.
//!
//! So they must belong to us or the administrator, and nobody else may write or replace them. Their contents are not
//! secret: anybody may read them.

use std::path::Path;

use super::refused::Refused;
#[cfg(unix)]
use super::refused::{Distrust, Untrusted};

/// Checks a program before it is started. Does not check its directory: a search path has many.
pub fn check_program(path: &Path) -> Result<(), Refused> {
    check_metadata(path, &std::fs::metadata(path)?)
}

/// Checks a file before it is read, and its directory.
pub fn check_file(path: &Path) -> Result<(), Refused> {
    check_opened(path, &std::fs::File::open(path)?)
}

/// Checks an opened file and its directory; for a link, also the directory of the link.
#[cfg(unix)]
pub fn check_opened(path: &Path, opened: &std::fs::File) -> Result<(), Refused> {
    use super::directory::directory_of;
    check_metadata(path, &opened.metadata()?)?;
    let target = std::fs::canonicalize(path)?;
    for directory in [directory_of(path), directory_of(&target)] {
        check_metadata(directory, &std::fs::metadata(directory)?)?;
    }
    Ok(())
}

#[cfg(not(unix))]
pub fn check_opened(_: &Path, _: &std::fs::File) -> Result<(), Refused> {
    Ok(())
}

#[cfg(unix)]
fn check_metadata(path: &Path, found: &std::fs::Metadata) -> Result<(), Refused> {
    use std::os::unix::fs::MetadataExt;
    /// In a sticky directory, such as `/tmp`, nobody can remove another user's file.
    const STICKY: u32 = 0o1000;
    let untrusted = |problem| Err(Refused::Untrusted(Untrusted { path: path.to_owned(), problem }));
    if !is_trusted_owner(found.uid()) {
        return untrusted(Distrust::Foreign);
    }
    let mode = found.mode() & 0o7777;
    let by_group = mode & 0o020 != 0 && !is_private_group(found.uid(), found.gid());
    if (by_group || mode & 0o002 != 0) && !(found.is_dir() && mode & STICKY != 0) {
        return untrusted(Distrust::Writable { mode: mode & 0o777 });
    }
    Ok(())
}

/// Returns true if the owner is the group's only member: many systems give each user a group with the user's number,
/// and make new files writable for it.
#[cfg(unix)]
fn is_private_group(owner: u32, group: u32) -> bool {
    let read = |path| std::fs::read_to_string(path).unwrap_or_default();
    owner == group && owner != 0 && has_one_member(owner, group, &read("/etc/passwd"), &read("/etc/group"))
}

/// Returns true if the tables of users and groups show the owner as the only member. A group that they do not list,
/// such as one from a directory service, can have any members.
#[cfg(unix)]
fn has_one_member(owner: u32, group: u32, users: &str, groups: &str) -> bool {
    let (owner, group) = (owner.to_string(), group.to_string());
    let mut own = None;
    for user in users.lines().map(fields) {
        match user[..] {
            [name, _, id, ..] if id == owner => own = Some(name),
            [_, _, _, main, ..] if main == group => return false,
            _ => {}
        }
    }
    let mut entries = groups.lines().map(fields).filter(|entry| entry.get(2) == Some(&group.as_str())).peekable();
    let Some(own) = own.filter(|_| entries.peek().is_some()) else { return false };
    let members =
        |entry: Vec<&str>| entry.get(3).unwrap_or(&"").split(',').all(|member| member.is_empty() || member == own);
    entries.all(members)
}

/// Splits a line of such a table.
#[cfg(unix)]
fn fields(line: &str) -> Vec<&str> {
    line.split(':').collect()
}

#[cfg(not(unix))]
fn check_metadata(_: &Path, _: &std::fs::Metadata) -> Result<(), Refused> {
    Ok(())
}

/// Returns true for us and the administrator. A run as root with a user's HOME works for that user, so it trusts that
/// user's files too.
#[cfg(unix)]
fn is_trusted_owner(owner: u32) -> bool {
    use std::os::unix::fs::MetadataExt;
    let own = rustix::process::geteuid();
    let of_home = || std::env::home_dir().and_then(|home| std::fs::metadata(home).ok()).map(|home| home.uid());
    owner == own.as_raw() || owner == 0 || (own.is_root() && of_home() == Some(owner))
}

#[cfg(all(test, unix))]
mod tests {
    use super::{check_opened, check_program, has_one_member, is_private_group};
    use crate::disk::{Distrust, Refused};
    use std::fs::{self, File, Permissions};
    use std::os::unix::fs::PermissionsExt;
    use std::path::Path;

    fn problem(path: &Path) -> Option<Distrust> {
        match File::open(path).map_err(Refused::from).and_then(|file| check_opened(path, &file)) {
            Err(Refused::Untrusted(untrusted)) => Some(untrusted.problem),
            Err(refused) => unreachable!("{refused}"),
            Ok(()) => None,
        }
    }

    fn set_mode(path: &Path, mode: u32) {
        assert!(fs::set_permissions(path, Permissions::from_mode(mode)).is_ok());
    }

    #[test]
    fn a_file_that_others_can_write_or_replace_is_not_trusted() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("f");
        fs::write(&path, "").unwrap();
        for (of_file, of_folder, refused) in [
            (0o644, 0o755, None),
            (0o400, 0o500, None),
            (0o666, 0o755, Some(0o666)),
            (0o606, 0o755, Some(0o606)),
            (0o600, 0o777, Some(0o777)),
            (0o600, 0o1777, None),
        ] {
            set_mode(&path, of_file);
            set_mode(folder.path(), of_folder);
            assert_eq!(problem(&path), refused.map(|mode| Distrust::Writable { mode }), "{of_file:o} {of_folder:o}");
        }
        set_mode(folder.path(), 0o700);
        set_mode(&path, 0o777);
        assert!(check_program(&path).is_err());
    }

    #[test]
    fn a_group_may_write_if_it_is_the_owners_alone() {
        let users = "root:x:0:0:root:/root:/bin/sh\nada:x:1000:1000:Ada:/home/ada:/bin/sh\n";
        let groups = "root:x:0:\nada:x:1000:\n";
        for (users, groups, alone) in [
            (users, groups, true),
            (users, "ada:x:1000:ada\n", true),
            (users, "ada:x:1000:ada,eve\n", false),
            (users, "ada:x:1000:\nother:x:1000:eve\n", false),
            (&format!("{users}eve:x:1001:1000::/:/bin/sh\n") as &str, groups, false),
            (users, "root:x:0:\n", false),
            ("", groups, false),
        ] {
            assert_eq!(has_one_member(1000, 1000, users, groups), alone, "{users}{groups}");
        }
        assert!(!is_private_group(0, 0), "the administrators' group is not one user's");
        assert!(!is_private_group(1000, 1001));
    }

    #[test]
    fn a_link_is_trusted_as_far_as_its_target() {
        let (folder, other) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
        let (target, link) = (other.path().join("f"), folder.path().join("link"));
        fs::write(&target, "").unwrap();
        std::os::unix::fs::symlink(&target, &link).unwrap();
        assert_eq!(problem(&link), None);
        set_mode(other.path(), 0o777);
        assert_eq!(problem(&link), Some(Distrust::Writable { mode: 0o777 }));
    }
}

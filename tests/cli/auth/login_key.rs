//! What `optra auth login --key-file` accepts as a key, and what it refuses without a request. After each refusal
//! nothing is stored, and no part of the file was printed.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::time::Duration;

use snapbox::{assert_data_eq, str};

use super::{KEY, LoggedInUser, portal};

#[test]
fn white_space_around_a_key_does_not_count() {
    let (user, portal) = (LoggedInUser::new(), portal(&[]));
    for content in [format!("{KEY}\n"), format!("{KEY}\r\n"), format!("\n  {KEY}\t\n\n"), format!("\u{feff}{KEY}\r\n")]
    {
        user.key_file("key.txt", &content);
        user.home.run(&format!("auth login --portal {} --key-file key.txt", portal.url)).ok();
        assert_eq!(user.keyring.lookup("optra", "default").as_deref(), Some(KEY), "{content:?}");
        user.login(&portal.url, &content, "").ok();
        user.home.run("auth logout").ok();
    }
    assert!(portal.requests().iter().all(|request| request.header("api-secret") == Some(KEY)));
}

#[test]
fn what_is_no_key_is_refused_by_its_kind_and_never_repeated() {
    let (user, portal) = (LoggedInUser::new(), portal(&[]));
    let mut said = String::new();
    for (name, content) in [
        ("empty", Vec::new()),
        ("blank", b" \r\n\t".to_vec()),
        ("utf-16", KEY.encode_utf16().flat_map(u16::to_le_bytes).collect()),
        ("space", b"hunter2 hunter2".to_vec()),
        ("two-lines", b"hunter2\r\nhunter2\n".to_vec()),
        ("tab", b"hunter2\thunter2".to_vec()),
        ("escape", b"hunter2\x1b[31m".to_vec()),
        ("nul", b"hunter2\0".to_vec()),
        ("umlaut", "hunter2ä".into()),
        ("binary", b"\xff\xfe\x00hunter2".to_vec()),
        ("long", b"hunter2".repeat(200)),
        ("huge", b"hunter2".repeat(14_629)),
    ] {
        user.key_file(name, &content);
        let from_file = user.home.run(&format!("auth login --portal {} --key-file {name}", portal.url));
        let line = format!("auth login --portal {} --key-file -", portal.url);
        let from_stdin = user.home.line(&line).stdin(content).run();
        for session in [&from_file, &from_stdin] {
            assert_eq!(session.exits(2).out(), "");
            user.kept_nothing(session);
        }
        said.push_str(&format!("{name:16} {}", from_file.err()));
    }
    assert_data_eq!(
        said,
        str![[r#"
empty            error: the key is empty
blank            error: the key is empty
utf-16           error: the key has a control character in it, at character 2
space            error: the key has white space in it, at character 8; a key is one word
two-lines        error: the key has a line break in it, at character 8; a key is one word
tab              error: the key has white space in it, at character 8; a key is one word
escape           error: the key has a control character in it, at character 8
nul              error: the key has a control character in it, at character 8
umlaut           error: the key has a character in it that no HTTP header can carry, at character 8
binary           error: the key is written in UTF-16; save the file as plain text
long             error: the key is longer than 1280 characters
huge             error: the key is longer than 1280 characters

"#]]
    );
    assert_eq!(portal.operations(), [""; 0]);
}

#[test]
fn what_is_no_readable_file_is_refused_at_once() {
    let (user, portal) = (LoggedInUser::new(), portal(&[]));
    fs::create_dir(user.home.path("home/folder")).unwrap();
    user.home.program("mkfifo", ["-m", "600", "fifo"]).run().ok();
    let mut said = String::new();
    for name in ["missing", "folder", "fifo", "folder/../missing/key"] {
        let run = user.home.line(&format!("auth login --portal {} --key-file {name}", portal.url));
        let session = run.time_limit(Duration::from_secs(5)).run();
        session.exits(2);
        user.kept_nothing(&session);
        said.push_str(&session.err());
    }
    assert_data_eq!(
        said,
        str![[r#"
error: cannot read the key file `missing`
  because: No such file or directory (os error 2)
error: cannot read the key file `folder`
  because: it is not a regular file; a pipe is read with `--key-file -`
error: cannot read the key file `fifo`
  because: it is not a regular file; a pipe is read with `--key-file -`
error: cannot read the key file `folder/../missing/key`
  because: No such file or directory (os error 2)

"#]]
    );
}

#[test]
fn a_file_that_others_can_read_is_refused_with_the_line_that_mends_it() {
    let (user, portal) = (LoggedInUser::new(), portal(&[]));
    let path = user.key_file("key.txt", KEY);
    let line = format!("auth login --portal {} --key-file key.txt", portal.url);
    fs::set_permissions(&path, fs::Permissions::from_mode(0o644)).unwrap();
    let session = user.home.run(&line);
    assert_data_eq!(
        session.to_string(),
        str![[r#"
--- stderr
error: `key.txt` can be read by others (mode 644)
hint: Run `chmod 600 key.txt`, and consider whether somebody has read the key.
--- exit 7

"#]]
    );
    user.kept_nothing(&session);
    for mode in [0o640, 0o604, 0o620, 0o602] {
        fs::set_permissions(&path, fs::Permissions::from_mode(mode)).unwrap();
        let session = user.home.run(&format!("{line} -o json"));
        assert_eq!(session.exits(7).error()["code"], "declined", "{mode:o}");
        user.kept_nothing(&session);
    }
    assert_eq!(portal.operations(), [""; 0]);
    fs::set_permissions(&path, fs::Permissions::from_mode(0o400)).unwrap();
    user.home.run(&line).ok();
}

#[test]
fn the_line_that_mends_a_file_can_be_pasted_whatever_its_name() {
    let (user, portal) = (LoggedInUser::new(), portal(&[]));
    for name in ["my key.txt", "it's $mine.txt", "-key.txt"] {
        let path = user.key_file(name, KEY);
        fs::set_permissions(&path, fs::Permissions::from_mode(0o644)).unwrap();
        let file = format!("--key-file={name}");
        let args = ["auth", "login", "--portal", &portal.url, &file];
        let error = user.home.optra([&args[..], &["-o", "json"]].concat()).run().exits(7).error();
        let hint = error["hints"][0].as_str().unwrap().to_owned();
        let command = hint.split('`').nth(1).unwrap();
        let mended = user.home.script(command).run();
        assert_eq!(mended.code, Some(0), "{hint}\n{mended}");
        user.home.optra(args).run().ok();
    }
}

#[test]
fn a_link_is_judged_by_the_file_that_it_leads_to() {
    let (user, portal) = (LoggedInUser::new(), portal(&[]));
    let path = user.key_file("real.txt", KEY);
    std::os::unix::fs::symlink(&path, user.home.path("home/link.txt")).unwrap();
    let line = format!("auth login --portal {} --key-file link.txt", portal.url);
    user.home.run(&line).ok();
    fs::set_permissions(&path, fs::Permissions::from_mode(0o644)).unwrap();
    user.home.run(&line).exits(7);
}

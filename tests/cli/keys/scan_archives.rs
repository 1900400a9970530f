//! `optra keys scan` on compressed files and outside of repositories: what was not scanned is said, and is not taken for a result.

use std::fs;

use crate::harness::{Home, Session};

/// A home that knows a key, and has it in `leak.log`.
fn leaked() -> Home {
    let home = Home::new();
    home.script("optra --sandbox -q keys generate --name leak > leak.log; gzip -k leak.log").run().ok();
    home
}

/// Returns where `keys scan ARGS` found keys, in order; it must end with 1.
fn locations(home: &Home, args: &str) -> Vec<String> {
    let leaks = home.run(&format!("--sandbox keys scan {args} -o json")).exits(1).json();
    leaks.as_array().unwrap().iter().map(|leak| leak["location"].as_str().unwrap().to_owned()).collect()
}

#[test]
fn what_is_packed_is_searched_member_by_member_and_named() {
    let home = leaked();
    home.script(
        "gzip -c leak.log.gz > twice.gz; mkdir a; cp leak.log.gz a; (echo; cat leak.log) > a/plain; tar cf inner.tar a/leak.log.gz a/plain; \
         tar czf logs.tgz a/leak.log.gz a/plain inner.tar; tar cf v7.tar --format=v7 a/plain; cat v7.tar inner.tar > two.tar; \
         long=$(printf 'n%.0s' $(seq 150)); cp leak.log a/$long; \
         tar cf pax.tar --format=pax a/$long; tar cf gnu.tar --format=gnu a/$long",
    )
    .run()
    .ok();
    assert_eq!(locations(&home, "twice.gz"), ["twice.gz:1:1"]);
    let inner = ["inner.tar!a/leak.log.gz:1:1", "inner.tar!a/plain:2:1"];
    assert_eq!(locations(&home, "inner.tar"), inner);
    let logs = ["!a/leak.log.gz:1:1", "!a/plain:2:1", "!inner.tar!a/leak.log.gz:1:1", "!inner.tar!a/plain:2:1"];
    assert_eq!(locations(&home, "logs.tgz"), logs.map(|member| format!("logs.tgz{member}")));
    let piped = home.script("optra --sandbox keys scan - -o ndjson < logs.tgz").run();
    assert_eq!(piped.exits(1).out().lines().count(), 4);
    assert_eq!(locations(&home, "two.tar").len(), 3);
    for archive in ["pax.tar", "gnu.tar"] {
        let expected = format!("{archive}!a/{}:1:1", "n".repeat(150));
        assert_eq!(locations(&home, archive), [expected]);
    }
    let json = home.run("--sandbox keys scan inner.tar -o json").exits(1).json();
    assert_eq!((&json[0]["path"], &json[0]["member"]), (&"inner.tar".into(), &"a/leak.log.gz".into()));
    // Lines of a member are none of its archive.
    let sarif = home.run("--sandbox keys scan inner.tar -o sarif").exits(1).json();
    let place = &sarif["runs"][0]["results"][0]["locations"][0]["physicalLocation"];
    assert_eq!(place.to_string(), r#"{"artifactLocation":{"uri":"inner.tar"}}"#);
}

#[test]
fn what_git_has_packed_is_searched_too() {
    let home = leaked();
    home.script(
        "mkdir repo a; cp leak.log.gz a; tar czf repo/logs.tgz a; printf PK'\\003\\004' > repo/x.zip; cd repo; git init -q .; \
         git add .; git -c user.name=n -c user.email=e commit -qm first",
    )
    .run()
    .ok();
    let session = home.run("--sandbox keys scan repo --git");
    assert!(
        session.exits(1).err().contains("x.zip` (zip) cannot be unpacked, so keys inside are not found"),
        "{session}"
    );
    let found = locations(&home, "repo --git");
    assert!(found.len() == 1 && found[0].ends_with(":logs.tgz!a/leak.log.gz:1:1"), "{found:?}");
}

#[test]
fn what_is_not_searched_is_named_and_the_rest_is() {
    let home = leaked();
    home.script("for n in 1 2 3 4; do gzip -c leak.log.gz > next; mv next leak.log.gz; done").run().ok();
    let deep = home.run("--sandbox keys scan leak.log.gz");
    assert!(deep.exits(3).err().contains("cannot read `leak.log.gz`: it is packed more than 4 times"), "{deep}");
    // Of three members the first is damaged, and the second is in another format.
    home.script(
        "mkdir b; head -c 20 leak.log.gz > b/1.gz; printf BZh > b/2.bz2; cp leak.log b/3; tar cf b.tar b/1.gz b/2.bz2 b/3",
    )
    .run()
    .ok();
    let session = home.run("--sandbox keys scan b.tar");
    let err = session.exits(3).err();
    assert!(err.contains("warning: cannot read `b.tar!b/1.gz`: "), "{session}");
    assert!(
        err.contains("warning: `b.tar!b/2.bz2` (bzip2) cannot be unpacked, so keys inside are not found\n"),
        "{session}"
    );
    assert!(session.out().contains("b.tar!b/3:1:1"), "{session}");
    // An archive that was cut off.
    home.script("head -c 1800 b.tar > cut.tar").run().ok();
    let session = home.run("--sandbox keys scan cut.tar");
    assert!(session.exits(3).err().contains("warning: cannot read `cut.tar"), "{session}");
}

/// A member of a tar archive with this size in its header.
fn member(name: &str, size: &[u8; 12], content: &str) -> Vec<u8> {
    let mut header = tar::Header::new_ustar();
    header.set_path(name).unwrap();
    header.as_old_mut().size = *size;
    header.set_cksum();
    let mut bytes = [&header.as_bytes()[..], content.as_bytes()].concat();
    bytes.resize(bytes.len().next_multiple_of(512), 0);
    bytes
}

#[test]
fn the_bytes_of_an_archive_are_searched_too_and_no_error_quotes_them() {
    let home = leaked();
    let secret = home.script("cat leak.log").run().ok().out().trim().to_owned();
    home.script("printf x | gzip -c > x.gz").run().ok();
    let x = fs::read(home.path("home/x.gz")).unwrap();
    let (zero, junk) = (b"00000000000\0", b"zzzzzzzzzzzz");
    // The damaged archive is the first that has the key.
    for (what, bytes, code) in [
        ("content that is no header", member("a", zero, &format!("x: {secret}\n")), 3),
        ("a name, and a size that is none", member(&secret, junk, ""), 3),
        ("a name", member(&secret, zero, ""), 1),
        ("text behind gzip", [&x[..], secret.as_bytes()].concat(), 3),
        ("text that begins like gzip", [b"\x1f\x8b\x08\0", secret.as_bytes()].concat(), 3),
        ("a comment of gzip", [b"\x1f\x8b\x08\x10\0\0\0\0\0\0", secret.as_bytes(), b"\0", &x[10..]].concat(), 1),
    ] {
        home.write("home/damaged", &bytes);
        let session = home.run("--sandbox keys scan damaged");
        assert!(session.exits(code).out().contains("damaged"), "{what}: {session}");
        assert!(!format!("{session}").contains(&secret), "{what}: {session}");
        let session = home.run("--sandbox keys scan damaged -o json");
        assert!(!format!("{session}").contains(&secret), "{what}: {session}");
        assert_eq!(session.json().as_array().unwrap().len(), 1, "{what}: {session}");
    }
    // A file whose name is a key, and another key in it.
    home.script("optra --sandbox -q keys generate --name other > other.log; mv other.log $(cat leak.log)").run().ok();
    let session = home.run("--sandbox keys scan .");
    assert!(!format!("{session}").contains(&secret), "{session}");
}

#[test]
fn a_shallow_clone_and_a_damaged_object_are_said() {
    let home = leaked();
    let git = "git -c user.name=n -c user.email=e";
    home.script(&format!(
        "mkdir repo; cd repo; git init -q .; cp ../leak.log .; git add .; {git} commit -qm 1; git rm -q leak.log; \
         {git} commit -qm 2; echo x > y; git add .; {git} commit -qm 3; git clone -q --depth 1 file://$PWD ../shallow"
    ))
    .run()
    .ok();
    let shallow = home.run("--sandbox keys scan --git shallow");
    let why = "warning: `shallow` is a shallow clone, so older commits are not scanned\n";
    assert!(shallow.ok().err().contains(why), "{shallow}");
    home.script("cd repo; f=.git/objects/$(git rev-parse HEAD:y | sed 's|^..|&/|'); chmod u+w $f; echo junk > $f")
        .run()
        .ok();
    let damaged = home.run("--sandbox keys scan --git repo");
    assert!(damaged.exits(3).err().contains("`: git cannot read it: `git fsck` says why\n"), "{damaged}");
    assert!(damaged.out().contains(":leak.log:1:1"), "{damaged}");
}

#[test]
fn objects_that_a_repository_lacks_are_counted_and_the_others_are_searched() {
    let home = leaked();
    let git = "git -c user.name=n -c user.email=e";
    home.script(&format!(
        "mkdir repo; cd repo; git init -q .; git config uploadpack.allowFilter true; cp ../leak.log .; git add .; {git} commit -qm 1; \
         git rm -q leak.log; {git} commit -qm 2; echo x > y; git add .; {git} commit -qm 3; cd ..; \
         git clone -q --no-checkout --filter=blob:none file://$PWD/repo partial; cp -r repo headless; git clone -q --shared repo shared"
    ))
    .run()
    .ok();
    let message = |session: &Session, what: &str| {
        let err = session.exits(3).err();
        assert!(err.contains(what) && !err.contains("no leaked keys") && session.out().is_empty(), "{session}");
    };
    message(
        &home.run("--sandbox keys scan --git partial"),
        "objects of its history are not in `partial`, and not scanned",
    );
    // The commit that a branch names is gone, and the object with the key is not.
    home.script("cd headless; rm -f .git/objects/$(git rev-parse HEAD | sed 's|^..|&/|')").run().ok();
    let session = home.run("--sandbox keys scan --git headless");
    assert!(session.exits(3).out().contains("(blob "), "{session}");
    home.script("mv repo away").run().ok();
    message(
        &home.run("--sandbox keys scan --git shared"),
        "objects of its history are not in `shared`, and not scanned",
    );
    // A repository without commits lacks none.
    home.script("git init -q empty").run().ok();
    home.run("--sandbox keys scan --git empty").ok();
}

#[test]
fn a_secret_in_the_name_of_what_cannot_be_scanned_is_masked() {
    let home = leaked();
    let secret = home.script("git init -q .; cat leak.log").run().ok().out().trim().to_owned();
    for line in [secret.clone(), format!("--git {secret}"), format!("--git={secret}..HEAD")] {
        let session = home.run(&format!("--sandbox keys scan {line}"));
        assert!(!session.err().contains(&secret[..20]) && session.err().contains("[secret]"), "{session}");
    }
}

#[test]
fn tapes_have_labels_and_zeros_and_are_whole() {
    let home = leaked();
    home.script(
        "tar cf label.tar -V label leak.log leak.log.gz; (cat leak.log.gz; head -c 9999 /dev/zero; cat leak.log.gz; \
         head -c 40000 /dev/zero) > padded.gz",
    )
    .run()
    .ok();
    assert_eq!(locations(&home, "label.tar"), ["label.tar!leak.log:1:1", "label.tar!leak.log.gz:1:1"]);
    assert_eq!(locations(&home, "padded.gz"), ["padded.gz:1:1", "padded.gz:2:1"]);
}

#[test]
fn outside_of_a_repository_nothing_was_scanned() {
    let home = leaked();
    for line in ["--git", "--staged", "--git=a..b"] {
        let session = home.run(&format!("--sandbox keys scan {line}"));
        assert!(session.exits(2).err().contains("`.` is not in a git repository"), "{session}");
        assert!(session.err().lines().count() < 5, "{session}");
    }
    let session = home.run("--sandbox keys scan --git HEAD~1..HEAD");
    let hint = "hint: A range of commits follows an equals sign: `--git=HEAD~1..HEAD`.";
    assert!(session.exits(2).err().contains(hint), "{session}");
}

#[test]
fn a_hook_does_not_stop_the_commits_of_a_machine_without_keys() {
    let home = Home::new();
    home.script("git init -q .; echo hi > a; git add a").run().ok();
    let session = home.run("--sandbox keys scan --staged");
    let why = "warning: this machine knows no key, so the commit was not scanned\n";
    assert_eq!(session.ok().err(), why, "{session}");
    home.run("--sandbox keys scan .").exits(6);
}

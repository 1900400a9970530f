//! `optra keys scan` on compressed files and outside of repositories: what was not scanned is said, and is not taken for a result.

use crate::harness::Home;

/// A home that knows a key, and has it in `leak.log`.
fn leaked() -> Home {
    let home = Home::new();
    home.script("optra --sandbox -q keys generate --name leak > leak.log; gzip -k leak.log").run().ok();
    home
}

#[test]
fn gzip_in_gzip_is_unpacked_and_what_is_not_is_named() {
    let home = leaked();
    home.script(
        "gzip -c leak.log.gz > twice.gz; mkdir a; cp leak.log.gz a; tar czf logs.tgz a; tar cf plain.tar leak.log",
    )
    .run()
    .ok();
    home.run("--sandbox keys scan twice.gz").exits(1);
    home.run("--sandbox keys scan plain.tar").exits(1);
    let packed = home.run("--sandbox keys scan logs.tgz");
    let why = "warning: `logs.tgz` (gzip in tar) cannot be unpacked, so keys inside are not found\n";
    assert!(packed.ok().err().contains(why), "{packed}");
    home.script("for n in 1 2 3 4 5; do gzip -c leak.log.gz > next; mv next leak.log.gz; done").run().ok();
    let deep = home.run("--sandbox keys scan leak.log.gz");
    assert!(deep.ok().err().contains("`leak.log.gz` (gzip in gzip) cannot be unpacked"), "{deep}");
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

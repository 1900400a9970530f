//! `optra doctor --fix`: it makes the safe fixes, reports them, and changes nothing else.

use std::fs::{self, File};
use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::time::{Duration, SystemTime};

use super::{logged_in, row, rows, set_mode, text};
use crate::auth::portal;

fn mode(path: &Path) -> u32 {
    fs::metadata(path).unwrap().permissions().mode() & 0o777
}

fn make_old(path: &Path) {
    let days_ago = SystemTime::now() - Duration::from_secs(3 * 24 * 60 * 60);
    File::options().write(true).open(path).unwrap().set_modified(days_ago).unwrap();
}

#[test]
fn fix_does_what_is_safe_and_says_so_and_nothing_else() {
    let portal = portal(&[]);
    let home = logged_in(&portal.url);
    let key = home.path("config/optra/keys/default.key");
    set_mode(&key, 0o644);
    let (dead, young) = (home.write("config/optra/.tmpa1B2c3", ""), home.write("config/optra/.tmpd4E5f6", ""));
    let (stale, other) = (home.write("cache/optra/fits/0123.json", "{}"), home.write("config/optra/.tmp-of-mine", ""));
    make_old(&dead);
    make_old(&other);
    let orphan = home.write("config/optra/keys/gone.key", "k-of-a-file\n");
    set_mode(&orphan, 0o600);
    let session = home.run("doctor -o json");
    session.exits(1);
    assert!(session.json().as_array().unwrap().iter().all(|row| row["fixed"].is_null()), "{session}");
    assert!(key.exists() && mode(&key) == 0o644 && dead.exists() && stale.exists(), "nothing is done unasked");
    assert_eq!(row(&session, "files")["mend"], format!("chmod 600 {}", key.display()));
    let session = home.run("doctor --fix -o json");
    session.ok();
    let fixed: Vec<String> = session
        .json()
        .as_array()
        .unwrap()
        .iter()
        .map(|row| text(row, "fixed"))
        .filter(|fixed| !fixed.is_empty())
        .collect();
    assert_eq!(
        fixed,
        [
            format!("made `{}` readable for its owner alone", key.display()),
            format!("removed `{}`", dead.display()),
            format!("removed `{}`", stale.display()),
        ]
    );
    assert!(mode(&key) == 0o600 && !dead.exists() && !stale.exists());
    assert!(young.exists() && other.exists() && orphan.exists(), "what may be alive stays");
    let session = home.run("doctor -o json");
    let left = row(session.ok(), "leftovers");
    assert!(left["state"] == "warn" && text(&left, "what").ends_with("gone.key` is of no profile"), "{left}");
    // A file that others could write may have been changed: a person has to look.
    let config = home.path("config/optra/config.toml");
    set_mode(&config, 0o666);
    set_mode(&key, 0o666);
    let session = home.run("doctor --fix -o json");
    session.exits(1);
    assert!(mode(&config) == 0o666 && mode(&key) == 0o666, "{session}");
    assert!(rows(&session, "files").iter().any(|row| text(row, "mend").starts_with("chmod go-w ")), "{session}");
}

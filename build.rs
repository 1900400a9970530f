//! Tells the program what it is built of, and has a change of the contract rebuild it.
//!
//! The same sources give the same program: nothing of the time, the machine or the user gets in.

use std::env;
use std::fs;
use std::path::Path;
use std::process::Command;

fn main() {
    println!("cargo:rerun-if-changed=graphql");
    println!("cargo:rerun-if-env-changed=OPTRA_COMMIT");
    let told = env::var("OPTRA_COMMIT").ok().filter(|commit| is_commit(commit));
    // Each commit would build the program of a developer anew.
    let is_release = env::var("PROFILE").is_ok_and(|profile| profile == "release");
    let commit = told.or_else(|| if is_release { commit() } else { None });
    println!("cargo:rustc-env=OPTRA_BUILD_COMMIT={}", commit.unwrap_or_default());
    println!("cargo:rustc-env=OPTRA_BUILD_TARGET={}", env::var("TARGET").unwrap_or_default());
    link();
    let compiler = said(&env::var("RUSTC").unwrap_or_else(|_| "rustc".to_owned()), &["--version"]);
    println!("cargo:rustc-env=OPTRA_BUILD_COMPILER={}", compiler.unwrap_or_default());
}

/// Links the shipped program so that its start has little to do.
///
/// Without PIE nothing in it is relocated, and no page is touched for that. What it costs in safety: the program's own code and data lie at
/// the same place in each run, which makes a fault of memory easier to use. Stack, heap and libraries do not. Our code has no `unsafe`;
/// crates that it stands on have, and ring and SQLite are C.
///
/// The unwinder, which prints where a panic came from, is linked in: `libgcc_s.so` would be opened, mapped and searched at each start.
fn link() {
    let is = |name: &str, value: &str| env::var(name).is_ok_and(|found| found == value);
    let is_static = env::var("CARGO_CFG_TARGET_FEATURE").is_ok_and(|features| features.contains("crt-static"));
    let is_linux = is("CARGO_CFG_TARGET_OS", "linux") && is("CARGO_CFG_TARGET_ENV", "gnu");
    if !is("PROFILE", "release") || !is_linux || is_static {
        return;
    }
    if is("CARGO_CFG_TARGET_ARCH", "x86_64") {
        println!("cargo:rustc-link-arg-bins=-no-pie");
    }
    // The standard library asks for `gcc_s`: a linker takes what it finds of that name first.
    let folder = env::var("OUT_DIR").unwrap_or_default();
    let is_there = said("cc", &["-print-file-name=libgcc_eh.a"]).is_some_and(|path| Path::new(&path).is_absolute());
    let is_own = env::var("TARGET") == env::var("HOST");
    if is_there && is_own && fs::write(Path::new(&folder).join("libgcc_s.so"), "INPUT(-lgcc_eh)\n").is_ok() {
        println!("cargo:rustc-link-search=native={folder}");
    }
}

/// Returns the commit that is checked out; none where these sources are not a repository of their own.
fn commit() -> Option<String> {
    let root = said("git", &["rev-parse", "--show-toplevel"])?;
    if Path::new(&root).canonicalize().ok()? != env::current_dir().ok()?.canonicalize().ok()? {
        return None;
    }
    let log = said("git", &["rev-parse", "--git-path", "logs/HEAD"])?;
    if Path::new(&log).is_file() {
        println!("cargo:rerun-if-changed={log}");
    }
    said("git", &["rev-parse", "HEAD"]).filter(|commit| is_commit(commit))
}

fn is_commit(text: &str) -> bool {
    text.len() >= 7 && text.chars().all(|letter| letter.is_ascii_hexdigit())
}

/// Returns the one line that a program says; none where it fails, or is not there.
fn said(program: &str, words: &[&str]) -> Option<String> {
    let output = Command::new(program).args(words).output().ok().filter(|output| output.status.success())?;
    Some(String::from_utf8(output.stdout).ok()?.trim().to_owned())
}

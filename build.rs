//! Tells the program its commit, target and compiler, and rebuilds it when the contract changes.
//!
//! Builds are reproducible: neither the time nor the machine nor the user gets into the program.

use std::env;
use std::fs;
use std::path::Path;
use std::process::Command;

fn main() {
    println!("cargo:rerun-if-changed=graphql");
    println!("cargo:rerun-if-env-changed=OPTRA_COMMIT");
    let given = env::var("OPTRA_COMMIT").ok().filter(|commit| is_commit(commit));
    // In a debug build, each commit would cause a rebuild.
    let is_release = env::var("PROFILE").is_ok_and(|profile| profile == "release");
    let commit = given.or_else(|| if is_release { commit() } else { None });
    println!("cargo:rustc-env=OPTRA_BUILD_COMMIT={}", commit.unwrap_or_default());
    println!("cargo:rustc-env=OPTRA_BUILD_TARGET={}", env::var("TARGET").unwrap_or_default());
    link();
    let compiler = output_of(&env::var("RUSTC").unwrap_or_else(|_| "rustc".to_owned()), &["--version"]);
    println!("cargo:rustc-env=OPTRA_BUILD_COMPILER={}", compiler.unwrap_or_default());
}

/// Links the released program so that a start has little to do.
///
/// Without PIE, a start relocates nothing and touches no pages for it. The price in safety: the program's own code and
/// data are at the same address in each run, which makes a memory error easier to exploit. Stack, heap and libraries are
/// still randomized. Our code has no `unsafe`; our dependencies do, and ring and SQLite contain C.
///
/// The unwinder is linked statically: each start would open, map and search `libgcc_s.so`.
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
    // The standard library links `gcc_s`; the linker takes the first library of this name.
    let folder = env::var("OUT_DIR").unwrap_or_default();
    let is_there =
        output_of("cc", &["-print-file-name=libgcc_eh.a"]).is_some_and(|path| Path::new(&path).is_absolute());
    let is_own = env::var("TARGET") == env::var("HOST");
    if is_there && is_own && fs::write(Path::new(&folder).join("libgcc_s.so"), "INPUT(-lgcc_eh)\n").is_ok() {
        println!("cargo:rustc-link-search=native={folder}");
    }
}

/// Returns the commit that is checked out, or `None` if the sources are not a repository of their own.
fn commit() -> Option<String> {
    let root = output_of("git", &["rev-parse", "--show-toplevel"])?;
    if Path::new(&root).canonicalize().ok()? != env::current_dir().ok()?.canonicalize().ok()? {
        return None;
    }
    let log = output_of("git", &["rev-parse", "--git-path", "logs/HEAD"])?;
    if Path::new(&log).is_file() {
        println!("cargo:rerun-if-changed={log}");
    }
    output_of("git", &["rev-parse", "HEAD"]).filter(|commit| is_commit(commit))
}

fn is_commit(text: &str) -> bool {
    text.len() >= 7 && text.chars().all(|letter| letter.is_ascii_hexdigit())
}

/// Returns the output of a program, or `None` if the program fails or is missing.
fn output_of(program: &str, words: &[&str]) -> Option<String> {
    let output = Command::new(program).args(words).output().ok().filter(|output| output.status.success())?;
    Some(String::from_utf8(output.stdout).ok()?.trim().to_owned())
}

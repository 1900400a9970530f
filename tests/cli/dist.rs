//! What makes a release (`dist/`), as far as it needs no other tools and no optimized program: packages of a program
//! that runs the one under test. Whether the released program is right, `dist/try` says.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};

use crate::harness::{Home, Session};

const VERSION: &str = env!("CARGO_PKG_VERSION");

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// A home in which the scripts need no git, and a program in it that runs the real one.
fn releasing() -> (Home, PathBuf) {
    let mut home = Home::new();
    home.set("OPTRA_COMMIT", "0123456789abcdef").set("SOURCE_DATE_EPOCH", "1700000000");
    let program = executable(&home, "built/optra", &format!("exec {} \"$@\"", env!("CARGO_BIN_EXE_optra")));
    (home, program)
}

fn executable(home: &Home, path: &str, script: &str) -> PathBuf {
    let path = home.write(path, format!("#!/bin/sh\n{script}\n"));
    fs::set_permissions(&path, fs::Permissions::from_mode(0o755)).unwrap();
    path
}

fn dist(home: &Home, script: &str, words: &[&Path]) -> Session {
    home.program(root().join("dist").join(script), words).run()
}

fn target(libc: &str) -> String {
    format!("{}-unknown-linux-{libc}", std::env::consts::ARCH)
}

/// `dist/package` has one folder for what it packs, so one test does all that calls it.
#[test]
fn packages_hold_what_users_need_and_are_tried_where_they_run() {
    let (home, program) = releasing();
    let (musl, out) = (target("musl"), home.path("out"));
    let archive = out.join(format!("optra-{VERSION}-{musl}.tar.gz"));
    let pack = || {
        dist(&home, "package", &[Path::new(&musl), &program, &out]).ok();
        fs::read(&archive).unwrap()
    };
    assert!(pack() == pack(), "the same program gives another archive");
    let names = home.program("tar", [Path::new("-tzf"), &archive]).run().ok().out();
    for file in ["optra", "LICENSE", "README.md", "completions/_optra", "man/man1/optra-keys-rotate.1"] {
        assert!(names.lines().any(|name| name == format!("optra-{VERSION}-{musl}/{file}")), "{file} is not in {names}");
    }

    // Beside it lies what does not run here.
    home.write(format!("out/optra-{VERSION}-mips64-unknown-linux-gnu.tar.gz"), "of another machine");
    home.script("cd ../out; sha256sum *.tar.gz > SHA256SUMS").run().ok();
    let tried = dist(&home, "try", &[&out, Path::new("archive")]);
    assert!(tried.ok().out().ends_with("archive: good\n"), "{tried}");
    fs::write(&archive, "something else").unwrap();
    let tried = dist(&home, "try", &[&out, Path::new("archive")]);
    assert!(tried.exits(1).err().contains("its sum is another"), "{tried}");

    the_launcher_runs_the_program(&home);
    packages_depend_on_the_glibc_of_the_program(&home, &program);
}

fn the_launcher_runs_the_program(home: &Home) {
    let main =
        home.write("modules/node_modules/optra/launcher.js", fs::read(root().join("dist/npm/launcher.js")).unwrap());
    let run = || home.program("node", [main.to_str().unwrap(), "--sandbox", "devices", "show", "nowhere"]).run();
    assert!(run().exits(70).err().contains("npm install --include=optional optra"));
    home.script("cp -r ../out/npm/optra-linux-*-musl ../modules/node_modules/").run().ok();
    assert!(run().exits(6).err().contains("there is no device `nowhere`"));
}

fn packages_depend_on_the_glibc_of_the_program(home: &Home, native: &Path) {
    let out = home.path("gnu");
    // Says what it was asked, and what a .deb would depend on.
    executable(home, "tools/cargo", "echo \"$@\"; [ \"$1\" != deb ] || dpkg-shlibdeps");
    home.script("mkdir ../c; cd ../c; echo 'int main(void) { return 0; }' > main.c; cc main.c -o small; cc main.c -o large -Wl,--no-as-needed -lgcc_s")
        .run()
        .ok();
    let pack = |program: &str| {
        let path = format!("{}:{}", home.path("tools").display(), std::env::var("PATH").unwrap());
        let words = [PathBuf::from(target("gnu")), home.path("c").join(program), out.clone()];
        home.program(root().join("dist/package"), words).env("OPTRA_NATIVE", native).env("PATH", path).run()
    };
    let session = pack("large");
    assert!(session.exits(1).err().contains("no package says that the program needs libgcc_s.so.1"), "{session}");
    let said = pack("small").ok().out();
    let between = |before: &str, after: &str| {
        let rest = said.split_once(before).unwrap_or_else(|| panic!("{before} in {said}")).1;
        rest.split_once(after).unwrap().0.to_owned()
    };
    let glibc = between("shlibs:Depends=libc6 (>= ", ")");
    assert!(glibc.starts_with("2."), "{said}");
    assert_eq!(between("requires = { glibc = \">= ", "\""), glibc);
}

#[test]
fn a_build_says_where_the_program_is() {
    let (home, _) = releasing();
    let built = |target: &str| {
        let build = home.program(root().join("dist/build"), [target]);
        build
            .env("CARGO", "true")
            .env("CARGO_TARGET_DIR", "/built")
            .env("HOME", std::env::var("HOME").unwrap())
            .run()
            .ok()
            .out()
    };
    assert_eq!(built("x86_64-pc-windows-gnu"), "/built/x86_64-pc-windows-gnu/release/optra.exe\n");
    assert_eq!(built("aarch64-unknown-linux-gnu.2.17"), "/built/aarch64-unknown-linux-gnu/release/optra\n");
}

//! What makes a release (`dist/`), as far as it needs no other tools and no optimized program: packages of a program
//! that runs the one under test. Whether the released program is right, `dist/try` says.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};

use crate::harness::{Home, Session};

const LICENCES: &str = "THIRD-PARTY-LICENSES.txt";
const VERSION: &str = env!("CARGO_PKG_VERSION");

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// A home in which the scripts need no git, and a program in it that runs the real one.
fn releasing() -> (Home, PathBuf) {
    let mut home = Home::new();
    home.set("OPTRA_COMMIT", "0123456789abcdef").set("SOURCE_DATE_EPOCH", "1700000000");
    cargo_in(&mut home);
    let program = executable(&home, "built/optra", &format!("exec {} \"$@\"", env!("CARGO_BIN_EXE_optra")));
    (home, program)
}

/// Lets scripts ask the cargo that has built this test, for what it has fetched for that.
fn cargo_in(home: &mut Home) {
    home.set("CARGO", env!("CARGO")).set("CARGO_NET_OFFLINE", "true");
    for (variable, folder) in [("CARGO_HOME", ".cargo"), ("RUSTUP_HOME", ".rustup")] {
        let fallback = || Path::new(&std::env::var_os("HOME").unwrap()).join(folder).into_os_string();
        home.set(variable, std::env::var_os(variable).unwrap_or_else(fallback));
    }
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
    for file in ["optra", "LICENSE", LICENCES, "README.md", "completions/_optra", "man/man1/optra-keys-rotate.1"] {
        assert!(names.lines().any(|name| name == format!("optra-{VERSION}-{musl}/{file}")), "{file} is not in {names}");
    }

    let kept = home.program("find", [&out.join("npm")]).run().ok().out();
    assert!(kept.lines().any(|file| file.ends_with(&format!("-musl/{LICENCES}"))), "{kept}");

    // Beside it lies what does not run here.
    home.write(format!("out/optra-{VERSION}-mips64-unknown-linux-gnu.tar.gz"), "of another machine");
    home.script("cd ../out; sha256sum *.tar.gz > SHA256SUMS").run().ok();
    let tried = dist(&home, "try", &[&out, Path::new("archive")]);
    assert!(tried.ok().out().ends_with("archive: good\n"), "{tried}");
    let without = format!(
        "gzip -d {0}; tar --delete -f {1} --wildcards '*/{LICENCES}'; gzip {1}; cd ../out; sha256sum *.tar.gz > SHA256SUMS",
        archive.display(),
        archive.with_extension("").display()
    );
    home.script(&without).run().ok();
    let tried = dist(&home, "try", &[&out, Path::new("archive")]);
    assert!(tried.exits(1).err().contains(&format!("{LICENCES} is missing")), "{tried}");
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

#[test]
fn a_profile_is_made_of_what_people_do() {
    let (mut home, _) = releasing();
    home.set("HOME", home.path("home"));
    // Counters need another build of the program: this one only does what it is told, for a small fleet.
    let program = format!(
        "echo \"$*\" >> {0}/done; [ $1 != sandbox ] || set -- sandbox --fresh --devices 60; exec {1} \"$@\"",
        home.path("").display(),
        env!("CARGO_BIN_EXE_optra")
    );
    executable(&home, "target/counters/here/release/optra", &program);
    executable(
        &home,
        "rust/lib/rustlib/here/bin/llvm-profdata",
        &format!("echo \"$*\" >> {}/done", home.path("").display()),
    );
    let words = format!(
        "case $1 in -vV) echo 'host: here'; echo 'LLVM version: 1.2' ;; *) echo {} ;; esac",
        home.path("rust").display()
    );
    let rustc = executable(&home, "rust/rustc", &words);
    let profile = home.program(root().join("dist/profile"), [] as [&str; 0]).env("RUSTC", rustc).env("CARGO", "true");
    // Settings of whoever makes the release are none of the workload's.
    let profile = profile.env("OPTRA_PROFILE", "prod").env("OPTRA_READ_ONLY", "1");
    let made = profile.env("CARGO_TARGET_DIR", home.path("target")).run();
    let file = home.path("target/counters/optra.profdata");
    assert_eq!((made.ok().out(), made.err().as_str()), (format!("{}\n", file.display()), ""));
    let done = fs::read_to_string(home.path("done")).unwrap();
    for line in ["devices list -o csv", "keys revoke made --yes", &format!("merge -sparse -o {}", file.display())] {
        assert!(done.contains(line), "{line}: {done}");
    }
}

/// Tools that are not here make the other packages; what they are told is.
#[test]
fn no_package_is_without_the_licences_of_what_is_linked() {
    let read = |path: &str| fs::read_to_string(root().join(path)).unwrap();
    let manifest = read("Cargo.toml").parse::<toml_edit::DocumentMut>().unwrap();
    for kind in ["deb", "generate-rpm"] {
        let assets = manifest["package"]["metadata"][kind]["assets"].as_array().unwrap();
        assert!(
            assets.iter().any(|asset| asset.to_string().contains(&format!("stage/{LICENCES}"))),
            "{kind}: {assets}"
        );
    }
    for (path, line) in [
        ("dist/container/Containerfile", format!("COPY LICENSE {LICENCES} ")),
        ("dist/homebrew/optra.rb", format!("doc.install \"{LICENCES}\"")),
        (
            "dist/nix/flake.nix",
            format!("dist/licences ${{pkgs.stdenv.hostPlatform.rust.rustcTarget}} $out/share/doc/optra/{LICENCES}"),
        ),
        ("dist/python/pyproject.toml", format!("license-files = [\"LICENSE\", \"{LICENCES}\"]")),
    ] {
        assert!(read(path).contains(&line), "{path} lacks {line}");
    }

    // It has them where maturin looks for them.
    let (home, _) = releasing();
    executable(&home, "tools/maturin", &format!("head -1 {LICENCES}"));
    let path = format!("{}:{}", home.path("tools").display(), std::env::var("PATH").unwrap());
    let wheel = home.program(root().join("dist/wheel"), [PathBuf::from(target("gnu.2.17")), home.path("out")]);
    let said = wheel.env("PATH", path).run().ok().out();
    assert!(said.starts_with("optra is licensed under MIT."), "{said}");
}

#[test]
fn licences_are_those_of_what_is_linked_and_tell_nothing_of_the_machine() {
    let (home, _) = releasing();
    let ask = |target: &str, file: &str| {
        let file = home.path(file);
        dist(&home, "licences", &[Path::new(target), &file]).ok();
        fs::read_to_string(file).unwrap()
    };
    let text = ask(&target("musl"), "one");
    assert!(text == ask(&target("musl"), "another"), "it differs from run to run");
    let crates: Vec<_> =
        text.lines().take_while(|line| !line.starts_with('=')).filter_map(|line| line.split("  ").next()).collect();
    for linked in ["Rust's standard library", "musl", "aho-corasick", "ring", "zbus"] {
        assert!(crates.contains(&linked), "{linked} is not in {crates:?}");
    }
    // Of tests, of builds, at build time.
    for other in ["optra", "snapbox", "cc", "serde_derive"] {
        assert!(!crates.contains(&other), "{other} is in {crates:?}");
    }
    assert!(text.contains("\nmusl:\n") && !ask(&target("gnu"), "gnu").contains("\nmusl:\n"), "where it is linked");
    let user = PathBuf::from(std::env::var_os("HOME").unwrap());
    for path in [root(), &user, &home.path(""), Path::new("index.crates.io")] {
        assert!(!text.contains(path.to_str().unwrap()), "{} is in it", path.display());
    }
}

/// Writes a package into the home, with these files, and more in its manifest.
fn package(home: &Home, name: &str, more: &str, files: &[(&str, &str)]) {
    let head = format!("[package]\nname = '{name}'\nversion = '1.0.0'\nedition = '2021'\n");
    home.write(format!("crates/{name}/Cargo.toml"), head + more);
    for (file, text) in files.iter().chain(&[("src/lib.rs", "")]) {
        home.write(format!("crates/{name}/{file}"), *text);
    }
}

#[test]
fn licences_of_what_is_linked_are_written_once_and_a_crate_without_any_is_named() {
    let (home, _) = releasing();
    package(
        &home,
        "root",
        "license = 'MIT'
         [dependencies]
         a = { path = '../a' }
         b = { path = '../b' }
         bare = { path = '../bare' }
         derives = { path = '../derives' }
         [dev-dependencies]
         a = { path = '../a', features = ['extra'] }
         tests = { path = '../tests' }
         [build-dependencies]
         builds = { path = '../builds' }
         [target.'cfg(windows)'.dependencies]
         windows = { path = '../windows' }",
        &[("build.rs", "")],
    );
    package(
        &home,
        "a",
        "license = 'MIT/Apache-2.0'
         [dependencies]
         extra = { path = '../extra', optional = true }",
        &[("LICENSE-MIT", "Be kind.\nAlways.\n"), ("license.rs", "source")],
    );
    let vendored = [("COPYING", "\r\nBe  kind. Always."), ("src/vendor/LICENCE.txt", "Be brief.")];
    package(&home, "b", "license = 'MIT'", &vendored);
    // None of these names a licence, so that each would be a failure if it were taken for linked.
    package(&home, "derives", "[lib]\nproc-macro = true\n[dependencies]\nparses = { path = '../parses' }", &[]);
    for other in ["extra", "tests", "builds", "windows", "parses"] {
        package(&home, other, "", &[]);
    }
    let script = home.write("crates/root/dist/licences", fs::read(root().join("dist/licences")).unwrap());
    let file = home.path("licences");
    let ask = |bare: &str| {
        package(
            &home,
            "bare",
            &format!("authors = ['Ann <ann@example.com>']\n{bare}"),
            &[("tests/LICENSE", "of a test")],
        );
        home.script("cd ../crates/root; \"$CARGO\" generate-lockfile").run().ok();
        home.program("python3", [&script, Path::new("x86_64-apple-darwin"), &file]).run()
    };

    ask("license = 'ISC'").ok();
    let rule = "=".repeat(80);
    let written = fs::read_to_string(&file).unwrap();
    let listed = written.split_once("sources.\n\n").unwrap().1;
    assert_eq!(
        listed,
        format!(
            "Rust's standard library         MIT OR Apache-2.0\n\
             a                        1.0.0  MIT OR Apache-2.0\n\
             b                        1.0.0  MIT\n\
             bare                     1.0.0  ISC\n\n\
             {rule}\nThese come without a text of their licence:\n\nbare 1.0.0: ISC; by Ann\n\n\
             {rule}\na 1.0.0 (LICENSE-MIT), b 1.0.0 (COPYING):\n\nBe kind.\nAlways.\n\n\
             {rule}\nb 1.0.0 (src/vendor/LICENCE.txt):\n\nBe brief.\n"
        )
    );

    let session = ask("");
    assert!(session.exits(1).err().contains("bare 1.0.0 names no licence and has no file with one"), "{session}");
    assert_eq!(fs::read_to_string(&file).unwrap(), written, "a refusal writes nothing");
}

//! The forge's workflow of a release (`dist/forge/release.yml`): each of its scripts runs here as the forge runs it, in a
//! copy of the sources of its own, and what jobs hand on goes by the artifacts that the workflow names. Stand-ins take the
//! place of what builds, installs, signs, publishes, or wants root; what the packages are like, `dist/try` says.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};

use serde_yaml_ng::Value;

use crate::harness::Home;

const VERSION: &str = env!("CARGO_PKG_VERSION");

/// What every stand-in begins with: it notes down what it was asked.
const NOTE: &str = r#"#!/bin/bash
set -eu
echo "$(basename "$0") $*" >> "$NOTES"
value() { local found=; for word; do [ "$found" != "$option" ] || { echo "$word"; return; }; found=$word; done; }
"#;

/// Has the form of a program, and does nothing; as a sandbox it waits.
const PROGRAM: &str = r#"#include <stdio.h>
#include <string.h>
#include <unistd.h>
int main(int count, char **words) {
    if (count > 1 && !strcmp(words[1], "sandbox")) {
        puts(": a portal");
        fflush(stdout);
        pause();
    }
    return 0;
}
"#;

/// Builds scripts that run the program under test, and for a glibc what has the form of a program.
const CARGO: &str = r#"case $1 in
  build | zigbuild)
    option=--target target=$(value "$@") target=${target%%.*} program=optra
    case $target in *windows*) program=optra.exe ;; esac
    folder=${CARGO_TARGET_DIR:-target}/$target/release
    mkdir -p "$folder"
    case $target in *-gnu) cp "$ELF" "$folder/$program" ;; *) cp "$NATIVE" "$folder/$program" ;; esac ;;
  deb) option=--target target=$(value "$@") option=--output; case $target in x86_64*) arch=amd64 ;; *) arch=arm64 ;; esac
    echo deb > "$(value "$@")optra_$VERSION-1_$arch.deb" ;;
  generate-rpm) option=--output; echo rpm > "$(value "$@")" ;;
  cyclonedx) option=--override-filename; echo "{}" > "$(value "$@").json" ;;
  metadata | tree) exec "$REAL_CARGO" "$@" ;;
esac"#;

const OTHERS: [(&str, &str); 11] = [
    ("cargo", CARGO),
    (
        "maturin",
        r#"option=--target target=$(value "$@") option=--out; echo whl > "$(value "$@")/optra-$VERSION-py3-none-manylinux_2_17_${target%%-*}.whl""#,
    ),
    (
        "npm",
        r#"option=--pack-destination to=$(value "$@"); for folder; do :; done; tar -czf "$to/$(basename "$folder")-$VERSION.tgz" "$folder""#,
    ),
    ("cosign", r#"option=--bundle; echo signed > "$(value "$@")""#),
    ("gh", r#"mkdir "$PUBLISHED"; for file; do case $file in target/dist/*) cp "$file" "$PUBLISHED/" ;; esac; done"#),
    ("sudo", ""),
    (
        "rustup",
        r#"tools=${0%/*}; case $* in *llvm-tools) cp "$tools/profdata" "$tools/llvm-profdata-$(rustc -vV | sed -n 's/^LLVM version: \([0-9]*\).*/\1/p')" ;; esac"#,
    ),
    // Whatever components this machine has are not those of the forge.
    ("rustc", r#"case $* in '--print sysroot') echo /rust ;; *) PATH=${PATH#*:} exec rustc "$@" ;; esac"#),
    ("profdata", r#"option=-o; echo profile > "$(value "$@")""#),
    ("pip", ""),
    ("brew", r#"case $1 in --prefix) echo /brewed ;; esac"#),
];

struct Forge {
    home: Home,
    workflow: Value,
}

impl Forge {
    fn new() -> Self {
        let mut home = Home::new();
        for (name, script) in OTHERS {
            executable(&home, &format!("tools/{name}"), &format!("{NOTE}{script}\n"));
        }
        let native = executable(&home, "native", &format!("#!/bin/sh\nexec {} \"$@\"\n", env!("CARGO_BIN_EXE_optra")));
        home.write("main.c", PROGRAM);
        home.script("cd ..; cc main.c -o elf").run().ok();
        for (variable, folder) in [("CARGO_HOME", ".cargo"), ("RUSTUP_HOME", ".rustup")] {
            let fallback = || Path::new(&std::env::var_os("HOME").unwrap()).join(folder).into_os_string();
            home.set(variable, std::env::var_os(variable).unwrap_or_else(fallback));
        }
        let path = format!("{}:{}", home.path("tools").display(), std::env::var("PATH").unwrap());
        let (notes, published, elf) = (home.path("notes"), home.path("published"), home.path("elf"));
        home.set("PATH", path).set("NOTES", notes).set("PUBLISHED", published).set("ELF", elf).set("NATIVE", native);
        home.set("REAL_CARGO", env!("CARGO")).set("CARGO_NET_OFFLINE", "true").set("VERSION", VERSION);
        home.set("OPTRA_COMMIT", "0123456789abcdef").set("SOURCE_DATE_EPOCH", "1700000000");
        let paths = home.path("paths");
        home.set("GITHUB_REF_NAME", format!("v{VERSION}")).set("GITHUB_PATH", paths);
        let text = fs::read_to_string(sources().join("dist/forge/release.yml")).unwrap();
        Self { home, workflow: serde_yaml_ng::from_str(&text).unwrap() }
    }

    /// A fresh copy of the sources.
    fn checkout(&self) -> PathBuf {
        let folder = self.home.path("checkout");
        let copy = r#"rm -rf "$0"; mkdir "$0"; cd "$1"; tar --exclude=./target --exclude=./.git -c . | tar -x -C "$0""#;
        let words = ["-ec".as_ref(), copy.as_ref(), folder.as_os_str(), sources().as_os_str()];
        self.home.program("sh", words).run().ok();
        folder
    }

    /// Runs a job in a fresh copy of the sources, with what the forge fills in.
    fn run(&self, job: &str, filled: &[(&str, &str)]) {
        let job = &self.workflow["jobs"][job];
        let folder = self.checkout();
        let system = fill("runner.os == '${{ runner.os }}'", filled);
        for step in job["steps"].as_sequence().unwrap() {
            let fill = |value: &Value| fill(value.as_str().unwrap_or_default(), filled);
            let with = |name: &str| fill(&step["with"][name]);
            match step["uses"].as_str().unwrap_or_default().split('@').next().unwrap() {
                "actions/upload-artifact" => {
                    self.script(
                        &folder,
                        r#"mkdir -p "../artifacts/$0"; [ ! -d "$1" ] || set -- "$1/*"; cp -r $1 "../artifacts/$0/""#,
                        &[&with("name"), &with("path")],
                    );
                }
                "actions/download-artifact" => {
                    self.script(&folder, r#"mkdir -p "$0"; for artifact in ../artifacts/$1; do cp -r "$artifact"/. "$0/"; done; chmod -R a-x,a+X "$0""#, &[&with("path"), &with("pattern")]);
                }
                "" if step["if"].as_str().is_some_and(|condition| condition != system) => {}
                "" => self.script(&folder, &fill(&step["run"]), &[]),
                _ => {}
            }
        }
    }

    fn script(&self, folder: &Path, script: &str, words: &[&str]) {
        self.home.program("bash", ["-ec", script].iter().chain(words)).folder(folder).run().ok();
    }
}

fn sources() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn executable(home: &Home, path: &str, script: &str) -> PathBuf {
    let path = home.write(path, script);
    fs::set_permissions(&path, fs::Permissions::from_mode(0o755)).unwrap();
    path
}

/// What the forge makes of a text with its expressions; one that is not known is a mistake.
fn fill(text: &str, filled: &[(&str, &str)]) -> String {
    let mut parts = text.split("${{");
    let mut whole = parts.next().unwrap().to_owned();
    for part in parts {
        let (name, rest) = part.split_once("}}").unwrap();
        let known = filled.iter().find(|(known, _)| *known == name.trim());
        whole += known.unwrap_or_else(|| panic!("{name} is not known in {text}")).1;
        whole += rest;
    }
    whole
}

#[test]
fn a_tag_becomes_a_release_with_packages_of_all_targets() {
    let forge = Forge::new();
    forge.run("supply", &[("runner.os", "Linux")]);
    let matrix = |job: &str| forge.workflow["jobs"][job]["strategy"]["matrix"].clone();
    let texts = |value: &Value| value.as_sequence().unwrap().clone();
    for target in texts(&matrix("linux")["target"]) {
        forge.run("linux", &[("runner.os", "Linux"), ("matrix.target", target.as_str().unwrap())]);
    }
    for runner in texts(&matrix("elsewhere")["include"]) {
        let system = if runner["runner"].as_str().unwrap().starts_with("macos") { "macOS" } else { "Windows" };
        forge.run("elsewhere", &[("runner.os", system), ("matrix.target", runner["target"].as_str().unwrap())]);
    }
    let address = [("github.server_url", "https://forge.example"), ("github.repository", "someone/optra")];
    forge.run("publish", &[&[("runner.os", "Linux")], &address[..]].concat());

    let list = "ls; sha256sum --check --strict --quiet SHA256SUMS; cut -d' ' -f3 SHA256SUMS > ../summed";
    let published = forge.home.program("sh", ["-euc", list]).folder(forge.home.path("published")).run().ok().out();
    let version = VERSION;
    let wanted = format!(
        "SHA256SUMS
SHA256SUMS.sigstore
optra-{version}-1.aarch64.rpm
optra-{version}-1.x86_64.rpm
optra-{version}-aarch64-apple-darwin.tar.gz
optra-{version}-aarch64-unknown-linux-gnu.tar.gz
optra-{version}-aarch64-unknown-linux-musl.tar.gz
optra-{version}-py3-none-manylinux_2_17_aarch64.whl
optra-{version}-py3-none-manylinux_2_17_x86_64.whl
optra-{version}-x86_64-apple-darwin.tar.gz
optra-{version}-x86_64-pc-windows-msvc.tar.gz
optra-{version}-x86_64-unknown-linux-gnu.tar.gz
optra-{version}-x86_64-unknown-linux-musl.tar.gz
optra-{version}.cdx.json
optra-{version}.tgz
optra-darwin-arm64-{version}.tgz
optra-darwin-x64-{version}.tgz
optra-linux-arm64-gnu-{version}.tgz
optra-linux-arm64-musl-{version}.tgz
optra-linux-x64-gnu-{version}.tgz
optra-linux-x64-musl-{version}.tgz
optra-win32-x64-{version}.tgz
optra.profdata
optra.rb
optra_{version}-1_amd64.deb
optra_{version}-1_arm64.deb
"
    );
    assert_eq!(published, wanted);
    let summed = fs::read_to_string(forge.home.path("summed")).unwrap();
    assert_eq!(summed, wanted.split_once("sigstore\n").unwrap().1, "all but the sums themselves are in them");
    let formula = fs::read_to_string(forge.home.path("published/optra.rb")).unwrap();
    assert!(formula.contains(&format!("\"https://forge.example/someone/optra/releases/download/v{version}/optra-")));

    // Where root is asked for, each kind of package is tried.
    let notes = fs::read_to_string(forge.home.path("notes")).unwrap();
    let tried: Vec<_> = notes.lines().filter(|line| line.contains("dist/try target/dist")).collect();
    for (suite, kind) in ["bookworm", "trixie"]
        .iter()
        .flat_map(|suite| ["archive", "deb", "rpm", "npm", "wheel"].iter().map(move |kind| (suite, kind)))
    {
        let line = tried.iter().find(|line| line.contains(&format!("SUITE={suite}")));
        assert!(line.is_some_and(|line| line.split(' ').any(|word| word == *kind)), "{kind} in {suite}: {tried:?}");
    }
    assert!(tried.iter().any(|line| line.ends_with(" container")), "{tried:?}");
}

#[test]
fn all_of_it_is_made_and_tried_with_one_word() {
    let forge = Forge::new();
    let target = format!("{}-unknown-linux-musl", std::env::consts::ARCH);
    let folder = forge.checkout();
    let session = forge.home.program(folder.join("dist/all"), [&target]).folder(&folder).run();
    assert!(session.ok().out().ends_with("archive: good\n"), "{session}");
    assert!(folder.join("target/dist/SHA256SUMS").exists());
}

#[test]
fn builds_that_differ_or_name_the_machine_are_told() {
    let forge = Forge::new();
    let folder = forge.checkout();
    forge.script(
        &folder,
        "git init -q .; git add dist Cargo.toml; git -c user.name=n -c user.email=e commit -qm all",
        &[],
    );
    let build = |built: &str| {
        let native = forge.home.write("native", built);
        forge
            .home
            .program(folder.join("dist/reproducible"), [&format!("{}-unknown-linux-musl", std::env::consts::ARCH)])
            .env("NATIVE", native)
            .run()
    };
    let session = build("the program");
    assert!(session.ok().out().ends_with("are equal, 11 bytes each.\n"), "{session}");
    let session = build(&format!("the program in {}", forge.home.path("home").display()));
    assert!(session.exits(1).err().contains("is in the program"), "{session}");
    executable(&forge.home, "tools/cargo", &format!("{NOTE}{}", CARGO.replace(r#"cp "$NATIVE" "#, "pwd > ")));
    let session = build("");
    assert!(session.exits(1).err().contains("the two builds differ"), "{session}");
}

/// Windows' git is set up to give each line another end, and its bash does not read that.
#[test]
fn scripts_are_checked_out_as_they_were_committed() {
    let home = Home::new();
    home.write("a/.gitattributes", fs::read(sources().join(".gitattributes")).unwrap());
    home.write("a/build", fs::read(sources().join("dist/build")).unwrap());
    let git = "cd ..; git -C a init -q; git -C a add .; git -C a -c user.name=n -c user.email=e commit -qm all
        git -c core.autocrlf=true clone -q a b; cmp a/build b/build";
    home.script(git).run().ok();
}

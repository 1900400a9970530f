//! The book's recipes, run unchanged, with stand-ins for the programs that they call.

use std::fs;
use std::os::unix::fs::PermissionsExt;

use serde_json::json;

use super::portal;
use crate::harness::Home;

/// Each stand-in records its arguments and stdin, and reads stdin only where the real program would.
const PROGRAMS: [(&str, &str); 4] = [
    // `gh secret set NAME` takes the value from stdin.
    ("gh", r#"[ "$1 $2" = "secret set" ] && [ -n "$3" ] || exit 1; tee "$TAKEN""#),
    // `vault kv put PATH KEY=-` takes the value from stdin.
    ("vault", r#"[ "$1 $2" = "kv put" ] || exit 1; case "$4" in *=-) tee "$TAKEN";; *) exit 1;; esac"#),
    // `op item create -` takes the item as JSON from stdin.
    (
        "op",
        r#"[ "$1 $2 $3" = "item create -" ] || exit 1; node -e 'const i = JSON.parse(require("fs").readFileSync(0)); process.stdout.write(i.fields[0].value)' | tee "$TAKEN""#,
    ),
    // `kubectl create secret generic NAME --from-file=KEY=/dev/stdin` takes the value from stdin.
    (
        "kubectl",
        r#"[ "$1 $2 $3" = "create secret generic" ] || exit 1; case "$5" in --from-file=*=/dev/stdin) tee "$TAKEN";; *) exit 1;; esac"#,
    ),
];

fn recipes() -> Vec<String> {
    let page = fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/docs/how-to/keys.md")).unwrap();
    let section = page.split("## Recipes").nth(1).expect("the section");
    let block = section.split("```sh\n").nth(1).unwrap().split("```").next().unwrap();
    block.split("\n\n").map(str::to_owned).collect()
}

fn with_programs(home: &mut Home) {
    for (name, script) in PROGRAMS {
        let path = home.write(format!("bin/{name}"), format!("#!/bin/sh\n{script}\n"));
        fs::set_permissions(path, fs::Permissions::from_mode(0o755)).unwrap();
    }
    let path = format!("{}:{}", home.path("bin").display(), std::env::var("PATH").unwrap());
    let optra = std::path::Path::new(env!("CARGO_BIN_EXE_optra")).parent().unwrap().display().to_string();
    home.set("PATH", format!("{optra}:{path}"));
}

#[test]
fn every_recipe_delivers_a_key_that_works() {
    let (mut home, _portal) = portal(&[], &json!([]));
    with_programs(&mut home);
    let recipes = recipes();
    assert_eq!(recipes.len(), 5, "{recipes:?}");
    for recipe in recipes {
        let taken = home.path("taken");
        let _ = fs::remove_file(&taken);
        let session = home.script(&recipe).folder(home.path("home")).env("TAKEN", &taken).run();
        session.ok();
        let secret = fs::read_to_string(&taken)
            .or_else(|_| {
                fs::read_to_string(home.path("home/.env")).map(|text| text.trim().replace("OPTRA_API_KEY=", ""))
            })
            .unwrap_or_else(|error| panic!("{recipe}: {error}\n{session}"));
        assert!(!session.to_string().contains(secret.trim()), "{recipe}: {session}");
        home.line("devices list").env("OPTRA_API_KEY", secret).run().ok();
    }
}

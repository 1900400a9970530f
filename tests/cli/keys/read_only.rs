//! `--read-only`: no command sends a mutation.

use serde_json::json;

use super::portal;
use crate::portal::check_of;

#[test]
fn nothing_is_changed_by_option_variable_or_profile() {
    let (home, portal) = portal(&[], &json!([{ "name": "ci" }]));
    let lines = [
        "keys generate",
        "keys ensure --name new",
        "keys revoke ci --yes",
        "keys rotate ci --yes --to stdout",
        "api 'mutation { revokeApiKey(id: \"key-0002\") { id } }'",
    ];
    home.write("config/optra/config.toml", format!("[profiles.p]\nportal = \"{}\"\nread_only = true\n", portal.url));
    for line in lines {
        for (run, by) in [
            (home.run(&format!("{line} --read-only")), "`--read-only`"),
            (home.line(line).env("OPTRA_READ_ONLY", "1").run(), "`OPTRA_READ_ONLY`"),
            (home.line(&format!("{line} --profile p")).run(), "`read_only` of the profile `p`"),
        ] {
            let told = run.exits(7).err();
            let (what, why) = told.split_once('\n').unwrap();
            assert!(what.starts_with("error: this run is read-only"), "{run}");
            assert_eq!(why, format!("hint: It is {by} that says so.\n"), "{run}");
        }
    }
    assert!(portal.operations().is_empty());
    home.run("keys list --read-only").ok();
    home.run("keys revoke ci --dry-run --read-only").ok();
    home.line("keys generate").env("OPTRA_READ_ONLY", "0").run().ok();
}

#[test]
fn a_document_is_judged_by_what_it_is_and_not_by_how_it_reads() {
    let (home, portal) = portal(&[], &json!([{ "name": "ci" }]));
    let api = |document: &str| home.optra(["api", "--read-only", document]).run();
    for harmless in [
        "{ viewer { organization { name } } }",
        "query mutation { devices { data { id } } } # mutation { x }",
        "query Q { mutation: viewer { organization { name } } }",
    ] {
        api(harmless).ok();
    }
    let asked = portal.requests().len();
    for harmful in [
        "#\n  mutation{revokeApiKey(id:\"key-0002\"){id}}",
        "\u{feff}mutation{revokeApiKey(id:\"key-0002\"){id}}",
        "query A { viewer { organization { id } } } mutation B { revokeApiKey(id: \"key-0002\") { id } }",
        "mutation { ...F } fragment F on Mutation { revokeApiKey(id: \"key-0002\") { id } }",
        "mutation { revokeApiKey(id: \"key-0002\") { id }",
        "extend {",
    ] {
        let session = api(harmful);
        assert_eq!(session.exits(7).out(), "", "{session}");
    }
    let operation =
        home.optra(["api", "--read-only", "query A { viewer { apiKey { id } } } mutation B { x }", "--operation", "A"]);
    operation.run().exits(7);
    assert_eq!(portal.requests().len(), asked);
}

#[test]
fn a_check_leaves_out_what_it_may_not_even_ask() {
    let (home, portal) = portal(&[], &json!([]));
    let checks = home.run("portal check --read-only -o json").ok().json();
    assert_eq!(check_of(&checks, "devices.list")["verdict"], "works");
    assert_eq!(check_of(&checks, "keys.generate")["verdict"], "cannot");
    assert!(portal.requests().iter().all(|request| !request.document().contains("mutation")));
}

#[test]
fn a_program_that_is_run_changes_nothing_either() {
    let (home, portal) = portal(&[], &json!([]));
    let session = home.script("optra --read-only run -- optra keys generate --name ro").run();
    assert!(session.exits(7).err().contains("this run is read-only"), "{session}");
    home.script("optra run -- optra keys generate --name rw --to file:rw.key").run().ok();
    let made: Vec<_> = portal.operations().into_iter().filter(|name| name == "KeysGenerate").collect();
    assert_eq!(made.len(), 1);
}

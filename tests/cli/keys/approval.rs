//! `optra keys revoke --apply … --require-approval`: whoever writes a plan does not approve it, and what was approved are its bytes.

use std::fs;

use serde_json::{Value, json};

use super::{asked_to_revoke, portal};
use crate::harness::{FaultProxy, Home, KILLED, ReferenceServer};

const APPLY: &str = "keys revoke --apply plan.json --yes --require-approval 1 --allowed-signers allowed";

const PLAN: &str = "keys revoke --where name='ci-*' --plan plan.json --writer ada@example.com";

/// A portal with a key to revoke, four people with a key each, and a plan of Ada's. Eve is nobody who may sign.
fn world() -> (Home, ReferenceServer) {
    let (home, portal) = portal_with_signers(&json!([{ "name": "ci-1", "createdAt": "2025-01-01T00:00:00Z" }]));
    home.run(PLAN).ok();
    (home, portal)
}

/// The same with these keys, and without a plan.
fn portal_with_signers(keys: &Value) -> (Home, ReferenceServer) {
    let (home, portal) = portal(&[], keys);
    home.script(
        "for who in ada bob carol eve; do ssh-keygen -q -t ed25519 -N '' -C '' -f $who; done
         for who in ada bob carol; do echo \"$who@example.com $(cat $who.pub)\"; done > allowed",
    )
    .run()
    .ok();
    (home, portal)
}

fn sign(home: &Home, who: &[&str]) {
    for who in who {
        sign_for(home, "optra-plan", who, who);
    }
}

fn sign_for(home: &Home, namespace: &str, key: &str, name: &str) {
    home.script(&format!("ssh-keygen -q -Y sign -n {namespace} -f {key} < plan.json > plan.json.{name}.sig"))
        .run()
        .ok();
}

fn allow(home: &Home, lines: &str) {
    home.script(&format!("printf '%s\\n' {lines} > allowed")).run().ok();
}

#[track_caller]
fn refused(home: &Home, portal: &ReferenceServer, line: &str, why: &str) -> String {
    let session = home.run(line);
    assert!(session.exits(7).err().contains(why), "{why}: {session}");
    assert!(asked_to_revoke(&portal.requests()).is_empty(), "{session}");
    session.err()
}

/// Writes the plan anew with another time, as somebody who writes plans by hand does.
fn made(home: &Home, time: &str) {
    let text = fs::read_to_string(home.path("home/plan.json")).unwrap();
    let old = regex::Regex::new(r#""made": "[^"]+""#).unwrap();
    home.write("home/plan.json", old.replace(&text, format!("\"made\": \"{time}\"")).as_bytes());
}

#[test]
fn a_plan_that_another_person_signed_is_applied() {
    let (home, portal) = world();
    sign(&home, &["ada", "bob"]);
    let session = home.run(APPLY);
    let told = session.ok().err();
    assert!(told.contains("Approved by bob@example.com; written by ada@example.com."), "{session}");
    assert_eq!(asked_to_revoke(&portal.requests()), ["key-0002"]);
}

#[test]
fn approval_is_asked_for_a_plan_and_for_nothing_else() {
    let (home, portal) = world();
    for line in [
        "old --yes --require-approval 1 --allowed-signers who",
        "--where name=old --yes --require-approval 1 --allowed-signers who",
        "--where name=old --plan new.json --require-approval 1 --allowed-signers who",
        "old --yes --writer ada@example",
        "--apply plan.json --yes --writer ada@example",
        "old --yes --max 3",
        "--where name=old --yes --ignore-not-found",
    ] {
        home.run(&format!("keys revoke {line}")).exits(2);
    }
    assert!(!portal.operations().contains(&"KeysRevoke".to_owned()));
}

#[test]
fn two_approvals_are_two_people_beside_the_writer() {
    let (home, portal) = world();
    let two = APPLY.replace("approval 1", "approval 2");
    sign(&home, &["ada", "bob"]);
    refused(&home, &portal, &two, "has 1 of 2 approvals: it is approved by bob@example.com");
    // The name that `ssh-keygen` gives a signature is looked for, too.
    home.script("ssh-keygen -q -Y sign -n optra-plan -f carol plan.json").run().ok();
    home.run(&two).ok();
}

#[test]
fn a_plan_that_nobody_signed_or_its_writer_alone_is_refused() {
    let (home, portal) = world();
    let told = refused(&home, &portal, APPLY, "is not signed by `ada@example.com`, who wrote it");
    assert!(told.contains("ssh-keygen -Y sign -n optra-plan -f KEY < plan.json"), "{told}");
    sign(&home, &["ada"]);
    refused(&home, &portal, APPLY, "has 0 of 1 approvals: it is approved by nobody");
    // Who names somebody else as the writer needs a signature of theirs.
    let text = fs::read_to_string(home.path("home/plan.json")).unwrap();
    home.write("home/plan.json", text.replace("ada@", "carol@"));
    sign(&home, &["ada"]);
    refused(&home, &portal, APPLY, "is not signed by `carol@example.com`");
    home.write("home/plan.json", text.replace("\"ada@example.com\"", "null"));
    sign(&home, &["ada", "bob"]);
    refused(&home, &portal, APPLY, "does not say who wrote it");
}

#[test]
fn one_person_counts_once() {
    let (home, portal) = world();
    // One key under two names, and a second signature of it.
    allow(&home, "\"ada@example.com $(cat ada.pub)\" \"ada2@example.com $(cat ada.pub)\"");
    sign(&home, &["ada"]);
    sign_for(&home, "optra-plan", "ada", "again");
    refused(&home, &portal, APPLY, "has 0 of 1 approvals");
    // Two keys under one name.
    allow(&home, "\"ada@example.com $(cat ada.pub)\" \"ada@example.com $(cat bob.pub)\"");
    sign(&home, &["bob"]);
    refused(&home, &portal, APPLY, "has 0 of 1 approvals");
    // Two names in one line.
    allow(&home, "\"ada@example.com,bob@example.com $(cat ada.pub)\" \"bob@example.com $(cat bob.pub)\"");
    refused(&home, &portal, APPLY, "has 0 of 1 approvals");
}

#[test]
fn a_signature_of_other_bytes_people_or_purposes_does_not_count() {
    let (home, portal) = world();
    sign(&home, &["ada", "eve"]);
    let told = refused(&home, &portal, APPLY, "has 0 of 1 approvals");
    assert!(told.contains("`plan.json.eve.sig` does not count: its key is not one of the"), "{told}");
    sign_for(&home, "git", "bob", "bob");
    let told = refused(&home, &portal, APPLY, "has 0 of 1 approvals");
    assert!(told.contains("`plan.json.bob.sig` does not count"), "{told}");
    home.write("home/plan.json.bob.sig", "no signature");
    refused(&home, &portal, APPLY, "has 0 of 1 approvals");
    // What the file of signers says of a signer holds.
    sign(&home, &["bob"]);
    for rule in ["namespaces=\\\"git\\\"", "valid-before=\\\"20250101\\\""] {
        allow(&home, &format!("\"ada@example.com $(cat ada.pub)\" \"bob@example.com {rule} $(cat bob.pub)\""));
        refused(&home, &portal, APPLY, "has 0 of 1 approvals");
    }
    allow(&home, "\"ada@example.com $(cat ada.pub)\" \"bob@example.com $(cat bob.pub)\"");
    let text = fs::read_to_string(home.path("home/plan.json")).unwrap();
    home.write("home/plan.json", format!("{text}\n"));
    refused(&home, &portal, APPLY, "is not signed by `ada@example.com`");
    home.write("home/plan.json", &text);
    home.run(APPLY).ok();
}

#[test]
fn a_plan_that_is_old_or_from_the_future_or_of_no_time_is_refused() {
    let (home, portal) = world();
    for (time, why) in [("2020-01-01T00:00:00Z", "and has expired"), ("2999-01-01T00:00:00Z", "which is in the future")]
    {
        made(&home, time);
        sign(&home, &["ada", "bob"]);
        refused(&home, &portal, APPLY, why);
    }
    made(&home, &(jiff::Timestamp::now() - jiff::SignedDuration::from_hours(2)).to_string());
    sign(&home, &["ada", "bob"]);
    refused(&home, &portal, &format!("{APPLY} --max-age 1h"), "and has expired");
    let text = fs::read_to_string(home.path("home/plan.json")).unwrap();
    home.write("home/plan.json", text.lines().filter(|line| !line.contains("\"made\"")).collect::<String>());
    assert!(home.run(APPLY).exits(2).err().contains("missing field `made`"));
    home.write("home/plan.json", text.replacen('{', "{ \"note\": \"these are tests\",", 1));
    assert!(home.run(APPLY).exits(2).err().contains("unknown field `note`"));
    home.write("home/plan.json", &text);
    home.run(APPLY).ok();
}

#[test]
fn what_decides_about_approval_is_trusted_or_refused() {
    let (home, portal) = world();
    sign(&home, &["ada", "bob"]);
    home.script("chmod 666 allowed").run().ok();
    refused(&home, &portal, APPLY, "can be written by others");
    home.script("chmod 644 allowed; mkdir -p bin; ln -s \"$(command -v optra)\" bin/optra").run().ok();
    let session = home.line(APPLY).env("PATH", home.path("home/bin")).run();
    assert!(session.exits(7).err().contains("there is no `ssh-keygen`"), "{session}");
    home.script("printf '#!/bin/sh\\necho SHA256:x\\n' > bin/ssh-keygen; chmod 777 bin/ssh-keygen").run().ok();
    let session = home.line(APPLY).env("PATH", home.path("home/bin")).run();
    assert!(session.exits(7).err().contains("can be written by others"), "{session}");
    assert!(asked_to_revoke(&portal.requests()).is_empty());
    for line in
        ["--apply plan.json --require-approval 1", "--apply plan.json --require-approval 0 --allowed-signers allowed"]
    {
        home.run(&format!("keys revoke {line} --yes")).exits(2);
    }
    let from_stdin = home.line(&APPLY.replace("plan.json", "-")).stdin(fs::read(home.path("home/plan.json")).unwrap());
    assert!(from_stdin.run().exits(2).err().contains("name it, not `-`"));
}

#[test]
fn an_approved_plan_is_applied_later_where_the_portal_was_gone() {
    let (mut home, portal) = world();
    sign(&home, &["ada", "bob"]);
    home.portal("http://127.0.0.1:9", ReferenceServer::KEY);
    home.run(APPLY).exits(8);
    home.portal(&portal.url, ReferenceServer::KEY);
    home.run(APPLY).ok();
    assert_eq!(asked_to_revoke(&portal.requests()).len(), 1);
    // To apply it once more changes nothing, and is no failure.
    let again = home.run(APPLY);
    assert!(again.ok().err().contains("The key with id key-0002 is gone already: this machine revoked it."), "{again}");
    assert_eq!(asked_to_revoke(&portal.requests()).len(), 1);
    // Where this machine did not revoke it, the plan does not fit any more.
    fs::remove_file(home.path("state/optra/journal/keys.log")).unwrap();
    assert!(home.run(APPLY).exits(7).err().contains("there is no key with id key-0002"));
}

#[test]
fn an_approved_plan_is_finished_where_the_portal_goes_away_between_two_keys() {
    let keys = json!([{ "name": "ci-1" }, { "name": "ci-2" }]);
    let (mut home, portal) = portal_with_signers(&keys);
    let proxy = FaultProxy::away_from(&portal.url, "key-0003");
    home.portal(&proxy.url, ReferenceServer::KEY);
    home.run(PLAN).ok();
    sign(&home, &["ada", "bob"]);
    let cut = home.run(APPLY);
    assert!(cut.exits(3).err().contains("Approved by bob@example.com"), "{cut}");
    assert_eq!(asked_to_revoke(&portal.requests()), ["key-0002"]);
    proxy.come_back();
    let finished = home.run(APPLY);
    assert!(finished.ok().err().contains("The key with id key-0002 is gone already"), "{finished}");
    assert_eq!(asked_to_revoke(&portal.requests()), ["key-0002", "key-0003"]);
}

#[test]
fn an_approved_plan_is_finished_wherever_the_run_is_killed() {
    for at in (1..).step_by(5) {
        let (home, portal) = portal_with_signers(&json!([{ "name": "ci-1" }, { "name": "ci-2" }, { "name": "other" }]));
        home.run(PLAN).ok();
        sign(&home, &["ada", "bob"]);
        let killed = home.line(APPLY).killed_before(at).run();
        home.run(APPLY).ok();
        let keys = home.run("keys list --jq '.[].name'").ok().out();
        assert!(!keys.contains("ci-") && keys.contains("other"), "killed before call {at}: {keys}");
        assert!(asked_to_revoke(&portal.requests()).iter().all(|id| id == "key-0002" || id == "key-0003"));
        home.run("keys log --verify").ok();
        if killed.signal != Some(KILLED) {
            assert!(killed.code == Some(0) && at > 10, "{at}: {killed}");
            break;
        }
    }
}

#[test]
fn a_pattern_names_nobody_and_a_name_in_another_case_is_the_same() {
    let (home, portal) = world();
    allow(
        &home,
        "\"ada@example.com $(cat ada.pub)\" \"*@example.com $(cat bob.pub)\" \"Ada@Example.com $(cat carol.pub)\"",
    );
    sign(&home, &["ada", "bob"]);
    let told = refused(&home, &portal, APPLY, "has 0 of 1 approvals");
    assert!(
        told.contains("plan.json.bob.sig` does not count: `*@example.com` is a pattern, which names nobody"),
        "{told}"
    );
    sign(&home, &["carol"]);
    refused(&home, &portal, APPLY, "has 0 of 1 approvals");
    // One key may have several names in one line.
    allow(&home, "\"ada@example.com,ada@home $(cat ada.pub)\" \"bob@example.com,*@bob.example $(cat bob.pub)\"");
    assert!(home.run(APPLY).ok().err().contains("Approved by bob@example.com; written by ada@example.com."));
}

#[test]
fn the_log_says_who_approved_what() {
    let (home, _portal) = world();
    sign(&home, &["ada", "bob", "carol"]);
    home.run(APPLY).ok();
    let digest = home.script("sha256sum plan.json").run().ok().out();
    for entry in home.run("keys log -o json").json().as_array().unwrap() {
        assert_eq!(entry["plan"].as_str(), digest.split_whitespace().next());
        assert_eq!(entry["writtenBy"], "ada@example.com");
        assert_eq!(entry["approvedBy"], json!(["bob@example.com", "carol@example.com"]));
    }
    home.run("keys log --verify").ok();
}

#[test]
fn an_ssh_keygen_that_does_not_end_is_not_waited_for() {
    let (mut home, portal) = world();
    sign(&home, &["ada"]);
    home.script("mkdir bin; printf '#!/bin/sh\nexec yes\n' > bin/ssh-keygen; chmod 755 bin bin/ssh-keygen").run().ok();
    let path = format!("{}:{}", home.path("home/bin").display(), std::env::var("PATH").unwrap_or_default());
    home.set("PATH", path);
    let told = refused(&home, &portal, APPLY, "is not signed by `ada@example.com`");
    assert!(told.contains("plan.json.ada.sig` does not count: `ssh-keygen` did not end within 10 s"), "{told}");
}

#[test]
fn a_certificate_gives_a_key_no_second_person() {
    let (home, portal) = world();
    home.script(
        "ssh-keygen -q -t ed25519 -N '' -C '' -f ca; echo \"*@example.com cert-authority $(cat ca.pub)\" > allowed
         for name in 'ada@example.com' 'bob SHA256:other@example.com'; do
           ssh-keygen -q -s ca -I id -n \"$name\" eve.pub
           ssh-keygen -q -Y sign -n optra-plan -f eve-cert.pub < plan.json > plan.json.${name%% *}.sig
           rm eve-cert.pub
         done",
    )
    .run()
    .ok();
    refused(&home, &portal, APPLY, "has 0 of 1 approvals");
}

#[test]
fn what_is_checked_is_what_counts() {
    let (home, portal) = world();
    sign(&home, &["ada", "bob"]);
    // `-` is the name of a file here, and not of stdin: what nobody vouches for is not read from either.
    home.script("cp allowed ./-; chmod 666 ./-").run().ok();
    let session = home.run(&APPLY.replace("signers allowed", "signers -"));
    assert!(session.exits(7).err().contains("can be written by others"), "{session}");
    assert!(asked_to_revoke(&portal.requests()).is_empty());
}

#[test]
fn a_signature_that_is_none_is_told_and_not_waited_for() {
    let (home, portal) = world();
    sign(&home, &["ada"]);
    home.script("truncate -s 1G plan.json.large.sig; mkfifo plan.json.pipe.sig; echo no > plan.json.text.sig")
        .run()
        .ok();
    let told = refused(&home, &portal, APPLY, "has 0 of 1 approvals");
    for why in
        ["large.sig` does not count: it is larger than 64 KiB", "pipe.sig` does not count: it is no regular file"]
    {
        assert!(told.contains(why), "{told}");
    }
    assert!(told.contains("text.sig` does not count: ") && !told.contains("not one of the allowed"), "{told}");
}

//! `optra keys log` says who made a change, why, and with which request; no secret gets into the log that way.

use std::fs;

use serde_json::{Value, json};
use snapbox::{assert_data_eq, str};

use super::{home_of, listing, portal, revoked, viewer};
use crate::harness::{Answer, Home, MockServer, ReferenceServer, Session};

/// Returns these members of each entry.
fn members(home: &Home, names: &[&str]) -> Vec<Value> {
    let log = home.run("keys log -o json").ok().json();
    let pick = |entry: &Value| Value::Array(names.iter().map(|name| entry[name].clone()).collect());
    log.as_array().unwrap().iter().map(pick).collect()
}

fn log_file(home: &Home) -> String {
    fs::read_to_string(home.path("state/optra/journal/keys.log")).unwrap()
}

#[test]
fn every_entry_says_who_and_every_answer_which_request() {
    let (mut home, _portal) = portal(&["--request-ids"], &json!([{ "name": "ci" }]));
    home.set("USER", "alice");
    home.run("keys generate --name report").ok();
    home.run("keys revoke ci --yes").ok();
    let host = home.script("uname -n").run().ok().out().trim().to_owned();
    assert_eq!(
        members(&home, &["action", "result", "requestId", "user", "host", "job", "actor", "reason"]),
        [
            json!(["generate", "asked", null, "alice", host, null, null, null]),
            json!(["generate", "done", "request-0002", "alice", host, null, null, null]),
            json!(["revoke", "asked", null, "alice", host, null, null, null]),
            json!(["revoke", "done", "request-0005", "alice", host, null, null, null]),
        ]
    );
}

#[test]
fn a_user_without_a_name_has_a_number() {
    let (home, _portal) = portal(&[], &json!([]));
    home.run("keys generate --name report").ok();
    let number = home.script("id -u").run().ok().out().trim().to_owned();
    assert_eq!(members(&home, &["user"])[0], json!([format!("uid {number}")]));
}

#[test]
fn a_job_of_ci_is_found_again() {
    let (home, _portal) = portal(&[], &json!([]));
    let github = [
        ("GITHUB_ACTIONS", "true"),
        ("GITHUB_SERVER_URL", "https://github.example"),
        ("GITHUB_REPOSITORY", "fleet/robots"),
        ("GITHUB_RUN_ID", "4711"),
        ("GITHUB_ACTOR", "bob"),
    ];
    let cases: [(&[(&str, &str)], Value); 7] = [
        (&github, json!(["https://github.example/fleet/robots/actions/runs/4711", "bob"])),
        (&[github[0], github[2], github[3]], json!(["fleet/robots run 4711", null])),
        (
            &[("GITLAB_CI", "true"), ("CI_JOB_URL", "https://gitlab.example/j/7"), ("GITLAB_USER_LOGIN", "eve")],
            json!(["https://gitlab.example/j/7", "eve"]),
        ),
        (&[("GITLAB_CI", "true"), ("CI_JOB_ID", "7")], json!(["job 7", null])),
        (
            &[("JENKINS_URL", "https://j.example"), ("BUILD_URL", "https://j.example/job/a/1/")],
            json!(["https://j.example/job/a/1/", null]),
        ),
        (
            &[("TF_BUILD", "True"), ("BUILD_BUILDURI", "vstfs:///Build/Build/9"), ("BUILD_REQUESTEDFOR", "Dana X")],
            json!(["vstfs:///Build/Build/9", "Dana X"]),
        ),
        (&[("GITLAB_CI", "true"), ("CI_JOB_URL", "two\nlines")], json!([null, null])),
    ];
    for (n, (variables, told)) in cases.into_iter().enumerate() {
        let mut run = home.line(&format!("keys generate --name job-{n}"));
        for (name, value) in variables {
            run = run.env(name, value);
        }
        run.run().ok();
        assert_eq!(members(&home, &["job", "actor"]).last(), Some(&told), "{variables:?}");
    }
}

#[test]
fn a_reason_is_noted_by_every_verb_that_changes_keys() {
    let (home, _portal) = portal(&[], &json!([{ "name": "old" }]));
    let verbs = [
        ("keys generate --name report --reason 'OPS-1: a report'", "OPS-1: a report", 2),
        ("keys ensure --name dash --reason OPS-2", "OPS-2", 2),
        ("keys rotate old --yes --to file:old.key --reason OPS-3", "OPS-3", 4),
        ("keys revoke dash --yes --reason ' größer '", "größer", 2),
    ];
    for (line, reason, entries) in verbs {
        home.run(line).ok();
        let all = members(&home, &["reason"]);
        assert_eq!(all[all.len() - entries..], vec![json!([reason]); entries], "{line}");
    }
    home.line("keys revoke report --yes").env("OPTRA_REASON", "OPS-4").run().ok();
    home.line("keys generate --name x --reason OPS-5").env("OPTRA_REASON", "OPS-4").run().ok();
    let all = members(&home, &["reason"]);
    assert_eq!(all[all.len() - 3..], [json!(["OPS-4"]), json!(["OPS-5"]), json!(["OPS-5"])]);
}

#[test]
fn a_reason_ends_with_the_access_that_it_ends() {
    let portal = ReferenceServer::start(&[]);
    let home = Home::new();
    home.write("key", ReferenceServer::KEY);
    let key = home.path("key");
    home.script(&format!("chmod 600 {}", key.display())).run().ok();
    home.run(&format!("auth login --portal {} --store file --key-file '{}'", portal.url, key.display())).ok();
    home.run("auth logout --revoke --yes --accept-risk lose-access --reason 'laptop lost'").ok();
    assert_eq!(members(&home, &["command", "reason"])[1], json!(["auth logout", "laptop lost"]));
    home.run("auth logout --reason x").exits(2);
}

#[test]
fn a_rotation_that_is_gone_on_with_keeps_its_reason() {
    let (home, _portal) = portal(&[], &json!([{ "name": "old" }]));
    let file = home.path("old.key");
    let rotate = format!("keys rotate old --yes --to 'file:{}' --hook false --reason OPS-7", file.display());
    let session = home.run(&rotate);
    assert_ne!(session.code, Some(0), "{session}");
    home.script("optra keys rotate --resume || optra keys rotate --abort").run().ok();
    let all = members(&home, &["reason"]);
    assert!(all.iter().all(|entry| *entry == json!(["OPS-7"])), "{all:?}");
}

#[test]
fn a_secret_in_a_reason_is_masked() {
    let (home, _portal) = portal(&[], &json!([]));
    let unknown = "Zq7vN2xK9mB4tR6wPc3s";
    for secret in [ReferenceServer::KEY, unknown] {
        let session = home.run(&format!("keys generate --name a --reason 'in place of {secret}'"));
        assert!(session.ok().err().contains("warning: a word of the reason looks like a key"), "{session}");
        assert_eq!(members(&home, &["reason"]).last(), Some(&json!(["in place of [secret]"])));
        assert!(!log_file(&home).contains(secret));
    }
    let session = home.run("keys generate --name a --reason 'see https://tickets.example/INC0012345678901'");
    assert!(!session.ok().err().contains("looks like a key"), "{session}");
}

#[test]
fn a_reason_is_one_line_and_not_too_long() {
    let (home, portal) = portal(&[], &json!([]));
    for (reason, problem) in [
        ("a\nb".to_owned(), "is more than one line, or has control characters in it"),
        (" ".to_owned(), "says nothing"),
        ("x".repeat(201), "has 201 characters, and 200 are the most"),
    ] {
        let session = home.optra(["keys", "generate", "--reason", &reason]).run();
        assert!(session.exits(2).err().contains(problem), "{session}");
        let session = home.line("keys generate").env("OPTRA_REASON", &reason).run();
        assert!(session.exits(11).err().contains(&format!("`OPTRA_REASON` {problem}")), "{session}");
    }
    assert!(portal.operations().is_empty());
}

#[test]
fn a_table_has_what_a_person_needs_at_eighty_columns() {
    let (mut home, _portal) = portal(&["--request-ids"], &json!([{ "name": "ci" }]));
    home.set("USER", "alice").set("COLUMNS", "80");
    home.run("keys revoke ci --yes --reason 'OPS-1: nobody uses it'").ok();
    let table = |line: &str| {
        let session: Session = home.run(line);
        // A time is shorter if it ends with zeros, and is padded with spaces.
        let time = regex::Regex::new(r"(?m)^(?:time|\d{4}-\S+Z) +").unwrap();
        time.replace_all(&session.ok().out(), "<time>  ").into_owned()
    };
    assert_data_eq!(
        table("keys log --fields time,action,ids,result,reason,user,requestId"),
        str![[r#"
<time>  action  ids       result  reason                 user   requestId
<time>  revoke  key-0002  asked   OPS-1: nobody uses it  alice  -
<time>  revoke  key-0002  done    OPS-1: nobody uses it  alice  request-0003

"#]]
    );
    let header = home.run("keys log -o csv").ok().out();
    assert_data_eq!(
        header.lines().next().unwrap(),
        str![
            "time,portal,profile,command,action,ids,name,result,requestId,reason,user,host,job,actor,plan,writtenBy,approvedBy"
        ]
    );
}

#[test]
fn a_request_whose_answer_says_nothing_is_found_again_too() {
    let fault = Answer::new(502, "text/html", "<h1>Bad gateway").header("x-request-id", "gateway-7");
    let script = MockServer::new()
        .lenient()
        .answer("AuthViewer", viewer("k-1"))
        .answer("KeysList", listing(&[("k-1", "admin"), ("k-2", "ci")]))
        .answer("KeysRevoke", fault.clone())
        .answer("KeysRevoke", revoked("k-2").header("cf-ray", "8f3c-AMS"))
        .answer("KeysGenerate", fault);
    let home = home_of(&script);
    assert!(home.run("keys revoke ci --yes").exits(8).err().contains("\nrequest: gateway-7\n"));
    home.run("keys revoke ci --yes").exits(1);
    assert_eq!(home.run("keys generate --name ci -o json").exits(8).error()["request_id"], "gateway-7");
    let entries = members(&home, &["action", "result", "requestId"]);
    assert_eq!(entries[1], json!(["revoke", "failed", "gateway-7"]));
    assert_eq!(entries[3], json!(["revoke", "failed", "8f3c-AMS"]));
    assert_eq!(entries[5], json!(["generate", "unknown", "gateway-7"]));
}

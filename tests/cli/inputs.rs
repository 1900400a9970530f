//! Input from files and stdin: limited in size, read as text, and rejected with the reason.

use std::fs;

use serde_json::json;

use crate::harness::{Answer, Home, MockServer, ReferenceServer};

fn at_portal() -> (Home, MockServer) {
    let mut home = Home::new();
    let script = MockServer::new().answer("*", Answer::data(json!({"devices": {"total": 1}})));
    home.portal(&script.url, "key-of-a-script");
    (home, script)
}

#[test]
fn what_has_no_end_is_not_read_without_end() {
    let home = Home::new();
    for line in [
        "--sandbox api -f /dev/zero",
        "--sandbox api '{ a }' -F v=@/dev/zero",
        "--sandbox keys revoke --apply /dev/zero --yes",
        "portal bind devices.list -f /dev/zero",
    ] {
        assert!(home.run(line).exits(2).err().contains("it is larger than 16 MiB"), "{line}");
    }
    let endless = ["api -", "api -f -", "api '{ a }' -F v=@-", "keys revoke - --yes"];
    for line in endless {
        assert!(
            home.script(&format!("optra --sandbox {line} < /dev/zero")).run().exits(2).err().contains("16 MiB"),
            "{line}"
        );
    }
}

#[test]
fn a_mark_of_byte_order_is_no_part_of_a_text() {
    let (home, script) = at_portal();
    home.write("home/marked.graphql", "\u{feff}{ devices { total } }");
    home.run("api -f marked.graphql").ok();
    assert_eq!(script.requests()[0].document(), "{ devices { total } }");
    // All other text files that people write, with a byte order mark as some editors save it.
    let marked = |text: &str| format!("\u{feff}{text}");
    let mut user = Home::new();
    let portal = ReferenceServer::start(&[]);
    user.portal(&portal.url, ReferenceServer::KEY);
    user.write("config/optra/queries/kept.graphql", marked("{ devices { data { id } } }"));
    user.run("query kept").ok();
    user.line("portal bind devices.list -f -").stdin(marked("{ devices { data { id name } } }")).run().ok();
    user.run("devices list --allow-partial").ok();
    for name in ["one", "two"] {
        user.run(&format!("keys generate --name {name} --to file:{name}")).ok();
    }
    user.run("keys revoke --where name=two --plan plan.json").ok();
    let plan = fs::read_to_string(user.path("home/plan.json")).unwrap();
    user.write("home/plan.json", marked(&plan));
    user.run("keys revoke --apply plan.json --yes").ok();
    user.line("keys revoke - --yes").stdin(marked("one\r\n")).run().ok();
    user.write("config/optra/config.toml", marked("[profiles.default]\nportal = \"https://portal.example\"\n"));
    user.run("auth status").ok();
    user.run("auth switch default").ok();
}

#[test]
fn what_is_no_text_is_named_with_its_line() {
    let home = Home::new();
    home.write("home/latin.graphql", b"{\n  devices(name: \"Z\xfcrich\") { total }\n}\n");
    let session = home.run("--sandbox api -f latin.graphql");
    assert!(session.exits(2).err().contains("it is not valid UTF-8, at line 2"), "{session}");
}

#[test]
fn deep_and_long_answers_end_in_an_error_and_not_in_a_crash() {
    let deep = format!("{{\"data\":{{\"a\":{}{}}}}}", "[".repeat(100_000), "]".repeat(100_000));
    let nested = format!("{{\"data\":{}1{}}}", "{\"a\":[".repeat(20_000), "]}".repeat(20_000));
    for body in [deep, nested] {
        let mut home = Home::new();
        let script = MockServer::new().answer("*", Answer::new(200, "application/json", body.as_bytes()));
        home.portal(&script.url, "key-of-a-script");
        let api = |further: &[&str]| {
            home.optra([&["api"][..], further, &["query ($after: String) { a(after: $after) }"]].concat()).run()
        };
        assert!(api(&["--jq", ".data"]).exits(1).err().contains("512 deep"));
        api(&["--template", "x"]).exits(1);
        api(&["--paginate"]).exits(2);
        api(&[]).ok();
    }
}

#[test]
fn a_word_of_a_hundred_thousand_letters_is_refused_without_being_looked_at_for_ever() {
    let home = Home::new();
    let length = 100_000;
    let mixed: String =
        (0..length).map(|n: u32| char::from(b'a' + (n.wrapping_mul(2_654_435_761) >> 24) as u8 % 26)).collect();
    for letters in ["x".repeat(length as usize), "ab".repeat(length as usize / 2), mixed] {
        let session = home.optra(["devices", "list", "--header", &format!("X-Key={letters}")]).run();
        let told = "invalid value `X-Key=[secret]` for `--header <NAME=PLACE>`";
        assert!(session.exits(2).err().contains(told) && session.err().len() < 1000, "{session}");
    }
}

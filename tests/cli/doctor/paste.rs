//! The output of `optra doctor` is safe to paste, wherever a secret was planted.

use serde_json::json;

use super::{set_mode, usual};
use crate::harness::{Answer, Home, MockServer};

/// A secret that tells where it was planted.
fn planted(place: &str) -> String {
    format!("k7Wq{place}3x-hunter2-PjR5vTn9-LmZx81")
}

#[test]
fn a_secret_that_is_planted_anywhere_leaves_in_no_byte() {
    let portal = MockServer::new().lenient().answer(
        "*",
        Answer::json(
            401,
            json!({ "errors": [{ "message": planted("answer"), "extensions": { "code": planted("code") } }] }),
        )
        .header("date", &planted("date")),
    );
    let mut home = Home::new();
    home.set("OPTRA_HEADERS", "X-Access=env:ACCESS").set("ACCESS", planted("header"));
    home.set("HTTPS_PROXY", format!("http://user:{}@127.0.0.1:1", planted("proxy")));
    let config = |portal: &str, store: &str| {
        format!(
            "{} = 1\n[profiles.default]\nportal = \"{portal}\"\nstore = \"{store}\"\ncommand = \"sh -c 'echo {}; exit 1'\"\n\
             key_id = \"{}\"\n[profiles.default.variables]\ntoken = \"{}\"\n",
            planted("entry"),
            planted("command"),
            planted("id"),
            planted("variable")
        )
    };
    home.write("home/key.pem", planted("pem"));
    let mut runs = Vec::new();
    for url in [
        portal.url.clone(),
        format!("https://user:{}@portal.example", planted("url")),
        format!("https://portal.example/?key={}", planted("query")),
        planted("bare"),
        "https://portal.example".to_owned(),
    ] {
        for store in ["file", "command", "keyring", &planted("store")] {
            home.write("config/optra/config.toml", config(&url, store));
            let key = home.write("config/optra/keys/default.key", format!("{}\nportal {url}\n", planted("file")));
            set_mode(&key, if store == "keyring" { 0o644 } else { 0o600 });
            set_mode(key.parent().unwrap(), 0o700);
            runs.push(home.run("--timeout 2s doctor"));
            runs.push(home.run("--timeout 2s doctor -v -o json"));
        }
    }
    home.write("config/optra/config.toml", format!("[profiles.default]\nportal = {}", planted("toml")));
    runs.push(home.run("doctor"));
    home.write("config/optra/config.toml", "");
    home.write("state/optra/journal/rotation-x.json", format!("{{ \"version\": \"{}\" }}", planted("journal")));
    for (variable, value) in [
        ("OPTRA_API_KEY", planted("key")),
        ("OPTRA_PORTAL_URL", format!("https://{}@portal.example", planted("user"))),
        ("OPTRA_API_URL", planted("other-url")),
        ("OPTRA_OUTPUT", planted("output")),
        ("OPTRA_TIMEOUT", planted("timeout")),
        ("OPTRA_RETRIES", planted("retries")),
        ("OPTRA_PROFILE", planted("profile")),
        ("OPTRA_CACERT", planted("cacert")),
        ("OPTRA_HEADERS", format!("X: {}", planted("value"))),
        ("OPTRA_CLIENT_CERT", planted("certificate")),
        ("OPTRA_READ_ONLY", planted("read-only")),
    ] {
        runs.push(home.line("--timeout 2s doctor").env(variable, value).run());
    }
    let words = format!("--timeout 2s --portal https://u:{0}@portal.example --header X={0} doctor", planted("typed"));
    runs.push(home.run(&words));
    for session in &runs {
        assert!(!session.to_string().contains("hunter2"), "this leaks:\n{session}");
        assert!(session.code.is_some_and(|code| [0, 1, 2].contains(&code)), "{session}");
    }
    let unsaid = usual(&home, "doctor").run();
    assert!(
        !unsaid.to_string().contains(home.path("home").to_str().unwrap()),
        "the home directory is a tilde:\n{unsaid}"
    );
}

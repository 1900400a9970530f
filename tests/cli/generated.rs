//! What is generated and committed is what the program prints today. `just update` rewrites it.

use snapbox::{assert_data_eq, file};

use crate::harness::Home;

#[test]
fn completions_are_those_of_the_command_tree() {
    for (shell, file) in [
        ("bash", file!["../../completions/optra.bash"]),
        ("elvish", file!["../../completions/optra.elv"]),
        ("fish", file!["../../completions/optra.fish"]),
        ("powershell", file!["../../completions/_optra.ps1"]),
        ("zsh", file!["../../completions/_optra"]),
    ] {
        let session = Home::new().run(&format!("completions {shell}"));
        session.ok();
        assert_data_eq!(session.out(), file.raw());
    }
}

#[test]
fn completions_of_the_shell_at_hand_can_be_read() {
    let session = Home::new().script("optra completions bash > optra.bash; bash -n optra.bash").run();
    session.ok();
}

#[test]
fn a_shell_completes_the_names_that_this_machine_knows() {
    let home = Home::new();
    home.write("config/optra/config.toml", "[profiles.staging]\nportal = \"https://portal.example\"\n");
    home.write("config/optra/queries/fleet.graphql", "query ($status: String) { devices { data { id } } }");
    home.write("config/optra/queries/broken.graphql", "query {");
    let complete = |words: &str| {
        let script = format!(
            "source <(OPTRA_COMPLETE=bash optra); COMP_WORDS=(optra {words}); COMP_CWORD=$((${{#COMP_WORDS[@]}} - 1)); COMP_TYPE=9
             _clap_complete_optra optra \"${{COMP_WORDS[COMP_CWORD]}}\" ''; printf '%s\\n' \"${{COMPREPLY[@]}}\""
        );
        let session = home.script(&format!("bash -c {}", shell_words(&script))).run();
        assert_eq!(session.ok().err(), "");
        session.out().lines().map(|line| line.trim().to_owned()).collect::<Vec<_>>()
    };
    assert_eq!(complete("--profile ''"), ["staging"]);
    assert_eq!(complete("query fleet --sta"), ["--status"]);
    let documents = complete("query ''");
    assert!(documents.contains(&"fleet".to_owned()) && !documents.contains(&"broken".to_owned()), "{documents:?}");
    // Another shell's name, and a home that is none, are passed over in silence.
    assert_eq!(home.line("--version").env("OPTRA_COMPLETE", "nosuchshell").run().ok().err(), "");
}

fn shell_words(text: &str) -> String {
    format!("'{}'", text.replace('\'', "'\\''"))
}

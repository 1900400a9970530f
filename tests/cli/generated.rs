//! Generated files that are committed match what the program prints today. `just update` rewrites them.

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

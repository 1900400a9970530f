//! Lines that a person pastes into a shell: in PowerShell syntax on Windows, elsewhere in the syntax that the other
//! supported shells share.

use std::path::Path;

/// Returns a line that sets these variables for everything that the same shell runs.
pub fn assignments(variables: &[(&str, &str)]) -> String {
    in_words_of(cfg!(windows), variables)
}

fn in_words_of(powershell: bool, variables: &[(&str, &str)]) -> String {
    if powershell {
        let one = |(name, value): &(&str, &str)| format!("$env:{name} = '{}'", value.replace('\'', "''"));
        return variables.iter().map(one).collect::<Vec<_>>().join("; ");
    }
    let one = |(name, value): &(&str, &str)| format!(" {name}={value}");
    format!("export{}", variables.iter().map(one).collect::<String>())
}

/// Returns a command that creates a directory and its parents.
pub fn make_directory(path: &Path) -> String {
    let path = path.to_string_lossy();
    format!("mkdir {}{}", if cfg!(windows) { "" } else { "-p " }, shell_words::quote(&path))
}

/// Returns a line that assigns the output of a command to a shell variable.
pub fn capture(name: &str, command: &str) -> String {
    if cfg!(windows) { format!("${name} = {command}") } else { format!("{name}=$({command})") }
}

#[cfg(test)]
mod tests {
    use super::in_words_of;

    #[test]
    fn a_variable_is_set_in_the_syntax_of_the_shell() {
        let variables = [("OPTRA_PORTAL_URL", "http://127.0.0.1:1"), ("OPTRA_API_KEY", "k'7")];
        assert_eq!(
            in_words_of(true, &variables),
            "$env:OPTRA_PORTAL_URL = 'http://127.0.0.1:1'; $env:OPTRA_API_KEY = 'k''7'"
        );
        assert_eq!(in_words_of(false, &variables[..1]), "export OPTRA_PORTAL_URL=http://127.0.0.1:1");
    }
}

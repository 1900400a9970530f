//! Lines that a person pastes into a shell: on Windows the words of PowerShell, which is the usual one there, else those that all
//! other shells of ours share.

use std::path::Path;

/// Returns what sets these variables for all that is run from the same shell.
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

/// Returns what makes a directory with all that lead to it.
pub fn make_directory(path: &Path) -> String {
    let path = path.to_string_lossy();
    format!("mkdir {}{}", if cfg!(windows) { "" } else { "-p " }, shell_words::quote(&path))
}

/// Returns what takes the output of a command into a variable of the shell.
pub fn taken(name: &str, command: &str) -> String {
    if cfg!(windows) { format!("${name} = {command}") } else { format!("{name}=$({command})") }
}

#[cfg(test)]
mod tests {
    use super::in_words_of;

    #[test]
    fn a_variable_is_set_in_the_words_of_the_shell() {
        let variables = [("OPTRA_PORTAL_URL", "http://127.0.0.1:1"), ("OPTRA_API_KEY", "k'7")];
        assert_eq!(
            in_words_of(true, &variables),
            "$env:OPTRA_PORTAL_URL = 'http://127.0.0.1:1'; $env:OPTRA_API_KEY = 'k''7'"
        );
        assert_eq!(in_words_of(false, &variables[..1]), "export OPTRA_PORTAL_URL=http://127.0.0.1:1");
    }
}

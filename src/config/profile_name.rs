//! Which names a profile may have.

/// The longest profile name, in bytes: with every byte escaped it is still a valid file name.
const LONGEST_NAME: usize = 80;

/// Reads a profile name: any visible text.
pub fn profile_name(text: &str) -> Result<String, String> {
    if text.trim().is_empty() || text.chars().any(char::is_control) {
        return Err("a profile has a name without control characters".to_owned());
    }
    if text.len() > LONGEST_NAME {
        return Err(format!("the name of a profile has at most {LONGEST_NAME} bytes"));
    }
    Ok(text.to_owned())
}

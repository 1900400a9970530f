//! What a profile may be called.

/// The longest name of a profile, in bytes: with every byte escaped it still is the name of a file.
const LONGEST_NAME: usize = 80;

/// Reads the name of a profile: any text that a person can see.
pub fn profile_name(text: &str) -> Result<String, String> {
    if text.trim().is_empty() || text.chars().any(char::is_control) {
        return Err("a profile has a name without control characters".to_owned());
    }
    if text.len() > LONGEST_NAME {
        return Err(format!("the name of a profile has at most {LONGEST_NAME} bytes"));
    }
    Ok(text.to_owned())
}

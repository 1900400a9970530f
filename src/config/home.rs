//! The home directory, and paths that begin with it.

use std::path::{Path, PathBuf};

use super::error::Error;

/// Reads a path and expands `~`, for paths that the shell does not expand: after a colon or an equals sign, or in
/// quotes.
pub fn path(text: &str) -> Result<PathBuf, String> {
    if text.is_empty() { Err("is empty".to_owned()) } else { expanded(Path::new(text)) }
}

/// Expands a `~` at the beginning of a path. Refuses `~user`.
pub fn expanded(path: &Path) -> Result<PathBuf, String> {
    let mut parts = path.components();
    let first = parts.next().map(|first| first.as_os_str().to_string_lossy().into_owned()).unwrap_or_default();
    match first.strip_prefix('~') {
        None => Ok(path.to_owned()),
        Some("") => home().map(|home| home.join(parts.as_path())).map_err(|error| error.to_string()),
        Some(user) => Err(format!("begins with `{first}`; write the home directory of `{user}` out, or `./{first}`")),
    }
}

/// Returns the home directory. Refuses a relative one, which would depend on the current directory.
pub fn home() -> Result<PathBuf, Error> {
    let home = etcetera::home_dir().map_err(|_| Error::NoHome)?;
    if home.is_absolute() {
        return Ok(home);
    }
    let problem = format!("is `{}`, which is not an absolute path", home.display());
    Err(Error::Invalid { what: "`HOME`".into(), problem })
}

#[cfg(test)]
mod tests {
    use super::path;

    #[test]
    fn a_tilde_is_the_home_directory_at_the_beginning_only() {
        for plain in ["a", "/a/~", "a~b", "./~x", " "] {
            assert_eq!(path(plain).unwrap().to_str(), Some(plain));
        }
        assert!(path("~/k").unwrap().ends_with("k") && path("~/k").unwrap().is_absolute());
        assert!(path("").is_err());
        assert!(path("~root/k").unwrap_err().contains("`./~root`"));
    }
}

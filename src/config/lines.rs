//! Finds the line of each entry in `config.toml`, to show where a setting comes from. It validates nothing.

use std::collections::BTreeMap;
use std::path::Path;

use toml_edit::{Document, Item, TableLike};

use super::file::text;

/// An entry of the file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Line {
    /// The line number, from 1.
    pub number: usize,
    /// The value, if it is a string, a number or a boolean.
    pub value: Option<String>,
}

/// Returns the entries by their full names, such as `profiles.default.portal`; empty if the file cannot be parsed.
pub fn lines(path: &Path) -> BTreeMap<String, Line> {
    let mut found = BTreeMap::new();
    let Ok(text) = text(path) else { return found };
    if let Ok(document) = Document::parse(&*text) {
        collect(document.as_table(), "", &text, &mut found);
    }
    found
}

fn collect(table: &dyn TableLike, prefix: &str, text: &str, found: &mut BTreeMap<String, Line>) {
    for (key, item) in table.iter() {
        let name = format!("{prefix}{key}");
        if let Some(below) = item.as_table_like() {
            collect(below, &format!("{name}."), text, found);
        } else if let Some(before) = item.span().and_then(|span| text.get(..span.start)) {
            let number = before.matches('\n').count() + 1;
            found.insert(name, Line { number, value: plain(item) });
        }
    }
}

fn plain(item: &Item) -> Option<String> {
    let flag = || item.as_bool().map(|flag| flag.to_string());
    let number = || item.as_integer().map(|number| number.to_string());
    item.as_str().map(str::to_owned).or_else(flag).or_else(number)
}

#[cfg(test)]
mod tests {
    use super::{Line, lines};

    #[test]
    fn each_entry_has_its_line() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("config.toml");
        assert!(lines(&path).is_empty());
        std::fs::write(&path, "profile = \"a\"\n\n[profiles.a]\nread_only = true\nportal = \"https://a.example\"\n")
            .unwrap();
        let found = lines(&path);
        let line = |number, value: &str| Some(Line { number, value: Some(value.to_owned()) });
        assert_eq!(found.get("profile").cloned(), line(1, "a"));
        assert_eq!(found.get("profiles.a.read_only").cloned(), line(4, "true"));
        assert_eq!(found.get("profiles.a.portal").cloned(), line(5, "https://a.example"));
        std::fs::write(&path, "profile = ").unwrap();
        assert!(lines(&path).is_empty());
    }
}

//! The head of a binding: what its first comments say that a document cannot.

use super::document::Paging;
use super::wrong::{Wrong, wrong};

/// Reads the comments before the document: `# paging: none` says that one page is all.
pub fn paging(text: &str, paging: Paging) -> Result<Paging, Wrong> {
    let comments =
        text.lines().map(str::trim).enumerate().take_while(|(_, line)| line.is_empty() || line.starts_with('#'));
    let mut said = comments.filter_map(|(at, line)| {
        let (word, value) = line.trim_start_matches('#').split_once(':')?;
        (word.trim() == "paging").then(|| (at + 1, value.trim()))
    });
    match (said.next(), paging) {
        (None, paging) => Ok(paging),
        (Some((line, "none")), Paging::Ours) => Err(wrong(line, "it says `paging: none`, and pages".to_owned())),
        (Some((_, "none")), _) => Ok(Paging::None),
        (Some((line, other)), _) => {
            Err(wrong(line, format!("`paging: {other}` is not known; there is `paging: none`")))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{Paging, Wrong, paging};

    #[test]
    fn a_head_says_that_there_is_no_paging() {
        let read = |text, found| paging(text, found).map_err(|Wrong { line, problem }| format!("{line}: {problem}"));
        assert_eq!(read("# paging: none\n{ devices }", Paging::Unknown), Ok(Paging::None));
        assert_eq!(read("# Ours.\n\n#paging:none\n{ devices }", Paging::Counted), Ok(Paging::None));
        assert_eq!(read("{ devices } # paging: none", Paging::Unknown), Ok(Paging::Unknown));
        assert!(read("# paging: offset\n{ devices }", Paging::Unknown).unwrap_err().starts_with("1: `paging: offset`"));
        assert!(read("\n# paging: none\n{ devices }", Paging::Ours).unwrap_err().starts_with("2: it says"));
    }
}

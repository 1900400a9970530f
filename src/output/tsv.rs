//! Tab-separated values as most readers expect them: no quotes, and escapes for characters that would break a line or
//! a cell.

use std::borrow::Cow;

/// Writes a line of cells.
pub fn line<'c>(cells: impl Iterator<Item = Cow<'c, str>>, to: &mut Vec<u8>) {
    for (n, cell) in cells.enumerate() {
        if n > 0 {
            to.push(b'\t');
        }
        for byte in cell.bytes() {
            match byte {
                b'\\' => to.extend_from_slice(b"\\\\"),
                b'\t' => to.extend_from_slice(b"\\t"),
                b'\n' => to.extend_from_slice(b"\\n"),
                b'\r' => to.extend_from_slice(b"\\r"),
                other => to.push(other),
            }
        }
    }
    to.push(b'\n');
}

#[cfg(test)]
mod tests {
    use super::line;

    #[test]
    fn a_character_that_would_break_a_cell_is_escaped() {
        let mut text = Vec::new();
        line(["a\tb", "", "c:\\new\r\nline", "=1+1"].into_iter().map(Into::into), &mut text);
        assert_eq!(String::from_utf8(text).unwrap(), "a\\tb\t\tc:\\\\new\\r\\nline\t=1+1\n");
    }
}

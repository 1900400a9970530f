//! Recognizes compressed data by its first bytes, at the start of a stream and at the start of each member of a tar
//! archive. It unpacks nothing.

use std::io::{self, Read};

/// The number of bytes that identify compressed data.
pub const LONGEST_START: usize = 6;

/// The magic numbers of formats that are scanned without unpacking.
const PACKED: [(&[u8], &str); 5] = [
    (b"\x28\xb5\x2f\xfd", "zstd"),
    (b"\xfd7zXZ\0", "xz"),
    (b"PK\x03\x04", "zip"),
    (b"BZh", "bzip2"),
    (b"7z\xbc\xaf\x27\x1c", "7z"),
];

/// The size of a block of a tar archive; headers and contents begin at block boundaries.
const BLOCK: usize = 512;

/// Returns true for the start of gzip data.
pub fn is_gzip(start: &[u8]) -> bool {
    start.starts_with(b"\x1f\x8b\x08")
}

/// Returns the name of the format if this is the start of compressed data other than gzip.
pub fn packed(start: &[u8]) -> Option<&'static str> {
    PACKED.iter().find(|(magic, _)| start.starts_with(magic)).map(|(_, name)| *name)
}

/// A stream, watched for compressed members while it is read, if it is a tar archive.
pub struct Members<R> {
    from: R,
    expected: Expected,
    /// The format of the first compressed member.
    pub packed: Option<&'static str>,
}

/// What the next bytes of a stream are.
enum Expected {
    Header(Vec<u8>),
    Content {
        left: u64,
        size: u64,
        start: Vec<u8>,
    },
    /// It is not a tar archive, or not one that is understood.
    Anything,
}

impl<R: Read> Members<R> {
    pub fn new(from: R) -> Members<R> {
        Members { from, expected: Expected::Header(Vec::new()), packed: None }
    }

    fn watch(&mut self, mut bytes: &[u8]) {
        while !bytes.is_empty() {
            match &mut self.expected {
                Expected::Anything => return,
                Expected::Header(header) => {
                    let (taken, rest) = bytes.split_at(bytes.len().min(BLOCK - header.len()));
                    header.extend_from_slice(taken);
                    bytes = rest;
                    if header.len() == BLOCK {
                        self.expected = after(header);
                    }
                }
                Expected::Content { left, size, start } => {
                    let length = usize::try_from(*left).unwrap_or(usize::MAX).min(bytes.len());
                    let (taken, rest) = bytes.split_at(length);
                    let room = usize::try_from(*size).unwrap_or(usize::MAX).min(LONGEST_START) - start.len();
                    start.extend_from_slice(&taken[..room.min(taken.len())]);
                    (*left, bytes) = (*left - length as u64, rest);
                    if *left == 0 || start.len() == LONGEST_START {
                        let found = if is_gzip(start) { Some("gzip") } else { packed(start) };
                        self.packed = self.packed.or(found);
                    }
                    if *left == 0 {
                        self.expected = Expected::Header(Vec::new());
                    }
                }
            }
        }
    }
}

/// Returns what follows a header.
fn after(header: &[u8]) -> Expected {
    if header.iter().all(|byte| *byte == 0) {
        return Expected::Header(Vec::new());
    }
    let digits = String::from_utf8_lossy(&header[124..136]).into_owned();
    let size = u64::from_str_radix(digits.trim_matches(['\0', ' ']), 8);
    match size {
        Ok(0) if header[257..].starts_with(b"ustar") => Expected::Header(Vec::new()),
        Ok(size) if header[257..].starts_with(b"ustar") => {
            let left = size.saturating_add(BLOCK as u64 - 1) / BLOCK as u64 * BLOCK as u64;
            Expected::Content { left, size, start: Vec::new() }
        }
        _ => Expected::Anything,
    }
}

impl<R: Read> Read for Members<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let length = self.from.read(buffer)?;
        self.watch(&buffer[..length]);
        Ok(length)
    }
}

#[cfg(test)]
mod tests {
    use super::Members;
    use std::io::{self, Read};

    fn member(name: &str, content: &[u8]) -> Vec<u8> {
        let mut block = vec![0; 512];
        block[..name.len()].copy_from_slice(name.as_bytes());
        block[124..135].copy_from_slice(format!("{:011o}", content.len()).as_bytes());
        block[257..262].copy_from_slice(b"ustar");
        block.extend_from_slice(content);
        block.resize(block.len().div_ceil(512) * 512, 0);
        block
    }

    /// Reads in pieces of this size.
    fn packed(bytes: &[u8], piece: usize) -> Option<&'static str> {
        let mut members = Members::new(bytes);
        let mut buffer = vec![0; piece];
        while members.read(&mut buffer).unwrap() > 0 {}
        members.packed
    }

    #[test]
    fn a_compressed_member_is_noticed_however_the_stream_is_read() {
        let plain = [member("a", b"text \x1f\x8b\x08"), member("empty", b""), member("b", &[7; 700])].concat();
        let gzip = [plain.clone(), member("c.gz", b"\x1f\x8b\x08rest"), vec![0; 1024]].concat();
        let xz = [plain.clone(), member("c.xz", b"\xfd7zXZ\0"), member("d.gz", b"\x1f\x8b\x08")].concat();
        for piece in [1, 7, 512, 10_000] {
            assert_eq!(packed(&plain, piece), None);
            assert_eq!(packed(&gzip, piece), Some("gzip"));
            assert_eq!(packed(&xz, piece), Some("xz"));
            assert_eq!(packed(b"\x1f\x8b\x08", piece), None);
        }
        let mut short = Vec::new();
        io::copy(&mut Members::new(&gzip[..600]), &mut short).unwrap();
        assert_eq!(short, gzip[..600]);
    }
}

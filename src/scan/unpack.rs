//! Searches a stream and what is packed in it: gzip and tar, in each other. Other formats are named, and searched as they
//! are.
//!
//! It opens no file, writes nothing, and keeps no member: its memory is that of the scanner and of one name.

use std::io::{self, Cursor, Read};

use flate2::read::MultiGzDecoder;
use tar::{Archive, EntryType, Header, PaxExtensions};

use super::{Hit, Scanner};
use crate::secret::Marks;

/// The deepest nesting that is unpacked.
const DEEPEST: u8 = 4;

/// The most bytes that are unpacked from one stream: less than a small file can claim, more than any log has.
const MOST: u64 = 1 << 36;

/// The size of a header in a tar archive, by which a tar archive is recognized.
const BLOCK: usize = 512;

/// The most bytes of a member's long name, and of its extended header, that are kept.
const LONGEST_NAME: u64 = 1 << 14;

/// The magic numbers of formats that are not unpacked.
const SEALED: [(&[u8], &str); 5] = [
    (b"\x28\xb5\x2f\xfd", "zstd"),
    (b"\xfd7zXZ\0", "xz"),
    (b"PK\x03\x04", "zip"),
    (b"BZh", "bzip2"),
    (b"7z\xbc\xaf\x27\x1c", "7z"),
];

/// What is told of a stream, or of a member in it.
#[derive(Debug)]
pub enum Finding {
    Hit(Hit),
    /// It is compressed in this format, so keys inside are not found.
    Sealed(&'static str),
    /// It, or its rest, was not searched.
    Unread(io::Error),
}

/// Takes findings. The text is the member's path in its archive, with `!` between nested ones; empty outside of archives.
pub type Report<'r> = dyn FnMut(&str, Finding) + 'r;

/// Searches streams one after another.
pub struct Unpacker<'m> {
    scanner: Scanner<'m>,
    /// How many more bytes may be unpacked from this stream.
    left: u64,
}

enum Format {
    Gzip,
    Tar,
    Sealed(&'static str),
    Plain,
}

impl<'m> Unpacker<'m> {
    /// Takes the marks to look for.
    pub fn new(marks: &'m Marks) -> Unpacker<'m> {
        Unpacker { scanner: Scanner::new(marks), left: MOST }
    }

    /// Searches a stream to its end. A member that cannot be read does not keep the others from being searched.
    pub fn scan(&mut self, mut from: impl Read, report: &mut Report<'_>) {
        self.left = MOST;
        self.layer(&mut from, "", DEEPEST, report);
    }

    fn layer(&mut self, from: &mut dyn Read, inside: &str, depth: u8, report: &mut Report<'_>) {
        let mut start = Vec::with_capacity(BLOCK);
        if let Err(error) = from.take(BLOCK as u64).read_to_end(&mut start) {
            self.plain(&start[..], inside, report);
            return report(inside, Finding::Unread(error));
        }
        let whole = &mut Cursor::new(&start).chain(from);
        match (format(&start), depth) {
            (Format::Gzip, 1..) => self.gzip(whole, inside, depth - 1, report),
            (Format::Tar, 1..) => self.tar(whole, inside, depth - 1, report),
            (format, _) => {
                let sealed = match format {
                    Format::Plain | Format::Tar => None,
                    Format::Gzip => Some("gzip, nested too deeply"),
                    Format::Sealed(name) => Some(name),
                };
                if let Some(name) = sealed {
                    report(inside, Finding::Sealed(name));
                }
                self.plain(whole, inside, report);
            }
        }
    }

    fn plain(&mut self, from: impl Read, inside: &str, report: &mut Report<'_>) {
        if let Err(error) = self.scanner.scan(from, |hit| report(inside, Finding::Hit(hit))) {
            report(inside, Finding::Unread(error));
        }
    }

    fn gzip(&mut self, from: &mut dyn Read, inside: &str, depth: u8, report: &mut Report<'_>) {
        let mut unpacked = Bounded { from: MultiGzDecoder::new(from), left: self.left };
        self.layer(&mut unpacked, inside, depth, report);
        self.left = unpacked.left;
    }

    fn tar(&mut self, from: &mut dyn Read, inside: &str, depth: u8, report: &mut Report<'_>) {
        let mut archive = Archive::new(from);
        // Archives may be appended to each other.
        archive.set_ignore_zeros(true);
        let mut long_name = None;
        let mut members = || -> io::Result<()> {
            // Raw: what extends the header of a member is read here, because it may be of any size.
            for member in archive.entries()?.raw(true) {
                let mut member = member?;
                match member.header().entry_type() {
                    EntryType::GNULongName | EntryType::XHeader => {
                        long_name = name_in(&mut member)?.or(long_name.take())
                    }
                    EntryType::GNULongLink | EntryType::XGlobalHeader => {}
                    _ => {
                        let name = long_name.take().unwrap_or_else(|| member.path_bytes().into_owned());
                        let name = String::from_utf8_lossy(&name);
                        let separator = if inside.is_empty() { "" } else { "!" };
                        self.layer(&mut member, &format!("{inside}{separator}{name}"), depth, report);
                    }
                }
            }
            Ok(())
        };
        if let Err(error) = members() {
            report(inside, Finding::Unread(error));
        }
    }
}

/// Reads the next member's name from what extends its header, if it has one.
fn name_in(extension: &mut tar::Entry<'_, impl Read>) -> io::Result<Option<Vec<u8>>> {
    let mut bytes = Vec::new();
    extension.take(LONGEST_NAME).read_to_end(&mut bytes)?;
    if extension.header().entry_type() == EntryType::GNULongName {
        bytes.truncate(bytes.iter().position(|byte| *byte == 0).unwrap_or(bytes.len()));
        return Ok(Some(bytes));
    }
    let mut entries = PaxExtensions::new(&bytes).map_while(Result::ok);
    Ok(entries.find(|entry| entry.key_bytes() == b"path").map(|entry| entry.value_bytes().to_vec()))
}

fn format(start: &[u8]) -> Format {
    if start.starts_with(b"\x1f\x8b\x08") {
        return Format::Gzip;
    }
    if is_tar(start) {
        return Format::Tar;
    }
    let sealed = SEALED.iter().find(|(magic, _)| start.starts_with(magic));
    sealed.map_or(Format::Plain, |(_, name)| Format::Sealed(name))
}

/// Returns true for a header with the right checksum; older archives have no magic number.
fn is_tar(start: &[u8]) -> bool {
    if start.len() < BLOCK || start[0] == 0 {
        return false;
    }
    // The checksum's own field counts as spaces.
    let sum = |bytes: &[u8]| bytes.iter().map(|byte| u32::from(*byte)).sum::<u32>();
    let expected = sum(&start[..148]) + 8 * u32::from(b' ') + sum(&start[156..BLOCK]);
    Header::from_byte_slice(start).cksum().is_ok_and(|sum| sum == expected)
}

/// A stream that ends with an error once it has given `left` bytes.
struct Bounded<R> {
    from: R,
    left: u64,
}

impl<R: Read> Read for Bounded<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        if self.left == 0 {
            return Err(io::Error::other(format!("it unpacks to more than {} GiB", MOST >> 30)));
        }
        let most = usize::try_from(self.left).unwrap_or(usize::MAX).min(buffer.len());
        let read = self.from.read(&mut buffer[..most])?;
        self.left -= read as u64;
        Ok(read)
    }
}

#[cfg(test)]
mod tests {
    use super::{Bounded, Finding, Unpacker};
    use crate::secret::{Marks, Secret};
    use std::io::{self, Read};

    fn findings(bytes: &[u8]) -> Vec<(String, Finding)> {
        let mark = Secret::new("q7-not-in-any-stream".into()).mark(&[5; 64]);
        let marks = Marks::new(&[5; 64], &[mark]);
        let mut all = Vec::new();
        Unpacker::new(&marks).scan(bytes, &mut |inside, finding| all.push((inside.to_owned(), finding)));
        all
    }

    #[test]
    fn the_sizes_in_headers_are_not_believed() {
        for kind in [b'L', b'x', b'0'] {
            let mut header = tar::Header::new_ustar();
            header.set_path("name").unwrap();
            header.set_entry_type(tar::EntryType::new(kind));
            header.set_size(1 << 40);
            header.set_cksum();
            let found = findings(&[&header.as_bytes()[..], b"content"].concat());
            assert!(matches!(found.as_slice(), [(_, Finding::Unread(_))]), "{found:?}");
        }
    }

    #[test]
    fn unpacking_ends() {
        let mut endless = Bounded { from: io::repeat(0), left: 1000 };
        let mut taken = Vec::new();
        let error = endless.read_to_end(&mut taken).unwrap_err();
        assert_eq!((taken.len(), error.to_string().as_str()), (1000, "it unpacks to more than 64 GiB"));
    }
}

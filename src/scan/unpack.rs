//! Searches a stream and what is packed in it: gzip and tar, in each other. Other formats are named, and searched as they
//! are.
//!
//! The bytes of an archive are searched too: its headers have names and comments, and what is damaged may be plain text.
//! It opens no file, writes nothing, and keeps no member: its memory is that of a scanner for each layer and of one name.
//! No error quotes what was read.

use std::io::{self, BufRead, BufReader, Cursor, Read};

use flate2::bufread::GzDecoder;
use tar::{Archive, EntryType, Header, PaxExtensions};

use super::{Hit, Scanner};
use crate::secret::Marks;

/// The deepest nesting that is unpacked.
const DEEPEST: u8 = 4;

/// The most bytes that are unpacked from one stream: less than a small file can claim, more than any log has.
const MOST: u64 = 1 << 36;

/// The size of a header in a tar archive, by which a tar archive is recognized.
const BLOCK: usize = 512;

/// Where a header in a tar archive has the type of its member.
const TYPE: usize = 156;

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
    marks: &'m Marks,
    scanner: Scanner<'m>,
    /// Scanners for the bytes of archives, to be used again.
    spare: Vec<Scanner<'m>>,
    /// How many more bytes may be unpacked from this stream.
    left: u64,
}

/// The marks that were found.
type Found = Vec<usize>;

enum Format {
    Gzip,
    Tar,
    Sealed(&'static str),
    Plain,
}

impl<'m> Unpacker<'m> {
    /// Takes the marks to look for.
    pub fn new(marks: &'m Marks) -> Unpacker<'m> {
        Unpacker { marks, scanner: Scanner::new(marks), spare: Vec::new(), left: MOST }
    }

    /// Searches a stream to its end. A member that cannot be read does not keep the others from being searched.
    pub fn scan(&mut self, mut from: impl Read, report: &mut Report<'_>) {
        self.left = MOST;
        self.layer(&mut from, "", DEEPEST, report);
    }

    /// Searches a name, so that a key in it is masked wherever the name is shown.
    pub fn learn(&mut self, name: &[u8]) {
        // Reading from memory does not fail.
        let _ = self.scanner.scan(name, drop);
    }

    fn layer(&mut self, from: &mut dyn Read, inside: &str, depth: u8, report: &mut Report<'_>) -> Found {
        let mut start = Vec::with_capacity(BLOCK);
        if let Err(error) = from.take(BLOCK as u64).read_to_end(&mut start) {
            let found = self.plain(&start[..], inside, report);
            report(inside, Finding::Unread(error));
            return found;
        }
        let whole = &mut Cursor::new(&start).chain(from);
        match (format(&start), depth) {
            (Format::Gzip | Format::Tar, 0) => {
                let problem = format!("it is packed more than {DEEPEST} times");
                report(inside, Finding::Unread(io::Error::other(problem)));
            }
            (Format::Gzip, _) => return self.packed(whole, inside, depth - 1, report, Unpacker::gzip),
            (Format::Tar, _) => return self.packed(whole, inside, depth - 1, report, Unpacker::tar),
            (Format::Sealed(name), _) => report(inside, Finding::Sealed(name)),
            (Format::Plain, _) => {}
        }
        self.plain(whole, inside, report)
    }

    fn plain(&mut self, from: impl Read, inside: &str, report: &mut Report<'_>) -> Found {
        let mut found = Found::new();
        let scanned = self.scanner.scan(from, |hit| {
            found.push(hit.mark);
            report(inside, Finding::Hit(hit));
        });
        if let Err(error) = scanned {
            report(inside, Finding::Unread(error));
        }
        found.sort_unstable();
        found.dedup();
        found
    }

    /// Unpacks a stream, and tells of its own bytes which keys are in them and not in what was unpacked.
    fn packed(
        &mut self,
        from: &mut dyn Read,
        inside: &str,
        depth: u8,
        report: &mut Report<'_>,
        unpack: impl FnOnce(&mut Self, &mut dyn Read, &str, u8, &mut Report<'_>) -> Found,
    ) -> Found {
        let mut scanner = self.spare.pop().unwrap_or_else(|| Scanner::new(self.marks));
        scanner.begin();
        let mut watched = Watched { from, scanner, hits: Vec::new() };
        let mut has_failed = false;
        let mut found = unpack(self, &mut watched, inside, depth, &mut |inside, finding| {
            has_failed |= matches!(finding, Finding::Unread(_));
            report(inside, finding);
        });
        match io::copy(&mut watched, &mut io::sink()) {
            Err(error) if !has_failed => report(inside, Finding::Unread(error)),
            _ => {}
        }
        let Watched { mut scanner, mut hits, .. } = watched;
        scanner.search(|hit| keep(&mut hits, hit));
        self.spare.push(scanner);
        hits.retain(|hit| !found.contains(&hit.mark));
        for hit in hits {
            found.push(hit.mark);
            report(inside, Finding::Hit(hit));
        }
        found
    }

    fn gzip(&mut self, from: &mut dyn Read, inside: &str, depth: u8, report: &mut Report<'_>) -> Found {
        let mut unpacked = Bounded { from: Members::new(from), left: self.left };
        let found = self.layer(&mut unpacked, inside, depth, report);
        self.left = unpacked.left;
        found
    }

    fn tar(&mut self, from: &mut dyn Read, inside: &str, depth: u8, report: &mut Report<'_>) -> Found {
        let mut first = Vec::with_capacity(BLOCK);
        if let Err(error) = from.take(BLOCK as u64).read_to_end(&mut first) {
            report(inside, Finding::Unread(error));
            return Found::new();
        }
        // A label of the volume has no size, which the reader of archives takes for damage.
        if first.get(TYPE).is_some_and(|kind| *kind == b'V') {
            first.clear();
        }
        let mut archive = Archive::new(Cursor::new(first).chain(from));
        // Archives may be appended to each other.
        archive.set_ignore_zeros(true);
        let (mut found, mut long_name) = (Found::new(), None);
        let mut members = || -> io::Result<()> {
            // Raw: what extends the header of a member is read here, because it may be of any size.
            for member in archive.entries()?.raw(true) {
                let mut member = member.map_err(without_quotes)?;
                match member.header().entry_type() {
                    EntryType::GNULongName | EntryType::XHeader => {
                        long_name = name_in(&mut member)?.or(long_name.take())
                    }
                    EntryType::GNULongLink | EntryType::XGlobalHeader => {}
                    _ => {
                        let name = long_name.take().unwrap_or_else(|| member.path_bytes().into_owned());
                        self.learn(&name);
                        let separator = if inside.is_empty() { "" } else { "!" };
                        let path = format!("{inside}{separator}{}", String::from_utf8_lossy(&name));
                        found.extend(self.layer(&mut member, &path, depth, report));
                    }
                }
            }
            Ok(())
        };
        if let Err(error) = members() {
            report(inside, Finding::Unread(error));
        }
        found
    }
}

/// The members of a gzip stream, one after the other, with zeros between and after them, as tapes have.
struct Members<R: Read>(Option<GzDecoder<BufReader<R>>>);

impl<R: Read> Members<R> {
    fn new(from: R) -> Self {
        Members(Some(GzDecoder::new(BufReader::with_capacity(1 << 15, from))))
    }
}

impl<R: Read> Read for Members<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        while let Some(decoder) = &mut self.0 {
            match decoder.read(buffer)? {
                0 if !buffer.is_empty() => {}
                read => return Ok(read),
            }
            let Some(mut rest) = self.0.take().map(GzDecoder::into_inner) else { break };
            loop {
                let zeros = rest.fill_buf()?.iter().take_while(|byte| **byte == 0).count();
                if zeros == 0 {
                    break;
                }
                rest.consume(zeros);
            }
            if !rest.fill_buf()?.is_empty() {
                self.0 = Some(GzDecoder::new(rest));
            }
        }
        Ok(0)
    }
}

/// The bytes of an archive, searched while it is unpacked.
struct Watched<'w, 'm> {
    from: &'w mut dyn Read,
    scanner: Scanner<'m>,
    hits: Vec<Hit>,
}

impl Read for Watched<'_, '_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let read = self.from.read(buffer)?;
        self.scanner.push(&buffer[..read], |hit| keep(&mut self.hits, hit));
        Ok(read)
    }
}

/// Keeps the first hits of each key; most are found again in what was unpacked.
fn keep(hits: &mut Vec<Hit>, hit: Hit) {
    const MOST_OF_A_KEY: usize = 8;
    if hits.iter().filter(|other| other.mark == hit.mark).count() < MOST_OF_A_KEY {
        hits.push(hit);
    }
}

/// Replaces an error about the content of headers, which quotes it.
fn without_quotes(error: io::Error) -> io::Error {
    match error.raw_os_error() {
        Some(_) => error,
        None => io::Error::new(io::ErrorKind::InvalidData, "a header of the tar archive is damaged"),
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
    if start.len() < BLOCK {
        return false;
    }
    // The checksum's own field counts as spaces.
    let sum = |bytes: &[u8]| bytes.iter().map(|byte| u32::from(*byte)).sum::<u32>();
    let expected = sum(&start[..148]) + 8 * u32::from(b' ') + sum(&start[TYPE..BLOCK]);
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

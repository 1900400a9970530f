//! Every fault of the network and of an answer, as rows: what happens, and the verdict of a single read. It must not
//! know any command; `verdicts` judges what commands make of a fault.

use std::io::{self, Write};
use std::thread;
use std::time::Duration;

use flate2::write::GzEncoder;
use flate2::{Compress, Compression, FlushCompress};

use super::typed::Place;
use super::{bodies, statuses};

/// How a connection ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum End {
    Close,
    Reset,
    Stay,
}

/// Writes an answer, given that of an honest portal.
pub type Reply = Box<dyn Fn(&mut dyn Write, &str) -> io::Result<()> + Send + Sync>;

/// What goes wrong.
pub enum Act {
    /// Another address.
    Address(&'static str),
    /// Nobody listens any more.
    Refused,
    /// A connection ends as soon as it is accepted.
    Accept(End),
    /// Bytes that answer the TLS handshake.
    Hello(&'static [u8]),
    /// This certificate.
    Certificate(&'static str),
    /// The request is read, and this is the answer.
    Reply(Reply, End),
    /// The same, over TLS.
    OverTls(Reply, End),
}

/// The verdict of a read: its exit code and its error code, which is empty without an error.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Verdict(pub i32, pub &'static str);

pub const FINE: Verdict = Verdict(0, "");
pub const FAILED: Verdict = Verdict(1, "failed");
pub const PARTIAL: Verdict = Verdict(3, "partial");
pub const UNAUTHENTICATED: Verdict = Verdict(4, "unauthenticated");
pub const FORBIDDEN: Verdict = Verdict(5, "forbidden");
pub const NOT_FOUND: Verdict = Verdict(6, "not_found");
pub const UNREACHABLE: Verdict = Verdict(8, "unreachable");
pub const TIMEOUT: Verdict = Verdict(8, "timeout");
pub const LIMITED: Verdict = Verdict(8, "rate_limited");
pub const UNSUPPORTED: Verdict = Verdict(9, "unsupported");
pub const BAD: Verdict = Verdict(9, "bad_answer");

/// One row.
pub struct Fault {
    pub group: &'static str,
    pub name: String,
    pub act: Act,
    /// The verdict of a read.
    pub read: Verdict,
    /// Words that its message must contain.
    pub says: &'static str,
    /// True if the answer proves that nothing was executed, which would be a lie after a mutation.
    pub is_proof: bool,
    /// True if every command meets it in every test run; the others need `OPTRA_MATRIX=all`.
    pub is_chosen: bool,
    /// The place and the value of a wrong value in a typed answer.
    pub typed: Option<(Place, &'static str)>,
    /// True if it needs more time or memory than others, and is tried with a few commands.
    pub is_heavy: bool,
}

impl Act {
    pub fn certificate(&self) -> Option<&'static str> {
        match self {
            Act::Certificate(name) => Some(name),
            Act::OverTls(..) => Some(""),
            _ => None,
        }
    }

    pub fn is_tls(&self) -> bool {
        matches!(self, Act::Certificate(_) | Act::OverTls(..) | Act::Hello(_))
    }

    /// Returns true for faults before a request is read.
    pub fn is_before_requests(&self) -> bool {
        !matches!(self, Act::Reply(..) | Act::OverTls(..))
    }
}

/// One fault of each kind.
const CHOSEN: [&str; 19] = [
    "the connection is refused",
    "the certificate has expired",
    "reset instead of an answer",
    "closed in the body",
    "nothing is answered",
    "the body drips",
    "307, a web page",
    "400, errors of GraphQL",
    "401, empty",
    "403, a web page",
    "404, JSON of another kind",
    "408, empty",
    "429, a wait of 7 s",
    "502, a web page",
    "a mark of byte order",
    "a message that moves the cursor",
    "cut in the middle",
    "[1] beside data",
    "[1] with data null",
];

pub fn row(group: &'static str, name: impl Into<String>, act: Act, read: Verdict, says: &'static str) -> Fault {
    let name = name.into();
    let is_chosen = CHOSEN.contains(&name.as_str());
    Fault { group, name, act, read, says, is_proof: false, is_chosen, typed: None, is_heavy: false }
}

fn bytes(bytes: impl Into<Vec<u8>>, end: End) -> Act {
    let bytes = bytes.into();
    Act::Reply(Box::new(move |to, _| to.write_all(&bytes)), end)
}

fn written(reply: impl Fn(&mut dyn Write, &str) -> io::Result<()> + Send + Sync + 'static, end: End) -> Act {
    Act::Reply(Box::new(reply), end)
}

/// An answer with this status, further headers, and a body derived from the honest one.
pub fn answer(status: u16, headers: &'static str, body: impl Fn(&str) -> Vec<u8> + Send + Sync + 'static) -> Act {
    written(
        move |to, honest| {
            let body = body(honest);
            write!(
                to,
                "HTTP/1.1 {status} Said\r\nconnection: close\r\ncontent-length: {}\r\n{headers}\r\n",
                body.len()
            )?;
            to.write_all(&body)
        },
        End::Close,
    )
}

const FLOOD: &str = concat!(
    "x: ",
    "yyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyy",
    "\r\n"
);
pub const JSON: &str = "content-type: application/json\r\n";
pub const HTML: &str = "content-type: text/html\r\n";
const LONG: &str = "HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: 100000\r\n\r\n";
const CHUNKED: &str = "HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ntransfer-encoding: chunked\r\n\r\n";
const GZIP: &str = "content-type: application/json\r\ncontent-encoding: gzip\r\n";

/// Returns all rows, in the order of the table.
pub fn all() -> Vec<Fault> {
    let mut all = connection();
    all.extend(encryption());
    all.extend(broken());
    all.extend(endless());
    all.extend(statuses::rows());
    all.extend(bodies::rows().into_iter().map(|(group, name, body, read, says, is_proof)| Fault {
        is_proof,
        ..row(group, name, answer(200, JSON, body), read, says)
    }));
    all.extend(large());
    all
}

fn connection() -> Vec<Fault> {
    let group = "connection";
    vec![
        row(group, "the name does not resolve", Act::Address("https://portal.invalid"), UNREACHABLE, "cannot reach"),
        row(group, "the connection is refused", Act::Refused, UNREACHABLE, "refused"),
        row(group, "reset as soon as it is made", Act::Accept(End::Reset), UNREACHABLE, "was lost|cannot reach"),
        row(group, "closed as soon as it is made", Act::Accept(End::Close), UNREACHABLE, "was lost"),
    ]
}

fn encryption() -> Vec<Fault> {
    let group = "TLS";
    let hello = |name: &str, bytes, says| row(group, name, Act::Hello(bytes), UNREACHABLE, says);
    let shown = |name: &str, file, says| row(group, name, Act::Certificate(file), UNREACHABLE, says);
    let cut: Reply = Box::new(|to, honest| {
        write!(to, "HTTP/1.1 200 OK\r\ncontent-type: application/json\r\n\r\n{}", &honest[..honest.len() / 2])
    });
    let whole: Reply =
        Box::new(|to, honest| write!(to, "HTTP/1.1 200 OK\r\ncontent-type: application/json\r\n\r\n{honest}"));
    vec![
        shown("the certificate has expired", "expired-", "has expired"),
        shown("the certificate is for another name", "other-", "for another name"),
        shown("the certificate is an authority's own", "self-ca-", "certificate"),
        shown("the certificate signs itself", "self-", "not trusted here"),
        hello("an older version is all that is spoken", b"\x15\x03\x01\x00\x02\x02\x46", "neither TLS 1.2 nor TLS 1.3"),
        hello("an older version is chosen", OLD_HELLO, "neither TLS 1.2 nor TLS 1.3"),
        hello("no cipher is shared", b"\x15\x03\x03\x00\x02\x02\x28", "no way to encrypt"),
        hello("plain HTTP answers", b"HTTP/1.1 400 Bad Request\r\ncontent-length: 0\r\n\r\n", "does not speak TLS"),
        hello("SSH answers", b"SSH-2.0-OpenSSH_9.6\r\n", "does not speak TLS"),
        hello("it is closed in the handshake", b"", "tls handshake eof"),
        row(group, "cut in the body without an end of TLS", Act::OverTls(cut, End::Close), UNREACHABLE, "was lost"),
        // This end looks the same as an attacker's truncation.
        row(group, "no end of TLS after the body", Act::OverTls(whole, End::Close), UNREACHABLE, "was lost"),
    ]
}

/// A ServerHello of TLS 1.0 with an RSA cipher suite.
const OLD_HELLO: &[u8] = b"\x16\x03\x01\x00\x2a\x02\x00\x00\x26\x03\x01\
    \x00\x01\x02\x03\x04\x05\x06\x07\x08\x09\x0a\x0b\x0c\x0d\x0e\x0f\x10\x11\x12\x13\x14\x15\x16\x17\x18\x19\x1a\x1b\x1c\x1d\x1e\x1f\
    \x00\x00\x2f\x00";

fn broken() -> Vec<Fault> {
    let group = "answer breaks off";
    let cut = |name: &str, head: &'static str, end| {
        let half = move |to: &mut dyn Write, honest: &str| write!(to, "{head}{}", &honest[..honest.len() / 2]);
        row(group, name, written(half, end), UNREACHABLE, "was lost")
    };
    let garbage = |name: &str, text: &[u8], says| row("no HTTP", name, bytes(text, End::Close), UNREACHABLE, says);
    vec![
        row(group, "reset instead of an answer", bytes("", End::Reset), UNREACHABLE, "was lost"),
        row(group, "closed instead of an answer", bytes("", End::Close), UNREACHABLE, "was lost"),
        row(group, "closed in the head", bytes("HTTP/1.1 200 OK\r\nconte", End::Close), UNREACHABLE, "was lost"),
        row(group, "reset in the head", bytes("HTTP/1.1 200 OK\r\nconte", End::Reset), UNREACHABLE, "was lost"),
        row(group, "closed where the body is due", bytes(LONG, End::Close), UNREACHABLE, "was lost"),
        cut("closed in the body", LONG, End::Close),
        cut("reset in the body", LONG, End::Reset),
        row(group, "closed in a chunk", bytes(format!("{CHUNKED}40\r\n{{\"da"), End::Close), UNREACHABLE, "was lost"),
        row(group, "closed before the last chunk", chunked("8\r\n{\"data\":\r\n"), UNREACHABLE, "was lost"),
        Fault {
            read: BAD,
            says: "breaks off",
            ..cut("cut where no length was said", "HTTP/1.1 200 OK\r\n\r\n", End::Close)
        },
        garbage("garbage", b"\x00\x01\x02 no \xff protocol\r\n\r\n", "was lost"),
        garbage("a head without a status", b"content-type: text/html\r\n\r\n<html>", "was lost"),
        garbage("the preface of HTTP/2", b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", "was lost"),
        garbage("a status of 42", b"HTTP/1.1 42 Odd\r\ncontent-length: 0\r\n\r\n", "was lost"),
        garbage("two lengths", b"HTTP/1.1 200 OK\r\ncontent-length: 5\r\ncontent-length: 6\r\n\r\n{    }", "was lost"),
        garbage("a length below 0", b"HTTP/1.1 200 OK\r\ncontent-length: -1\r\n\r\n{}", "was lost"),
        garbage(
            "a length beyond all",
            b"HTTP/1.1 200 OK\r\ncontent-length: 18446744073709551615\r\n\r\n{}",
            "was lost",
        ),
        row("no HTTP", "a chunk beyond all", chunked("ffffffffffffffff\r\n{}"), UNREACHABLE, "was lost"),
        row("no HTTP", "a chunk that is no number", chunked("zz\r\n{}\r\n0\r\n\r\n"), UNREACHABLE, "was lost"),
        row("no HTTP", "a header of 1 MB", head_of(1_000_000, 1), UNREACHABLE, "was lost"),
        row("no HTTP", "10,000 headers", head_of(4, 10_000), UNREACHABLE, "was lost"),
    ]
}

fn chunked(body: &str) -> Act {
    bytes(format!("{CHUNKED}{body}"), End::Close)
}

fn head_of(length: usize, count: usize) -> Act {
    let line = format!("x-h: {}\r\n", "y".repeat(length));
    written(
        move |to, honest| {
            to.write_all(b"HTTP/1.1 200 OK\r\n")?;
            to.write_all(line.repeat(count).as_bytes())?;
            write!(to, "content-length: {}\r\n\r\n{honest}", honest.len())
        },
        End::Close,
    )
}

/// Endless answers; the limit of the whole request applies.
fn endless() -> Vec<Fault> {
    let group = "slow or without end";
    let forever = |first: &'static str, again: &'static str, every: Duration| {
        written(
            move |to, _| {
                to.write_all(first.as_bytes())?;
                loop {
                    to.write_all(again.as_bytes())?;
                    to.flush()?;
                    thread::sleep(every);
                }
            },
            End::Close,
        )
    };
    let (slow, fast) = (Duration::from_millis(20), Duration::ZERO);
    vec![
        row(group, "nothing is answered", bytes("", End::Stay), TIMEOUT, "did not answer within 1 s"),
        row(group, "the head stops", bytes("HTTP/1.1 200 OK\r\nco", End::Stay), TIMEOUT, "did not answer within 1 s"),
        row(group, "the body stops", bytes(LONG, End::Stay), TIMEOUT, "did not answer within 1 s"),
        row(group, "the head drips", forever("HTTP/1.1 200 OK\r\nx: ", "y", slow), TIMEOUT, "within 1 s"),
        row(group, "the body drips", forever(LONG, " ", slow), TIMEOUT, "within 1 s"),
        row(group, "chunks drip", forever(CHUNKED, "1\r\n \r\n", slow), TIMEOUT, "within 1 s"),
        row(group, "100 Continue, for ever", forever("", "HTTP/1.1 100 Continue\r\n\r\n", slow), TIMEOUT, "within 1 s"),
        row(
            group,
            "headers, slowly, for ever",
            forever("HTTP/1.1 200 OK\r\n", "x: y\r\n", slow),
            TIMEOUT,
            "within 1 s",
        ),
        row(group, "headers, for ever", forever("HTTP/1.1 200 OK\r\n", FLOOD, fast), UNREACHABLE, "was lost"),
    ]
}

/// A wrong value at a place of a typed answer.
pub fn typed(place: &Place, value: &'static str) -> Fault {
    let (own, name) = (place.clone(), format!("{} is `{value}`", place.name()));
    let typed = Some((place.clone(), value));
    Fault { typed, ..row("typed", name, answer(200, JSON, move |honest| own.put(value, honest)), BAD, "") }
}

fn zipped(body: &[u8]) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::fast());
    encoder.write_all(body).and_then(|()| encoder.finish()).expect("memory takes all")
}

/// Compressed or large answers.
fn large() -> Vec<Fault> {
    let (group, heavy) = ("large or compressed", |row| Fault { is_heavy: true, ..row });
    let stream = |head: &'static str, blocks: usize, block: Vec<u8>| {
        written(
            move |to, _| {
                to.write_all(head.as_bytes())?;
                (0..blocks).try_for_each(|_| to.write_all(&block))
            },
            End::Close,
        )
    };
    let page = r#"{"id":"1","name":"one"},"#.repeat(40_000);
    // Deflate blocks without back references can be repeated, so a few lines make a body larger than memory.
    let bomb = |to: &mut dyn Write, _: &str| {
        let block = |last: bool| {
            let mut deflate = Compress::new(Compression::fast(), false);
            let (mut block, flush) =
                (Vec::with_capacity(1 << 16), if last { FlushCompress::Finish } else { FlushCompress::Full });
            let zeros = vec![b' '; if last { 0 } else { 1 << 20 }];
            deflate.compress_vec(&zeros, &mut block, flush).expect("it fits");
            block
        };
        write!(to, "HTTP/1.1 200 OK\r\n{GZIP}\r\n")?;
        to.write_all(b"\x1f\x8b\x08\0\0\0\0\0\0\x03")?;
        let (space, end) = (block(false), block(true));
        (0..1024).try_for_each(|_| to.write_all(&space))?;
        to.write_all(&end)
    };
    let half = |honest: &str| {
        let mut zipped = zipped(honest.as_bytes());
        zipped.truncate(zipped.len() / 2);
        zipped
    };
    vec![
        row(group, "gzip", answer(200, GZIP, |honest| zipped(honest.as_bytes())), FINE, ""),
        row(group, "gzip that is none", answer(200, GZIP, |honest| honest.into()), UNREACHABLE, "was lost"),
        row(group, "gzip that is cut", answer(200, GZIP, half), UNREACHABLE, "was lost"),
        row(
            group,
            "br, which nobody asked for",
            answer(200, "content-encoding: br\r\n", |_| vec![7; 64]),
            BAD,
            "not JSON",
        ),
        heavy(row(group, "a bomb of gzip, 1 GB", written(bomb, End::Close), BAD, "larger than 96 MiB")),
        heavy(row(group, "1 GB of white space", stream(ONE_GB, 1024, vec![b' '; 1 << 20]), BAD, "larger than 96 MiB")),
        heavy(row(group, "a page of 250 MB", stream(PAGE, 270, page.into_bytes()), BAD, "larger than 96 MiB")),
    ]
}

const ONE_GB: &str = "HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: 1073741824\r\n\r\n";
const PAGE: &str = "HTTP/1.1 200 OK\r\ncontent-type: application/json\r\n\r\n{\"data\":{\"devices\":{\"data\":[";

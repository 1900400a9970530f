//! The answers of a [`MockServer`](super::MockServer): proper ones, and all the ways an answer can fail. It must not
//! decide when an answer is given.

use std::io::Write;
use std::net::TcpStream;
use std::thread;
use std::time::Duration;

use serde_json::{Value, json};

/// One scripted answer.
#[derive(Debug, Clone)]
pub struct Answer {
    status: u16,
    headers: Vec<(String, String)>,
    body: Vec<u8>,
    delay: Duration,
    pub(super) end: End,
}

#[derive(Debug, Clone, Copy, PartialEq)]
pub enum End {
    Whole,
    /// After this many bytes of the body the connection is closed.
    Cut(usize),
    /// The connection is closed without a byte.
    Silent,
    /// The connection stays open without a byte.
    Never,
}

impl Answer {
    pub fn new(status: u16, content_type: &str, body: impl Into<Vec<u8>>) -> Self {
        let headers = vec![("content-type".to_owned(), content_type.to_owned())];
        Self { status, headers, body: body.into(), delay: Duration::ZERO, end: End::Whole }
    }

    pub fn json(status: u16, body: Value) -> Self {
        Self::new(status, "application/json", body.to_string())
    }

    /// A response with data, and without errors.
    pub fn data(data: Value) -> Self {
        Self::json(200, json!({ "data": data }))
    }

    /// A response with one error that has a code, and without data.
    pub fn error(code: &str, message: &str) -> Self {
        Self::json(200, json!({ "data": null, "errors": [{ "message": message, "extensions": { "code": code } }] }))
    }

    pub fn redirect(to: &str) -> Self {
        Self::new(307, "text/plain", "").header("location", to)
    }

    /// Closes the connection without an answer.
    pub fn close() -> Self {
        Self { end: End::Silent, ..Self::new(0, "", "") }
    }

    /// Never answers.
    pub fn stall() -> Self {
        Self { end: End::Never, ..Self::new(0, "", "") }
    }

    /// Closes the connection after this many bytes of the body, although the header announced all of it.
    pub fn cut_after(self, bytes: usize) -> Self {
        assert!(bytes < self.body.len(), "the body has only {} bytes", self.body.len());
        Self { end: End::Cut(bytes), ..self }
    }

    pub fn delayed(self, delay: Duration) -> Self {
        Self { delay, ..self }
    }

    pub fn header(mut self, name: &str, value: &str) -> Self {
        self.headers.push((name.to_owned(), value.to_owned()));
        self
    }

    /// Writes the answer; returns true if the connection can take another request.
    pub fn write_to(&self, stream: &mut TcpStream) -> std::io::Result<bool> {
        thread::sleep(self.delay);
        let mut head = format!("HTTP/1.1 {} MockServer\r\ncontent-length: {}\r\n", self.status, self.body.len());
        for (name, value) in &self.headers {
            head.push_str(&format!("{name}: {value}\r\n"));
        }
        head.push_str("\r\n");
        let sent = if let End::Cut(bytes) = self.end { bytes } else { self.body.len() };
        stream.write_all(&[head.as_bytes(), &self.body[..sent]].concat())?;
        Ok(self.end == End::Whole)
    }
}

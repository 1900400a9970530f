//! The transport options: limits, certificates, and headers for proxies.

use std::path::PathBuf;
use std::time::Duration;

use super::trace_context::TraceContext;
use crate::secret::Secret;

/// How to reach a portal.
#[derive(Clone, Debug, Default)]
pub struct Transport {
    /// The limit of one request from connecting to the last byte; `None` for no limit.
    pub timeout: Option<Duration>,
    /// How long an idle connection is reused; `None` for a second.
    pub idle: Option<Duration>,
    /// A PEM file of the certificate authorities to trust instead of the system's.
    pub cacert: Option<PathBuf>,
    /// A PEM file with the client's certificate.
    pub client_cert: Option<PathBuf>,
    /// A PEM file with the client's private key, if it is a separate one.
    pub client_key: Option<PathBuf>,
    /// The user's own headers; the portal's key is never among them.
    pub headers: Vec<(String, Secret)>,
    /// The trace that the run is part of.
    pub trace: Option<TraceContext>,
    /// The proxy in use, as an error names it.
    pub proxy: Option<String>,
}

//! How bytes get to a portal: limits, certificates, headers for what stands between.

use std::path::PathBuf;
use std::time::Duration;

use super::trace_context::TraceContext;
use crate::secret::Secret;

/// How bytes get to a portal.
#[derive(Clone, Debug, Default)]
pub struct Transport {
    /// The limit of one request from connecting to the last byte; none means no limit.
    pub timeout: Option<Duration>,
    /// A connection that nothing was sent over for so long is not used again; none means a second.
    pub idle: Option<Duration>,
    /// A PEM file of the certificate authorities to trust instead of the system's.
    pub cacert: Option<PathBuf>,
    /// A PEM file with the client's certificate.
    pub client_cert: Option<PathBuf>,
    /// A PEM file with its private key, where that is another.
    pub client_key: Option<PathBuf>,
    /// Headers of the user's own, which the portal's key is never among.
    pub headers: Vec<(String, Secret)>,
    /// The trace that the run is part of.
    pub trace: Option<TraceContext>,
    /// The proxy on the way, as an error names it.
    pub proxy: Option<String>,
}

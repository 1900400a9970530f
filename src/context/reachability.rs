//! Checks quickly and without a key whether a portal can be reached, for diagnosis.

use std::time::Duration;

use super::Context;
use crate::error::Error;
use crate::portal::{Endpoint, Reached, reach};

/// Anything slower is a fault, whatever the timeout of a request is.
const LIMIT: Duration = Duration::from_secs(10);

impl Context {
    /// Sends one request without a key to an address, through the same transport as other requests.
    pub fn reach(&self, endpoint: &Endpoint) -> Result<Reached, Error> {
        let mut transport = self.transport(endpoint)?;
        transport.timeout = Some(transport.timeout.map_or(LIMIT, |limit| limit.min(LIMIT)));
        Ok(reach(endpoint, transport)?)
    }
}

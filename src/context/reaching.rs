//! Whether a portal can be reached, asked without a key and quickly, for those who look for faults.

use std::time::Duration;

use super::Context;
use crate::error::Error;
use crate::portal::{Endpoint, Reached, reach};

/// What takes longer is a fault, whatever a request may take otherwise.
const LIMIT: Duration = Duration::from_secs(10);

impl Context {
    /// Asks an address once, by the way that requests take, and sends no key there.
    pub fn reach(&self, endpoint: &Endpoint) -> Result<Reached, Error> {
        let mut transport = self.transport(endpoint)?;
        transport.timeout = Some(transport.timeout.map_or(LIMIT, |limit| limit.min(LIMIT)));
        Ok(reach(endpoint, transport)?)
    }
}

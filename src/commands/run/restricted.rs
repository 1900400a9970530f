//! `optra run --only`: gives the program a token instead of a key, and runs a broker that enforces what it may do.

use std::process::Command;

use super::program::{Given, give as give_to};
use crate::broker::Address;
use crate::commands::permissions::Permissions;
use crate::context::Context;
use crate::error::Error;
use crate::portal::endpoint::Endpoint;
use crate::secret::Secret;

/// Variables that are needed only to reach the portal itself, or that identify the key.
const OURS: [&str; 4] = ["OPTRA_API_KEY_ID", "OPTRA_HEADERS", "OPTRA_CLIENT_CERT", "OPTRA_CLIENT_KEY"];

/// Starts a broker with the key, and gives the program a token for it.
pub fn give(
    command: &mut Command,
    endpoint: &Endpoint,
    key: &Secret,
    permissions: &Permissions,
    cx: &Context,
) -> Result<Given, Error> {
    // Check that the program exists before starting a broker.
    super::program::find(command.get_program())?;
    let broker = permissions.start(endpoint, key, Address::default(), cx)?;
    // Secret headers may come from variables of any name; removing those is up to the user.
    for variable in OURS {
        command.env_remove(variable);
    }
    give_to(command, broker.url(), broker.token(), cx)?;
    Ok(Given::by(broker))
}

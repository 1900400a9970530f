//! `optra run --only`: a token instead of a key, and a broker in this run that holds the program to what is allowed.

use std::process::Command;

use super::program::{Given, give as give_to};
use crate::broker::Address;
use crate::commands::power::Power;
use crate::context::Context;
use crate::error::Error;
use crate::portal::endpoint::Endpoint;
use crate::secret::Secret;

/// What belongs to the way to the portal, which is not the program's, and what would tell of the key.
const OURS: [&str; 4] = ["OPTRA_API_KEY_ID", "OPTRA_HEADERS", "OPTRA_CLIENT_CERT", "OPTRA_CLIENT_KEY"];

/// Starts a broker with the key, and gives the program a token for it.
pub fn give(
    command: &mut Command,
    endpoint: &Endpoint,
    key: &Secret,
    power: &Power,
    cx: &Context,
) -> Result<Given, Error> {
    // A program that is not there needs no broker.
    super::program::find(command.get_program())?;
    let broker = power.start(endpoint, key, Address::default(), cx)?;
    // The headers for what guards the portal may stand in variables of any name; they are the user's to take away.
    for variable in OURS {
        command.env_remove(variable);
    }
    give_to(command, broker.url(), broker.token(), cx)?;
    Ok(Given::by(broker))
}

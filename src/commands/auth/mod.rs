//! The key of this machine: kept in the operating system's keyring, checked, forgotten.

mod login;
mod logout;
mod status;

use crate::context::Context;
use crate::error::Error;

/// Log in to a portal, check and forget its key
#[derive(Debug, clap::Subcommand)]
pub enum Command {
    Login(login::Args),
    Status(status::Args),
    Logout(logout::Args),
}

pub fn run(command: &Command, cx: &Context) -> Result<(), Error> {
    match command {
        Command::Login(args) => login::run(args, cx),
        Command::Status(args) => status::run(args, cx),
        Command::Logout(args) => logout::run(args, cx),
    }
}

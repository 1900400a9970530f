//! The keys of this machine: kept under profiles, checked, handed on, forgotten.

mod doubt;
mod forgetting;
mod identity;
mod keeping;
mod login;
mod logout;
mod profiles;
mod record;
mod status;
mod switch;
mod token;

use crate::context::Context;
use crate::error::Error;

/// Log in to portals, check, use and forget their keys
#[derive(Debug, clap::Subcommand)]
pub enum Command {
    Login(login::Args),
    Status(status::Args),
    Switch(switch::Args),
    Token(token::Args),
    Logout(logout::Args),
}

pub fn run(command: &Command, cx: &Context) -> Result<(), Error> {
    match command {
        Command::Login(args) => login::run(args, cx),
        Command::Status(args) => status::run(args, cx),
        Command::Switch(args) => switch::run(args, cx),
        Command::Token(args) => token::run(args, cx),
        Command::Logout(args) => logout::run(args, cx),
    }
}

//! How a sandbox behaves.

use std::path::PathBuf;

use super::faults::{Faults, Latency};

/// How a sandbox behaves.
#[derive(Clone, Debug)]
pub struct Options {
    /// Where keys and devices are kept.
    pub state: State,
    /// The port to listen on; 0 for any free one.
    pub port: u16,
    /// How many devices the fleet has; `None` for as many as it had, 25 at first.
    pub devices: Option<usize>,
    /// The role of everybody who has a key.
    pub role: Role,
    /// Whether API keys are enabled for the organization.
    pub api_keys: bool,
    /// Whether the schema may be asked for.
    pub introspection: bool,
    /// How much of the contract the portal knows.
    pub dialect: Dialect,
    /// Whether the organization is one person's account.
    pub personal: bool,
    /// What goes wrong, and how often.
    pub faults: Faults,
    pub latency: Latency,
    /// What chance begins with; `None` for another sequence each time.
    pub seed: Option<u64>,
}

impl Default for Options {
    fn default() -> Options {
        Options {
            state: State::Memory,
            port: 0,
            devices: None,
            role: Role::Admin,
            api_keys: true,
            introspection: true,
            dialect: Dialect::Full,
            personal: false,
            faults: Faults::default(),
            latency: Latency::default(),
            seed: None,
        }
    }
}

/// Where a sandbox keeps its state.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum State {
    /// In this directory, which only its owner can read. Several sandboxes may share it at once.
    Directory(PathBuf),
    /// Nowhere: it ends with the process.
    Memory,
}

/// A role that the portal knows. Only an Admin may manage API keys.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
pub enum Role {
    Admin,
    BillingAdmin,
    DeviceTechnician,
    DeviceEnroller,
    WorkflowEditor,
    WorkflowDeployer,
    ChartEditor,
    ChartViewerOnly,
}

/// How much of the contract a sandbox knows.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
pub enum Dialect {
    /// All of it
    Full,
    /// What the portal's public documentation shows
    Documented,
}

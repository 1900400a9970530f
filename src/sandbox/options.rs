//! The settings of a sandbox.

use std::path::PathBuf;

use super::faults::{Faults, Latency};

/// The settings of a sandbox.
#[derive(Clone, Debug)]
pub struct Options {
    /// Where keys and devices are kept.
    pub state: State,
    /// The port to listen on; 0 for any free one.
    pub port: u16,
    /// The size of the fleet; `None` keeps its size, 25 at first.
    pub devices: Option<usize>,
    /// The role of every key.
    pub role: Role,
    /// Whether API keys are enabled for the organization.
    pub api_keys: bool,
    /// Whether introspection is allowed.
    pub introspection: bool,
    /// How much of the contract the portal supports.
    pub dialect: Dialect,
    /// Whether the organization is a personal account.
    pub personal: bool,
    /// The injected faults.
    pub faults: Faults,
    pub latency: Latency,
    /// The seed of faults and delays; `None` for a random one.
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
    /// In this directory, which only its owner can read. Several sandboxes may share it.
    Directory(PathBuf),
    /// In memory: the state ends with the process.
    Memory,
}

/// A role of the portal. Only an Admin may manage API keys.
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

/// How much of the contract a sandbox supports.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
pub enum Dialect {
    /// All of it
    Full,
    /// What the portal's public documentation shows
    Documented,
}

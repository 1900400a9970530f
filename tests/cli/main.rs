//! The one test binary: the real program, driven from outside as its users drive it. A test file belongs to a noun, or
//! to a property of the whole program, and is declared here. Most need a Unix: its shell, modes and signals, terminals
//! and Secret Service, or Node. The others run on every system.

// The harness fails tests by panics; clippy's own exemption covers only test functions.
#![allow(clippy::expect_used, clippy::panic, clippy::unwrap_used)]

#[cfg_attr(not(unix), allow(dead_code, unused_imports, reason = "most tests need a Unix"))]
mod harness;

mod answers;
#[cfg(unix)]
mod api;
mod api_pages;
#[cfg(unix)]
mod attack;
#[cfg(unix)]
mod auth;
#[cfg(unix)]
mod book;
#[cfg(unix)]
mod broker;
#[cfg(unix)]
mod certainty;
#[cfg(unix)]
mod ci_scripts;
#[cfg(unix)]
mod completeness;
#[cfg(unix)]
mod completion;
mod contract;
#[cfg(unix)]
mod dependencies;
#[cfg(unix)]
mod devices;
#[cfg(target_os = "linux")]
mod dist;
#[cfg(unix)]
mod doctor;
mod explain;
#[cfg(unix)]
mod faults;
#[cfg(unix)]
mod filters;
#[cfg(unix)]
mod fleet;
#[cfg(target_os = "linux")]
mod forge;
#[cfg(unix)]
mod formats;
#[cfg(unix)]
mod generated;
#[cfg(unix)]
mod harness_self;
#[cfg(unix)]
mod help;
#[cfg(unix)]
mod inputs;
#[cfg(unix)]
mod jq;
#[cfg(unix)]
mod kept;
#[cfg(unix)]
mod keyring;
#[cfg(unix)]
mod keys;
#[cfg(unix)]
mod leaks;
#[cfg(unix)]
mod lean;
#[cfg(unix)]
mod man;
#[cfg(unix)]
mod matrix;
#[cfg(unix)]
mod origin;
#[cfg(unix)]
mod output;
#[cfg(unix)]
mod output_file;
#[cfg(unix)]
mod owners;
#[cfg(unix)]
mod portal;
#[cfg(unix)]
mod profiles;
#[cfg(unix)]
mod profiles_file;
#[cfg(unix)]
mod promises;
#[cfg(unix)]
mod query;
#[cfg(unix)]
mod request_ids;
mod retries;
#[cfg(unix)]
mod run;
#[cfg(unix)]
mod sandbox;
#[cfg(unix)]
mod sandbox_faults;
#[cfg(unix)]
mod schemas;
#[cfg(unix)]
mod settings;
#[cfg(unix)]
mod several;
#[cfg(unix)]
mod slips;
#[cfg(unix)]
mod store_command;
#[cfg(unix)]
mod stores;
#[cfg(unix)]
mod structure;
#[cfg(unix)]
mod terminal;
#[cfg(unix)]
mod terminal_login;
#[cfg(unix)]
mod tls;
#[cfg(unix)]
mod torture;
#[cfg(unix)]
mod trace_context;
#[cfg(unix)]
mod trust;
#[cfg(unix)]
mod verdicts;
#[cfg(unix)]
mod wait;
#[cfg(windows)]
mod windows;

//! The one test binary: the real program, driven from outside as its users drive it.
//! A test file belongs to a noun, or to a trait of the whole program, and is declared here.

// The harness fails tests by panics; the lint's own exemption sees test functions only.
#![allow(clippy::expect_used, clippy::panic, clippy::unwrap_used)]

mod harness;

mod answers;
mod api;
mod api_pages;
mod attack;
mod auth;
mod book;
mod broker;
mod certainty;
mod ci_scripts;
mod completeness;
mod completion;
mod contract;
mod dependencies;
mod devices;
mod doctor;
mod explain;
mod faults;
mod filters;
mod fleet;
mod formats;
mod generated;
mod harness_self;
mod help;
mod inputs;
mod jq;
mod kept;
mod keyring;
mod keys;
mod leaks;
mod lean;
mod man;
mod matrix;
mod origin;
mod output;
mod output_file;
mod owners;
mod portal;
mod profiles;
mod profiles_file;
mod promises;
mod query;
mod request_ids;
mod retries;
mod run;
mod sandbox;
mod sandbox_faults;
mod schemas;
mod settings;
mod several;
mod slips;
mod store_command;
mod stores;
mod structure;
mod terminal;
mod terminal_login;
mod tls;
mod torture;
mod trace_context;
mod trust;
mod verdicts;
mod wait;

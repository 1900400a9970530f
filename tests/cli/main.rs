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
mod certainty;
mod completeness;
mod contract;
mod devices;
mod faults;
mod filters;
mod fleet;
mod generated;
mod harness_self;
mod help;
mod inputs;
mod jq;
mod keyring;
mod keys;
mod leaks;
mod lean;
mod origin;
mod output;
mod owners;
mod portal;
mod profiles;
mod profiles_file;
mod query;
mod readme;
mod retries;
mod run;
mod sandbox;
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
mod trust;
mod verdicts;

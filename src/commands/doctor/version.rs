//! The version of this program, and its platform.

use std::env::consts::{ARCH, OS};

use super::exam::Exam;
use super::record::Row;

pub fn check(_: &Exam<'_>) -> Vec<Row> {
    let sandbox = if cfg!(feature = "sandbox") { "" } else { ", without the sandbox" };
    vec![Row::ok("version", format_args!("optra {}, {OS} {ARCH}{sandbox}", env!("CARGO_PKG_VERSION")))]
}

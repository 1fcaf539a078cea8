//! The integration tests, in one binary.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing, clippy::print_stderr)]

mod acceptance;
mod cli;
mod cmd_scaffold;
mod common;
mod docs;
mod formats;
mod objectives;
mod policy;
mod properties;
mod report;
mod rule_pages;
mod structure;
mod tidy;

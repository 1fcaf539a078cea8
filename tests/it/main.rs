//! The integration tests, in one binary.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing, clippy::print_stderr)]

mod acceptance;
mod cli;
mod cmd_scaffold;
mod common;
mod formats;
mod objectives;
mod policy;
mod report;
mod rule_pages;
mod tidy;

//! The integration tests, in one binary.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

mod acceptance;
mod cli;
mod cmd_scaffold;
mod common;
mod objectives;
mod rule_pages;
mod tidy;

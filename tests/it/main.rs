//! The integration tests, in one binary.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

mod cmd_scaffold;
mod common;
mod objectives;
mod policy;
mod rule_pages;
mod tidy;

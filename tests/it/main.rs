//! The integration tests, in one binary.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

mod cli_reference;
mod cmd_baseline;
mod cmd_explain;
mod cmd_fix;
mod cmd_list;
mod cmd_schema;
mod cmd_trace;
mod common;
mod rule_pages;
mod run;
mod tidy;

//! The integration tests, in one binary.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing, clippy::print_stderr)]

mod acceptance;
mod approval_rules;
mod change;
mod cli;
mod cli_reference;
mod cmd_approve;
mod cmd_baseline;
mod cmd_explain;
mod cmd_fix;
mod cmd_generate;
mod cmd_history;
mod cmd_list;
mod cmd_scaffold;
mod cmd_schema;
mod cmd_trace;
mod common;
mod docs;
mod example;
mod formats;
mod history;
mod kit;
mod objectives;
mod policy;
mod properties;
mod readme;
mod report;
mod rule_hits;
mod rule_pages;
mod run;
mod second_sample;
mod signature;
mod structure;
mod threats;
mod tidy;
mod trust_properties;

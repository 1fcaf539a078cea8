//! The integration tests, in one binary.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

mod common;
mod docs;
mod properties;
mod rule_pages;
mod structure;
mod tidy;

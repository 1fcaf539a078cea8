//! smsctl: a linter and evidence tool for a Service Management System (ISO/IEC 20000-1) kept as Markdown in Git.
//!
//! The way of the data, each module using only what stands before it:
//! [`source`] (bytes and places) → [`finding`] (what is wrong, where) → [`document`] (front matter, Markdown, CSV) →
//! [`schema`] (JSON Schemas) → [`artifact`] (kinds, entities, references) → [`workspace`] (index and graph) →
//! [`rules`] (verdicts) → [`readiness`] (how far) → [`report`] (one report, many formats) → [`cli`]. [`catalog`] holds the standard and the toolkit
//! as data, [`config`] reads smsctl.toml, [`error`] says why a command could not run. `ARCHITECTURE.md` tells more.
#![cfg_attr(test, allow(clippy::unwrap_used, clippy::expect_used, clippy::panic))]

pub mod approve;
pub mod artifact;
pub mod catalog;
pub mod change;
pub mod cli;
pub mod config;
pub mod document;
pub mod error;
pub mod finding;
pub mod history;
pub mod import;
pub mod pack;
pub mod readiness;
pub mod report;
pub mod rules;
pub mod scaffold;
pub mod schema;
pub mod signature;
pub mod source;
pub mod trust;
pub mod workspace;

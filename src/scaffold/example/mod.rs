//! `init --example`: the sample organization as a Git repository with a signed history of almost four years.
//!
//! Everything is made in process from the files of the sample and the story in `story.toml`: the same bytes each time.

mod files;
mod keys;
mod objects;
mod people;
mod place;
mod rewind;
mod rows;
mod story;
mod timeline;
mod writer;

pub use place::{Made, make};

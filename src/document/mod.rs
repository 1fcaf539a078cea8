//! Bytes of one file to structure: front matter with places, Markdown facts, CSV rows.
//!
//! Parsing never fails: whatever is wrong comes back as [`Problem`]s beside what could be read. Knows nothing of kinds or rules.

mod csv;
mod front_matter;
mod markdown;
mod moment;
mod node;
mod toml;
mod yaml;

pub use csv::{CsvTable, load as load_csv};
pub use front_matter::{FrontMatter, salvage};
pub use markdown::{Block, BlockKind, Heading, Link, Markdown, Prose, plain_text, slug};
pub use moment::Moment;
pub use node::{Data, Field, Node, Step};
pub use toml::load as load_toml;
pub(crate) use yaml::is_null;
pub use yaml::load as load_yaml;

use crate::finding::Problem;
use crate::source::FileId;

/// One Markdown file, read.
#[derive(Debug)]
pub struct Document {
    /// Its file.
    pub file: FileId,
    /// The front matter, when the file has a block that could be read or salvaged.
    pub front: FrontMatter,
    /// Facts of the body.
    pub body: Markdown,
}

/// Reads a Markdown file.
#[must_use]
pub fn parse(file: FileId, text: &str) -> (Document, Vec<Problem>) {
    let mut problems = Vec::new();
    let front = front_matter::read(file, text, &mut problems);
    let body = markdown::read(file, text, front.body_start());
    (Document { file, front, body }, problems)
}

/// Reads the front matter of a Markdown file alone; whoever wants to know what is wrong in it asks [`parse`].
#[must_use]
pub fn front_matter(file: FileId, text: &str) -> FrontMatter {
    front_matter::read(file, text, &mut Vec::new())
}

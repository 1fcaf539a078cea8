//! `import`: brings in what people have, Markdown without front matter and Word documents, as drafts of this SMS.
//!
//! Nothing of the text is lost: what Markdown cannot carry is told, and what the control block of a Word document said is
//! kept. Reading a Word document opens its parts only; no macro, link or template of it is followed.

mod control;
mod docx;
mod inline;
mod markdown;
mod matching;
mod numbering;
mod package;
mod plan;
mod styles;
mod xml;

pub use control::ControlBlock;
pub use docx::read as read_docx;
pub use plan::{Input, Proposal, Refused, Wishes, plan};

/// A picture of an imported document.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Image {
    /// Name of the file, without folders: `image1.png`.
    pub name: String,
    /// Its bytes.
    pub bytes: Vec<u8>,
}

/// A document as it was read, whatever it came from.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Imported {
    /// Its title, when it says one.
    pub title: Option<String>,
    /// What its control block says.
    pub control: ControlBlock,
    /// Its text in Markdown, without the title. Pictures stand in it as `](image:NAME)`.
    pub body: String,
    /// Its pictures.
    pub images: Vec<Image>,
    /// What could not be carried over, for people.
    pub notes: Vec<String>,
}

//! The pack as one PDF: cover, contents, sections, every document.
//!
//! One direction: the book → Typst source (`pages`, `table`, `body`; always made, so that anybody can set it again) → pages and
//! a tagged PDF/A (`press`, with the feature `pdf`). Texts of the SMS stand in that source as strings alone, and the press
//! can read nothing but it: no file, no package, no network, no clock.

mod body;
mod pages;
#[cfg(feature = "pdf")]
mod press;
mod table;
mod target;
mod text;

use super::book::Book;

#[cfg(feature = "pdf")]
pub use press::render;

/// The Typst source of the PDF.
#[must_use]
pub fn source(book: &Book) -> String {
    pages::pages(book)
}

#[cfg(all(test, feature = "pdf"))]
mod tests;

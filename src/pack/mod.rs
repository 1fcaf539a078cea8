//! The audit pack: what a certification body receives and can verify without smsctl or the organization.
//!
//! One direction: [`facts`] (the SMS of a commit, as it may be shown) → [`sections`] (tables and sentences, one [`book`]) →
//! the pictures of that book ([`html`], [`pdf`], [`xlsx`], [`csv`], [`oscal`]) → one set of files with a manifest.
//! What may not leave is withheld once, in the facts: no picture can show what the facts do not hold.

pub mod about;
mod beside;
pub mod book;
pub mod build;
pub mod chart;
mod closed;
pub mod container;
pub mod contents;
pub mod csv;
mod directory;
pub mod disclosure;
pub mod evidence;
pub mod facts;
mod fields;
pub mod guide;
pub mod html;
pub mod index;
pub mod manifest;
mod markup;
mod masks;
mod mentions;
pub mod names;
pub mod oscal;
pub mod pdf;
mod people;
pub mod period;
mod pieces;
mod reads;
mod said;
pub mod sections;
pub mod sheets;
#[cfg(test)]
mod specimen;
mod standing;
pub mod verify;
#[cfg(feature = "xlsx")]
pub mod xlsx;

pub use book::{
    Block, Book, Cell, Chart, Column, Cover, Datum, Form, Piece, Section, Series, Sheet, Table, Target, Tone,
};
pub use facts::{CommitFacts, Facts, Since};
pub use sections::{cover, populations};
pub use sheets::sheets;

/// The files of a pack by path: `/` between parts, relative, safe on every system.
pub type Files = std::collections::BTreeMap<String, Vec<u8>>;

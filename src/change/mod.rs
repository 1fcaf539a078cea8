//! What changed between two versions of a document: fields, entries, blocks of text, and how it is written.
//!
//! A pure function of two byte strings. Whatever differs gives at least one change a person can see, so that nobody
//! signs what they were not shown. The text of the body is compared without loss: each line of it stands in a block.

mod align;
mod blocks;
mod editorial;
mod fields;
mod layout;
mod rows;
mod units;
mod words;

pub use editorial::{Harmless, HarmlessKind, METHOD as EDITORIAL_METHOD};
pub use layout::{Layout, LayoutKind, Place, What};
pub use rows::compare_csv;

use align::Budget;
use layout::Side;

/// What changed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Comparison {
    /// Which of the two versions there is.
    pub presence: Presence,
    /// Fields of the front matter, without entries.
    pub fields: Vec<FieldChange>,
    /// Entries of a register, or rows of a CSV file.
    pub entries: Vec<EntryChange>,
    /// Blocks of the body in reading order.
    pub blocks: Vec<BlockChange>,
    /// What changed in how the file is written and in nothing else: line ends, order of fields, comments.
    pub layout: Vec<Layout>,
    /// The first difference, in the new bytes.
    pub first: Option<Place>,
    /// How much changed.
    pub size: Size,
    /// Each difference of the body with the reason why it changes no meaning; or what is not proved to change none.
    pub proof: Result<Vec<Harmless>, Vec<String>>,
}

/// Which of the two versions there is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Presence {
    /// Both, or none.
    #[default]
    Both,
    /// Only the new one: the document was added.
    OnlyNew,
    /// Only the old one: the document was removed.
    OnlyOld,
}

/// A field whose value changed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FieldChange {
    /// `approvers`, `target.value`, `commitments[PC-01].element`, `actions[2].text` (from 1); the title of a table's column.
    pub path: String,
    /// The value before; none when the field was not there.
    pub old: Option<String>,
    /// The value now; none when the field is gone.
    pub new: Option<String>,
}

/// What became of an entry.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EntryChange {
    /// Its id; `#3` for the third entry when it has none.
    pub id: String,
    /// What happened.
    pub change: EntryKind,
}

/// What happened to an entry.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum EntryKind {
    /// It is new, with these fields.
    Added(Vec<FieldChange>),
    /// It is gone, with these fields.
    Removed(Vec<FieldChange>),
    /// Some fields have other values.
    Changed(Vec<FieldChange>),
    /// It stands in another place, with the same fields.
    Moved,
}

/// What became of a block of text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BlockChange {
    /// The headings it stands under, outermost first; long ones are cut.
    pub trail: Vec<String>,
    /// What it is.
    pub kind: BlockKind,
    /// What happened.
    pub change: ChangeKind,
    /// The id of the commitment it holds, or the first cell of a row of a table.
    pub name: Option<String>,
    /// Its text with markup, word by word.
    pub segments: Vec<Segment>,
    /// The cells that changed, by the titles of their columns; all of them when the row is new or gone.
    pub cells: Vec<FieldChange>,
    /// First line in the old text, from 1.
    pub old_line: Option<usize>,
    /// First line in the new text, from 1.
    pub new_line: Option<usize>,
    /// Only white space changed: other line breaks, an indent, the padding of a table.
    pub whitespace_only: bool,
    /// Only the number in front of a list item changed.
    pub renumbered: bool,
}

/// What a block is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum BlockKind {
    /// A heading.
    Heading,
    /// A paragraph.
    Paragraph,
    /// An item of a list, without nested lists.
    ListItem,
    /// A row of a table.
    TableRow,
    /// The line that sets the columns of a table.
    TableRule,
    /// A code block, or front matter that cannot be read.
    Code,
    /// A paragraph within a quotation.
    Quote,
    /// HTML or a comment.
    Html,
    /// Anything else: a line across the page, the target of links.
    Other,
}

/// What happened to a block.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ChangeKind {
    /// It is new.
    Added,
    /// It is gone.
    Removed,
    /// It reads differently.
    Changed,
    /// It reads the same in another place.
    Moved,
}

/// A stretch of text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Segment {
    /// Whether it stayed.
    pub mark: Mark,
    /// The text.
    pub text: String,
}

/// Whether a stretch stayed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mark {
    /// In both texts.
    Same,
    /// In the old text only.
    Removed,
    /// In the new text only.
    Added,
}

/// How much changed.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Size {
    /// Words of the old body. A character of a script without spaces counts as a word.
    pub words_before: usize,
    /// Words of the body that were added, and words that were removed; a moved block counts once each way.
    pub words_changed: usize,
    /// A commitment changed: in the front matter, or a block that begins with its bold id.
    pub commitments_touched: bool,
    /// Names of the fields at the top of the front matter that changed, in order.
    pub fields_touched: Vec<String>,
    /// An entry changed.
    pub entries_touched: bool,
    /// A row of a table changed in more than white space.
    pub tables_touched: bool,
}

/// Whether a change is editorial.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Class {
    /// It cannot change what was agreed: all that differs in the body, and why it changes no meaning.
    Editorial(Vec<Harmless>),
    /// It may, for these reasons (each the end of a sentence, such as "the field `owner` changed").
    Material(Vec<String>),
}

impl Comparison {
    /// Whether the two versions are the same, byte by byte.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.first.is_none() && self.layout.is_empty()
    }

    /// Whether the change is editorial: it touches no commitment, no entry, no front matter but `version` and new entries of
    /// `changes`, and each difference of the body is proved to change no meaning.
    #[must_use]
    pub fn class(&self) -> Class {
        let mut reasons = Vec::new();
        match self.presence {
            Presence::Both => {}
            Presence::OnlyNew => reasons.push("the document is new".to_owned()),
            Presence::OnlyOld => reasons.push("the document is gone".to_owned()),
        }
        let fields =
            self.size.fields_touched.iter().filter(|f| !matches!(f.as_str(), "version" | "changes" | "commitments"));
        reasons.extend(fields.map(|f| format!("the field `{f}` changed")));
        if self.size.commitments_touched {
            reasons.push("a commitment changed".to_owned());
        }
        if self.size.entries_touched {
            reasons.push("an entry changed".to_owned());
        }
        reasons.extend(self.layout.iter().filter(|l| l.kind.is_material()).map(|l| l.message.clone()));
        match &self.proof {
            Ok(harmless) if reasons.is_empty() => return Class::Editorial(harmless.clone()),
            Ok(_) => {}
            Err(unproved) => reasons.extend(unproved.iter().cloned()),
        }
        Class::Material(reasons)
    }

    fn same() -> Self {
        Self {
            presence: Presence::Both,
            fields: Vec::new(),
            entries: Vec::new(),
            blocks: Vec::new(),
            layout: Vec::new(),
            first: None,
            size: Size::default(),
            proof: Ok(Vec::new()),
        }
    }

    fn start(old: Option<&[u8]>, new: Option<&[u8]>) -> Self {
        let presence = match (old, new) {
            (None, Some(_)) => Presence::OnlyNew,
            (Some(_), None) => Presence::OnlyOld,
            _ => Presence::Both,
        };
        let first = layout::first(old.unwrap_or_default(), new.unwrap_or_default());
        Self { presence, first, ..Self::same() }
    }

    /// Nothing that differs stays unsaid.
    fn finish(mut self) -> Self {
        let shown = !(self.fields.is_empty() && self.entries.is_empty() && self.blocks.is_empty());
        if !shown && self.layout.is_empty() {
            self.layout.push(layout::otherwise(self.presence, self.first.as_ref()));
        }
        let moved = self.blocks.iter().all(|b| b.change == ChangeKind::Moved)
            && self.entries.iter().all(|e| e.change == EntryKind::Moved)
            && self.layout.iter().all(|l| l.kind == LayoutKind::Order);
        if let Some(first) = self.first.as_mut().filter(|_| moved && self.fields.is_empty()) {
            first.what = What::OrderOnly;
        }
        self
    }
}

/// Compares two versions of a Markdown document; none stands for a document that is not there.
#[must_use]
pub fn compare(old: Option<&[u8]>, new: Option<&[u8]>) -> Comparison {
    if old == new {
        return Comparison::same();
    }
    let mut out = Comparison::start(old, new);
    let (before, after) = (Side::read(old), Side::read(new));
    let mut budget = Budget::default();
    if out.presence == Presence::Both {
        layout::compare(&before, &after, &mut out.layout);
        out.proof = editorial::prove(&before, &after);
    }
    fields::compare(&before, &after, &mut out);
    blocks::compare(&before, &after, &mut budget, &mut out);
    layout::in_front_matter(&after, &mut out);
    out.finish()
}

/// What became of a text, word by word.
#[must_use]
pub fn segments(old: &str, new: &str) -> Vec<Segment> {
    words::segments(old, new, &mut Budget::default())
}

//! What the pages of a pack say, before anybody decides how they look: HTML, PDF, CSV and XLSX are made of this alone.

use std::collections::BTreeMap;

use jiff::civil::Date;

use crate::source::resolve;

/// A whole pack for people, in reading order.
#[derive(Clone, Debug, Default)]
pub struct Book {
    /// The first page.
    pub cover: Cover,
    /// Indexes, registers, matrices, reports.
    pub sections: Vec<Section>,
    /// Every document of the pack, in the order of the document register.
    pub sheets: Vec<Sheet>,
    /// Complete lists to sample from; in the CSV files and the workbook, told in the sections only by their size.
    pub populations: Vec<Table>,
}

/// The first page.
#[derive(Clone, Debug, Default)]
pub struct Cover {
    /// `Audit pack, stage 2`.
    pub title: String,
    /// Name of the organization.
    pub organization: String,
    /// Language of the texts, a language tag.
    pub language: String,
    /// The day everything was judged by.
    pub today: Option<Date>,
    /// The commit everything was read from.
    pub commit: String,
    /// Labels with what they say: standard, scope, stage, commit, trust root, tool.
    pub facts: Vec<(String, Vec<Piece>)>,
    /// What the reader must know first: gaps, what is withheld, what is not proved. Whole sentences.
    pub notices: Vec<Notice>,
}

/// A sentence of weight on the cover.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Notice {
    /// How grave.
    pub tone: Tone,
    /// The sentence.
    pub text: Vec<Piece>,
}

/// A part of the book with a heading of its own.
#[derive(Clone, Debug, Default)]
pub struct Section {
    /// Short name, unique, lower case with dashes: an anchor.
    pub id: String,
    /// Its heading.
    pub title: String,
    /// What the reader sees here and how to use it: one or two sentences.
    pub intro: String,
    /// What it holds.
    pub blocks: Vec<Block>,
}

/// A part of a section.
#[derive(Clone, Debug)]
pub enum Block {
    /// A heading below that of the section.
    Heading(String),
    /// A paragraph.
    Text(Vec<Piece>),
    /// A list.
    List(Vec<Vec<Piece>>),
    /// A table.
    Table(Table),
    /// A chart.
    Chart(Chart),
}

/// A stretch of text that may lead somewhere.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Piece {
    /// The text, as plain text: whatever markup stands in it is shown, never obeyed.
    pub text: String,
    /// Where it leads.
    pub target: Option<Target>,
    /// What it means.
    pub tone: Tone,
}

impl Piece {
    /// Plain text.
    #[must_use]
    pub fn plain(text: impl Into<String>) -> Self {
        Self { text: text.into(), ..Self::default() }
    }

    /// Text that leads somewhere.
    #[must_use]
    pub fn link(text: impl Into<String>, target: Target) -> Self {
        Self { text: text.into(), target: Some(target), tone: Tone::Plain }
    }

    /// Text with a meaning.
    #[must_use]
    pub fn toned(text: impl Into<String>, tone: Tone) -> Self {
        Self { text: text.into(), target: None, tone }
    }
}

/// Where a link leads. Pictures resolve it: to an anchor, a page, a file beside.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Target {
    /// A section by its id.
    Section(String),
    /// A document by its path in the SMS.
    Document(String),
    /// An entry of a register by its id: a place in its document.
    Entry(String),
    /// A file of the pack by its path there.
    File(String),
}

/// What a text means; never shown by colour alone.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub enum Tone {
    /// Nothing special.
    #[default]
    Plain,
    /// In order.
    Good,
    /// To be looked at.
    Attention,
    /// Missing or wrong.
    Bad,
    /// Not decided, withheld or not applicable.
    Muted,
}

/// A table.
#[derive(Clone, Debug, Default)]
pub struct Table {
    /// Name of its CSV file and of its sheet, without ending: lower case, dashes, unique in the pack.
    pub name: String,
    /// Its title.
    pub title: String,
    /// Columns.
    pub columns: Vec<Column>,
    /// Rows; each has as many cells as there are columns.
    pub rows: Vec<Vec<Cell>>,
    /// Said in place of rows when there are none: why, a whole sentence.
    pub when_empty: String,
    /// Ids of the entries the rows are, where they are entries of a register: anchors. Empty, or one a row.
    pub anchors: Vec<String>,
}

/// A column.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Column {
    /// Its heading.
    pub title: String,
    /// What its cells hold.
    pub form: Form,
}

impl Column {
    /// A column.
    #[must_use]
    pub fn new(title: impl Into<String>, form: Form) -> Self {
        Self { title: title.into(), form }
    }
}

/// What the cells of a column hold.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Form {
    /// Running text: takes the room there is.
    #[default]
    Text,
    /// A short word, id or version: kept on one line where possible.
    Short,
    /// A day.
    Date,
    /// A number.
    Number,
}

/// A cell: what people read, and the same as data for spreadsheets.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Cell {
    /// What is shown; several pieces are separated by `, ` unless they bring their own separators.
    pub pieces: Vec<Piece>,
    /// The value as data.
    pub datum: Datum,
}

/// The value of a cell as data.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub enum Datum {
    /// The text shown.
    #[default]
    Text,
    /// A day.
    Date(Date),
    /// A number.
    Number(f64),
}

impl Cell {
    /// Text.
    #[must_use]
    pub fn text(text: impl Into<String>) -> Self {
        Self { pieces: vec![Piece::plain(text)], datum: Datum::Text }
    }

    /// A day, written year-month-day; nothing when there is none.
    #[must_use]
    pub fn date(date: Option<Date>) -> Self {
        date.map_or_else(Self::default, |d| Self { pieces: vec![Piece::plain(d.to_string())], datum: Datum::Date(d) })
    }

    /// A number as it was written.
    #[must_use]
    pub fn number(written: impl Into<String>, number: f64) -> Self {
        Self { pieces: vec![Piece::plain(written)], datum: Datum::Number(number) }
    }

    /// Several pieces.
    #[must_use]
    pub fn pieces(pieces: Vec<Piece>) -> Self {
        Self { pieces, datum: Datum::Text }
    }

    /// Text with a meaning.
    #[must_use]
    pub fn toned(text: impl Into<String>, tone: Tone) -> Self {
        Self { pieces: vec![Piece::toned(text, tone)], datum: Datum::Text }
    }

    /// All its text.
    #[must_use]
    pub fn plain(&self) -> String {
        self.pieces.iter().map(|p| p.text.as_str()).collect::<Vec<_>>().join(", ")
    }
}

/// A chart of measurements over time.
#[derive(Clone, Debug, Default)]
pub struct Chart {
    /// Its title.
    pub title: String,
    /// Unit of the values.
    pub unit: String,
    /// The value to reach, and in words (`at least 99.9 %`).
    pub target: Option<(f64, String)>,
    /// What was measured.
    pub series: Series,
    /// The same in one sentence, for those who cannot see it.
    pub description: String,
}

/// Values in time order, each with its period as a label.
pub type Series = Vec<(String, f64)>;

/// A document of the SMS as it is printed.
#[derive(Clone, Debug, Default)]
pub struct Sheet {
    /// Id.
    pub id: String,
    /// Title.
    pub title: String,
    /// Path in the SMS.
    pub path: String,
    /// Path of its Markdown source in the pack.
    pub file: String,
    /// Path of its page in the pack.
    pub page: String,
    /// Document control, computed from front matter and Git: label and value.
    pub control: Vec<(String, Vec<Piece>)>,
    /// Versions with day, reason, approver, newest first.
    pub versions: Option<Table>,
    /// The Markdown behind the front matter.
    pub body: String,
    /// Entries of a register, or the fields of an entry that is a document of its own.
    pub entries: Option<Table>,
    /// How many places are withheld in this document.
    pub withheld: usize,
}

impl Book {
    /// Documents by path.
    #[must_use]
    pub fn by_path(&self) -> BTreeMap<&str, &Sheet> {
        self.sheets.iter().map(|s| (s.path.as_str(), s)).collect()
    }

    /// Entries of registers by id, with the document that shows them.
    #[must_use]
    pub fn by_entry(&self) -> BTreeMap<&str, &Sheet> {
        let mut out = BTreeMap::new();
        for sheet in &self.sheets {
            if let Some(table) = &sheet.entries {
                out.extend(table.anchors.iter().map(|a| (a.as_str(), sheet)));
            }
        }
        out
    }

    /// Every table of the pack, those of sections first: what becomes CSV files and sheets.
    pub fn tables(&self) -> impl Iterator<Item = &Table> {
        let in_sections = self.sections.iter().flat_map(|s| &s.blocks).filter_map(|b| match b {
            Block::Table(table) => Some(table),
            _ => None,
        });
        let registers = self.sheets.iter().filter_map(|s| s.entries.as_ref());
        in_sections.chain(registers).chain(&self.populations)
    }
}

/// The document a link of a document's Markdown leads to: path in the SMS, and the fragment behind `#`. None when it leads
/// out of the SMS or nowhere.
#[must_use]
pub fn linked<'b>(sheets: &BTreeMap<&str, &'b Sheet>, from: &Sheet, link: &str) -> Option<(&'b Sheet, Option<String>)> {
    let (path, fragment) = link.split_once('#').map_or((link, None), |(p, f)| (p, Some(f.to_owned())));
    if path.is_empty() {
        return sheets.get(from.path.as_str()).map(|s| (*s, fragment));
    }
    let resolved = resolve(&from.path, path)?;
    sheets.get(resolved.as_str()).map(|s| (*s, fragment))
}

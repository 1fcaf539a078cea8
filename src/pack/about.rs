//! Sections about the pack itself: what the stage asks for and where it is, and what was left out.

use super::book::{Block, Cell, Column, Form, Notice, Piece, Section, Table, Target, Tone};
use super::contents::{Contents, Row};
use super::disclosure::{Disclosure, Withheld};
use super::evidence::Evidence;
use super::facts::Facts;
use crate::catalog::Share;

/// Id of the section that lists the contents.
const CONTENTS: &str = "contents";
/// Id of the section that lists what is withheld.
const WITHHELD: &str = "withheld";

/// What the stage asks for, row by row, with the documents and what is missing.
#[must_use]
pub fn contents(
    facts: &Facts<'_>,
    contents: &Contents,
    not_in_oscal: &[(String, String)],
    shown: impl Fn(&str) -> bool,
) -> Section {
    let gaps: Vec<Vec<Piece>> =
        contents.gaps().map(|(row, gap)| vec![Piece::toned(told(row, gap), Tone::Bad)]).collect();
    let columns = vec![
        Column::new("What the stage asks for", Form::Text),
        Column::new("How it is shown", Form::Short),
        Column::new("Where", Form::Text),
        Column::new("State", Form::Text),
    ];
    let rows = contents.rows.iter().map(|row| content(facts, row, &shown)).collect();
    let table = Table {
        name: "contents-of-the-stage".into(),
        title: format!("What {} asks for", facts.stage.formal_name),
        columns,
        rows,
        when_empty: "This stage asks for nothing.".into(),
        anchors: Vec::new(),
    };
    let mut blocks = Vec::new();
    if !gaps.is_empty() {
        blocks.push(Block::List(gaps));
    }
    blocks.push(Block::Table(table));
    let oscal = not_in_oscal.iter().map(|(file, why)| vec![Piece::plain(format!("Not in {file}: {why}"))]);
    let oscal: Vec<Vec<Piece>> = oscal.collect();
    if !oscal.is_empty() {
        blocks.push(Block::List(oscal));
    }
    Section {
        id: CONTENTS.into(),
        title: "Contents for this stage".into(),
        intro: "In full: the documents are in this pack. What changed: only documents that changed since the last audit are. \
                Summary: documents are listed with their state, their text is not part of this stage. \
                Withheld: the document exists, and the organization decided that its text does not leave."
            .into(),
        blocks,
    }
}

fn content(facts: &Facts<'_>, row: &Row, shown: &impl Fn(&str) -> bool) -> Vec<Cell> {
    let how = match row.share {
        Share::Full => "in full",
        Share::Summary => "summary",
        Share::Delta => "what changed",
        Share::Nothing => "not",
    };
    let mut places: Vec<Piece> = Vec::new();
    if let Some(section) = &row.section {
        places.push(Piece::link(section.replace('-', " "), Target::Section(section.clone())));
    }
    for path in &row.documents {
        let id = facts.ws.artifact_at(path).map_or(path.as_str(), |a| a.id());
        let target = shown(path).then(|| Target::Document(path.clone()));
        places.push(Piece { text: id.to_owned(), target, tone: Tone::Plain });
    }
    let tone = if row.gaps.len() == row.withheld { Tone::Attention } else { Tone::Bad };
    let state =
        if row.gaps.is_empty() { Cell::toned("there", Tone::Good) } else { Cell::toned(row.gaps.join(" "), tone) };
    vec![Cell::text(sentence(&row.content)), Cell::text(how), Cell::pieces(places), state]
}

/// A gap with what it is: missing, or there and withheld.
fn told(row: &Row, gap: &str) -> String {
    let first_withheld = row.gaps.len() - row.withheld.min(row.gaps.len());
    let withheld = row.gaps.iter().skip(first_withheld).any(|g| g == gap);
    format!("{}: {gap}", if withheld { "Withheld" } else { "Missing" })
}

fn sentence(text: &str) -> String {
    crate::report::sentence(text)
}

/// What was left out, and what leaves although it names people: the signed evidence.
#[must_use]
pub fn withheld(facts: &Facts<'_>, disclosure: &Disclosure, evidence: Option<&Evidence>) -> Section {
    let columns = vec![
        Column::new("Document", Form::Short),
        Column::new("Path", Form::Text),
        Column::new("What", Form::Text),
        Column::new("Why", Form::Text),
        Column::new("Places", Form::Number),
    ];
    let row = |w: &Withheld| {
        let what = match w.field.as_str() {
            _ if w.why.is_whole() => "the whole text",
            "" => "running text",
            field => field,
        };
        #[allow(clippy::cast_precision_loss, reason = "a few hundred places")]
        let places = Cell::number(w.places.to_string(), w.places as f64);
        vec![Cell::text(&w.id), Cell::text(&w.path), Cell::text(what), Cell::text(w.why.in_words()), places]
    };
    let mut blocks = vec![Block::Text(vec![Piece::plain(people(facts))])];
    if let Some(evidence) = evidence {
        blocks.push(Block::Text(vec![Piece::plain(format!(
            "The evidence of approvals (folder evidence/) is signed as it stands, so it cannot be changed: {} commits and the \
             statements in them name their authors and signers, as the trust policy does. It holds {} texts of documents, over all \
             versions; {} texts are left out, and only their digests and document control are told.",
            evidence.commits, evidence.texts, evidence.left_out
        ))]));
    }
    blocks.push(Block::Table(Table {
        name: WITHHELD.into(),
        title: "What was left out".into(),
        columns,
        rows: disclosure.withheld.iter().map(row).collect(),
        when_empty: "Nothing was left out.".into(),
        anchors: Vec::new(),
    }));
    Section {
        id: WITHHELD.into(),
        title: "What was left out".into(),
        intro: "The organization decides what leaves, in smsctl.toml. A mark such as ‹withheld 3› stands in the place of a value; the \
                same mark is always the same value. Addresses and numbers of nobody known have a mark without a number."
            .into(),
        blocks,
    }
}

fn people(facts: &Facts<'_>) -> String {
    if facts.names {
        return "Names of people and personal data are in this pack, as the organization decided.".into();
    }
    "People are told by the titles of their roles. Fields that the schemas mark as personal are withheld. In running text, titles \
     and tables e-mail addresses are withheld, and numbers in the usual forms of telephone numbers, whosever they are. Full names of \
     people that stand in such a field or in a trust policy are withheld in whatever way they are written: over a line end, in \
     capitals, with emphasis, as \"Surname, First\", with initials. Their surname alone is withheld where it has a capital letter, \
     at least four letters, and is no ordinary word of these texts. Not withheld are first names alone, identifiers of people, \
     names that stand in no such field and in no trust policy, and paths and identifiers of documents."
        .into()
}

/// What the reader must know first.
#[must_use]
pub fn notices(facts: &Facts<'_>, contents: &Contents, disclosure: &Disclosure) -> Vec<Notice> {
    let mut out = Vec::new();
    let gaps = contents.gaps().count();
    if gaps > 0 {
        let text = if gaps == 1 { "One thing".to_owned() } else { format!("{gaps} things") };
        let text = format!(
            "{text} that {} asks for {} missing or withheld: ",
            facts.stage.formal_name,
            if gaps == 1 { "is" } else { "are" }
        );
        let link = Piece::link("contents for this stage", Target::Section(CONTENTS.into()));
        out.push(Notice { tone: Tone::Bad, text: vec![Piece::plain(text), link, Piece::plain(".")] });
    }
    let places: usize = disclosure.withheld.iter().filter(|w| !w.why.is_whole()).map(|w| w.places).sum();
    let whole = disclosure.withheld.iter().filter(|w| w.why.is_whole()).count();
    if places + whole > 0 {
        let text = format!("Withheld: {places} places in documents, and the whole text of {whole} documents: ");
        let link = Piece::link("what was left out", Target::Section(WITHHELD.into()));
        out.push(Notice { tone: Tone::Muted, text: vec![Piece::plain(text), link, Piece::plain(".")] });
    }
    out
}

//! A book for tests: the documents of the sample, and sections by hand that hold one of everything.

use super::book::Notice;
use super::{
    Block, Book, Cell, Chart, Column, Cover, Facts, Form, Piece, Section, Sheet, Table, Target, Tone, facts::sample,
};
use crate::workspace::{ArtifactView, EntityView};

/// Text that must be shown and never obeyed.
pub const HOSTILE: &str = "<script>alert(1)</script>\u{1b}[31m\u{202e}\"' & ../../x 🧯 שלום";

/// The book.
pub fn book() -> Book {
    // The sample is read once for all tests.
    static BOOK: std::sync::LazyLock<Book> = std::sync::LazyLock::new(|| {
        sample::with("stage-2", false, |facts| Book {
            cover: cover(facts),
            sections: sections(facts),
            sheets: facts.ws.artifacts().map(sheet).collect(),
            populations: vec![many(500)],
        })
    });
    BOOK.clone()
}

fn cover(facts: &Facts<'_>) -> Cover {
    let notice = |tone, text: &str| Notice { tone, text: vec![Piece::plain(text)] };
    Cover {
        title: "Audit pack, stage 2".into(),
        organization: facts.ws.config.organization.clone(),
        language: "en".into(),
        today: Some(facts.today),
        commit: facts.commit.oid.to_string(),
        facts: vec![
            ("Standard".into(), vec![Piece::plain("ISO/IEC 20000-1:2018")]),
            ("Commit".into(), vec![Piece::plain(facts.commit.oid.to_string())]),
            ("Start with".into(), vec![Piece::link("everything", Target::Section("everything".into()))]),
        ],
        notices: vec![
            notice(Tone::Bad, "One required document is missing: the continuity test of this year."),
            notice(Tone::Attention, "Names of people are left out."),
        ],
    }
}

fn sections(facts: &Facts<'_>) -> Vec<Section> {
    let titled = |id: &str, title: &str, blocks| Section {
        id: id.into(),
        title: title.into(),
        intro: "What you see here and how to use it.".into(),
        blocks,
    };
    let empty = Table {
        name: "nothing".into(),
        title: "Waivers".into(),
        columns: vec![Column::new("Rule", Form::Short)],
        when_empty: "Nothing is waived.".into(),
        ..Table::default()
    };
    let list = vec![vec![Piece::plain("See "), Piece::link("VERIFY.md", Target::File("VERIFY.md".into()))]];
    let everything = vec![
        Block::Heading("Words".into()),
        Block::Text(vec![Piece::plain(HOSTILE), Piece::link("gone", Target::Document("none.md".into()))]),
        Block::List(list),
        Block::Table(tones()),
        Block::Table(empty),
        Block::Chart(chart()),
    ];
    vec![
        titled("documents", "Document register", vec![Block::Table(register(facts))]),
        titled("everything", "Everything a section may hold", everything),
        titled("long", "A long table", vec![Block::Table(Table { name: "long".into(), ..many(300) })]),
    ]
}

fn chart() -> Chart {
    Chart {
        title: "Availability of critical services".into(),
        unit: "%".into(),
        target: Some((99.9, "at least 99.9 %".into())),
        series: (1..=12).map(|m| (format!("2026-{m:02}"), 99.8 + f64::from(m * 7 % 11) / 50.0)).collect(),
        description: "Twelve months, three below the target.".into(),
    }
}

fn tones() -> Table {
    let all = [Tone::Plain, Tone::Good, Tone::Attention, Tone::Bad, Tone::Muted];
    let row = |tone: &Tone| {
        vec![
            Cell::toned(format!("{tone:?}"), *tone),
            Cell::pieces(vec![Piece::link("SMS-POL-10", Target::Entry("RSK-001".into())), Piece::plain("b")]),
            Cell::date(Some(jiff::civil::date(2026, 3, 5))),
            Cell::number("-99.90", -99.9),
            Cell::text(format!("=1+1 {HOSTILE}")),
            Cell::text("w".repeat(300)),
            Cell::text("plain words that go on for a while, as they do in a register of risks or of changes"),
            Cell::default(),
        ]
    };
    Table {
        name: "tones".into(),
        title: format!("Tones [of] everything/{HOSTILE}"),
        columns: [Form::Short, Form::Short, Form::Date, Form::Number, Form::Text, Form::Text, Form::Text, Form::Short]
            .iter()
            .enumerate()
            .map(|(i, form)| Column::new(format!("Column {i}"), *form))
            .collect(),
        rows: all.iter().map(row).collect(),
        ..Table::default()
    }
}

fn many(rows: u32) -> Table {
    let row = |n: u32| {
        let words = format!("Replaced the disk of node {n} after two warnings of the controller.");
        vec![
            Cell::text(format!("CHG-{n:04}")),
            Cell::date(jiff::civil::date(2026, 1, 1).checked_add(jiff::Span::new().days(n % 300)).ok()),
            Cell::number(format!("{n}.50"), f64::from(n) + 0.5),
            Cell::text(words),
        ]
    };
    let columns = [("Change", Form::Short), ("Day", Form::Date), ("Hours", Form::Number), ("Words", Form::Text)];
    Table {
        name: "changes".into(),
        title: "Changes since the last audit".into(),
        columns: columns.map(|(title, form)| Column::new(title, form)).into(),
        rows: (1..=rows).map(row).collect(),
        ..Table::default()
    }
}

fn register(facts: &Facts<'_>) -> Table {
    let row = |a: ArtifactView<'_>| {
        let target = Target::Document(a.path().to_owned());
        vec![
            Cell::pieces(vec![Piece::link(a.id(), target)]),
            Cell::text(a.title()),
            Cell::text(a.version()),
            Cell::toned(a.status(), if a.is_approved() { Tone::Good } else { Tone::Attention }),
            Cell::date(a.review_due()),
        ]
    };
    let columns = [
        ("No.", Form::Short),
        ("Title", Form::Text),
        ("Version", Form::Short),
        ("Status", Form::Short),
        ("Due", Form::Date),
    ];
    Table {
        name: "documents".into(),
        title: "Documents".into(),
        columns: columns.map(|(title, form)| Column::new(title, form)).into(),
        rows: facts.ws.artifacts().map(row).collect(),
        ..Table::default()
    }
}

fn sheet(a: ArtifactView<'_>) -> Sheet {
    let versions = a.front().list("changes").iter().map(|c| {
        vec![
            Cell::text(c.str("version").unwrap_or_default()),
            Cell::date(c.date("on")),
            Cell::text(c.str("why").unwrap_or_default()),
        ]
    });
    let columns = [("Version", Form::Short), ("Day", Form::Date), ("Why", Form::Text)];
    let start = a.document().front.body_start();
    Sheet {
        id: a.id().into(),
        title: a.title().into(),
        path: a.path().into(),
        file: format!("documents/{}", a.path()),
        page: format!("html/{}.html", a.path()),
        control: vec![
            ("Version".into(), vec![Piece::plain(a.version())]),
            ("Status".into(), vec![Piece::toned(a.status(), Tone::Good)]),
        ],
        versions: Some(Table {
            name: format!("versions-{}", a.id()),
            title: "Versions".into(),
            columns: columns.map(|(title, form)| Column::new(title, form)).into(),
            rows: versions.collect(),
            when_empty: "No version is described.".into(),
            anchors: Vec::new(),
        }),
        body: a.text().get(start..).unwrap_or_default().into(),
        entries: (a.kind() == "register").then(|| entries(a)),
        withheld: a.text().matches("[withheld]").count(),
    }
}

fn entries(a: ArtifactView<'_>) -> Table {
    let found: Vec<EntityView<'_>> = a.children().collect();
    let first = found.first().map(|e| e.node().fields()).unwrap_or_default();
    let keys: Vec<&str> = first.iter().map(|f| &*f.key).collect();
    let row = |e: &EntityView<'_>| {
        let cell = |key: &&str| {
            e.date(key).map_or_else(|| Cell::text(e.str(key).unwrap_or_default()), |d| Cell::date(Some(d)))
        };
        keys.iter().map(cell).collect()
    };
    Table {
        name: a.register().unwrap_or("register").into(),
        title: format!("Entries of {}", a.title()),
        columns: keys.iter().map(|k| Column::new(*k, if *k == "id" { Form::Short } else { Form::Text })).collect(),
        rows: found.iter().map(row).collect(),
        when_empty: "The register has no entry.".into(),
        anchors: found.iter().map(|e| e.id().to_owned()).collect(),
    }
}

//! The PDF as others read it: poppler and qpdf, which nobody here wrote.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::Command;

use super::press::{FONTS, render};
use super::text::COVERAGE;
use crate::pack::book::*;
use crate::pack::facts::sample;

/// `Noto Sans` holds what each of its faces holds, so that bold and italic text is never short of a sign.
#[test]
fn coverage_is_that_of_the_fonts() {
    let mut families: BTreeMap<String, Vec<std::collections::BTreeSet<u32>>> = BTreeMap::new();
    for font in FONTS.iter() {
        let info = font.info();
        families.entry(info.family.to_string()).or_default().push(info.coverage.iter().collect());
    }
    let mut expected = String::new();
    for name in ["Noto Sans", "DejaVu Sans"] {
        expected.push_str(&format!("# {name}\n"));
        let faces = &families[name];
        let all: Vec<u32> = faces[0].iter().copied().filter(|c| faces.iter().all(|f| f.contains(c))).collect();
        for run in all.chunk_by(|a, b| a + 1 == *b) {
            let (first, last) = (run[0], run[run.len() - 1]);
            expected.push_str(&if first == last { format!("{first:X}\n") } else { format!("{first:X}-{last:X}\n") });
        }
    }
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("assets/fonts/coverage.txt");
    #[allow(clippy::disallowed_methods, reason = "the same switch as in the other tests of generated files")]
    if std::env::var("UPDATE_DOCS").is_ok() {
        std::fs::write(path, expected).unwrap();
        return;
    }
    assert_eq!(std::fs::read_to_string(path).unwrap(), expected, "UPDATE_DOCS=1 rewrites it");
    assert_eq!(COVERAGE.iter().map(|f| f.name).collect::<Vec<_>>(), ["Noto Sans", "DejaVu Sans"]);
}

/// Text that tries to be anything but text.
const HOSTILE: &str = "# Heading *one*\n\n#import \"@preview/x\": *\n\n$x^2$ @ref <label> \\ \" #{panic()} ${a} ~ `code #let x` \
_em_ **strong** ~~gone~~ [link](https://example.org/a?b=c&d=\"e\") [inside](../policies/a.md#b) [file](evidence/scan.pdf) \
![picture](data:image/png;base64,AAAA) \u{1b}[31mred\u{1b}[0m \u{202e}turned\u{202c} 信頼 😀 🗂 o\u{301}\u{301}\u{301}\u{301}\u{301}\u{301} \
مرحبا שלום <script>alert(1)</script> <!-- hidden --> a<br>b\n\n### Skipped level\n\n";

fn hostile_body() -> String {
    let mut out = HOSTILE.to_owned();
    out.push_str(&format!("{}\n\n", "W".repeat(300)));
    out.push_str(&format!("{}\n\n", "a/b_c.".repeat(80)));
    out.push_str(&format!("| {} | b |\n| --- | ---: |\n| {} | 1 |\n\n", "H".repeat(90), "w".repeat(200)));
    let cells = |what: &str| (0..14).map(|i| format!(" {what}{i} |")).collect::<String>();
    out.push_str(&format!("|{}\n|{}\n|{}\n|{}\n\n", cells("head"), " --- |".repeat(14), cells("cell"), cells("cell")));
    out.push_str(&format!("{} deep\n\n", ">".repeat(40)));
    for depth in 0..30 {
        out.push_str(&format!("{}- level {depth}\n", "  ".repeat(depth)));
    }
    out.push_str("\n1. one\n   - [x] done\n   - [ ] open\n2. two\n\n```mermaid\ngraph TD; A-->B\n```\n\n    indented \\code #\n\n");
    out.push_str(&format!("```\n{}\n```\n\n", "x".repeat(300)));
    out.push_str("A note[^1] and again[^1], undefined[^2].\n\n[^1]: The *note* itself[^1].\n\n#\n\n<div>block</div>\n\n");
    out.push_str(&format!("{}x{}\n", "**_".repeat(60), "_**".repeat(60)));
    out
}

fn sheet(id: &str, title: &str, path: &str, body: &str) -> Sheet {
    let control = ["Version", "Status", "Owner", "Approved by", "Effective on", "Review by"];
    let says = ["2.1", "Approved", "Service management owner", "Head of operations", "2026-03-01", "2027-03-01"];
    Sheet {
        id: id.into(),
        title: title.into(),
        path: path.into(),
        file: format!("documents/{path}"),
        page: format!("pages/{id}.html"),
        control: control.iter().zip(says).map(|(l, s)| ((*l).into(), vec![Piece::plain(s)])).collect(),
        versions: Some(Table {
            columns: vec![
                Column::new("Version", Form::Short),
                Column::new("On", Form::Date),
                Column::new("Why", Form::Text),
                Column::new("Approved by", Form::Text),
            ],
            rows: vec![vec![
                Cell::text("2.1"),
                Cell::text("2026-03-01"),
                Cell::text("Yearly review; targets of availability raised."),
                Cell::pieces(vec![Piece::toned("Head of operations", Tone::Good)]),
            ]],
            ..Table::default()
        }),
        body: body.into(),
        ..Sheet::default()
    }
}

fn table(name: &str, title: &str, columns: usize, rows: usize) -> Table {
    let forms = [Form::Short, Form::Text, Form::Short, Form::Date, Form::Text, Form::Number];
    let says = [
        "RISK-000",
        "A supplier of a data hall cannot keep the temperature in summer, so racks are switched off",
        "Open",
        "2026-05-1",
        "Second cooling loop; monthly figures are reviewed with the supplier in the service review",
        "1",
    ];
    Table {
        name: name.into(),
        title: title.into(),
        columns: (0..columns).map(|i| Column::new(format!("Column {i}"), forms[i % 6])).collect(),
        rows: (0..rows).map(|r| (0..columns).map(|c| Cell::text(format!("{}{r}", says[c % 6]))).collect()).collect(),
        ..Table::default()
    }
}

fn small_book() -> Book {
    let mut register = table("risks", "Risks", 13, 30);
    register.anchors = (0..30).map(|i| format!("RISK-000{i}")).collect();
    let mut wide = sheet("REG-RISK", "Risk register", "registers/risks.md", "Read [the policy](../policies/a.md).\n");
    wide.entries = Some(register);
    wide.withheld = 3;
    Book {
        cover: cover(),
        sections: sections(),
        sheets: vec![
            sheet("POL-1", "Service management policy", "policies/a.md", "# Service management policy\n\n## Purpose\n\nWe serve.\n\nSee [risk](../registers/risks.md#RISK-0001).\n"),
            sheet("POL-2", "Hostile \u{202e} #strong[x] \"quoted\" \\ 😀", "policies/b.md", &hostile_body()),
            wide,
        ],
        populations: Vec::new(),
    }
}

fn cover() -> Cover {
    Cover {
        title: "Audit pack, stage 2".into(),
        organization: "Northwind Managed Services".into(),
        language: "en-GB".into(),
        today: Some("2026-11-20".parse().unwrap()),
        commit: "0123456789abcdef0123456789abcdef01234567".into(),
        facts: vec![
            ("Standard".into(), vec![Piece::plain("ISO/IEC 20000-1:2018")]),
            ("Scope".into(), vec![Piece::plain("Hosting and network services for customers in Belgium and the Netherlands")]),
            ("Commit".into(), vec![Piece::plain("0123456789abcdef0123456789abcdef01234567")]),
            ("Documents".into(), vec![Piece::link("Document register", Target::Section("documents".into()))]),
        ],
        notices: vec![
            super::super::book::Notice {
                tone: Tone::Bad,
                text: vec![Piece::plain("The internal audit of clause 8.7 has no report: "), Piece::link("clause index", Target::Section("clauses".into()))],
            },
            super::super::book::Notice { tone: Tone::Attention, text: vec![Piece::plain("Two approvals rest on a key that has expired since.")] },
            super::super::book::Notice { tone: Tone::Muted, text: vec![Piece::plain("Names of people are withheld; roles stand in their place.")] },
        ],
    }
}

fn sections() -> Vec<Section> {
    let mut documents = table("documents", "Document register", 5, 12);
    documents.rows[0][1] = Cell::pieces(vec![
        Piece::link("Service management policy", Target::Document("policies/a.md".into())),
        Piece::link("not here", Target::Document("nowhere.md".into())),
        Piece::link("evidence", Target::File("evidence/REC-1/very_long_name_of_a_file_without_spaces_2026-11-20.pdf".into())),
        Piece::link("RISK-0001", Target::Entry("RISK-0001".into())),
    ]);
    let chart = Chart {
        title: "Availability of the customer portal".into(),
        unit: "% per month".into(),
        target: Some((99.9, "at least 99.9 %".into())),
        series: (1..=9).map(|m| (format!("2026-0{m}"), 99.8 + f64::from(m % 4) * 0.05)).collect(),
        description: "Availability was between 99.8 and 99.95 % in nine months; the target of 99.9 % was missed in two. 😀 信".into(),
    };
    let section = |id: &str, title: &str, blocks| Section { id: id.into(), title: title.into(), intro: "Start here and follow the links to the evidence.".into(), blocks };
    vec![
        section("documents", "Document register", vec![Block::Table(documents)]),
        section("clauses", "Index by clause", vec![Block::Heading("Clause 4".into()), Block::Text(vec![Piece::plain("Plain, "), Piece::toned("missing", Tone::Bad)]), Block::List(vec![vec![Piece::plain("one")], vec![Piece::toned("two", Tone::Muted)]]), Block::Table(table("matrix", "Traceability matrix", 9, 40))]),
        section("objectives", "Objectives and results", vec![Block::Chart(chart), Block::Table(Table { when_empty: "No objective was measured yet.".into(), ..table("objectives", "Objectives", 3, 0) })]),
        section("changes", "Changes", vec![Block::Table(table("changes", "Changes", 8, 450))]),
    ]
}

fn at() -> jiff::Timestamp {
    "2026-11-20T12:00:00Z".parse().unwrap()
}

fn written(name: &str, book: &Book) -> PathBuf {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("target/pdf-tests");
    std::fs::create_dir_all(&folder).unwrap();
    let path = folder.join(format!("{name}.pdf"));
    std::fs::write(path.with_extension("typ"), super::source(book)).unwrap();
    let start = std::time::Instant::now();
    std::fs::write(&path, render(book, at()).unwrap()).unwrap();
    eprintln!("{name}: {:?}", start.elapsed());
    path
}

#[test]
fn sample_book_is_set() {
    written("small", &small_book());
}

//! The PDF of a pack as others read it: by poppler and qpdf, which nobody here wrote.
#![cfg(feature = "pdf")]
#![allow(clippy::disallowed_methods)]

use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::LazyLock;

use smsctl::pack::book::*;
use smsctl::pack::pdf::{render, source, volumes};

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
    out.push_str(
        "A note[^1] and again[^1], undefined[^2].\n\n[^1]: The *note* itself[^1].\n\n#\n\n<div>block</div>\n\n",
    );
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
    let mut long = sheet("REG-CHG", "Change register", "registers/changes.md", "Every change.\n");
    long.entries = Some(table("changes", "Changes", 8, 450));
    Book {
        cover: cover(),
        sections: sections(),
        sheets: vec![
            sheet(
                "POL-1",
                "Service management policy",
                "policies/a.md",
                "# Service management policy\n\n## Purpose\n\nWe serve.\n\nSee [risk](../registers/risks.md#RISK-0001).\n",
            ),
            sheet("POL-2", "Hostile \u{202e} #strong[x] \"quoted\" \\ 😀", "policies/b.md", &hostile_body()),
            wide,
            long,
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
            (
                "Scope".into(),
                vec![Piece::plain("Hosting and network services for customers in Belgium and the Netherlands")],
            ),
            ("Commit".into(), vec![Piece::plain("0123456789abcdef0123456789abcdef01234567")]),
            ("Documents".into(), vec![Piece::link("Document register", Target::Section("documents".into()))]),
        ],
        notices: vec![
            Notice {
                tone: Tone::Bad,
                text: vec![
                    Piece::plain("The internal audit of clause 8.7 has no report: "),
                    Piece::link("clause index", Target::Section("clauses".into())),
                ],
            },
            Notice {
                tone: Tone::Attention,
                text: vec![Piece::plain("Two approvals rest on a key that has expired since.")],
            },
            Notice {
                tone: Tone::Muted,
                text: vec![Piece::plain("Names of people are withheld; roles stand in their place.")],
            },
        ],
    }
}

fn sections() -> Vec<Section> {
    let mut documents = table("documents", "Document register", 5, 12);
    documents.rows[0][1] = Cell::pieces(vec![
        Piece::link("Service management policy", Target::Document("policies/a.md".into())),
        Piece::link("not here", Target::Document("nowhere.md".into())),
        Piece::link(
            "evidence",
            Target::File("evidence/REC-1/very_long_name_of_a_file_without_spaces_2026-11-20.pdf".into()),
        ),
        Piece::link("RISK-0001", Target::Entry("RISK-0001".into())),
    ]);
    let chart = Chart {
        title: "Availability of the customer portal".into(),
        unit: "% per month".into(),
        target: Some((99.9, "at least 99.9 %".into())),
        series: (1..=9).map(|m| (format!("2026-0{m}"), 99.8 + f64::from(m % 4) * 0.05)).collect(),
        description:
            "Availability was between 99.8 and 99.95 % in nine months; the target of 99.9 % was missed in two. 😀 信"
                .into(),
    };
    let section = |id: &str, title: &str, blocks| Section {
        id: id.into(),
        title: title.into(),
        intro: "Start here and follow the links to the evidence.".into(),
        blocks,
    };
    vec![
        section("documents", "Document register", vec![Block::Table(documents)]),
        section(
            "clauses",
            "Index by clause",
            vec![
                Block::Heading("Clause 4".into()),
                Block::Text(vec![Piece::plain("Plain, "), Piece::toned("missing", Tone::Bad)]),
                Block::List(vec![vec![Piece::plain("one")], vec![Piece::toned("two", Tone::Muted)]]),
                Block::Table(table("matrix", "Traceability matrix", 9, 40)),
            ],
        ),
        section(
            "objectives",
            "Objectives and results",
            vec![
                Block::Chart(chart),
                Block::Table(Table {
                    when_empty: "No objective was measured yet.".into(),
                    ..table("objectives", "Objectives", 3, 0)
                }),
            ],
        ),
    ]
}

fn at() -> jiff::Timestamp {
    "2026-11-20T12:00:00Z".parse().unwrap()
}

/// The small book on disk, set once for all tests.
static SMALL: LazyLock<PathBuf> = LazyLock::new(|| written("small", &small_book()));

fn written(name: &str, book: &Book) -> PathBuf {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("pack-pdf");
    std::fs::create_dir_all(&folder).unwrap();
    let path = folder.join(format!("{name}.pdf"));
    std::fs::write(path.with_extension("typ"), source(book)).unwrap();
    std::fs::write(&path, render(book, at()).unwrap()).unwrap();
    path
}

/// What a program says of the small book; none where it is not installed.
fn told(program: &str, before: &[&str], after: &[&str]) -> Option<String> {
    let package = if program == "qpdf" { "qpdf" } else { "pdftotext" };
    if !crate::oracle::here(package) {
        return None;
    }
    let run = Command::new(program).args(before).arg(&*SMALL).args(after).output().unwrap();
    assert!(run.status.success(), "{program}: {}", String::from_utf8_lossy(&run.stderr));
    Some(String::from_utf8_lossy(&run.stdout).into_owned())
}

/// Text on one line, so that it does not matter where lines break.
fn flat(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ").replace("\u{ad} ", "")
}

#[test]
fn the_file_is_sound_tagged_and_made_to_be_kept() {
    let Some(checked) = told("qpdf", &["--check"], &[]) else { return };
    assert!(checked.contains("No syntax or stream encoding errors found"), "{checked}");
    let Some(info) = told("pdfinfo", &[], &[]) else { return };
    for line in [
        "Title:           Northwind Managed Services, Audit pack, stage 2",
        "Author:          Northwind Managed Services",
        "Tagged:          yes",
        "JavaScript:      no",
        "Page size:       595.276 x 841.89 pts (A4)",
    ] {
        assert!(info.contains(line), "{line}\n{info}");
    }
    let bytes = std::fs::read(&*SMALL).unwrap();
    let text = String::from_utf8_lossy(&bytes);
    // PDF/A-2a and PDF/UA-1, with the hostile document in it.
    for mark in ["<pdfaid:part>2<", "<pdfaid:conformance>A<", "<pdfuaid:part>1<", "/Lang(en-GB)"] {
        assert!(text.contains(mark), "{mark}");
    }
    let fonts = told("pdffonts", &[], &[]).unwrap();
    assert!(fonts.lines().skip(2).all(|l| l.contains(" yes yes yes ")), "{fonts}");
}

#[test]
fn titles_control_blocks_and_page_numbers_are_text() {
    let Some(text) = told("pdftotext", &["-layout"], &["-"]) else { return };
    let flat = flat(&text);
    for said in [
        "Service management policy",
        "Risk register",
        "Owner Service management owner",
        "Review by 2027-03-01",
        "2.1 2026-03-01 Yearly review; targets of availability raised.",
        "3 places of this document are withheld",
        "Gap. The internal audit of clause 8.7 has no report",
        "Not included. Names of people are withheld",
        "No objective was measured yet.",
        "Printed here: all 450 rows, with 3 of 8 columns.",
        "commit 0123456789ab · as of 2026-11-20 page 1 of ",
        "Column 12: RISK-0007",
        "Diagram, as it is written in Mermaid:",
        "(evidence/scan.pdf)",
    ] {
        assert!(flat.contains(said), "{said}");
    }
}

#[test]
fn text_of_the_sms_is_never_obeyed() {
    let Some(text) = told("pdftotext", &["-layout"], &["-"]) else { return };
    let flat = flat(&text);
    for said in [
        "#import \"@preview/x\": *",
        "$x^2$ @ref <label> \\ \" #{panic()} ${a} ~ code #let x",
        "em strong gone",
        "[U+001B][31mred",
        "[U+202E]turned",
        "[U+4FE1]",
        "script>alert(1)</script>",
        "Hostile [U+202E] #strong[x] \"quoted\" \\",
        "characters of the documents have no sign in the fonts",
    ] {
        assert!(flat.contains(said), "{said}");
    }
    assert!(!text.contains("hidden") && !text.contains('\u{fffd}') && !text.contains('\u{202e}'));
}

#[test]
fn nothing_runs_over_the_margin_and_wide_tables_turn_the_page() {
    let Some(boxes) = told("pdftotext", &["-bbox"], &["-"]) else { return };
    let number = |line: &str, name: &str| -> f64 {
        line.split_once(&format!("{name}=\"")).and_then(|(_, r)| r.split_once('"')).unwrap().0.parse().unwrap()
    };
    let (mut width, mut turned) = (0.0, Vec::new());
    for line in boxes.lines() {
        if line.contains("<page ") {
            width = number(line, "width");
            turned.push(width > 800.0);
        } else if line.contains("<word ") {
            // 20 mm are 56.7 points.
            assert!(
                number(line, "xMax") <= width - 55.0 && number(line, "xMin") >= 55.0,
                "page {}: {line}",
                turned.len()
            );
        }
    }
    let on_turned = |said: &str| {
        let pages: Vec<String> = (1..=turned.len()).map(page).collect();
        let found: Vec<bool> =
            pages.iter().zip(&turned).filter(|(p, _)| flat(p).contains(said)).map(|(_, t)| *t).collect();
        assert!(!found.is_empty(), "{said}");
        found.into_iter().all(|t| t)
    };
    assert!(on_turned("Traceability matrix") && on_turned("Column 12: ") && on_turned("head0 head1"));
    assert!(!on_turned("Purpose"));
}

fn page(number: usize) -> String {
    let number = number.to_string();
    told("pdftotext", &["-layout", "-f", &number, "-l", &number], &["-"]).unwrap()
}

#[test]
fn bookmarks_are_nested() {
    let Some(json) = told("qpdf", &["--json", "--json-key=outlines"], &[]) else { return };
    let json: serde_json::Value = serde_json::from_str(&json).unwrap();
    let titles = |list: &serde_json::Value| -> Vec<String> {
        list.as_array().unwrap().iter().map(|o| o["title"].as_str().unwrap().to_owned()).collect()
    };
    let top = &json["outlines"];
    assert_eq!(
        titles(top),
        ["Contents", "Document register", "Index by clause", "Objectives and results", "Documents"]
    );
    let groups = &top[4]["kids"];
    assert_eq!(titles(groups), ["Policies", "Registers"]);
    assert_eq!(titles(&groups[1]["kids"]), ["Risk register", "Change register"]);
}

#[test]
fn links_lead_to_their_place_or_are_plain_text() {
    let Some(html) = told("pdftohtml", &["-xml", "-i", "-stdout"], &[]) else { return };
    let leads = |said: &str| html.lines().any(|l| l.contains("<a href=") && l.contains(said));
    assert!(leads("Service management policy</a>") && leads("RISK-0001") && leads("clause index"), "{html}");
    assert!(html.contains("href=\"https://example.org/a?b=c"));
    assert!(!leads("not here") && !leads("evidence"));
}

#[test]
fn the_same_book_gives_the_same_bytes() {
    let book = small_book();
    let first = std::fs::read(&*SMALL).unwrap();
    assert!(render(&book, at()).unwrap() == first, "two runs differ");
    assert!(render(&book, "2026-11-21T12:00:00Z".parse().unwrap()).unwrap() != first);
}

#[test]
fn an_empty_book_is_still_a_file() {
    let book = Book::default();
    assert!(render(&book, at()).unwrap().starts_with(b"%PDF-1.7"));
    assert_eq!(volumes(&book).len(), 1);
}

/// The documents of the sample are set without one being refused. Takes half a minute of CPU, so it does not run with the others.
#[test]
#[ignore = "slow; to look at, and to measure with"]
fn the_sample_is_set() {
    written("toolkit", &toolkit(1));
    for copies in [1, 5, 25] {
        for volume in volumes(&toolkit(copies)) {
            let path = SMALL.with_file_name(format!("copies-{copies}-{}.typ", volume.number()));
            std::fs::write(path, volume.source()).unwrap();
        }
    }
}

/// The documents of the sample organization, read without the rest of smsctl.
fn toolkit(copies: usize) -> Book {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("examples/toolkit");
    let mut paths = Vec::new();
    collect(&root, &mut paths);
    paths.sort();
    let mut sheets = Vec::new();
    for copy in 0..copies {
        for path in &paths {
            let text = std::fs::read_to_string(path).unwrap();
            let Some((front, body)) = text.strip_prefix("---\n").and_then(|t| t.split_once("\n---\n")) else {
                continue;
            };
            let front: serde_json::Value = serde_yaml::from_str(front).unwrap();
            let word = |key: &str| front[key].as_str().unwrap_or_default().to_owned();
            let short = path.strip_prefix(&root).unwrap().to_str().unwrap().to_owned();
            let short = if copy == 0 { short } else { short.replace(".md", &format!("-{copy}.md")) };
            let mut sheet = sheet(&word("id"), &word("title"), &short, body);
            sheet.entries = entries(&front["entries"], copy);
            sheets.push(sheet);
        }
    }
    let row = |s: &Sheet| {
        vec![
            Cell::text(&s.id),
            Cell::pieces(vec![Piece::link(&s.title, Target::Document(s.path.clone()))]),
            Cell::text("approved"),
            Cell::text("2026-03-01"),
        ]
    };
    let columns = [("Id", Form::Short), ("Title", Form::Text), ("Status", Form::Short), ("Review by", Form::Date)];
    let register = Table {
        name: "documents".into(),
        columns: columns.into_iter().map(|(t, f)| Column::new(t, f)).collect(),
        rows: sheets.iter().map(row).collect(),
        ..Table::default()
    };
    let mut sections = sections();
    sections.insert(
        0,
        Section {
            id: "register".into(),
            title: "All documents".into(),
            blocks: vec![Block::Table(register)],
            ..Section::default()
        },
    );
    Book { cover: cover(), sections, sheets, populations: Vec::new() }
}

fn collect(folder: &Path, out: &mut Vec<PathBuf>) {
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            collect(&path, out);
        } else if path.extension().is_some_and(|e| e == "md") {
            out.push(path);
        }
    }
}

fn entries(list: &serde_json::Value, copy: usize) -> Option<Table> {
    let list = list.as_array()?;
    let mut names: Vec<&str> = Vec::new();
    for name in list.iter().filter_map(|e| e.as_object()).flat_map(|e| e.keys()) {
        if !names.contains(&name.as_str()) {
            names.push(name);
        }
    }
    let form = |n: &str| {
        if n == "id" || n == "status" {
            Form::Short
        } else if n.ends_with("_on") {
            Form::Date
        } else {
            Form::Text
        }
    };
    let shown = |v: &serde_json::Value| {
        v.as_str().map_or_else(|| if v.is_null() { String::new() } else { v.to_string() }, str::to_owned)
    };
    Some(Table {
        name: "entries".into(),
        columns: names.iter().map(|n| Column::new(n.replace('_', " "), form(n))).collect(),
        rows: list.iter().map(|e| names.iter().map(|n| Cell::text(shown(&e[*n]))).collect()).collect(),
        anchors: list.iter().map(|e| format!("{}~{copy}", shown(&e["id"]))).collect(),
        ..Table::default()
    })
}

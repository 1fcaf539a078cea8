//! Whatever stands in a file: reading it never panics, and every place lies inside the text.

use std::sync::LazyLock;

use proptest::collection::{btree_map, vec};
use proptest::prelude::*;
use smsctl::document::{self, Data, FrontMatter, Node};
use smsctl::finding::Problem;
use smsctl::source::{FileId, MemoryTree, Source as _, Span};

use crate::common::{bare, cases, check, toolkit};

/// Pieces that mean something to one of the readers.
const PIECES: &[&str] = &[
    "---\n",
    "...\n",
    "\u{feff}",
    "\n",
    "\r\n",
    "\t",
    "  ",
    "- ",
    "id: A-1\n",
    "kind: policy\n",
    "kind: register\n",
    "status: ",
    "entries:\n",
    "entries_from: x.csv\n",
    "owner: ",
    ": ",
    ":",
    "# ",
    "## ",
    "#",
    "[",
    "]",
    "{",
    "}",
    "(",
    ")",
    "](",
    "!",
    "&a ",
    "*a",
    "|\n",
    ">\n",
    "'",
    "\"",
    "\"\"",
    ",",
    ";",
    "%20",
    "%",
    "`",
    "```\n",
    "**",
    "**PC-01** ",
    "<",
    ">",
    "<!-- ",
    " -->",
    "smsctl-allow to-do: x",
    "TODO(",
    "<a id=\"",
    "| a | b |\n|---|---|\n",
    "1. ",
    "> ",
    "é",
    "𝄞",
    "\u{202e}",
    "[sms]\n",
    "a = ",
    "2026-11-20",
    "1.10",
    "null",
    "~",
    "<<: ",
    "? ",
    "\\",
    "&amp;",
    "x@y.z",
];

fn text() -> impl Strategy<Value = String> {
    let piece = prop_oneof![
        4 => proptest::sample::select(PIECES).prop_map(str::to_owned),
        1 => any::<char>().prop_map(String::from),
        1 => "[a-z0-9 -]{1,8}",
    ];
    vec(piece, 0..60).prop_map(|pieces| pieces.concat())
}

/// The Markdown and CSV files of the sample.
static SAMPLE: LazyLock<Vec<(String, String)>> = LazyLock::new(|| {
    let tree = toolkit();
    let text = |path: &str| String::from_utf8(tree.read(path, u64::MAX).ok()?).ok();
    let wanted = |path: &str| [".md", ".csv"].iter().any(|e| path.ends_with(e));
    let paths = tree.entries().iter().map(|e| e.path.clone()).filter(|p| wanted(p));
    paths.filter_map(|p| Some((p.clone(), text(&p)?))).collect()
});

/// A cut at a character near a place.
fn cut(text: &str, at: usize) -> usize {
    let at = at % (text.len() + 1);
    (0..=at).rev().find(|i| text.is_char_boundary(*i)).unwrap_or(0)
}

/// A file of the sample with stretches of it replaced, most of them in its front matter.
fn mutated() -> impl Strategy<Value = (String, String)> {
    let change = (any::<usize>(), 0..12_usize, proptest::sample::select(PIECES), any::<bool>());
    (any::<proptest::sample::Index>(), vec(change, 1..5)).prop_map(|(file, changes)| {
        let (path, mut text) = file.get(&SAMPLE).clone();
        for (at, length, piece, anywhere) in changes {
            let within = if anywhere { text.len() } else { text.len().min(1_500) };
            let from = cut(&text, at % (within + 1));
            let to = cut(&text, (from + length).min(text.len())).max(from);
            text.replace_range(from..to, piece);
        }
        (path, text)
    })
}

fn inside(text: &str, span: Span) -> Result<(), TestCaseError> {
    prop_assert!(text.get(span.range()).is_some(), "{:?} of {:?}", span, text);
    Ok(())
}

fn node_inside(text: &str, node: &Node) -> Result<(), TestCaseError> {
    inside(text, node.span)?;
    for field in node.fields() {
        inside(text, field.key_span)?;
        node_inside(text, &field.value)?;
    }
    node.items().iter().try_for_each(|item| node_inside(text, item))
}

fn problems_inside(text: &str, problems: &[Problem]) -> Result<(), TestCaseError> {
    for problem in problems {
        inside(text, problem.span)?;
        prop_assert!(!problem.help.is_empty() && !problem.message.is_empty());
        problem.related.iter().try_for_each(|r| inside(text, r.span))?;
    }
    Ok(())
}

fn document_inside(text: &str) -> Result<(), TestCaseError> {
    let (document, problems) = document::parse(FileId(0), text);
    problems_inside(text, &problems)?;
    if let FrontMatter::Present { node, yaml, .. } = &document.front {
        node_inside(text, node)?;
        prop_assert!(text.get(yaml.clone()).is_some());
    }
    prop_assert!(text.is_char_boundary(document.front.body_start()));
    let body = &document.body;
    let blocks = body.blocks.iter().flat_map(|b| [Some(b.span), b.lead]).flatten();
    let facts = body.headings.iter().map(|h| h.span).chain(body.links.iter().map(|l| l.span));
    let mut all = facts.chain(body.comments.iter().copied()).chain(blocks);
    all.try_for_each(|span| inside(text, span))?;
    for block in &body.blocks {
        let prose = document::plain_text(text, block.span, true);
        for (at, word) in prose.text.match_indices(char::is_alphanumeric) {
            inside(text, prose.span(at..at + word.len()))?;
        }
    }
    Ok(())
}

proptest! {
    #![proptest_config(cases(256))]

    #[test]
    fn markdown_of_any_sort_is_read(text in text(), front in any::<bool>()) {
        document_inside(&if front { format!("---\nid: A-1\n{text}\n---\n{text}") } else { text })?;
    }

    #[test]
    fn mutated_samples_are_read((_, text) in mutated()) {
        document_inside(&text)?;
    }

    #[test]
    fn yaml_of_any_sort_is_read(text in text()) {
        match document::load_yaml(FileId(0), &text, 0..text.len()) {
            Ok(node) => node_inside(&text, &node)?,
            Err(problem) => problems_inside(&text, &[*problem])?,
        }
    }

    #[test]
    fn csv_of_any_sort_is_read(text in text()) {
        let (table, problems) = document::load_csv(FileId(0), &text);
        problems_inside(&text, &problems)?;
        table.header.iter().try_for_each(|(_, span)| inside(&text, *span))?;
        table.rows.iter().try_for_each(|row| node_inside(&text, row))?;
    }

    #[test]
    fn toml_of_any_sort_is_read(text in text()) {
        match document::load_toml(FileId(0), &text) {
            Ok(node) => node_inside(&text, &node)?,
            Err((span, message)) => {
                inside(&text, span)?;
                prop_assert!(!message.is_empty());
            }
        }
    }

    #[test]
    fn yaml_means_what_another_reader_takes_it_for(value in yaml_map()) {
        let block = serde_yaml::to_string(&value).unwrap();
        let flow = serde_json::to_string(&value).unwrap();
        for text in [block, flow] {
            let node = document::load_yaml(FileId(0), &text, 0..text.len());
            let node = node.map_err(|p| TestCaseError::fail(format!("{}: {text}", p.message)))?;
            prop_assert!(same(&node, &value), "{node:?}\n{text}");
        }
    }
}

proptest! {
    #![proptest_config(cases(96))]

    /// The file stands beside the roles and the configuration only: the whole sample would be slow.
    #[test]
    fn rules_never_panic((path, text) in mutated()) {
        let mut tree = beside();
        tree.put(&path, Some(text.into_bytes()));
        let (workspace, verdict) = check(&tree);
        for finding in &verdict.findings {
            let span = finding.problem.span;
            inside(&workspace.sources.file(span.file).text, span)?;
        }
    }
}

fn beside() -> MemoryTree {
    let mut tree = bare();
    let kept = [
        "registers/roles.md",
        "registers/measurements.csv",
        "registers/objectives.md",
        "policies/service-management-policy.md",
    ];
    for (path, text) in SAMPLE.iter().filter(|(path, _)| kept.contains(&path.as_str())) {
        tree.put(path, Some(text.clone().into_bytes()));
    }
    tree
}

/// Maps of text, lists and maps, as front matter has them.
fn yaml_map() -> impl Strategy<Value = serde_json::Value> {
    let words = prop_oneof![
        3 => "[ -~]{0,30}",
        1 => "[ -~äöüßéàñ–„“…€\n]{0,40}",
        1 => "[a-z]{1,8}( [a-z]{1,8}){0,9}",
        1 => proptest::sample::select(&["no", "1.10", "2026-02-10", "~", "null", "true", "0x1F", "1e3", "- a", "a: b", "#x"][..])
            .prop_map(str::to_owned),
    ];
    let leaf = words.prop_map(serde_json::Value::String);
    let value = leaf.prop_recursive(4, 40, 6, |inner| {
        prop_oneof![
            vec(inner.clone(), 1..5).prop_map(serde_json::Value::Array),
            btree_map("[a-z_]{1,10}", inner, 1..5).prop_map(|m| serde_json::Value::Object(m.into_iter().collect())),
        ]
    });
    btree_map("[a-z_]{1,10}", value, 1..6).prop_map(|m| serde_json::Value::Object(m.into_iter().collect()))
}

fn same(node: &Node, value: &serde_json::Value) -> bool {
    use serde_json::Value;
    match (&node.data, value) {
        (Data::Scalar { text, .. }, Value::String(wanted)) => **text == **wanted,
        (Data::List(items), Value::Array(wanted)) => {
            items.len() == wanted.len() && items.iter().zip(wanted).all(|(i, w)| same(i, w))
        }
        (Data::Map(fields), Value::Object(wanted)) => {
            let mut pairs = fields.iter().zip(wanted);
            fields.len() == wanted.len() && pairs.all(|(f, (key, value))| *f.key == **key && same(&f.value, value))
        }
        _ => false,
    }
}

//! `new ENTRY` for every entry of the toolkit: what comes out is whole, correct and of its own words.

use std::collections::{BTreeMap, BTreeSet};

use smsctl::catalog::{Catalog, ToolkitEntry, template};
use smsctl::document::FrontMatter;
use smsctl::finding::Severity;
use smsctl::scaffold::{self, Answers, NewFile, NewRequest};
use smsctl::schema::SchemaSet;
use smsctl::source::{FileId, MemoryTree};
use smsctl::workspace::{self, Workspace};

use crate::common::{TODAY, bare, check};

/// Words a text document has at least.
const WORDS: usize = 250;
/// Kinds that are no text documents: their fields, slides or rows are what counts.
const NO_TEXT: [&str; 5] = ["form", "presentation", "log", "register", "flowchart"];

fn fresh() -> MemoryTree {
    let answers = Answers { organization: "Harbour Hosting".into(), language: "en".into(), today: TODAY };
    let files = scaffold::plan_init(&answers).unwrap();
    files.into_iter().filter(|f| !f.path.starts_with('.')).map(|f| (f.path, Some(f.text.into_bytes()))).collect()
}

fn load(tree: &MemoryTree) -> Workspace {
    workspace::load(tree, &|_, _| {}).unwrap()
}

/// Entries with a template of their own and, for registers, a schema.
fn ready() -> Vec<&'static ToolkitEntry> {
    let schemas = SchemaSet::default();
    let has_schema = |e: &ToolkitEntry| e.register.as_deref().is_none_or(|r| schemas.register(r).is_some());
    Catalog::get().entries().iter().filter(|e| own_template(e).is_some() && has_schema(e)).collect()
}

fn own_template(entry: &ToolkitEntry) -> Option<&'static str> {
    template(&format!("entries/{}", entry.id))
}

/// The document, or a further one where the SMS has it already.
fn new(ws: &Workspace, entry: &ToolkitEntry) -> NewFile {
    let ask = |title| {
        let request = NewRequest { what: entry.id.clone(), title, ..NewRequest::default() };
        scaffold::plan_new(ws, &request, TODAY)
    };
    ask(None)
        .or_else(|_| ask(Some(format!("{} of Hamburg", entry.title))))
        .unwrap_or_else(|e| panic!("{}: {e}", entry.id))
}

/// Errors in a file that are no to-dos.
fn errors(tree: &MemoryTree, of: impl Fn(&str) -> bool) -> Vec<String> {
    let (ws, verdict) = check(tree);
    let own = verdict.findings.iter().filter(|f| f.severity == Severity::Error && f.rule.name != "to-do");
    own.filter(|f| of(ws.sources.path(f.problem.span)))
        .map(|f| format!("{} {}: {}", ws.sources.path(f.problem.span), f.rule.name, f.problem.message))
        .collect()
}

#[test]
fn every_entry_has_a_template_and_every_register_a_schema() {
    let without: Vec<_> =
        Catalog::get().entries().iter().filter(|e| own_template(e).is_none()).map(|e| &e.id).collect();
    assert_eq!(without, Vec::<&String>::new());
    let schemas = SchemaSet::default();
    let registers: Vec<_> = Catalog::get().registers().into_iter().filter(|r| schemas.register(r).is_none()).collect();
    assert_eq!(registers, Vec::<&str>::new());
}

#[test]
fn every_entry_comes_without_errors_into_a_new_sms() {
    let ws = load(&fresh());
    let mut all = fresh();
    let mut paths = BTreeSet::new();
    for entry in ready() {
        let file = new(&ws, entry);
        // One check for all of them, but for second documents: their ids are the next free one of this SMS each.
        if file.path.contains("of-hamburg") {
            let mut tree = fresh();
            tree.put(&file.path, Some(file.text.into_bytes()));
            assert_eq!(errors(&tree, |path| path == file.path), Vec::<String>::new(), "{}", entry.id);
        } else {
            all.put(&file.path, Some(file.text.into_bytes()));
            assert!(paths.insert(file.path.clone()), "{} is written twice", file.path);
        }
    }
    assert_eq!(errors(&all, |path| paths.contains(path)), Vec::<String>::new());
}

#[test]
fn every_entry_comes_without_errors_into_an_empty_sms() {
    let ws = load(&bare());
    for entry in ready() {
        let file = new(&ws, entry);
        let mut tree = bare();
        tree.put(&file.path, Some(file.text.into_bytes()));
        // That a register is missing in an SMS that has nothing else is true.
        let found = errors(&tree, |path| path == file.path).into_iter().filter(|e| !e.contains("-register-missing: "));
        assert_eq!(found.collect::<Vec<_>>(), Vec::<String>::new(), "{}", entry.id);
    }
}

/// Registers without a schema are a defect of smsctl that says so.
#[test]
fn an_entry_without_its_register_says_so() {
    let ws = load(&bare());
    let schemas = SchemaSet::default();
    for entry in Catalog::get().entries() {
        let Some(register) = entry.register.as_deref().filter(|r| schemas.register(r).is_none()) else { continue };
        let request = NewRequest { what: entry.id.clone(), ..NewRequest::default() };
        let error = scaffold::plan_new(&ws, &request, TODAY).unwrap_err().to_string();
        assert!(error.contains(register) && error.contains("no schema"), "{error}");
    }
}

#[test]
fn the_control_block_says_what_the_catalogue_says() {
    let ws = load(&fresh());
    let mut related = 0;
    for entry in ready() {
        let file = new(&ws, entry);
        let (document, problems) = smsctl::document::parse(FileId(0), &file.text);
        assert!(problems.is_empty(), "{}: {problems:?}", entry.id);
        let FrontMatter::Present { node, .. } = &document.front else { panic!("{}", entry.id) };
        let found = ["kind", "template"].map(|f| node.str(f).unwrap_or_default());
        assert_eq!(found, [&entry.kind, &entry.id], "{}", entry.id);
        assert!(node.str("owner").is_some_and(|o| ws.entity(o).is_some_and(|e| e.is("role"))), "{}", entry.id);
        assert!(node.texts("related").all(|(id, _)| ws.entity(id).is_some()), "{}", entry.id);
        assert!(node.list("related").len() <= 8);
        related += usize::from(!node.list("related").is_empty());
    }
    assert!(related * 2 > ready().len(), "only {related} name their neighbours");
}

fn bare_heading(text: &str) -> String {
    let text = text.trim_start_matches(|c: char| c.is_ascii_digit() || c == '.').trim();
    let text = if text.ends_with(')') { text.split(" (").next().unwrap_or(text) } else { text };
    text.to_lowercase()
}

#[test]
fn every_heading_of_the_outline_is_there() {
    let ws = load(&bare());
    let mut missing = Vec::new();
    for entry in ready() {
        let text = new(&ws, entry).text;
        let (document, _) = smsctl::document::parse(FileId(0), &text);
        let have: Vec<String> = document.body.headings.iter().map(|h| bare_heading(&h.text)).collect();
        let lost = entry.outline.iter().filter(|h| !have.contains(&bare_heading(&h.text)));
        missing.extend(lost.map(|h| format!("{}: {}", entry.id, h.text)));
    }
    assert_eq!(missing, Vec::<String>::new());
}

#[test]
fn text_documents_have_text() {
    let ws = load(&bare());
    for entry in ready().into_iter().filter(|e| !NO_TEXT.contains(&e.kind.as_str())) {
        let text = new(&ws, entry).text;
        let words = prose(&text).split_whitespace().filter(|w| w.chars().any(char::is_alphanumeric)).count();
        assert!(words >= WORDS, "{}: {words} words", entry.id);
    }
}

/// A text without front matter, diagrams, comments and what a template puts in.
fn prose(text: &str) -> String {
    let body = text.splitn(3, "---\n").nth(2).unwrap_or(text);
    let without_fences: Vec<&str> = body.split("```").step_by(2).collect();
    [("<!--", "-->"), ("{{", "}}"), ("{%", "%}")].iter().fold(without_fences.concat(), |text, (open, close)| {
        let mut parts = text.split(open);
        let first = parts.next().unwrap_or_default().to_owned();
        parts.fold(first, |out, part| out + " ; " + part.split_once(close).map_or("", |(_, rest)| rest))
    })
}

/// Sentences of seven words and more, in small letters without signs.
fn sentences(text: &str) -> BTreeSet<String> {
    let mut blocks: Vec<String> = vec![String::new()];
    for line in prose(text).lines() {
        if line.trim().is_empty() || line.starts_with(['-', '*', '|', '#', '1', '2', '3', '4', '5', '6', '7', '8', '9'])
        {
            blocks.push(String::new());
        }
        let block = blocks.last_mut().unwrap();
        block.push_str(line);
        block.push(' ');
    }
    let mut out = BTreeSet::new();
    for block in blocks.iter().filter(|b| !b.starts_with('#')) {
        for cell in block.split('|') {
            for sentence in cell.split_inclusive(['.', '!', '?', ';']) {
                let words: Vec<String> = sentence
                    .split(|c: char| !c.is_alphanumeric() && c != '\'')
                    .filter(|w| !w.is_empty())
                    .map(str::to_lowercase)
                    .collect();
                if words.len() >= 7 {
                    out.insert(words.join(" "));
                }
            }
        }
    }
    out
}

#[test]
fn no_sentence_stands_in_two_templates() {
    let mut seen: BTreeMap<String, Vec<&str>> = BTreeMap::new();
    for entry in Catalog::get().entries() {
        let Some(text) = own_template(entry) else { continue };
        for sentence in sentences(text) {
            seen.entry(sentence).or_default().push(&entry.id);
        }
    }
    let twice: Vec<_> = seen.into_iter().filter(|(_, of)| of.len() > 1).collect();
    assert!(twice.is_empty(), "{twice:#?}");
}

#[test]
fn a_second_document_needs_a_title() {
    let tree = fresh();
    let ws = load(&tree);
    let ask = |what: &str, title: Option<&str>| {
        let request = NewRequest { what: what.into(), title: title.map(str::to_owned), ..NewRequest::default() };
        scaffold::plan_new(&ws, &request, TODAY)
    };
    let error = ask("change-management-policy", None).unwrap_err();
    assert!(error.to_string().contains("SMS-POL-10 in policies/change-management-policy.md"), "{error}");
    assert!(error.help().unwrap().contains("Change that document"), "{:?}", error.help());
    // The register of the core profile is the tool of the toolkit.
    assert!(ask("risk-assessment-and-treatment-tool", None).unwrap_err().to_string().contains("registers/risks.md"));
    let mut with = tree.clone();
    let first = ask("service-report", None).unwrap();
    with.put(&first.path, Some(first.text.into_bytes()));
    let ws = load(&with);
    let request = NewRequest { what: "service-report".into(), ..NewRequest::default() };
    let error = scaffold::plan_new(&ws, &request, TODAY).unwrap_err();
    assert!(error.help().unwrap().contains("smsctl new service-report \"Service Report for …\""), "{:?}", error.help());
    let request = NewRequest { title: Some("Service report, October 2026".into()), ..request };
    let second = scaffold::plan_new(&ws, &request, TODAY).unwrap();
    assert_eq!(second.path, "reports/service-report-october-2026.md");
}

#[test]
fn the_list_names_every_entry_once() {
    let offers = scaffold::offers(&load(&fresh()));
    let entries = offers.iter().filter(|o| o.what == scaffold::OfferKind::Entry);
    assert_eq!(entries.clone().count(), 161);
    let policy = entries.clone().find(|o| o.name == "service-management-policy").unwrap();
    assert_eq!(policy.existing.iter().map(|e| e.id.as_str()).collect::<Vec<_>>(), ["SMS-POL-01"]);
    let roles = entries.clone().find(|o| o.name == "sms-roles-responsibilities-and-authorities").unwrap();
    assert_eq!(roles.existing[0].path, "registers/roles.md");
    assert!(offers.iter().any(|o| o.name == "register objectives" && !o.is_missing()));
    assert!(offers.iter().any(|o| o.name == "backup-policy" && o.is_missing()));
}

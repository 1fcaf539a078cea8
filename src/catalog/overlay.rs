//! What a user adds to the catalogue: entries, clause trees, families, templates. Each row that cannot be used is a problem at
//! its place, and the others count.

use std::collections::BTreeSet;

use super::{Catalog, Clause, Family, ToolkitEntry, text};
use crate::document::{CsvTable, Node, load_csv, load_toml};
use crate::finding::{Problem, did_you_mean};
use crate::source::{FileId, Span};

/// A text of the user's, with the file it stands in.
#[derive(Clone, Debug)]
pub struct OwnFile {
    /// Path below the root.
    pub path: String,
    /// The file in the workspace's sources.
    pub file: FileId,
    /// Its text.
    pub text: String,
}

/// Columns of a table of entries.
const ENTRY_COLUMNS: [&str; 17] = [
    "id",
    "doc_no",
    "title",
    "level",
    "group",
    "kind",
    "register",
    "day_one",
    "repeats",
    "form",
    "clauses",
    "columns",
    "outline",
    "owner",
    "approver",
    "review_interval",
    "overlaps",
];

/// Columns of a clause tree.
const CLAUSE_COLUMNS: [&str; 6] = ["id", "parent", "title", "paraphrase", "documented_information", "which"];

/// What the schemas of the SMS know: an entry may only be of a kind or register that exists.
#[derive(Clone, Debug)]
pub struct KnownNames {
    /// Names of kinds.
    pub kinds: BTreeSet<String>,
    /// Names of registers.
    pub registers: BTreeSet<String>,
}

fn bad(span: Span, message: impl Into<String>, help: impl Into<String>) -> Problem {
    Problem::new("config-invalid", span, message).help(help)
}

fn unknown_columns(table: &CsvTable, known: &[&str], problems: &mut Vec<Problem>) {
    for (name, span) in table.header.iter().filter(|(n, _)| !n.trim().is_empty() && !known.contains(&n.trim())) {
        let near = did_you_mean(name, known.iter().copied());
        let help = format!("{near} Columns are: {}.", known.join(", "));
        let problem = Problem::new("config-unknown-name", *span, format!("the column `{name}` is not known here"));
        problems.push(problem.help(help.trim_start()));
    }
}

impl Catalog {
    /// Adds entries, or replaces those of the same id: what a row leaves empty stays as the toolkit says it.
    #[must_use]
    pub fn add_entries(&mut self, file: FileId, table: &str, names: &KnownNames) -> Vec<Problem> {
        let (table, mut problems) = load_csv(file, table);
        unknown_columns(&table, &ENTRY_COLUMNS, &mut problems);
        let mut seen = BTreeSet::new();
        for row in &table.rows {
            let before = self.entry(row.str("id").unwrap_or_default());
            let entry = ToolkitEntry::from_row(row, before);
            let found = self.entry_problems(row, &entry, names, !seen.insert(entry.id.clone()));
            if found.is_empty() {
                self.put_entry(entry);
            }
            problems.extend(found);
        }
        problems
    }

    fn put_entry(&mut self, entry: ToolkitEntry) {
        match self.entries.iter_mut().find(|e| e.id == entry.id) {
            Some(place) => *place = entry,
            None => self.entries.push(entry),
        }
    }

    fn entry_problems(&self, row: &Node, entry: &ToolkitEntry, names: &KnownNames, twice: bool) -> Vec<Problem> {
        let at = |field: &str| row.field(field).map_or(row.span, |f| f.value.span);
        let mut out = Vec::new();
        if !is_name(&entry.id) {
            let help = "Write small letters, digits and single hyphens, such as `restart-plan`.";
            out.push(bad(at("id"), format!("`{}` is no id of a toolkit entry", entry.id), help));
        } else if twice {
            out.push(bad(at("id"), format!("the entry `{}` stands here twice", entry.id), "Keep one of the two rows."));
        }
        if entry.title.is_empty() {
            out.push(bad(at("title"), "the entry has no title", "Give the title its documents will have."));
        }
        if !names.kinds.contains(&entry.kind) {
            let near = did_you_mean(&entry.kind, names.kinds.iter().map(String::as_str));
            let help = format!("{near} `smsctl explain KIND` shows a kind; kinds of your own stand under `[kinds]`.");
            out.push(bad(at("kind"), format!("`{}` is no kind of document", entry.kind), help.trim_start()));
        }
        out.extend(register_problem(entry, names).map(|(what, help)| bad(at("register"), what, help)));
        for clause in entry.clauses.iter().filter(|c| self.clause(c).is_none()) {
            let help = "`smsctl explain 8.2` shows a clause; clauses of another standard carry its name, such as `iso-22301:8.4`.";
            out.push(bad(at("clauses"), format!("`{clause}` is no clause"), help));
        }
        out.extend(word_problems(row));
        out
    }

    /// Adds the clause tree of a standard. That of the SMS's own standard goes by numbers alone, and the built-in one then
    /// goes by its name.
    #[must_use]
    pub fn add_clauses(&mut self, standard: &str, own: bool, file: FileId, table: &str) -> Vec<Problem> {
        let (table, mut problems) = load_csv(file, table);
        unknown_columns(&table, &CLAUSE_COLUMNS, &mut problems);
        if own {
            self.step_back(standard);
        }
        let full = |id: String| if own || id.is_empty() { id } else { format!("{standard}:{id}") };
        for row in &table.rows {
            let at = |field: &str| row.field(field).map_or(row.span, |f| f.value.span);
            let (id, title) = (text(row, "id"), text(row, "title"));
            if !is_number(&id) {
                problems.push(bad(
                    at("id"),
                    format!("`{id}` is no number of a clause"),
                    "Write it as `8.4.1` or `A.5.1`.",
                ));
            } else if self.clause_index.contains_key(&full(id.clone())) {
                problems.push(bad(at("id"), format!("the clause {id} stands here twice"), "Keep one of the two rows."));
            } else if title.is_empty() {
                problems.push(bad(at("title"), format!("the clause {id} has no title"), "Give its title."));
            } else {
                self.clause_index.insert(full(id.clone()), self.clauses.len());
                self.clauses.push(Clause::from_row(row, &full));
            }
        }
        problems.extend(self.orphans(&table, &full));
        problems
    }

    /// Clauses whose parent does not exist.
    fn orphans(&self, table: &CsvTable, full: &dyn Fn(String) -> String) -> Vec<Problem> {
        let parents = table.rows.iter().filter_map(|row| Some((row.field("parent")?.value.span, text(row, "parent"))));
        let lost = parents.filter(|(_, parent)| !parent.is_empty() && self.clause(&full(parent.clone())).is_none());
        lost.map(|(span, parent)| {
            bad(span, format!("there is no clause {parent} above it"), "Add a row for that clause.")
        })
        .collect()
    }

    /// Gives the built-in clauses the name of their standard, so that the numbers are free for another one.
    fn step_back(&mut self, standard: &str) {
        let named = |id: &String| if id.is_empty() { String::new() } else { format!("{BUILT_IN}:{id}") };
        for clause in &mut self.clauses {
            (clause.id, clause.parent) = (named(&clause.id), named(&clause.parent));
        }
        self.clause_index = self.clauses.iter().enumerate().map(|(i, c)| (c.id.clone(), i)).collect();
        for entry in &mut self.entries {
            entry.clauses = entry.clauses.iter().map(named).collect();
        }
        standard.clone_into(&mut self.standard);
    }

    /// Adds practices.
    #[must_use]
    pub fn add_families(&mut self, file: FileId, toml: &str) -> Vec<Problem> {
        let node = match load_toml(file, toml) {
            Ok(node) => node,
            Err((span, message)) => {
                return vec![bad(span, message, "Mend the TOML; this file is not used until then.")];
            }
        };
        let mut problems = Vec::new();
        for family in node.list("family") {
            for (id, span) in family.texts("entries").filter(|(id, _)| self.entry(id).is_none()) {
                let near = did_you_mean(id, self.entries.iter().map(|e| e.id.as_str()));
                let help = format!("{near} `smsctl new --list` shows all entries.");
                problems.push(bad(span, format!("`{id}` is no entry of the toolkit"), help.trim_start()));
            }
        }
        self.families.extend(Family::all(&node));
        problems
    }

    /// Adds a template, or replaces one of the same name (`entries/service-report`, `kinds/runbook`, `registers/assets`).
    pub fn add_template(&mut self, name: &str, template: OwnFile) {
        self.templates.insert(name.to_owned(), template);
    }

    /// Adds a list of questions of readiness.
    pub fn add_checklist(&mut self, list: OwnFile) {
        self.checklists.push(list);
    }
}

/// Name of the standard that smsctl brings.
pub(super) const BUILT_IN: &str = "iso-20000-1";

fn is_name(text: &str) -> bool {
    let part = |p: &str| !p.is_empty() && p.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit());
    text.len() <= 64 && text.split('-').all(part)
}

fn is_number(text: &str) -> bool {
    text.len() <= 32 && text.split('.').all(|p| !p.is_empty() && p.chars().all(|c| c.is_ascii_alphanumeric()))
}

/// What is wrong with the register of an entry, and what to do.
fn register_problem(entry: &ToolkitEntry, names: &KnownNames) -> Option<(String, String)> {
    match (&entry.register, entry.kind.as_str()) {
        (None, "register") => {
            let what = format!("the entry `{}` is a register, and which one is not said", entry.id);
            Some((what, "Name it in the column `register`.".into()))
        }
        (Some(name), "register") if !names.registers.contains(name) => {
            let near = did_you_mean(name, names.registers.iter().map(String::as_str));
            let help = format!("{near} Registers of your own stand under `[registers]`.");
            Some((format!("`{name}` is no register"), help.trim_start().to_owned()))
        }
        (Some(_), kind) if kind != "register" => {
            let what = format!("a {kind} is no register");
            Some((what, "Leave the column `register` empty, or write the kind `register`.".into()))
        }
        _ => None,
    }
}

/// Cells that hold one of a few words.
fn word_problems(row: &Node) -> Vec<Problem> {
    let fixed: [(&str, &[&str]); 4] = [
        ("level", &["1", "2", "3", "4"]),
        ("day_one", &["yes", "no"]),
        ("repeats", &["yes", "no"]),
        ("form", &["text", "tabular", "text+tabular", "record"]),
    ];
    let wrong = fixed.iter().filter_map(|(field, words)| {
        let cell = row.field(field)?;
        let word = cell.value.as_str().filter(|w| !words.contains(w))?;
        let help = format!("Write one of: {}.", words.join(", "));
        Some(bad(cell.value.span, format!("`{word}` is nothing `{field}` can be"), help))
    });
    let mut out: Vec<Problem> = wrong.collect();
    if let Some(cell) = row.field("review_interval") {
        let word = cell.value.as_str().unwrap_or_default();
        if word != "per-use" && !word.starts_with('P') {
            let help = "Write an ISO 8601 duration such as `P1Y` or `P6M`, or `per-use`.";
            out.push(bad(cell.value.span, format!("`{word}` is no interval"), help));
        }
    }
    out
}

//! The tables that can be asked for.

use jiff::civil::Date;

use super::table::{Cell, ComputedTable};
use crate::document::{Data, Node, Step};
use crate::workspace::{ArtifactView, EntityView, Filter, Workspace, is_within};

/// A table that smsctl computes, by the words behind `smsctl-generated:`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum View {
    /// Every controlled document: the master list, or documentation log.
    Documents,
    /// The entries of the register it stands in.
    Entries,
    /// All entries of the toolkit with what exists of them.
    Toolkit,
    /// The types of records, with their newest example.
    Records,
    /// For each clause the documents and the records that answer it.
    Evidence,
    /// Problems counted by service.
    Problems,
    /// The documents by level and kind.
    Overview,
    /// Some fields of the entries of a register.
    Table(Selection),
}

/// Which entries of a register, and which of their fields: `table risks id,title,owner where type=risk`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Selection {
    /// The register.
    pub register: String,
    /// Fields; a dot goes into a field that holds fields.
    pub fields: Vec<String>,
    /// Field and value it must have.
    pub conditions: Vec<(String, String)>,
}

/// The names of the tables that need no more words.
pub const GENERATED_NAMES: [&str; 7] =
    ["documents", "entries", "evidence", "overview", "problems", "records", "toolkit"];

impl View {
    /// The table a mark asks for.
    ///
    /// # Errors
    /// What is wrong with the words, and what to do.
    pub fn parse(ws: &Workspace, words: &str) -> Result<Self, (String, String)> {
        Ok(match words {
            "documents" => Self::Documents,
            "entries" => Self::Entries,
            "evidence" => Self::Evidence,
            "overview" => Self::Overview,
            "problems" => Self::Problems,
            "records" => Self::Records,
            "toolkit" => Self::Toolkit,
            other => match other.strip_prefix("table ") {
                Some(rest) => Self::Table(Selection::parse(ws, rest.trim())?),
                None => return Err((format!("there is no generated table `{other}`"), known(other))),
            },
        })
    }

    /// Works the table out. `from` is the artifact it stands in, which only `entries` needs.
    #[must_use]
    pub fn compute(&self, ws: &Workspace, from: Option<ArtifactView<'_>>) -> ComputedTable {
        match self {
            Self::Documents => documents(ws),
            Self::Entries => from.map(entries).unwrap_or_default(),
            Self::Toolkit => toolkit(ws),
            Self::Records => records(ws),
            Self::Evidence => evidence(ws),
            Self::Problems => problems(ws),
            Self::Overview => overview(ws),
            Self::Table(selection) => selection.table(ws),
        }
    }
}

fn known(name: &str) -> String {
    let near = crate::finding::did_you_mean(name, GENERATED_NAMES);
    if !near.is_empty() {
        return near;
    }
    let names = GENERATED_NAMES.join(", ");
    format!("There are: {names}, and `table REGISTER FIELD,FIELD where FIELD=VALUE`.")
}

impl Selection {
    fn parse(ws: &Workspace, words: &str) -> Result<Self, (String, String)> {
        let (what, conditions) = words.split_once(" where ").unwrap_or((words, ""));
        let (register, fields) = what.trim().split_once(' ').unwrap_or((what.trim(), ""));
        let names = |list: &str| -> Vec<String> {
            list.split(',').map(|f| f.trim().to_owned()).filter(|f| !f.is_empty()).collect()
        };
        let mut out = Self { register: register.to_owned(), fields: names(fields), conditions: Vec::new() };
        let Some(entry) = ws.schemas.entry(register) else {
            let near = crate::finding::did_you_mean(register, ws.schemas.registers());
            let help = if near.is_empty() { "`smsctl new --list` names the registers.".to_owned() } else { near };
            return Err((format!("the generated table asks for `{register}`, which is no register"), help));
        };
        for condition in conditions.split(" and ").map(str::trim).filter(|c| !c.is_empty()) {
            let Some((field, value)) = condition.split_once('=') else {
                let message = format!("`{condition}` in the generated table is no condition");
                return Err((message, "Write `where FIELD=VALUE`, several joined by `and`.".to_owned()));
            };
            out.conditions.push((field.trim().to_owned(), value.trim().to_owned()));
        }
        if out.fields.is_empty() {
            let message = format!("the generated table of `{register}` names no field");
            return Err((message, format!("Name them: `table {register} id,title`.")));
        }
        let first = |f: &str| f.split('.').next().unwrap_or_default().to_owned();
        let asked = out.fields.iter().chain(out.conditions.iter().map(|(f, _)| f));
        let unknown = asked.map(|f| first(f)).find(|f| entry.shape.field(f).is_none() && f != "document");
        match unknown {
            None => Ok(out),
            Some(field) => {
                let near = crate::finding::did_you_mean(&field, entry.shape.field_names());
                let all = || format!("Fields are: {}.", entry.shape.field_names().collect::<Vec<_>>().join(", "));
                let message = format!("`{register}` has no field `{field}`");
                Err((message, if near.is_empty() { all() } else { near }))
            }
        }
    }

    fn table(&self, ws: &Workspace) -> ComputedTable {
        let heads: Vec<String> = self.fields.iter().map(|f| heading(f)).collect();
        let mut out = ComputedTable { head: heads, rows: Vec::new() };
        let documents = ws.register(&self.register).filter(|a| a.is_current());
        for entry in documents.flat_map(entries_of) {
            let holds = |(field, value): &(String, String)| text(entry, field).as_deref() == Some(value);
            if self.conditions.iter().all(holds) {
                out.rows.push(self.fields.iter().map(|f| cell(entry, f)).collect());
            }
        }
        out
    }
}

/// `due_on` as people read it.
#[must_use]
pub fn heading(field: &str) -> String {
    let words = field.trim_end_matches("_refs").trim_end_matches("_ref").replace(['_', '.'], " ");
    let mut chars = words.chars();
    chars.next().map_or_else(String::new, |c| c.to_uppercase().collect::<String>() + chars.as_str())
}

/// The entries of a register document, or the one entity of a document of its own. What an entry holds is no entry.
fn entries_of(register: ArtifactView<'_>) -> Vec<EntityView<'_>> {
    let listed = |e: &EntityView<'_>| {
        e.path().len() == 2 && matches!(e.path().first(), Some(Step::Key(key)) if &**key == "entries")
    };
    match register.kind() {
        "register" => register.children().filter(listed).collect(),
        _ => register.entity().into_iter().collect(),
    }
}

/// A field of an entry as text; a document of its own says id, title and owner in its control block.
fn text(entry: EntityView<'_>, field: &str) -> Option<String> {
    match field {
        "id" => Some(entry.id().to_owned()),
        "document" => Some(entry.artifact().id().to_owned()),
        _ => {
            let own = spelled(entry.node(), field);
            own.or_else(|| spelled(entry.artifact().front(), field).filter(|_| matches!(field, "title" | "owner")))
        }
    }
}

/// The scalars a dotted field leads to, through lists, joined.
fn spelled(node: &Node, field: &str) -> Option<String> {
    let (first, rest) = field.split_once('.').unwrap_or((field, ""));
    let value = node.get(first)?;
    let parts: Vec<String> = match (&value.data, rest) {
        (Data::List(items), "") => items.iter().filter_map(|i| i.as_str().map(str::to_owned)).collect(),
        (Data::List(items), rest) => items.iter().filter_map(|i| spelled(i, rest)).collect(),
        (_, "") => value.as_str().map(str::to_owned).into_iter().collect(),
        (_, rest) => spelled(value, rest).into_iter().collect(),
    };
    let joint = if rest.is_empty() { ", " } else { "; " };
    (!parts.is_empty()).then(|| parts.join(joint))
}

fn cell(entry: EntityView<'_>, field: &str) -> Cell {
    let words = text(entry, field).unwrap_or_default();
    let own_file = entry.is_artifact();
    match field {
        "id" if own_file => Cell::Link(words, entry.artifact().path().to_owned()),
        _ => Cell::Text(words),
    }
}

fn day(date: Option<Date>) -> Cell {
    Cell::Text(date.map_or_else(String::new, |d| d.to_string()))
}

fn titled(artifact: ArtifactView<'_>) -> Cell {
    Cell::Link(artifact.title().to_owned(), artifact.path().to_owned())
}

fn documents(ws: &Workspace) -> ComputedTable {
    let mut out =
        ComputedTable::new(&["Id", "Title", "Kind", "Version", "Status", "Owner", "Effective on", "Next review"]);
    for a in ws.master_list(&Filter::default()) {
        let owner = a.front().str("owner").unwrap_or_default();
        out.rows.push(vec![
            a.id().into(),
            titled(a),
            a.kind().into(),
            a.version().into(),
            a.status().into(),
            owner.into(),
            day(a.front().date("effective_on")),
            day(a.review_due()),
        ]);
    }
    out
}

fn entries(register: ArtifactView<'_>) -> ComputedTable {
    let mut out = ComputedTable::new(&["Id", "Title", "Owner", "Status"]);
    for e in entries_of(register) {
        let field = |name: &str| Cell::Text(e.str(name).unwrap_or_default().to_owned());
        out.rows.push(vec![e.id().into(), e.label().into(), field("owner"), field("status")]);
    }
    out
}

fn linked<'a>(artifacts: impl Iterator<Item = ArtifactView<'a>>) -> Cell {
    Cell::Links(artifacts.map(|a| (a.id().to_owned(), a.path().to_owned())).collect())
}

fn toolkit(ws: &Workspace) -> ComputedTable {
    let mut out = ComputedTable::new(&["No.", "Title", "Level", "Kind", "Clauses", "Status", "Documents"]);
    for entry in ws.catalog.entries() {
        let found: Vec<_> = ws.of_entry(entry).collect();
        let mut states: Vec<&str> = found.iter().map(|a| a.status()).collect();
        states.sort_unstable();
        states.dedup();
        let state = if states.is_empty() { "missing".to_owned() } else { states.join(", ") };
        out.rows.push(vec![
            entry.doc_no.as_str().into(),
            entry.title.as_str().into(),
            entry.level.to_string().into(),
            entry.kind.as_str().into(),
            entry.clauses.join(", ").into(),
            state.into(),
            linked(found.into_iter()),
        ]);
    }
    out
}

/// A document that shows that something happened.
fn is_record(artifact: ArtifactView<'_>) -> bool {
    matches!(artifact.kind(), "record" | "report")
}

fn records(ws: &Workspace) -> ComputedTable {
    let mut out = ComputedTable::new(&[
        "Type of record",
        "Clauses",
        "Owner",
        "Location",
        "Access",
        "Retention",
        "Disposal",
        "Newest example",
    ]);
    for kind in ws.of_type("documented-information").filter(|e| e.str("class") == Some("record")) {
        let field = |name: &str| Cell::Text(text(kind, name).unwrap_or_default());
        let clauses: Vec<&str> = kind.node().texts("clauses").map(|(t, _)| t).collect();
        let example = ws.artifacts().filter(|a| is_record(*a) && a.clauses().iter().any(|c| clauses.contains(&&**c)));
        let newest = example.max_by_key(|a| (a.front().date("effective_on"), std::cmp::Reverse(a.path())));
        out.rows.push(vec![
            Cell::Text(kind.label().to_owned()),
            Cell::Text(clauses.join(", ")),
            field("owner"),
            field("location"),
            field("access"),
            field("retention"),
            field("disposal"),
            newest.map_or_else(|| "".into(), titled),
        ]);
    }
    out
}

fn evidence(ws: &Workspace) -> ComputedTable {
    let mut out = ComputedTable::new(&["Clause", "Title", "Documents", "Registers and records"]);
    let catalog = &ws.catalog;
    for clause in catalog.clauses().iter().filter(|c| catalog.is_leaf(&c.id)) {
        let answers =
            |a: &ArtifactView<'_>| a.clauses().iter().any(|c| is_within(c, &clause.id) || is_within(&clause.id, c));
        let current: Vec<_> = ws.artifacts().filter(|a| a.is_current() && answers(a)).collect();
        let proof = |a: &ArtifactView<'_>| is_record(*a) || matches!(a.kind(), "register" | "log");
        let (proofs, texts): (Vec<_>, Vec<_>) = current.into_iter().partition(proof);
        let name = catalog.clause_name(&clause.id).unwrap_or_default();
        out.rows.push(vec![
            clause.id.as_str().into(),
            name.trim_start_matches(clause.id.as_str()).trim().into(),
            linked(texts.into_iter()),
            linked(proofs.into_iter()),
        ]);
    }
    out
}

/// Problems by service: what came in, what is open, what is known.
fn problems(ws: &Workspace) -> ComputedTable {
    let mut out = ComputedTable::new(&["Service", "Problems", "Open", "Closed", "Known errors open", "Newest"]);
    let all: Vec<_> = ws.of_type("problem").collect();
    let row = |name: Cell, of: &[EntityView<'_>]| {
        let closed = of.iter().filter(|p| p.is_retired() || p.str("status") == Some("closed")).count();
        let errors = of.iter().flat_map(|p| ws.of_type("known-error").filter(|k| belongs(*k, *p)));
        let open_errors =
            errors.filter(|k| !matches!(k.str("status"), Some("resolved" | "closed" | "retired"))).count();
        let newest = of.iter().max_by_key(|p| (p.date("opened_on"), p.id()));
        let count = |n: usize| Cell::Text(n.to_string());
        let newest = newest.map_or_else(String::new, |p| format!("{} {}", p.id(), p.label()));
        vec![name, count(of.len()), count(of.len() - closed), count(closed), count(open_errors), newest.into()]
    };
    for service in ws.of_type("service") {
        let of: Vec<_> =
            all.iter().filter(|p| p.refs("service_refs").any(|s| s.id() == service.id())).copied().collect();
        if !of.is_empty() {
            out.rows.push(row(format!("{} {}", service.id(), service.label()).into(), &of));
        }
    }
    out.rows.push(row("All services".into(), &all));
    out
}

/// Whether a known error stands in a problem, or names it.
fn belongs(error: EntityView<'_>, problem: EntityView<'_>) -> bool {
    let inside = error.artifact().ix == problem.artifact().ix && error.path().starts_with(problem.path());
    inside && error.path().len() > problem.path().len() || error.refs("problem_ref").any(|p| p.id() == problem.id())
}

fn overview(ws: &Workspace) -> ComputedTable {
    let mut out = ComputedTable::new(&["Level", "Kind", "Documents", "Which"]);
    for (level, name) in LEVELS {
        let mut kinds: Vec<&str> =
            ws.artifacts().filter(|a| a.is_current() && level_of(a.kind()) == *level).map(ArtifactView::kind).collect();
        kinds.sort_unstable();
        kinds.dedup();
        for kind in kinds {
            let of: Vec<_> = ws.of_kind(kind).filter(|a| a.is_current()).collect();
            let count = of.len().to_string();
            out.rows.push(vec![format!("{level} {name}").into(), kind.into(), count.into(), linked(of.into_iter())]);
        }
    }
    out
}

/// The levels of documentation, from what directs to what proves.
const LEVELS: &[(u8, &str)] = &[
    (1, "Policies, scope and plans"),
    (2, "Processes and procedures"),
    (3, "Work instructions"),
    (4, "Forms, registers and records"),
];

fn level_of(kind: &str) -> u8 {
    match kind {
        "context" | "policy" | "plan" => 1,
        "process" | "procedure" | "agreement" => 2,
        "sop" => 3,
        _ => 4,
    }
}

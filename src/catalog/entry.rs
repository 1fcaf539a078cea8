//! Entries of the toolkit: documents and registers an SMS usually has.

use crate::document::Node;

/// An entry of the toolkit: a document or register an SMS usually has.
#[derive(Clone, Debug)]
pub struct ToolkitEntry {
    /// `service-management-policy`.
    pub id: String,
    /// `SMS-POL-01`.
    pub doc_no: String,
    /// Its title.
    pub title: String,
    /// 1 for what directs the SMS, 2 for how it works, 3 for single steps, 4 for forms, records and aids.
    pub level: u8,
    /// Its group in the toolkit, such as `Policies`.
    pub group: String,
    /// Kind of artifact.
    pub kind: String,
    /// The register it is, for an entry of kind `register`.
    pub register: Option<String>,
    /// Whether it makes sense on the first day, before anything has happened.
    pub day_one: bool,
    /// Whether an SMS usually has several of it: one for each use, customer or event.
    pub repeats: bool,
    /// `text`, `tabular`, `text+tabular` or `record`.
    pub form: String,
    /// Clauses it answers.
    pub clauses: Vec<String>,
    /// Columns of its table, where it has one.
    pub columns: Vec<String>,
    /// Its headings.
    pub outline: Vec<OutlineHeading>,
    /// Role that owns it.
    pub owner: String,
    /// Role that approves it; `top-management` stands for whichever role that is.
    pub approver: String,
    /// ISO 8601 duration, or `per-use`.
    pub review_interval: String,
    /// Entries and registers (`register:risks`) that speak of the same thing.
    pub overlaps: Vec<String>,
}

/// A heading of an outline.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OutlineHeading {
    /// 1 for the headings right below the title.
    pub depth: usize,
    /// Its words, without number and without a remark in brackets behind them.
    pub text: String,
}

impl ToolkitEntry {
    /// An entry from a row of a table. Cells that are missing or empty are as in the entry it replaces, else empty.
    pub(super) fn from_row(row: &Node, before: Option<&Self>) -> Self {
        let cell = |field: &str| row.str(field).map(str::trim).filter(|c| !c.is_empty());
        let text = |field: &str, old: fn(&Self) -> &String| {
            cell(field).map_or_else(|| before.map(old).cloned().unwrap_or_default(), str::to_owned)
        };
        let list = |field: &str, old: fn(&Self) -> &Vec<String>| {
            cell(field).map_or_else(|| before.map(old).cloned().unwrap_or_default(), |c| parts(c, ';'))
        };
        let yes = |field: &str, old: fn(&Self) -> bool| cell(field).map_or(before.is_some_and(old), |c| c == "yes");
        let outline = |c: &str| parts(c, '|').iter().map(|h| heading(h)).collect();
        // A remark in brackets may follow the name.
        let first_word = |text: &String| text.split_whitespace().next().unwrap_or_default().to_owned();
        Self {
            id: text("id", |e| &e.id),
            doc_no: text("doc_no", |e| &e.doc_no),
            title: text("title", |e| &e.title),
            level: cell("level").and_then(|c| c.parse().ok()).or(before.map(|e| e.level)).unwrap_or(4),
            group: text("group", |e| &e.group),
            kind: text("kind", |e| &e.kind),
            register: cell("register").map(str::to_owned).or_else(|| before.and_then(|e| e.register.clone())),
            day_one: yes("day_one", |e| e.day_one),
            repeats: yes("repeats", |e| e.repeats),
            form: text("form", |e| &e.form),
            clauses: list("clauses", |e| &e.clauses),
            columns: list("columns", |e| &e.columns),
            outline: cell("outline").map_or_else(|| before.map(|e| e.outline.clone()).unwrap_or_default(), outline),
            owner: text("owner", |e| &e.owner),
            approver: text("approver", |e| &e.approver),
            review_interval: text("review_interval", |e| &e.review_interval),
            overlaps: list("overlaps", |e| &e.overlaps).iter().map(first_word).collect(),
        }
    }
}

fn parts(text: &str, separator: char) -> Vec<String> {
    text.split(separator).map(|p| p.trim().to_owned()).filter(|p| !p.is_empty()).collect()
}

fn heading(text: &str) -> OutlineHeading {
    let number = text.split_whitespace().next().filter(|n| n.chars().all(|c| c.is_ascii_digit() || c == '.'));
    let words = text.strip_prefix(number.unwrap_or_default()).unwrap_or(text).trim();
    let words = match words.rfind('(') {
        Some(at) if words.ends_with(')') => words.get(..at).unwrap_or(words).trim_end(),
        _ => words,
    };
    let depth = number.map_or(1, |n| n.trim_end_matches('.').matches('.').count() + 1);
    OutlineHeading { depth, text: words.to_owned() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn headings_have_no_numbers_and_no_remarks() {
        let of = |text: &str| (heading(text).depth, heading(text).text);
        assert_eq!(of("6.2.1 Organizational"), (3, "Organizational".to_owned()));
        assert_eq!(of("4 Treatment actions (table)"), (1, "Treatment actions".to_owned()));
        assert_eq!(of("Slides (one per heading)"), (1, "Slides".to_owned()));
        assert_eq!(of("(table)"), (1, String::new()));
    }
}

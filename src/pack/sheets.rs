//! Every document as it is printed: control block, versions, text, entries.

use std::collections::{BTreeMap, BTreeSet};

use super::book::{Cell, Column, Form, Piece, Sheet, Table, Tone};
use super::facts::Facts;
use super::fields::{self, Entries, heading, listed, period_in_words};
use super::pieces::{self, WITHHELD, plain};
use super::standing::{self, Standing};
use super::{names, sections};
use crate::document::Node;
use crate::readiness;
use crate::schema::Shape;
use crate::trust::day;
use crate::trust::versions::parts;
use crate::workspace::{ArtifactView, Filter, is_within};

/// The documents whose paths are in `shared`, in the order of the document register.
#[must_use]
pub fn sheets(facts: &Facts<'_>, shared: &BTreeSet<String>) -> Vec<Sheet> {
    let names = names::all(shared.iter().map(String::as_str));
    let found = facts.ws.master_list(&Filter::default()).into_iter();
    let mut taken = BTreeSet::new();
    let mut sheet = |a: ArtifactView<'_>| {
        let name = names.get(a.path())?;
        Some(Maker { facts, artifact: a, standing: standing::of(facts, a) }.sheet(name, &mut taken))
    };
    found.filter_map(&mut sheet).collect()
}

struct Maker<'f> {
    facts: &'f Facts<'f>,
    artifact: ArtifactView<'f>,
    standing: Option<Standing<'f>>,
}

type Row = (String, Vec<Piece>);

impl<'f> Maker<'f> {
    fn sheet(&self, name: &str, taken: &mut BTreeSet<String>) -> Sheet {
        let a = self.artifact;
        Sheet {
            id: a.id().to_owned(),
            title: a.title().to_owned(),
            path: a.path().to_owned(),
            file: format!("documents/{name}"),
            page: format!("html/{name}.html"),
            control: self.control(),
            versions: self.versions(),
            body: body(a).to_owned(),
            entries: self.entries(taken),
            withheld: self.withheld(),
        }
    }

    fn control(&self) -> Vec<Row> {
        let mut out = self.identity();
        out.extend(self.approval());
        out.extend(self.dates());
        out.extend(self.handling());
        out.extend(self.others());
        out.retain(|(_, pieces)| pieces.iter().any(|p| !p.text.is_empty()));
        out
    }

    fn identity(&self) -> Vec<Row> {
        let a = self.artifact;
        let kind = match a.register().filter(|_| a.kind() == "register") {
            Some(register) => format!("register ({register})"),
            None => a.kind().to_owned(),
        };
        vec![
            said("Document no.", a.id()),
            said("Title", a.title()),
            said("Kind", &kind),
            said("Version", a.version()),
            ("Status".into(), vec![Piece::toned(a.status(), sections::status_tone(a.status()))]),
            ("Owner".into(), vec![pieces::role(self.facts, a.front().str("owner").unwrap_or_default())]),
            ("Approvers".into(), a.front().texts("approvers").map(|(r, _)| pieces::role(self.facts, r)).collect()),
        ]
    }

    fn approval(&self) -> Vec<Row> {
        let Some(standing) = &self.standing else {
            let why = standing::not_judged(self.facts)
                .unwrap_or_else(|| "The id belongs to another document, so nothing can be said of it.".into());
            return vec![("Approval".into(), vec![Piece::toned(why, Tone::Muted)])];
        };
        let words = crate::report::full_sentence(&standing.in_words(self.facts));
        let mut out = vec![("Approval".into(), vec![Piece::toned(words, standing.tone())])];
        if let Some(version) = standing.approved() {
            let authors = standing::authors(self.facts, version);
            out.push(("Prepared by".into(), authors.iter().map(Piece::plain).collect()));
            for approval in standing::approvals(self.facts, &version.approvals) {
                let key = approval.key.as_ref().map_or_else(String::new, |k| format!(", key {k}"));
                let on = day(approval.statement.signed_at);
                let rests = standing::rests_on(self.facts, approval);
                out.push(said("Approved by", &format!("{} on {on}{key}", self.facts.approver(approval))));
                out.push(said("Rests on", &rests));
            }
        }
        let what = if standing.approved().is_some() { "SHA-256 of the approved text" } else { "SHA-256 of the text" };
        out.push(said(what, standing::hex(&standing.digest)));
        out
    }

    fn dates(&self) -> Vec<Row> {
        let a = self.artifact;
        let front = a.front();
        let date = |field: &str| front.date(field).map(|d| d.to_string()).unwrap_or_default();
        let interval = front.str("review_interval").and_then(period_in_words).unwrap_or_default();
        vec![
            said("Effective on", &date("effective_on")),
            said("Reviewed on", &date("reviewed_on")),
            said("Reviewed every", &interval),
            ("Next review".into(), vec![sections::due_piece(self.facts, a.review_due())]),
        ]
    }

    fn handling(&self) -> Vec<Row> {
        let front = self.artifact.front();
        let retention = front.str("retention").unwrap_or_default();
        vec![
            said("Clauses", &self.artifact.clauses().join(", ")),
            said("Classification", front.str("classification").unwrap_or_default()),
            said("Kept for", &period_in_words(retention).unwrap_or_else(|| retention.to_owned())),
            said("Path", self.artifact.path()),
        ]
    }

    /// Front matter that is no document control: what the text of the document does not show.
    fn others(&self) -> Vec<Row> {
        const SHOWN: [&str; 19] = [
            "approvers",
            "changes",
            "classification",
            "clauses",
            "effective_on",
            "entries",
            "entries_from",
            "entry",
            "id",
            "kind",
            "next_review_on",
            "owner",
            "register",
            "retention",
            "review_interval",
            "reviewed_on",
            "status",
            "title",
            "version",
        ];
        let shape = self.shape();
        let other = |f: &&crate::document::Field| !SHOWN.contains(&&*f.key);
        let fields = self.artifact.front().fields().iter().filter(other);
        let row = |f: &crate::document::Field| {
            let cell = fields::cell(self.facts, &f.value, shape.and_then(|s| s.field(&f.key)));
            (heading(&f.key), cell.pieces)
        };
        fields.map(row).collect()
    }

    /// What the schema says of the front matter.
    fn shape(&self) -> Option<&'f Shape> {
        let schemas = &self.facts.ws.schemas;
        let register = self.artifact.register().filter(|_| self.artifact.kind() == "register");
        let schema = register.and_then(|r| schemas.register(r)).or_else(|| schemas.kind(self.artifact.kind()));
        schema.map(|s| &s.shape)
    }

    fn versions(&self) -> Option<Table> {
        let mut rows: BTreeMap<([u64; 3], String), Vec<Cell>> = BTreeMap::new();
        for change in self.artifact.front().list("changes") {
            if let Some(version) = change.str("version") {
                rows.insert((parts(version), version.to_owned()), self.version(version, Some(change)));
            }
        }
        let judged = self.standing.as_ref().and(self.facts.judged()).and_then(|j| j.versions(self.artifact.id()));
        let approved = judged.into_iter().flat_map(|v| &v.approved).map(|v| v.version.as_str());
        for version in approved.chain([self.artifact.version()]).filter(|v| !v.is_empty()) {
            let key = (parts(version), version.to_owned());
            rows.entry(key).or_insert_with(|| self.version(version, None));
        }
        let columns = vec![
            Column::new("Version", Form::Short),
            Column::new("Day", Form::Date),
            Column::new("What changed and why", Form::Text),
            Column::new("Approved by", Form::Text),
            Column::new("Approved on", Form::Date),
        ];
        (!rows.is_empty()).then(|| Table {
            name: format!("versions-{}", slug(self.artifact.id())),
            title: "Versions".into(),
            columns,
            rows: rows.into_values().rev().collect(),
            when_empty: String::new(),
            anchors: Vec::new(),
        })
    }

    fn version(&self, version: &str, change: Option<&Node>) -> Vec<Cell> {
        let judged = self.standing.as_ref().and(self.facts.judged()).and_then(|j| j.versions(self.artifact.id()));
        let approved = judged.and_then(|v| v.approved.iter().rev().find(|v| v.version == version));
        let nobody = if self.facts.judged().is_some() { "nobody" } else { "not judged" };
        let by = approved.map_or_else(
            || Cell::toned(nobody, Tone::Muted),
            |v| match &v.ended {
                None => Cell::text(standing::by(self.facts, &v.approvals)),
                Some(_) => Cell::toned(standing::ended(v), Tone::Attention),
            },
        );
        let on = approved.and_then(|v| day(v.on).parse().ok());
        vec![
            Cell::text(version),
            Cell::date(change.and_then(|c| c.date("on"))),
            Cell::text(change.map_or_else(String::new, sections::reason)),
            by,
            Cell::date(on),
        ]
    }

    fn entries(&self, taken: &mut BTreeSet<String>) -> Option<Table> {
        let a = self.artifact;
        let register = a.register()?;
        let shape = self.facts.ws.schemas.entry(register).map(|s| &s.shape);
        if a.kind() == "register" {
            let found: Vec<_> = readiness::entries_of(a).collect();
            let name = once(taken, format!("register-{}", slug(register)), a.id());
            let title = format!("Entries of {}", a.title());
            return Some(Entries { facts: self.facts, shape, name, title, linked: false }.table(&found));
        }
        let own = a.front().get("entry")?;
        let name = once(taken, format!("entry-{}", slug(a.id())), a.path());
        Some(listed(self.facts, own, shape, &format!("Entry of the register {register}"), &name))
    }

    /// Places of the document and of the file with its entries.
    fn withheld(&self) -> usize {
        let beside = self.artifact.entries_path();
        let file = beside.and_then(|p| self.facts.ws.sources.files().iter().find(|f| f.path == p));
        let texts = std::iter::once(self.artifact.text()).chain(file.map(|f| f.text.as_str()));
        texts.map(|t| t.matches(WITHHELD).count()).sum()
    }
}

/// The Markdown behind the front matter.
pub(super) fn body(artifact: ArtifactView<'_>) -> &str {
    let start = artifact.document().front.body_start();
    artifact.text().get(start..).unwrap_or_default().trim_start_matches(['\r', '\n'])
}

/// A name that no table has yet.
fn once(taken: &mut BTreeSet<String>, name: String, id: &str) -> String {
    if taken.insert(name.clone()) {
        return name;
    }
    let mut tries = (0..).map(|n| match n {
        0 => format!("{name}-{}", slug(id)),
        n => format!("{name}-{}-{n}", slug(id)),
    });
    let other = tries.find(|n| !taken.contains(n)).unwrap_or(name);
    taken.insert(other.clone());
    other
}

/// Small letters, digits and dashes.
pub(super) fn slug(text: &str) -> String {
    let out: String =
        text.chars().map(|c| if c.is_ascii_alphanumeric() { c.to_ascii_lowercase() } else { '-' }).collect();
    let out = out.trim_matches('-').chars().take(60).collect::<String>();
    if out.is_empty() { "document".to_owned() } else { out }
}

fn said(label: &str, text: &str) -> Row {
    (label.to_owned(), vec![plain(text)])
}

/// Whether a document names a clause, or one above it that is no whole chapter.
pub(super) fn names_clause(artifact: ArtifactView<'_>, clause: &str) -> bool {
    artifact.clauses().iter().any(|c| c == clause || (c.contains('.') && is_within(clause, c)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::pack::book::Target;
    use crate::pack::facts::sample;

    fn every(names: bool) -> Vec<Sheet> {
        sample::with("stage-2", names, |facts| {
            sheets(facts, &facts.ws.artifacts().map(|a| a.path().to_owned()).collect())
        })
    }

    fn control<'s>(sheet: &'s Sheet, label: &str) -> Vec<&'s str> {
        let row = sheet.control.iter().find(|(l, _)| l == label);
        row.into_iter().flat_map(|(_, p)| p).map(|p| p.text.as_str()).collect()
    }

    #[test]
    fn every_shared_document_is_printed_once_in_the_order_of_the_register() {
        let all = every(false);
        assert!(all.len() > 100, "{}", all.len());
        let files: BTreeSet<&str> = all.iter().map(|s| s.file.as_str()).collect();
        assert_eq!(files.len(), all.len());
        let tables: Vec<&str> = all.iter().filter_map(|s| s.entries.as_ref()).map(|t| t.name.as_str()).collect();
        assert_eq!(tables.iter().collect::<BTreeSet<_>>().len(), tables.len());
        let some =
            sample::with("stage-2", false, |facts| sheets(facts, &["policies/backup-policy.md".to_owned()].into()));
        assert_eq!(some.iter().map(|s| s.path.as_str()).collect::<Vec<_>>(), ["policies/backup-policy.md"]);
    }

    #[test]
    fn the_control_block_says_what_an_auditor_asks() {
        let all = every(false);
        let policy = all.iter().find(|s| s.id == "SMS-POL-01").unwrap();
        assert_eq!(control(policy, "Version"), ["2.0"]);
        assert_eq!(control(policy, "Owner"), ["Service management owner"]);
        assert_eq!(control(policy, "Approvers"), ["Chief information officer"]);
        assert_eq!(control(policy, "Next review"), ["2027-09-24"]);
        assert!(control(policy, "Approval")[0].starts_with("Approvals were not judged: smsctl.toml says"));
        assert_eq!(policy.page, "html/policies/service-management-policy.md.html");
        assert!(policy.body.starts_with("# Service Management Policy"), "{:.60}", policy.body);
        let versions = policy.versions.as_ref().unwrap();
        assert_eq!(versions.rows[0][0].plain(), "2.0");
        assert!(versions.rows[0][2].plain().contains("PC-09 on tested continuity"), "{:?}", versions.rows[0]);
        assert!(versions.rows[0][2].plain().contains("The new chief information officer"), "{:?}", versions.rows[0]);
    }

    #[test]
    fn registers_show_entries_with_anchors_and_one_entry_its_fields() {
        let all = every(false);
        let incidents = all.iter().find(|s| s.path == "registers/incidents.md").unwrap();
        let table = incidents.entries.as_ref().unwrap();
        assert_eq!((table.name.as_str(), table.anchors[0].as_str()), ("register-incidents", "INC-00031"));
        let nc = all.iter().find(|s| s.id == "NC-001").unwrap();
        let fields = nc.entries.as_ref().unwrap();
        let row = |name: &str| &fields.rows.iter().find(|r| r[0].plain() == name).unwrap()[1];
        assert!(row("Raised by").plain().starts_with("Internal audit lead"), "{:?}", row("Raised by"));
        let links: Vec<_> = row("Corrective actions").pieces.iter().filter_map(|p| p.target.clone()).collect();
        assert!(links.contains(&Target::Document("registers/improvements.md".into())), "{links:?}");
        assert!(fields.anchors.is_empty());
    }

    #[test]
    fn what_is_withheld_is_counted_and_shown_as_such() {
        let mut tree = crate::source::MemoryTree::default();
        tree.put("smsctl.toml", Some(b"[sms]\norganization = \"N\"\n".to_vec()));
        let front = "id: R\nkind: register\nregister: roles\nversion: 1.0\nstatus: approved\nentries:\n";
        let entries = "- {id: boss, title: Boss, holders: [{person: '[withheld]'}]}\n";
        let hostile = "- {id: x, title: \"\\e[31m\\u202e<b>..\", holders: []}\n";
        tree.put("a/R.md", Some(format!("---\n{front}{entries}{hostile}---\n\n[withheld]\n").into_bytes()));
        let ws = crate::workspace::load(&tree, &|_, _| {}).unwrap();
        let sheet = sample::with("stage-2", false, |facts| {
            let facts = Facts { ws: &ws, since: None, commit: facts.commit.clone(), ..*facts };
            sheets(&facts, &["a/R.md".to_owned()].into()).remove(0)
        });
        assert_eq!(sheet.withheld, 2);
        assert!(sheet.entries.unwrap().rows[1][1].plain().contains("<b>.."));
    }
}

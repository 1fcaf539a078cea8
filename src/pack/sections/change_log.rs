//! The change log: what became of each document since the last audit, in plain sentences.

use std::collections::BTreeMap;

use jiff::civil::Date;

use super::{reason, table, titled};
use crate::document::Node;
use crate::history::{Change, Lineage, Oid, State, Walk};
use crate::pack::book::{Block, Cell, Form, Piece, Section, Table, Tone};
use crate::pack::facts::{Facts, Since};
use crate::pack::{pieces, standing};
use crate::readiness;
use crate::trust::day;
use crate::trust::versions::parts;
use crate::workspace::{ArtifactView, EntityView, Filter};

const COLUMNS: [(&str, Form); 8] = [
    ("Document", Form::Text),
    ("Kind", Form::Short),
    ("Old version", Form::Short),
    ("New version", Form::Short),
    ("Day", Form::Date),
    ("What changed and why", Form::Text),
    ("Approved by", Form::Text),
    ("Approved on", Form::Date),
];

pub(super) fn section(facts: &Facts<'_>) -> Section {
    let mut out = titled(
        "change-log",
        "Change log",
        "What changed in the documents of the system since the last audit, with the reason and the approval. Changes of \
         scope, services, suppliers and roles come first.",
    );
    match &facts.since {
        Some(since) => Log { facts, since, before: Before::of(facts, since) }.blocks(&mut out.blocks),
        None => first_pack(facts, &mut out.blocks),
    }
    out
}

/// Without an earlier audit everything is told, newest first.
fn first_pack(facts: &Facts<'_>, blocks: &mut Vec<Block>) {
    let text = "This is the first pack: there is no earlier audit to compare with. The table names every version of every \
                document, newest first.";
    blocks.push(Block::Text(vec![Piece::plain(text)]));
    let columns =
        [("Day", Form::Date), ("Document", Form::Text), ("Version", Form::Short), ("What changed and why", Form::Text)];
    let mut all = table("change-log", "All versions", &columns, "No document tells its versions.");
    let mut changes: Vec<(ArtifactView<'_>, &Node)> = Vec::new();
    for a in facts.ws.master_list(&Filter::default()) {
        changes.extend(a.front().list("changes").iter().map(|c| (a, c)));
    }
    changes.sort_by_key(|(_, c)| std::cmp::Reverse(c.date("on")));
    let row = |(a, c): &(ArtifactView<'_>, &Node)| {
        vec![
            Cell::date(c.date("on")),
            pieces::cell(pieces::document(*a)),
            Cell::text(c.str("version").unwrap_or_default()),
            Cell::text(reason(c)),
        ]
    };
    all.rows = changes.iter().map(row).collect();
    blocks.push(Block::Table(all));
}

/// What a document was when the period began.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Was {
    version: String,
    status: String,
    title: String,
    kind: String,
    /// Its content; none when only its list of changes tells.
    blob: Option<Oid>,
}

/// The documents of the start of the period, by id.
struct Before(BTreeMap<String, Was>);

impl Before {
    /// From the history where it reaches back, else from what the documents tell of their versions.
    fn of(facts: &Facts<'_>, since: &Since) -> Self {
        let walk = &facts.record.history.walk;
        let start = since.commit.and_then(|oid| walk.commits.iter().position(|c| c.oid == oid));
        match start {
            Some(start) => Self::from_history(facts, &reached(walk, start)),
            None => Self::from_changes(facts, since.on),
        }
    }

    fn from_history(facts: &Facts<'_>, reached: &[bool]) -> Self {
        let inside = |s: &&State| reached.get(s.commit as usize) == Some(&true);
        let of = |lineage: &Lineage| {
            let last = lineage.states.iter().rev().find(inside)?;
            (last.change != Change::Removed).then(|| Was {
                version: last.head.version.clone(),
                status: last.head.status.clone(),
                title: last.head.title.clone(),
                kind: last.head.kind.clone(),
                blob: Some(last.blob),
            })
        };
        let all = facts.record.history.lineages.0.iter();
        Self(all.filter_map(|(id, lineage)| Some((id.clone(), of(lineage)?))).collect())
    }

    fn from_changes(facts: &Facts<'_>, on: Date) -> Self {
        let older = |c: &&Node| c.date("on").is_some_and(|d| d < on);
        let was = |a: ArtifactView<'_>| {
            let newest = a
                .front()
                .list("changes")
                .iter()
                .filter(older)
                .max_by_key(|c| parts(c.str("version").unwrap_or_default()))?;
            Some(Was {
                version: newest.str("version").unwrap_or_default().to_owned(),
                status: "approved".into(),
                title: a.title().to_owned(),
                kind: a.kind().to_owned(),
                blob: None,
            })
        };
        Self(facts.ws.artifacts().filter_map(|a| Some((a.id().to_owned(), was(a)?))).collect())
    }
}

/// The commits a commit reaches, itself among them.
fn reached(walk: &Walk, start: usize) -> Vec<bool> {
    let mut out = vec![false; walk.commits.len()];
    let mut open = vec![start];
    while let Some(ix) = open.pop() {
        let (Some(seen), Some(commit)) = (out.get_mut(ix), walk.commits.get(ix)) else { continue };
        if !std::mem::replace(seen, true) {
            open.extend(commit.parents.iter().map(|p| *p as usize));
        }
    }
    out
}

/// What became of a document.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Became {
    New,
    Changed,
    Retired,
}

struct Log<'l> {
    facts: &'l Facts<'l>,
    since: &'l Since,
    before: Before,
}

impl Log<'_> {
    fn blocks(&self, blocks: &mut Vec<Block>) {
        blocks.push(Block::Text(vec![Piece::plain(self.period())]));
        blocks.push(Block::Heading("Scope, services, suppliers and roles".into()));
        let sentences = self.sentences();
        if !sentences.is_empty() {
            blocks.push(Block::List(sentences));
        }
        let mut first = self.table("change-log-first", "Documents of scope, services, suppliers and roles");
        let mut by_fate = [
            (Became::New, self.table("change-log-new", "New documents")),
            (Became::Changed, self.table("change-log-changed", "Changed documents")),
            (Became::Retired, self.table("change-log-retired", "Documents taken out of use")),
        ];
        for (fate, leads, row) in self.rows() {
            match by_fate.iter_mut().find(|(f, _)| *f == fate) {
                _ if leads => first.rows.push(row),
                Some((_, table)) => table.rows.push(row),
                None => {}
            }
        }
        blocks.push(Block::Table(first));
        blocks.push(Block::Heading("All other documents".into()));
        blocks.extend(by_fate.into_iter().map(|(_, t)| Block::Table(t)));
    }

    fn period(&self) -> String {
        let start = format!("The period begins with {} ({})", self.since.label, self.since.on);
        let end = self.facts.today;
        match (self.since.commit, self.facts.record.history.tip) {
            (Some(_), Some(_)) => format!("{start} and ends on {end}."),
            _ => format!(
                "{start} and ends on {end}. The history does not reach back to its first day, so the table rests on what \
                 each document tells of its own versions."
            ),
        }
    }

    fn table(&self, name: &str, title: &str) -> Table {
        table(name, title, &COLUMNS, &format!("There is none since {}.", self.since.on))
    }

    fn rows(&self) -> Vec<(Became, bool, Vec<Cell>)> {
        let now = self.facts.ws.master_list(&Filter::default());
        let mut out: Vec<_> = now.iter().filter_map(|a| self.document(*a)).collect();
        let gone = self.before.0.iter().filter(|(id, _)| self.facts.ws.entity(id).is_none());
        out.extend(gone.map(|(id, was)| (Became::Retired, leads(&was.kind, None), removed(id, was))));
        out
    }

    fn document(&self, a: ArtifactView<'_>) -> Option<(Became, bool, Vec<Cell>)> {
        let was = self.before.0.get(a.id());
        let fate = match was {
            None if !a.is_current() => return None,
            None => Became::New,
            Some(was) if !a.is_current() && !matches!(was.status.as_str(), "superseded" | "retired") => Became::Retired,
            Some(was) if self.differs(a, was) => Became::Changed,
            Some(_) => return None,
        };
        Some((fate, leads(a.kind(), a.register()) || a.claims("4.3"), self.row(a, was)))
    }

    fn differs(&self, a: ArtifactView<'_>, was: &Was) -> bool {
        let states = self.facts.record.history.lineages.0.get(a.id()).map_or(&[][..], |l| l.states.as_slice());
        let now = states.last().map(|s| s.blob);
        a.version() != was.version || (was.blob.is_some() && now != was.blob)
    }

    fn row(&self, a: ArtifactView<'_>, was: Option<&Was>) -> Vec<Cell> {
        let old = was.map_or("", |w| w.version.as_str());
        let mut steps: Vec<&Node> = a.front().list("changes").iter().filter(|c| is_new(c, was)).collect();
        steps.sort_by_key(|c| std::cmp::Reverse(parts(c.str("version").unwrap_or_default())));
        let day_of = steps.first().and_then(|c| c.date("on")).or_else(|| a.front().date("effective_on"));
        let standing = standing::of(self.facts, a);
        let approved = standing.as_ref().and_then(standing::Standing::approved);
        let by = approved
            .map_or_else(|| standing::cell(self.facts, a), |v| Cell::text(standing::by(self.facts, &v.approvals)));
        vec![
            pieces::cell(pieces::document(a)),
            Cell::text(a.kind()),
            Cell::text(old),
            Cell::text(a.version()),
            Cell::date(day_of),
            told(&steps, was, a),
            by,
            Cell::date(approved.and_then(|v| day(v.on).parse().ok())),
        ]
    }

    /// What came, went and changed hands in the period, by the days the registers tell.
    fn sentences(&self) -> Vec<Vec<Piece>> {
        let mut out: Vec<(Date, Vec<Piece>)> = Vec::new();
        for (register, field, verb) in [
            ("services", "live_since", "went live"),
            ("suppliers", "onboarded_on", "became a supplier"),
            ("slas", "starts_on", "began"),
            ("slas", "ends_on", "ended"),
        ] {
            for entry in readiness::entries(self.facts.ws, register) {
                if let Some(on) = entry.date(field).filter(|d| self.is_within(*d)) {
                    out.push((on, vec![pieces::named(entry), Piece::plain(format!(" {verb} on {on}."))]));
                }
            }
        }
        out.extend(readiness::entries(self.facts.ws, "roles").flat_map(|role| self.holders(role)));
        out.sort_by_key(|(on, _)| *on);
        out.into_iter().map(|(_, pieces)| pieces).collect()
    }

    fn holders(&self, role: EntityView<'_>) -> Vec<(Date, Vec<Piece>)> {
        let taken =
            role.node().list("holders").iter().filter_map(|h| h.date("valid_from")).filter(|d| self.is_within(*d));
        let say = |on: Date| {
            let words = Piece::plain(format!(" got a holder or a deputy on {on}."));
            (on, vec![Piece::plain("The role "), Piece::link(role.label(), pieces::target(role)), words])
        };
        taken.map(say).collect()
    }

    fn is_within(&self, on: Date) -> bool {
        on >= self.since.on && on <= self.facts.today
    }
}

fn is_new(change: &Node, was: Option<&Was>) -> bool {
    let version = change.str("version").unwrap_or_default();
    was.is_none_or(|w| parts(version) > parts(&w.version))
}

fn told(steps: &[&Node], was: Option<&Was>, a: ArtifactView<'_>) -> Cell {
    let mut said: Vec<String> = steps.iter().map(|c| reason(c)).filter(|t| !t.is_empty()).collect();
    said.dedup();
    match (said.is_empty(), was) {
        (false, _) => Cell::text(said.join(" ")),
        (true, Some(was)) if was.version == a.version() => {
            Cell::toned("The text changed and the version did not.", Tone::Attention)
        }
        (true, _) => Cell::toned("The document gives no reason.", Tone::Attention),
    }
}

fn removed(id: &str, was: &Was) -> Vec<Cell> {
    vec![
        Cell::text(format!("{id} {}", was.title)),
        Cell::text(&was.kind),
        Cell::text(&was.version),
        Cell::default(),
        Cell::default(),
        Cell::text("The document was taken out of the system; its texts are in the history."),
        Cell::default(),
        Cell::default(),
    ]
}

/// Documents whose changes an auditor wants to see first.
fn leads(kind: &str, register: Option<&str>) -> bool {
    const FIRST: [&str; 7] =
        ["agreements", "interested-parties", "roles", "services", "service-requirements", "slas", "suppliers"];
    matches!(kind, "context" | "agreement") || (kind == "register" && register.is_some_and(|r| FIRST.contains(&r)))
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;
    use crate::pack::facts::sample;

    fn text(section: &Section) -> String {
        super::super::tests::text(section)
    }

    #[test]
    fn a_text_that_changed_under_its_old_version_is_named() {
        sample::with("surveillance", false, |facts| {
            let a = facts.ws.entity("SMS-POL-01").unwrap().artifact();
            let was = |version: &str| Was {
                version: version.into(),
                status: "approved".into(),
                title: "T".into(),
                kind: "policy".into(),
                blob: None,
            };
            assert_eq!(told(&[], Some(&was("2.0")), a).plain(), "The text changed and the version did not.");
            assert_eq!(told(&[], Some(&was("1.2")), a).plain(), "The document gives no reason.");
        });
    }

    #[test]
    fn without_an_earlier_audit_it_says_so_and_tells_all() {
        let out = sample::with("stage-1", false, |facts| text(&section(facts)));
        assert!(out.contains("This is the first pack"), "{out}");
        assert!(out.lines().count() > 100);
    }

    #[test]
    fn scope_services_suppliers_and_roles_come_first() {
        let out = sample::with("surveillance", false, |facts| {
            let since = Since { label: "tag audit/2026".into(), commit: None, on: date(2026, 2, 1) };
            text(&section(&Facts { since: Some(since), commit: facts.commit.clone(), ..*facts }))
        });
        let at = |words: &str| out.find(words).unwrap_or_else(|| panic!("{words}: {out}"));
        assert!(at("## Scope, services, suppliers and roles") < at("## All other documents"));
        assert!(at("SMS-REG-ROL") < at("## All other documents"));
        assert!(at("SMS-POL-01 Service Management Policy | policy | 1.2 | 2.0 | 2026-02-09") > at("## All other"));
        assert!(!out.contains("SMS-REG-INC Incidents | register | 1.2 | 1.2"));
    }
}

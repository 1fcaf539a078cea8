//! Everything with a date: reviews, actions, audits, contracts, measurements. Read by the names of fields, so that registers
//! that come later, and those of the user, are read too.

use std::collections::BTreeSet;

use jiff::civil::Date;

use super::records::day;
use super::select::is_ended;
use crate::document::{Data, Field, Node, Step};
use crate::workspace::{ArtifactView, EntityView, Workspace, duration};

/// Something to be done by a day.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Duty {
    /// The day.
    pub on: Date,
    /// Path of the file it stands in.
    pub path: String,
    /// Id of the document or entry.
    pub id: String,
    /// Field the day comes from; `review` when it is computed from the last review and the interval.
    pub field: String,
    /// Kind of duty: `document-review`, `review`, `action`, `audit`, `contract-end` …
    pub kind: &'static str,
    /// What it is about.
    pub title: String,
    /// The role that answers for it; empty when none is named.
    pub owner: String,
    /// Days from the day of judgement; negative when it has passed.
    pub days_left: i32,
    /// The date of the certification cycle that asks for it: `T-03`.
    pub rule: Option<&'static str>,
}

impl Duty {
    /// Its day has passed.
    #[must_use]
    pub fn is_overdue(&self) -> bool {
        self.days_left < 0
    }
}

/// All duties of an SMS, earliest first.
#[must_use]
pub fn duties(ws: &Workspace, today: Date) -> Vec<Duty> {
    let mut walk = Walk { ws, today, out: Vec::new(), entities: places(ws) };
    ws.artifacts().filter(|a| a.is_current()).for_each(|a| walk.document(a));
    let all = (0..ws.entities.len()).map(|ix| ws.entity_at(ix));
    for entity in all.filter(|e| e.artifact().is_current()) {
        walk.entity(entity);
    }
    let mut out = walk.out;
    out.extend(super::certification::deadlines(ws, today));
    out.sort_by(|a, b| (a.on, &a.path, &a.id, &a.field, &a.title).cmp(&(b.on, &b.path, &b.id, &b.field, &b.title)));
    out.dedup();
    out
}

/// Where entities stand, so that what belongs to one is not counted to the one around it.
fn places(ws: &Workspace) -> BTreeSet<(usize, String)> {
    ws.entities.iter().map(|e| (e.artifact, steps(&e.path))).collect()
}

fn steps(path: &[Step]) -> String {
    let step = |s: &Step| match s {
        Step::Key(key) => format!("/{key}"),
        Step::Index(index) => format!("/{index}"),
    };
    path.iter().map(step).collect()
}

/// Days that stand for a duty: how the field is called, what kind of duty it is, and which fields say that it is done.
struct Named {
    field: &'static str,
    kind: &'static str,
    done: &'static [&'static str],
}

const DONE: &[&str] = &["done_on", "closed_on", "completed_on", "action_done_on", "reached_on", "resolved_on"];
const HELD: &[&str] = &["held_on", "held_start", "held_end", "performed_on", "deployed_on", "implemented_on"];

/// Fields by their whole name. Others that end with `due_on`, or are called `next_…_on`, count as well.
const NAMED: [Named; 15] = [
    Named { field: "by", kind: "milestone", done: DONE },
    Named { field: "cap_due_on", kind: "corrective-action", done: DONE },
    Named { field: "due", kind: "action", done: DONE },
    Named { field: "due_on", kind: "action", done: DONE },
    Named { field: "ends_on", kind: "contract-end", done: &[] },
    Named { field: "expires_on", kind: "expiry", done: &[] },
    Named { field: "next_due_on", kind: "next-time", done: &[] },
    Named { field: "next_on", kind: "next-time", done: &[] },
    Named { field: "next_review_on", kind: "review", done: &[] },
    Named { field: "notice_by", kind: "notice", done: &[] },
    Named { field: "period_to", kind: "programme-end", done: &[] },
    Named { field: "planned_on", kind: "planned", done: HELD },
    Named { field: "planned_start", kind: "planned", done: HELD },
    Named {
        field: "response_due_on",
        kind: "corrective-action",
        done: &["responded_on", "plan_submitted_on", "closed_on"],
    },
    Named { field: "valid_to", kind: "validity-end", done: &[] },
];

/// Last time, how often, next time: the next time is computed where nobody wrote it down.
const INTERVALS: [(&str, &str, &str, &str); 3] = [
    ("last_review_on", "review_interval", "next_review_on", "review"),
    ("last_held_on", "interval", "next_on", "meeting"),
    ("last_done_on", "frequency", "next_due_on", "next-time"),
];

fn named(field: &str) -> Option<(&'static str, &'static [&'static str])> {
    if let Some(known) = NAMED.iter().find(|n| n.field == field) {
        return Some((known.kind, known.done));
    }
    if field.ends_with("_due_on") {
        return Some(("action", DONE));
    }
    (field.starts_with("next_") && field.ends_with("_on")).then_some(("next-time", &[]))
}

struct Walk<'a> {
    ws: &'a Workspace,
    today: Date,
    out: Vec<Duty>,
    entities: BTreeSet<(usize, String)>,
}

/// Where a walk stands.
#[derive(Clone, Copy)]
struct Place<'a> {
    entity: EntityView<'a>,
    /// Title of the nearest part that has one.
    title: Option<&'a str>,
    /// Role of the nearest part that names one.
    owner: &'a str,
}

impl<'a> Walk<'a> {
    /// The review of a document: the day it names or the interval gives.
    fn document(&mut self, artifact: ArtifactView<'a>) {
        let Some(on) = artifact.review_due() else { return };
        let explicit = artifact.front().date("next_review_on") == Some(on);
        let (title, owner) = (artifact.title(), artifact.front().str("owner").unwrap_or_default());
        let kind = if artifact.kind() == "policy" { "policy-review" } else { "document-review" };
        let field = if explicit { "next_review_on" } else { "review" };
        self.out.push(self.duty(on, artifact.path(), artifact.id(), field, kind, title, owner));
    }

    #[expect(clippy::too_many_arguments, reason = "one call a field")]
    fn duty(&self, on: Date, path: &str, id: &str, field: &str, kind: &'static str, title: &str, owner: &str) -> Duty {
        let days_left = (on - self.today).get_days();
        let own = |t: &str| t.to_owned();
        Duty {
            on,
            path: own(path),
            id: own(id),
            field: own(field),
            kind,
            title: own(title),
            owner: own(owner),
            days_left,
            rule: (field == "response_due_on").then_some("T-07"),
        }
    }

    fn entity(&mut self, entity: EntityView<'a>) {
        let node = entity.node();
        if entity.is_retired() || is_ended(node) {
            return;
        }
        let front = entity.artifact().front();
        let owner = role(node).or_else(|| front.str("owner")).unwrap_or_default();
        self.computed(entity, node, owner);
        self.measurement(entity, owner);
        self.part(node, &mut entity.path().to_vec(), Place { entity, title: None, owner });
    }

    /// Days of a part and of the parts within it.
    fn part(&mut self, node: &'a Node, path: &mut Vec<Step>, place: Place<'a>) {
        for field in node.fields() {
            path.push(Step::Key(field.key.clone()));
            let own = self.entities.contains(&(place.entity.artifact().ix, steps(path)));
            if !own {
                self.field(node, field, path, place);
            }
            path.pop();
        }
    }

    fn field(&mut self, node: &'a Node, field: &'a Field, path: &mut Vec<Step>, place: Place<'a>) {
        match &field.value.data {
            Data::Scalar { text, .. } => self.day(node, &field.key, text, path, place),
            Data::Map(_) => self.inner(&field.value, path, place),
            Data::List(items) => {
                for (index, item) in items.iter().enumerate() {
                    path.push(Step::Index(index));
                    if !self.entities.contains(&(place.entity.artifact().ix, steps(path))) {
                        self.inner(item, path, place);
                    }
                    path.pop();
                }
            }
            Data::Null => {}
        }
    }

    fn inner(&mut self, node: &'a Node, path: &mut Vec<Step>, place: Place<'a>) {
        if is_ended(node) {
            return;
        }
        let title = ["text", "title", "what", "name", "stage"].into_iter().find_map(|f| node.str(f)).or(place.title);
        let owner = role(node).unwrap_or(place.owner);
        self.part(node, path, Place { title, owner, ..place });
    }

    fn day(&mut self, node: &Node, field: &str, text: &str, path: &[Step], place: Place<'a>) {
        let Some((kind, done)) = named(field) else { return };
        // The review of the document itself is computed.
        let of_document = place.entity.is_artifact() && path.len() == 1;
        let fulfilled = done.iter().any(|f| node.get(f).is_some());
        let Some(on) = day(text).filter(|_| !of_document && !fulfilled) else { return };
        // A role that was handed over, or a term that ran out, is history.
        let next = matches!(field, "next_on" | "next_due_on");
        let history = (next && self.later_held(place.entity)) || (field == "valid_to" && on < self.today);
        if history {
            return;
        }
        let title = place.title.unwrap_or_else(|| called(place.entity));
        let kind = of_kind(kind, place.entity);
        let path = self.ws.sources.path(place.entity.span()).to_owned();
        let duty = self.duty(on, &path, place.entity.id(), field, kind, title, place.owner);
        self.out.push(duty);
    }

    /// Of reviews, tests and the like only the newest says when the next one is; tests of another plan are another series.
    fn later_held(&self, entity: EntityView<'_>) -> bool {
        let Some(on) = entity.date("held_on") else { return false };
        let series = |e: EntityView<'_>| e.str("plan_ref") == entity.str("plan_ref");
        self.ws.of_type(entity.kind()).any(|e| series(e) && e.date("held_on").is_some_and(|other| other > on))
    }

    /// The next time by the last time and the interval, where the next time is not written down.
    fn computed(&mut self, entity: EntityView<'a>, node: &Node, owner: &str) {
        for (last, interval, next, kind) in INTERVALS {
            let every = node.str(interval).and_then(duration);
            let due = node.date(last).zip(every).and_then(|(on, every)| on.checked_add(every).ok());
            let Some(on) = due.filter(|_| node.date(next).is_none()) else { continue };
            let path = self.ws.sources.path(entity.span()).to_owned();
            let kind = of_kind(kind, entity);
            self.out.push(self.duty(on, &path, entity.id(), last, kind, called(entity), owner));
        }
    }

    /// The next value of a metric: its newest was taken on a day, and it is taken every so often.
    fn measurement(&mut self, entity: EntityView<'a>, owner: &str) {
        let Some(every) = entity.str("frequency").and_then(duration).filter(|_| entity.is("metric")) else { return };
        let newest = entity.referrers_by("measurement", "metric").filter_map(|m| m.date("collected_on")).max();
        let Some(on) = newest.and_then(|on| on.checked_add(every).ok()) else { return };
        let path = self.ws.sources.path(entity.span()).to_owned();
        self.out.push(self.duty(on, &path, entity.id(), "frequency", "measurement", called(entity), owner));
    }
}

/// What an entity is called; the document's title when it has no words of its own.
fn called(entity: EntityView<'_>) -> &str {
    let (label, title) = (entity.label(), entity.artifact().title());
    if label == entity.id() && entity.is_artifact() && !title.is_empty() { title } else { label }
}

/// A more telling word for some duties, by what they belong to.
fn of_kind(kind: &'static str, entity: EntityView<'_>) -> &'static str {
    match (kind, entity.kind()) {
        ("action", "improvement") => "improvement",
        ("action", "nonconformity") => "corrective-action",
        ("action", "objective") => "objective",
        ("next-time" | "planned", "audit" | "internal-audit") => "audit",
        ("planned", "certification") => "certification-audit",
        ("expiry", "certification") => "certificate-end",
        ("next-time", "management-review") => "management-review",
        ("next-time", "communication") => "communication",
        ("next-time" | "planned", "continuity-test") => "continuity-test",
        ("planned", "release") => "release",
        ("planned", "change") => "change",
        ("contract-end", "sla" | "agreement") => "agreement-end",
        (kind, _) => kind,
    }
}

/// The role a part names.
fn role(node: &Node) -> Option<&str> {
    const ROLES: [&str; 8] =
        ["owner", "responsible", "relationship_owner", "lead_auditor", "sender", "chair", "manager", "role_ref"];
    ROLES.into_iter().find_map(|field| node.str(field)).filter(|text| !crate::schema::is_to_do(text))
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;
    use crate::source::MemoryTree;

    const TODAY: Date = date(2026, 11, 20);

    fn found(front: &str) -> Vec<(String, String, &'static str, String, String, i32)> {
        let mut tree = MemoryTree::default();
        tree.put("smsctl.toml", Some(b"[sms]\norganization = \"N\"\n".to_vec()));
        tree.put("a.md", Some(format!("---\n{front}---\n\n# A\n").into_bytes()));
        let ws = crate::workspace::load(&tree, &|_, _| {}).unwrap();
        let one = |d: Duty| (d.on.to_string(), d.id, d.kind, d.title, d.owner, d.days_left);
        duties(&ws, TODAY).into_iter().map(one).collect()
    }

    #[test]
    fn a_document_is_reviewed_by_its_interval() {
        let head = "id: P-1\nkind: policy\ntitle: P\nstatus: approved\nowner: boss\n";
        let due = found(&format!("{head}effective_on: 2026-01-01\nreview_interval: P1Y\n"));
        assert_eq!(due, [("2027-01-01".into(), "P-1".into(), "policy-review", "P".into(), "boss".into(), 42)]);
        let due = found(&format!("{head}effective_on: 2026-01-01\nreview_interval: P1Y\nnext_review_on: 2026-11-19\n"));
        assert_eq!(due, [("2026-11-19".into(), "P-1".into(), "policy-review", "P".into(), "boss".into(), -1)]);
        assert_eq!(found(&head.replace("approved", "retired")), []);
    }

    #[test]
    fn entries_are_read_by_the_names_of_their_fields_and_ended_ones_are_passed_over() {
        let head = "id: R\nkind: register\nregister: improvements\nstatus: approved\nowner: boss\nentries:\n";
        let open = "- {id: IMP-1, title: Faster, due_on: 2026-12-01, owner: ann, status: in-progress}\n";
        let done = "- {id: IMP-2, title: Old, due_on: 2026-12-01, status: done}\n";
        let later = "- {id: IMP-3, title: T, due_on: TODO(when), status: approved}\n";
        let due = found(&format!("{head}{open}{done}{later}"));
        assert_eq!(due, [("2026-12-01".into(), "IMP-1".into(), "improvement", "Faster".into(), "ann".into(), 11)]);
    }

    #[test]
    fn actions_within_an_entry_have_their_own_words_and_role() {
        let head = "id: R\nkind: register\nregister: risks\nstatus: approved\nowner: boss\nentries:\n";
        let risk = "- id: RSK-1\n  title: Fire\n  next_review_on: 2027-01-01\n  status: treating\n  actions:\n  \
                    - {text: Buy, owner: ann, due_on: 2026-12-01}\n  \
                    - {text: Sell, due_on: 2026-12-02, done_on: 2026-11-01}\n  \
                    - {text: Dig, due_on: 2026-12-03, status: dropped}\n";
        let due = found(&format!("{head}{risk}"));
        let short: Vec<_> = due.iter().map(|d| (d.2, d.3.as_str(), d.4.as_str())).collect();
        assert_eq!(short, [("action", "Buy", "ann"), ("review", "Fire", "boss")]);
    }

    #[test]
    fn only_the_newest_review_says_when_the_next_one_is() {
        let head = "id: R\nkind: register\nregister: management-reviews\nstatus: approved\nowner: boss\nentries:\n";
        let old = "- id: MR-1\n  held_on: 2026-01-01\n  next_on: 2026-07-01\n  actions:\n  \
                   - {text: Hire, due_on: 2026-11-01, status: open}\n";
        let new = "- id: MR-2\n  held_on: 2026-07-01\n  next_on: 2027-01-01\n";
        let due = found(&format!("{head}{old}{new}"));
        let short: Vec<_> = due.iter().map(|d| (d.0.as_str(), d.1.as_str(), d.2)).collect();
        assert_eq!(short, [("2026-11-01", "MR-1", "action"), ("2027-01-01", "MR-2", "management-review")]);
    }

    #[test]
    fn the_next_time_is_computed_where_nobody_wrote_it_down() {
        let head = "id: R\nkind: register\nregister: forums\nstatus: approved\nowner: boss\nentries:\n";
        let forum = "- {id: board, title: Board, chair: ann, interval: P1M, last_held_on: 2026-11-10}\n";
        let due = found(&format!("{head}{forum}"));
        assert_eq!(due, [("2026-12-10".into(), "board".into(), "meeting", "Board".into(), "ann".into(), 20)]);
    }
}

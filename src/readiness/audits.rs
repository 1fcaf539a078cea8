//! The cycle of internal audits: what was covered, what is planned, what to look at next and why, and who may audit it.

use std::cmp::Reverse;
use std::collections::BTreeMap;

use jiff::civil::Date;

use super::select::{entries, is_ended};
use crate::rules::assurance::cycle;
use crate::rules::management::auditor_audits_own_work::{auditors, conflict};
use crate::rules::months_after;
use crate::workspace::{ArtifactView, EntityView, Workspace, is_within};

/// The period the audits are counted in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AuditCycle {
    /// First day.
    pub from: Date,
    /// Last day.
    pub to: Date,
    /// Where the period comes from: `programme`, `certification` or `three-years`.
    pub basis: &'static str,
    /// Id of the document or entry it stands in; empty for three years back.
    pub source: String,
}

/// An internal audit, planned or held.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AuditState {
    /// Its id.
    pub id: String,
    /// Its title.
    pub title: String,
    /// Day it was held.
    pub held_on: Option<Date>,
    /// Day it is planned for.
    pub planned_on: Option<Date>,
    /// Clauses of the checklist it covers.
    pub clauses: usize,
}

/// A clause nothing stands below, and the audits of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ClauseCoverage {
    /// Its number.
    pub id: String,
    /// Number and title.
    pub name: String,
    /// Audits held within the cycle, newest first.
    pub covered: Vec<(String, Date)>,
    /// Audits to come.
    pub planned: Vec<(String, Option<Date>)>,
    /// The last audit before the cycle.
    pub before: Option<(String, Date)>,
}

impl ClauseCoverage {
    /// `covered`, `planned` or `open`.
    #[must_use]
    pub fn word(&self) -> &'static str {
        match (self.covered.is_empty(), self.planned.is_empty()) {
            (false, _) => "covered",
            (true, false) => "planned",
            (true, true) => "open",
        }
    }
}

/// Why a clause should be looked at, in points and words.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reason {
    /// How much it weighs.
    pub points: u32,
    /// In words.
    pub text: String,
}

/// A clause the next audit should look at.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Proposal {
    /// The clause.
    pub clause: String,
    /// Number and title.
    pub name: String,
    /// Why; the points add up.
    pub reasons: Vec<Reason>,
    /// Auditor roles that are independent of it.
    pub may_audit: Vec<String>,
    /// Auditor roles that are not, with the reason.
    pub may_not: Vec<(String, String)>,
}

impl Proposal {
    /// All points.
    #[must_use]
    pub fn points(&self) -> u32 {
        self.reasons.iter().map(|r| r.points).sum()
    }
}

/// The cycle with all that was audited and what to look at next.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AuditPlan {
    /// The period.
    pub cycle: AuditCycle,
    /// Audits of the cycle and those to come, by day.
    pub audits: Vec<AuditState>,
    /// Every clause nothing stands below.
    pub clauses: Vec<ClauseCoverage>,
    /// What no audit to come will look at and should be looked at, most points first.
    pub next: Vec<Proposal>,
}

/// What weighs how much; docs/audit.md tells the same.
const MAJOR: u32 = 6;
const NEVER: u32 = 4;
const MINOR: u32 = 3;
const CHANGED: u32 = 2;
/// One for each full year since the last audit, and no more than this.
const MOST_YEARS: u32 = 3;

/// Works out the plan.
#[must_use]
pub fn audit_plan(ws: &Workspace, today: Date) -> AuditPlan {
    let cycle = period(ws, today);
    let known = Known::of(ws, &cycle, today);
    let clauses: Vec<ClauseCoverage> = leaves(ws).map(|(id, name)| known.coverage(id, name)).collect();
    let mut next: Vec<Proposal> = clauses.iter().filter_map(|c| known.proposal(c)).collect();
    next.sort_by_key(|p| Reverse(p.points()));
    AuditPlan { audits: known.audits(&clauses), cycle, clauses, next }
}

/// The leaf clauses of the standard; those of a second one have their own audits.
fn leaves(ws: &Workspace) -> impl Iterator<Item = (&str, String)> {
    let all = ws.catalog.clauses().iter().filter(|c| !c.id.contains(':') && ws.catalog.is_leaf(&c.id));
    all.map(|c| (c.id.as_str(), ws.catalog.clause_name(&c.id).unwrap_or_else(|| c.id.clone())))
}

/// The programme's period when today lies in it, else the cycle of the certificate, else three years back.
fn period(ws: &Workspace, today: Date) -> AuditCycle {
    let programme = ws.register("internal-audits").filter(|a| a.is_current()).find_map(|a| {
        let node = a.front().get("programme")?;
        let (from, to) = node.date("period_from").zip(node.date("period_to"))?;
        Some(AuditCycle { from, to, basis: "programme", source: a.id().to_owned() })
    });
    let certificate = || {
        let cycle = cycle::latest(ws)?;
        let from = cycle.entity.node().get("cycle").and_then(|c| c.date("starts_on")).or_else(|| cycle.decided())?;
        let to = cycle.expires()?;
        Some(AuditCycle { from, to, basis: "certification", source: cycle.entity.id().to_owned() })
    };
    let within = |c: &AuditCycle| c.from <= today && today <= c.to;
    programme.filter(within).or_else(|| certificate().filter(within)).unwrap_or_else(|| AuditCycle {
        from: months_after(today, -36),
        to: today,
        basis: "three-years",
        source: String::new(),
    })
}

/// What is known of audits, cases, documents and auditors.
struct Known<'a> {
    ws: &'a Workspace,
    today: Date,
    from: Date,
    /// Audits that were held, with their day.
    held: Vec<(Date, EntityView<'a>)>,
    /// Audits to come: not held, not cancelled.
    ahead: Vec<EntityView<'a>>,
    cases: Vec<EntityView<'a>>,
    /// Roles that have led or done an audit, by id.
    auditors: BTreeMap<&'a str, EntityView<'a>>,
}

impl<'a> Known<'a> {
    fn of(ws: &'a Workspace, cycle: &AuditCycle, today: Date) -> Self {
        let all: Vec<_> = entries(ws, "internal-audits").filter(|a| !a.is_retired()).collect();
        let day = |a: &EntityView<'a>| Some((a.date("held_on").filter(|on| *on <= today)?, *a));
        let mut held: Vec<_> = all.iter().filter_map(day).collect();
        held.sort_by_key(|(on, a)| (Reverse(*on), a.id()));
        let ahead = all.iter().filter(|a| day(a).is_none()).copied().collect();
        let cases = entries(ws, "nonconformities").filter(|n| !is_ended(n.node())).collect();
        let auditors = all.iter().flat_map(|a| auditors(*a)).map(|(role, _)| (role.id(), role)).collect();
        Self { ws, today, from: cycle.from, held, ahead, cases, auditors }
    }

    fn coverage(&self, id: &str, name: String) -> ClauseCoverage {
        let of = |a: &EntityView<'_>| names(*a, id);
        let held = || self.held.iter().filter(|(_, a)| of(a)).map(|(on, a)| (a.id().to_owned(), *on));
        let planned = self.ahead.iter().filter(|a| of(a)).map(|a| (a.id().to_owned(), a.date("planned_on")));
        ClauseCoverage {
            id: id.to_owned(),
            name,
            covered: held().filter(|(_, on)| *on >= self.from).collect(),
            planned: planned.collect(),
            before: held().find(|(_, on)| *on < self.from),
        }
    }

    fn audits(&self, clauses: &[ClauseCoverage]) -> Vec<AuditState> {
        let state = |a: &EntityView<'_>, held_on: Option<Date>| AuditState {
            id: a.id().to_owned(),
            title: a.label().to_owned(),
            held_on,
            planned_on: a.date("planned_on"),
            clauses: clauses.iter().filter(|c| names(*a, &c.id)).count(),
        };
        let held = self.held.iter().rev().filter(|(on, _)| *on >= self.from).map(|(on, a)| state(a, Some(*on)));
        let mut ahead: Vec<_> = self.ahead.iter().map(|a| state(a, None)).collect();
        ahead.sort_by(|a, b| (a.planned_on, &a.id).cmp(&(b.planned_on, &b.id)));
        held.chain(ahead).collect()
    }

    /// None when an audit to come looks at the clause, or nothing speaks for it.
    fn proposal(&self, clause: &ClauseCoverage) -> Option<Proposal> {
        let reasons = self.reasons(clause);
        if reasons.is_empty() || !clause.planned.is_empty() {
            return None;
        }
        let processes: Vec<_> =
            self.ws.of_type("process").filter(|p| !p.is_retired() && names(*p, &clause.id)).collect();
        let judge = |(id, role): (&&str, &EntityView<'_>)| ((*id).to_owned(), conflict(*role, &processes, self.today));
        let judged: Vec<(String, Option<String>)> = self.auditors.iter().map(judge).collect();
        Some(Proposal {
            clause: clause.id.clone(),
            name: clause.name.clone(),
            reasons,
            may_audit: judged.iter().filter(|(_, why)| why.is_none()).map(|(id, _)| id.clone()).collect(),
            may_not: judged.into_iter().filter_map(|(id, why)| Some((id, why?))).collect(),
        })
    }

    fn reasons(&self, clause: &ClauseCoverage) -> Vec<Reason> {
        let mut out = Vec::new();
        for case in self.cases.iter().filter(|c| c.str("clause").is_some_and(|named| touches(named, &clause.id))) {
            let grade = case.str("grade").unwrap_or("minor");
            let points = if grade == "major" { MAJOR } else { MINOR };
            out.push(Reason { points, text: format!("{grade} nonconformity {} is open", case.id()) });
        }
        let last = clause.covered.first().or(clause.before.as_ref());
        if clause.covered.is_empty() {
            let text = last.map_or_else(
                || "never audited".to_owned(),
                |(id, on)| format!("not audited in this cycle, last in {id} on {on}"),
            );
            out.push(Reason { points: NEVER, text });
        }
        out.extend(self.changed(&clause.id, last.map_or(self.from, |(_, on)| *on)));
        out.extend(last.and_then(|(_, on)| self.age(*on)));
        out
    }

    /// Documents of a clause that have another version since it was audited.
    fn changed(&self, clause: &str, since: Date) -> Option<Reason> {
        let of_clause = |a: &ArtifactView<'_>| a.clauses().iter().any(|c| c.contains('.') && is_within(clause, c));
        let governs = |a: &ArtifactView<'_>| !matches!(a.kind(), "register" | "record" | "report" | "log" | "agenda");
        let newer = |a: &ArtifactView<'_>| {
            a.front().list("changes").iter().any(|c| c.date("on").is_some_and(|on| on > since && on <= self.today))
        };
        let documents = self.ws.artifacts().filter(|a| a.is_current());
        let found: Vec<&str> =
            documents.filter(|a| governs(a) && of_clause(a) && newer(a)).map(ArtifactView::id).collect();
        let more = if found.len() > 3 { format!(" and {} more", found.len() - 3) } else { String::new() };
        let shown = found.iter().take(3).copied().collect::<Vec<_>>().join(", ");
        (!found.is_empty()).then(|| Reason { points: CHANGED, text: format!("changed since: {shown}{more}") })
    }

    fn age(&self, last: Date) -> Option<Reason> {
        let years = (1..=MOST_YEARS).rev().find(|n| months_after(last, i64::from(*n) * 12) <= self.today)?;
        let ago = if years == 1 { "a year".to_owned() } else { format!("{years} years") };
        Some(Reason { points: years, text: format!("last audited on {last}, {ago} ago or more") })
    }
}

/// Whether an audit or process names a clause, or one above it.
fn names(entity: EntityView<'_>, clause: &str) -> bool {
    entity.node().texts("clauses").any(|(named, _)| is_within(clause, named))
}

/// Whether one of two clauses stands within the other.
fn touches(named: &str, clause: &str) -> bool {
    is_within(clause, named) || is_within(named, clause)
}

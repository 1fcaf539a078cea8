//! Complete lists for auditors to draw their own sample from.

use jiff::civil::Date;

use super::{documents, findings};
use crate::pack::book::Table;
use crate::pack::facts::Facts;
use crate::pack::fields::Entries;
use crate::readiness;
use crate::schema::Shape;
use crate::workspace::EntityView;

/// What auditors draw samples from, in the order of their work: register and title. Other registers follow.
const ORDER: [(&str, &str); 27] = [
    ("incidents", "Incidents"),
    ("major-incidents", "Major incidents"),
    ("service-requests", "Service requests"),
    ("problems", "Problems"),
    ("changes", "Changes"),
    ("releases", "Releases"),
    ("configuration-items", "Configuration items"),
    ("services", "Services"),
    ("slas", "Service level agreements"),
    ("service-reports", "Service reports"),
    ("suppliers", "Suppliers"),
    ("agreements", "Internal agreements"),
    ("complaints", "Complaints"),
    ("satisfaction", "Satisfaction surveys"),
    ("budgets", "Budgets"),
    ("measurements", "Measurements"),
    ("risks", "Risks and opportunities"),
    ("continuity-tests", "Continuity tests"),
    ("roles", "Roles"),
    ("competence", "Competence and awareness"),
    ("communication-evidence", "Communication and training held"),
    ("internal-audits", "Internal audits"),
    ("management-reviews", "Management reviews"),
    ("nonconformities", "Nonconformities"),
    ("improvements", "Improvements"),
    ("objectives", "Objectives"),
    ("certification", "Certification cycles"),
];

/// Registers of what happens day by day: of these a pack shows the period, of others what holds.
const OPERATIONAL: [&str; 16] = [
    "changes",
    "communication-evidence",
    "complaints",
    "continuity-tests",
    "incidents",
    "internal-audits",
    "major-incidents",
    "management-reviews",
    "measurements",
    "nonconformities",
    "problems",
    "releases",
    "satisfaction",
    "service-reports",
    "service-requests",
    "improvements",
];

/// Complete lists to sample from: one a register, the documents, the metrics and the findings of audits.
#[must_use]
pub fn populations(facts: &Facts<'_>) -> Vec<Table> {
    let ordered = ORDER.iter().map(|(register, title)| (*register, (*title).to_owned()));
    let known = |name: &&str| !ORDER.iter().any(|(register, _)| register == name);
    let others =
        facts.ws.schemas.registers().filter(known).map(|r| (r, crate::workspace::heading(r).replace('-', " ")));
    let mut out: Vec<Table> = ordered.chain(others).filter_map(|(r, title)| population(facts, r, &title)).collect();
    out.push(Table { name: "population-documents".into(), title: "Documents".into(), ..documents::register(facts) });
    out.extend(of_type(facts, "metric", "measurements", "metrics", "Metrics"));
    out.extend([("certification", "external-findings"), ("internal-audits", "internal-findings")].map(|(r, name)| {
        let table = findings::audit_findings(facts, r);
        Table { name: format!("population-{name}"), ..table }
    }));
    out.retain(|t| !t.rows.is_empty() || t.name == "population-documents");
    out
}

/// None for a register the SMS does not keep.
fn population(facts: &Facts<'_>, register: &str, title: &str) -> Option<Table> {
    facts.ws.register(register).next()?;
    let all: Vec<EntityView<'_>> = readiness::entries(facts.ws, register).collect();
    let since = facts.since.as_ref().map(|s| s.on).filter(|_| OPERATIONAL.contains(&register));
    let kept: Vec<EntityView<'_>> =
        all.iter().filter(|e| since.is_none_or(|d| happened(facts, **e, d))).copied().collect();
    let shape = facts.ws.schemas.entry(register).map(|s| &s.shape);
    let title = titled(title, since, facts.today, kept.len(), all.len());
    let mut table = table(facts, shape, format!("population-{register}"), title, &kept);
    if kept.is_empty() && !all.is_empty() {
        table.when_empty = format!("None of the {} entries of the register falls into the period.", all.len());
    }
    Some(table)
}

fn table(facts: &Facts<'_>, shape: Option<&Shape>, name: String, title: String, entries: &[EntityView<'_>]) -> Table {
    Entries { facts, shape, name, title, linked: true }.table(entries)
}

fn titled(title: &str, since: Option<Date>, today: Date, kept: usize, all: usize) -> String {
    match since {
        None => format!("{title}: all {all}"),
        Some(on) => format!("{title} from {on} to {today}: {kept} of {all}, those that ended before are left out"),
    }
}

/// Whether something happened to an entry in the period, or it is still open, or nothing tells its day.
fn happened(facts: &Facts<'_>, entry: EntityView<'_>, since: Date) -> bool {
    let node = entry.node();
    let tells = node.get("status").is_some() || node.get("lifecycle").is_some();
    let open = tells && !readiness::is_ended(node);
    open || readiness::newest(node, facts.today).is_none_or(|on| on >= since)
}

/// Entities that stand beside the entries of a register.
fn of_type(facts: &Facts<'_>, kind: &str, register: &str, name: &str, title: &str) -> Option<Table> {
    let found: Vec<EntityView<'_>> = facts.ws.of_type(kind).filter(|e| e.artifact().is_current()).collect();
    let schema = facts.ws.schemas.register(register);
    let shape = schema.and_then(|s| s.shape.field(name)).and_then(Shape::item);
    let title = titled(title, None, facts.today, found.len(), found.len());
    (!found.is_empty()).then(|| table(facts, shape, format!("population-{name}"), title, &found))
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use jiff::civil::date;

    use super::*;
    use crate::pack::facts::{Since, sample};

    #[test]
    fn every_register_with_entries_is_a_population_in_full() {
        sample::with("stage-2", false, |facts| {
            let all = populations(facts);
            for register in facts.ws.schemas.registers() {
                let entries = readiness::entries(facts.ws, register).count();
                let name = format!("population-{register}");
                let rows = all.iter().find(|t| t.name == name).map_or(0, |t| t.rows.len());
                assert_eq!(rows, entries, "{register}");
            }
            let names: BTreeSet<&str> = all.iter().map(|t| t.name.as_str()).collect();
            assert_eq!(names.len(), all.len());
            assert!(names.contains("population-metrics") && names.contains("population-external-findings"));
            assert!(all.iter().all(|t| t.rows.iter().all(|r| r.len() == t.columns.len())));
        });
    }

    #[test]
    fn a_period_narrows_what_happens_day_by_day_and_the_title_says_so() {
        sample::with("surveillance", false, |facts| {
            let since = Since { label: "2026-02-01".into(), commit: None, on: date(2026, 2, 1) };
            let all = populations(&Facts { since: Some(since), commit: facts.commit.clone(), ..*facts });
            let find = |name: &str| all.iter().find(|t| t.name == format!("population-{name}")).unwrap();
            let incidents = find("incidents");
            let total = readiness::entries(facts.ws, "incidents").count();
            assert!(incidents.rows.len() < total && !incidents.rows.is_empty());
            let said = format!("Incidents from 2026-02-01 to 2026-11-20: {} of {total}", incidents.rows.len());
            assert!(incidents.title.starts_with(&said), "{}", incidents.title);
            assert!(find("suppliers").title.starts_with("Suppliers: all "), "{}", find("suppliers").title);
        });
    }
}

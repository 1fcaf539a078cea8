//! The plan of internal audits and the sample of an auditor, for people, spreadsheets and programs.

use std::fmt::Write as _;

use jiff::civil::Date;
use serde_json::{Value, json};

use super::{Column, Table, full_sentence, one_line, safe_json};
use crate::readiness::{AuditPlan, ClauseCoverage, Proposal, Reason};
use crate::workspace::Workspace;
use crate::workspace::sample::{Item, METHOD, Population, Sample};

/// Proposals shown to people; JSON holds all.
const SHOWN: usize = 10;

/// How to draw the plan.
#[derive(Clone, Copy, Debug, Default)]
pub struct AuditPlanOptions {
    /// Width of the terminal; none in a pipe.
    pub width: Option<usize>,
    /// Colours.
    pub colour: bool,
    /// Show each clause too.
    pub clauses: bool,
}

/// The plan for people.
#[must_use]
pub fn audit_plan(plan: &AuditPlan, ws: &Workspace, today: Date, options: AuditPlanOptions) -> String {
    let text = |table: &Table| table.text(options.width, true, options.colour);
    let mut out = format!("{}: internal audits on {today}\n\n", one_line(&ws.config.organization));
    out += &overview(plan);
    out += &auditors(plan);
    let _ = write!(out, "\nAudits of the cycle\n{}", text(&audits(plan)));
    if plan.audits.is_empty() {
        out += "none is entered yet\n";
    }
    if options.clauses {
        let _ = write!(out, "\nClauses\n{}", text(&clauses(plan)));
    } else {
        out += &open(plan);
    }
    out + &proposals(plan, options, today)
}

fn overview(plan: &AuditPlan) -> String {
    let cycle = &plan.cycle;
    let basis = match cycle.basis {
        "programme" => format!("the programme in {}", one_line(&cycle.source)),
        "certification" => format!("the cycle of the certificate, {}", one_line(&cycle.source)),
        _ => "the last three years: no audit programme and no certificate covers today".to_owned(),
    };
    let count = |word: &str| plan.clauses.iter().filter(|c| c.word() == word).count();
    format!(
        "Cycle     {} to {} ({basis})\nCovered   {} of {} clauses; {} only planned, {} neither covered nor planned\n",
        cycle.from,
        cycle.to,
        count("covered"),
        plan.clauses.len(),
        count("planned"),
        count("open")
    )
}

fn audits(plan: &AuditPlan) -> Table {
    let mut table = Table::new(&[
        Column::firm("AUDIT"),
        Column::firm("STATE"),
        Column::firm("DAY"),
        Column::firm("CLAUSES"),
        Column::soft("TITLE"),
    ]);
    for audit in &plan.audits {
        let (state, on) = audit.held_on.map_or(("planned", audit.planned_on), |on| ("held", Some(on)));
        let on = on.map_or_else(|| "no day".to_owned(), |d| d.to_string());
        table.row(&[audit.id.clone(), state.to_owned(), on, audit.clauses.to_string(), audit.title.clone()]);
    }
    table
}

fn clauses(plan: &AuditPlan) -> Table {
    let mut table = Table::new(&[
        Column::soft("CLAUSE"),
        Column::firm("STATE"),
        Column::soft("COVERED BY"),
        Column::soft("PLANNED IN"),
    ]);
    for clause in &plan.clauses {
        let covered: Vec<String> = clause.covered.iter().map(|(id, on)| format!("{id} {on}")).collect();
        let planned: Vec<String> = clause.planned.iter().map(|(id, on)| planned(id, *on)).collect();
        table.row(&[clause.name.clone(), clause.word().to_owned(), covered.join(", "), planned.join(", ")]);
    }
    table
}

fn planned(id: &str, on: Option<Date>) -> String {
    on.map_or_else(|| id.to_owned(), |on| format!("{id} {on}"))
}

/// Clauses of the cycle that no audit has looked at or will look at.
fn open(plan: &AuditPlan) -> String {
    let list = |word: &str, title: &str| {
        let found: Vec<&ClauseCoverage> = plan.clauses.iter().filter(|c| c.word() == word).collect();
        let mut out = if found.is_empty() { String::new() } else { format!("\n{title}\n") };
        for clause in found {
            let planned: Vec<String> = clause.planned.iter().map(|(id, on)| planned(id, *on)).collect();
            let _ = writeln!(out, "  {}", one_line(format!("{}  {}", clause.name, planned.join(", ")).trim_end()));
        }
        out
    };
    list("planned", "Not covered yet, but planned") + &list("open", "Neither covered nor planned")
}

fn proposals(plan: &AuditPlan, options: AuditPlanOptions, today: Date) -> String {
    if plan.next.is_empty() {
        return "\nNothing asks for another audit: every clause is covered or planned, and nothing speaks against waiting.\n".into();
    }
    let mut table = Table::new(&[
        Column::firm("POINTS"),
        Column::soft("CLAUSE"),
        Column::soft("WHY"),
        Column::soft("MAY AUDIT").dispensable(1),
    ]);
    for proposal in plan.next.iter().take(SHOWN) {
        table.row(&[proposal.points().to_string(), proposal.name.clone(), why(proposal), who(proposal)]);
    }
    let more = plan.next.len().saturating_sub(SHOWN);
    let more = if more > 0 { format!("and {more} more in --format json\n") } else { String::new() };
    let table = table.text(options.width, true, options.colour);
    format!(
        "\nWhat the next audit should look at (open cases, then what was never audited, changed, or is long ago)\n{table}{more}{}",
        command(plan, today)
    )
}

fn why(proposal: &Proposal) -> String {
    proposal.reasons.iter().map(|r| format!("{} ({})", r.text, r.points)).collect::<Vec<_>>().join("; ")
}

fn who(proposal: &Proposal) -> String {
    if proposal.may_audit.is_empty() {
        return "nobody who audited so far is independent".to_owned();
    }
    let not: Vec<String> = proposal.may_not.iter().map(|(id, why)| format!("not {id}: {why}")).collect();
    if not.is_empty() { "any auditor".to_owned() } else { not.join("; ") }
}

/// Everybody who has led or done an audit.
fn auditors(plan: &AuditPlan) -> String {
    let Some(first) = plan.next.first() else { return String::new() };
    let mut all: Vec<&str> = first.may_audit.iter().map(String::as_str).collect();
    all.extend(first.may_not.iter().map(|(id, _)| id.as_str()));
    all.sort_unstable();
    let all = if all.is_empty() { "nobody has audited so far".to_owned() } else { all.join(", ") };
    format!("Auditors  {}\n", one_line(&all))
}

/// How to enter the next audit.
fn command(plan: &AuditPlan, today: Date) -> String {
    let first: Vec<&Proposal> = plan.next.iter().take(SHOWN).collect();
    let clauses: Vec<&str> = first.iter().map(|p| p.clause.as_str()).collect();
    let all = |role: &&String| first.iter().all(|p| p.may_audit.contains(role));
    let lead = first.first().and_then(|p| p.may_audit.iter().find(all)).map_or("ROLE", String::as_str);
    let after = today.checked_add(jiff::Span::new().months(2)).unwrap_or(today);
    format!(
        "\nEnter the audit when its day is agreed:\n  smsctl record entry internal-audits title=\"Next internal audit\" \
         clauses=\"{}\" criteria=\"ISO/IEC 20000-1:2018 and the documents of the SMS\" planned_on={after} \
         lead_auditor={lead} status=planned\n",
        one_line(&clauses.join(";")),
    )
}

/// The plan as JSON (`smsctl-audit-plan/1`).
#[must_use]
pub fn audit_plan_json(plan: &AuditPlan, ws: &Workspace, today: Date) -> String {
    let audit = |a: &crate::readiness::AuditState| json!({"id": a.id, "title": a.title, "held_on": date(a.held_on), "planned_on": date(a.planned_on), "clauses": a.clauses});
    let cycle = &plan.cycle;
    safe_json(&json!({
        "schema": "smsctl-audit-plan/1", "organization": ws.config.organization, "today": today.to_string(),
        "revision": ws.revision, "dirty": ws.dirty,
        "cycle": {
            "from": cycle.from.to_string(), "to": cycle.to.to_string(), "basis": cycle.basis,
            "source": Some(&cycle.source).filter(|s| !s.is_empty()),
        },
        "audits": plan.audits.iter().map(audit).collect::<Vec<_>>(),
        "clauses": plan.clauses.iter().map(clause_json).collect::<Vec<_>>(),
        "proposals": plan.next.iter().map(proposal_json).collect::<Vec<_>>(),
        "unread": ws.broken_files(),
    }))
}

fn date(on: Option<Date>) -> Option<String> {
    on.map(|d| d.to_string())
}

fn clause_json(clause: &ClauseCoverage) -> Value {
    let dated = |(id, on): &(String, Date)| json!({"audit": id, "on": on.to_string()});
    let planned = |(id, on): &(String, Option<Date>)| json!({"audit": id, "on": date(*on)});
    json!({
        "id": clause.id, "name": clause.name, "state": clause.word(),
        "covered": clause.covered.iter().map(dated).collect::<Vec<_>>(),
        "planned": clause.planned.iter().map(planned).collect::<Vec<_>>(),
        "before": clause.before.as_ref().map(dated),
    })
}

fn proposal_json(proposal: &Proposal) -> Value {
    let reason = |r: &Reason| json!({"points": r.points, "text": r.text});
    let not = |(role, why): &(String, String)| json!({"role": role, "reason": why});
    json!({
        "clause": proposal.clause, "name": proposal.name, "points": proposal.points(),
        "reasons": proposal.reasons.iter().map(reason).collect::<Vec<_>>(),
        "may_audit": proposal.may_audit, "may_not_audit": proposal.may_not.iter().map(not).collect::<Vec<_>>(),
    })
}

/// A sample with all that is needed to draw it again.
pub struct SampleReport<'s> {
    /// The SMS.
    pub ws: &'s Workspace,
    /// The day.
    pub today: Date,
    /// What there was to choose from.
    pub population: &'s Population,
    /// What was chosen.
    pub sample: &'s Sample,
    /// How many were asked for.
    pub size: usize,
}

impl SampleReport<'_> {
    fn facts(&self) -> Vec<(&'static str, String)> {
        let (all, sample) = (self.population, self.sample);
        let or_none = |text: &str| if text.is_empty() { "none".to_owned() } else { text.to_owned() };
        let dirty = if self.ws.dirty { ", with changes that are not committed" } else { "" };
        let commit = self.ws.revision.as_ref().map_or_else(|| "none".to_owned(), |r| format!("{r}{dirty}"));
        let mut out = vec![
            ("Population", format!("{}, {} entries", all.name, all.items.len())),
            ("Filter", or_none(&all.filter)),
            ("Seed", sample.seed.clone()),
            ("Method", METHOD.to_owned()),
            ("Digest", format!("sha256:{}", all.digest())),
            ("Commit", commit),
        ];
        if !sample.stratify.is_empty() {
            let parts = sample.strata.iter().map(|(name, n, of)| format!("{name} {of} of {n}"));
            out.push(("Spread", format!("over {}: {}", sample.stratify, parts.collect::<Vec<_>>().join(", "))));
        }
        if all.undated > 0 {
            out.push(("Left out", format!("{} without a day in {}", all.undated, all.day_field)));
        }
        out
    }

    /// For people.
    #[must_use]
    pub fn human(&self, width: Option<usize>, colour: bool) -> String {
        let chosen = &self.sample.chosen;
        let mut out = format!("Sample of {} from {} ({})\n\n", chosen.len(), self.population.name, self.today);
        for (name, value) in self.facts() {
            let _ = writeln!(out, "{name:11} {}", one_line(&value));
        }
        if chosen.len() < self.size {
            out += &full_sentence(&format!("there are only {} entries, so all of them are the sample", chosen.len()));
            out.push('\n');
        }
        out.push('\n');
        let mut table = Table::new(&[
            Column::firm("NO"),
            Column::firm("ID"),
            Column::firm("DAY"),
            Column::soft("TITLE"),
            Column::soft("PATH").dispensable(2),
            Column::firm("RANK VALUE").dispensable(1),
        ]);
        for (index, (item, rank)) in chosen.iter().enumerate() {
            let short: String = rank.chars().take(12).collect();
            let cells = [
                (index + 1).to_string(),
                item.id.clone(),
                item.day.clone(),
                item.title.clone(),
                item.path.clone(),
                short,
            ];
            table.row(&cells);
        }
        out + &table.text(width, true, colour)
    }

    /// RFC 4180: a row for each chosen entry, with what is needed to draw it again.
    #[must_use]
    pub fn csv(&self) -> String {
        let names = [
            "no",
            "id",
            "title",
            "day",
            "stratum",
            "path",
            "rank value",
            "population",
            "population size",
            "filter",
            "seed",
            "method",
            "digest",
            "commit",
        ];
        let columns: Vec<Column> = names.into_iter().map(Column::firm).collect();
        let mut table = Table::new(&columns);
        let all = self.population;
        for (index, (item, rank)) in self.sample.chosen.iter().enumerate() {
            table.row(&[
                (index + 1).to_string(),
                item.id.clone(),
                item.title.clone(),
                item.day.clone(),
                if self.sample.stratify.is_empty() { String::new() } else { item.stratum.clone() },
                item.path.clone(),
                rank.clone(),
                all.name.clone(),
                all.items.len().to_string(),
                all.filter.clone(),
                self.sample.seed.clone(),
                METHOD.to_owned(),
                all.digest(),
                self.ws.revision.clone().unwrap_or_default(),
            ]);
        }
        table.csv()
    }

    /// JSON (`smsctl-sample/1`).
    #[must_use]
    pub fn json(&self) -> String {
        let (all, sample) = (self.population, self.sample);
        let text = |t: &str| Some(t.to_owned()).filter(|t| !t.is_empty());
        let stratum = |(name, n, of): &(String, usize, usize)| json!({"value": name, "population": n, "chosen": of});
        let spread = !sample.stratify.is_empty();
        let chosen = |(item, rank): &(Item, String)| {
            json!({
                "id": item.id, "title": item.title, "day": text(&item.day), "path": item.path,
                "stratum": Some(&item.stratum).filter(|_| spread), "rank_value": rank,
            })
        };
        safe_json(&json!({
            "schema": "smsctl-sample/1", "today": self.today.to_string(), "method": METHOD, "seed": sample.seed,
            "population": {
                "name": all.name, "size": all.items.len(), "filter": text(&all.filter), "day_field": text(&all.day_field),
                "undated": all.undated, "sha256": all.digest(),
            },
            "size": self.size, "stratify": text(&sample.stratify),
            "strata": sample.strata.iter().filter(|_| spread).map(stratum).collect::<Vec<_>>(),
            "revision": self.ws.revision, "dirty": self.ws.dirty,
            "sample": sample.chosen.iter().map(chosen).collect::<Vec<_>>(), "unread": self.ws.broken_files(),
        }))
    }
}

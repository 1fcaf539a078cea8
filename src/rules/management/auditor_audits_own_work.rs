//! `auditor-audits-own-work`: an auditor who judges what is their own.

use jiff::civil::Date;

use super::facts::{current, months_after, named};
use crate::document::Node;
use crate::rules::{Check, Ctx, ERROR, Rule, RuleOption, Sink};
use crate::schema::is_to_do;
use crate::source::Span;
use crate::workspace::{EntityView, Workspace};

/// The rule.
pub static RULE: Rule = Rule {
    name: "auditor-audits-own-work",
    summary: "an internal audit is done by a role or person that owns what is audited",
    docs: include_str!("auditor_audits_own_work.md"),
    level: ERROR,
    clauses: &["9.2.2"],
    since: "0.1.0",
    requirements: &[],
    options: &[RuleOption { name: "months", default: 36, about: "months an audit is looked at after it was held" }],
    check: Check::Workspace(check),
};

fn check(ctx: &Ctx<'_>, out: &mut Sink) {
    let since = months_after(ctx.today, -ctx.number(&RULE, "months"));
    for audit in current(ctx.ws, "audit") {
        let day = audit.date("held_on").or(audit.date("planned_on")).unwrap_or(ctx.today);
        if day < since {
            continue;
        }
        let processes = audited(ctx, audit);
        for (auditor, span) in auditors(audit) {
            let Some(reason) = conflict(auditor, &processes, day) else { continue };
            let message = format!("{} audits its own work in {}: {reason}", auditor.label(), named(audit));
            let problem = RULE.problem(span, message).subject(audit.id());
            out.report(problem.help(
                "Give this part of the audit to somebody from another area. When the audit was held already, have the \
                 part looked at again by someone independent.",
            ));
        }
    }
}

/// The lead auditor and the others, with their places.
#[must_use]
pub fn auditors(audit: EntityView<'_>) -> Vec<(EntityView<'_>, Span)> {
    let named = audit.node().texts("lead_auditor").chain(audit.node().texts("auditors"));
    named.filter_map(|(id, span)| Some((role(audit.ws, Some(id))?, span))).collect()
}

/// Processes the audit names, and those that answer one of its clauses.
fn audited<'a>(ctx: &Ctx<'a>, audit: EntityView<'a>) -> Vec<EntityView<'a>> {
    let clauses: Vec<&str> = audit.node().texts("clauses").map(|(clause, _)| clause).collect();
    let named: Vec<_> = audit.refs("process_refs").collect();
    let answers = |p: &EntityView<'_>| p.node().texts("clauses").any(|(clause, _)| clauses.contains(&clause));
    current(ctx.ws, "process").filter(|p| named.contains(p) || answers(p)).collect()
}

/// Why an auditor is not independent of these processes on a day; none when nothing speaks against it.
#[must_use]
pub fn conflict(auditor: EntityView<'_>, processes: &[EntityView<'_>], day: Date) -> Option<String> {
    let of_process = processes.iter().find_map(|process| owned(auditor, *process, day));
    of_process.or_else(|| {
        let shared = auditor.refs("independence_from").find_map(|r| Some((common_holder(auditor, r, day)?, r)));
        shared.map(|(person, role)| {
            format!("{person} also holds the role {}, from which it must be independent", role.id())
        })
    })
}

fn owned(auditor: EntityView<'_>, process: EntityView<'_>, day: Date) -> Option<String> {
    let owner = role(auditor.ws, process.str("owner"));
    let document = process.refs("document_ref").next().map(EntityView::artifact);
    let writer = document.and_then(|d| role(auditor.ws, d.front().str("owner")));
    if owner == Some(auditor) {
        return Some(format!("it owns the process {}", named(process)));
    }
    if writer == Some(auditor) {
        return Some(format!("it owns {}, which describes the process {}", document?.id(), named(process)));
    }
    let person = common_holder(auditor, owner?, day)?;
    Some(format!("{person} also holds the role {}, which owns the process {}", owner?.id(), named(process)))
}

fn role<'a>(ws: &'a Workspace, id: Option<&str>) -> Option<EntityView<'a>> {
    ws.entity(id?).filter(|e| e.is("role"))
}

/// Somebody who holds both roles on a day.
#[must_use]
pub fn common_holder<'a>(a: EntityView<'a>, b: EntityView<'a>, day: Date) -> Option<&'a str> {
    let others: Vec<&str> = holders(b, day).collect();
    holders(a, day).find(|person| others.contains(person))
}

fn holders(role: EntityView<'_>, day: Date) -> impl Iterator<Item = &str> {
    let held = move |h: &&Node| {
        h.date("valid_from").is_none_or(|from| from <= day) && h.date("valid_to").is_none_or(|to| to >= day)
    };
    role.node().list("holders").iter().filter(held).filter_map(|h| h.str("person")).filter(|person| !is_to_do(person))
}

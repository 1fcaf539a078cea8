//! `service-report-missing`: a defined report without an issue for a period.

use super::facts::{days_after, filled};
use crate::rules::period::{Period, months};
use crate::rules::words::a_few;
use crate::rules::{Check, Ctx, Rule, RuleOption, Sink, WARNING};
use crate::workspace::{EntityView, duration};

/// The rule.
pub static RULE: Rule = Rule {
    name: "service-report-missing",
    summary: "a report that is owed was not issued for a period",
    docs: include_str!("service_report_missing.md"),
    level: WARNING,
    clauses: &["9.4", "8.3.3"],
    since: "0.1.0",
    requirements: &[],
    options: &[RuleOption {
        name: "days",
        default: 20,
        about: "days after the end of a period by which its report must be out",
    }],
    check: Check::Workspace(check),
};

fn check(ctx: &Ctx<'_>, out: &mut Sink) {
    for report in ctx.ws.of_type("report-definition").filter(|d| !d.is_retired()) {
        let missing: Vec<String> = owed(ctx, report).iter().map(Period::to_string).collect();
        if missing.is_empty() {
            continue;
        }
        let few: Vec<&str> = missing.iter().map(String::as_str).collect();
        let message = format!("`{}` was not issued for {}", report.id(), a_few(&few));
        let problem = RULE.problem(report.span(), message).subject(report.id());
        out.report(problem.help(
            "Issue the report and enter it with its period and day. If it is no longer wanted, write its \
             `last_period` into the definition.",
        ));
    }
}

/// The periods that are over for longer than the grace and have no issue.
fn owed(ctx: &Ctx<'_>, report: EntityView<'_>) -> Vec<Period> {
    let is_out = |e: &EntityView<'_>| filled(e.node(), "issued_on");
    let found = report.referrers_by("service-report", "definition").filter(is_out);
    let issued: Vec<Period> = found.filter_map(|e| period(e, "period")).collect();
    let length = report.str("frequency").and_then(duration).map(months);
    let first = period(report, "first_period").or_else(|| issued.iter().copied().min_by_key(|p| p.order()));
    let Some(first) = first.filter(|f| Some(f.months) == length) else { return Vec::new() };
    let last = period(report, "last_period").map(Period::order);
    let is_due = |p: &Period| p.last_day().is_some_and(|day| days_after(day, ctx.number(&RULE, "days")) < ctx.today);
    let due = std::iter::successors(Some(first), |p| Some(p.next())).take_while(is_due);
    due.filter(|p| last.is_none_or(|last| p.order() <= last) && !issued.contains(p)).collect()
}

fn period(entity: EntityView<'_>, field: &str) -> Option<Period> {
    Period::parse(entity.str(field)?)
}

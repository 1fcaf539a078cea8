//! `budget-without-actuals`: a closed period without actual cost.

use std::collections::BTreeMap;

use super::facts::{current, days_after, filled};
use crate::rules::period::Period;
use crate::rules::words::count;
use crate::rules::{Check, Ctx, Rule, RuleOption, Sink, WARNING};
use crate::workspace::EntityView;

/// The rule.
pub static RULE: Rule = Rule {
    name: "budget-without-actuals",
    summary: "a period is over and its cost was not entered",
    docs: include_str!("budget_without_actuals.md"),
    level: WARNING,
    clauses: &["8.4.1"],
    since: "0.1.0",
    requirements: &[],
    options: &[RuleOption {
        name: "days",
        default: 45,
        about: "days after the end of a period by which its cost must be entered",
    }],
    check: Check::Workspace(check),
};

fn check(ctx: &Ctx<'_>, out: &mut Sink) {
    let mut open: BTreeMap<(usize, &str), Vec<EntityView<'_>>> = BTreeMap::new();
    for line in current(ctx.ws, "budget").filter(|b| !filled(b.node(), "actual")) {
        if let Some(period) = line.str("period").filter(|p| is_closed(ctx, p)) {
            open.entry((line.artifact().ix, period)).or_default().push(line);
        }
    }
    for ((_, period), lines) in open {
        let Some(first) = lines.first() else { continue };
        let message = format!(
            "{} of {period}, which is over, {} no actual cost",
            count(lines.len(), "budget line"),
            if lines.len() == 1 { "has" } else { "have" }
        );
        let problem = RULE.problem(first.span_of("period"), message).subject(first.artifact().id());
        out.report(problem.help("Enter what was spent in `actual`. A line on which nothing was spent gets a 0."));
    }
}

fn is_closed(ctx: &Ctx<'_>, period: &str) -> bool {
    let last = Period::parse(period).and_then(Period::last_day);
    last.is_some_and(|day| days_after(day, ctx.number(&RULE, "days")) < ctx.today)
}

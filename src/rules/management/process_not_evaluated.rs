//! `process-not-evaluated`: a process nobody judged by its criteria.

use super::facts::{current, filled, months_after, named};
use crate::rules::{Check, Ctx, Rule, RuleOption, Sink, WARNING};

/// The rule.
pub static RULE: Rule = Rule {
    name: "process-not-evaluated",
    summary: "the performance of a process was not judged within the last year",
    docs: include_str!("process_not_evaluated.md"),
    level: WARNING,
    clauses: &["9.1", "4.4"],
    since: "0.1.0",
    requirements: &[],
    options: &[RuleOption {
        name: "months",
        default: 12,
        about: "months from one evaluation of a process to the next",
    }],
    check: Check::Workspace(check),
};

fn check(ctx: &Ctx<'_>, out: &mut Sink) {
    let since = months_after(ctx.today, -ctx.number(&RULE, "months"));
    // A programme younger than that still has time.
    if ctx.ws.config.started_on.is_some_and(|on| on > since) {
        return;
    }
    for process in current(ctx.ws, "process") {
        let said = match process.date("last_evaluated_on") {
            Some(on) if on >= since => continue,
            Some(on) => format!("was last judged on {on}"),
            None if filled(process.node(), "last_evaluated_on") => continue,
            None => "has never been judged".to_owned(),
        };
        let message = format!("the performance of {} {said}", named(process));
        out.report(RULE.problem(process.span_of("last_evaluated_on"), message).subject(process.id()).help(
            "Hold its results against `performance_criteria` with its owner, enter the day into `last_evaluated_on`, and \
             take what was found into the management review.",
        ));
    }
}

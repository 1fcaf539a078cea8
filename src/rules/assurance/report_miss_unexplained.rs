//! `report-miss-unexplained`: a missed target in a report that nobody explained.

use super::facts::{current, filled, not_met};
use crate::rules::{Check, Ctx, Rule, Sink, WARNING};

/// The rule.
pub static RULE: Rule = Rule {
    name: "report-miss-unexplained",
    summary: "a report shows a missed target without the reason or what follows from it",
    docs: include_str!("report_miss_unexplained.md"),
    level: WARNING,
    clauses: &["9.4", "8.3.3"],
    since: "0.1.0",
    requirements: &[],
    options: &[],
    check: Check::Workspace(check),
};

fn check(ctx: &Ctx<'_>, out: &mut Sink) {
    for report in current(ctx.ws, "service-report") {
        for result in not_met(report.node(), "results") {
            let missing = match (filled(result, "comment"), filled(result, "action_refs")) {
                (true, true) => continue,
                (false, true) => "does not say why",
                (true, false) => "does not say what follows from it",
                (false, false) => "says neither why nor what follows from it",
            };
            let measure = result.str("measure").unwrap_or("a target");
            let message = format!("{} shows `{measure}` as missed and {missing}", report.id());
            let problem = RULE.problem(result.span_of("met"), message).subject(report.id());
            out.report(problem.help(
                "Write the reason into `comment` and the ids of the improvement, nonconformity or problem into \
                 `action_refs`.",
            ));
        }
    }
}

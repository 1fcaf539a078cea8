//! `measured-less-often-than-reviewed`: a forum looks at an objective more often than there is a new value.

use crate::rules::{Check, Ctx, Rule, Sink, WARNING};
use crate::workspace::EntityView;

use super::objective::{forum_interval, frequency, is_milestone, metrics_of, open};
use crate::rules::period::surely_longer;

/// The rule.
pub static RULE: Rule = Rule {
    name: "measured-less-often-than-reviewed",
    summary: "an objective is measured less often than its forum meets, or nothing says how often",
    docs: include_str!("measured_less_often_than_reviewed.md"),
    level: WARNING,
    clauses: &["9.1", "6.2.1"],
    since: "0.1.0",
    requirements: &[56],
    options: &[],
    check: Check::Workspace(check),
};

fn check(ctx: &Ctx<'_>, out: &mut Sink) {
    for objective in open(ctx) {
        if objective.has("frequency") || !metrics_of(objective).is_empty() {
            compare(objective, out);
        } else if !is_milestone(objective) && !objective.has("metric_ref") {
            let message = format!("nothing says how often {} is measured", objective.id());
            let problem = RULE.problem(objective.span_of("frequency"), message).subject(objective.id());
            out.report(problem.help("Add `frequency`, such as `frequency: P1M` for each month."));
        }
    }
}

fn compare(objective: EntityView<'_>, out: &mut Sink) {
    let Some(forum) = objective.refs("review_forum").next() else { return };
    let Some((every, meets)) = frequency(objective).zip(forum_interval(objective)) else { return };
    if surely_longer(every, meets) {
        let id = objective.id();
        let message = format!("{id} is measured every {every}, but {} meets every {meets}", forum.id());
        let field = if objective.has("frequency") { "frequency" } else { "review_forum" };
        let problem = RULE.problem(objective.span_of(field), message).subject(id);
        let problem = problem.related(forum.span_of("interval"), "the interval of its forum");
        out.report(problem.help("Measure at least as often as the meeting looks at the result, or have it reviewed in a forum that meets less often."));
    }
}

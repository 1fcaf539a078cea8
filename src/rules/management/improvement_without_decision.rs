//! `improvement-without-decision`: an idea that waits too long for a decision.

use jiff::civil::Date;

use super::facts::{current, days_after, named};
use crate::rules::{Check, Ctx, Rule, RuleOption, Sink, WARNING};
use crate::workspace::EntityView;

/// The rule.
pub static RULE: Rule = Rule {
    name: "improvement-without-decision",
    summary: "an improvement waits for a decision longer than the limit",
    docs: include_str!("improvement_without_decision.md"),
    level: WARNING,
    clauses: &["10.2"],
    since: "0.1.0",
    requirements: &[],
    options: &[RuleOption { name: "days", default: 90, about: "days an improvement may wait for a decision" }],
    check: Check::Workspace(check),
};

fn check(ctx: &Ctx<'_>, out: &mut Sink) {
    let days = ctx.number(&RULE, "days");
    for improvement in current(ctx.ws, "improvement").filter(waits) {
        let since = known_since(improvement).filter(|on| days_after(*on, days) < ctx.today);
        let Some(since) = since else { continue };
        let message = format!("{} is known since {since} at the latest, and nobody decided on it", named(improvement));
        let problem = RULE.problem(improvement.span_of("decision"), message).subject(improvement.id());
        out.report(problem.help(
            "Judge it by the criteria of the register and decide: write `approved`, `rejected` or `deferred` into \
             `decision`, with `decided_by` and `decided_on`.",
        ));
    }
}

fn waits(improvement: &EntityView<'_>) -> bool {
    improvement.str("decision") == Some("pending")
        && !matches!(improvement.str("status"), Some("rejected" | "deferred" | "cancelled" | "done"))
}

/// Entries carry no day of their own: the day of what it comes from, of its baseline, or of the version that has it.
fn known_since(improvement: EntityView<'_>) -> Option<Date> {
    let source = improvement.refs("source_ref").next();
    let of_source = source.and_then(|s| ["held_on", "raised_on", "received_on"].into_iter().find_map(|f| s.date(f)));
    let baseline = improvement.node().get("baseline").and_then(|b| b.date("on"));
    let holder = improvement.artifact();
    let version = holder.is_approved().then(|| holder.front().date("effective_on")).flatten();
    [of_source, baseline, version].into_iter().flatten().min()
}

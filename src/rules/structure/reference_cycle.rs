//! `reference-cycle`: a chain that must end comes back to its start.

use crate::rules::{Check, Ctx, ERROR, Rule, Sink};

/// The rule.
pub static RULE: Rule = Rule {
    name: "reference-cycle",
    summary: "a chain of supersedes, depends_on or reports_to comes back to its start",
    docs: include_str!("reference_cycle.md"),
    level: ERROR,
    clauses: &["7.5.3.2"],
    since: "0.1.0",
    requirements: &[],
    options: &[],
    check: Check::Workspace(check),
};

fn check(ctx: &Ctx<'_>, out: &mut Sink) {
    for cycle in ctx.ws.cycles() {
        let Some((last, before)) = cycle.steps.split_last() else { continue };
        let field = last.field.rsplit('.').next().unwrap_or(&last.field);
        let mut way: Vec<&str> = cycle.steps.iter().map(|r| ctx.ws.entity_at(r.from).id()).collect();
        way.push(&last.to);
        let message = format!("`{field}` goes round in a circle: {}", way.join(" → "));
        let mut problem = RULE.problem(last.span, message).subject(ctx.ws.entity_at(last.from).id());
        for step in before {
            problem = problem.related(step.span, format!("`{field}` leads on to {}", step.to));
        }
        out.report(problem.help("Take out the step that is wrong; what comes first cannot also come after."));
    }
}

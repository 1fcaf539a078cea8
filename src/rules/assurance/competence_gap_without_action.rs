//! `competence-gap-without-action`: a gap in competence without an action and a day.

use super::facts::{current, filled};
use crate::rules::{Check, Ctx, Rule, Sink, WARNING};
use crate::workspace::EntityView;

/// The rule.
pub static RULE: Rule = Rule {
    name: "competence-gap-without-action",
    summary: "a skill is below the level the role needs and nothing is planned",
    docs: include_str!("competence_gap_without_action.md"),
    level: WARNING,
    clauses: &["7.2"],
    since: "0.1.0",
    requirements: &[],
    options: &[],
    check: Check::Workspace(check),
};

fn check(ctx: &Ctx<'_>, out: &mut Sink) {
    for row in current(ctx.ws, "competence") {
        let levels = row.node().number("required_level").zip(row.node().number("actual_level"));
        let Some((required, actual)) = levels.filter(|(required, actual)| actual < required) else { continue };
        if let Some(missing) = missing(row) {
            let message = format!("{} stands at level {actual} where {required} is needed, and {missing}", row.id());
            let problem = RULE.problem(row.span_of("actual_level"), message).subject(row.id());
            out.report(problem.help(
                "Choose an `action` (training, mentoring, hiring, reassign), say in `action_text` what is done, and \
                 by when in `action_due_on`.",
            ));
        }
    }
}

fn missing(row: EntityView<'_>) -> Option<&'static str> {
    match row.str("action") {
        None | Some("none") => Some("no action is planned"),
        Some(_) if filled(row.node(), "action_due_on") => None,
        Some(_) => Some("its action has no day"),
    }
}

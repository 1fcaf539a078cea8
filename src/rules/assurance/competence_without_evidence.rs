//! `competence-without-evidence`: a level that is reached and proved by nothing.

use super::facts::{current, filled};
use crate::rules::{Check, Ctx, ERROR, Rule, Sink};

/// The rule.
pub static RULE: Rule = Rule {
    name: "competence-without-evidence",
    summary: "a skill is said to be there without any proof",
    docs: include_str!("competence_without_evidence.md"),
    level: ERROR,
    clauses: &["7.2"],
    since: "0.1.0",
    requirements: &[],
    options: &[],
    check: Check::Workspace(check),
};

fn check(ctx: &Ctx<'_>, out: &mut Sink) {
    for row in current(ctx.ws, "competence").filter(|row| !filled(row.node(), "evidence_ref")) {
        let levels = row.node().number("required_level").zip(row.node().number("actual_level"));
        if levels.is_none_or(|(required, actual)| actual < required) {
            continue;
        }
        let message = format!("{} has the level needed, but `evidence_ref` names no proof", row.id());
        let problem = RULE.problem(row.span_of("actual_level"), message).subject(row.id());
        out.report(problem.help(
            "Name the certificate, the assessed task or the note of a mentor, and where it is kept. If there is none, \
             lower the level until somebody has judged it.",
        ));
    }
}

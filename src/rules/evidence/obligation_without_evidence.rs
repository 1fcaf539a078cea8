//! `obligation-without-evidence`: said to be met, with nothing to show for it.

use super::facts::filled;
use crate::rules::{Check, Ctx, ERROR_ONCE_APPROVED, Rule, Sink};

/// The rule.
pub static RULE: Rule = Rule {
    name: "obligation-without-evidence",
    summary: "an obligation counts as met without evidence",
    docs: include_str!("obligation_without_evidence.md"),
    level: ERROR_ONCE_APPROVED,
    clauses: &["4.2", "5.2.1", "7.5.1"],
    since: "0.1.0",
    requirements: &[69],
    options: &[],
    check: Check::Workspace(check),
};

fn check(ctx: &Ctx<'_>, out: &mut Sink) {
    let met = ctx.ws.of_type("obligation").filter(|o| !o.is_retired() && o.str("compliance") == Some("met"));
    for obligation in met.filter(|o| !filled(o.node(), "evidence_refs")) {
        let message = format!("{} is said to be met, but no evidence is named", obligation.id());
        let problem = RULE.problem(obligation.span_of("compliance"), message).subject(obligation.id());
        out.report(problem.help(
            "Name the record, report or audit that shows it in `evidence_refs`; until there is one, say \
             `not-assessed`.",
        ));
    }
}

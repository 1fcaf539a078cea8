//! `agreement-not-agreed`: an internal agreement in force that nobody agreed to.

use super::facts::{current, filled, named};
use crate::rules::{Check, Ctx, ERROR, Rule, Sink};

/// The rule.
pub static RULE: Rule = Rule {
    name: "agreement-not-agreed",
    summary: "an internal agreement is in force without the word of the other side",
    docs: include_str!("agreement_not_agreed.md"),
    level: ERROR,
    clauses: &["8.3.4.2"],
    since: "0.1.0",
    requirements: &[],
    options: &[],
    check: Check::Workspace(check),
};

fn check(ctx: &Ctx<'_>, out: &mut Sink) {
    for agreement in current(ctx.ws, "agreement").filter(|a| a.str("status") == Some("in-force")) {
        let missing: Vec<_> = ["agreed_by", "agreed_on"].into_iter().filter(|f| !filled(agreement.node(), f)).collect();
        if !missing.is_empty() {
            let message =
                format!("{} is in force, but `{}` is not filled in", named(agreement), missing.join("` and `"));
            let problem = RULE.problem(agreement.span_of("status"), message).subject(agreement.id());
            out.report(problem.help(
                "Write who agreed on the other side, by function, and on which day; or set the status back to `draft`.",
            ));
        }
    }
}

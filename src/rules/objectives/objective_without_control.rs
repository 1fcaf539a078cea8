//! `objective-without-control`: nothing in daily work makes an objective happen.

use super::objective::open;
use crate::rules::{Check, Ctx, Rule, Sink, WARNING};

/// The rule.
pub static RULE: Rule = Rule {
    name: "objective-without-control",
    summary: "an objective names no process, document, service or supplier that makes it happen",
    docs: include_str!("objective_without_control.md"),
    level: WARNING,
    clauses: &["6.2.2", "8.1"],
    since: "0.1.0",
    requirements: &[48],
    options: &[],
    check: Check::Workspace(check),
};

fn check(ctx: &Ctx<'_>, out: &mut Sink) {
    for objective in open(ctx).filter(|o| o.node().texts("control_refs").next().is_none()) {
        let message = format!("nothing in daily work is named that makes {} happen", objective.id());
        let problem = RULE.problem(objective.span_of("control_refs"), message).subject(objective.id());
        out.report(problem.help(
            "List in `control_refs` the processes, procedures, plans, services or suppliers whose work decides the result, \
             such as `control_refs: [PRO-03]`.",
        ));
    }
}

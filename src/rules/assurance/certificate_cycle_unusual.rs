//! `certificate-cycle-unusual`: a certificate whose days do not make three years.

use super::cycle::cycles;
use super::facts::months_after;
use crate::rules::{Check, Ctx, Rule, Sink, WARNING};

/// The rule.
pub static RULE: Rule = Rule {
    name: "certificate-cycle-unusual",
    summary: "a certificate does not run three years from the decision",
    docs: include_str!("certificate_cycle_unusual.md"),
    level: WARNING,
    clauses: &["4.3"],
    since: "0.1.0",
    requirements: &[],
    options: &[],
    check: Check::Workspace(check),
};

fn check(ctx: &Ctx<'_>, out: &mut Sink) {
    for cycle in cycles(ctx.ws) {
        let Some((decided, expires)) = cycle.decided().zip(cycle.expires()) else { continue };
        // Bodies write the last day or the day after it.
        let end = months_after(decided, 36);
        let usual = [Some(end), end.yesterday().ok()];
        if usual.contains(&Some(expires)) {
            continue;
        }
        let message = format!(
            "the certificate of {} runs from {decided} to {expires}, which is not three years",
            cycle.entity.id()
        );
        let problem = RULE.problem(cycle.span_of("expires_on"), message).subject(cycle.entity.id());
        out.report(problem.help(
            "Compare the days with the certificate. If the body shortened the cycle on purpose, waive this finding with \
             that reason.",
        ));
    }
}

//! `certificate-expired`: a running certification cycle whose certificate has run out.

use super::cycle::{Cycle, cycles};
use crate::rules::{Check, Ctx, ERROR, Rule, Sink};

/// The rule.
pub static RULE: Rule = Rule {
    name: "certificate-expired",
    summary: "the certificate has run out",
    docs: include_str!("certificate_expired.md"),
    level: ERROR,
    clauses: &["4.3"],
    since: "0.1.0",
    requirements: &[],
    options: &[],
    check: Check::Workspace(check),
};

fn check(ctx: &Ctx<'_>, out: &mut Sink) {
    let latest = cycles(ctx.ws).filter_map(Cycle::expires).max();
    for cycle in cycles(ctx.ws) {
        let Some(expired) = cycle.expires().filter(|on| *on < ctx.today && Some(*on) == latest) else { continue };
        let message = format!("the certificate of {} expired on {expired}", cycle.entity.id());
        let problem = RULE.problem(cycle.span_of("expires_on"), message).subject(cycle.entity.id());
        out.report(problem.help(
            "Stop using the mark and tell the customers whose contracts ask for the certificate. Ask the \
             certification body at once: within six months it may restore the certificate when the recertification \
             is finished, later at least a stage 2 audit is needed.",
        ));
    }
}

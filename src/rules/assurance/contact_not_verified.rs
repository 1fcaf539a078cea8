//! `contact-not-verified`: a contact nobody dialled in time.

use super::facts::{current, due};
use crate::rules::{Check, Ctx, Rule, RuleOption, Sink, WARNING};

/// The rule.
pub static RULE: Rule = Rule {
    name: "contact-not-verified",
    summary: "nobody tried a contact within the interval of its list",
    docs: include_str!("contact_not_verified.md"),
    level: WARNING,
    clauses: &["8.7.2", "7.4"],
    since: "0.1.0",
    requirements: &[],
    options: &[RuleOption {
        name: "months",
        default: 3,
        about: "months between two trials when the list names no review interval",
    }],
    check: Check::Workspace(check),
};

fn check(ctx: &Ctx<'_>, out: &mut Sink) {
    for contact in current(ctx.ws, "contact").filter(|c| c.artifact().is_approved()) {
        let interval = contact.artifact().front().str("review_interval");
        let name = contact.label();
        let message = match contact.date("verified_on").map(|on| (on, due(on, interval, ctx.number(&RULE, "months")))) {
            Some((_, due)) if due >= ctx.today => continue,
            Some((on, _)) => format!("contact {} ({name}) was last tried on {on}", contact.id()),
            None if contact.has("verified_on") => continue,
            None => format!("contact {} ({name}) was never tried", contact.id()),
        };
        let problem = RULE.problem(contact.span_of("verified_on"), message).subject(contact.id());
        out.report(problem.help("Dial the number, correct what has changed, and write the day into `verified_on`."));
    }
}

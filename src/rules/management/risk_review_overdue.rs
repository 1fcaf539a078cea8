//! `risk-review-overdue`: a risk or opportunity nobody looked at in time.

use super::facts::{named, open_risks};
use crate::rules::{Check, Ctx, Rule, Sink, WARNING};

/// The rule.
pub static RULE: Rule = Rule {
    name: "risk-review-overdue",
    summary: "a risk or opportunity was not reviewed in time",
    docs: include_str!("risk_review_overdue.md"),
    level: WARNING,
    clauses: &["6.1.2", "6.1.3"],
    since: "0.1.0",
    requirements: &[],
    options: &[],
    check: Check::Workspace(check),
};

fn check(ctx: &Ctx<'_>, out: &mut Sink) {
    for risk in open_risks(ctx.ws) {
        let Some(due) = risk.date("next_review_on").filter(|on| *on < ctx.today) else { continue };
        let message = format!("the review of {} was due on {due}", named(risk));
        out.report(
            RULE.problem(risk.span_of("next_review_on"), message)
                .subject(risk.id())
                .help("Rate it anew, look at its actions, and enter the day of the next look into `next_review_on`."),
        );
    }
}

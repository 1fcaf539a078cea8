//! `report-not-communicated`: an issued report that was not sent to its readers.

use super::facts::{current, days_after, filled};
use crate::rules::{Check, Ctx, Rule, RuleOption, Sink, WARNING};

/// The rule.
pub static RULE: Rule = Rule {
    name: "report-not-communicated",
    summary: "a service report was issued and its readers did not get it",
    docs: include_str!("report_not_communicated.md"),
    level: WARNING,
    clauses: &["9.4"],
    since: "0.1.0",
    requirements: &[],
    options: &[RuleOption {
        name: "days",
        default: 14,
        about: "days after its issue by which a report must have reached its readers",
    }],
    check: Check::Workspace(check),
};

fn check(ctx: &Ctx<'_>, out: &mut Sink) {
    let days = ctx.number(&RULE, "days");
    for report in current(ctx.ws, "service-report") {
        let issued = report.date("issued_on");
        let Some(issued) = issued.filter(|on| days_after(*on, days) < ctx.today) else { continue };
        let sent = ["communicated_to", "communicated_on"].iter().all(|f| filled(report.node(), f));
        if !sent {
            let message = format!("{} was issued on {issued}, and nothing shows that its readers got it", report.id());
            let problem = RULE.problem(report.span_of("issued_on"), message).subject(report.id());
            out.report(problem.help(
                "Send the report to the readers of its definition and write them and the day into `communicated_to` \
                 and `communicated_on`.",
            ));
        }
    }
}

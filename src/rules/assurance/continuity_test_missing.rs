//! `continuity-test-missing`: a critical service without a continuity test in the interval.

use jiff::civil::Date;

use super::facts::{critical_services, due, header, in_use, named};
use crate::rules::{Check, Ctx, ERROR, Rule, RuleOption, Sink};
use crate::workspace::EntityView;

/// The rule.
pub static RULE: Rule = Rule {
    name: "continuity-test-missing",
    summary: "a critical service was not tested within the interval",
    docs: include_str!("continuity_test_missing.md"),
    level: ERROR,
    clauses: &["8.7.2"],
    since: "0.1.0",
    requirements: &[],
    options: &[RuleOption {
        name: "months",
        default: 12,
        about: "months between two tests of a critical service when the register names no interval",
    }],
    check: Check::Workspace(check),
};

fn check(ctx: &Ctx<'_>, out: &mut Sink) {
    if !in_use(ctx.ws, "continuity-tests") {
        return;
    }
    let interval = header(ctx.ws, "continuity-tests", "interval");
    for service in critical_services(ctx.ws) {
        // A service that has just gone live counts from that day.
        let start = last_held(ctx, service).or(service.date("live_since"));
        let message = match start.map(|on| (on, due(on, interval, ctx.number(&RULE, "months")))) {
            Some((_, due)) if due >= ctx.today => continue,
            Some((_, due)) if last_held(ctx, service).is_some() => {
                format!("the continuity test of {} was due on {due}", named(service))
            }
            _ => format!("{} is critical and its recovery was never tested", named(service)),
        };
        let problem = RULE.problem(service.span(), message).subject(service.id());
        out.report(problem.help(
            "Test the recovery of the service against its continuity requirements, and enter the test with its result.",
        ));
    }
}

fn last_held(ctx: &Ctx<'_>, service: EntityView<'_>) -> Option<Date> {
    let tests = service.referrers_by("continuity-test", "service_refs").filter(|t| !t.is_retired());
    tests.filter_map(|t| t.date("held_on")).filter(|on| *on <= ctx.today).max()
}

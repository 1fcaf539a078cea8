//! `continuity-test-outdated`: a test that tried an older plan or an older service.

use jiff::civil::Date;

use super::facts::{critical_services, named};
use crate::rules::{Check, Ctx, Rule, Sink, WARNING};
use crate::workspace::EntityView;

/// The rule.
pub static RULE: Rule = Rule {
    name: "continuity-test-outdated",
    summary: "a critical service changed a lot since its last continuity test",
    docs: include_str!("continuity_test_outdated.md"),
    level: WARNING,
    clauses: &["8.7.2"],
    since: "0.1.0",
    requirements: &[],
    options: &[],
    check: Check::Workspace(check),
};

fn check(ctx: &Ctx<'_>, out: &mut Sink) {
    for service in critical_services(ctx.ws) {
        let tests = service.referrers_by("continuity-test", "service_refs").filter(|t| !t.is_retired());
        let held = tests.filter_map(|t| t.date("held_on").filter(|on| *on <= ctx.today).map(|on| (on, t)));
        let Some((on, test)) = held.max_by_key(|(on, _)| *on) else { continue };
        let Some(reason) = newer_plan(test).or_else(|| major_change(service, on)) else { continue };
        let message =
            format!("the last test of {}, {}, was held on {on}; since then {reason}", named(service), test.id());
        let problem = RULE.problem(test.span_of("held_on"), message).subject(service.id());
        out.report(problem.help(
            "Test the recovery again, at least of what has changed, and enter the test with the trigger `major-change`.",
        ));
    }
}

/// The plan has a higher first number than the version that was tried.
fn newer_plan(test: EntityView<'_>) -> Option<String> {
    let plan = test.refs("plan_ref").next()?.artifact();
    let first = |version: &str| version.split('.').next()?.parse::<u64>().ok();
    let is_newer = first(plan.version())? > first(test.str("plan_version")?)?;
    is_newer.then(|| format!("the plan {} was rewritten as version {}", plan.id(), plan.version()))
}

/// The latest major change of the service that was carried out after the test.
fn major_change(service: EntityView<'_>, after: Date) -> Option<String> {
    let is_major =
        |c: &EntityView<'_>| c.str("category") == Some("major") || c.node().bool("major_impact") == Some(true);
    let changes = service.referrers_by("change", "service_refs").filter(|c| !c.is_retired()).filter(is_major);
    let done = changes.filter_map(|c| Some((day(c.str("implemented_on")?)?, c))).filter(|(on, _)| *on > after);
    done.max_by_key(|(on, _)| *on).map(|(on, change)| format!("{} was carried out on {on}", named(change)))
}

/// The day of a moment, which may carry a time.
fn day(moment: &str) -> Option<Date> {
    moment.get(..10)?.parse().ok()
}

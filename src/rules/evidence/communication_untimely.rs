//! `communication-untimely`: told before there was the version, or long after.

use jiff::civil::Date;

use super::facts::{current_communication, days_after, policy_in_force};
use crate::document::Node;
use crate::finding::Problem;
use crate::rules::words::same_version;
use crate::rules::{Check, Ctx, Rule, RuleOption, Sink, WARNING};
use crate::workspace::{ArtifactView, EntityView};

/// The rule.
pub static RULE: Rule = Rule {
    name: "communication-untimely",
    summary: "communication about the policy is dated before the version or long after",
    docs: include_str!("communication_untimely.md"),
    level: WARNING,
    clauses: &["5.2.2", "7.4"],
    since: "0.1.0",
    requirements: &[77],
    options: &[RuleOption {
        name: "days",
        default: 30,
        about: "days after the effective date by which a version must be published and announced",
    }],
    check: Check::Workspace(check),
};

fn check(ctx: &Ctx<'_>, out: &mut Sink) {
    let Some(policy) = policy_in_force(ctx) else { return };
    let Some(effective) = policy.front().date("effective_on") else { return };
    let issued = issued(policy, effective);
    for early in current_communication(policy).filter(|e| e.date("on").is_some_and(|on| on < issued)) {
        let message = format!("{} is dated before {issued}, when version {} came in", early.id(), policy.version());
        let help = "Name the version that was communicated on that day, or mend the date.";
        out.report(problem(policy, early, message, help));
    }
    let latest = days_after(effective, ctx.number(&RULE, "days"));
    for first in ["publication", "announcement"].into_iter().filter_map(|kind| first_of(policy, kind)) {
        if let Some(on) = first.date("on").filter(|on| *on > latest) {
            let message = late(first, on, latest);
            let help = "Next time, publish and announce within this time; say why in `result` or in a waiver.";
            out.report(problem(policy, first, message, help));
        }
    }
}

/// The day of the version by its change entry, when that is earlier: people are told before it applies.
fn issued(policy: ArtifactView<'_>, effective: Date) -> Date {
    let entries = policy.front().list("changes").iter();
    let is_own = |e: &&Node| e.str("version").is_some_and(|v| same_version(v, policy.version()));
    let own = entries.filter(is_own).filter_map(|e| e.date("on"));
    own.chain([effective]).min().unwrap_or(effective)
}

fn late(evidence: EntityView<'_>, on: Date, latest: Date) -> String {
    let kind = evidence.str("type").unwrap_or_default();
    format!("the first {kind} of this version came on {on}, later than {latest}")
}

/// The earliest communication of a type about the current version.
fn first_of<'a>(policy: ArtifactView<'a>, kind: &str) -> Option<EntityView<'a>> {
    let dated = current_communication(policy).filter(|e| e.str("type") == Some(kind) && e.date("on").is_some());
    dated.min_by_key(|e| e.date("on"))
}

fn problem(policy: ArtifactView<'_>, evidence: EntityView<'_>, message: String, help: &str) -> Problem {
    let problem = RULE.problem(evidence.span_of("on"), message).subject(evidence.id()).help(help);
    problem.related(policy.span_of("effective_on"), "the version applies from here")
}

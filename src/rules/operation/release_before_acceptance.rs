//! `release-before-acceptance`: a release went live before it was accepted.

use jiff::civil::Date;

use super::facts::{day, entries, has, name, part, problem};
use crate::document::Node;
use crate::rules::{Check, Ctx, ERROR, Rule, Sink};
use crate::workspace::EntityView;

/// The rule.
pub static RULE: Rule = Rule {
    name: "release-before-acceptance",
    summary: "a release was deployed without acceptance criteria that hold, or before its approval",
    docs: include_str!("release_before_acceptance.md"),
    level: ERROR,
    clauses: &["8.5.3"],
    since: "0.1.0",
    requirements: &[],
    options: &[],
    check: Check::Workspace(check),
};

fn check(ctx: &Ctx<'_>, out: &mut Sink) {
    for release in entries(ctx, "release") {
        if let Some((field, fault)) = day(release, "deployed_on").and_then(|on| fault(release, on)) {
            let message = format!("{} went live although {fault}", name(release));
            out.report(problem(&RULE, release, field, message).help(
                "Complete what was done and not written down; what was left out is decided now with the service owner and \
                 raised as a nonconformity.",
            ));
        }
    }
}

fn fault(release: EntityView<'_>, live: Date) -> Option<(&'static str, String)> {
    let criteria = part(release, "acceptance_criteria").map(Node::items).unwrap_or_default();
    let with = |result: Option<&str>| criteria.iter().any(|c| c.str("result") == result);
    if criteria.is_empty() && !has(release, "acceptance_criteria") {
        return Some(("deployed_on", "it has no acceptance criteria".to_owned()));
    }
    if with(Some("fail")) {
        return Some(("acceptance_criteria", "a criterion of acceptance had failed".to_owned()));
    }
    if with(None) {
        return Some(("acceptance_criteria", "a criterion of acceptance has no result".to_owned()));
    }
    if !has(release, "approved_on") {
        return Some(("deployed_on", "no day of approval is on record".to_owned()));
    }
    let on = day(release, "approved_on").filter(|on| *on > live)?;
    Some(("approved_on", format!("it was approved only on {on}")))
}

//! `objectives-not-reviewed-since`: an objective was not reviewed since the words of its commitment changed.

use super::changes::{Changes, Parts};
use crate::history::Since;
use crate::rules::objectives::objective::{active, last_review};
use crate::rules::objectives::objectives_not_reviewed_after_change as by_version;
use crate::rules::{Check, Ctx, Rule, Sink, WARNING};
use crate::trust::Record;

/// The rule.
pub static RULE: Rule = Rule {
    name: "objectives-not-reviewed-since",
    summary: "an objective was not reviewed since the words of its commitment changed",
    docs: include_str!("objectives_not_reviewed_since.md"),
    level: WARNING,
    clauses: &["6.2.1", "5.2.1"],
    since: "0.1.0",
    requirements: &[50],
    options: &[],
    check: Check::History(check),
};

fn check(ctx: &Ctx<'_>, record: &Record, out: &mut Sink) {
    let mut changes = Changes::of(ctx, record);
    for objective in active(ctx) {
        let Some((reviewed, span)) = last_review(objective, ctx.today) else { continue };
        // What the policy itself says came in later is told by the rule that reads its change entries.
        if by_version::newest_change(ctx, objective).is_some_and(|(_, on)| on > reviewed) {
            continue;
        }
        let mut newest = None;
        for commitment in objective.refs("commitment_refs").filter(|c| !c.is_retired()) {
            let since = changes.since(commitment.artifact(), Parts::Meaning).get(commitment.id()).copied();
            let reworded = since.filter(|s| matches!(s, Since::Changed(_) | Since::NotCommitted));
            let on = reworded.and_then(|s| changes.changed_on(s)).filter(|on| *on > reviewed);
            newest = newest.max(on.map(|on| (on, commitment.id())));
        }
        if let Some((on, commitment)) = newest {
            let id = objective.id();
            let message =
                format!("{id} was last reviewed on {reviewed}, before the words of {commitment} changed on {on}");
            let help = format!(
                "Hold {id} against the words of {commitment} in its forum, and write the day into `last_reviewed_on`."
            );
            out.report(RULE.problem(span, message).subject(id).help(help));
        }
    }
}

//! `objectives-not-reviewed-after-change`: an objective was not looked at after its commitment changed.

use crate::rules::words::same_version;
use crate::rules::{Check, Ctx, Rule, Sink, WARNING};
use jiff::civil::Date;

use crate::source::Span;
use crate::workspace::EntityView;

use super::objective::{active, last_review};

/// The rule.
pub static RULE: Rule = Rule {
    name: "objectives-not-reviewed-after-change",
    summary: "an objective was not reviewed since the commitment it follows from came in",
    docs: include_str!("objectives_not_reviewed_after_change.md"),
    level: WARNING,
    clauses: &["6.2.1", "5.2.1"],
    since: "0.1.0",
    requirements: &[50],
    options: &[],
    check: Check::Workspace(check),
};

fn check(ctx: &Ctx<'_>, out: &mut Sink) {
    for objective in active(ctx) {
        let Some((reviewed, span)) = last_review(objective, ctx.today) else { continue };
        let changes = objective.refs("commitment_refs").filter(|c| !c.is_retired()).filter_map(change);
        let newest = changes.filter(|c| c.on <= ctx.today).max_by_key(|c| c.on);
        if let Some(change) = newest.filter(|c| c.on > reviewed) {
            let (id, commitment) = (objective.id(), change.commitment.id());
            let message = format!("{id} was last reviewed on {reviewed}, before {commitment} came in on {}", change.on);
            let problem = RULE.problem(span, message).subject(id).related(change.span, change.what());
            out.report(problem.help(format!(
                "Hold {id} against the words of {commitment} in its forum, and write the day into `last_reviewed_on`."
            )));
        }
    }
}

/// The newest commitment an objective follows from that its policy says came in, and the day.
pub(in crate::rules) fn newest_change<'a>(ctx: &Ctx<'_>, objective: EntityView<'a>) -> Option<(EntityView<'a>, Date)> {
    let changes = objective.refs("commitment_refs").filter(|c| !c.is_retired()).filter_map(change);
    changes.filter(|c| c.on <= ctx.today).max_by_key(|c| c.on).map(|c| (c.commitment, c.on))
}

/// When a commitment came in, by the policy's own change entries.
struct Change<'a> {
    commitment: EntityView<'a>,
    on: Date,
    span: Span,
}

impl Change<'_> {
    fn what(&self) -> String {
        let version = self.commitment.str("since_version").unwrap_or_default();
        format!("version {version} of {} brought {}", self.commitment.artifact().id(), self.commitment.id())
    }
}

fn change(commitment: EntityView<'_>) -> Option<Change<'_>> {
    let version = commitment.str("since_version")?;
    let entries = commitment.artifact().front().list("changes");
    let entry = entries.iter().find(|e| e.str("version").is_some_and(|v| same_version(v, version)))?;
    Some(Change { commitment, on: entry.date("on")?, span: entry.span_of("on") })
}

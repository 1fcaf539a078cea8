//! `review-too-rare`: a document without a review interval, with one that is too long, or with a date beyond it.

use jiff::civil::Date;

use super::facts::{months_after, review_field};
use crate::rules::{Check, Ctx, ERROR, Rule, RuleOption, Sink};
use crate::workspace::{ArtifactView, duration};

/// The rule.
pub static RULE: Rule = Rule {
    name: "review-too-rare",
    summary: "a document has no review interval, too long a one, or a review date beyond it",
    docs: include_str!("review_too_rare.md"),
    level: ERROR,
    clauses: &["7.5.2", "5.2.1"],
    since: "0.1.0",
    requirements: &[83],
    options: &[RuleOption { name: "months", default: 24, about: "longest review interval in months" }],
    check: Check::Artifact(check),
};

/// Kinds that say how things are; records and the like say how they were, and are not reviewed.
const DOCUMENTS: [&str; 12] = [
    "agreement",
    "checklist",
    "context",
    "flowchart",
    "guideline",
    "plan",
    "policy",
    "procedure",
    "process",
    "register",
    "sop",
    "template",
];

fn check(ctx: &Ctx<'_>, artifact: ArtifactView<'_>, out: &mut Sink) {
    if !artifact.is_current() || !DOCUMENTS.contains(&artifact.kind()) {
        return;
    }
    let found = match artifact.front().str("review_interval") {
        None => Some(("review_interval", format!("{} has no `review_interval`", artifact.id()))),
        Some(text) => too_long(ctx, text).or_else(|| too_late(artifact)),
    };
    if let Some((field, message)) = found {
        let problem = RULE.problem(artifact.span_of(field), message).subject(artifact.id());
        out.report(problem.help(
            "Say how often the document is looked at, such as `review_interval: P1Y` for once a year, at most \
             two years; an earlier day goes into `next_review_on`.",
        ));
    }
}

fn too_long(ctx: &Ctx<'_>, text: &str) -> Option<(&'static str, String)> {
    let months = ctx.number(&RULE, "months");
    let end = ctx.today.checked_add(duration(text)?).unwrap_or(Date::MAX);
    let message = || format!("the review interval {text} is longer than {months} months");
    (end > months_after(ctx.today, months)).then(|| ("review_interval", message()))
}

fn too_late(artifact: ArtifactView<'_>) -> Option<(&'static str, String)> {
    let next = artifact.front().date("next_review_on")?;
    let interval = artifact.front().str("review_interval")?;
    let latest = artifact.last_reviewed()?.checked_add(duration(interval)?).ok()?;
    let message = || {
        let field = review_field(artifact);
        format!("the next review on {next} lies beyond {latest}, which is {interval} after `{field}`")
    };
    (next > latest).then(|| ("next_review_on", message()))
}

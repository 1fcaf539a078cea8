//! `knowledge-review-overdue`: an article people rely on and nobody has looked at in time.

use super::facts::{day, entries, has, name, problem};
use crate::rules::evidence::facts::months_after;
use crate::rules::{Check, Ctx, Rule, RuleOption, Sink, WARNING};
use crate::workspace::EntityView;

/// The rule.
pub static RULE: Rule = Rule {
    name: "knowledge-review-overdue",
    summary: "a published knowledge article was not reviewed in time",
    docs: include_str!("knowledge_review_overdue.md"),
    level: WARNING,
    clauses: &["7.6"],
    since: "0.1.0",
    requirements: &[],
    options: &[RuleOption {
        name: "months",
        default: 12,
        about: "months between two reviews of an article that names no next review",
    }],
    check: Check::Workspace(check),
};

fn check(ctx: &Ctx<'_>, out: &mut Sink) {
    for article in entries(ctx, "knowledge-article").filter(|a| a.str("status") == Some("published")) {
        if let Some((field, what)) = fault(ctx, article) {
            let message = format!("{} is published and {what}", name(article));
            out.report(problem(&RULE, article, field, message).help(
                "Have the owner go through it with somebody who uses it, and write the days into `reviewed_on` and \
                 `next_review_on`.",
            ));
        }
    }
}

fn fault(ctx: &Ctx<'_>, article: EntityView<'_>) -> Option<(&'static str, String)> {
    if has(article, "next_review_on") {
        let due = day(article, "next_review_on").filter(|due| *due < ctx.today)?;
        return Some(("next_review_on", format!("was to be reviewed by {due}")));
    }
    if !has(article, "reviewed_on") {
        return Some(("status", "has never been reviewed".to_owned()));
    }
    let last = day(article, "reviewed_on")?;
    let overdue = months_after(last, ctx.number(&RULE, "months")) < ctx.today;
    overdue.then(|| ("reviewed_on", format!("was last reviewed on {last}")))
}

//! `objective-unanchored`: an objective names an owner, a forum or a source that is there in name only.

use crate::rules::policy::role_without_holder::is_held;
use crate::rules::{Check, Ctx, ERROR_ONCE_APPROVED, Rule, Sink};
use jiff::civil::Date;

use crate::finding::Problem;
use crate::workspace::EntityView;

use super::objective::{milder_for_draft, open};

/// The rule.
pub static RULE: Rule = Rule {
    name: "objective-unanchored",
    summary: "the owner role has no holder, the forum no interval, or the data source is a filler",
    docs: include_str!("objective_unanchored.md"),
    level: ERROR_ONCE_APPROVED,
    clauses: &["6.2.1", "5.3", "9.1"],
    since: "0.1.0",
    requirements: &[57],
    options: &[],
    check: Check::Workspace(check),
};

fn check(ctx: &Ctx<'_>, out: &mut Sink) {
    if ctx.words.words("filler-values").is_empty() && open(ctx).any(|o| o.has("data_source")) {
        out.not_evaluated(format!("no list `filler-values` for the language {}", ctx.words.language));
    }
    for objective in open(ctx) {
        let found = [owner(objective, ctx.today), forum(objective), source(ctx, objective)];
        for problem in found.into_iter().flatten() {
            out.report(milder_for_draft(problem.subject(objective.id()), objective));
        }
    }
}

fn owner(objective: EntityView<'_>, today: Date) -> Option<Problem> {
    let role = objective.refs("owner").next().filter(|r| !r.is_retired() && !is_held(*r, today))?;
    let message = format!("the owner of {}, {}, has no holder today", objective.id(), role.id());
    let help =
        format!("Enter who holds {} in the roles register, or give the objective to a role that is held.", role.id());
    let problem = RULE.problem(objective.span_of("owner"), message).help(help);
    Some(problem.related(role.span_of("holders"), "the role is defined here"))
}

fn forum(objective: EntityView<'_>) -> Option<Problem> {
    let forum = objective.refs("review_forum").next().filter(|f| !f.has("interval"))?;
    let message = format!("{} is reviewed in {}, which has no interval", objective.id(), forum.id());
    let problem =
        RULE.problem(objective.span_of("review_forum"), message).related(forum.span(), "the forum is defined here");
    Some(
        problem.help(format!(
            "Give {} an `interval`, such as `P1M`, so that it is known when the review is due.",
            forum.id()
        )),
    )
}

fn source(ctx: &Ctx<'_>, objective: EntityView<'_>) -> Option<Problem> {
    // `TBD` and the like are what `unfinished-text` reports.
    let unfinished = |text: &&str| ctx.words.patterns("unfinished-text-patterns").iter().any(|p| p.is_match(text));
    let text = objective.str("data_source").filter(|text| !unfinished(text))?;
    let is_filler = ctx.words.words("filler-values").iter().any(|f| f.to_lowercase() == text.trim().to_lowercase());
    let message = format!("the data source of {} is only `{text}`", objective.id());
    is_filler.then(|| {
        let help = "Name the tool, report or list the figures are taken from, so that anyone could take them again.";
        RULE.problem(objective.span_of("data_source"), message).help(help)
    })
}

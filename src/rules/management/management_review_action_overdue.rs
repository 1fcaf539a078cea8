//! `management-review-action-overdue`: an action of a management review past its day.

use super::facts::{current, late, open_actions};
use crate::document::Node;
use crate::rules::{Check, Ctx, Rule, Sink, WARNING};
use crate::workspace::EntityView;

/// The rule.
pub static RULE: Rule = Rule {
    name: "management-review-action-overdue",
    summary: "an action of a management review is past its day and the next review does not take it up",
    docs: include_str!("management_review_action_overdue.md"),
    level: WARNING,
    clauses: &["9.3"],
    since: "0.1.0",
    requirements: &[],
    options: &[],
    check: Check::Workspace(check),
};

fn check(ctx: &Ctx<'_>, out: &mut Sink) {
    let held = |r: &EntityView<'_>| r.date("held_on").is_some_and(|on| on <= ctx.today);
    let reviews: Vec<_> = current(ctx.ws, "management-review").filter(held).collect();
    for review in &reviews {
        let later = || reviews.iter().filter(|r| r.date("held_on") > review.date("held_on"));
        for action in open_actions(*review, "actions").filter(|a| !later().any(|l| takes_up(*l, *review, a))) {
            if let Some(problem) = late(&RULE, *review, action, ctx.today) {
                out.report(problem.help(
                    "Enter the day on which it was done, with the proof. What cannot be done in time is repeated in the \
                     actions of the next review, with a new day or another role.",
                ));
            }
        }
    }
}

/// An action of a later review has the same text, or names the earlier review.
fn takes_up(later: EntityView<'_>, review: EntityView<'_>, action: &Node) -> bool {
    let plain = |text: &str| text.trim().trim_end_matches('.').to_lowercase();
    let wanted = action.str("text").map(plain);
    later
        .node()
        .list("actions")
        .iter()
        .filter_map(|a| a.str("text"))
        .any(|text| Some(plain(text)) == wanted || text.contains(review.id()))
}

//! `review-trigger-missing`: an event that should bring the policy back to the table is not named.

use crate::catalog::Lexicon;
use crate::rules::words::listed;
use crate::rules::{Check, Ctx, Rule, Sink, WARNING};

/// The rule.
pub static RULE: Rule = Rule {
    name: "review-trigger-missing",
    summary: "the policy does not name every event that calls for a review",
    docs: include_str!("review_trigger_missing.md"),
    level: WARNING,
    clauses: &["5.2.1", "6.3"],
    since: "0.1.0",
    requirements: &[85],
    options: &[],
    check: Check::Workspace(check),
};

const LIST: &str = "review-triggers";

fn check(ctx: &Ctx<'_>, out: &mut Sink) {
    let Some(policy) = ctx.ws.policy() else { return };
    // The names are values of a field, the same in every language.
    let english = Lexicon::built_in("en");
    let own = ctx.words.words(LIST);
    let wanted = if own.is_empty() { english.words(LIST) } else { own };
    let named: Vec<_> = policy.front().texts("review_triggers").map(|(text, _)| text).collect();
    let missing: Vec<_> = wanted.iter().filter(|w| !named.contains(&w.as_str())).map(|w| format!("`{w}`")).collect();
    if missing.is_empty() {
        return;
    }
    let message = format!("the policy does not name {} as a reason for a review", listed(&missing));
    let problem = RULE.problem(policy.span_of("review_triggers"), message).subject(policy.id());
    out.report(problem.help(format!("Add to `review_triggers`: {}.", missing.join(", "))));
}

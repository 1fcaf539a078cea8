//! `role-held-twice`: a role two people hold at once.

use jiff::civil::Date;

use super::facts::{current, named};
use crate::document::Node;
use crate::rules::{Check, Ctx, Rule, Sink, WARNING};

/// The rule.
pub static RULE: Rule = Rule {
    name: "role-held-twice",
    summary: "two people hold a role at the same time that is not shared",
    docs: include_str!("role_held_twice.md"),
    level: WARNING,
    clauses: &["5.3"],
    since: "0.1.0",
    requirements: &[],
    options: &[],
    check: Check::Workspace(check),
};

fn check(ctx: &Ctx<'_>, out: &mut Sink) {
    for role in current(ctx.ws, "role").filter(|r| r.node().bool("shared") != Some(true)) {
        let holders: Vec<&Node> = role.node().list("holders").iter().filter(|h| !is_deputy(h)).collect();
        for (ix, holder) in holders.iter().enumerate() {
            let Some(other) = holders.iter().take(ix).find(|o| overlap(o, holder, ctx.today)) else { continue };
            let (first, second) = (other.str("person").unwrap_or_default(), holder.str("person").unwrap_or_default());
            let message = format!("{first} and {second} hold the role {} at the same time", named(role));
            let problem = RULE.problem(holder.span_of("person"), message).subject(role.id());
            out.report(problem.related(other.span_of("person"), "the other holder").help(
                "Write the last day of the former holder into `valid_to`, mark a stand-in with `deputy: true`, or mark \
                 the role with `shared: true` when several people are meant to hold it.",
            ));
        }
    }
}

fn is_deputy(holder: &Node) -> bool {
    holder.bool("deputy") == Some(true)
}

/// Two people beyond the day of the hand-over, today or later; what is long over can no longer do harm.
fn overlap(a: &Node, b: &Node, today: Date) -> bool {
    let (Some(from_a), Some(from_b)) = (a.date("valid_from"), b.date("valid_from")) else { return false };
    let until = |h: &Node| h.date("valid_to").unwrap_or(Date::MAX);
    let (from, to) = (from_a.max(from_b), until(a).min(until(b)));
    a.str("person") != b.str("person") && from < to && to >= today
}

//! `objective-category-heavy`: most objectives look the same way.

use crate::rules::{Check, Ctx, NOTE, Rule, RuleOption, Sink};
use std::collections::BTreeMap;

use super::objective::{open, registers};

/// The rule.
pub static RULE: Rule = Rule {
    name: "objective-category-heavy",
    summary: "one category holds most of the objectives",
    docs: include_str!("objective_category_heavy.md"),
    level: NOTE,
    clauses: &["6.2.1"],
    since: "0.1.0",
    requirements: &[63],
    options: &[
        RuleOption { name: "max-percent", default: 60, about: "the share of one category that is still balanced" },
        RuleOption {
            name: "from",
            default: 5,
            about: "how many objectives there must be for a share to mean something",
        },
    ],
    check: Check::Workspace(check),
};

fn check(ctx: &Ctx<'_>, out: &mut Sink) {
    let all: Vec<_> = open(ctx).filter_map(|o| o.str("category")).collect();
    let total = i64::try_from(all.len()).unwrap_or(i64::MAX);
    let Some(register) = registers(ctx).next().filter(|_| total >= ctx.number(&RULE, "from")) else { return };
    let mut counts: BTreeMap<&str, i64> = BTreeMap::new();
    for category in all {
        *counts.entry(category).or_default() += 1;
    }
    let limit = ctx.number(&RULE, "max-percent");
    for (category, count) in counts.into_iter().filter(|(_, n)| n * 100 > limit * total) {
        let message = format!("{count} of {total} objectives are `{category}` ({} %)", count * 100 / total.max(1));
        let problem = RULE.problem(register.span(), message).subject(register.id());
        out.report(problem.help("Ask at the next review what the objectives leave out: customers, daily operation, risk and compliance, improvement."));
    }
}

//! `approval-rule-missing`: the trust policy does not say who approves documents of a kind.

use std::collections::BTreeMap;

use super::Standing;
use crate::rules::{Check, Ctx, ERROR, Rule, Sink};
use crate::trust::{Judged, Verdict};

/// The rule.
pub static RULE: Rule = Rule {
    name: "approval-rule-missing",
    summary: "the trust policy does not say who approves documents of a kind",
    docs: include_str!("approval_rule_missing.md"),
    level: ERROR,
    clauses: &["7.5.2", "5.3"],
    since: "0.1.0",
    requirements: &[],
    options: &[],
    check: Check::Judged(check),
};

fn check(ctx: &Ctx<'_>, _: &Judged, out: &mut Sink) {
    let mut kinds: BTreeMap<&str, Vec<&Standing<'_>>> = BTreeMap::new();
    for standing in ctx.claims_of_approval().filter(|s| matches!(s.verdict, Verdict::NoRule)) {
        kinds.entry(standing.control.kind.as_str()).or_default().push(standing);
    }
    for (kind, standings) in kinds {
        let Some(first) = standings.first() else { continue };
        let others = match standings.len() - 1 {
            0 => String::new(),
            1 => " and one other".to_owned(),
            n => format!(" and {n} others"),
        };
        let id = &first.control.id;
        let message = format!("trust/policy.toml has no rule for the kind `{kind}`: nobody can approve {id}{others}");
        let help =
            "Add a `[[rules]]` entry for the kind, or `kinds = [\"*\"]` for all that are left, with `smsctl trust`.";
        out.report(RULE.problem(first.view(ctx.ws).span_of("kind"), message).subject(id).help(help));
    }
}

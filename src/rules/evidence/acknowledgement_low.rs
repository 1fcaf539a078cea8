//! `acknowledgement-low`: too few people acknowledged the policy in force.

use super::communication_incomplete::groups_in_scope;
use super::facts::{current_communication, policy_in_force};
use crate::rules::registers::has_register;
use crate::rules::words::listed;
use crate::rules::{Check, Ctx, NOTE, Rule, RuleOption, Sink};
use crate::workspace::{ArtifactView, EntityView, Workspace};

/// The rule.
pub static RULE: Rule = Rule {
    name: "acknowledgement-low",
    summary: "too few people have acknowledged the version of the policy in force",
    docs: include_str!("acknowledgement_low.md"),
    level: NOTE,
    clauses: &["7.3", "5.2.2"],
    since: "0.1.0",
    requirements: &[79],
    options: &[RuleOption {
        name: "percent",
        default: 90,
        about: "share of the people asked who must have acknowledged the version",
    }],
    check: Check::Workspace(check),
};

fn check(ctx: &Ctx<'_>, out: &mut Sink) {
    let Some(policy) = policy_in_force(ctx).filter(|_| has_register(ctx.ws, "communication-evidence")) else { return };
    let rows: Vec<_> = current_communication(policy).filter(|e| e.str("type") == Some("acknowledgement")).collect();
    let Some(message) = shortfall(ctx, policy, &rows) else { return };
    let span = rows.first().map_or(policy.span_of("version"), |row| row.span_of("reach"));
    let problem = RULE.problem(span, message).subject(policy.id());
    out.report(problem.help(
        "Ask the people in scope to acknowledge this version, remind those who have not, and record how many \
         were asked and how many answered in `reach`.",
    ));
}

fn shortfall(ctx: &Ctx<'_>, policy: ArtifactView<'_>, rows: &[EntityView<'_>]) -> Option<String> {
    let version = policy.version();
    if rows.is_empty() {
        return Some(format!("nobody has acknowledged version {version} of the policy"));
    }
    let sum = |field: &str| rows.iter().map(|row| reach(*row, field)).sum::<f64>();
    let (invited, reached) = (sum("invited"), sum("reached"));
    if invited <= 0.0 {
        let silent = groups_silent(ctx.ws, rows);
        let message = || format!("no acknowledgement of version {version} comes from {}", listed(&silent));
        return (!silent.is_empty()).then(message);
    }
    let percent = reached / invited * 100.0;
    let wanted = ctx.number(&RULE, "percent");
    // Options are small whole numbers; the comparison is exact for them.
    #[allow(clippy::cast_precision_loss)]
    let low = percent < wanted as f64;
    let share = percent.floor();
    let message = || format!("{share} % of the people asked acknowledged version {version}, {wanted} % are wanted");
    low.then(message)
}

fn reach(row: EntityView<'_>, field: &str) -> f64 {
    row.node().get("reach").and_then(|r| r.number(field)).unwrap_or(0.0)
}

/// Without figures, each group of roles must be in the audience of an acknowledgement.
fn groups_silent(ws: &Workspace, rows: &[EntityView<'_>]) -> Vec<&'static str> {
    let heard: Vec<_> = rows.iter().flat_map(|row| row.refs("audience")).filter_map(|role| role.str("group")).collect();
    groups_in_scope(ws).into_iter().filter(|group| !heard.contains(group)).collect()
}

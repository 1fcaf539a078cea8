//! `review-trigger-fired`: something entered the SMS that calls for a review of the policy, without a date of its own.

use super::changes::{Changes, Parts};
use crate::history::Since;
use crate::rules::{Check, Ctx, NOTE, Rule, Sink};
use crate::trust::Record;
use crate::workspace::EntityView;

/// The rule.
pub static RULE: Rule = Rule {
    name: "review-trigger-fired",
    summary: "something entered the SMS that calls for a review of the policy, without a date of its own",
    docs: include_str!("review_trigger_fired.md"),
    level: NOTE,
    clauses: &["5.2.1", "6.3"],
    since: "0.1.0",
    requirements: &[86],
    options: &[],
    check: Check::History(check),
};

/// Types that call for a review, with the field that holds the day by which `trigger-without-review` judges them.
const TRIGGERS: [(&str, &str); 3] =
    [("service", "live_since"), ("obligation", "identified_on"), ("supplier", "onboarded_on")];

fn check(ctx: &Ctx<'_>, record: &Record, out: &mut Sink) {
    let Some(policy) = ctx.ws.policy().filter(|p| p.is_approved()) else { return };
    let Some(reviewed) = policy.last_reviewed() else { return };
    let mut changes = Changes::of(ctx, record);
    for (kind, field) in TRIGGERS {
        for entity in ctx.ws.of_type(kind).filter(|e| !e.is_retired() && counts(*e) && !e.has(field)) {
            if changes.newest(entity.artifact()) <= reviewed {
                continue;
            }
            let since = changes.since(entity.artifact(), Parts::Presence).get(entity.id()).copied();
            let Some(Since::Added(stage)) = since else { continue };
            let Some(on) = changes.changed_on(Since::Added(stage)).filter(|on| *on > reviewed) else { continue };
            let (label, id) = (entity.label(), entity.id());
            let message =
                format!("{label} ({id}) entered the SMS on {on}; the policy was last looked at on {reviewed}");
            let help = format!(
                "Ask whether {} still fits and write the day into its `reviewed_on`. Write the day the {kind} began into `{field}`.",
                policy.id()
            );
            out.report(RULE.problem(entity.span(), message).subject(id).help(help));
        }
    }
}

/// As `trigger-without-review`: services of the scope that run, and duties from outside.
fn counts(entity: EntityView<'_>) -> bool {
    match entity.kind() {
        "service" => entity.str("lifecycle") == Some("live") && entity.node().bool("in_scope") == Some(true),
        "obligation" => matches!(entity.str("kind"), Some("contract" | "legal" | "regulatory")),
        _ => true,
    }
}

//! `change-approved-without-assessment`: a change that was approved before anybody wrote down its risks.

use super::facts::{entries, follows_model, has, is_approved, name, problem};
use crate::rules::words::listed;
use crate::rules::{Check, Ctx, Rule, Sink, WARNING};
use crate::workspace::EntityView;

/// The rule.
pub static RULE: Rule = Rule {
    name: "change-approved-without-assessment",
    summary: "a change was approved and its assessment lacks risks or the effect on information security",
    docs: include_str!("change_approved_without_assessment.md"),
    level: WARNING,
    clauses: &["8.5.1.3", "8.7.3.2"],
    since: "0.1.0",
    requirements: &[],
    options: &[],
    check: Check::Workspace(check),
};

fn check(ctx: &Ctx<'_>, out: &mut Sink) {
    for change in entries(ctx, "change").filter(|c| is_approved(*c) && !follows_model(*c)) {
        let lacking = lacking(change);
        if !lacking.is_empty() {
            let message = format!("{} is approved, but its assessment lacks {}", name(change), listed(&lacking));
            out.report(problem(&RULE, change, "assessment", message).help(
                "Let the service owner and information security judge it, and write what they find into `assessment`; \
                 \"none\" is an answer. A standard change names its model in `model_ref`.",
            ));
        }
    }
}

/// In an emergency there is time for the risks alone.
fn lacking(change: EntityView<'_>) -> Vec<&'static str> {
    let mut wanted = vec![("assessment.risks", "`risks`")];
    if change.str("category") != Some("emergency") {
        wanted.push(("assessment.security_impact", "`security_impact`"));
    }
    wanted.into_iter().filter(|(field, _)| !has(change, field)).map(|(_, name)| name).collect()
}

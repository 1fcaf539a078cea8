//! `objectives-register-missing`: there is no approved register of objectives.

use crate::finding::Problem;
use crate::rules::registers::{Held, held};
use crate::rules::{Check, Ctx, ERROR, Rule, Sink};
use crate::schema::is_to_do;
use crate::workspace::ArtifactView;

use super::objective::registers;

/// The rule.
pub static RULE: Rule = Rule {
    name: "objectives-register-missing",
    summary: "there is no objectives register, or none is approved though the policy is",
    docs: include_str!("objectives_register_missing.md"),
    level: ERROR,
    clauses: &["6.2.1"],
    since: "0.1.0",
    requirements: &[52],
    options: &[],
    check: Check::Workspace(check),
};

fn check(ctx: &Ctx<'_>, out: &mut Sink) {
    if ctx.ws.artifacts.is_empty() || held(ctx, "objectives", out) == Held::Unknown {
        return;
    }
    let policy = ctx.ws.service_management_policies().next();
    match registers(ctx).next() {
        None => out.report(missing(ctx, policy)),
        Some(first) if registers(ctx).any(ArtifactView::is_approved) || is_to_do(first.status()) => {}
        Some(first) => {
            if let Some(policy) = policy.filter(|p| p.is_approved()) {
                out.report(not_approved(first, policy));
            }
        }
    }
}

fn missing(ctx: &Ctx<'_>, policy: Option<ArtifactView<'_>>) -> Problem {
    let span = policy.map_or(ctx.ws.root_span(), ArtifactView::span);
    let whose = policy.map_or_else(String::new, |p| format!(" for {}", p.id()));
    let help = "Run `smsctl new register objectives` and set at least one objective for each commitment of the policy.";
    RULE.problem(span, format!("there is no objectives register{whose}")).help(help)
}

fn not_approved(register: ArtifactView<'_>, policy: ArtifactView<'_>) -> Problem {
    let message = format!("{} is `{}` although {} is approved", register.id(), register.status(), policy.id());
    let problem = RULE.problem(register.span_of("status"), message).subject(register.id());
    problem
        .related(policy.span_of("status"), "the policy is in force")
        .help("Have the register approved by its approvers and set `status: approved`, so that the objectives count.")
}

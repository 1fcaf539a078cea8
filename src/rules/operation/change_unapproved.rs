//! `change-unapproved`: a change was made without, or before, the decision to make it.

use jiff::civil::Date;

use super::facts::{day, entries, follows_model, has, name, problem, text};
use crate::rules::evidence::facts::days_after;
use crate::rules::{Check, Ctx, ERROR, Rule, RuleOption, Sink};
use crate::workspace::EntityView;

/// The rule.
pub static RULE: Rule = Rule {
    name: "change-unapproved",
    summary: "a change was carried out without its approval or before it",
    docs: include_str!("change_unapproved.md"),
    level: ERROR,
    clauses: &["8.5.1.3"],
    since: "0.1.0",
    requirements: &[],
    options: &[RuleOption {
        name: "days",
        default: 3,
        about: "days after an emergency change within which its approval is written down",
    }],
    check: Check::Workspace(check),
};

fn check(ctx: &Ctx<'_>, out: &mut Sink) {
    for change in entries(ctx, "change").filter(|c| !follows_model(*c)) {
        if let Some((field, message)) = day(change, "implemented_on").and_then(|done| fault(ctx, change, done)) {
            out.report(problem(&RULE, change, field, message).help(
                "Write the decision into `approval` with its day and evidence. If there was none, handle the change as \
                 unauthorized: assess it, decide whether it stays, and raise a nonconformity.",
            ));
        }
    }
}

fn fault(ctx: &Ctx<'_>, change: EntityView<'_>, done: Date) -> Option<(&'static str, String)> {
    let name = name(change);
    // Emergencies may be written down afterwards.
    let emergency = change.str("category") == Some("emergency");
    let latest = if emergency { days_after(done, ctx.number(&RULE, "days")) } else { done };
    match text(change, "approval.decision") {
        Some(decision @ ("rejected" | "deferred")) => {
            Some(("approval.decision", format!("{name} was carried out on {done} although it was {decision}")))
        }
        _ if !has(change, "approval.on") => {
            let late = !emergency || latest < ctx.today;
            late.then(|| {
                ("implemented_on", format!("{name} was carried out on {done}, and no day of approval is on record"))
            })
        }
        _ => {
            let on = day(change, "approval.on").filter(|on| *on > latest)?;
            Some(("approval.on", format!("{name} was carried out on {done} and approved only on {on}")))
        }
    }
}

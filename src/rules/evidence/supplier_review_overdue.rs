//! `supplier-review-overdue`: a supplier whose performance nobody reviewed in time.

use jiff::civil::Date;

use super::facts::{active_suppliers, months_after};
use crate::rules::{Check, Ctx, Rule, RuleOption, Sink, WARNING};
use crate::schema::is_to_do;
use crate::workspace::{EntityView, duration};

/// The rule.
pub static RULE: Rule = Rule {
    name: "supplier-review-overdue",
    summary: "the performance of a supplier was not reviewed in time",
    docs: include_str!("supplier_review_overdue.md"),
    level: WARNING,
    clauses: &["8.3.4.1", "8.3.4.2", "8.2.3.2"],
    since: "0.1.0",
    requirements: &[102],
    options: &[RuleOption {
        name: "months",
        default: 12,
        about: "months between two reviews of a supplier that names neither an interval nor a date",
    }],
    check: Check::Workspace(check),
};

fn check(ctx: &Ctx<'_>, out: &mut Sink) {
    for supplier in active_suppliers(ctx.ws).filter(|s| !is_to_be_filled(*s)) {
        let label = format!("{} ({})", supplier.label(), supplier.id());
        let (field, message) = match due(ctx, supplier) {
            Some((due, _)) if due >= ctx.today => continue,
            Some((due, field)) => (field, format!("the review of {label} was due on {due}{}", since(supplier))),
            None => ("id", format!("the performance of {label} has never been reviewed")),
        };
        let problem = RULE.problem(supplier.span_of(field), message).subject(supplier.id());
        out.report(problem.help(
            "Hold the review against the targets of the contract, add the result to `performance`, and write the \
             days into `last_review_on` and `next_review_on`.",
        ));
    }
}

/// A placeholder in the place of a date is a finding of its own.
fn is_to_be_filled(supplier: EntityView<'_>) -> bool {
    let dates = ["onboarded_on", "last_review_on", "next_review_on", "review_interval"];
    dates.into_iter().any(|field| supplier.str(field).is_some_and(is_to_do))
}

fn since(supplier: EntityView<'_>) -> String {
    let last = supplier.date("last_review_on");
    last.map_or_else(|| ", and none is on record".to_owned(), |on| format!("; the last was on {on}"))
}

/// The earliest day a review is due and the field it comes from; a review that never was counts from the first day.
fn due(ctx: &Ctx<'_>, supplier: EntityView<'_>) -> Option<(Date, &'static str)> {
    let planned = supplier.date("next_review_on").map(|on| (on, "next_review_on"));
    let start = ["last_review_on", "onboarded_on"].into_iter().find_map(|f| Some((supplier.date(f)?, f)));
    let computed = start.and_then(|(on, field)| {
        let interval = match supplier.str("review_interval") {
            Some(text) => on.checked_add(duration(text)?).ok()?,
            None if planned.is_none() => months_after(on, ctx.number(&RULE, "months")),
            None => return None,
        };
        Some((interval, field))
    });
    planned.into_iter().chain(computed).min_by_key(|(on, _)| *on)
}

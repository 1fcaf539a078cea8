//! `suspect-link`: something changed after what refers to it was last changed or reviewed.

use std::collections::BTreeMap;

use super::changes::{Changes, Parts};
use crate::rules::words::a_few;
use crate::rules::{Check, Ctx, NOTE, Rule, Sink};
use crate::trust::Record;
use crate::workspace::EntityView;
use jiff::civil::Date;

/// The rule.
pub static RULE: Rule = Rule {
    name: "suspect-link",
    summary: "something changed after what refers to it was last changed or reviewed",
    docs: include_str!("suspect_link.md"),
    level: NOTE,
    clauses: &["7.5.3.2"],
    since: "0.1.0",
    requirements: &[],
    options: &[],
    check: Check::History(check),
};

/// References that rest on what the other side says. Commitments have a rule of their own.
const FIELDS: [&str; 4] = ["control_refs", "scope_ref", "obligation_refs", "sla_refs"];

fn check(ctx: &Ctx<'_>, record: &Record, out: &mut Sink) {
    let mut changes = Changes::of(ctx, record);
    let mut found: BTreeMap<usize, Vec<Suspect<'_>>> = BTreeMap::new();
    for (ix, _) in ctx.ws.entities.iter().enumerate() {
        let from = ctx.ws.entity_at(ix);
        if from.is_retired() || !from.artifact().is_approved() {
            continue;
        }
        for to in FIELDS.iter().flat_map(|field| from.refs(field)) {
            let elsewhere = to.artifact().ix != from.artifact().ix && to.artifact().is_approved();
            if let Some(on) = elsewhere.then(|| changed_after(&mut changes, from, to)).flatten() {
                found.entry(from.artifact().ix).or_default().push(Suspect { from, to, on });
            }
        }
    }
    for suspects in found.into_values() {
        let (Some(first), Some(on)) = (suspects.first(), suspects.iter().map(|s| s.on).max()) else { continue };
        let names = |of: &dyn Fn(&Suspect<'_>) -> String| {
            let ids: std::collections::BTreeSet<String> = suspects.iter().map(of).collect();
            a_few(&ids.iter().map(String::as_str).collect::<Vec<_>>())
        };
        let (to, from) = (names(&|s| s.to.id().to_owned()), names(&|s| s.from.id().to_owned()));
        let message = format!("{to} changed until {on}, after {from} rested on it and was last changed or reviewed");
        let help =
            "Look whether this still holds. Change it, or write the day into `last_reviewed_on` or `reviewed_on`.";
        out.report(RULE.problem(first.from.span(), message).subject(first.from.artifact().id()).help(help));
    }
}

/// A reference whose other side changed later.
struct Suspect<'a> {
    from: EntityView<'a>,
    to: EntityView<'a>,
    on: Date,
}

/// The day the other side changed, when that is later than all that was done on this side.
fn changed_after(changes: &mut Changes<'_>, from: EntityView<'_>, to: EntityView<'_>) -> Option<Date> {
    let own = [from.date("last_reviewed_on"), from.date("reviewed_on"), from.artifact().last_reviewed()];
    let looked_at = own.into_iter().flatten().max()?;
    if changes.newest(to.artifact()) <= looked_at {
        return None;
    }
    let since = changes.since(to.artifact(), Parts::Meaning).get(to.id()).copied()?;
    let on = changes.changed_on(since).filter(|on| *on > looked_at)?;
    let mine = changes.since(from.artifact(), Parts::Meaning).get(from.id()).copied();
    let mine = mine.and_then(|since| changes.changed_on(since));
    (mine.is_none_or(|mine| mine < on)).then_some(on)
}

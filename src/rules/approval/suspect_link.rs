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
const FIELDS: [&str; 6] = ["control_refs", "scope_ref", "service_refs", "obligation_refs", "sla_refs", "risk_refs"];

fn check(ctx: &Ctx<'_>, record: &Record, out: &mut Sink) {
    let mut changes = Changes::of(ctx, record);
    let mut found: BTreeMap<usize, Vec<(EntityView<'_>, Date)>> = BTreeMap::new();
    for (ix, _) in ctx.ws.entities.iter().enumerate() {
        let from = ctx.ws.entity_at(ix);
        if from.is_retired() || !from.artifact().is_approved() {
            continue;
        }
        for to in FIELDS.iter().flat_map(|field| from.refs(field)) {
            let elsewhere = to.artifact().ix != from.artifact().ix && to.artifact().is_approved();
            if let Some(on) = elsewhere.then(|| changed_after(&mut changes, from, to)).flatten() {
                found.entry(ix).or_default().push((to, on));
            }
        }
    }
    for (ix, targets) in found {
        let (from, Some((_, on))) = (ctx.ws.entity_at(ix), targets.iter().max_by_key(|(_, on)| *on)) else { continue };
        let mut ids: Vec<&str> = targets.iter().map(|(to, _)| to.id()).collect();
        ids.dedup();
        let message =
            format!("{} changed on {on} or before, after {} was last changed or reviewed", a_few(&ids), from.id());
        let help =
            "Look whether this still holds. Change it, or write the day into `last_reviewed_on` or `reviewed_on`.";
        out.report(RULE.problem(from.span(), message).subject(from.id()).help(help));
    }
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

//! `duplicate-id`: two things carry one id.

use std::collections::BTreeMap;

use crate::rules::words::{folded, listed};
use crate::rules::{Check, Ctx, ERROR, Rule, Sink};
use crate::source::Span;
use crate::workspace::Entity;

/// The rule.
pub static RULE: Rule = Rule {
    name: "duplicate-id",
    summary: "two entities carry the same id",
    docs: include_str!("duplicate_id.md"),
    level: ERROR,
    clauses: &["7.5.2"],
    since: "0.1.0",
    requirements: &[],
    options: &[],
    check: Check::Workspace(check),
};

/// Most places of one id that are shown.
const SHOWN: usize = 20;

fn check(ctx: &Ctx<'_>, out: &mut Sink) {
    let mut by_id: BTreeMap<&str, Vec<Span>> = BTreeMap::new();
    let mut alike: BTreeMap<String, Vec<&Entity>> = BTreeMap::new();
    for entity in &ctx.ws.entities {
        let places = by_id.entry(&entity.id).or_default();
        places.push(entity.span);
        if places.len() == 1 {
            alike.entry(folded(&entity.id)).or_default().push(entity);
        }
    }
    by_id.iter().filter(|(_, places)| places.len() > 1).for_each(|(id, places)| used_again(id, places, out));
    alike.values().filter(|entities| entities.len() > 1).for_each(|entities| nearly_the_same(entities, out));
}

fn used_again(id: &str, places: &[Span], out: &mut Sink) {
    let [first, second, others @ ..] = places else { return };
    let times = if others.is_empty() { "twice".to_owned() } else { format!("{} times", places.len()) };
    let mut problem = RULE.problem(*second, format!("the id `{id}` is used {times}")).subject(id);
    problem = problem.related(*first, "it is used here first");
    for other in others.iter().take(SHOWN) {
        problem = problem.related(*other, "and here");
    }
    let help = if others.is_empty() { "one of the two a new id" } else { "all but one of them a new id" };
    out.report(problem.help(format!("Give {help}; ids are unique in the whole SMS and are never used again.")));
}

fn nearly_the_same(entities: &[&Entity], out: &mut Sink) {
    let [first, second, others @ ..] = entities else { return };
    let ids: Vec<String> = entities.iter().map(|e| format!("`{}`", e.id)).collect();
    let message = format!("the ids {} differ only in capital letters or in the form of their characters", listed(&ids));
    let mut problem =
        RULE.problem(second.span, message).subject(&second.id).related(first.span, "the other stands here");
    for other in others.iter().take(SHOWN) {
        problem = problem.related(other.span, "and here");
    }
    out.report(problem.help(
        "Write the same thing with the same id everywhere, and give another thing an id that nobody mistakes for it.",
    ));
}

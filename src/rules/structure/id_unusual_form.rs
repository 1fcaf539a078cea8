//! `id-unusual-form`: an id does not start with the letters of its type.

use crate::rules::{Check, Ctx, Rule, Sink, WARNING};
use crate::workspace::EntityView;

/// The rule.
pub static RULE: Rule = Rule {
    name: "id-unusual-form",
    summary: "an id does not start with the letters of its type",
    docs: include_str!("id_unusual_form.md"),
    level: WARNING,
    clauses: &["7.5.2"],
    since: "0.1.0",
    requirements: &[],
    options: &[],
    check: Check::Workspace(check),
};

fn check(ctx: &Ctx<'_>, out: &mut Sink) {
    for entity in (0..ctx.ws.entities.len()).map(|ix| ctx.ws.entity_at(ix)).filter(|e| unusual(*e)) {
        let what = entity.kind().replace('-', " ");
        let starts: Vec<String> = entity.prefixes().iter().map(|p| format!("`{p}-`")).collect();
        let starts = starts.join(" or ");
        let message = format!("the id `{}` of this {what} does not start with {starts}", entity.id());
        let help = format!(
            "Start it with {starts}, so that everyone sees what it names; correct the references to it as well. An id that has \
             been in use for long is better kept, with a waiver that says so."
        );
        out.report(RULE.problem(entity.span(), message).subject(entity.id()).help(help));
    }
}

/// The id of a file of its own is a document number. An id with other signs than letters, digits and hyphens is a finding
/// already.
fn unusual(entity: EntityView<'_>) -> bool {
    let starts = |prefix: &String| entity.id().strip_prefix(prefix.as_str()).is_some_and(|rest| rest.starts_with('-'));
    let well_formed = entity.id().chars().all(|c| c.is_ascii_alphanumeric() || c == '-');
    well_formed && !entity.is_artifact() && !entity.prefixes().is_empty() && !entity.prefixes().iter().any(starts)
}

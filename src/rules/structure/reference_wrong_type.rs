//! `reference-wrong-type`: the id exists, but is not of the sort asked for.

use super::reference_unresolved::{Entities, wanted};
use crate::rules::{Check, Ctx, ERROR, Rule, Sink};

/// The rule.
pub static RULE: Rule = Rule {
    name: "reference-wrong-type",
    summary: "a reference leads to something of another type than its field asks for",
    docs: include_str!("reference_wrong_type.md"),
    level: ERROR,
    clauses: &["7.5.3.2"],
    since: "0.1.0",
    requirements: &[23, 47],
    options: &[],
    check: Check::Workspace(check),
};

fn check(ctx: &Ctx<'_>, out: &mut Sink) {
    let mut known = Entities::new(ctx.ws);
    for reference in &ctx.ws.references {
        let Some(to) = reference.target.map(|ix| ctx.ws.entity_at(ix)) else { continue };
        if to.accepted(&reference.accepts) {
            continue;
        }
        let what = wanted(&reference.accepts);
        let message = format!(
            "`{}` is a {}, but `{}` asks for a {what}",
            reference.to,
            to.kind().replace('-', " "),
            reference.field
        );
        let near = known.nearest(reference).map(|id| format!("Did you mean `{id}`?"));
        let help = near.unwrap_or_else(|| format!("Write the id of a {what}."));
        let problem = RULE.problem(reference.span, message).subject(ctx.ws.entity_at(reference.from).id());
        out.report(problem.related(to.span(), format!("`{}` is defined here", to.id())).help(help));
    }
}

//! `obligation-incomplete`: an obligation nobody could act on.

use super::facts::filled;
use crate::rules::words::listed;
use crate::rules::{Check, Ctx, ERROR, Rule, Sink};
use crate::workspace::EntityView;

/// The rule.
pub static RULE: Rule = Rule {
    name: "obligation-incomplete",
    summary: "an obligation lacks its source, scope, owner, control, state or next review",
    docs: include_str!("obligation_incomplete.md"),
    level: ERROR,
    clauses: &["4.2", "5.2.1"],
    since: "0.1.0",
    requirements: &[67],
    options: &[],
    check: Check::Workspace(check),
};

const FIELDS: [&str; 5] = ["kind", "applies_to", "control_refs", "compliance", "next_review_on"];

fn check(ctx: &Ctx<'_>, out: &mut Sink) {
    for obligation in ctx.ws.of_type("obligation").filter(|o| !o.is_retired()) {
        let lacking = lacking(obligation);
        if !lacking.is_empty() {
            let message = format!("{} lacks {}", obligation.id(), listed(&lacking));
            let problem = RULE.problem(obligation.span(), message).subject(obligation.id());
            out.report(problem.help(
                "Add the fields: where the requirement is written, what it applies to, who watches over it, \
                 which control meets it, how far it is met and when it is looked at again.",
            ));
        }
    }
}

fn lacking(obligation: EntityView<'_>) -> Vec<String> {
    let node = obligation.node();
    let mut out: Vec<String> = FIELDS.iter().filter(|f| !filled(node, f)).map(|f| format!("`{f}`")).collect();
    if !filled(node, "source") && !filled(node, "source_ref") {
        out.push("`source` or `source_ref`".to_owned());
    }
    // In a file of its own, the owner of the document stands here too.
    if !filled(node, "owner") {
        out.push("`owner`".to_owned());
    }
    if node.str("applies_to") == Some("service") && !filled(node, "service_refs") {
        out.push("`service_refs`".to_owned());
    }
    out
}

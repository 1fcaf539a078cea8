//! `other-parties-ungoverned`: suppliers carry services, and the policy does not say a word about steering them.

use super::facts::material_suppliers;
use crate::rules::words::{count, lexicon};
use crate::rules::{Check, Ctx, Rule, Sink, WARNING};
use crate::workspace::ArtifactView;

/// The rule.
pub static RULE: Rule = Rule {
    name: "other-parties-ungoverned",
    summary: "important suppliers carry services, but the policy does not cover governing other parties",
    docs: include_str!("other_parties_ungoverned.md"),
    level: WARNING,
    clauses: &["5.2.1", "8.2.3.1"],
    since: "0.1.0",
    requirements: &[100],
    options: &[],
    check: Check::Workspace(check),
};

const PARTIES: &str = "other-party-terms";
const VERBS: &str = "governing-verbs";

fn check(ctx: &Ctx<'_>, out: &mut Sink) {
    let Some(policy) = ctx.ws.policy() else { return };
    let suppliers = material_suppliers(ctx.ws);
    if suppliers.is_empty() {
        return;
    }
    let lists = [PARTIES, VERBS].map(|list| lexicon(ctx, policy, list, out));
    if lists.iter().all(Option::is_some) && !governs(ctx, policy) {
        let carry = if suppliers.len() == 1 { "carries" } else { "carry" };
        let number = count(suppliers.len(), "important supplier");
        let message =
            format!("{number} {carry} services in scope, but the policy does not say how other parties are governed");
        let mut problem = RULE.problem(policy.span(), message).subject(policy.id());
        for supplier in suppliers.iter().take(3) {
            problem = problem.related(supplier.span(), format!("{} carries a service in scope", supplier.label()));
        }
        let example = "We govern every supplier of a service in scope by measured targets.";
        out.report(problem.help(format!("Add a commitment, such as: {example}")));
    }
}

/// One block speaks of other parties and of what is done about them.
fn governs(ctx: &Ctx<'_>, policy: ArtifactView<'_>) -> bool {
    let says = |text: &str| ctx.words.has(PARTIES, text) && ctx.words.has(VERBS, text);
    policy.document().body.blocks.iter().any(|block| says(&policy.plain(block.span, true).text))
}

//! `purpose-generic`: a policy that any other organization could have signed.

use std::collections::BTreeSet;

use super::text::{body, is_policy, joined, limit, located, names_in, title, unfinished};
use crate::rules::words::a_few;
use crate::rules::{Check, Ctx, ERROR_ONCE_APPROVED, Rule, RuleOption, Sink};
use crate::schema::is_to_do;
use crate::workspace::{ArtifactView, EntityView};

/// The rule.
pub static RULE: Rule = Rule {
    name: "purpose-generic",
    summary: "nothing in the policy shows for which organization it was written",
    docs: include_str!("purpose_generic.md"),
    level: ERROR_ONCE_APPROVED,
    clauses: &["5.2.1"],
    since: "0.1.0",
    requirements: &[13],
    options: &[RuleOption {
        name: "names",
        default: 2,
        about: "how many services, customers and places the policy must name",
    }],
    check: Check::Artifact(check),
};

fn check(ctx: &Ctx<'_>, policy: ArtifactView<'_>, out: &mut Sink) {
    if !is_policy(policy) {
        return;
    }
    let names = known_names(ctx, policy);
    let text = body(policy);
    if names.is_empty() {
        out.not_evaluated("no register names services or customers that the policy could speak of");
    }
    if names.is_empty() || text.is_empty() || unfinished(&text) {
        return;
    }
    let words = joined(&text);
    let found: BTreeSet<usize> = names_in(&words, &names).into_iter().map(|(index, _)| index).collect();
    let wanted = limit(ctx, &RULE, "names").min(names.len());
    let by_name = names_organization(ctx, &words);
    if by_name && found.len() >= wanted {
        return;
    }
    let span = located(policy, "purpose-fit").first().map_or(title(policy), |p| p.span);
    let problem = RULE.problem(span, message(ctx, by_name, found.len())).subject(policy.id());
    out.report(problem.help(format!(
        "Name the organization and at least {wanted} services, customers or places in the very words of the registers, such as {}.",
        a_few(&names),
    )));
}

fn message(ctx: &Ctx<'_>, by_name: bool, found: usize) -> String {
    let organization = &ctx.ws.config.organization;
    match (by_name, found) {
        (false, 0) => format!("the policy names neither {organization} nor any of its services, customers or places"),
        (false, _) => format!("the policy never names {organization}"),
        (true, 0) => "the policy names no service, customer or place of the registers".to_owned(),
        (true, n) => format!("the policy names only {n} of the services, customers and places in the registers"),
    }
}

/// Whether the text says the organization's name, with or without its legal form.
fn names_organization(ctx: &Ctx<'_>, text: &str) -> bool {
    let full = ctx.ws.config.organization.trim();
    let forms = ctx.words.words("legal-forms").iter();
    let bare = |form: &String| full.strip_suffix(form.as_str()).filter(|name| name.ends_with([' ', ',']));
    let short = forms.filter_map(bare).map(|name| name.trim_end_matches([' ', ','])).next();
    let text = text.to_lowercase();
    is_to_do(full) || [Some(full), short].into_iter().flatten().any(|n| text.contains(&n.to_lowercase()))
}

/// Names only this organization's policy can hold: services and their groups, customers and users, places.
fn known_names<'a>(ctx: &'a Ctx<'_>, policy: ArtifactView<'a>) -> Vec<&'a str> {
    let services = policy.ws.of_type("service").filter(|s| !s.is_retired());
    let services = services.flat_map(|s| [s.str("name"), s.str("group")]);
    let outside = |p: &EntityView<'_>| matches!(p.str("type"), Some("customer" | "user")) && !p.is_retired();
    let parties = policy.ws.of_type("interested-party").filter(outside).map(|p| p.str("name"));
    let sites = policy.ws.of_type("audit").flat_map(|a| a.node().texts("sites")).map(|(site, _)| Some(site));
    let mut seen = BTreeSet::new();
    let named = services.chain(parties).chain(sites).flatten().filter(|n| !n.is_empty() && !is_to_do(n));
    let organization = ctx.ws.config.organization.as_str();
    named.filter(|n| *n != organization && seen.insert(n.to_lowercase())).collect()
}

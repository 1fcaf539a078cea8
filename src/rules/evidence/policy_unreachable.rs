//! `policy-unreachable`: no path of links leads from the front page to the policy.

use std::collections::HashSet;

use super::facts::link_path;
use crate::rules::{Check, Ctx, NOTE, Rule, Sink};
use crate::workspace::Workspace;

/// The rule.
pub static RULE: Rule = Rule {
    name: "policy-unreachable",
    summary: "no links lead from a front page to the policy",
    docs: include_str!("policy_unreachable.md"),
    level: NOTE,
    clauses: &["5.2.2", "7.5.3.1"],
    since: "0.1.0",
    requirements: &[82],
    options: &[],
    check: Check::Workspace(check),
};

fn check(ctx: &Ctx<'_>, out: &mut Sink) {
    let Some(policy) = ctx.ws.policy() else { return };
    let start = front_pages(ctx.ws);
    let message = match start.first().copied() {
        None => format!("there is no README.md or index page from which people could find the policy {}", policy.id()),
        Some(_) if reaches(ctx.ws, &start, policy.path()) => return,
        Some(page) => format!("no links lead from `{page}` to the policy {}", policy.id()),
    };
    let problem = RULE.problem(policy.span(), message).subject(policy.id());
    out.report(problem.help(format!("Link `{}` from README.md, or from a page that README.md links.", policy.path())));
}

/// README and index pages, the uppermost first.
fn front_pages(ws: &Workspace) -> Vec<&str> {
    let paths = ws.documents.iter().map(|d| ws.sources.file(d.file).path.as_str());
    let is_front = |path: &&str| {
        let name = path.rsplit('/').next().unwrap_or_default().to_lowercase();
        name.starts_with("readme") || name.starts_with("index.")
    };
    let mut pages: Vec<_> = paths.filter(is_front).collect();
    pages.sort_by_key(|path| path.matches('/').count());
    pages
}

fn reaches(ws: &Workspace, start: &[&str], goal: &str) -> bool {
    let mut open: Vec<String> = start.iter().map(|path| (*path).to_owned()).collect();
    let mut seen: HashSet<String> = open.iter().cloned().collect();
    while let Some(path) = open.pop() {
        if path == goal {
            return true;
        }
        let links = ws.document_at(&path).into_iter().flat_map(|d| &d.body.links);
        let next: Vec<String> = links.filter_map(|link| link_path(&path, &link.target)).collect();
        open.extend(next.into_iter().filter(|path| seen.insert(path.clone())));
    }
    false
}

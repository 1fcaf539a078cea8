//! `link-broken`: a link or image to a file that is not there.

use std::collections::HashMap;

use crate::document::Link;
use crate::finding::{Names, Problem};
use crate::rules::links::{self, Target};
use crate::rules::{Check, Ctx, ERROR, Rule, Sink};
use crate::source::resolve;
use crate::workspace::{ArtifactView, Workspace};

/// The rule.
pub static RULE: Rule = Rule {
    name: "link-broken",
    summary: "a link or image leads to no file of the SMS",
    docs: include_str!("link_broken.md"),
    level: ERROR,
    clauses: &["7.5.3.1"],
    since: "0.1.0",
    requirements: &[47],
    options: &[],
    check: Check::Workspace(check),
};

/// Paths that a broken link may have meant.
struct Known<'a> {
    ws: &'a Workspace,
    /// By file name, in small letters; empty until the first broken link.
    by_name: HashMap<String, Vec<&'a str>>,
    same_name: HashMap<String, Names<'a>>,
    /// Names of files by folder, with `/` at its end.
    by_folder: HashMap<String, Names<'a>>,
}

fn check(ctx: &Ctx<'_>, out: &mut Sink) {
    let mut known = Known { ws: ctx.ws, by_name: HashMap::new(), same_name: HashMap::new(), by_folder: HashMap::new() };
    let mut hidden = 0;
    for (from, document) in links::documents(ctx.ws) {
        for link in &document.body.links {
            let problem = match links::target(from, &link.target) {
                Target::Outside => outside(ctx.ws, from, link),
                Target::Inside { path, .. } if links::exists(ctx.ws, &path) => continue,
                Target::Inside { path, .. } if links::hidden(&path) => {
                    hidden += 1;
                    continue;
                }
                Target::Inside { path, .. } => missing(&mut known, from, link, &path),
                Target::Elsewhere => continue,
            };
            let subject = ctx.ws.artifact_at(from).map(ArtifactView::id).unwrap_or_default();
            out.report(problem.subject(subject));
        }
    }
    if hidden > 0 {
        out.not_evaluated("links to hidden files and folders (`.name`) are not followed, because these are not listed");
    }
}

impl Known<'_> {
    /// A file of that name in another folder, else one of a similar name in the same folder.
    fn near(&mut self, path: &str) -> Option<String> {
        if self.by_name.is_empty() {
            self.by_name = by_name(self.ws);
        }
        let name = file_name(path);
        let key = name.to_lowercase();
        if let Some(same) = self.by_name.get(&key) {
            let names = self.same_name.entry(key).or_insert_with(|| Names::new(same.iter().copied()));
            return names.nearest(path).or(same.first().copied()).map(str::to_owned);
        }
        let folder = path.get(..path.len() - name.len())?;
        let within = || links::from(self.ws, folder).map_while(|p| p.strip_prefix(folder)).filter(|p| !p.contains('/'));
        let names = self.by_folder.entry(folder.to_owned()).or_insert_with(|| Names::new(within()));
        names.nearest(name).map(|found| format!("{folder}{found}"))
    }
}

fn by_name(ws: &Workspace) -> HashMap<String, Vec<&str>> {
    let mut out: HashMap<String, Vec<&str>> = HashMap::new();
    for path in &ws.paths {
        out.entry(file_name(path).to_lowercase()).or_default().push(path);
    }
    out
}

fn file_name(path: &str) -> &str {
    path.rsplit('/').next().unwrap_or(path)
}

fn missing(known: &mut Known<'_>, from: &str, link: &Link, path: &str) -> Problem {
    let what = if link.image { "image" } else { "link" };
    let message = format!("the {what} `{}` leads to no file of the SMS", link.target);
    let help = match known.near(path) {
        Some(meant) => format!("Did you mean `{}`?", links::relative(from, &meant)),
        None => "Write the path as seen from this file, add what is missing, or delete the link.".to_owned(),
    };
    RULE.problem(link.span, message).help(help)
}

fn outside(ws: &Workspace, from: &str, link: &Link) -> Problem {
    let message = format!("the link `{}` leads out of the SMS", link.target);
    let slashes = link.target.split('#').next().unwrap_or_default().replace('\\', "/");
    let meant = match slashes.strip_prefix('/') {
        Some(from_root) => resolve("", from_root),
        None => resolve(from, &slashes),
    };
    let help = match meant.filter(|path| !path.is_empty() && links::exists(ws, path)) {
        Some(path) => format!("Did you mean `{}`?", links::relative(from, &path)),
        None => {
            "Who has only the SMS cannot follow it. Bring what is meant into the SMS, or give its address on the web \
                 (`https://…`)."
                .to_owned()
        }
    };
    RULE.problem(link.span, message).help(help)
}

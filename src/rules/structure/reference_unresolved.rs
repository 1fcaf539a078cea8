//! `reference-unresolved`: an id, clause or toolkit entry that does not exist.

use std::collections::HashMap;

use crate::finding::{Names, Problem};
use crate::rules::{Check, Ctx, ERROR, Rule, Sink};
use crate::workspace::{Reference, Workspace};

/// The rule.
pub static RULE: Rule = Rule {
    name: "reference-unresolved",
    summary: "a reference names something that does not exist",
    docs: include_str!("reference_unresolved.md"),
    level: ERROR,
    clauses: &["7.5.3.2"],
    since: "0.1.0",
    requirements: &[23, 47],
    options: &[],
    check: Check::Workspace(check),
};

/// The names that references may mean.
struct Known<'a> {
    entities: Entities<'a>,
    clauses: Names<'a>,
    toolkit: Names<'a>,
}

/// Ids of entities, by the types that a reference accepts.
pub(super) struct Entities<'a> {
    ws: &'a Workspace,
    by_types: HashMap<&'a [String], Names<'a>>,
}

impl<'a> Entities<'a> {
    pub(super) fn new(ws: &'a Workspace) -> Self {
        Self { ws, by_types: HashMap::new() }
    }

    /// The id that a misspelt reference may have meant.
    pub(super) fn nearest(&mut self, reference: &'a Reference) -> Option<&'a str> {
        let names = || Names::new(self.ws.ids_of(&reference.accepts));
        self.by_types.entry(&reference.accepts).or_insert_with(names).nearest(&reference.to)
    }
}

fn check(ctx: &Ctx<'_>, out: &mut Sink) {
    let mut known = Known {
        entities: Entities::new(ctx.ws),
        clauses: Names::new(ctx.catalog.clauses().iter().map(|c| c.id.as_str())),
        toolkit: Names::new(ctx.catalog.entries().iter().map(|e| e.id.as_str())),
    };
    for reference in ctx.ws.references.iter().filter(|r| r.target.is_none()) {
        let found = match reference.accepts.first().map(String::as_str) {
            Some("clause") => clause(ctx, reference, &mut known.clauses),
            Some("toolkit-entry") => toolkit_entry(ctx, reference, &mut known.toolkit),
            _ => entity(ctx, reference, &mut known.entities),
        };
        if let Some(problem) = found {
            out.report(problem.subject(ctx.ws.entity_at(reference.from).id()));
        }
    }
}

fn entity<'a>(ctx: &Ctx<'a>, reference: &'a Reference, known: &mut Entities<'a>) -> Option<Problem> {
    // The id stands in a file whose front matter is broken: that is the finding, not this.
    if ctx.ws.phantoms.contains(&reference.to) {
        return None;
    }
    let what = wanted(&reference.accepts);
    let message = format!("`{}` names no {what} of this SMS", reference.to);
    let near = known.nearest(reference);
    let help = match near {
        // Numbers that follow each other are alike and mean different things.
        Some(id) if same_but_numbers(id, &reference.to) => format!(
            "Did you mean `{id}`? If not, write the id of another {what} (`smsctl list` shows all ids), or add the {what} first."
        ),
        Some(id) => format!("Did you mean `{id}`?"),
        None => format!("Write the id of an existing {what} (`smsctl list` shows all ids), or add the {what} first."),
    };
    let problem = RULE.problem(reference.span, message).help(help);
    Some(match near.and_then(|id| ctx.ws.entity(id)) {
        Some(entity) => problem.related(entity.span(), format!("`{}` is defined here", entity.id())),
        None => problem,
    })
}

fn same_but_numbers(a: &str, b: &str) -> bool {
    let letters = |text: &str| text.chars().filter(|c| !c.is_ascii_digit()).collect::<String>();
    letters(a) == letters(b)
}

/// `role`, `supplier or role`, `artifact of kind context`.
pub(super) fn wanted(accepts: &[String]) -> String {
    let words = accepts.iter().map(|a| match a.strip_prefix("artifact:") {
        Some(kind) => format!("artifact of kind {kind}"),
        None if a == "any" => "entity".to_owned(),
        None => a.replace('-', " "),
    });
    let words: Vec<String> = words.collect();
    match words.as_slice() {
        [] => String::new(),
        [one] => one.clone(),
        [first @ .., last] => format!("{} or {last}", first.join(", ")),
    }
}

fn clause(ctx: &Ctx<'_>, reference: &Reference, known: &mut Names<'_>) -> Option<Problem> {
    if ctx.catalog.clause(&reference.to).is_some() {
        return None;
    }
    let near = known.did_you_mean(&reference.to);
    let message = format!("`{}` is no clause of {}", reference.to, ctx.ws.config.standard);
    let help = format!(
        "{near} The requirements are clauses 4 to 10 (`smsctl explain 5.2.1` shows one); a clause of another standard is written \
         with its name, such as `iso-22301:8.4`, and its tree is named under `[catalog.clauses]`."
    );
    Some(RULE.problem(reference.span, message).help(help.trim_start()))
}

fn toolkit_entry(ctx: &Ctx<'_>, reference: &Reference, known: &mut Names<'_>) -> Option<Problem> {
    if ctx.catalog.entry(&reference.to).is_some() {
        return None;
    }
    let near = known.did_you_mean(&reference.to);
    let message = format!("`{}` is no entry of the toolkit", reference.to);
    let help =
        format!("{near} `smsctl new --list` shows all entries; leave the field out when the document grew from none.");
    Some(RULE.problem(reference.span, message).help(help.trim_start()))
}

//! `working-instruction`: steps, commands and names of tools in a policy.

use std::collections::BTreeMap;

use super::text::{is_policy, limit};
use crate::catalog::Lexicon;
use crate::document::{Block, BlockKind};
use crate::rules::words::lexicon;
use crate::rules::{Check, Ctx, Rule, RuleOption, Sink, WARNING};
use crate::source::Span;
use crate::workspace::{ArtifactView, EntityView};

/// The rule.
pub static RULE: Rule = Rule {
    name: "working-instruction",
    summary: "the service management policy holds a working instruction",
    docs: include_str!("working_instruction.md"),
    level: WARNING,
    clauses: &["5.2.1"],
    since: "0.1.0",
    requirements: &[8],
    options: &[RuleOption {
        name: "steps",
        default: 5,
        about: "a numbered list with more steps than this is an instruction",
    }],
    check: Check::Artifact(check),
};

fn check(ctx: &Ctx<'_>, policy: ArtifactView<'_>, out: &mut Sink) {
    if !is_policy(policy) {
        return;
    }
    let code = policy.document().body.blocks.iter().filter(|b| b.kind == BlockKind::Code && !is_diagram(policy, b));
    for block in code {
        report(policy, block.span, "a block of commands or code", out);
    }
    let Some(words) = lexicon(ctx, policy, "instruction-words", out) else { return };
    for (span, steps) in step_lists(policy, words).into_iter().filter(|(_, n)| *n > limit(ctx, &RULE, "steps")) {
        report(policy, span, &format!("a list of {steps} steps"), out);
    }
    terms(policy, words, out);
    let pictures = policy.document().body.links.iter().filter(|l| l.image);
    for picture in pictures.filter(|l| words.has("instruction-words", &l.target.replace(['-', '_', '/', '.'], " "))) {
        report(policy, picture.span, "a screenshot", out);
    }
}

fn report(policy: ArtifactView<'_>, span: Span, what: &str, out: &mut Sink) {
    let problem = RULE.problem(span, format!("{what} belongs in a working instruction")).subject(policy.id());
    out.report(
        problem.help(
            "Move it to a procedure and link that from here. A policy says what has to be reached, and for whom.",
        ),
    );
}

/// A drawing in text form is no command.
fn is_diagram(policy: ArtifactView<'_>, block: &Block) -> bool {
    let before = policy.text().get(..block.span.start as usize).unwrap_or_default();
    let fence = before.lines().next_back().unwrap_or_default().trim_start_matches(['`', '~', ' ']);
    ["mermaid", "plantuml", "dot", "graphviz"].contains(&fence.trim())
}

/// Numbered lists in which every entry tells somebody to do something: the first entry, and how many there are.
fn step_lists(policy: ArtifactView<'_>, words: &Lexicon) -> Vec<(Span, usize)> {
    let mut lists: BTreeMap<u32, (Span, usize, bool)> = BTreeMap::new();
    for block in policy.document().body.blocks.iter().filter(|b| !b.quoted) {
        if let BlockKind::Item { ordered: true, list } = block.kind {
            let (_, count, all) = lists.entry(list).or_insert((block.span, 0, true));
            *count += 1;
            *all &= is_imperative(&policy.plain(block.span, false).text, words);
        }
    }
    lists.into_values().filter(|(_, _, all)| *all).map(|(span, count, _)| (span, count)).collect()
}

fn is_imperative(item: &str, words: &Lexicon) -> bool {
    let first = item.split(|c: char| !c.is_alphanumeric()).find(|w| !w.is_empty()).unwrap_or_default();
    words.words("imperatives").iter().any(|w| w.eq_ignore_ascii_case(first))
}

/// The first telling word of each block, unless it is part of a service's name.
fn terms(policy: ArtifactView<'_>, words: &Lexicon, out: &mut Sink) {
    let services: Vec<&str> = policy.ws.of_type("service").map(EntityView::label).collect();
    let is_service = |word: &str| services.iter().any(|s| s.to_lowercase().contains(&word.to_lowercase()));
    let blocks = policy.document().body.blocks.iter();
    for block in blocks.filter(|b| !b.quoted && !matches!(b.kind, BlockKind::Code | BlockKind::Heading)) {
        let prose = policy.plain(block.span, true);
        let lists = ["instruction-words", "tool-products"];
        let hits = lists.into_iter().flat_map(|list| words.hits(list, &prose.text)).filter(|h| !is_service(h.word));
        if let Some(hit) = hits.min_by_key(|h| h.range.start) {
            let found = prose.text.get(hit.range.clone()).unwrap_or(hit.word);
            report(policy, prose.span(hit.range.clone()), &format!("\"{found}\""), out);
        }
    }
}

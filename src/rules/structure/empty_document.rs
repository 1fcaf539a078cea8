//! `empty-document`: a document without text.

use crate::document::BlockKind;
use crate::rules::{Check, Ctx, Rule, RuleOption, Sink, WARNING};
use crate::schema::is_to_do;
use crate::workspace::ArtifactView;

/// The rule.
pub static RULE: Rule = Rule {
    name: "empty-document",
    summary: "a document holds next to no text",
    docs: include_str!("empty_document.md"),
    level: WARNING,
    clauses: &["7.5.2"],
    since: "0.1.0",
    requirements: &[],
    options: &[RuleOption {
        name: "words",
        default: 20,
        about: "A text with fewer words, headings left aside, counts as empty.",
    }],
    check: Check::Artifact(check),
};

fn check(ctx: &Ctx<'_>, artifact: ArtifactView<'_>, out: &mut Sink) {
    // What still has to be filled in is said by `to-do`.
    if is_empty(ctx, artifact) && !is_to_do(artifact.text()) {
        let least = ctx.number(&RULE, "words");
        let message = format!("`{}` holds fewer than {least} words", artifact.id());
        let problem = RULE.problem(artifact.span(), message).subject(artifact.id());
        out.report(problem.help(
            "Write down what holds in your organization, or delete the document until there is something to say.",
        ));
    }
}

/// Registers and records say what they have to say in their fields.
pub(super) fn is_empty(ctx: &Ctx<'_>, artifact: ArtifactView<'_>) -> bool {
    let fields = artifact.kind() == "register" || artifact.front().get("entry").is_some();
    let body = &artifact.document().body;
    if fields || !artifact.is_current() || body.links.iter().any(|l| l.image) {
        return false;
    }
    let least = usize::try_from(ctx.number(&RULE, "words")).unwrap_or(0);
    let text = artifact.text();
    let blocks = body.blocks.iter().filter(|b| b.kind != BlockKind::Heading);
    let words = blocks.flat_map(|b| text.get(b.span.range()).unwrap_or_default().split_whitespace());
    words.filter(|w| w.contains(char::is_alphanumeric)).take(least).count() < least
}

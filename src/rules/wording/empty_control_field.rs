//! `empty-control-field`: a line for a control field, with nothing in it.

use super::leftovers::{candidates, holds_blanks};
use crate::document::BlockKind;
use crate::rules::{Check, Ctx, ERROR_ONCE_APPROVED, Rule, Sink};
use crate::source::Span;
use crate::workspace::ArtifactView;

/// The rule.
pub static RULE: Rule = Rule {
    name: "empty-control-field",
    summary: "a control field in the text of a document is empty",
    docs: include_str!("empty_control_field.md"),
    level: ERROR_ONCE_APPROVED,
    clauses: &["7.5.2"],
    since: "0.1.0",
    requirements: &[94],
    options: &[],
    check: Check::Artifact(check),
};

pub(super) const LIST: &str = "empty-control-field-patterns";

fn check(ctx: &Ctx<'_>, artifact: ArtifactView<'_>, out: &mut Sink) {
    let body = artifact.document().front.body_start();
    let judged = artifact.is_current() && !holds_blanks(artifact);
    let Some(text) = artifact.text().get(body..).filter(|_| judged) else { return };
    let in_body = |places: &[usize]| places.iter().any(|place| *place >= body);
    let suspects = candidates(ctx, artifact, LIST).filter(|(_, places)| in_body(places));
    for found in suspects.flat_map(|(pattern, _)| pattern.find_screened(text)) {
        let written = text.get(found.clone()).unwrap_or_default();
        let label = written.trim_matches(|c: char| !c.is_alphanumeric());
        let start = body + found.start + written.find(label).unwrap_or(0);
        let span = Span::new(artifact.document().file, start, start + label.len());
        if is_code(artifact, span) || continues(text.get(found.end..).unwrap_or_default()) {
            continue;
        }
        let problem = RULE.problem(span, format!("the control field \"{label}\" is empty"));
        out.report(problem.subject(artifact.id()).help(
            "Delete the line: number, version, owner and approvers stand in the front matter, and who approved it and when \
             comes from Git.",
        ));
    }
}

fn is_code(artifact: ArtifactView<'_>, span: Span) -> bool {
    let mut code = artifact.document().body.blocks.iter().filter(|b| b.kind == BlockKind::Code);
    code.any(|b| b.span.start <= span.start && span.end <= b.span.end)
}

/// Whether the next line holds the value: text that is neither another label nor a row of a table.
fn continues(rest: &str) -> bool {
    let next = rest.strip_prefix("\r\n").or_else(|| rest.strip_prefix('\n')).and_then(|r| r.lines().next());
    next.is_some_and(|line| !line.trim().is_empty() && !line.contains([':', '|']) && !line.starts_with('#'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_value_may_stand_on_the_next_line() {
        assert!(continues("\nJane Doe\n"));
        assert!(!continues("\n\nJane Doe\n") && !continues("\nREVIEWED BY:\n"));
        assert!(!continues("\n| a | b |") && !continues(""));
    }
}

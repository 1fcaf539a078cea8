//! `content-changed`: an approved document was changed since it was approved.

use super::first_change::first_change;
use super::words;
use crate::rules::{Check, Ctx, ERROR, Rule, Sink};
use crate::trust::{ApprovedVersion, Judged, Verdict};
use crate::workspace::ArtifactView;

/// The rule.
pub static RULE: Rule = Rule {
    name: "content-changed",
    summary: "an approved document was changed since it was approved",
    docs: include_str!("content_changed.md"),
    level: ERROR,
    clauses: &["5.2.1", "7.5.2", "7.5.3.2"],
    since: "0.1.0",
    requirements: &[30],
    options: &[],
    check: Check::Judged(check),
};

fn check(ctx: &Ctx<'_>, judged: &Judged, out: &mut Sink) {
    for standing in ctx.claims_of_approval() {
        let Verdict::Changed(version) = &standing.verdict else { continue };
        // A second approval of the same number is refused; that refusal says it all.
        if standing.refused.iter().any(|a| a.statement.digest == standing.digest) {
            continue;
        }
        let (artifact, id) = (standing.view(ctx.ws), &standing.control.id);
        let (span, change) = place(artifact, version);
        let message = format!("{id} changed since {}{change}", words::approved(judged, version));
        let back = ctx.record.and_then(|r| super::commit_at(r, version.position)).map_or(String::new(), |commit| {
            format!(" The approved text is in commit {}.", commit.chars().take(10).collect::<String>())
        });
        let help = format!("Raise `version` and run `smsctl approve {id}`, or bring the approved text back.{back}");
        out.report(RULE.problem(span, message).subject(id).help(help));
    }
}

fn place(artifact: ArtifactView<'_>, version: &ApprovedVersion) -> (crate::source::Span, String) {
    let Some(text) = version.text.as_deref() else { return (artifact.span_of("version"), String::new()) };
    let (span, words) = first_change(text, artifact.text(), artifact.document().file);
    (span, format!(": {words}"))
}
